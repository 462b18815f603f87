/**
 * Trains a model for an attack in calls so short that the pictures keep moving: each call takes a few hundred images, and
 * its optimiser starts afresh, as a client's does in every round. Where an experiment asks for one optimiser from the
 * first step to the last, trainVictim() (victim.ts) does it, and nobody sees anything meanwhile.
 */
import type { ClientOptimiser, TrainableModel } from '../model/engine.ts';
import { randomStream, shuffle, streamState } from '../random/stream.ts';

export interface SteadyPlan {
  /** [parameters]: where training starts. */
  readonly start: Float32Array;
  /** Which of the model's training images it learns from. */
  readonly indices: Uint32Array;
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimiser: ClientOptimiser;
  readonly seed: number;
  /** Of the random streams: the attack's name, and what tells several trainings apart. */
  readonly labels: readonly (string | number)[];
}

export interface SteadyTraining {
  /** 0 .. 1: how far it is. */
  readonly done: number;
  readonly weights: Float32Array;
  readonly epoch: number;
  /** Of the images of the last call, as seen while training. */
  readonly loss: number;
  readonly accuracy: number;
}

/** Images of one call: some 0.1 s of the largest preset. */
const imagesAtOnce = 384;

/** Yields after every call. Throws what the engine throws for a task that it cannot carry out. */
export async function* trainSteadily(
  model: TrainableModel,
  plan: SteadyPlan,
): AsyncGenerator<SteadyTraining, Float32Array, void> {
  const { epochs, batchSize, optimiser, seed, labels } = plan;
  const order = randomStream(seed, 'attack', ...labels, 'order');
  const indices = plan.indices.slice();
  const calls = Math.ceil(indices.length / imagesAtOnce);
  // Of equal length, so that no call is left with a handful.
  const chunk = Math.ceil(indices.length / calls);
  let { start: weights } = plan;
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    shuffle(indices, order);
    for (let call = 0; call < calls; call += 1) {
      const result = await model.train({
        weights,
        indices: indices.slice(call * chunk, (call + 1) * chunk),
        epochs: 1,
        batchSize,
        optimiser,
        proximalMu: 0,
        shuffleState: streamState(seed, 'attack', ...labels, 'order', epoch, call),
        dropoutState: streamState(seed, 'attack', ...labels, 'dropout', epoch, call),
      });
      ({ weights } = result);
      const done = (epoch + (call + 1) / calls) / epochs;
      yield { done, weights, epoch, loss: result.loss, accuracy: result.accuracy };
    }
  }
  return weights;
}
