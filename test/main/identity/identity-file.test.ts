/** Identity files on a real disk: made, read, described; every way of being wrong has its own error. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { utf8 } from '../../../core/bytes/bytes.ts';
import { fingerprint, formatFingerprint } from '../../../core/crypto/fingerprint.ts';
import { signPss, verifyPss } from '../../../core/crypto/rsa.ts';
import { FederationError } from '../../../core/errors/federation-error.ts';
import { createIdentity, describeIdentity, loadIdentity } from '../../../main/identity/identity-file.ts';

const onWindows = process.platform === 'win32';
const passphrase = 'correct horse battery staple';

let folder: string;
/** One identity of each kind, shared by the tests that only read them. */
let withPassphrase: string;
let withKey: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'masquerade-identity-'));
  withPassphrase = join(folder, 'passphrase.json');
  withKey = join(folder, 'key.json');
  await createIdentity({ path: withPassphrase, bits: 2048, protection: { kind: 'passphrase', passphrase } });
  await createIdentity({ path: withKey, bits: 2048, protection: { kind: 'wrapping-key' } });
});

after(() => rm(folder, { recursive: true }));

interface IdentityJson {
  format: string;
  version: number;
  publicKey: string;
  privateKey: string;
}

async function readJson(path: string): Promise<IdentityJson> {
  return JSON.parse(await readFile(path, 'utf8')) as IdentityJson;
}

/** A copy of the identity with a wrapping key, altered; its path. */
async function alteredCopy(name: string, alter: (content: IdentityJson) => unknown): Promise<string> {
  const path = join(folder, `${name}.json`);
  await writeFile(path, JSON.stringify(alter(await readJson(withKey))));
  await writeFile(`${path}.key`, await readFile(`${withKey}.key`));
  return path;
}

test('createIdentity() and loadIdentity() give the same identity, by passphrase', async () => {
  const { identity, description } = await loadIdentity({ path: withPassphrase, passphrase });
  assert.ok(verifyPss(identity.publicKey, signPss(identity, utf8('hello')), utf8('hello')));
  assert.deepEqual(description.protection, { kind: 'passphrase' });
  assert.deepEqual(
    await readdir(folder).then((names) => names.filter((name) => name.startsWith('passphrase'))),
    ['passphrase.json'],
  );
});

test('createIdentity() and loadIdentity() give the same identity, by wrapping key, and say where that lies', async () => {
  const path = join(folder, 'deep', 'er', 'identity.json');
  const created = await createIdentity({ path, bits: 3072, protection: { kind: 'wrapping-key' } });
  const loaded = await loadIdentity({ path });
  assert.deepEqual(loaded.identity.publicKey.spki, created.identity.publicKey.spki);
  assert.ok(verifyPss(created.identity.publicKey, signPss(loaded.identity, utf8('hello')), utf8('hello')));
  assert.deepEqual(loaded.description.protection, { kind: 'wrapping-key', keyPath: `${path}.key` });
  assert.equal(loaded.description.bits, 3072);
  assert.deepEqual((await readdir(join(folder, 'deep', 'er'))).sort(), [
    'identity.json',
    'identity.json.key',
  ]);
});

test('loadIdentity() ignores a passphrase that an identity does not ask for', async () => {
  const { description } = await loadIdentity({ path: withKey, passphrase });
  assert.equal(description.protection.kind, 'wrapping-key');
});

test('createIdentity() writes files that only their owner reads', { skip: onWindows }, async () => {
  for (const path of [withPassphrase, withKey, `${withKey}.key`]) {
    assert.equal((await stat(path)).mode & 0o777, 0o600, path);
  }
});

test('createIdentity() writes neither private key nor passphrase in the open', async () => {
  const { identity } = await loadIdentity({ path: withPassphrase, passphrase });
  const text = await readFile(withPassphrase, 'utf8');
  const { privateKey } = await readJson(withPassphrase);
  const prime = identity.privateKey.export({ format: 'jwk' }).p!;
  assert.ok(!Buffer.from(privateKey, 'base64').includes(Buffer.from(prime, 'base64url')));
  assert.ok(!text.includes(passphrase));
});

test('describeIdentity() tells fingerprint, size and protection without the passphrase', async () => {
  const description = await describeIdentity({ path: withPassphrase });
  const { identity } = await loadIdentity({ path: withPassphrase, passphrase });
  assert.equal(description.fingerprint, formatFingerprint(fingerprint(identity.publicKey.spki)));
  assert.equal(description.bits, 2048);
  assert.equal(description.path, withPassphrase);
  assert.deepEqual(description.protection, { kind: 'passphrase' });
});

test('createIdentity() never overwrites an identity, nor a wrapping key left behind', async () => {
  const before = await readFile(withKey);
  for (const protection of [{ kind: 'wrapping-key' }, { kind: 'passphrase', passphrase }] as const) {
    await assert.rejects(createIdentity({ path: withKey, bits: 2048, protection }), {
      code: 'file-exists',
      details: { path: withKey },
    });
  }
  assert.deepEqual(await readFile(withKey), before);

  const orphan = join(folder, 'orphan.json');
  await writeFile(`${orphan}.key`, 'a key that may open a copy');
  await assert.rejects(createIdentity({ path: orphan, bits: 2048, protection: { kind: 'wrapping-key' } }), {
    code: 'file-exists',
    details: { path: `${orphan}.key` },
  });
  assert.equal(await readFile(`${orphan}.key`, 'utf8'), 'a key that may open a copy');
});

test('createIdentity() does not write through a dangling link', { skip: onWindows }, async () => {
  const link = join(folder, 'link.json');
  await symlink(join(folder, 'nowhere'), link);
  await assert.rejects(
    createIdentity({ path: link, bits: 2048, protection: { kind: 'passphrase', passphrase } }),
    {
      code: 'file-exists',
    },
  );
});

test('createIdentity() under a file instead of a folder leaves nothing behind', async () => {
  const path = join(withKey, 'identity.json');
  await assert.rejects(createIdentity({ path, bits: 2048, protection: { kind: 'wrapping-key' } }), {
    code: 'file-unreadable',
  });
});

test(
  'createIdentity() in a folder that may not be written leaves nothing behind',
  { skip: onWindows },
  async () => {
    const closed = join(folder, 'closed');
    await mkdir(closed);
    await chmod(folder, 0o755);
    await chmod(closed, 0o555);
    await asOrdinaryUser(async () => {
      await assert.rejects(
        createIdentity({
          path: join(closed, 'identity.json'),
          bits: 2048,
          protection: { kind: 'wrapping-key' },
        }),
        { code: 'file-unreadable', message: /this user may not/ },
      );
    });
    assert.deepEqual(await readdir(closed), []);
  },
);

test('loadIdentity(), describeIdentity() say when a file may not be read', { skip: onWindows }, async () => {
  await chmod(folder, 0o755);
  await asOrdinaryUser(async () => {
    const closed = join(folder, 'unreadable.json');
    if (process.geteuid?.() === (await stat(withKey)).uid) {
      await writeFile(closed, '{}', { mode: 0o000 });
      await assert.rejects(describeIdentity({ path: closed }), { code: 'file-unreadable' });
    } else {
      await assert.rejects(describeIdentity({ path: withKey }), { code: 'file-unreadable' });
      await assert.rejects(loadIdentity({ path: withKey }), { code: 'file-unreadable' });
    }
  });
});

/** Permissions bind everyone but root: as root, acts as another user for a while. */
async function asOrdinaryUser(act: () => Promise<void>): Promise<void> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    await act();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

test(
  'createIdentity() takes its wrapping key away again when the identity cannot be written',
  { skip: onWindows },
  async (context) => {
    const path = join(folder, 'half', 'identity.json');
    const renameFile = fs.promises.rename.bind(fs.promises);
    // the wrapping key is written first, then the identity's own rename fails
    context.mock.method(fs.promises, 'rename', async (from: string, to: string) => {
      if (to === path) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      await renameFile(from, to);
    });
    syncBuiltinESMExports();
    await assert.rejects(createIdentity({ path, bits: 2048, protection: { kind: 'wrapping-key' } }), {
      code: 'file-unreadable',
      message: /the disk is full/,
    });
    context.mock.restoreAll();
    syncBuiltinESMExports();
    assert.deepEqual(await readdir(join(folder, 'half')), []);
  },
);

test('loadIdentity() asks for a missing passphrase, and refuses a wrong one', async () => {
  await assert.rejects(loadIdentity({ path: withPassphrase }), { code: 'passphrase-needed', blame: 'user' });
  await assert.rejects(loadIdentity({ path: withPassphrase, passphrase: '' }), { code: 'passphrase-needed' });
  await assert.rejects(loadIdentity({ path: withPassphrase, passphrase: `${passphrase}r` }), {
    code: 'passphrase-wrong',
    blame: 'user',
  });
});

test('loadIdentity() names a file that is missing: the identity, or its wrapping key', async () => {
  const missing = join(folder, 'missing.json');
  await assert.rejects(loadIdentity({ path: missing }), {
    code: 'file-not-found',
    details: { path: missing },
  });
  await assert.rejects(describeIdentity({ path: missing }), { code: 'file-not-found' });
  await assert.rejects(describeIdentity({ path: folder }), { code: 'file-unreadable' });

  const keyless = await alteredCopy('keyless', (content) => content);
  await rm(`${keyless}.key`);
  await assert.rejects(loadIdentity({ path: keyless }), {
    code: 'file-not-found',
    details: { path: `${keyless}.key` },
  });
});

test('loadIdentity() refuses a wrapping key that is damaged, or of another identity, by its path', async () => {
  const path = await alteredCopy('wrong-key', (content) => content);
  for (const key of ['', 'ab', 'g'.repeat(64), '0'.repeat(66), '0'.repeat(64)]) {
    await writeFile(`${path}.key`, key);
    await assert.rejects(
      loadIdentity({ path }),
      (error) =>
        error instanceof FederationError &&
        error.code === 'identity-damaged' &&
        error.message.startsWith(`Cannot use ${path}.key: `),
    );
  }
});

test('loadIdentity(), describeIdentity() refuse a file of a newer version, whatever else it holds', async () => {
  const newer = await alteredCopy('newer', () => ({
    format: 'masquerade-identity',
    version: 2,
    lattice: true,
  }));
  const inside = await alteredCopy('newer-inside', (content) => {
    const privateKey = Buffer.from(content.privateKey, 'base64');
    privateKey[4] = 2;
    return { ...content, privateKey: privateKey.toString('base64') };
  });
  for (const path of [newer, inside]) {
    const details = { path, version: 2, supported: 1 };
    await assert.rejects(loadIdentity({ path }), { code: 'identity-too-new', details });
    await assert.rejects(describeIdentity({ path }), { code: 'identity-too-new', details });
  }
});

test('loadIdentity(), describeIdentity() refuse a file cut short anywhere', async () => {
  const text = await readFile(withKey, 'utf8');
  const path = join(folder, 'cut.json');
  for (let length = 0; length < text.length - 2; length += 97) {
    await writeFile(path, text.slice(0, length));
    await assert.rejects(describeIdentity({ path }), { code: 'identity-damaged' }, `${length} characters`);
    await assert.rejects(loadIdentity({ path }), { code: 'identity-damaged' }, `${length} characters`);
  }
});

test('loadIdentity(), describeIdentity() refuse a file with any part altered', async () => {
  const other = await readJson(withPassphrase);
  const flip = (base64: string, at: number): string => {
    const bytes = Buffer.from(base64, 'base64');
    bytes[at]! ^= 1;
    return bytes.toString('base64');
  };
  const alterations: Record<string, (content: IdentityJson) => unknown> = {
    'not an object': () => [1, 2],
    null: () => null,
    'another format': (content) => ({ ...content, format: 'ssh' }),
    'version 0': (content) => ({ ...content, version: 0 }),
    'a version in text': (content) => ({ ...content, version: '1' }),
    'no private key': (content) => ({ ...content, privateKey: undefined }),
    'an unknown field': (content) => ({ ...content, comment: '' }),
    'a private key that is not base64': (content) => ({ ...content, privateKey: '%%' }),
    'an empty private key': (content) => ({ ...content, privateKey: '' }),
    'a public key that is none': (content) => ({ ...content, publicKey: 'AAAA' }),
    'a byte of the public key': (content) => ({ ...content, publicKey: flip(content.publicKey, 100) }),
    'a byte of the private key': (content) => ({ ...content, privateKey: flip(content.privateKey, 100) }),
    "another's public key": (content) => ({ ...content, publicKey: other.publicKey }),
    "another's private key": (content) => ({ ...content, privateKey: other.privateKey }),
  };
  for (const [name, alter] of Object.entries(alterations)) {
    const path = await alteredCopy('altered', alter);
    await assert.rejects(describeIdentity({ path }), { code: 'identity-damaged' }, name);
    await assert.rejects(loadIdentity({ path }), { code: 'identity-damaged' }, name);
  }
});
