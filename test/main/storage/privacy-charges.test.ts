import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LedgerEntry } from '../../../core/privacy/ledger.ts';
import { newFolder, open } from './store-folder.ts';

const entry = (changes: Partial<LedgerEntry> = {}): LedgerEntry => ({
  identity: 'a1',
  dataset: 'digest d1',
  session: '00'.repeat(16),
  round: 1,
  attempt: 1,
  vectorDigest: 'ab'.repeat(32),
  release: { samplingRate: 0.25, noiseMultiplier: 1.1, excess: 1e-300 },
  ...changes,
});

test('chargePrivacy() keeps entries to the last digit, by identity and account, over restarts', async () => {
  const folder = newFolder();
  const store = await open(folder);
  const other = entry({ round: 2, vectorDigest: 'cd'.repeat(32) });
  store.chargePrivacy([entry(), entry({ dataset: 'folder f1' })], '2026-11-26T10:00:00.000Z');
  store.chargePrivacy([other, entry({ identity: 'a2' })], '2026-11-26T10:01:00.000Z');
  store.close();
  const again = await open(folder);
  assert.deepEqual(again.privacyCharges('a1', 'digest d1'), [entry(), other]);
  assert.deepEqual(again.privacyCharges('a1', 'folder f1'), [entry({ dataset: 'folder f1' })]);
  assert.deepEqual(again.privacyCharges('a2', 'digest d1'), [entry({ identity: 'a2' })]);
  assert.deepEqual(again.privacyCharges('a2', 'folder f1'), []);
  again.close();
});

test('chargePrivacy() charges the same vector of a session once, and another again', async () => {
  const store = await open(newFolder());
  for (let time = 0; time < 3; time += 1) store.chargePrivacy([entry()], '2026-11-26T10:00:00.000Z');
  // killed before it left, and made anew
  store.chargePrivacy([entry({ vectorDigest: 'ef'.repeat(32) })], '2026-11-26T10:00:00.000Z');
  store.chargePrivacy([entry({ session: '11'.repeat(16) })], '2026-11-26T10:00:00.000Z');
  assert.equal(store.privacyCharges('a1', 'digest d1').length, 3);
  store.close();
});

test('privacyCharges() outlive the session that they were made in', async () => {
  const store = await open(newFolder());
  store.chargePrivacy([entry()], '2026-11-26T10:00:00.000Z');
  store.deleteSession(entry().session);
  store.purgeRemoved();
  assert.deepEqual(store.privacyCharges('a1', 'digest d1'), [entry()]);
  store.close();
});
