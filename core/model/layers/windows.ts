/** Layers that slide a window over an image or a row: convolutions and pooling. */
import { glorotNormal } from './initialisers.ts';
import type { LayerConfig } from './layer-config.ts';
import { bias, only, weight, type ReadLayer, type Shape } from './layer-rule.ts';

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

export const convolution =
  (dimensions: 1 | 2): ReadLayer =>
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

export const depthwiseConvolution: ReadLayer = (config, inputs) => {
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

export const separableConvolution: ReadLayer = (config, inputs) => {
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

export const transposedConvolution: ReadLayer = (config, inputs) => {
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

export const pooling =
  (dimensions: 1 | 2): ReadLayer =>
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

export const globalPooling =
  (dimensions: 1 | 2): ReadLayer =>
  (config, inputs) => {
    const input = only(config, inputs, dimensions + 1);
    config.must('data_format', 'channels_last');
    config.must('keepdims', false);
    return { output: [input.at(-1)!] };
  };
