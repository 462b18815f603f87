/**
 * A client's part of FedAvg: the training task that a round's parameters ask of it, and the quantised update that it
 * makes of the trained weights. Client number and round key the random streams, so that the same seed gives the same
 * vector on whatever machine the client runs.
 */
import type { TrainingResult, TrainingTask } from '../model/engine.ts';
import { randomStream, streamState } from '../random/stream.ts';
import type { InputVector } from '../secagg/client-events.ts';
import { floatVector } from '../secagg/float-vector.ts';
import type { RoundParameters } from '../secagg/parameters.ts';
import { clientWeight, quantise } from '../secagg/quantise.ts';

export interface LocalUpdate {
  /** [d] local weights minus global weights. */
  readonly update: Float32Array;
  readonly weight: number;
  /** As it goes under the masks. */
  readonly vector: InputVector;
}

/** weights: [d], where training starts; indices: which training images are this client's. */
export function localTrainingTask(
  parameters: RoundParameters,
  weights: Float32Array,
  indices: Uint32Array,
  client: number,
  round: number,
): TrainingTask {
  const { epochs, batch, optimiser, proximalMu, seed } = parameters;
  return {
    weights,
    indices,
    epochs,
    batchSize: batch,
    optimiser,
    proximalMu,
    shuffleState: streamState(seed, 'shuffle', client, round),
    dropoutState: streamState(seed, 'dropout', client, round),
  };
}

/** before: [d], where training started. Throws 'update-refused' when training gave values that are not finite. */
export function localUpdate(
  parameters: RoundParameters,
  before: Float32Array,
  trained: TrainingResult,
  client: number,
  round: number,
): LocalUpdate {
  const { weights, weightCap, quantisation, seed } = parameters;
  const update = trained.weights.map((value, index) => value - before[index]!);
  const weight = clientWeight(trained.examples, weights, weightCap);
  const contribution = { update, weight, loss: trained.loss, accuracy: trained.accuracy };
  const vector = quantisation
    ? quantise(contribution, parameters, randomStream(seed, 'rounding', client, round)).vector
    : floatVector(contribution, weightCap);
  return { update, weight, vector };
}
