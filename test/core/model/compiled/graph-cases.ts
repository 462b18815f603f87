/** Models beyond chains of convolutions, by name and at random: strides, poolings, activations, branches. */
import { activations } from '../../../../core/model/compiled/graph.ts';
import type { RandomStream } from '../../../../core/random/generator.ts';
import type { GradientCase } from './gradient-cases.ts';
import { classify, conv, dense, dropout, flatten, pool, relu, type LayerSpec } from './support.ts';

const activation = (name: string): LayerSpec => ['Activation', { activation: name }];
const maxPool = (size: number | readonly number[], rest = {}): LayerSpec => [
  'MaxPooling2D',
  { pool_size: size, ...rest },
];
const averagePool = (size: number | readonly number[], rest = {}): LayerSpec => [
  'AveragePooling2D',
  { pool_size: size, ...rest },
];

/** The layers as what feeds on others needs them: every one with its inputs. */
const chained = (layers: readonly LayerSpec[]): readonly LayerSpec[] =>
  layers.map(([className, config, inputs], index) => [className, config ?? {}, inputs ?? [index - 1]]);

const input = [9, 10, 1];
const ofBranches: readonly GradientCase[] = [
  {
    name: 'a residual block of padded convolutions',
    model: {
      input,
      layers: chained([
        conv(10, 3, { padding: 'same' }),
        conv(10, 3, { padding: 'same' }),
        conv(10, 3, { padding: 'same', activation: 'linear' }),
        ['Add', {}, [0, 2]],
        relu,
        ['GlobalAveragePooling2D'],
        classify(4),
      ]),
    },
    images: 3,
    batch: 4,
  },
  {
    name: 'a residual block that halves the map, its shortcut a strided 1 x 1 convolution',
    model: {
      input: [9, 8, 3],
      layers: chained([
        conv(8, 3, { padding: 'same' }),
        conv(16, 3, { padding: 'same', strides: 2 }),
        conv(16, 3, { padding: 'same', activation: 'linear' }),
        ['Conv2D', { filters: 16, kernel_size: [1, 1], strides: [2, 2] }, [0]],
        ['Add', {}, [2, 3]],
        relu,
        flatten,
        classify(3),
      ]),
    },
    images: 4,
    batch: 4,
  },
  {
    name: 'the image read by convolutions of several kinds, joined',
    model: {
      input: [8, 8, 1],
      layers: [
        conv(5, 3, { padding: 'same' }),
        ['Conv2D', { filters: 6, kernel_size: [5, 5], padding: 'same', activation: 'relu' }, [-1]],
        ['Conv2D', { filters: 3, kernel_size: [1, 1], activation: 'tanh' }, [-1]],
        ['Concatenate', {}, [0, 1, 2]],
        ['MaxPooling2D', { pool_size: [2, 2] }, [3]],
        ['Flatten', {}, [4]],
        ['Dense', { units: 3, activation: 'softmax' }, [5]],
      ],
    },
    images: 3,
    batch: 5,
  },
  {
    name: 'the image itself added, multiplied, bounded and joined',
    model: {
      input: [6, 6, 3],
      layers: [
        ['Conv2D', { filters: 3, kernel_size: [3, 3], padding: 'same' }, [-1]],
        ['Add', {}, [0, -1]],
        ['Multiply', {}, [1, -1, 0]],
        ['Maximum', {}, [2, 0]],
        ['Minimum', {}, [3, 1]],
        ['Average', {}, [4, -1, 0]],
        ['Concatenate', {}, [5, 4, -1]],
        ['Flatten', {}, [6]],
        ['Dense', { units: 4, activation: 'softmax' }, [7]],
      ],
    },
    images: 3,
    batch: 3,
  },
  {
    name: 'one value read twice by the same layer, and by a dense layer across a border',
    model: {
      input,
      layers: [
        ['Conv2D', { filters: 4, kernel_size: [3, 3], activation: 'relu' }, [-1]],
        ['Add', {}, [0, 0]],
        ['Conv2D', { filters: 4, kernel_size: [5, 3], padding: 'same', activation: 'relu' }, [1]],
        ['Flatten', {}, [1]],
        ['Dense', { units: 7, activation: 'relu' }, [3]],
        ['Flatten', {}, [2]],
        ['Concatenate', {}, [4, 5]],
        ['Dense', { units: 3, activation: 'softmax' }, [6]],
      ],
    },
    images: 3,
    batch: 3,
  },
  {
    name: 'dropout with several readers, and twice in a row',
    model: {
      input,
      layers: [
        ['Dropout', { rate: 0.2 }, [-1]],
        ['Conv2D', { filters: 6, kernel_size: [3, 3], padding: 'same', activation: 'relu' }, [0]],
        ['Dropout', { rate: 0.3 }, [1]],
        ['Dropout', { rate: 0.4 }, [2]],
        ['Conv2D', { filters: 6, kernel_size: [3, 3], padding: 'same' }, [3]],
        ['Add', {}, [2, 4]],
        ['Dropout', { rate: 0.5 }, [5]],
        ['Flatten', {}, [6]],
        ['Dense', { units: 3, activation: 'softmax' }, [7]],
      ],
    },
    images: 4,
    batch: 4,
  },
];

const ofPoolings: readonly GradientCase[] = [
  ...[
    maxPool([3, 3], { strides: [2, 2] }),
    maxPool([3, 2], { strides: [1, 2], padding: 'same' }),
    maxPool([2, 2], { padding: 'same' }),
    maxPool([2, 2], { strides: [3, 3] }),
  ].flatMap(([className, config]) =>
    [true, false].map((ties): GradientCase => ({
      name: `max-pooling by ${JSON.stringify(config)}${ties ? ', ties' : ''}`,
      model: { input: [9, 11, 1], layers: [conv(6, 3), [className, config], flatten, classify(3)] },
      images: 3,
      batch: 3,
      ties,
    })),
  ),
  {
    name: 'average pooling with windows across the edge',
    model: {
      input: [9, 11, 3],
      layers: [
        conv(6, 3, { activation: 'sigmoid' }),
        averagePool([3, 2], { strides: [2, 1], padding: 'same' }),
        averagePool([2, 2]),
        flatten,
        classify(3),
      ],
    },
    images: 3,
    batch: 3,
  },
  {
    name: 'poolings of the image, one after the other, and of the whole map',
    model: {
      input: [12, 12, 3],
      layers: [averagePool([2, 2]), maxPool([2, 2]), conv(9, 2), ['GlobalMaxPooling2D'], classify(3)],
    },
    images: 4,
    batch: 4,
  },
  {
    name: 'pool after pool, pool after dropout',
    model: {
      input: [12, 12, 1],
      layers: [conv(6, 3), pool, pool, dropout(0.3), pool, flatten, classify(2)],
    },
    images: 5,
    batch: 5,
  },
];

const ofActivations: readonly GradientCase[] = [
  ...activations
    .filter((name) => name !== 'leakyRelu')
    .map((name): GradientCase => ({
      name: `${name} on maps and features, channels to spare`,
      model: {
        input,
        layers: [
          conv(6, 3, { activation: name, padding: 'same' }),
          pool,
          flatten,
          dense(11, name),
          activation(name),
          classify(3),
        ],
      },
      images: 4,
      batch: 4,
    })),
  {
    name: 'leaky ReLU, and activations of the image',
    model: {
      input: [6, 6, 3],
      layers: [
        activation('tanh'),
        conv(6, 3, { activation: 'linear' }),
        ['LeakyReLU', { alpha: 0.2 }],
        flatten,
        dense(9),
        ['LeakyReLU', { alpha: 0.05 }],
        classify(3),
      ],
    },
    images: 4,
    batch: 4,
  },
];

const ofShapes: readonly GradientCase[] = [
  {
    name: 'strides, kernels and padding of every kind',
    model: {
      input: [15, 14, 2],
      layers: [
        conv(9, [3, 2], { strides: [2, 1], padding: 'same' }),
        conv(8, [2, 4], { strides: [1, 3], activation: 'linear' }),
        conv(7, 3, { strides: 2, padding: 'same', activation: 'elu' }),
        flatten,
        classify(3),
      ],
    },
    images: 3,
    batch: 3,
  },
  {
    name: 'a strided first layer of one channel, pooled',
    model: { input: [28, 28, 1], layers: [conv(12, 5, { strides: 2 }), pool, flatten, classify(10)] },
    images: 3,
    batch: 3,
  },
  {
    name: 'a strided 3 x 3 first layer of one channel, and one that stops short of the edge',
    model: {
      input: [12, 13, 1],
      layers: [conv(9, 3, { strides: [2, 3] }), conv(5, 2), flatten, classify(4)],
    },
    images: 3,
    batch: 3,
  },
  {
    name: 'padding, cropping, enlarging, exchange of axes, another shape',
    model: {
      input: [6, 5, 3],
      layers: [
        [
          'ZeroPadding2D',
          {
            padding: [
              [1, 2],
              [0, 3],
            ],
          },
        ],
        conv(5, 3),
        ['UpSampling2D', { size: [2, 2] }],
        [
          'Cropping2D',
          {
            cropping: [
              [1, 0],
              [2, 1],
            ],
          },
        ],
        conv(6, 2, { activation: 'tanh' }),
        ['Permute', { dims: [3, 1, 2] }],
        averagePool([2, 2], { strides: [1, 1] }),
        ['Reshape', { target_shape: [88, 5] }],
        ['Conv1D', { filters: 4, kernel_size: [3], strides: [2], padding: 'same', activation: 'relu' }],
        ['MaxPooling1D', { pool_size: [2] }],
        flatten,
        classify(3),
      ],
    },
    // The reference's gradient of enlarging is wrong for all but the first image of a batch.
    images: 1,
    batch: 3,
  },
  {
    name: 'sequences: dense layers step by step, and a row of features repeated',
    model: {
      input: [4, 4, 2],
      layers: [
        flatten,
        dense(6, 'tanh'),
        ['RepeatVector', { n: 5 }],
        dense(7, 'relu'),
        ['AveragePooling1D', { pool_size: [2], strides: [1] }],
        ['GlobalAveragePooling1D'],
        classify(3),
      ],
    },
    images: 3,
    batch: 4,
  },
];

export const graphCases = [...ofBranches, ...ofPoolings, ...ofActivations, ...ofShapes];

/** Small integers stay small integers; else rounding would make of a tie what the order of a sum makes of it. */
const isExact = ([className, config]: LayerSpec): boolean =>
  !['AveragePooling2D', 'Average'].includes(className) &&
  ['relu', 'linear', 'softmax', undefined].includes(config?.['activation'] as string | undefined);

/** A model drawn at random: blocks of a strided convolution, an activation, a pooling, a shortcut around a convolution. */
export function randomGraphCase(stream: RandomStream, index: number): GradientCase {
  const pick = <Item>(items: readonly Item[]): Item => items[stream.nextBelow(items.length)]!;
  const image = [8 + stream.nextBelow(9), 8 + stream.nextBelow(9), pick([1, 2, 3, 4])];
  const layers: LayerSpec[] = [];
  const add = (className: string, config: object, inputs = [layers.length - 1]): number =>
    layers.push([className, { ...config }, inputs]) - 1;
  const functions = ['relu', 'relu', 'linear', 'sigmoid', 'tanh', 'elu', 'swish'];
  let [height, width] = image as [number, number];
  for (let block = 0; block < 1 + stream.nextBelow(3); block += 1) {
    const padding = pick(['valid', 'same']);
    const kernel = [1 + stream.nextBelow(Math.min(4, height)), 1 + stream.nextBelow(Math.min(4, width))];
    // Larger strides than kernels are refused under 'same' where tf.js is wrong.
    const strides = kernel.map((size) => 1 + stream.nextBelow(Math.min(size, 3)));
    const channels = pick([3, 8, 13, 16]);
    add('Conv2D', { filters: channels, kernel_size: kernel, strides, padding, activation: pick(functions) });
    const after = (length: number, axis: number): number =>
      padding === 'same'
        ? Math.ceil(length / strides[axis]!)
        : Math.floor((length - kernel[axis]!) / strides[axis]!) + 1;
    [height, width] = [after(height, 0), after(width, 1)];
    if (pick([true, false])) {
      const shortcut = layers.length - 1;
      add('Conv2D', { filters: channels, kernel_size: [3, 3], padding: 'same', activation: pick(functions) });
      add(pick(['Add', 'Add', 'Maximum', 'Average']), {}, [shortcut, layers.length - 1]);
    }
    if (pick([true, false]) && height > 2 && width > 2) {
      const size = [1 + stream.nextBelow(3), 1 + stream.nextBelow(3)];
      const steps = [1 + stream.nextBelow(2), 1 + stream.nextBelow(2)];
      add(pick(['MaxPooling2D', 'AveragePooling2D']), { pool_size: size, strides: steps, padding: 'valid' });
      [height, width] = [height, width].map(
        (length, axis) => Math.floor((length - size[axis]!) / steps[axis]!) + 1,
      ) as [number, number];
    }
    if (pick([false, false, true])) add('Dropout', { rate: 0.3 });
  }
  add(pick(['Flatten', 'GlobalAveragePooling2D']), {});
  add('Dense', { units: pick([2, 5, 10]), activation: 'softmax' });
  const batch = 1 + stream.nextBelow(6);
  return {
    name: `random graph ${index}: ${JSON.stringify([image, layers])}`,
    model: { input: image, layers },
    images: 1 + stream.nextBelow(batch),
    batch,
    ties: pick([true, false]) && layers.every(isExact),
  };
}
