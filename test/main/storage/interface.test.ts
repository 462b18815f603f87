/** What the interface keeps, and deletion that can be undone: across a restart, as every table. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { type Preferences, preferencesSchema } from '../../../core/contract/results.ts';
import type { Store } from '../../../main/storage/store.ts';
import { sampleComparison, sampleSimulation } from '../report/sample-results.ts';
import {
  addTestIdentity,
  at,
  completedRound,
  fillSession,
  newFolder,
  open,
  sessionId,
  sessionRow,
  type StoreFolder,
} from './store-folder.ts';

const later = '2026-11-25T21:05:00.000Z';
const usual = preferencesSchema.parse({});
const pixels = Uint8Array.from({ length: 784 }, (_, index) => (index * 7) % 256);
const draw = (store: Store, label: number) => store.addDrawing({ label, pixels, drawnAt: at });

/** Rows of a table, seen from outside. */
function rowsOf(folder: StoreFolder, table: string): number {
  const database = new Database(folder.database, { readonly: true });
  const count = database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get()!;
  database.close();
  return count;
}

test('preferences() are the usual ones until others are saved, and come back after a restart', async () => {
  const folder = newFolder();
  const store = await open(folder);
  assert.deepEqual(store.preferences(), usual);
  const chosen: Preferences = { ...usual, theme: 'dark', name: 'Zoë', processes: 3, updates: true };
  store.savePreferences({ ...usual, language: 'fr' });
  store.savePreferences(chosen);
  store.close();
  const again = await open(folder);
  assert.deepEqual(again.preferences(), chosen);
  again.close();
  assert.equal(rowsOf(folder, 'preferences'), 1);
});

test('preferences() leave out what another version wrote, and keep the rest', async () => {
  const folder = newFolder();
  (await open(folder)).close();
  const database = new Database(folder.database);
  const write = database.prepare('INSERT OR REPLACE INTO preferences (id, preferences) VALUES (1, ?)');
  write.run(JSON.stringify({ theme: 'sepia', language: 'fr', cursor: 'hand', processes: 0 }));
  const store = await open(folder);
  assert.deepEqual(store.preferences(), { ...usual, language: 'fr' });
  write.run('{"theme":');
  assert.throws(() => store.preferences(), { code: 'database-damaged' });
  store.close();
  database.close();
});

test('measurement() is the last one saved, and undefined before', async () => {
  const folder = newFolder();
  const store = await open(folder);
  assert.equal(store.measurement('imagesPerSecond'), undefined);
  store.saveMeasurement('imagesPerSecond', 1_234.5);
  store.saveMeasurement('imagesPerSecond', 9_876.25);
  store.close();
  const again = await open(folder);
  assert.equal(again.measurement('imagesPerSecond'), 9_876.25);
  again.close();
});

test('drawings() come back as they were drawn, oldest first, without the removed ones', async () => {
  const folder = newFolder();
  const store = await open(folder);
  const drawn = [draw(store, 7), draw(store, 0), draw(store, 7)];
  assert.deepEqual(store.drawings(), drawn);
  store.removeDrawings([drawn[0]!.id, drawn[2]!.id, 99], later);
  assert.deepEqual(store.drawings(), [drawn[1]]);
  store.restoreDrawings([drawn[2]!.id]);
  assert.deepEqual(store.drawings(), [drawn[1], drawn[2]]);
  store.close();
  const again = await open(folder);
  assert.deepEqual(again.drawings(), [drawn[1], drawn[2]]);
  assert.equal(rowsOf(folder, 'drawings'), 2);
  // no number is used twice: what was restored elsewhere would be another drawing
  assert.equal(draw(again, 1).id, drawn[2]!.id + 1);
  again.close();
});

test('addDrawing() refuses other sizes and labels', async () => {
  const store = await open(newFolder());
  assert.throws(() => store.addDrawing({ label: 3, pixels: new Uint8Array(783), drawnAt: at }), {
    code: 'internal',
  });
  assert.throws(() => draw(store, 10), { code: 'internal' });
  assert.deepEqual(store.drawings(), []);
  store.close();
});

test('experiment() and experiments() give back results and titles, latest first', async () => {
  const folder = newFolder();
  const store = await open(folder);
  const [simulation, comparison] = [sampleSimulation(), sampleComparison()];
  const first = store.saveExperiment(simulation, 'Mask & "share" 🎭');
  const second = store.saveExperiment(comparison, '');
  store.close();
  const again = await open(folder);
  assert.deepEqual(
    again.experiments().map(({ id, kind, title }) => [id, kind, title]),
    [
      [second, 'comparison', ''],
      [first, 'simulation', 'Mask & "share" 🎭'],
    ],
  );
  assert.deepEqual(again.experiment(first)?.result, simulation);
  assert.deepEqual(again.experiment(second)?.result, comparison);
  assert.equal(again.experiment(99), undefined);
  again.close();
});

test('removeExperiment() hides, restoreExperiment() brings back, purgeRemoved() deletes what was removed by then', async () => {
  const store = await open(newFolder());
  const ids = [1, 2, 3].map(() => store.saveExperiment(sampleSimulation(), 'A'));
  const shown = () => store.experiments().map(({ id }) => id);
  store.removeExperiment(ids[0]!, at);
  store.removeExperiment(ids[1]!, later);
  assert.deepEqual(shown(), [ids[2]]);
  assert.equal(store.experiment(ids[0]!), undefined);
  store.purgeRemoved(at);
  store.restoreExperiment(ids[0]!);
  store.restoreExperiment(ids[1]!);
  assert.deepEqual(shown(), [ids[2], ids[1]]);
  store.close();
});

test('removeSession() hides a session with all it has, restoreSession() brings all of it back', async () => {
  const store = await open(newFolder());
  addTestIdentity(store);
  fillSession(store);
  const before = [store.session(sessionId), store.epochs(sessionId), [...store.completedRounds(sessionId)]];
  store.removeSession(sessionId, at);
  assert.deepEqual([store.session(sessionId), store.sessions()], [undefined, []]);
  store.restoreSession(sessionId);
  assert.deepEqual(
    [store.session(sessionId), store.epochs(sessionId), [...store.completedRounds(sessionId)]],
    before,
  );
  store.close();
});

test('openStore() purges what was removed: sessions with all that belongs to them, experiments, drawings', async () => {
  const folder = newFolder();
  const store = await open(folder);
  addTestIdentity(store);
  fillSession(store);
  fillSession(store, { session: 'ee'.repeat(16) });
  const only = completedRound(2);
  store.completeRound(only);
  const run = store.saveExperiment(sampleSimulation(), 'A');
  const { id } = draw(store, 4);
  store.removeSession(sessionId, at);
  store.removeExperiment(run, at);
  store.removeDrawings([id], at);
  store.close();

  const again = await open(folder);
  again.restoreSession(sessionId);
  again.restoreExperiment(run);
  again.restoreDrawings([id]);
  assert.deepEqual(
    again.sessions().map(({ session }) => session),
    ['ee'.repeat(16)],
  );
  assert.deepEqual([again.experiments(), again.drawings(), again.events(sessionId)], [[], [], []]);
  assert.equal(again.model(only.model.hash), undefined);
  assert.ok(again.model(completedRound(1).model.hash), 'the other session names it');
  again.close();
});

test('createSession() again after a removal begins anew, and does not forget that something was signed', async () => {
  const store = await open(newFolder());
  addTestIdentity(store);
  fillSession(store);
  store.removeSession(sessionId, at);
  store.createSession(sessionRow({ title: 'Again' }), { transportPrivateKey: Uint8Array.of(5) });
  assert.equal(store.session(sessionId)?.title, 'Again');
  assert.deepEqual([store.epochs(sessionId), [...store.completedRounds(sessionId)]], [[], []]);
  const { record, mark } = store.clientSession(sessionId);
  assert.equal(record, undefined);
  assert.notEqual(mark, undefined);
  // nothing is left to take back
  store.restoreSession(sessionId);
  assert.equal(store.session(sessionId)?.title, 'Again');
  store.close();
});
