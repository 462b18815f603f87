/** From every earlier version to this one: what is there stays, a copy of it is kept, and a failure changes nothing. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { migrate, SCHEMA_VERSION, schemaVersion } from '../../../main/storage/migrations.ts';
import {
  addTestIdentity,
  at,
  fillSession,
  newFolder,
  open,
  sessionId,
  type StoreFolder,
} from './store-folder.ts';

/** A database as the Masquerade of that version left it, with a row in its oldest tables. */
function folderOfVersion(version: number): StoreFolder {
  const folder = newFolder();
  mkdirSync(folder.data);
  const database = new Database(folder.database);
  database.pragma('journal_mode = WAL');
  migrate(database, folder.database, version);
  database
    .prepare(
      'INSERT INTO peers (fingerprint, public_key, name, first_seen, last_seen) VALUES (?, ?, ?, ?, ?)',
    )
    .run('ab', Uint8Array.of(1), 'Ada', at, at);
  if (version >= 2) {
    database
      .prepare(
        `INSERT INTO sessions (session, role, state, title, started_at, plan, demonstration, identities_compared, link,
                               coordinator_key, transport_key, identity)
         VALUES ('ef', 'participant', 'finished', 'Before', ?, '{}', 0, 1, '', x'01', x'02', '')`,
      )
      .run(at);
  }
  if (version >= 5) {
    database
      .prepare('INSERT INTO experiments (kind, started_at, result) VALUES (?, ?, ?)')
      .run('simulation', at, '{"kind":"simulation"}');
  }
  database.close();
  return folder;
}

function schemaOf(path: string): unknown {
  const database = new Database(path, { readonly: true });
  const schema = database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all();
  database.close();
  return schema;
}

test('openStore() brings a database of every earlier version up to date, and keeps a copy', async () => {
  const fresh = newFolder();
  (await open(fresh)).close();
  for (let version = 1; version < SCHEMA_VERSION; version += 1) {
    const folder = folderOfVersion(version);
    const store = await open(folder);
    assert.deepEqual(
      store.peers().map(({ name }) => name),
      ['Ada'],
    );
    assert.deepEqual(
      store.sessions().map(({ title }) => title),
      version >= 2 ? ['Before'] : [],
    );
    assert.deepEqual(
      store.experiments().map(({ kind, title }) => [kind, title]),
      version >= 5 ? [['simulation', '']] : [],
    );
    addTestIdentity(store);
    fillSession(store);
    store.close();
    assert.deepEqual(schemaOf(folder.database), schemaOf(fresh.database), `from version ${version}`);

    const copy = new Database(`${folder.database}.before-${SCHEMA_VERSION}`, { readonly: true });
    assert.equal(schemaVersion(copy), version);
    assert.equal(copy.prepare('SELECT name FROM peers').pluck().get(), 'Ada');
    copy.close();
  }
});

test('openStore() keeps no copy of a database that is new or up to date', async () => {
  const folder = newFolder();
  (await open(folder)).close();
  (await open(folder)).close();
  assert.deepEqual(readdirSync(folder.data).sort(), ['instance.lock', 'masquerade.sqlite', 'wrapping.key']);
});

test('openStore() changes nothing where the copy cannot be written', async () => {
  const folder = folderOfVersion(2);
  const before = readFileSync(folder.database);
  mkdirSync(`${folder.database}.before-${SCHEMA_VERSION}`);
  await assert.rejects(open(folder), { code: 'folder-unusable' });
  assert.deepEqual(readFileSync(folder.database), before);
  assert.deepEqual(
    readdirSync(folder.data).filter((name) => name.endsWith('.new')),
    [],
  );
});

test('openStore() leaves the version before a step that fails', async () => {
  const folder = folderOfVersion(2);
  const database = new Database(folder.database);
  // the fourth step makes this table
  database.exec('CREATE TABLE metrics (mine TEXT)');
  database.close();
  await assert.rejects(open(folder), { code: 'internal', message: /metrics/ });
  const after = new Database(folder.database);
  assert.equal(schemaVersion(after), 3);
  assert.equal(after.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'models'").pluck().get(), 0);
  after.exec('DROP TABLE metrics');
  after.close();
  (await open(folder)).close();
});

test('openStore() takes up a copy that a crash left half written', async () => {
  const folder = folderOfVersion(1);
  writeFileSync(`${folder.database}.before-${SCHEMA_VERSION}.new`, 'half');
  (await open(folder)).close();
  assert.ok(!readdirSync(folder.data).some((name) => name.endsWith('.new')));
});

test('openStore() leaves a database of a newer version untouched', async () => {
  const folder = newFolder();
  const store = await open(folder);
  addTestIdentity(store);
  fillSession(store);
  store.close();
  const newer = new Database(folder.database);
  newer.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
  newer.close();
  const before = readFileSync(folder.database);
  await assert.rejects(open(folder), {
    code: 'database-too-new',
    blame: 'user',
    details: { path: folder.database, version: SCHEMA_VERSION + 1, supported: SCHEMA_VERSION },
  });
  assert.deepEqual(readFileSync(folder.database), before);
  // the lock is given back: the newer Masquerade can open it
  await assert.rejects(open(folder), { code: 'database-too-new' });
});

test('sessions of a migrated database cascade as those of a new one', async () => {
  const folder = folderOfVersion(1);
  const store = await open(folder);
  addTestIdentity(store);
  fillSession(store);
  store.deleteSession(sessionId);
  assert.deepEqual([store.sessions(), store.events(sessionId), store.attempts(sessionId)], [[], [], []]);
  store.close();
});
