/** What the coordinator makes of a sum where the model has moving statistics. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyAggregate } from '../../../core/fedavg/global-update.ts';
import {
  DEFAULT_SERVER_OPTIMISERS,
  applyMeanUpdate,
  initialServerState,
  type ServerOptimiser,
} from '../../../core/fedavg/server-optimiser.ts';
import type { StatisticRange } from '../../../core/model/moving-statistics.ts';
import type { RoundParameters } from '../../../core/secagg/parameters.ts';

const statistics: readonly StatisticRange[] = [
  { start: 1, end: 3, statistic: 'mean' },
  { start: 3, end: 5, statistic: 'variance' },
];
const weights = Float32Array.of(0.5, -1, 2, 1, 0.25, 3);
const meanUpdate = Float64Array.of(0.1, 0.5, -3, 0.5, -0.75, -0.2);
const noFigures = { loss: 1, accuracy: 0, weightSum: 1, clippedShare: 0, selected: 1 };

for (const serverOptimiser of Object.values(DEFAULT_SERVER_OPTIMISERS) as ServerOptimiser[])
  test(`applyAggregate() averages moving statistics under ${serverOptimiser.kind}, round after round, and keeps variances at 0 or more`, () => {
    const parameters = { serverOptimiser } as RoundParameters;
    let step = { weights, state: initialServerState(serverOptimiser, 6) };
    let plain = step;
    for (let round = 1; round <= 3; round += 1) {
      const before = step.weights;
      step = applyAggregate({ ...noFigures, meanUpdate }, parameters, before, step.state, statistics);
      plain = applyMeanUpdate(serverOptimiser, plain.state, plain.weights, meanUpdate);
      assert.deepEqual([step.weights[0], step.weights[5]], [plain.weights[0], plain.weights[5]]);
      for (const at of [1, 2, 3]) assert.equal(step.weights[at], Math.fround(before[at]! + meanUpdate[at]!));
      // 0.25 - 0.75 would be below zero.
      assert.equal(step.weights[4], 0);
    }
  });

test('applyAggregate() leaves the model as it was where no weight came', () => {
  const parameters = { serverOptimiser: { kind: 'average' } } as RoundParameters;
  const state = initialServerState({ kind: 'average' }, 6);
  const step = applyAggregate(
    { ...noFigures, meanUpdate: undefined },
    parameters,
    weights,
    state,
    statistics,
  );
  assert.equal(step.weights, weights);
});
