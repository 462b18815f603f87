/** Secrets at rest: what opens them, what does not, and that none of them lies in a file in clear. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { exportPrivateKey } from '../../../core/crypto/rsa.ts';
import { createVault } from '../../../main/storage/secrets.ts';
import { describeFolder } from '../../../main/storage/describe-folder.ts';
import type { StoreSecret } from '../../../main/storage/store.ts';
import {
  addTestIdentity,
  at,
  bytesBelow,
  fillSession,
  newFolder,
  open,
  sessionId,
  transportPrivateKey,
  type StoreFolder,
} from './store-folder.ts';

const passphrase: StoreSecret = { kind: 'passphrase', passphrase: 'correct horse battery staple' };
const systemKey = new Uint8Array(32).fill(0x5c);
const system: StoreSecret = { kind: 'operating-system', key: systemKey };
const file: StoreSecret = { kind: 'wrapping-key' };

async function filled(secret: StoreSecret): Promise<StoreFolder> {
  const folder = newFolder();
  const store = await open(folder, { secret });
  addTestIdentity(store);
  fillSession(store);
  store.close();
  return folder;
}

test('a passphrase opens what it protects; none or a wrong one is told apart', async () => {
  const folder = await filled(passphrase);
  assert.ok(!existsSync(join(folder.data, 'wrapping.key')));
  await assert.rejects(open(folder, { secret: file }), { code: 'passphrase-needed', blame: 'user' });
  await assert.rejects(open(folder, { secret: system }), { code: 'passphrase-needed' });
  await assert.rejects(open(folder, { secret: { kind: 'passphrase', passphrase: '' } }), {
    code: 'passphrase-needed',
  });
  const wrong = { kind: 'passphrase', passphrase: 'correct horse battery stapler' } as const;
  await assert.rejects(open(folder, { secret: wrong }), { code: 'passphrase-wrong', blame: 'user' });
  const store = await open(folder, { secret: passphrase });
  assert.equal(store.protection, 'passphrase');
  assert.deepEqual(await store.transportPrivateKey(sessionId), transportPrivateKey);
  store.close();
});

test('a wrapping key is a file for its owner alone; a passphrase is not asked for', async () => {
  const folder = await filled(file);
  const path = join(folder.data, 'wrapping.key');
  if (process.platform !== 'win32') {
    for (const name of [path, folder.database]) assert.equal(statSync(name).mode & 0o777, 0o600, name);
    assert.equal(statSync(folder.data).mode & 0o777, 0o700);
  }
  const store = await open(folder, { secret: passphrase });
  assert.equal(store.protection, 'wrapping-key');
  store.close();

  const key = readFileSync(path, 'utf8');
  for (const [content, reason] of [
    ['', /64 hexadecimal digits/],
    ['0'.repeat(63), /64 hexadecimal digits/],
    ['0'.repeat(64), /another folder/],
  ] as const) {
    writeFileSync(path, content);
    await assert.rejects(open(folder), { code: 'wrapping-key-unusable', message: reason });
  }
  rmSync(path);
  await assert.rejects(open(folder), { code: 'wrapping-key-unusable', message: /missing/ });
  assert.ok(!existsSync(path), 'a missing key is not made anew');
  writeFileSync(path, key);
  (await open(folder)).close();
});

test("the operating system's key opens what it protects, and nothing else does", async () => {
  const folder = await filled(system);
  assert.ok(!existsSync(join(folder.data, 'wrapping.key')));
  for (const secret of [passphrase, file, { kind: 'operating-system', key: new Uint8Array(32) } as const]) {
    await assert.rejects(open(folder, { secret }), { code: 'system-key-needed' });
  }
  const store = await open(folder, { secret: system });
  assert.equal(store.protection, 'operating-system');
  store.close();
  assert.equal(systemKey[0], 0x5c, 'the caller keeps its key');
});

test('changeProtection() leads from any kind to any other; what opened before opens no more', async () => {
  const other: StoreSecret = { kind: 'passphrase', passphrase: 'another passphrase' };
  const folder = await filled(file);
  const wrappingKey = readFileSync(join(folder.data, 'wrapping.key'));
  const path: readonly (readonly [StoreSecret, StoreSecret, string])[] = [
    [file, passphrase, 'passphrase-needed'],
    [passphrase, other, 'passphrase-wrong'],
    [other, system, 'system-key-needed'],
    [system, file, ''],
    [file, file, ''],
    [file, system, 'system-key-needed'],
    [system, passphrase, 'passphrase-needed'],
  ];
  for (const [from, to, refusal] of path) {
    const store = await open(folder, { secret: from });
    await store.changeProtection(to);
    assert.equal(store.protection, to.kind);
    assert.equal((await store.identity()).row.bits, 2048);
    store.close();
    assert.equal(existsSync(join(folder.data, 'wrapping.key')), to.kind === 'wrapping-key');
    if (refusal !== '') await assert.rejects(open(folder, { secret: from }), { code: refusal });
    const again = await open(folder, { secret: to });
    assert.deepEqual(await again.transportPrivateKey(sessionId), transportPrivateKey);
    again.close();
  }
  writeFileSync(join(folder.data, 'wrapping.key'), wrappingKey);
  await assert.rejects(open(folder), { code: 'passphrase-needed' });
});

test('no private key, session key, vector or passphrase lies in a file in clear, while open and after', async () => {
  const folder = newFolder();
  const store = await open(folder, { secret: passphrase });
  const { identity } = addTestIdentity(store);
  fillSession(store);
  const vector = Uint32Array.from({ length: 5_000 }, (_, index) => index * 65_537 + 12_345);
  store.keepVector(sessionId, 2, vector);
  const { d, p } = identity.privateKey.export({ format: 'jwk' });
  const secrets: Readonly<Record<string, Uint8Array>> = {
    'private exponent': Buffer.from(d!, 'base64url').subarray(0, 32),
    prime: Buffer.from(p!, 'base64url').subarray(0, 32),
    pkcs8: exportPrivateKey(identity).subarray(300, 332),
    'session key': transportPrivateKey.subarray(0, 32),
    vector: new Uint8Array(vector.buffer).subarray(400, 432),
    passphrase: Buffer.from('battery staple'),
  };
  const check = (when: string): void => {
    const all = bytesBelow(folder.data, folder.state);
    assert.ok(all.includes(Buffer.from('Room 12')), 'the search finds what is there');
    for (const [name, secret] of Object.entries(secrets)) {
      assert.ok(!all.includes(Buffer.from(secret)), `${name}, ${when}`);
    }
  };
  check('while open');
  store.close();
  check('after close()');
});

test('endSession() leaves nothing of the sealed session key and vectors, in the log either', async () => {
  const folder = newFolder();
  const store = await open(folder);
  addTestIdentity(store);
  fillSession(store);
  store.keepVector(sessionId, 2, new Uint32Array(5_000).fill(7));
  const database = new Database(folder.database, { readonly: true });
  const sealed = [
    database.prepare('SELECT transport_private_key FROM sessions').pluck().get() as Buffer,
    database.prepare('SELECT sealed FROM kept_vectors WHERE round = 2').pluck().get() as Buffer,
  ].map((bytes) => bytes.subarray(40, 72));
  database.close();
  for (const part of sealed) assert.ok(bytesBelow(folder.data).includes(part));
  store.endSession(sessionId, 'finished', 'finished', at);
  for (const part of sealed) assert.ok(!bytesBelow(folder.data).includes(part));
  store.close();
});

test('a sealed secret opens in its place only, whole and unaltered', () => {
  const secret = Uint8Array.of(1, 2, 3);
  const place = { row: 'a', purpose: 'b' };
  const vault = createVault(new Uint8Array(32).fill(1), 'the database');
  const sealed = vault.seal(secret, place);
  assert.deepEqual(vault.open(sealed, place), secret);
  assert.notDeepEqual(vault.seal(secret, place), sealed);
  const damaged = { code: 'database-damaged' };
  for (const other of [
    { row: 'b', purpose: 'b' },
    { row: 'a', purpose: 'a' },
    { row: '', purpose: 'ba' },
  ]) {
    assert.throws(() => vault.open(sealed, other), damaged);
  }
  assert.throws(() => createVault(new Uint8Array(32), 'p').open(sealed, place), damaged);
  for (let length = 0; length < sealed.length; length += 1) {
    assert.throws(() => vault.open(sealed.subarray(0, length), place), damaged);
    const altered = Uint8Array.from(sealed);
    altered[length]! ^= 1;
    // the version's lowest bit: version 0
    assert.throws(() => vault.open(altered, place), damaged, `byte ${length}`);
  }
  const newer = Uint8Array.from(sealed);
  newer[0] = 2;
  assert.throws(() => vault.open(newer, place), { code: 'database-too-new' });
});

test('describeFolder() tells identity and protection without secrets, while another has the folder open', async () => {
  const folder = newFolder();
  assert.deepEqual(describeFolder(folder.data), { identity: undefined, protection: undefined });
  const store = await open(folder, { secret: passphrase });
  assert.deepEqual(describeFolder(folder.data), { identity: undefined, protection: 'passphrase' });
  const { row } = addTestIdentity(store);
  assert.deepEqual(describeFolder(folder.data).identity, row);
  store.close();
  assert.deepEqual(describeFolder(folder.data).identity, row);
  writeFileSync(folder.database, 'garbage');
  assert.throws(() => describeFolder(folder.data), { code: 'database-damaged' });
});
