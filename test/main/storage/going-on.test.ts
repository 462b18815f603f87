/** What it takes to go on with a session: departures, choices, and what a client has signed, one row a round. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import type { SignedSurvivors } from '../../../core/secagg/client-session.ts';
import { goingOn } from '../../../main/storage/migrations/007-going-on.ts';
import { signedStore } from '../../../main/storage/signed-survivors.ts';
import { addTestIdentity, clientRecord, newFolder, open, sessionId, sessionRow } from './store-folder.ts';

function entries(count: number): SignedSurvivors[] {
  return Array.from({ length: count }, (_, index) => ({
    round: index + 1,
    model: `${index}a`.padStart(64, '0'),
    survivors: `${index}b`.padStart(64, '0'),
    vector: `${index}c`.padStart(64, '0'),
  }));
}

test('saveDeparture() and saveChoices() are there after a restart; the last word counts', async () => {
  const folder = newFolder();
  const store = await open(folder);
  store.createSession(sessionRow(), { transportPrivateKey: null });
  assert.deepEqual(store.departures(sessionId), new Map());
  assert.equal(store.choices(sessionId), undefined);
  store.saveDeparture(sessionId, 'aa', 'left');
  store.saveDeparture(sessionId, 'bb', 'removed');
  store.saveDeparture(sessionId, 'aa', 'removed');
  store.saveChoices(sessionId, { role: 'coordinator', dataset: 'mnist' });
  const choices = {
    role: 'participant',
    name: 'Ada',
    data: { kind: 'folder', path: '/somewhere' },
    agreeToDemonstration: true,
  } as const;
  store.saveChoices(sessionId, choices);
  store.close();
  const again = await open(folder);
  assert.deepEqual(
    again.departures(sessionId),
    new Map([
      ['aa', 'removed'],
      ['bb', 'removed'],
    ]),
  );
  assert.deepEqual(again.choices(sessionId), choices);
  again.close();
});

test('saveClientRecord() writes a short record, however many rounds were signed, and gives all of them back', async () => {
  const folder = newFolder();
  const store = await open(folder);
  addTestIdentity(store);
  store.createSession(sessionRow({ role: 'participant' }), { transportPrivateKey: null });
  const signed = entries(300);
  for (const count of [1, 2, 150, 300])
    store.saveClientRecord(clientRecord({ round: count, signed: signed.slice(0, count) }));
  store.close();
  const database = new Database(folder.database, { readonly: true });
  const { length } = database.prepare('SELECT record FROM client_records').pluck().get() as string;
  assert.equal(database.prepare('SELECT count(*) FROM signed_survivors').pluck().get(), 300);
  database.close();
  assert.ok(length < 1_000, String(length));
  const again = await open(folder);
  const expected = clientRecord({ round: 300, signed });
  assert.deepEqual(again.clientSession(sessionId), { record: expected, mark: expected.token });
  again.close();
});

test('clientSession() bars a client whose signed rounds are not all there, or are others', async () => {
  const changes = [
    'DELETE FROM signed_survivors WHERE position = 3',
    'DELETE FROM signed_survivors WHERE position = 1',
    'DELETE FROM signed_survivors',
    `UPDATE signed_survivors SET entry = '{}' WHERE position = 2`,
  ];
  for (const change of changes) {
    const folder = newFolder();
    const store = await open(folder);
    addTestIdentity(store);
    store.createSession(sessionRow({ role: 'participant' }), { transportPrivateKey: null });
    store.saveClientRecord(clientRecord({ round: 3, signed: entries(3) }));
    store.close();
    const database = new Database(folder.database);
    database.exec(change);
    database.close();
    const again = await open(folder);
    const { record, mark } = again.clientSession(sessionId);
    assert.equal(record, undefined, change);
    assert.notEqual(mark, undefined, change);
    again.close();
  }
});

test('signedStore() reads records from before there was a table, and never builds on rows of another record', () => {
  const database = new Database(':memory:');
  database.exec(`CREATE TABLE sessions (session TEXT PRIMARY KEY) STRICT;
    INSERT INTO sessions VALUES ('${sessionId}'); ${goingOn}`);
  const store = signedStore(database, 'memory');
  const signed = entries(5);
  const early = JSON.stringify(clientRecord({ signed: signed.slice(0, 2) }));
  assert.deepEqual(store.fromText(early)?.signed, signed.slice(0, 2));
  const later = store.toText(clientRecord({ signed }), early);
  // what was not written is not there
  assert.equal(store.fromText(later.text), undefined);
  later.write();
  assert.deepEqual(store.fromText(later.text)?.signed, signed);

  // another history, as long, over the same rows
  const others = entries(6).slice(1);
  const other = store.toText(clientRecord({ signed: others }), later.text);
  other.write();
  assert.deepEqual(store.fromText(other.text)?.signed, others);
  assert.equal(store.fromText(later.text), undefined);
  database.close();
});
