/** Key files: the frozen format, and every way in which one must not open. scrypt makes each passphrase cost 0.3 s. */
import assert from 'node:assert/strict';
import { createDecipheriv, scryptSync } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes, fromHex, uint32Bytes, utf8 } from '../../../core/bytes/bytes.ts';
import { sha256 } from '../../../core/crypto/hash.ts';
import {
  inspectKeyFile,
  openKeyFile,
  sealKeyFile,
  type KeyFilePlace,
  type KeyFileProtection,
} from '../../../core/crypto/key-file.ts';
import { systemRandom } from '../../../core/crypto/random.ts';
import vectors from '../../vectors/key-file.json' with { type: 'json' };

const place: KeyFilePlace = { row: vectors.row, purpose: vectors.purpose };
const secret = fromHex(vectors.secret);
const passphrase: KeyFileProtection = { kind: 'passphrase', passphrase: vectors.passphrase };
const wrappingKey: KeyFileProtection = { kind: 'wrapping-key', key: fromHex(vectors.wrappingKey) };
const passphraseFile = fromHex(vectors.passphraseFile);
const wrappingKeyFile = fromHex(vectors.wrappingKeyFile);

/** Where each part of a file starts; the last entry is its end. */
const layout = {
  magic: 0,
  version: 4,
  protection: 5,
  salt: 6,
  nonce: 22,
  sealed: 34,
  tag: 34 + secret.length,
  digest: 50 + secret.length,
};

function placeBytes({ purpose, row }: KeyFilePlace): Uint8Array<ArrayBuffer> {
  const parts = [utf8(purpose), utf8(row)];
  return concatBytes(...parts.flatMap((part) => [uint32Bytes(part.length), part]));
}

/** The file with its digest made to fit again: what someone does who alters it on purpose. */
function withDigest(file: Uint8Array, where = place): Uint8Array<ArrayBuffer> {
  const body = file.subarray(0, -32);
  return concatBytes(body, sha256(body, placeBytes(where)));
}

test('openKeyFile() opens what version 1 wrote, by passphrase and by wrapping key', async () => {
  assert.deepEqual(await openKeyFile(passphraseFile, passphrase, place), { secret });
  assert.deepEqual(await openKeyFile(wrappingKeyFile, wrappingKey, place), { secret });
});

test('sealKeyFile(): a key file opens with scrypt N = 2^17, r = 8, p = 1 and AES-256-GCM, by its table alone', () => {
  const key = scryptSync(vectors.passphrase, passphraseFile.subarray(layout.salt, layout.nonce), 32, {
    N: 131_072,
    r: 8,
    p: 1,
    maxmem: 2 ** 28,
  });
  const nonce = passphraseFile.subarray(layout.nonce, layout.sealed);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce);
  decipher.setAAD(concatBytes(passphraseFile.subarray(0, layout.sealed), placeBytes(place)));
  decipher.setAuthTag(passphraseFile.subarray(layout.tag, layout.digest));
  const opened = concatBytes(
    decipher.update(passphraseFile.subarray(layout.sealed, layout.tag)),
    decipher.final(),
  );
  assert.deepEqual(opened, secret);
});

test('sealKeyFile() and openKeyFile() round-trip secrets of any length', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 3000 }),
      fc.string(),
      fc.string(),
      async (bytes, row, purpose) => {
        const file = await sealKeyFile(bytes, wrappingKey, { row, purpose }, systemRandom);
        assert.deepEqual(await openKeyFile(file, wrappingKey, { row, purpose }), {
          secret: Uint8Array.from(bytes),
        });
      },
    ),
    { numRuns: 50 },
  );
});

test('sealKeyFile() never gives the same bytes twice: salt, nonce and key are fresh', async () => {
  const first = await sealKeyFile(secret, wrappingKey, place, systemRandom);
  const second = await sealKeyFile(secret, wrappingKey, place, systemRandom);
  for (const [from, to] of [
    [layout.salt, layout.nonce],
    [layout.nonce, layout.sealed],
    [layout.sealed, layout.tag],
  ] as const) {
    assert.notDeepEqual(first.subarray(from, to), second.subarray(from, to));
  }
});

test('openKeyFile() takes a passphrase in either Unicode form', async () => {
  const decomposed: KeyFileProtection = {
    kind: 'passphrase',
    passphrase: vectors.passphrase.normalize('NFD'),
  };
  assert.notEqual(decomposed.passphrase, vectors.passphrase);
  assert.deepEqual(await openKeyFile(passphraseFile, decomposed, place), { secret });
});

test('openKeyFile() tells a wrong passphrase or wrapping key from a damaged file', async () => {
  const wrongPassphrase: KeyFileProtection = { kind: 'passphrase', passphrase: `${vectors.passphrase} ` };
  assert.deepEqual(await openKeyFile(passphraseFile, wrongPassphrase, place), { refused: 'not-authentic' });
  const wrongKey: KeyFileProtection = { kind: 'wrapping-key', key: new Uint8Array(32) };
  assert.deepEqual(await openKeyFile(wrappingKeyFile, wrongKey, place), { refused: 'not-authentic' });
});

test('openKeyFile() says which protection a file has, when offered the other', async () => {
  assert.deepEqual(await openKeyFile(passphraseFile, wrappingKey, place), {
    refused: 'other-protection',
    protection: 'passphrase',
  });
  assert.deepEqual(await openKeyFile(wrappingKeyFile, passphrase, place), {
    refused: 'other-protection',
    protection: 'wrapping-key',
  });
});

test('openKeyFile() finds any altered byte, before any passphrase is tried', async () => {
  for (let index = 0; index < wrappingKeyFile.length; index += 1) {
    const altered = wrappingKeyFile.with(index, wrappingKeyFile[index]! ^ (1 << (index % 8)));
    const opened = await openKeyFile(altered, wrappingKey, place);
    const expected = index === layout.version ? ['too-new', 'damaged'] : ['damaged'];
    assert.ok('refused' in opened && expected.includes(opened.refused), `byte ${index}`);
  }
});

test('openKeyFile() opens nothing altered on purpose, digest corrected: header, ciphertext and tag are authenticated', async () => {
  for (let index = layout.salt; index < layout.digest; index += 1) {
    const altered = withDigest(wrappingKeyFile.with(index, wrappingKeyFile[index]! ^ (1 << (index % 8))));
    assert.deepEqual(
      await openKeyFile(altered, wrappingKey, place),
      { refused: 'not-authentic' },
      `byte ${index}`,
    );
  }
  const renamed = withDigest(wrappingKeyFile.with(layout.protection, 1));
  assert.deepEqual(await openKeyFile(renamed, passphrase, place), { refused: 'not-authentic' });
  const unknown = await openKeyFile(
    withDigest(wrappingKeyFile.with(layout.protection, 3)),
    wrappingKey,
    place,
  );
  assert.equal('refused' in unknown && unknown.refused, 'damaged');
});

test('openKeyFile() opens no file in another place: row and purpose are authenticated', async () => {
  const others: KeyFilePlace[] = [
    { ...place, row: 'row 8' },
    { ...place, purpose: 'other' },
    // the same letters, divided differently
    { purpose: `${place.purpose}r`, row: place.row.slice(1) },
    { purpose: place.row, row: place.purpose },
  ];
  for (const other of others) {
    const moved = await openKeyFile(wrappingKeyFile, wrappingKey, other);
    assert.equal('refused' in moved && moved.refused, 'damaged');
    assert.deepEqual(await openKeyFile(withDigest(wrappingKeyFile, other), wrappingKey, other), {
      refused: 'not-authentic',
    });
  }
});

test('openKeyFile() refuses files cut short or lengthened, wherever', async () => {
  for (let length = 0; length < wrappingKeyFile.length; length += 1) {
    const opened = await openKeyFile(wrappingKeyFile.subarray(0, length), wrappingKey, place);
    assert.equal('refused' in opened && opened.refused, 'damaged', `${length} bytes`);
  }
  const longer = await openKeyFile(concatBytes(wrappingKeyFile, Uint8Array.of(0)), wrappingKey, place);
  assert.equal('refused' in longer && longer.refused, 'damaged');
});

test('inspectKeyFile() refuses newer versions by number, whatever follows', () => {
  assert.deepEqual(inspectKeyFile(wrappingKeyFile, place), { protection: 'wrapping-key' });
  assert.deepEqual(inspectKeyFile(passphraseFile, place), { protection: 'passphrase' });
  assert.deepEqual(inspectKeyFile(wrappingKeyFile.with(layout.version, 2), place), {
    refused: 'too-new',
    version: 2,
  });
  assert.deepEqual(inspectKeyFile(wrappingKeyFile.slice(0, 5).with(layout.version, 255), place), {
    refused: 'too-new',
    version: 255,
  });
  const zero = inspectKeyFile(withDigest(wrappingKeyFile.with(layout.version, 0)), place);
  assert.equal('refused' in zero && zero.refused, 'damaged');
});

test('sealKeyFile() refuses an empty passphrase and a wrapping key of another length', async () => {
  const empty: KeyFileProtection = { kind: 'passphrase', passphrase: '' };
  await assert.rejects(sealKeyFile(secret, empty, place, systemRandom), RangeError);
  const short: KeyFileProtection = { kind: 'wrapping-key', key: new Uint8Array(31) };
  await assert.rejects(sealKeyFile(secret, short, place, systemRandom), RangeError);
});
