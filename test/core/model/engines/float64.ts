/**
 * The truth that every engine is held against: the same model differentiated in float64, which is itself checked by
 * central differences and against tf.js (test/core/attacks/differentiation).
 */
import { activate } from '../../../../core/attacks/differentiation/activations.ts';
import {
  differentiableNetwork,
  type DifferentiableNetwork,
} from '../../../../core/attacks/differentiation/differentiable-network.ts';
import { gradients } from '../../../../core/attacks/differentiation/gradients.ts';
import { crossEntropy } from '../../../../core/attacks/differentiation/losses.ts';
import { constant, variable } from '../../../../core/attacks/differentiation/value.ts';
import { sizeOf } from '../../../../core/model/architecture.ts';
import type { LabelledImages } from '../../../../core/datasets/dataset.ts';
import type { ModelTopology } from '../../../../core/model/engine.ts';

export interface Truth {
  /** Of the mean cross-entropy, one array for each weight of the model. */
  readonly weightGradients: readonly Float32Array[];
  /** Of each image's own cross-entropy, [count, ...input]. */
  readonly inputGradient: Float32Array;
  /** [count, classes] */
  readonly probabilities: Float32Array;
  /** Mean over the images. */
  readonly loss: number;
}

/** images: [count, ...input] on the scale 0 .. 1; targets: [count, classes], each row of sum 1. Without dropout. */
export function truth(
  topology: ModelTopology,
  weights: ArrayLike<number>,
  images: ArrayLike<number>,
  targets: ArrayLike<number>,
): Truth {
  const network = differentiableNetwork(topology, 'moving');
  const { input, classes } = network.architecture;
  const count = targets.length / classes;
  const pixels = variable(Float64Array.from(images), [count, ...input]);
  const parameters = network.weights(weights);
  const logits = network.logits(parameters, pixels);
  const loss = crossEntropy(logits, constant(Float64Array.from(targets), [count, classes]));
  const found = gradients(loss, [...parameters, pixels], 'last').map(({ data }) => data);
  return {
    weightGradients: found.slice(0, -1).map((values) => Float32Array.from(values)),
    inputGradient: Float32Array.from(found.at(-1)!, (value) => value * count),
    probabilities: Float32Array.from(activate('softmax', logits).data),
    loss: loss.number,
  };
}

/** Of the mean cross-entropy over those rows, flat. */
export function gradientOf(
  network: DifferentiableNetwork,
  weights: ArrayLike<number>,
  images: LabelledImages,
  rows: Uint32Array,
): { readonly loss: number; readonly gradient: Float64Array } {
  const { input, classes } = network.architecture;
  const size = sizeOf(input);
  const values = new Float64Array(rows.length * size);
  for (const [index, row] of rows.entries())
    for (let pixel = 0; pixel < size; pixel += 1)
      values[index * size + pixel] = images.images[row * size + pixel]! / 255;
  const parameters = network.weights(weights);
  const logits = network.logits(parameters, constant(values, [rows.length, ...input]));
  const labels = constant(Float64Array.from(oneHot(images, rows, classes)), [rows.length, classes]);
  const loss = crossEntropy(logits, labels);
  const parts = gradients(loss, parameters, 'last').map(({ data }) => data);
  const gradient = new Float64Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    gradient.set(part, at);
    at += part.length;
  }
  return { loss: loss.number, gradient };
}

/** [rows, classes] */
export function oneHot({ labels }: LabelledImages, rows: ArrayLike<number>, classes: number): Float32Array {
  return Float32Array.from({ length: rows.length * classes }, (_, at) =>
    labels[rows[Math.floor(at / classes)]!] === at % classes ? 1 : 0,
  );
}
