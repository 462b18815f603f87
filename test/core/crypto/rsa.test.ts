/** Identities and RSA-PSS, against own frozen cases made with the openssl command line (test/vectors/rsa-pss.json). */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes, fromHex, utf8 } from '../../../core/bytes/bytes.ts';
import {
  exportPrivateKey,
  generateIdentity,
  importIdentity,
  importPublicIdentity,
  signPss,
  verifyPss,
} from '../../../core/crypto/rsa.ts';
import { FederationError } from '../../../core/errors/federation-error.ts';
import vectors from '../../vectors/rsa-pss.json' with { type: 'json' };

const message = fromHex(vectors.message);
const identity = await generateIdentity(2048);

function vectorKey(name: string): Uint8Array<ArrayBuffer> {
  const found = vectors.keys.find((key) => key.name === name);
  assert.ok(found, name);
  return fromHex(found.spki);
}

function assertRefused(spki: Uint8Array, reason?: RegExp): void {
  assert.throws(
    () => importPublicIdentity(spki),
    (error) =>
      error instanceof FederationError &&
      error.code === 'identity-key-refused' &&
      (reason === undefined || reason.test(error.message)),
  );
}

for (const { name, bits, accepted, spki } of vectors.keys) {
  test(`importPublicIdentity() ${accepted ? 'accepts' : 'refuses'} a key of openssl: ${name}`, () => {
    if (!accepted) {
      assertRefused(fromHex(spki));
      return;
    }
    const imported = importPublicIdentity(fromHex(spki));
    assert.equal(imported.bits, bits);
    assert.deepEqual(imported.spki, fromHex(spki));
  });
}

for (const { name, key, accepted, signature } of vectors.signatures) {
  test(`verifyPss() ${accepted ? 'accepts' : 'refuses'} a signature of openssl: ${name}`, () => {
    assert.equal(verifyPss(importPublicIdentity(vectorKey(key)), fromHex(signature), message), accepted);
  });
}

test('verifyPss() refuses a signature or message with any byte altered', () => {
  const key = importPublicIdentity(vectorKey('2048'));
  const signature = fromHex(vectors.signatures[0]!.signature);
  assert.ok(verifyPss(key, signature, message));
  for (let index = 0; index < signature.length; index += 1) {
    const altered = signature.with(index, signature[index]! ^ (1 << (index % 8)));
    assert.equal(verifyPss(key, altered, message), false, `signature, byte ${index}`);
  }
  for (let index = 0; index < message.length; index += 1) {
    const altered = message.with(index, message[index]! ^ (1 << (index % 8)));
    assert.equal(verifyPss(key, signature, altered), false, `message, byte ${index}`);
  }
});

test('verifyPss() is false, never an exception, for signatures of any length and content', () => {
  const { publicKey } = identity;
  for (const length of [0, 1, 255, 257, 512, 10_000]) {
    assert.equal(verifyPss(publicKey, new Uint8Array(length), message), false);
  }
  // numbers not below the modulus, and the fixed points of RSA
  const fixed = [new Uint8Array(256), new Uint8Array(256).with(255, 1), new Uint8Array(256).fill(255)];
  for (const signature of fixed) assert.equal(verifyPss(publicKey, signature, message), false);
  const signature = signPss(identity, message);
  assert.equal(verifyPss(publicKey, concatBytes(Uint8Array.of(0), signature), message), false);
  assert.equal(verifyPss(publicKey, signature.subarray(0, 255), message), false);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assert.equal(verifyPss(publicKey, bytes, message), false);
    }),
  );
});

test('signPss(), verifyPss() treat parts as their concatenation', () => {
  const signature = signPss(identity, utf8('ab'), utf8(''), utf8('c'));
  assert.equal(signature.length, 256);
  assert.ok(verifyPss(identity.publicKey, signature, utf8('abc')));
  assert.ok(verifyPss(identity.publicKey, signature, utf8('a'), utf8('bc')));
  assert.equal(verifyPss(identity.publicKey, signature, utf8('ab')), false);
});

test('signPss() draws a fresh salt every time', () => {
  assert.notDeepEqual(signPss(identity, message), signPss(identity, message));
});

test("verifyPss() refuses another identity's signature", async () => {
  const other = await generateIdentity(2048);
  assert.equal(verifyPss(other.publicKey, signPss(identity, message), message), false);
});

test('generateIdentity() makes 3072 bits too', async () => {
  const { publicKey, privateKey } = await generateIdentity(3072);
  assert.equal(publicKey.bits, 3072);
  assert.ok(verifyPss(publicKey, signPss({ publicKey, privateKey }, message), message));
});

test('importIdentity() brings back what exportPrivateKey() wrote', () => {
  const again = importIdentity(exportPrivateKey(identity));
  assert.deepEqual(again.publicKey.spki, identity.publicKey.spki);
  assert.ok(verifyPss(identity.publicKey, signPss(again, message), message));
});

test('importIdentity() refuses what is not an RSA private key, by its error', () => {
  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
  for (const { privateKey } of [elliptic, short]) {
    const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
    assert.throws(() => importIdentity(pkcs8), { code: 'identity-key-refused' });
  }
  assert.throws(() => importIdentity(new Uint8Array(10)), { code: 'identity-key-refused' });
});

// One key, many encodings: DER that a lenient parser would take, and we would not write.

function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = concatBytes(...content);
  const length =
    body.length < 128
      ? [body.length]
      : body.length < 256
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 255];
  return concatBytes(Uint8Array.of(tag, ...length), body);
}

const RSA_ENCRYPTION = fromHex('06092a864886f70d010101');
const NULL = fromHex('0500');
const EXPONENT_65537 = fromHex('0203010001');

/** An SPKI from its parts; with the defaults, the canonical one of the key. */
function spkiOf(parts: {
  modulus: Uint8Array;
  exponent?: Uint8Array;
  parameters?: Uint8Array;
  unusedBits?: number;
}): Uint8Array<ArrayBuffer> {
  const { modulus, exponent = EXPONENT_65537, parameters = NULL, unusedBits = 0 } = parts;
  const rsaPublicKey = der(0x30, der(0x02, modulus), exponent);
  return der(0x30, der(0x30, RSA_ENCRYPTION, parameters), der(0x03, Uint8Array.of(unusedBits), rsaPublicKey));
}

/** Of the frozen 2048-bit key: 257 bytes, the first of them 0. */
const modulus = vectorKey('2048').slice(-5 - 257, -5);

test('importPublicIdentity() takes the canonical encoding, built by hand', () => {
  assert.deepEqual(spkiOf({ modulus }), vectorKey('2048'));
  assert.equal(importPublicIdentity(spkiOf({ modulus })).bits, 2048);
});

test('importPublicIdentity() refuses every other encoding of the same key', () => {
  const canonical = spkiOf({ modulus });
  const longLength = concatBytes(
    Uint8Array.of(0x30, 0x83, 0, canonical[2]!, canonical[3]!),
    canonical.subarray(4),
  );
  const encodings = {
    'a length with a leading zero': longLength,
    'a byte after the end': concatBytes(canonical, Uint8Array.of(0)),
    'no parameters': spkiOf({ modulus, parameters: new Uint8Array(0) }),
    'a modulus with two leading zeros': spkiOf({ modulus: concatBytes(Uint8Array.of(0), modulus) }),
    'an exponent with a leading zero': spkiOf({ modulus, exponent: fromHex('020400010001') }),
    'an indefinite length': concatBytes(
      Uint8Array.of(0x30, 0x80),
      canonical.subarray(4),
      Uint8Array.of(0, 0),
    ),
    'the PKCS #1 key alone': der(0x30, der(0x02, modulus), EXPONENT_65537),
    PEM: utf8(
      `-----BEGIN PUBLIC KEY-----\n${Buffer.from(canonical).toString('base64')}\n-----END PUBLIC KEY-----\n`,
    ),
  };
  for (const [name, encoding] of Object.entries(encodings)) {
    assert.throws(() => importPublicIdentity(encoding), { code: 'identity-key-refused' }, name);
  }
});

test('importPublicIdentity() refuses exponents other than 65537', () => {
  for (const exponent of ['020101', '020103', '020111', '0203010003', '0204010000ff', '020500ffffffff']) {
    assertRefused(spkiOf({ modulus, exponent: fromHex(exponent) }), /exponent|parsed/);
  }
});

test('importPublicIdentity() refuses even and negative moduli', () => {
  assertRefused(spkiOf({ modulus: modulus.with(256, modulus[256]! & 0xfe) }), /odd|parsed/);
  assertRefused(spkiOf({ modulus: modulus.subarray(1) }));
});

test('importPublicIdentity() refuses more than 4096 bits without parsing what is long', () => {
  assertRefused(spkiOf({ modulus: new Uint8Array(514).fill(0xff, 1) }), /4096/);
  assertRefused(spkiOf({ modulus: new Uint8Array(2000).fill(0xff, 1) }), /1024 bytes/);
});

test('importPublicIdentity() gives typed errors only, whatever byte is altered or cut', () => {
  const canonical = vectorKey('2048');
  const imports = (spki: Uint8Array): void => {
    try {
      // an altered modulus is another key; it stands for itself
      assert.deepEqual(importPublicIdentity(spki).spki, Uint8Array.from(spki));
    } catch (error) {
      assert.ok(error instanceof FederationError && error.code === 'identity-key-refused', String(error));
    }
  };
  fc.assert(
    fc.property(fc.nat({ max: canonical.length - 1 }), fc.nat({ max: 255 }), (index, byte) => {
      imports(canonical.with(index, byte));
      imports(canonical.subarray(0, index));
    }),
    { numRuns: 300 },
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 1100 }), imports));
});
