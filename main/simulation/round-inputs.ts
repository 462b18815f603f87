/**
 * What the clients of a simulated round put in, kept for as long as the round lasts: it is how a simulation can check,
 * as nobody in a real session could, that the unmasked sum is the sum of the inputs.
 */
import type { RoundResult } from '../../core/contract/run-result.ts';
import type { LocalUpdate } from '../../core/fedavg/local-update.ts';
import type { Aggregate } from '../../core/secagg/coordinator-events.ts';
import { aggregateErrorBound, centredLift, type QuantisationRule } from '../../core/secagg/quantise.ts';

/** One client's. */
export type RoundInput = LocalUpdate;

export type RoundInputs = ReadonlyMap<number, RoundInput>;

/** The unmasked sum equals the sum of the quantised inputs of U3, element by element; null without quantisation. */
export function isExactSum({ sum, u3 }: Aggregate, inputs: RoundInputs, bits: number): boolean | null {
  if (!(sum instanceof Int32Array)) return null;
  const expected = new Int32Array(sum.length);
  for (const client of u3) {
    const vector = inputs.get(client)?.vector;
    if (!(vector instanceof Uint32Array)) return false;
    const lifted = centredLift(vector, bits);
    for (let index = 0; index < expected.length; index += 1) expected[index]! += lifted[index]!;
  }
  return expected.every((value, index) => value === sum[index]);
}

/** How far the mean update is from the float mean of the clamped updates, and how far it may be. */
export function quantisationError(
  meanUpdate: Float64Array | undefined,
  { u3 }: Aggregate,
  inputs: RoundInputs,
  rule: QuantisationRule,
): RoundResult['quantisationError'] {
  if (meanUpdate === undefined) return null;
  const { clipBound } = rule;
  const sum = new Float64Array(meanUpdate.length);
  let weightSum = 0;
  for (const client of u3) {
    const input = inputs.get(client);
    if (input === undefined) return null;
    weightSum += input.weight;
    for (let index = 0; index < sum.length; index += 1) {
      const value = input.update[index]!;
      sum[index]! += input.weight * (value > clipBound ? clipBound : value < -clipBound ? -clipBound : value);
    }
  }
  let largest = 0;
  for (let index = 0; index < sum.length; index += 1)
    largest = Math.max(largest, Math.abs(meanUpdate[index]! - sum[index]! / weightSum));
  return { largest, bound: aggregateErrorBound(rule, u3.length, weightSum) };
}
