/** Local training on a tf.js backend: epochs, batches, gradients, the FedProx term. */
import * as tf from '@tensorflow/tfjs-core';
import type { LabelledImages } from '../../datasets/dataset.ts';
import { shuffle, streamFromState, type RandomStream } from '../../random/generator.ts';
import type { OnBatch, TrainingResult, TrainingTask } from '../engine.ts';
import { batchLoss, hasOwnLoss } from '../losses.ts';
import { softCrossEntropy } from '../soft-cross-entropy.ts';
import { requireFiniteLoss, requireFiniteWeights } from '../task-checks.ts';
import { batchOf, lossFrom, score } from './inference.ts';
import type { Network } from './network.ts';
import type { CreateOptimiser, Optimiser } from './optimisers.ts';

export function train(
  network: Network,
  createOptimiser: CreateOptimiser,
  images: LabelledImages,
  task: TrainingTask,
  onBatch: OnBatch | undefined,
): TrainingResult {
  network.setWeights(task.weights);
  // Fresh for every task: a client's optimiser keeps nothing from one round to the next.
  const optimiser = createOptimiser(task.optimiser, network.trained);
  const start = task.proximalMu === 0 ? [] : network.trained.map((variable) => tf.clone(variable));
  try {
    return runEpochs(network, images, task, optimiser, start, onBatch);
  } finally {
    optimiser.dispose();
    tf.dispose(start);
  }
}

function runEpochs(
  network: Network,
  images: LabelledImages,
  task: TrainingTask,
  optimiser: Optimiser,
  /** The weights at the start, for the FedProx term. */
  start: readonly tf.Tensor[],
  onBatch: OnBatch | undefined,
): TrainingResult {
  /** Places among the task's examples. */
  const order = Uint32Array.from(task.indices.keys());
  const ownLoss = hasOwnLoss(task);
  const orderStream = streamFromState(task.shuffleState);
  const dropout = streamFromState(task.dropoutState);
  const examplesTotal = order.length * task.epochs;
  const epochWeights: Float32Array[] = [];
  let steps = 0;
  let examplesDone = 0;
  let seen = { lossSum: 0, correct: 0 };
  for (let epoch = 0; epoch < task.epochs; epoch += 1) {
    shuffle(order, orderStream);
    seen = { lossSum: 0, correct: 0 };
    for (let first = 0; first < order.length; first += task.batchSize) {
      const places = order.subarray(first, first + task.batchSize);
      const rows = places.map((place) => task.indices[place]!);
      let ownLosses: Float32Array | undefined;
      const gradientAt = (logits: Float32Array): Float32Array => {
        const found = batchLoss(task, images.labels, places, logits);
        ownLosses = found.losses;
        return found.gradient;
      };
      const logits = tf.tidy(() => {
        const { gradients, logits } = lossGradients(
          network,
          images,
          rows,
          dropout,
          ownLoss ? gradientAt : undefined,
        );
        addProximalTerm(gradients, network.trained, start, task.proximalMu);
        optimiser.apply(gradients);
        return logits;
      });
      let index = 0;
      score(logits, images, rows, network.architecture.classes, (loss, _row, correct) => {
        seen.lossSum += ownLosses?.[index++] ?? loss;
        seen.correct += correct ? 1 : 0;
      });
      steps += 1;
      requireFiniteLoss(seen.lossSum, steps);
      examplesDone += rows.length;
      onBatch?.({ examplesDone, examplesTotal });
    }
    if (task.everyEpoch === true) epochWeights.push(network.getWeights());
  }
  const weights = network.getWeights();
  const loss = seen.lossSum / order.length;
  requireFiniteWeights(weights, steps, loss);
  const accuracy = seen.correct / order.length;
  return { weights, loss, accuracy, steps, examples: order.length, epochWeights };
}

/**
 * Gradients of the loss over the given rows, by the name of every trained variable, and the logits [batch x classes]. As
 * while training (Network.logits) when dropout has a stream to draw from. gradientAt: the loss's gradient at the logits;
 * left out: that of the mean cross-entropy to the labels. Call within tf.tidy.
 */
export function lossGradients(
  network: Network,
  images: LabelledImages,
  rows: Uint32Array,
  dropout: RandomStream | undefined,
  gradientAt?: (logits: Float32Array) => Float32Array,
): { gradients: tf.NamedTensorMap; logits: Float32Array } {
  const { classes } = network.architecture;
  const batch = batchOf(network, images, rows);
  const targets = new Float32Array(rows.length * classes);
  for (const [index, row] of rows.entries()) targets[index * classes + images.labels[row]!] = 1 / rows.length;
  let logits: Float32Array = new Float32Array();
  const { grads: gradients } = tf.variableGrads(
    () =>
      lossFrom(network.logits(batch, dropout), (values) => {
        logits = values;
        return gradientAt?.(values) ?? softCrossEntropy(values, targets, classes).gradient;
      }),
    [...network.trained],
  );
  return { gradients, logits };
}

/** Adds mu (w - w_start), the gradient of the FedProx term. */
function addProximalTerm(
  gradients: tf.NamedTensorMap,
  variables: readonly tf.Variable[],
  start: readonly tf.Tensor[],
  mu: number,
): void {
  if (mu === 0) return;
  for (const [index, variable] of variables.entries()) {
    const gradient = gradients[variable.name]!;
    gradients[variable.name] = tf.add(gradient, tf.mul(mu, tf.sub(variable, start[index]!)));
  }
}
