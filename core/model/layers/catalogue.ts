/**
 * Every layer that Masquerade trains: its settings with tf.js's defaults, the shape of what it gives, its weights.
 * tf.js's layers are the definition; the tests hold each entry against them, gradients included. What is not listed
 * is refused before training, by name.
 *
 * Shapes leave out the batch: [rows, columns, channels], [features].
 */
import type { JsonValue } from './json.ts';
import type { LayerConfig } from './layer-config.ts';
import { glorotNormal, ones, zeros, type Initialiser } from './initialisers.ts';

export type Shape = readonly number[];

export interface WeightRule {
  /** tf.js's name of it, and the prefix of its initialiser's setting: kernel, bias, depthwise_kernel, ... */
  readonly name: string;
  readonly shape: Shape;
  /** The setting that names its initialiser. */
  readonly setting: string;
  readonly initialiser: Initialiser;
}

export interface LayerReading {
  readonly output: Shape;
  /** What defines the function, every default filled in; spelled as tf.js's JSON. The activation is apart. */
  readonly config: Readonly<Record<string, JsonValue>>;
  /** The function that the layer applies last, 'linear' for none; undefined when it has no such setting. */
  readonly activation: string | undefined;
  readonly weights: readonly WeightRule[];
}

/** A reading whose usual parts may be left out. */
type PartialReading = Omit<LayerReading, 'activation' | 'weights' | 'config'> & {
  readonly config?: LayerReading['config'];
  readonly activation?: string;
  readonly weights?: readonly WeightRule[];
};
type Read = (config: LayerConfig, inputs: readonly Shape[]) => PartialReading;

const product = (shape: Shape): number => shape.reduce((total, size) => total * size, 1);

/** The one input of a layer, which must have so many dimensions without the batch. */
function only(config: LayerConfig, inputs: readonly Shape[], rank?: number): Shape {
  const [input] = inputs;
  if (input === undefined || inputs.length !== 1)
    config.refuse(`must have one input, and has ${inputs.length}`);
  if (rank !== undefined && input.length !== rank)
    config.refuse(`must have an input of ${rank} dimensions, and has ${input.length}`);
  return input;
}

function weight(
  config: LayerConfig,
  name: string,
  shape: Shape,
  setting: string,
  fallback: Initialiser,
): WeightRule {
  return { name, shape, setting, initialiser: config.initialiser(setting, fallback) };
}

function bias(config: LayerConfig, count: number): { useBias: boolean; weights: WeightRule[] } {
  const useBias = config.flag('use_bias', true);
  const rule = weight(config, 'bias', [count], 'bias_initializer', zeros);
  return { useBias, weights: useBias ? [rule] : [] };
}

/** Length of one side after a window has slid over it (Dumoulin, Visin 2016). */
function windowed(
  config: LayerConfig,
  length: number,
  window: number,
  stride: number,
  padding: string,
): number {
  const result = padding === 'same' ? Math.ceil(length / stride) : Math.floor((length - window) / stride) + 1;
  if (result < 1) config.refuse(`has a window of ${window}, which does not fit into an input of ${length}`);
  return result;
}

/** tf.js has no gradient for dilated convolutions. */
function undilated(config: LayerConfig, dimensions: 1 | 2): void {
  const dilation = config.sizes('dilation_rate', dimensions, new Array<number>(dimensions).fill(1));
  if (dilation.some((rate) => rate !== 1))
    config.refuse('is dilated, and tf.js has no gradient for dilated convolutions');
}

/**
 * tf.js's WebAssembly convolution gives zeros (tensorflow/tfjs#5907) where, under 'same', the last window stops short
 * of the edge: the size of the border underflows. Kernels of 1 x 1 take another path and are right.
 */
function soundBorders(
  config: LayerConfig,
  padding: string,
  sides: readonly number[],
  window: readonly number[],
  strides: readonly number[],
): void {
  if (padding !== 'same' || window.every((size) => size === 1)) return;
  const short = sides.some((side, axis) => {
    const stride = strides[axis]!;
    return (Math.ceil(side / stride) - 1) * stride + window[axis]! < side;
  });
  if (short)
    config.refuse('has strides larger than its kernel under "same" padding, which tf.js computes wrongly');
}

/** The settings that every sliding window shares; sides: rows and columns of the output. */
function slidingWindow(config: LayerConfig, dimensions: 1 | 2, input: Shape) {
  const kernelSize = config.sizes('kernel_size', dimensions);
  const strides = config.sizes('strides', dimensions, new Array<number>(dimensions).fill(1));
  const padding = config.choice('padding', ['valid', 'same'], 'valid');
  undilated(config, dimensions);
  config.must('data_format', 'channels_last');
  config.must('groups', 1);
  const sides = kernelSize.map((window, axis) =>
    windowed(config, input[axis]!, window, strides[axis]!, padding),
  );
  soundBorders(config, padding, input.slice(0, -1), kernelSize, strides);
  return { kernelSize, strides, padding, sides, channels: input.at(-1)! };
}

const convolution =
  (dimensions: 1 | 2): Read =>
  (config, inputs) => {
    const window = slidingWindow(config, dimensions, only(config, inputs, dimensions + 1));
    const { kernelSize, strides, padding, channels } = window;
    const filters = config.positiveInteger('filters');
    const kernelShape = [...kernelSize, channels, filters];
    const { useBias, weights } = bias(config, filters);
    return {
      output: [...window.sides, filters],
      activation: config.activation(),
      config: { filters, kernel_size: kernelSize, strides, padding, use_bias: useBias },
      weights: [weight(config, 'kernel', kernelShape, 'kernel_initializer', glorotNormal), ...weights],
    };
  };

const depthwiseConvolution: Read = (config, inputs) => {
  const window = slidingWindow(config, 2, only(config, inputs, 3));
  const { kernelSize, strides, padding, channels } = window;
  if (strides[0] !== strides[1]) config.refuse('has two different strides, which tf.js does not support');
  const multiplier = config.positiveInteger('depth_multiplier', 1);
  const kernelShape = [...kernelSize, channels, multiplier];
  const { useBias, weights } = bias(config, channels * multiplier);
  return {
    output: [...window.sides, channels * multiplier],
    activation: config.activation(),
    config: { kernel_size: kernelSize, strides, padding, depth_multiplier: multiplier, use_bias: useBias },
    weights: [
      weight(config, 'depthwise_kernel', kernelShape, 'depthwise_initializer', glorotNormal),
      ...weights,
    ],
  };
};

const separableConvolution: Read = (config, inputs) => {
  const window = slidingWindow(config, 2, only(config, inputs, 3));
  const { kernelSize, strides, padding, channels } = window;
  if (strides[0] !== strides[1]) config.refuse('has two different strides, which tf.js does not support');
  const filters = config.positiveInteger('filters');
  const multiplier = config.positiveInteger('depth_multiplier', 1);
  const depthwiseShape = [...kernelSize, channels, multiplier];
  const pointwiseShape = [1, 1, channels * multiplier, filters];
  const { useBias, weights } = bias(config, filters);
  return {
    output: [...window.sides, filters],
    activation: config.activation(),
    config: {
      filters,
      kernel_size: kernelSize,
      strides,
      padding,
      depth_multiplier: multiplier,
      use_bias: useBias,
    },
    weights: [
      weight(config, 'depthwise_kernel', depthwiseShape, 'depthwise_initializer', glorotNormal),
      weight(config, 'pointwise_kernel', pointwiseShape, 'pointwise_initializer', glorotNormal),
      ...weights,
    ],
  };
};

const transposedConvolution: Read = (config, inputs) => {
  const input = only(config, inputs, 3);
  const kernelSize = config.sizes('kernel_size', 2);
  const strides = config.sizes('strides', 2, [1, 1]);
  const padding = config.choice('padding', ['valid', 'same'], 'valid');
  config.must('data_format', 'channels_last');
  undilated(config, 2);
  config.must('groups', 1);
  const filters = config.positiveInteger('filters');
  const sides = kernelSize.map((window, axis) => {
    const grown = input[axis]! * strides[axis]!;
    return padding === 'same' ? grown : grown + Math.max(window - strides[axis]!, 0);
  });
  soundBorders(config, padding, sides, kernelSize, strides);
  const kernelShape = [...kernelSize, filters, input[2]!];
  const { useBias, weights } = bias(config, filters);
  return {
    output: [...sides, filters],
    activation: config.activation(),
    config: { filters, kernel_size: kernelSize, strides, padding, use_bias: useBias },
    weights: [weight(config, 'kernel', kernelShape, 'kernel_initializer', glorotNormal), ...weights],
  };
};

const pooling =
  (dimensions: 1 | 2): Read =>
  (config, inputs) => {
    const input = only(config, inputs, dimensions + 1);
    const poolSize = config.sizes('pool_size', dimensions, new Array<number>(dimensions).fill(2));
    const strides = config.sizes('strides', dimensions, poolSize);
    const padding = config.choice('padding', ['valid', 'same'], 'valid');
    config.must('data_format', 'channels_last');
    const sides = poolSize.map((window, axis) =>
      windowed(config, input[axis]!, window, strides[axis]!, padding),
    );
    return {
      output: [...sides, input[dimensions]!],
      config: { pool_size: poolSize, strides, padding },
    };
  };

const globalPooling =
  (dimensions: 1 | 2): Read =>
  (config, inputs) => {
    const input = only(config, inputs, dimensions + 1);
    config.must('data_format', 'channels_last');
    config.must('keepdims', false);
    return { output: [input.at(-1)!] };
  };

const dense: Read = (config, inputs) => {
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

const reshape: Read = (config, inputs) => {
  const count = product(only(config, inputs));
  const written = config.integers('target_shape');
  const known = written.filter((size) => size > 0).reduce((total, size) => total * size, 1);
  const target = written.map((size) => (size === -1 ? count / known : size));
  if (target.some((size) => !Number.isInteger(size) || size < 1) || product(target) !== count)
    config.refuse(`must keep ${count} values, and its target_shape is ${JSON.stringify(written)}`);
  return { output: target, config: { target_shape: target } };
};

const permute: Read = (config, inputs) => {
  const input = only(config, inputs);
  const dims = config.integers('dims');
  const inOrder = [...dims].sort((left, right) => left - right);
  if (inOrder.length !== input.length || inOrder.some((dimension, index) => dimension !== index + 1))
    config.refuse(`must order the dimensions 1 to ${input.length}, and its dims are ${JSON.stringify(dims)}`);
  return { output: dims.map((dimension) => input[dimension - 1]!), config: { dims } };
};

const zeroPadding: Read = (config, inputs) => {
  const [rows, columns, channels] = only(config, inputs, 3) as [number, number, number];
  config.must('data_format', 'channels_last');
  const padding = config.borders('padding', 1);
  const [[top, bottom], [left, right]] = padding;
  return { output: [rows + top + bottom, columns + left + right, channels], config: { padding } };
};

const cropping: Read = (config, inputs) => {
  const [rows, columns, channels] = only(config, inputs, 3) as [number, number, number];
  config.must('data_format', 'channels_last');
  const cut = config.borders('cropping', 0);
  const [[top, bottom], [left, right]] = cut;
  const output = [rows - top - bottom, columns - left - right, channels];
  if (output.some((size) => size < 1)) config.refuse('cuts away the whole image');
  return { output, config: { cropping: cut } };
};

const upSampling: Read = (config, inputs) => {
  const [rows, columns, channels] = only(config, inputs, 3) as [number, number, number];
  config.must('data_format', 'channels_last');
  config.must('interpolation', 'nearest');
  const size = config.sizes('size', 2, [2, 2]);
  return { output: [rows * size[0]!, columns * size[1]!, channels], config: { size } };
};

const dropout: Read = (config, inputs) => {
  const rate = config.number('rate', undefined, { below: 1 });
  if (rate < 0) config.refuse(`has the setting rate, which must be 0 or more, and is ${rate}`);
  config.must('noise_shape', null);
  return { output: only(config, inputs), config: { rate } };
};

/** Keeps every shape and has one parameter, whose name Keras 3 changed. */
const leaky: Read = (config, inputs) => {
  const slope = config.number('negative_slope', config.number('alpha', 0.3));
  return { output: only(config, inputs), config: { alpha: slope } };
};

const rectifier: Read = (config, inputs) => {
  config.must('negative_slope', 0);
  config.must('threshold', 0);
  const cap = config.number('max_value', Number.MAX_VALUE, { above: 0 });
  if (cap !== Number.MAX_VALUE && cap !== 6)
    config.refuse(`has the setting max_value, which must be 6 or absent, and is ${cap}`);
  return { output: only(config, inputs), activation: cap === 6 ? 'relu6' : 'relu' };
};

const parametricRectifier: Read = (config, inputs) => {
  const input = only(config, inputs);
  const shared = config.integers('shared_axes', []);
  const shape = input.map((size, axis) => (shared.includes(axis + 1) ? 1 : size));
  return {
    output: input,
    config: { shared_axes: shared.length === 0 ? null : shared },
    weights: [weight(config, 'alpha', shape, 'alpha_initializer', zeros)],
  };
};

const softmax: Read = (config, inputs) => {
  const input = only(config, inputs);
  const [axis = -1] = config.integers('axis', [-1]);
  // The batch is axis 0: the last axis has the number of the input's dimensions.
  if (axis !== -1 && axis !== input.length)
    config.refuse(`must work on the last axis, and its axis is ${axis}`);
  return { output: input, activation: 'softmax' };
};

const layerNormalisation: Read = (config, inputs) => {
  const input = only(config, inputs);
  const axes = config.integers('axis', [-1]);
  if (axes.length !== 1 || (axes[0] !== -1 && axes[0] !== input.length))
    config.refuse(`must normalise the last axis, and its axis is ${JSON.stringify(axes)}`);
  const epsilon = config.number('epsilon', 1e-3, { above: 0 });
  // tf.js cannot run the layer without either of them.
  config.must('scale', true);
  config.must('center', true);
  config.must('rms_scaling', false);
  const shape = [input.at(-1)!];
  return {
    output: input,
    config: { axis: -1, epsilon },
    weights: [
      weight(config, 'gamma', shape, 'gamma_initializer', ones),
      weight(config, 'beta', shape, 'beta_initializer', zeros),
    ],
  };
};

/** Value by value: all inputs alike. */
const merge: Read = (config, inputs) => {
  const [first, ...others] = inputs;
  if (first === undefined || others.length === 0) return config.refuse('must have at least two inputs');
  const shape = JSON.stringify(first);
  const other = others.find((input) => JSON.stringify(input) !== shape);
  if (other !== undefined)
    config.refuse(`must have inputs of one shape, and has ${shape} and ${JSON.stringify(other)}`);
  return { output: first };
};

const concatenate: Read = (config, inputs) => {
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

const catalogue: Readonly<Record<string, Read>> = {
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
  BatchNormalization:
    'keeps moving averages, which are no trained weights and for which federated averaging has no rule here; LayerNormalization can stand in its place',
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
