/**
 * How near a rebuilt image is to a true one. Pixels are float32 in 0 .. 1, [height * width * channels]; nothing here
 * clips them. Every figure needs its baselines beside it (baselines.ts): digits are mostly black, so that a black image
 * already has a mean absolute error of about 0.13 to one of them.
 *
 * Structural similarity: Wang, Bovik, Sheikh, Simoncelli, "Image quality assessment: from error visibility to structural
 * similarity", IEEE Transactions on Image Processing 13 (2004), section III.C.
 */
import type { LabelledImages } from '../../datasets/dataset.ts';
import { elementsOf, type ImageShape } from '../pictures.ts';

/** dB of an exact copy: that of an infinite ratio, kept finite. A step of 1/255 in every pixel is 48 dB. */
export const exactPsnr = 100;

export function meanSquaredError(one: Float32Array, other: Float32Array): number {
  requireSame(one, other);
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += (one[index]! - other[index]!) ** 2;
  return sum / one.length;
}

export function meanAbsoluteError(one: Float32Array, other: Float32Array): number {
  requireSame(one, other);
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += Math.abs(one[index]! - other[index]!);
  return sum / one.length;
}

/** Peak signal-to-noise ratio, dB: -10 log10 of the mean squared error, as the peak is 1; at most exactPsnr. */
export function psnr(one: Float32Array, other: Float32Array): number {
  return psnrOfError(meanSquaredError(one, other));
}

/** The same from a mean squared error. */
export function psnrOfError(error: number): number {
  return error > 0 ? Math.min(-10 * Math.log10(error), exactPsnr) : exactPsnr;
}

/** Pearson's, -1 .. 1; 0 where either image is of one grey. */
export function correlation(one: Float32Array, other: Float32Array): number {
  requireSame(one, other);
  const oneMean = meanOf(one);
  const otherMean = meanOf(other);
  let [product, oneSquare, otherSquare] = [0, 0, 0];
  for (let index = 0; index < one.length; index += 1) {
    const oneValue = one[index]! - oneMean;
    const otherValue = other[index]! - otherMean;
    product += oneValue * otherValue;
    oneSquare += oneValue * oneValue;
    otherSquare += otherValue * otherValue;
  }
  // Of one grey, but for the rounding of its mean.
  const least = 1e-12 * one.length;
  return oneSquare <= least || otherSquare <= least ? 0 : product / Math.sqrt(oneSquare * otherSquare);
}

const windowSide = 11;
const windowDeviation = 1.5;
/** (K1 L)^2 and (K2 L)^2 for K1 = 0.01, K2 = 0.03 and L = 1. */
const [firstConstant, secondConstant] = [0.01 ** 2, 0.03 ** 2];

/**
 * Mean structural similarity, at most 1: Gaussian window of 11 x 11 with standard deviation 1.5, at every place where it
 * lies within the image ('valid'), means weighted by it. Images smaller than the window take a smaller one of odd side.
 * Of several channels: the mean.
 */
export function structuralSimilarity(one: Float32Array, other: Float32Array, shape: ImageShape): number {
  requireSame(one, other);
  if (one.length !== elementsOf(shape)) throw new RangeError(`an image of ${one.length} elements`);
  const { height, width, channels } = shape;
  let sum = 0;
  for (let channel = 0; channel < channels; channel += 1)
    sum += channelSimilarity(
      planeOf(one, channel, channels),
      planeOf(other, channel, channels),
      height,
      width,
    );
  return sum / channels;
}

function planeOf(image: Float32Array, channel: number, channels: number): Float64Array {
  return Float64Array.from(
    { length: image.length / channels },
    (_, pixel) => image[pixel * channels + channel]!,
  );
}

function channelSimilarity(one: Float64Array, other: Float64Array, height: number, width: number): number {
  const smallest = Math.min(height, width, windowSide);
  const window = gaussianWindow(smallest % 2 === 1 ? smallest : smallest - 1 || 1);
  const filtered = (value: (index: number) => number): Float64Array =>
    filter(
      Float64Array.from(one, (_, index) => value(index)),
      height,
      width,
      window,
    );
  const oneMean = filtered((index) => one[index]!);
  const otherMean = filtered((index) => other[index]!);
  const oneSquare = filtered((index) => one[index]! ** 2);
  const otherSquare = filtered((index) => other[index]! ** 2);
  const product = filtered((index) => one[index]! * other[index]!);
  let sum = 0;
  for (const [index, mean] of oneMean.entries()) {
    const second = otherMean[index]!;
    const variances = oneSquare[index]! - mean ** 2 + otherSquare[index]! - second ** 2;
    const covariance = product[index]! - mean * second;
    sum +=
      ((2 * mean * second + firstConstant) * (2 * covariance + secondConstant)) /
      ((mean ** 2 + second ** 2 + firstConstant) * (variances + secondConstant));
  }
  return sum / oneMean.length;
}

/** [side], sums to 1; the two-dimensional window is its product with itself. */
function gaussianWindow(side: number): Float64Array {
  const middle = (side - 1) / 2;
  const values = Float64Array.from({ length: side }, (_, index) =>
    Math.exp(-((index - middle) ** 2) / (2 * windowDeviation ** 2)),
  );
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum);
}

/** [(height - side + 1) * (width - side + 1)]: along rows, then along columns. */
function filter(plane: Float64Array, height: number, width: number, window: Float64Array): Float64Array {
  const side = window.length;
  const columns = width - side + 1;
  const rows = height - side + 1;
  const across = new Float64Array(height * columns);
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < columns; column += 1) {
      let sum = 0;
      for (let tap = 0; tap < side; tap += 1) sum += window[tap]! * plane[row * width + column + tap]!;
      across[row * columns + column] = sum;
    }
  const filtered = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      let sum = 0;
      for (let tap = 0; tap < side; tap += 1) sum += window[tap]! * across[(row + tap) * columns + column]!;
      filtered[row * columns + column] = sum;
    }
  return filtered;
}

/** An image against all images of a class, by mean absolute error. */
interface ClassErrors {
  /** To the nearest one. */
  readonly nearest: number;
  readonly nearestIndex: number;
  /** Mean over all of them. */
  readonly mean: number;
}

/**
 * As the reference experiment judges model inversion: the mean absolute error to every one of these images of the class,
 * its least and its mean. image: [elements], 0 .. 1. Undefined where no image has that class.
 */
export function classErrors(
  image: Float32Array,
  data: LabelledImages,
  label: number,
): ClassErrors | undefined {
  const elements = elementsOf(data);
  if (image.length !== elements)
    throw new RangeError(`an image of ${image.length} elements, not ${elements}`);
  const scaled = image.map((value) => 255 * value);
  let [count, total, nearest, nearestIndex] = [0, 0, Number.POSITIVE_INFINITY, -1];
  for (let index = 0; index < data.count; index += 1) {
    if (data.labels[index] !== label) continue;
    const start = index * elements;
    let sum = 0;
    for (let element = 0; element < elements; element += 1)
      sum += Math.abs(scaled[element]! - data.images[start + element]!);
    count += 1;
    total += sum;
    if (sum < nearest) [nearest, nearestIndex] = [sum, index];
  }
  const unit = 255 * elements;
  return count === 0 ? undefined : { nearest: nearest / unit, nearestIndex, mean: total / (count * unit) };
}

function meanOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function requireSame(one: Float32Array, other: Float32Array): void {
  if (one.length !== other.length || one.length === 0)
    throw new RangeError(`cannot compare images of ${one.length} and ${other.length} elements`);
}
