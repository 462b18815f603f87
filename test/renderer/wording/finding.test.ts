import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ComparisonResult, ComparisonRow } from '../../../core/contract/run-result.ts';
import { findingOf } from '../../../renderer/wording/finding.ts';
import { textsOf } from '../../../renderer/messages/translate.ts';
import { sampleComparison, sampleSimulation } from '../../main/report/sample-results.ts';

const english = textsOf('en');
const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');
const headline = (...parameters: Parameters<typeof findingOf>): string =>
  plain(findingOf(...parameters).headline);

/** A comparison with given accuracies: centralised, one client, together. */
function comparison(accuracies: Readonly<Record<ComparisonRow['name'], number>>): ComparisonResult {
  const sample = sampleComparison();
  return { ...sample, rows: sample.rows.map((row) => ({ ...row, accuracy: accuracies[row.name] })) };
}

describe('findingOf()', () => {
  it('states how far the clients are from all the data, in points to one decimal', () => {
    const result = comparison({ centralised: 0.9923, 'single-client': 0.9633, federated: 0.9801 });
    assert.equal(
      headline(result, english),
      'Twenty clients with 5 % each come within 1.2 points of all the data in one place.',
    );
    assert.equal(
      headline(result, textsOf('fr')),
      'Vingt clients ayant chacun 5 % des données arrivent à 1,2 point de toutes les données réunies.',
    );
  });

  const cases = [
    [0.99, 0.95, 0.9902, 'match all the data'],
    [0.98, 0.95, 0.983, 'end 0.3 points above'],
    [0.99, 0.8, 0.91, 'stay 8 points below'],
    [0.99, 0.97, 0.95, 'do worse together than one of them alone, by 2 points'],
  ] as const;
  for (const [centralised, alone, federated, expected] of cases)
    it(`says that the clients ${expected}`, () => {
      const result = comparison({ centralised, 'single-client': alone, federated });
      assert.ok(headline(result, english).includes(expected), headline(result, english));
    });

  it('does not speak of equal shares when the data are dealt unequally', () => {
    assert.match(
      headline(sampleComparison({ settings: { partition: 'dirichlet:0.1' } }), english),
      /^Twenty clients with unequal data/,
    );
  });

  it('sets a simulation beside what guessing gets', () => {
    const { headline, support } = findingOf(sampleSimulation(), english);
    assert.match(plain(headline), /^Twenty clients get 97\.9 % of the test images right\.$/);
    assert.match(plain(support.join(' ')), /most frequent class would get 10 % right/);
  });

  it('begins with the cancellation or abort, whatever the figures', () => {
    assert.match(
      headline(sampleComparison({ roundsDone: 2, ended: 'cancelled' }), english),
      /^Cancelled after 2 of 5 rounds, at 96\.2 %/,
    );
    assert.match(
      headline(sampleSimulation({ roundsDone: 0, ended: 'cancelled' }), english),
      /^Cancelled before the first round ended/,
    );
    assert.match(
      headline(sampleSimulation({ roundsDone: 3, ended: 'round-burnt' }), english),
      /^Aborted in round 4 of 5/,
    );
    assert.match(
      headline(sampleSimulation({ roundsDone: 0, ended: 'too-few-clients' }), english),
      /^Aborted in the first round/,
    );
  });

  it('calls a run that reached its target whole', () => {
    const result = sampleSimulation({
      settings: { target: 0.97, rounds: 10 },
      roundsDone: 3,
      ended: 'target',
    });
    assert.equal(headline(result, english), 'Twenty clients reach the target of 97 % after 3 rounds.');
  });

  it('claims exact sums only when every round was checked and equal', () => {
    const whole = sampleSimulation();
    const support = (result: typeof whole): string => findingOf(result, english).support.join(' ');
    assert.match(support(whole), /Every unmasked sum equals/);
    const broken = {
      ...whole,
      rounds: whole.rounds.map((round, index) => ({ ...round, exactSum: index !== 2 })),
    };
    assert.match(support(broken), /In 1 round the unmasked sum differs/);
    assert.doesNotMatch(support(sampleSimulation({ settings: { quantisation: false } })), /equals/);
    assert.doesNotMatch(
      support(sampleSimulation({ settings: { masks: false } })),
      /equals|masked and signed/,
    );
  });
});
