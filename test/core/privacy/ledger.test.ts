import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { epsilonOfGaussian } from '../../../core/privacy/accountant.ts';
import {
  type Charge,
  type LedgerEntry,
  charge,
  releasesLeft,
  spentOn,
} from '../../../core/privacy/ledger.ts';

const release = { samplingRate: 1, noiseMultiplier: 1, excess: 0 };
const first: LedgerEntry = {
  identity: 'ada',
  dataset: 'mnist',
  session: 'one',
  round: 1,
  attempt: 1,
  vectorDigest: 'a1',
  release,
};
const budget = { epsilon: 12.31, delta: 1e-5 };

/** Charges one vector after the other, as a client would; returns what came of each. */
function chargeAll(entries: readonly LedgerEntry[]): {
  outcomes: Charge['outcome'][];
  ledger: LedgerEntry[];
} {
  const ledger: LedgerEntry[] = [];
  const outcomes = entries.map((entry) => {
    const result = charge(ledger, entry, budget);
    if (result.outcome === 'charged') ledger.push(result.entry);
    return result.outcome;
  });
  return { outcomes, ledger };
}

const rounds = (count: number, from = 1): LedgerEntry[] =>
  Array.from({ length: count }, (_, index) => ({
    ...first,
    round: from + index,
    vectorDigest: `round ${from + index}`,
  }));

describe('charge', () => {
  it('goes up to the budget and no further: z = 1 for 5 rounds is 12.30', () => {
    const { outcomes, ledger } = chargeAll(rounds(7));
    assert.deepEqual(outcomes, [...new Array<string>(5).fill('charged'), 'refused', 'refused']);
    const { epsilon } = epsilonOfGaussian({ ...release, rounds: 5, delta: 1e-5 });
    assert.equal(spentOn(ledger, first, 1e-5).epsilon, epsilon);
  });

  it('refuses by code, with what is spent, would be, and is allowed', () => {
    const { ledger } = chargeAll(rounds(5));
    const result = charge(ledger, rounds(1, 6)[0]!, budget);
    assert.ok(result.outcome === 'refused');
    assert.equal(result.error.code, 'privacy-budget-spent');
    const { spent, after, budget: allowed, delta } = result.error.details;
    assert.ok(spent <= 12.31 && after > 12.31);
    assert.deepEqual([allowed, delta], [12.31, 1e-5]);
    assert.equal(result.spent.epsilon, spent);
  });

  it('does not charge the same vector again in another attempt, not even past the budget', () => {
    const { ledger } = chargeAll(rounds(5));
    const again = charge(ledger, { ...rounds(5)[4]!, attempt: 2 }, budget);
    assert.equal(again.outcome, 'already-charged');
    assert.equal(again.spent.epsilon, spentOn(ledger, first, 1e-5).epsilon);
  });

  it('charges another vector of the same round, another round on the same model, and the same in another session', () => {
    const others = [
      { ...first, vectorDigest: 'b2' },
      { ...first, round: 2 },
      { ...first, session: 'two' },
    ];
    const { outcomes } = chargeAll([first, ...others]);
    assert.deepEqual(outcomes, ['charged', 'charged', 'charged', 'charged']);
  });

  it('goes on across sessions, and keeps identities and data sets apart', () => {
    const { ledger } = chargeAll([...rounds(3), ...rounds(2).map((entry) => ({ ...entry, session: 'two' }))]);
    assert.equal(charge(ledger, { ...first, session: 'three' }, budget).outcome, 'refused');
    assert.equal(charge(ledger, { ...first, identity: 'ben', session: 'three' }, budget).outcome, 'charged');
    assert.equal(
      charge(ledger, { ...first, dataset: 'drawings', session: 'three' }, budget).outcome,
      'charged',
    );
    assert.equal(spentOn(ledger, { identity: 'ben', dataset: 'mnist' }, 1e-5).epsilon, 0);
  });

  it('composes rounds of different noise tighter than their epsilons add up', () => {
    const entries = [first, { ...first, round: 2, release: { ...release, noiseMultiplier: 2 } }];
    const { ledger } = chargeAll(entries);
    const together = spentOn(ledger, first, 1e-5).epsilon;
    const apart = entries.map(({ release: { noiseMultiplier } }) =>
      epsilonOfGaussian({ samplingRate: 1, noiseMultiplier, rounds: 1, delta: 1e-5 }),
    );
    assert.ok(together > apart[0]!.epsilon && together < apart[0]!.epsilon + apart[1]!.epsilon);
  });

  it('refuses the first vector of a session whose single round is beyond the budget', () => {
    const loud = { ...first, release: { ...release, noiseMultiplier: 0.1 } };
    assert.deepEqual(chargeAll([loud]), { outcomes: ['refused'], ledger: [] });
  });
});

describe('releasesLeft', () => {
  it('counts what charge() would allow', () => {
    const { ledger } = chargeAll(rounds(2));
    assert.equal(releasesLeft(ledger, first, release, budget, 100), 3);
    assert.equal(releasesLeft(ledger, first, release, budget, 2), 2);
    assert.equal(releasesLeft([], first, { ...release, noiseMultiplier: 0.1 }, budget, 9), 0);
  });
});
