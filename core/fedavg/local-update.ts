/**
 * A client's part of FedAvg: the training task that a round's parameters ask of it, and the quantised update that it
 * makes of the trained weights. Client number and round key the random streams, so that the same seed gives the same
 * vector on whatever machine the client runs.
 */
import type { RandomSource } from '../crypto/random.ts';
import type { TrainingResult, TrainingTask } from '../model/engine.ts';
import { type PrivacyPlan, privatise } from '../privacy/mechanism.ts';
import { clipAndRound } from '../privacy/sensitivity.ts';
import { WordPool } from '../privacy/word-pool.ts';
import { randomStream, streamState } from '../random/stream.ts';
import type { InputVector } from '../secagg/client-events.ts';
import { floatVector } from '../secagg/float-vector.ts';
import { reduce } from '../secagg/masks.ts';
import type { RoundParameters } from '../secagg/parameters.ts';
import { privacyPlanOf } from '../secagg/privacy-plan.ts';
import { clientWeight, quantise } from '../secagg/quantise.ts';

export interface LocalUpdate {
  /** [d] local weights minus global weights. */
  readonly update: Float32Array;
  readonly weight: number;
  /** As it goes under the masks. */
  readonly vector: InputVector;
  /** L2 norm of the update; under differential privacy only. */
  readonly norm?: number;
}

/** What noise needs of a client's round beside the parameters. */
export interface NoisedTurn {
  /** False where the client's own coin leaves it out: it sends the noise alone. */
  readonly selected: boolean;
  /** C of this round. */
  readonly clippingNorm: number;
  /** Where noise and rounding come from: the system's generator in sessions, never the run's seed. */
  readonly random: RandomSource;
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
    ...taskLoss(parameters),
    shuffleState: streamState(seed, 'shuffle', client, round),
    dropoutState: streamState(seed, 'dropout', client, round),
  };
}

/** The plain cross-entropy is a task's when it names none. */
export function taskLoss({ loss }: Pick<RoundParameters, 'loss'>): Pick<TrainingTask, 'loss'> {
  return loss === 'categorical-crossentropy' ? {} : { loss };
}

/**
 * before: [d], where training started. turn: needed under differential privacy, and used there alone; whoever is left out
 * by its coin counts all the same. Throws 'update-refused' when training gave values that are not finite.
 */
export function localUpdate(
  parameters: RoundParameters,
  before: Float32Array,
  trained: TrainingResult,
  client: number,
  round: number,
  turn?: NoisedTurn,
): LocalUpdate {
  const { weights, weightCap, quantisation, seed } = parameters;
  const update = trained.weights.map((value, index) => value - before[index]!);
  const plan = privacyPlanOf(parameters);
  if (plan !== undefined) {
    if (turn === undefined) throw new TypeError('a noised update needs its noise');
    return noisedUpdate(update, plan, turn);
  }
  const weight = clientWeight(trained.examples, weights, weightCap);
  const contribution = { update, weight, loss: trained.loss, accuracy: trained.accuracy };
  const vector = quantisation
    ? quantise(contribution, parameters, randomStream(seed, 'rounding', client, round)).vector
    : floatVector(contribution, weightCap);
  return { update, weight, vector };
}

/** A client's own coin leaves it out: it adds noise like everyone, after as much work, so that no clock tells. */
function noisedUpdate(update: Float32Array, plan: PrivacyPlan, turn: NoisedTurn): LocalUpdate {
  const { selected, random, clippingNorm } = turn;
  if (selected) {
    const { vector, norm } = privatise(update, plan, random, clippingNorm);
    return { update, weight: 1, norm, vector: modulo(vector, plan.bits) };
  }
  const words = new WordPool(random, update.length);
  const norm = clipAndRound(update, clippingNorm, plan.clipUnits, words, new Int32Array(update.length));
  words.erase();
  return { update, weight: 0, norm, vector: leftOutVector(plan, random) };
}

/** What a client sends under differential privacy that its coin leaves out: its noise alone. */
export function leftOutVector(plan: PrivacyPlan, random: RandomSource): InputVector {
  return modulo(privatise(undefined, plan, random).vector, plan.bits);
}

function modulo(vector: Int32Array<ArrayBuffer>, bits: number): Uint32Array {
  const words = new Uint32Array(vector.buffer);
  reduce(words, bits);
  return words;
}
