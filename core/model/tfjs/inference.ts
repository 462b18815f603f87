/** What a model says of images on a tf.js backend, and how that changes with their pixels. */
import * as tf from '@tensorflow/tfjs-core';
import type { LabelledImages } from '../../datasets/dataset.ts';
import { sizeOf } from '../architecture.ts';
import type {
  EvaluationResult,
  EvaluationTask,
  Images,
  InputGradientResult,
  InputGradientTask,
} from '../engine.ts';
import { softCrossEntropy } from '../soft-cross-entropy.ts';
import type { Network } from './network.ts';

/** Images in one forward pass of an evaluation: some tens of MB of activations for the mission's CNN. */
const evaluationBatch = 100;

export function evaluate(network: Network, images: LabelledImages, task: EvaluationTask): EvaluationResult {
  const { classes } = network.architecture;
  const confusion = new Uint32Array(classes * classes);
  let lossSum = 0;
  network.setWeights(task.weights);
  for (let first = task.start; first < task.end; first += evaluationBatch) {
    const count = Math.min(evaluationBatch, task.end - first);
    const rows = Uint32Array.from({ length: count }, (_, index) => first + index);
    const logits = tf.tidy(() =>
      network.logits(batchOf(network, images, rows), undefined).dataSync<'float32'>(),
    );
    score(logits, images, rows, classes, (loss, row, _correct, predicted) => {
      lossSum += loss;
      const cell = images.labels[row]! * classes + predicted;
      confusion[cell] = confusion[cell]! + 1;
    });
  }
  return { lossSum, confusion, count: task.end - task.start };
}

export function predict(network: Network, weights: Float32Array, images: Images): Float32Array {
  const { classes } = network.architecture;
  const probabilities = new Float32Array(images.count * classes);
  network.setWeights(weights);
  for (let first = 0; first < images.count; first += evaluationBatch) {
    const count = Math.min(evaluationBatch, images.count - first);
    const rows = Uint32Array.from({ length: count }, (_, index) => first + index);
    const batch = tf.tidy(() =>
      tf.softmax(network.logits(batchOf(network, images, rows), undefined)).dataSync<'float32'>(),
    );
    probabilities.set(batch, first * classes);
  }
  return probabilities;
}

export function inputGradient(network: Network, task: InputGradientTask): InputGradientResult {
  const { input, classes } = network.architecture;
  const { count } = task;
  const pixels = sizeOf(input);
  const gradient = new Float32Array(task.images.length);
  const losses = new Float32Array(count);
  const probabilities = new Float32Array(count * classes);
  network.setWeights(task.weights);
  for (let first = 0; first < count; first += evaluationBatch) {
    const end = Math.min(first + evaluationBatch, count);
    tf.tidy(() => {
      const images = tf.tensor(task.images.slice(first * pixels, end * pixels), [end - first, ...input]);
      const targets = task.targets.subarray(first * classes, end * classes);
      const atInput = tf.grad((values) =>
        lossFrom(network.logits(values, undefined), (logits) => {
          const found = softCrossEntropy(logits, targets, classes);
          losses.set(found.losses, first);
          probabilities.set(found.probabilities, first * classes);
          return found.gradient;
        }),
      )(images);
      gradient.set(atInput.dataSync<'float32'>(), first * pixels);
    });
  }
  return { gradient, losses, probabilities };
}

/**
 * A loss that is worked out here, from the logits [batch, classes] as numbers, and of which tf.js is handed the
 * gradient: only the network is tf.js's, and the logits are read once. Its value, which nothing asks for, is 0.
 */
export function lossFrom(logits: tf.Tensor, gradientAt: (logits: Float32Array) => Float32Array): tf.Scalar {
  return tf.customGrad((values) => {
    const { shape } = values as tf.Tensor;
    const gradient = gradientAt((values as tf.Tensor).dataSync<'float32'>());
    return { value: tf.scalar(0), gradFunc: () => tf.tensor(gradient, shape) };
  })(logits);
}

/** Images of those rows as float32 in 0 .. 1, [batch, ...input]. */
export function batchOf({ architecture }: Network, images: Images, rows: Uint32Array): tf.Tensor {
  const pixels = images.height * images.width * images.channels;
  const values = new Float32Array(rows.length * pixels);
  for (const [index, row] of rows.entries())
    for (let pixel = 0; pixel < pixels; pixel += 1)
      values[index * pixels + pixel] = images.images[row * pixels + pixel]! / 255;
  return tf.tensor(values, [rows.length, ...architecture.input]);
}

/** Cross-entropy in float64 and the predicted class (the first of the largest) of every row's logits. */
export function score(
  logits: Float32Array,
  images: LabelledImages,
  rows: Uint32Array,
  classes: number,
  each: (loss: number, row: number, correct: boolean, predicted: number) => void,
): void {
  for (const [index, row] of rows.entries()) {
    const values = logits.subarray(index * classes, (index + 1) * classes);
    const label = images.labels[row]!;
    let predicted = 0;
    for (let other = 1; other < classes; other += 1)
      if (values[other]! > values[predicted]!) predicted = other;
    const largest = values[predicted]!;
    let sum = 0;
    for (const value of values) sum += Math.exp(value - largest);
    each(largest + Math.log(sum) - values[label]!, row, predicted === label, predicted);
  }
}
