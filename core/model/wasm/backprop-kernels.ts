/**
 * The backward kernels that tf.js's WebAssembly backend lacks (tensorflow/tfjs#8474), composed from those it has; and
 * three that stand in for its own: MaxPoolGrad and AvgPoolGrad, which are wrong, and Conv2DBackpropInput, a plain loop
 * that takes five times as long as the convolution it amounts to.
 *
 * Shapes as in tf.js: images [batch, rows, columns, channels], filters [rows, columns, in, out], depthwise filters
 * [rows, columns, in, multiplier]. Dilation is 1 throughout: tf.js defines no gradient for dilated convolutions.
 */
import * as tf from '@tensorflow/tfjs-core';
import { maxPoolGradient } from './max-pool-gradient.ts';

type Size4 = [number, number, number, number];
type Padding = 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;

interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: Padding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type FilterAttributes = ConvolutionAttributes & { readonly filterShape: Size4 };
type PoolAttributes = ConvolutionAttributes & { readonly filterSize: number | [number, number] };
type InputAttributes = ConvolutionAttributes & { readonly inputShape: Size4 };

let registered = false;

/** Makes the kernels known to tf.js, before the first gradient. */
export function registerBackpropKernels(): void {
  if (registered) return;
  registered = true;
  tf.unregisterKernel('MaxPoolGrad', 'wasm');
  register('MaxPoolGrad', ({ input, dy }, { filterSize, strides, pad, dimRoundingMode }) =>
    maxPoolGradient(
      input!,
      dy!,
      tf.backend_util.computePool2DInfo(input!.shape, filterSize, strides, 1, pad, dimRoundingMode),
    ),
  );
  const own = tf.getKernel('AvgPoolGrad', 'wasm');
  const ofWholeWindows = own.kernelFunc;
  tf.unregisterKernel('AvgPoolGrad', 'wasm');
  tf.registerKernel({
    ...own,
    kernelFunc(call) {
      const { input, dy } = call.inputs as Inputs;
      const attributes = call.attrs as unknown as PoolAttributes;
      const shares = windowShares(input!.shape, attributes);
      if (shares === undefined) return ofWholeWindows(call);
      return tf.tidy(
        () => ofWholeWindows({ ...call, inputs: { ...call.inputs, dy: tf.mul(dy!, shares) } }) as tf.Tensor,
      );
    },
  });
  register('Conv2DBackpropFilter', ({ x, dy }, attributes) => filterGradient(x!, dy!, attributes));
  tf.unregisterKernel('Conv2DBackpropInput', 'wasm');
  register('Conv2DBackpropInput', ({ dy, filter }, attributes) => inputGradient(dy!, filter!, attributes));
  register('DepthwiseConv2dNativeBackpropFilter', ({ x, dy }, attributes) =>
    depthwiseFilterGradient(x!, dy!, attributes),
  );
  register('DepthwiseConv2dNativeBackpropInput', ({ dy, filter }, attributes) =>
    depthwiseInputGradient(dy!, filter!, attributes),
  );
}

type Inputs = Readonly<Record<string, tf.Tensor4D>>;

function register(
  kernelName: string,
  /** tf.js passes the attributes of the kernel's own kind; each function takes those it is for. */
  compute: (inputs: Inputs, attributes: FilterAttributes & InputAttributes & PoolAttributes) => tf.Tensor,
): void {
  tf.registerKernel({
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) =>
      // Operations called inside a kernel are neither recorded for gradients nor left behind by tidy.
      tf.tidy(() =>
        compute(inputs as Inputs, attrs as unknown as FilterAttributes & InputAttributes & PoolAttributes),
      ),
  });
}

/**
 * How many times larger each window is than the part of it that lies on the image, [1, rows, columns, 1] over the
 * pooled image; undefined where all windows lie on it whole. An average over a window at the border is over the pixels
 * that it meets, and tf.js's gradient divides by the whole window all the same.
 */
function windowShares(
  image: Size4,
  { filterSize, strides, pad, dimRoundingMode }: PoolAttributes,
): tf.Tensor | undefined {
  const info = tf.backend_util.computePool2DInfo(image, filterSize, strides, 1, pad, dimRoundingMode);
  const met = (index: number, stride: number, before: number, window: number, side: number): number =>
    Math.min(index * stride - before + window, side) - Math.max(index * stride - before, 0);
  const { outHeight, outWidth, filterHeight, filterWidth } = info;
  const shares = Array.from({ length: outHeight * outWidth }, (_, at) => {
    const row = Math.floor(at / outWidth);
    const rows = met(row, info.strideHeight, info.padInfo.top, filterHeight, info.inHeight);
    const columns = met(at % outWidth, info.strideWidth, info.padInfo.left, filterWidth, info.inWidth);
    return (filterHeight * filterWidth) / (rows * columns);
  });
  if (shares.every((share) => share === 1)) return undefined;
  return tf.tensor(shares, [1, outHeight, outWidth, 1]);
}

/**
 * dL/dfilter[r, c, i, o] = sum over b, y, x of image[b, s y + r, s x + c, i] dy[b, y, x, o]: itself a convolution, of
 * the image with channels and batch exchanged, by dy as the filter, dilated by the stride.
 */
function filterGradient(
  image: tf.Tensor4D,
  dy: tf.Tensor4D,
  { filterShape, ...convolution }: FilterAttributes,
): tf.Tensor {
  const info = geometry(image.shape, filterShape, convolution, false);
  const channelsFirst = tf.transpose(covered(image, info), [3, 1, 2, 0]);
  const asFilter = tf.transpose(dy, [1, 2, 0, 3]);
  const strides: [number, number] = [info.strideHeight, info.strideWidth];
  const gradient = tf.conv2d(channelsFirst, asFilter, 1, 'valid', 'NHWC', strides);
  return tf.transpose(gradient, [1, 2, 0, 3]);
}

/** Tap by tap: the pixels that a filter's entry met, times dy, summed. */
function depthwiseFilterGradient(
  image: tf.Tensor4D,
  dy: tf.Tensor4D,
  { filterShape, ...convolution }: FilterAttributes,
): tf.Tensor {
  const info = geometry(image.shape, filterShape, convolution, true);
  const [rows, columns, channels, multiplier] = filterShape;
  const pixels = info.batchSize * info.outHeight * info.outWidth;
  const seen = covered(image, info);
  const outputs = tf.reshape(dy, [pixels, channels, multiplier]);
  const taps: tf.Tensor[] = [];
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      const begin = [0, row, column, 0];
      const end = [
        info.batchSize,
        row + (info.outHeight - 1) * info.strideHeight + 1,
        column + (info.outWidth - 1) * info.strideWidth + 1,
        channels,
      ];
      const met = tf.stridedSlice(seen, begin, end, [1, info.strideHeight, info.strideWidth, 1]);
      taps.push(tf.sum(tf.mul(tf.reshape(met, [pixels, channels, 1]), outputs), 0));
    }
  return tf.reshape(tf.stack(taps), filterShape);
}

/** A convolution of dy, spread and framed, with the filter turned and its channels exchanged. */
function inputGradient(
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  { inputShape, ...convolution }: InputAttributes,
): tf.Tensor {
  const info = geometry(inputShape, filter.shape, convolution, false);
  const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
  return tf.conv2d(framed(dy, info), turned, 1, 'valid');
}

/** The same channel by channel, then the sum over the multiplier. */
function depthwiseInputGradient(
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  { inputShape, ...convolution }: InputAttributes,
): tf.Tensor {
  const info = geometry(inputShape, filter.shape, convolution, true);
  const [rows, columns, channels, multiplier] = filter.shape;
  const turned = tf.reverse(tf.reshape(filter, [rows, columns, channels * multiplier, 1]), [0, 1]);
  const gradient = tf.depthwiseConv2d(framed(dy, info), turned as tf.Tensor4D, 1, 'valid');
  return tf.sum(tf.reshape(gradient, [info.batchSize, info.inHeight, info.inWidth, channels, multiplier]), 4);
}

/**
 * dy with stride - 1 zeros between its pixels, and so many around them that a window of the filter's size, moved by
 * one, stops once for every pixel of the image.
 */
function framed(dy: tf.Tensor4D, info: tf.backend_util.Conv2DInfo): tf.Tensor4D {
  const spread = spreadColumns(spreadRows(dy, info.strideHeight), info.strideWidth);
  const [, rows, columns] = spread.shape;
  const above = info.filterHeight - 1 - info.padInfo.top;
  const before = info.filterWidth - 1 - info.padInfo.left;
  return tf.pad(spread, [
    [0, 0],
    [above, info.inHeight + info.filterHeight - 1 - above - rows],
    [before, info.inWidth + info.filterWidth - 1 - before - columns],
    [0, 0],
  ]);
}

function geometry(
  image: Size4,
  filter: Size4,
  { strides, pad, dimRoundingMode }: ConvolutionAttributes,
  depthwise: boolean,
): tf.backend_util.Conv2DInfo {
  return tf.backend_util.computeConv2DInfo(image, filter, strides, 1, pad, dimRoundingMode, depthwise);
}

/** The image with its padding, cut to what the windows covered: [batch, (out - 1) stride + filter, ..., channels]. */
function covered(image: tf.Tensor4D, info: tf.backend_util.Conv2DInfo): tf.Tensor4D {
  const { top, bottom, left, right } = info.padInfo;
  const padded = tf.pad(image, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
  return tf.slice(
    padded,
    [0, 0, 0, 0],
    [
      info.batchSize,
      (info.outHeight - 1) * info.strideHeight + info.filterHeight,
      (info.outWidth - 1) * info.strideWidth + info.filterWidth,
      info.inChannels,
    ],
  );
}

/** stride - 1 rows of zeros between the rows of an image. */
function spreadRows(image: tf.Tensor4D, stride: number): tf.Tensor4D {
  if (stride === 1) return image;
  const [batch, rows, columns, channels] = image.shape;
  const apart = tf.pad(tf.reshape(image, [batch * rows, 1, columns * channels]), [
    [0, 0],
    [0, stride - 1],
    [0, 0],
  ]);
  const spread: tf.Tensor4D = tf.reshape(apart, [batch, rows * stride, columns, channels]);
  return tf.slice(spread, [0, 0, 0, 0], [batch, (rows - 1) * stride + 1, columns, channels]);
}

/** stride - 1 columns of zeros between the columns of an image. */
function spreadColumns(image: tf.Tensor4D, stride: number): tf.Tensor4D {
  if (stride === 1) return image;
  const [batch, rows, columns, channels] = image.shape;
  const apart = tf.pad(tf.reshape(image, [batch * rows * columns, 1, channels]), [
    [0, 0],
    [0, stride - 1],
    [0, 0],
  ]);
  const spread: tf.Tensor4D = tf.reshape(apart, [batch, rows, columns * stride, channels]);
  return tf.slice(spread, [0, 0, 0, 0], [batch, rows, (columns - 1) * stride + 1, channels]);
}
