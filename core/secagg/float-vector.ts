/**
 * The vector of a client where quantisation is off (demonstrations only, nothing masked): the same slots as a quantised
 * vector (core/secagg/vector-layout.ts), as float32, summed in float64 in roster order.
 */
import type { AggregatedUpdate, Contribution } from './quantise.ts';
import { slotIndex, vectorLengthOf } from './vector-layout.ts';

/** [d + 5]: the update times weight over weight cap, then the slots. */
export function floatVector(contribution: Contribution, weightCap: number): Float32Array<ArrayBuffer> {
  const { update, weight, loss, accuracy } = contribution;
  const d = update.length;
  const ratio = weight / weightCap;
  const vector = new Float32Array(vectorLengthOf(d));
  for (let index = 0; index < d; index += 1) vector[index] = update[index]! * ratio;
  vector[slotIndex(d, 'exampleCount')] = weight;
  vector[slotIndex(d, 'lossSum')] = weight * loss;
  vector[slotIndex(d, 'correctCount')] = weight * accuracy;
  vector[slotIndex(d, 'selected')] = 1;
  return vector;
}

/** What the sum [d + 5] of such vectors stands for. */
export function readFloatSum(sum: Float64Array, parameterCount: number, weightCap: number): AggregatedUpdate {
  const slot = (name: Parameters<typeof slotIndex>[1]): number => sum[slotIndex(parameterCount, name)]!;
  const weightSum = slot('exampleCount');
  const mean = (value: number): number => (weightSum > 0 ? value / weightSum : 0);
  return {
    meanUpdate:
      weightSum > 0
        ? sum.slice(0, parameterCount).map((value) => (value * weightCap) / weightSum)
        : undefined,
    weightSum,
    loss: mean(slot('lossSum')),
    accuracy: mean(slot('correctCount')),
    clippedShare: 0,
    selected: slot('selected'),
  };
}
