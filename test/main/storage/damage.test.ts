/** Disks and folders that are not as they should be: a clear error each, and nothing overwritten. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import Database from 'better-sqlite3';
import type { Store } from '../../../main/storage/store.ts';
import {
  addTestIdentity,
  completedRound,
  fillSession,
  folderAt,
  newFolder,
  open,
  sessionId,
  type StoreFolder,
} from './store-folder.ts';

const PAGE_BYTES = 4096;
const large = new Float32Array(100_000).fill(0.5);

let full: StoreFolder;

before(async () => {
  full = newFolder();
  const store = await open(full);
  addTestIdentity(store);
  fillSession(store);
  store.completeRound(completedRound(2, { model: { hash: 'large', weights: large } }));
  store.close();
});

/** A copy of the filled folder with its database altered. */
function damagedCopy(damage: (bytes: Buffer) => Buffer): { folder: StoreFolder; bytes: Buffer } {
  const folder = newFolder();
  mkdirSync(folder.data);
  copyFileSync(join(full.data, 'wrapping.key'), join(folder.data, 'wrapping.key'));
  const bytes = damage(readFileSync(full.database));
  writeFileSync(folder.database, bytes);
  return { folder, bytes };
}

async function assertDamaged(folder: StoreFolder, bytes: Buffer): Promise<void> {
  await assert.rejects(open(folder), (error: Error & { code?: string }) => {
    assert.equal(error.code, 'database-damaged');
    assert.ok(error.message.includes(folder.database), error.message);
    return true;
  });
  assert.deepEqual(readFileSync(folder.database), bytes);
}

test('openStore() refuses a database whose first page is garbage, or that is another file', async () => {
  for (const damage of [
    (bytes: Buffer) => bytes.fill(0xa5, 0, PAGE_BYTES),
    (bytes: Buffer) => bytes.fill(0xa5, 40, 60),
    () => Buffer.from('a text file, longer than the header of a database file, by some characters at least'),
    (bytes: Buffer) => bytes.subarray(0, 3 * PAGE_BYTES),
    (bytes: Buffer) => bytes.subarray(0, 50),
  ]) {
    const { folder, bytes } = damagedCopy(damage);
    await assertDamaged(folder, bytes);
  }
});

test('openStore(), or the call that reads it, names a page overwritten with garbage', async () => {
  const pages = readFileSync(full.database).length / PAGE_BYTES;
  let atStart = 0;
  for (let page = 1; page < pages; page += 1) {
    const { folder, bytes } = damagedCopy((whole) =>
      whole.fill(0xa5, page * PAGE_BYTES, (page + 1) * PAGE_BYTES),
    );
    let store: Store | undefined;
    try {
      store = await open(folder);
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'database-damaged');
      assert.deepEqual(readFileSync(folder.database), bytes);
      atStart += 1;
      continue;
    }
    // pages of nothing but free space or content pass the check at start
    try {
      assert.deepEqual(store.model('large'), large);
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'database-damaged');
    }
    store.close();
  }
  assert.ok(atStart > pages / 2, `${atStart} of ${pages} noticed at start`);
});

test('model() and completedRounds() notice content altered within a page', async () => {
  const weights = Buffer.from(large.buffer).subarray(0, 64);
  const { folder } = damagedCopy((bytes) => {
    bytes[bytes.indexOf(weights) + 33]! ^= 1;
    return bytes;
  });
  const store = await open(folder);
  assert.throws(() => store.model('large'), { code: 'database-damaged' });
  assert.throws(() => [...store.completedRounds(sessionId)], { code: 'database-damaged' });
  assert.equal(store.roundSummaries(sessionId).length, 2);
  store.close();
});

test('rows that are not what was written mean a damaged database', async () => {
  const { folder } = damagedCopy((bytes) => bytes);
  const database = new Database(folder.database);
  database.exec(`UPDATE coordinator_records SET record = '[]';
    UPDATE client_records SET record = 'no JSON';
    UPDATE events SET detail = '{';
    UPDATE epochs SET nonces = x'01';
    UPDATE kept_vectors SET sealed = x'';
    UPDATE sessions SET transport_private_key = zeroblob(100);
    UPDATE identities SET private_key = (SELECT transport_private_key FROM sessions)`);
  database.close();
  const store = await open(folder);
  for (const read of [
    () => store.coordinatorRecord(sessionId),
    () => store.clientSession(sessionId),
    () => store.events(sessionId),
    () => store.epochs(sessionId),
    () => store.recallVector(sessionId, 1),
  ]) {
    assert.throws(read, { code: 'database-damaged' }, String(read));
  }
  await assert.rejects(store.transportPrivateKey(sessionId), { code: 'database-damaged' });
  await assert.rejects(store.identity(), { code: 'database-damaged' });
  store.close();
});

test('openStore() refuses the database of another program', async () => {
  const folder = newFolder();
  mkdirSync(folder.data);
  const other = new Database(folder.database);
  other.exec('CREATE TABLE bookmarks (url TEXT)');
  other.close();
  await assertDamaged(folder, readFileSync(folder.database));
});

test('openStore() on one folder twice: the second is told at once, and may once the first has closed', async () => {
  const folder = newFolder();
  const first = await open(folder);
  const started = performance.now();
  await assert.rejects(open(folder), { code: 'folder-in-use', blame: 'user' });
  assert.ok(performance.now() - started < 1_000);
  const elsewhere = spawnSync(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      join(import.meta.dirname, '../../support/storage-process.ts'),
      'open',
      folder.data,
      folder.state,
    ],
    { encoding: 'utf8' },
  );
  assert.equal(elsewhere.stdout.trim(), 'folder-in-use', elsewhere.stderr);
  first.close();
  (await open(folder)).close();
});

test('openStore() says when the folder is a file, or lies below one', async () => {
  const file = join(newFolder().data, '..', 'file');
  writeFileSync(file, 'mine');
  for (const data of [file, join(file, 'below')]) {
    await assert.rejects(open({ ...newFolder(), data }), {
      code: 'folder-unusable',
      message: /not a folder/,
    });
  }
  assert.equal(readFileSync(file, 'utf8'), 'mine');
});

test('openStore() says when files of the folder are folders', async () => {
  for (const name of ['masquerade.sqlite', 'instance.lock', 'wrapping.key']) {
    const folder = newFolder();
    mkdirSync(join(folder.data, name), { recursive: true });
    await assert.rejects(open(folder), (error: { code?: string }) => {
      assert.ok(['folder-unusable', 'wrapping-key-unusable'].includes(error.code ?? ''), error.code);
      return true;
    });
  }
});

test('openStore() says when the folder may not be written', async (context) => {
  if (process.platform === 'win32' || process.geteuid?.() === 0) {
    context.skip('permissions do not bind this user');
    return;
  }
  const folder = newFolder();
  (await open(folder)).close();
  chmodSync(folder.data, 0o500);
  try {
    await assert.rejects(open(folder), { code: 'folder-unusable' });
  } finally {
    chmodSync(folder.data, 0o700);
  }
});

test('openStore() says when the folder lies on a read-only disk', async (context) => {
  const mounted = mountOrSkip(context, 'size=4m');
  if (mounted === undefined) return;
  const folder = folderAt(mounted);
  const store = await open(folder);
  store.close();
  execFileSync('mount', ['-o', 'remount,ro', mounted]);
  await assert.rejects(open(folder), { code: 'folder-unusable' });
});

test('a full disk is a clear error, nothing is half written, and all goes on once there is room', async (context) => {
  const mounted = mountOrSkip(context, 'size=1m');
  if (mounted === undefined) return;
  const folder = folderAt(mounted);
  await fillUp(folder, {}, () => {
    execFileSync('mount', ['-o', 'remount,size=64m', mounted]);
  });
});

test('a database that may not grow: the same', async () => {
  let database: Database.Database | undefined;
  await fillUp(
    newFolder(),
    {
      tune: (opened: Database.Database) => {
        database = opened;
        opened.pragma('max_page_count = 150');
      },
    },
    () => {
      database?.pragma('max_page_count = 100000');
    },
  );
});

async function fillUp(folder: StoreFolder, options: object, makeRoom: () => void): Promise<void> {
  const store = await open(folder, options);
  addTestIdentity(store);
  fillSession(store);
  const weights = new Float32Array(30_000).fill(1);
  let saved = 1;
  const failure = { code: 'disk-full', blame: 'machine', action: 'retry' };
  assert.throws(() => {
    for (let round = 2; round < 100; round += 1) {
      store.completeRound(completedRound(round, { model: { hash: `m${round}`, weights } }));
      saved = round;
    }
  }, failure);
  assert.ok(saved > 1);
  assert.equal(store.roundSummaries(sessionId).length, saved);
  assert.equal(store.metrics(sessionId).length, saved * 7);
  assert.equal(store.model(`m${saved + 1}`), undefined);
  assert.ok(store.lastCompletedRound(sessionId)?.serverState);
  makeRoom();
  store.completeRound(completedRound(saved + 1, { model: { hash: 'roomy', weights } }));
  store.close();
  const again = await open(folder);
  assert.equal([...again.completedRounds(sessionId)].length, saved + 1);
  again.close();
}

test('openStore() on a full disk says so and leaves no half of a key', async (context) => {
  const mounted = mountOrSkip(context, 'size=64k');
  if (mounted === undefined) return;
  writeFileSync(join(mounted, 'ballast'), new Uint8Array(60_000));
  const folder = folderAt(mounted);
  await assert.rejects(open(folder), { code: 'disk-full' });
  rmSync(join(mounted, 'ballast'));
  execFileSync('mount', ['-o', 'remount,size=4m', mounted]);
  (await open(folder)).close();
  assert.ok(!readdirSync(folder.data).some((name) => name.endsWith('.new')));
});

/** A small disk in memory, where this user may make one. */
function mountOrSkip(context: { skip: (why: string) => void }, size: string): string | undefined {
  const mounted = mkdtempSync(join(tmpdir(), 'masquerade-disk-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', size, 'none', mounted], { stdio: 'ignore' });
  if (status !== 0) {
    rmSync(mounted, { recursive: true });
    context.skip('this user may not mount a small disk');
    return undefined;
  }
  after(() => {
    spawnSync('umount', [mounted], { stdio: 'ignore' });
    rmSync(mounted, { recursive: true, force: true });
  });
  return mounted;
}
