import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  confusionFigures,
  isReferenceExperiment,
  majorityBaseline,
  phaseMeans,
  ranges,
} from '../../../core/results/figures.ts';
import { sampleSimulation } from '../../main/report/sample-results.ts';

describe('confusionFigures()', () => {
  it('reads rows as the truth and columns as the answer', () => {
    const { classes, errors, errorCount } = confusionFigures([8, 2, 1, 9], 2);
    assert.deepEqual(
      classes.map(({ images, recall, precision }) => [images, recall, precision]),
      [
        [10, 0.8, 8 / 9],
        [10, 0.9, 9 / 11],
      ],
    );
    assert.deepEqual(errors, [
      { actual: 0, predicted: 1, count: 2 },
      { actual: 1, predicted: 0, count: 1 },
    ]);
    assert.equal(errorCount, 3);
  });

  it('has no NaN for a class without images or answers', () => {
    const { classes } = confusionFigures([0, 0, 0, 5], 2);
    assert.deepEqual(classes[0], { index: 0, images: 0, recall: 0, precision: 0, f1: 0 });
  });
});

describe('majorityBaseline()', () => {
  it('equals the scores of a matrix with all answers in the largest class', () => {
    const [round] = sampleSimulation({ roundsDone: 1 }).rounds;
    assert.ok(round !== undefined);
    const { accuracy, f1Weighted } = majorityBaseline({ ...round, confusion: [30, 0, 5, 5] }, 2);
    const guessing = confusionFigures([30, 0, 10, 0], 2);
    assert.equal(accuracy, 0.75);
    assert.ok(Math.abs(f1Weighted - 0.75 * (guessing.classes[0]?.f1 ?? 0)) < 1e-12);
  });
});

describe('phaseMeans()', () => {
  it('divides by the rounds, also those in which a phase is missing', () => {
    const { rounds } = sampleSimulation({ roundsDone: 2 });
    const [first, second] = rounds;
    assert.ok(first !== undefined && second !== undefined);
    const means = phaseMeans([first, { ...second, phases: [] }]);
    assert.equal(means.find((phase) => phase.phase === 'share-keys')?.clientMs, 3.1);
    assert.equal(means.length, 6);
  });
});

describe('isReferenceExperiment()', () => {
  it('holds for the defaults, whatever seed, processes and protections', () => {
    assert.equal(isReferenceExperiment(sampleSimulation()), true);
    assert.equal(
      isReferenceExperiment(
        sampleSimulation({ settings: { seed: 9, masks: false, keyAgreement: 'modp14' } }),
      ),
      true,
    );
  });

  it('does not hold for other learning, other data or a run that ended early', () => {
    for (const settings of [
      { clients: 10 },
      { drop: 0.1 },
      { learningRate: 0.01 },
      { dataset: './mine' },
      { rounds: 6 },
    ])
      assert.equal(isReferenceExperiment(sampleSimulation({ settings })), false);
    assert.equal(isReferenceExperiment(sampleSimulation({ roundsDone: 3, ended: 'cancelled' })), false);
  });
});

describe('ranges()', () => {
  it('joins neighbours', () => {
    assert.deepEqual(ranges([7, 1, 2, 3, 9, 10]), ['1–3', '7', '9, 10']);
  });

  it('names exactly the numbers given', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 })), (numbers) => {
        const named = ranges(numbers).flatMap((part) =>
          part.split(', ').flatMap((range) => {
            const [first = 0, last = first] = range.split('–').map(Number);
            return Array.from({ length: last - first + 1 }, (_, index) => first + index);
          }),
        );
        assert.deepEqual(
          named,
          [...new Set(numbers)].sort((first, second) => first - second),
        );
      }),
    );
  });
});
