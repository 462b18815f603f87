import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Dataset } from '../../../core/datasets/dataset.ts';
import type { LedgerEntry } from '../../../core/privacy/ledger.ts';
import { plannedEpsilon, planPrivacy } from '../../../core/privacy/mechanism.ts';
import { accountsOf, type LedgerStore, PrivacyLedger } from '../../../main/participant/privacy-ledger.ts';

const plan = planPrivacy({
  clients: 4,
  threshold: 3,
  colluders: 1,
  graph: 'complete',
  neighbours: 4,
  neighbourThreshold: 3,
  parameterCount: 100,
  noiseMultiplier: 1,
  clippingNorm: 1,
  delta: 1e-5,
  rounds: 10,
  fraction: 1,
});

const datasetWith = (digest: string): Dataset => ({ digest }) as Dataset;
const folderOf = (digest: string, source: string, drawings = 0) => ({
  base: datasetWith(digest),
  source,
  drawings,
});

interface MemoryLedger extends LedgerStore {
  readonly entries: readonly LedgerEntry[];
}

function memoryLedger(): MemoryLedger {
  const entries: LedgerEntry[] = [];
  return {
    entries,
    chargePrivacy: (more) => {
      entries.push(...more);
    },
    privacyCharges: (identity, dataset) =>
      entries.filter((entry) => entry.identity === identity && entry.dataset === dataset),
  };
}

const epsilonAfter = (rounds: number): number => plannedEpsilon(plan, rounds).epsilon;

function ledgerOn(
  store: LedgerStore,
  data: ReturnType<typeof folderOf>,
  { session = 's1', identity = 'a1', budget }: { session?: string; identity?: string; budget?: number } = {},
): PrivacyLedger {
  return new PrivacyLedger({ store, identity, data, session, plan, budget });
}

describe('accountsOf()', () => {
  it('names what is dealt by its digest alone, a folder by its place too, and drawings', () => {
    assert.deepEqual(accountsOf(folderOf('d', 'mnist')), ['digest d']);
    assert.deepEqual(accountsOf(folderOf('d', '/home/ada/images')), ['digest d', 'folder /home/ada/images']);
    assert.deepEqual(accountsOf(folderOf('d', 'mnist', 3)), ['digest d', 'drawings']);
    const alone = datasetWith('d');
    assert.deepEqual(accountsOf({ base: alone, source: alone, drawings: 3 }), ['digest d', 'drawings']);
  });
});

describe('PrivacyLedger', () => {
  it('charges each vector once, whatever the attempt, and goes on over sessions', () => {
    const store = memoryLedger();
    const ledger = ledgerOn(store, folderOf('d', 'mnist'));
    assert.equal(ledger.charge(1, 1, 'aa'), undefined);
    assert.equal(ledger.charge(1, 2, 'aa'), undefined);
    assert.equal(store.entries.length, 1);
    assert.equal(ledger.charge(1, 2, 'bb'), undefined);
    const other = ledgerOn(store, folderOf('d', 'mnist'), { session: 's2' });
    assert.equal(other.charge(1, 1, 'aa'), undefined);
    assert.equal(store.entries.length, 3);
    assert.ok(Math.abs(other.spent - epsilonAfter(3)) < 1e-9);
  });

  it('takes another identity, and other data, for another account', () => {
    const store = memoryLedger();
    ledgerOn(store, folderOf('d', 'mnist')).charge(1, 1, 'aa');
    assert.equal(ledgerOn(store, folderOf('d', 'mnist'), { identity: 'a2' }).spent, 0);
    assert.equal(ledgerOn(store, folderOf('e', 'mnist')).spent, 0);
  });

  it('does not begin anew when a folder has changed, or has moved', () => {
    const store = memoryLedger();
    ledgerOn(store, folderOf('d', '/images')).charge(1, 1, 'aa');
    const one = epsilonAfter(1);
    assert.ok(Math.abs(ledgerOn(store, folderOf('with one more', '/images')).spent - one) < 1e-9);
    assert.ok(Math.abs(ledgerOn(store, folderOf('d', '/moved')).spent - one) < 1e-9);
    assert.equal(ledgerOn(store, folderOf('e', '/elsewhere')).spent, 0);
  });

  it('charges all accounts or none: one without budget left is enough to refuse', () => {
    const store = memoryLedger();
    const budget = epsilonAfter(1) * 1.01;
    ledgerOn(store, folderOf('d', '/images')).charge(1, 1, 'aa');
    const changed = ledgerOn(store, folderOf('with one more', '/images'), { session: 's2', budget });
    const { refused } = changed.charge(1, 1, 'bb')!;
    assert.equal(refused.error.code, 'privacy-budget-spent');
    const { spent, after } = refused.error.details;
    assert.ok(Math.abs(spent - epsilonAfter(1)) < 1e-9 && Math.abs(after - epsilonAfter(2)) < 1e-9);
    assert.equal(store.entries.length, 2);
    // what was charged already may be sent again
    const same = ledgerOn(store, folderOf('d', '/images'), { budget });
    assert.equal(same.charge(1, 2, 'aa'), undefined);
  });

  it('tells what the rounds that are left come to, and how many of them the budget allows', () => {
    const store = memoryLedger();
    ledgerOn(store, folderOf('d', 'mnist')).charge(1, 1, 'aa');
    const budget = epsilonAfter(3) * 1.001;
    const told = ledgerOn(store, folderOf('d', 'mnist'), { session: 's2', budget }).planned(5);
    assert.ok(Math.abs(told.epsilon - epsilonAfter(6)) < 1e-9);
    assert.ok(Math.abs(told.spent! - epsilonAfter(1)) < 1e-9);
    assert.deepEqual([told.roundsWithin, told.budget, told.honest], [2, budget, 2]);
    // in each number of a mean of four sqrt(2) / 2 of noise, over the root of 10 rounds
    assert.equal(told.harm, 'ruin');
    const free = ledgerOn(store, folderOf('d', 'mnist')).planned(5);
    assert.deepEqual([free.roundsWithin, free.budget], [5, null]);
  });
});
