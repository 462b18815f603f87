/**
 * The reference in tests: tf.js layers on the plain JavaScript backend, from tf.js's own JSON, with the loss written
 * out over the probabilities. Never an engine: it trains about two images of MNIST a second.
 */
import * as tf from '@tensorflow/tfjs-core';
import { models } from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import type { LabelledImages } from '../../../core/datasets/dataset.ts';
import type { ModelTopology } from '../../../core/model/engine.ts';
import type { StatisticRange } from '../../../core/model/moving-statistics.ts';
import '../../../core/model/tfjs/group-normalisation.ts';
import { randomStream } from '../../../core/random/stream.ts';
import { correctAveragePooling } from './average-pooling.ts';
import { quickenFilterGradient } from './filter-gradient.ts';

async function useReferenceBackend(): Promise<void> {
  // Otherwise tf.js greets on standard error when the backend is first used.
  tf.env().set('PROD', true);
  correctAveragePooling();
  quickenFilterGradient();
  await tf.setBackend('cpu');
}

/**
 * Mean cross-entropy over the rows without dropout, under moving statistics, and its gradient, flat, in the order of
 * weightNames: layer by layer, as getWeights() gives each layer's; zero for moving statistics.
 */
export async function referenceGradient(
  topology: ModelTopology,
  layerNames: readonly string[],
  weights: Float32Array,
  images: LabelledImages,
  rows: Uint32Array,
): Promise<{ readonly loss: number; readonly gradient: readonly Float32Array[] }> {
  await useReferenceBackend();
  const model = await models.modelFromJSON({ modelTopology: topology } as never);
  const variables = layerNames
    .flatMap((name) => model.getLayer(name).getWeights())
    .filter((weight): weight is tf.Variable => weight instanceof tf.Variable);
  let at = 0;
  for (const variable of variables) {
    variable.assign(tf.tensor(weights.slice(at, at + variable.size), variable.shape));
    at += variable.size;
  }
  const pixels = images.height * images.width * images.channels;
  const shape = model.inputs[0]!.shape.slice(1) as number[];
  const classes = model.outputs[0]!.shape[1]!;
  let loss = 0;
  const gradient = variables.map((variable) => new Float32Array(variable.size));
  // Image by image, as the plain backend's ResizeNearestNeighborGrad is wrong for all but the first of a batch.
  for (const row of rows)
    tf.tidy(() => {
      const pixelValues = images.images.subarray(row * pixels, (row + 1) * pixels);
      const image = tf.div(tf.tensor([...pixelValues], [1, ...shape]), 255);
      const label = tf.oneHot([images.labels[row]!], classes);
      const { value, grads } = tf.variableGrads(() => {
        const probabilities = model.apply(image, { training: false }) as tf.Tensor;
        return tf.neg(tf.sum(tf.mul(label, tf.log(probabilities))));
      }, variables);
      loss += value.dataSync()[0]! / rows.length;
      for (const [index, variable] of variables.entries()) {
        const sum = gradient[index]!;
        // tf.js gives null for what no gradient moves, whatever its types say.
        const part = grads[variable.name] as tf.Tensor | null;
        for (const [position, value] of (part?.dataSync<'float32'>() ?? []).entries())
          sum[position] = sum[position]! + value / rows.length;
      }
    });
  model.dispose();
  return { loss, gradient };
}

/** Of every image's own cross-entropy with soft labels, with respect to its pixels, without dropout: [count, ...input]. */
export async function referenceInputGradient(
  topology: ModelTopology,
  layerNames: readonly string[],
  weights: Float32Array,
  images: Float32Array,
  targets: Float32Array,
): Promise<Float32Array> {
  await useReferenceBackend();
  const model = await models.modelFromJSON({ modelTopology: topology } as never);
  let at = 0;
  for (const variable of layerNames.flatMap((name) => model.getLayer(name).getWeights())) {
    if (variable instanceof tf.Variable)
      variable.assign(tf.tensor(weights.slice(at, at + variable.size), variable.shape));
    at += variable.size;
  }
  const shape = model.inputs[0]!.shape.slice(1) as number[];
  const classes = model.outputs[0]!.shape[1]!;
  const pixels = shape.reduce((product, length) => product * length, 1);
  const gradient = new Float32Array(images.length);
  for (let first = 0; first < images.length; first += pixels)
    tf.tidy(() => {
      const image = tf.tensor(images.slice(first, first + pixels), [1, ...shape]);
      const row = first / pixels;
      const target = tf.tensor2d(targets.slice(row * classes, (row + 1) * classes), [1, classes]);
      const loss = (values: tf.Tensor): tf.Tensor =>
        tf.neg(tf.sum(tf.mul(target, tf.log(model.apply(values, { training: false }) as tf.Tensor))));
      gradient.set(tf.grad(loss)(image).dataSync<'float32'>(), first);
    });
  model.dispose();
  return gradient;
}

/** [count, classes] what the model gives for every image, without dropout. */
export async function referenceProbabilities(
  topology: ModelTopology,
  layerNames: readonly string[],
  weights: Float32Array,
  images: LabelledImages,
): Promise<Float32Array> {
  await useReferenceBackend();
  const model = await models.modelFromJSON({ modelTopology: topology } as never);
  let at = 0;
  for (const variable of layerNames.flatMap((name) => model.getLayer(name).getWeights())) {
    if (variable instanceof tf.Variable)
      variable.assign(tf.tensor(weights.slice(at, at + variable.size), variable.shape));
    at += variable.size;
  }
  const shape = model.inputs[0]!.shape.slice(1) as number[];
  const batch = tf.div(tf.tensor([...images.images], [images.count, ...shape]), 255);
  const probabilities = (model.predict(batch) as tf.Tensor).dataSync<'float32'>();
  model.dispose();
  return probabilities;
}

/** Random images and labels. */
export function randomImages(
  shape: { readonly height: number; readonly width: number; readonly channels: number },
  classes: number,
  count: number,
  seed: number,
  levels = 256,
): LabelledImages {
  const stream = randomStream(seed, 'images');
  const pixels = count * shape.height * shape.width * shape.channels;
  const step = Math.floor(255 / (levels - 1));
  return {
    ...shape,
    count,
    images: Uint8Array.from({ length: pixels }, () => stream.nextBelow(levels) * step),
    labels: Uint8Array.from({ length: count }, () => stream.nextBelow(classes)),
  };
}

/** Weights in -0.5 .. 0.5, biases too. */
export function randomWeights(count: number, seed: number): Float32Array {
  const stream = randomStream(seed, 'weights');
  return Float32Array.from({ length: count }, () => stream.nextFloat() - 0.5);
}

/** The same with variances of 0.5 .. 1.5. */
export function withVariances(weights: Float32Array, statistics: readonly StatisticRange[]): Float32Array {
  const sound = weights.slice();
  for (const { start, end, statistic } of statistics)
    if (statistic === 'variance') for (let at = start; at < end; at += 1) sound[at] = 1 + sound[at]!;
  return sound;
}

/** Largest |difference| over the largest |expected|, or over 0.01 where terms near 1 cancel. */
export function relativeError(found: Float32Array, expected: Float32Array): number {
  let error = 0;
  let size = 0.01;
  for (const [index, value] of expected.entries()) {
    error = Math.max(error, Math.abs(found[index]! - value));
    size = Math.max(size, Math.abs(value));
  }
  return error / size;
}
