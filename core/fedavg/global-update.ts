/** The coordinator's part of FedAvg: from the unmasked sum to the new model. */
import type { RoundResult } from '../contract/run-result.ts';
import { soundVariances, type StatisticRange } from '../model/moving-statistics.ts';
import { readFloatSum } from '../secagg/float-vector.ts';
import { type NoisedRound, type NoisedUpdate, noisedSumFault, readNoisedSum } from '../secagg/noised-sum.ts';
import type { RoundParameters } from '../secagg/parameters.ts';
import {
  type AggregatedUpdate,
  type AggregateFault,
  aggregateFault,
  dequantise,
} from '../secagg/quantise.ts';
import { privacyPlanOf } from '../secagg/privacy-plan.ts';
import { type ServerOptimiserState, type ServerStep, applyMeanUpdate } from './server-optimiser.ts';

/** What a sum over U3 stands for; under differential privacy without figures of the clients'. */
export type SummedUpdate = AggregatedUpdate | NoisedUpdate;

/** noised: needed under differential privacy, and used there alone. */
export function readAggregate(
  sum: Int32Array | Float64Array,
  parameters: RoundParameters,
  noised?: NoisedRound,
): SummedUpdate {
  if (!(sum instanceof Int32Array)) return readFloatSum(sum, parameters.parameterCount, parameters.weightCap);
  const plan = privacyPlanOf(parameters);
  if (plan === undefined) return dequantise(sum, parameters);
  if (noised === undefined) throw new TypeError('a noised sum is read by what is public of its round');
  return readNoisedSum(sum, plan, noised);
}

/** The first part of a quantised sum that no honest clients can have brought about. update: what was read from it. */
export function sumFault(
  sum: Int32Array,
  update: SummedUpdate,
  survivors: number,
  parameters: RoundParameters,
): AggregateFault | undefined {
  const plan = privacyPlanOf(parameters);
  if (plan !== undefined) return noisedSumFault(sum, plan, survivors);
  return update.loss === null ? undefined : aggregateFault(update, survivors, parameters);
}

/** What a result tells of the clients' figures. */
export function reportedFigures(update: SummedUpdate): Pick<RoundResult, 'clippedRate' | 'reported'> {
  if (update.loss === null) return { clippedRate: null, reported: null };
  const { loss, accuracy, weightSum: examples, selected, clippedShare } = update;
  return { clippedRate: clippedShare, reported: { loss, accuracy, examples, selected } };
}

/**
 * The model after the update; the same model where no weight came. weights: [d]. statistics: which of them are moving
 * statistics. These are averaged whatever the server's optimiser: they are no descent, and a running sum or a step of a size
 * of its own would carry them to where no client's data lie. Noise can leave a variance below zero: it becomes zero.
 */
export function applyAggregate(
  { meanUpdate }: SummedUpdate,
  { serverOptimiser }: RoundParameters,
  weights: Float32Array<ArrayBuffer>,
  state: ServerOptimiserState,
  statistics: readonly StatisticRange[],
): ServerStep {
  if (meanUpdate === undefined) return { weights, state };
  const step = applyMeanUpdate(serverOptimiser, state, weights, meanUpdate);
  for (const { start, end } of statistics)
    for (let at = start; at < end; at += 1) step.weights[at] = weights[at]! + meanUpdate[at]!;
  return { ...step, weights: soundVariances(step.weights, statistics) };
}
