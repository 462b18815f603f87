/** Attacks in the database: whole, with their pictures, across a restart; removed, restored, purged. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { sampleAttack } from '../attacks/sample-report.ts';
import { newFolder, open, type StoreFolder } from './store-folder.ts';

const at = '2026-11-26T21:05:00.000Z';

function rowsOf(folder: StoreFolder): { readonly runs: number; readonly pictures: number } {
  const database = new Database(folder.database, { readonly: true });
  const count = (table: string): number =>
    database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get()!;
  const found = { runs: count('attack_runs'), pictures: count('attack_pictures') };
  database.close();
  return found;
}

test('saveAttack() keeps a report and its pictures, byte for byte, across a restart', async () => {
  const folder = newFolder();
  const report = sampleAttack();
  const store = await open(folder);
  const [one, two] = [store.saveAttack(report), store.saveAttack({ ...report, seed: 2, images: [] })];
  assert.deepEqual([one, two], [1, 2]);
  store.putAttackInReport(1, true);
  store.close();
  const again = await open(folder);
  const row = again.attack(1);
  assert.deepEqual({ ...row?.report, images: again.attackImages(1) }, report);
  assert.deepEqual(
    again.attacks().map(({ id, report: { seed }, inReport }) => [id, seed, inReport]),
    [
      [2, 2, false],
      [1, report.seed, true],
    ],
  );
  assert.deepEqual(again.attackImages(2), []);
  assert.equal(again.attack(3), undefined);
  again.putAttackInReport(1, false);
  assert.equal(again.attack(1)?.inReport, false);
  again.close();
});

test('a removed attack is out of sight, can be restored, and is purged with its pictures', async () => {
  const folder = newFolder();
  const store = await open(folder);
  const report = sampleAttack();
  store.saveAttack(report);
  store.saveAttack(report);
  store.removeAttacks([1, 2], at);
  assert.deepEqual([store.attacks(), store.attack(1)], [[], undefined]);
  store.restoreAttacks([1]);
  assert.equal(store.attack(1)?.report.seed, report.seed);
  store.purgeRemoved(at);
  store.restoreAttacks([2]);
  assert.deepEqual(
    store.attacks().map(({ id }) => id),
    [1],
  );
  assert.deepEqual(rowsOf(folder), { runs: 1, pictures: report.images.length });
  store.removeAttacks([1], at);
  store.close();
  (await open(folder)).close();
  assert.deepEqual(rowsOf(folder), { runs: 0, pictures: 0 });
});

test('attackImages() says so where a picture is not what was written', async () => {
  const folder = newFolder();
  const store = await open(folder);
  store.saveAttack(sampleAttack());
  store.close();
  const database = new Database(folder.database);
  database.prepare("UPDATE attack_pictures SET pixels = x'00' WHERE position = 1").run();
  database.close();
  const again = await open(folder);
  assert.throws(() => again.attackImages(1), { code: 'database-damaged' });
  again.close();
});
