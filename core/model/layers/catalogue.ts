/**
 * Every layer that Masquerade trains: its settings with tf.js's defaults, the shape of what it gives, its weights.
 * tf.js's layers are the definition (of GroupNormalization, which it lacks, Keras 3's); the tests hold each entry against
 * them, gradients included. What is not listed is refused before training, by name.
 */
import { glorotNormal, zeros } from './initialisers.ts';
import type { LayerConfig } from './layer-config.ts';
import { bias, only, product, weight, type LayerReading, type ReadLayer, type Shape } from './layer-rule.ts';
import { batchNormalisation, groupNormalisation, layerNormalisation } from './normalisations.ts';
import {
  convolution,
  depthwiseConvolution,
  globalPooling,
  pooling,
  separableConvolution,
  transposedConvolution,
} from './windows.ts';

const dense: ReadLayer = (config, inputs) => {
  const input = only(config, inputs);
  const features = input.at(-1);
  if (features === undefined) return config.refuse('must have an input of at least 1 dimension, and has 0');
  const units = config.positiveInteger('units');
  const { useBias, weights } = bias(config, units);
  return {
    output: [...input.slice(0, -1), units],
    activation: config.activation(),
    config: { units, use_bias: useBias },
    weights: [weight(config, 'kernel', [features, units], 'kernel_initializer', glorotNormal), ...weights],
  };
};

const reshape: ReadLayer = (config, inputs) => {
  const count = product(only(config, inputs));
  const written = config.integers('target_shape');
  const known = written.filter((size) => size > 0).reduce((total, size) => total * size, 1);
  const target = written.map((size) => (size === -1 ? count / known : size));
  if (target.some((size) => !Number.isInteger(size) || size < 1) || product(target) !== count)
    config.refuse(`must keep ${count} values, and its target_shape is ${JSON.stringify(written)}`);
  return { output: target, config: { target_shape: target } };
};

const permute: ReadLayer = (config, inputs) => {
  const input = only(config, inputs);
  const dims = config.integers('dims');
  const inOrder = [...dims].sort((left, right) => left - right);
  if (inOrder.length !== input.length || inOrder.some((dimension, index) => dimension !== index + 1))
    config.refuse(`must order the dimensions 1 to ${input.length}, and its dims are ${JSON.stringify(dims)}`);
  return { output: dims.map((dimension) => input[dimension - 1]!), config: { dims } };
};

const zeroPadding: ReadLayer = (config, inputs) => {
  const [rows, columns, channels] = only(config, inputs, 3) as [number, number, number];
  config.must('data_format', 'channels_last');
  const padding = config.borders('padding', 1);
  const [[top, bottom], [left, right]] = padding;
  return { output: [rows + top + bottom, columns + left + right, channels], config: { padding } };
};

const cropping: ReadLayer = (config, inputs) => {
  const [rows, columns, channels] = only(config, inputs, 3) as [number, number, number];
  config.must('data_format', 'channels_last');
  const cut = config.borders('cropping', 0);
  const [[top, bottom], [left, right]] = cut;
  const output = [rows - top - bottom, columns - left - right, channels];
  if (output.some((size) => size < 1)) config.refuse('cuts away the whole image');
  return { output, config: { cropping: cut } };
};

const upSampling: ReadLayer = (config, inputs) => {
  const [rows, columns, channels] = only(config, inputs, 3) as [number, number, number];
  config.must('data_format', 'channels_last');
  config.must('interpolation', 'nearest');
  const size = config.sizes('size', 2, [2, 2]);
  return { output: [rows * size[0]!, columns * size[1]!, channels], config: { size } };
};

const dropout: ReadLayer = (config, inputs) => {
  const rate = config.number('rate', undefined, { below: 1 });
  if (rate < 0) config.refuse(`has the setting rate, which must be 0 or more, and is ${rate}`);
  config.must('noise_shape', null);
  return { output: only(config, inputs), config: { rate } };
};

/** Keeps every shape and has one parameter, whose name Keras 3 changed. */
const leaky: ReadLayer = (config, inputs) => {
  const slope = config.number('negative_slope', config.number('alpha', 0.3));
  return { output: only(config, inputs), config: { alpha: slope } };
};

const rectifier: ReadLayer = (config, inputs) => {
  config.must('negative_slope', 0);
  config.must('threshold', 0);
  const cap = config.number('max_value', Number.MAX_VALUE, { above: 0 });
  if (cap !== Number.MAX_VALUE && cap !== 6)
    config.refuse(`has the setting max_value, which must be 6 or absent, and is ${cap}`);
  return { output: only(config, inputs), activation: cap === 6 ? 'relu6' : 'relu' };
};

const parametricRectifier: ReadLayer = (config, inputs) => {
  const input = only(config, inputs);
  const shared = config.integers('shared_axes', []);
  const shape = input.map((size, axis) => (shared.includes(axis + 1) ? 1 : size));
  return {
    output: input,
    config: { shared_axes: shared.length === 0 ? null : shared },
    weights: [weight(config, 'alpha', shape, 'alpha_initializer', zeros)],
  };
};

const softmax: ReadLayer = (config, inputs) => {
  const input = only(config, inputs);
  const [axis = -1] = config.integers('axis', [-1]);
  // The batch is axis 0: the last axis has the number of the input's dimensions.
  if (axis !== -1 && axis !== input.length)
    config.refuse(`must work on the last axis, and its axis is ${axis}`);
  return { output: input, activation: 'softmax' };
};

/** Value by value: all inputs alike. */
const merge: ReadLayer = (config, inputs) => {
  const [first, ...others] = inputs;
  if (first === undefined || others.length === 0) return config.refuse('must have at least two inputs');
  const shape = JSON.stringify(first);
  const other = others.find((input) => JSON.stringify(input) !== shape);
  if (other !== undefined)
    config.refuse(`must have inputs of one shape, and has ${shape} and ${JSON.stringify(other)}`);
  return { output: first };
};

const concatenate: ReadLayer = (config, inputs) => {
  const [first, ...others] = inputs;
  if (first === undefined || others.length === 0) return config.refuse('must have at least two inputs');
  const [axis = -1] = config.integers('axis', [-1]);
  const rank = first.length;
  if (axis !== -1 && axis !== rank) config.refuse(`must join along the last axis, and its axis is ${axis}`);
  const sides = JSON.stringify(first.slice(0, -1));
  if (others.some((input) => JSON.stringify(input.slice(0, -1)) !== sides))
    config.refuse('must have inputs that differ in the last axis only');
  const channels = inputs.reduce((total, input) => total + input.at(-1)!, 0);
  return { output: [...first.slice(0, -1), channels], config: { axis: -1 } };
};

const catalogue: Readonly<Record<string, ReadLayer>> = {
  Dense: dense,
  Conv1D: convolution(1),
  Conv2D: convolution(2),
  Conv2DTranspose: transposedConvolution,
  DepthwiseConv2D: depthwiseConvolution,
  SeparableConv2D: separableConvolution,
  MaxPooling1D: pooling(1),
  MaxPooling2D: pooling(2),
  AveragePooling1D: pooling(1),
  AveragePooling2D: pooling(2),
  GlobalMaxPooling1D: globalPooling(1),
  GlobalMaxPooling2D: globalPooling(2),
  GlobalAveragePooling1D: globalPooling(1),
  GlobalAveragePooling2D: globalPooling(2),
  Flatten: (config, inputs) => {
    const input = only(config, inputs);
    config.must('data_format', 'channels_last');
    if (input.length < 2) config.refuse('must have an input of at least 2 dimensions, and has 1');
    return { output: [product(input)] };
  },
  Reshape: reshape,
  Permute: permute,
  RepeatVector: (config, inputs) => {
    const [features] = only(config, inputs, 1) as [number];
    const count = config.positiveInteger('n');
    return { output: [count, features], config: { n: count } };
  },
  ZeroPadding2D: zeroPadding,
  Cropping2D: cropping,
  UpSampling2D: upSampling,
  Dropout: dropout,
  Activation: (config, inputs) => ({ output: only(config, inputs), activation: config.activation() }),
  ReLU: rectifier,
  LeakyReLU: leaky,
  PReLU: parametricRectifier,
  ELU: (config, inputs) => {
    config.must('alpha', 1);
    return { output: only(config, inputs), activation: 'elu' };
  },
  Softmax: softmax,
  BatchNormalization: batchNormalisation,
  GroupNormalization: groupNormalisation,
  LayerNormalization: layerNormalisation,
  Add: merge,
  Multiply: merge,
  Average: merge,
  Maximum: merge,
  Minimum: merge,
  Concatenate: concatenate,
};

/** Why some well-known layers are not in the catalogue; for the others "is not supported" says it. */
const reasons: Readonly<Record<string, string>> = {
  ThresholdedReLU: 'has no gradient in tf.js',
  GaussianNoise: 'draws noise that a seed could not repeat',
  GaussianDropout: 'draws noise that a seed could not repeat',
  AlphaDropout: 'draws noise that a seed could not repeat',
  SpatialDropout1D: 'draws noise that a seed could not repeat',
  SpatialDropout2D: 'draws noise that a seed could not repeat',
};

export const trainableLayers: readonly string[] = Object.keys(catalogue);

/**
 * What one layer is, given the shapes that go into it. Throws FederationError 'model-refused', naming the layer, when
 * the layer, a setting of it or a shape is not supported.
 */
export function readLayer(className: string, config: LayerConfig, inputs: readonly Shape[]): LayerReading {
  const read = Object.hasOwn(catalogue, className) ? catalogue[className] : undefined;
  if (read === undefined) config.refuse(reasons[className] ?? 'is not a layer that can be trained here');
  const { output, activation, config: settings = {}, weights = [] } = read(config, inputs);
  config.finish();
  return { output, activation, config: settings, weights };
}
