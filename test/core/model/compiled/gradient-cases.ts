/** Models that the compiled engine's gradients are checked on, by name and at random, and the weights to check them at. */
import type { RandomStream } from '../../../../core/random/generator.ts';
import {
  classify,
  conv,
  cut,
  dense,
  dropout,
  flatten,
  pool,
  randomWeights,
  relu,
  type LayerSpec,
  type Model,
} from './support.ts';

export interface GradientCase {
  readonly name: string;
  readonly model: Model;
  /** Images in the batch, and the batch that the step is planned for. */
  readonly images: number;
  readonly batch: number;
  /** small integers as weights and two pixel values: ties in every pooling window, zeros before every ReLU */
  readonly ties?: boolean;
  /** every other unit of the hidden layers never fires */
  readonly deadUnits?: boolean;
}

const input = [9, 10, 1];
export const gradientCases: readonly GradientCase[] = [
  {
    name: 'the CNN for MNIST, narrower',
    model: {
      input: [28, 28, 1],
      layers: [
        conv(16, 3),
        pool,
        conv(16, 3),
        pool,
        conv(24, 3),
        flatten,
        dropout(0.5),
        dense(24, 'relu'),
        classify(10),
      ],
    },
    images: 2,
    batch: 3,
  },
  {
    name: 'ties in the first pool, and where Winograd computes',
    model: {
      input: [12, 12, 1],
      layers: [conv(16, 3), pool, conv(16, 3, { padding: 'same' }), pool, flatten, classify(3)],
    },
    images: 5,
    batch: 5,
    ties: true,
  },
  {
    name: 'ties, three channels, same padding',
    model: {
      input: [8, 8, 3],
      layers: [
        conv(8, 3, { padding: 'same' }),
        pool,
        conv(8, 3, { padding: 'same' }),
        pool,
        flatten,
        classify(4),
      ],
    },
    images: 3,
    batch: 4,
    ties: true,
  },
  {
    name: 'dead units',
    model: { input, layers: [conv(8, 3), pool, flatten, dense(9, 'relu'), classify(5)] },
    images: 4,
    batch: 4,
    deadUnits: true,
  },
  {
    name: 'even and rectangular kernels under same padding, odd channel counts',
    model: {
      input: [9, 7, 2],
      layers: [
        conv(5, [2, 4], { padding: 'same' }),
        conv(7, [4, 1], { padding: 'same' }),
        pool,
        flatten,
        classify(3),
      ],
    },
    images: 3,
    batch: 7,
  },
  {
    name: 'even and rectangular kernels, valid, pooled',
    model: {
      input: [11, 12, 3],
      layers: [conv(6, [2, 3]), pool, conv(9, [4, 2]), pool, flatten, classify(4)],
    },
    images: 3,
    batch: 3,
  },
  {
    name: 'no activation before pool, ReLU after it, as a layer of its own',
    model: {
      input: [8, 8, 4],
      layers: [
        conv(8, 3, { activation: 'linear' }),
        pool,
        relu,
        flatten,
        dense(6),
        ['Activation', { activation: 'relu' }],
        classify(5),
      ],
    },
    images: 3,
    batch: 3,
  },
  {
    name: 'no activation at all, dropout between convolutions and after the pool',
    model: {
      input,
      layers: [
        conv(6, 3, { activation: 'linear' }),
        dropout(0.3),
        conv(10, 3, { activation: 'linear' }),
        pool,
        dropout(0.4),
        flatten,
        classify(4),
      ],
    },
    images: 5,
    batch: 6,
  },
  {
    name: 'dropout before ReLU, and after dense layers',
    model: {
      input,
      layers: [
        conv(6, 3, { activation: 'linear' }),
        dropout(0.3),
        relu,
        flatten,
        dense(11),
        dropout(0.5),
        relu,
        classify(4),
      ],
    },
    images: 5,
    batch: 5,
  },
  {
    name: 'no biases',
    model: {
      input,
      layers: [
        conv(8, 3, { use_bias: false }),
        pool,
        flatten,
        dense(5, 'relu', { use_bias: false }),
        classify(3, { use_bias: false }),
      ],
    },
    images: 4,
    batch: 4,
  },
  {
    name: 'a perceptron on features',
    model: {
      input: [13],
      layers: [dense(20, 'relu'), dropout(0.5), dense(11, 'relu'), ['Dense', { units: 3 }], ['Softmax']],
    },
    images: 7,
    batch: 32,
  },
  {
    name: 'logistic regression on images',
    model: { input: [28, 28, 1], layers: [flatten, classify(10)] },
    images: 5,
    batch: 5,
  },
  {
    name: 'a map of 7 x 5 x 3, flattened',
    model: { input: [7, 5, 3], layers: [flatten, dense(9, 'relu'), classify(2)] },
    images: 2,
    batch: 2,
  },
  {
    name: '1 x 1 kernels and blocks of many channels',
    model: { input: [8, 8, 3], layers: [conv(40, 1), conv(56, 3), pool, conv(17, 1), flatten, classify(4)] },
    images: 2,
    batch: 2,
  },
  {
    name: 'kernels that cover the map',
    model: { input: [6, 5, 1], layers: [conv(7, [3, 5]), conv(9, [4, 1]), flatten, ['Softmax']] },
    images: 3,
    batch: 3,
  },
  {
    name: 'a first layer with 5 x 5 and 7 x 7 patches',
    model: {
      input: [12, 11, 1],
      layers: [conv(8, 5), pool, conv(8, [3, 3], { padding: 'same' }), flatten, classify(4)],
    },
    images: 3,
    batch: 3,
  },
  {
    name: 'a pooled first layer with a large kernel',
    model: { input: [15, 15, 1], layers: [conv(5, 7), pool, flatten, classify(3)] },
    images: 3,
    batch: 3,
  },
];

/** A model drawn at random: one to three convolutions with what may follow them, then dense layers. */
export function randomCase(stream: RandomStream, index: number): GradientCase {
  const pick = <Item>(items: readonly Item[]): Item => items[stream.nextBelow(items.length)]!;
  const height = 6 + stream.nextBelow(9);
  const width = 6 + stream.nextBelow(9);
  const channels = pick([1, 1, 2, 3, 4]);
  const specs: LayerSpec[] = [];
  const size = [height, width];
  for (let count = pick([0, 1, 2, 3]); count > 0; count -= 1) {
    const padding = pick(['valid', 'same'] as const);
    const kernel = [1 + stream.nextBelow(4), 1 + stream.nextBelow(4)];
    if (pick([true, false])) kernel.fill(3);
    if (kernel.some((length, axis) => length > size[axis]!)) break;
    specs.push(
      conv(pick([1, 3, 8, 16, 18]), kernel, {
        padding,
        activation: pick(['relu', 'relu', 'linear']),
        use_bias: pick([true, true, false]),
      }),
    );
    if (padding === 'valid') for (const axis of [0, 1]) size[axis]! -= kernel[axis]! - 1;
    if (size.every((length) => length >= 2) && pick([true, false])) {
      specs.push(pool);
      for (const axis of [0, 1]) size[axis] = Math.floor(size[axis]! / 2);
    }
    if (pick([false, false, true])) specs.push(dropout(pick([0.1, 0.5])));
    if (pick([false, false, true])) specs.push(relu);
  }
  specs.push(flatten);
  if (pick([true, false])) specs.push(dense(pick([1, 5, 16, 50]), pick(['relu', 'linear'])), dropout(0.25));
  specs.push(classify(pick([2, 3, 10])));
  const batch = 1 + stream.nextBelow(7);
  return {
    name: `random model ${index}: ${JSON.stringify([height, width, channels, specs])}`,
    model: { input: [height, width, channels], layers: specs },
    images: 1 + stream.nextBelow(batch),
    batch,
    ties: pick([false, false, true]),
  };
}

/** Weights of the case's kind for tensors of those shapes. */
export function caseWeights(
  { ties, deadUnits }: GradientCase,
  shapes: readonly (readonly number[])[],
  stream: RandomStream,
): Float32Array {
  const weights = randomWeights(shapes, stream);
  const tensors = cut(weights, shapes);
  if (ties) weights.forEach((_, index) => (weights[index] = stream.nextBelow(3) - 1));
  // Small logits: where the softmax saturates, probability - label loses its digits, in tf.js as here.
  const lastKernel = tensors.findLast((_, index) => shapes[index]!.length > 1)!;
  lastKernel.forEach((weight, index) => (lastKernel[index] = weight / (ties ? 256 : 8)));
  if (deadUnits)
    for (const [index, biases] of tensors.slice(0, -1).entries())
      if (shapes[index]!.length === 1)
        biases.forEach((bias, unit) => (biases[unit] = unit % 2 === 0 ? -50 : bias));
  return weights;
}
