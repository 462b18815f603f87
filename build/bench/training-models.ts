/**
 * Models that the training benchmark compares engines on: the presets, and for every kind of layer a small model for
 * MNIST in which that layer does a good part of the work.
 */
import type { ModelTopology } from '../../core/model/engine.ts';
import type { JsonObject } from '../../core/model/layers/json.ts';
import { isPresetName, presetNames, presetTopology } from '../../core/model/presets.ts';
import { BenchError } from './table.ts';

export interface BenchModel {
  readonly name: string;
  readonly topology: ModelTopology;
}

const mnist = { height: 28, width: 28, channels: 1, classes: 10 };

/** Presets by name; all of them by 'all'. Throws BenchError for another name. */
export function presetModels(names: readonly string[]): BenchModel[] {
  return names
    .flatMap((name) => (name === 'all' ? presetNames : [name]))
    .map((name) => {
      if (isPresetName(name)) return { name, topology: presetTopology(name, mnist) };
      throw new BenchError(`Cannot train ${name}: it must be one of ${presetNames.join(', ')}, or all.`);
    });
}

interface Layer {
  readonly class_name: string;
  readonly config: JsonObject;
}

/** A layer, and the names of those that feed it; of a chain, the one before. */
interface Node extends Layer {
  readonly from?: readonly string[];
}

const layer = (className: string, config: JsonObject = {}): Layer => ({ class_name: className, config });
const convolution = (config: JsonObject = {}): Layer =>
  layer('Conv2D', { filters: 32, kernel_size: [3, 3], activation: 'relu', ...config });
const pooling = layer('MaxPooling2D', { pool_size: [2, 2], strides: [2, 2] });
const flatten = layer('Flatten');
const dense = (units: number, activation: string): Layer => layer('Dense', { units, activation });

/** [14, 14, 16] out of the images, then the layers, then 10 probabilities. */
const onMaps = (...layers: readonly Node[]): readonly Node[] => [
  convolution({ filters: 16, padding: 'same' }),
  pooling,
  ...layers,
  pooling,
  flatten,
  dense(10, 'softmax'),
];
const onFeatures = (...layers: readonly Node[]): readonly Node[] => [
  flatten,
  ...layers,
  dense(10, 'softmax'),
];
/** The layer ends with [features]. */
const global = (className: string): readonly Node[] => [
  convolution({ filters: 16, padding: 'same' }),
  pooling,
  convolution(),
  layer(className),
  dense(10, 'softmax'),
];
const activation = (name: string): readonly Node[] =>
  onMaps(convolution({ activation: 'linear' }), layer('Activation', { activation: name }));
/** Two convolutions of [14, 14, 16] side by side, put together. */
const merged = (className: string): readonly Node[] => {
  const branch = (name: string): Node => ({
    ...convolution({ name, filters: 16, padding: 'same' }),
    from: ['front'],
  });
  return [
    convolution({ filters: 16, padding: 'same' }),
    layer('MaxPooling2D', { name: 'front', pool_size: [2, 2], strides: [2, 2] }),
    branch('left'),
    branch('right'),
    { ...layer(className), from: ['left', 'right'] },
    pooling,
    flatten,
    dense(10, 'softmax'),
  ];
};

const layerModels: Readonly<Record<string, readonly Node[]>> = {
  Dense: onFeatures(dense(128, 'relu'), dense(128, 'relu')),
  'Dense, sigmoid': onFeatures(dense(128, 'sigmoid'), dense(128, 'sigmoid')),
  Conv2D: onMaps(convolution()),
  'Conv2D, same': onMaps(convolution({ padding: 'same' })),
  'Conv2D, 5 x 5': onMaps(convolution({ kernel_size: [5, 5] })),
  'Conv2D, 1 x 1': onMaps(convolution({ kernel_size: [1, 1] })),
  'Conv2D, strides 2': onMaps(convolution({ strides: [2, 2], padding: 'same' })),
  DepthwiseConv2D: onMaps(layer('DepthwiseConv2D', { kernel_size: [3, 3], padding: 'same' })),
  'DepthwiseConv2D, strides 2': onMaps(
    layer('DepthwiseConv2D', { kernel_size: [3, 3], strides: [2, 2], padding: 'same' }),
  ),
  SeparableConv2D: onMaps(
    layer('SeparableConv2D', { filters: 32, kernel_size: [3, 3], padding: 'same', activation: 'relu' }),
  ),
  MaxPooling2D: onMaps(convolution(), pooling),
  'MaxPooling2D, 3 by 2': onMaps(
    convolution(),
    layer('MaxPooling2D', { pool_size: [3, 3], strides: [2, 2] }),
  ),
  AveragePooling2D: onMaps(convolution(), layer('AveragePooling2D', { pool_size: [2, 2], strides: [2, 2] })),
  'AveragePooling2D, 3 by 2': onMaps(
    convolution(),
    layer('AveragePooling2D', { pool_size: [3, 3], strides: [2, 2] }),
  ),
  GlobalMaxPooling2D: global('GlobalMaxPooling2D'),
  GlobalAveragePooling2D: global('GlobalAveragePooling2D'),
  Dropout: onMaps(convolution(), layer('Dropout', { rate: 0.25 })),
  'Activation, none': onMaps(convolution({ activation: 'linear' })),
  ...Object.fromEntries(
    ['relu6', 'elu', 'selu', 'sigmoid', 'tanh', 'softplus', 'softsign', 'swish', 'gelu', 'mish'].map(
      (name) => [`Activation, ${name}`, activation(name)],
    ),
  ),
  LeakyReLU: onMaps(convolution({ activation: 'linear' }), layer('LeakyReLU', { alpha: 0.2 })),
  BatchNormalization: onMaps(
    convolution({ activation: 'linear' }),
    layer('BatchNormalization'),
    layer('ReLU'),
  ),
  GroupNormalization: onMaps(
    convolution({ activation: 'linear' }),
    layer('GroupNormalization', { groups: 8 }),
    layer('ReLU'),
  ),
  LayerNormalization: onMaps(
    convolution({ activation: 'linear' }),
    layer('LayerNormalization'),
    layer('ReLU'),
  ),
  Add: merged('Add'),
  Average: merged('Average'),
  Multiply: merged('Multiply'),
  Concatenate: merged('Concatenate'),
  ZeroPadding2D: onMaps(
    layer('ZeroPadding2D', {
      padding: [
        [1, 1],
        [1, 1],
      ],
    }),
    convolution(),
  ),
  UpSampling2D: onMaps(pooling, layer('UpSampling2D', { size: [2, 2] }), convolution()),
};

/** One model for every kind of layer and its main settings, in the order of the catalogue's families. */
export function modelsByLayer(): BenchModel[] {
  return Object.entries(layerModels).map(([name, nodes]) => ({ name, topology: topologyOf(nodes) }));
}

function topologyOf(nodes: readonly Node[]): ModelTopology {
  const named = nodes.map((node, index) => ({
    ...node,
    config: { name: `${node.class_name.toLowerCase()}_${index}`, ...node.config },
  }));
  const shape = { batch_input_shape: [null, mnist.height, mnist.width, mnist.channels] };
  if (named.every(({ from }) => from === undefined)) {
    const [first, ...others] = named;
    const withInput = { ...first!, config: { ...first!.config, ...shape } };
    return { class_name: 'Sequential', config: { name: 'layers', layers: [withInput, ...others] } };
  }
  const input = { class_name: 'InputLayer', config: { name: 'image', ...shape }, inbound_nodes: [] };
  const layers = named.map(({ class_name, config, from }, index) => ({
    class_name,
    name: config.name,
    config,
    inbound_nodes: [(from ?? [named[index - 1]?.config.name ?? 'image']).map((feeder) => [feeder, 0, 0, {}])],
  }));
  return {
    class_name: 'Functional',
    config: {
      name: 'layers',
      layers: [{ ...input, name: 'image' }, ...layers],
      input_layers: [['image', 0, 0]],
      output_layers: [[named.at(-1)!.config.name, 0, 0]],
    },
  };
}
