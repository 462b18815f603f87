/** The coordinator's part of FedAvg: from the unmasked sum to the new model. */
import { readFloatSum } from '../secagg/float-vector.ts';
import type { RoundParameters } from '../secagg/parameters.ts';
import { type AggregatedUpdate, dequantise } from '../secagg/quantise.ts';
import { type ServerOptimiserState, type ServerStep, applyMeanUpdate } from './server-optimiser.ts';

/** The mean update and metrics that a sum [vectorLength] over U3 stands for. */
export function readAggregate(sum: Int32Array | Float64Array, parameters: RoundParameters): AggregatedUpdate {
  return sum instanceof Int32Array
    ? dequantise(sum, parameters)
    : readFloatSum(sum, parameters.parameterCount, parameters.weightCap);
}

/** The model after the update; the same model where no weight came. weights: [d]. */
export function applyAggregate(
  update: AggregatedUpdate,
  parameters: RoundParameters,
  weights: Float32Array<ArrayBuffer>,
  state: ServerOptimiserState,
): ServerStep {
  return update.meanUpdate === undefined
    ? { weights, state }
    : applyMeanUpdate(parameters.serverOptimiser, state, weights, update.meanUpdate);
}
