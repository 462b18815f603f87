/**
 * What a convolution was fed, from its gradient: one layer further down than the dense layer's features, and all of it.
 *
 * The gradient of its kernel is dK[y, x, c, f] = sum_p A[p + (y, x), c] d[p, f], d the gradient by what the convolution gives
 * at place p. Where a dense layer follows, d is known: the dense kernel times the gradient of the dense bias, at the features
 * that were not zero. Then dK says far more about A than A has numbers, channel by channel (the gradient
 * constraint of R-GAP: Zhu, Blaschko 2021). Dropout takes nothing away: it is in d, by the features that came back.
 *
 * The convolution's own bias checks it: its gradient must be the sum of d. Without one, or where that does not hold (several
 * images, several steps, noise), nothing is said.
 */
import { slidingWindows } from '../differentiation/windows.ts';
import type { Architecture } from '../../model/architecture.ts';
import type { DenseFeatures, FedFeatures, KnownOutput } from './dense-features.ts';

interface ConvolutionGradients {
  /** [features, units] the dense layer's kernel before the step; [units] its bias's gradient. */
  readonly denseKernel: Float64Array;
  readonly denseBias: Float64Array;
  /** Gradients of the convolution: [rows, columns, channels, filters], [filters]. */
  readonly kernel: Float64Array;
  readonly bias: Float64Array;
}

/** How far the bias's gradient may be from the sum, and the fitted kernel's from the one observed, relative. */
const mostError = 0.5;
/** Places of an input at most: the equations' matrix has the square of it. */
const mostPlaces = 900;
/** Added to the normal equations' diagonal, relative: for places that hardly anything was read from. */
const ridge = 1e-9;

/** Undefined: the features' source is no rectified convolution behind one layer, or the gradients do not fit together. */
export function convolutionInput(
  { layers, input }: Architecture,
  place: DenseFeatures,
  features: FedFeatures,
  gradients: ConvolutionGradients,
): KnownOutput | undefined {
  const layer = layers[place.source];
  if (layer?.className !== 'Conv2D' || layer.weights.length !== 2) return undefined;
  if (layer.activation !== 'relu') return undefined;
  const source = place.source - 1;
  const [rows = 0, columns = 0, channels = 0] = source === -1 ? input : layers[source]!.output;
  const places = rows * columns;
  if (places > mostPlaces) return undefined;
  const [, , filters = 0] = layer.output;
  const slopes = slopesOf(place, features, gradients);
  if (!agrees(sumsOf(slopes, filters), gradients.bias)) return undefined;

  const { config } = layer;
  const windows = slidingWindows(
    { rows, columns, channels: 1 },
    {
      size: config['kernel_size'] as readonly [number, number],
      strides: config['strides'] as readonly [number, number],
      padding: config['padding'] as 'valid' | 'same',
    },
  );
  const system = equations(windows.index, slopes, places, filters);
  const observed = byChannel(gradients.kernel, system.rows / filters, channels, filters);
  const solved = solve(system, observed, channels);
  if (solved === undefined || !agrees(fitted(system, solved, channels), observed)) return undefined;
  const values = new Float64Array(places * channels);
  const known = new Float64Array(values.length);
  for (let at = 0; at < places; at += 1)
    for (let channel = 0; channel < channels; channel += 1) {
      values[at * channels + channel] = solved[channel * places + at]!;
      known[at * channels + channel] = system.read[at]!;
    }
  return { source, values, known };
}

/** [places of the output, filters] d: only where a feature came back, as dropped and unfired ones pass nothing on. */
function slopesOf(
  { features: count, units, kept }: DenseFeatures,
  { values, fired }: FedFeatures,
  { denseKernel, denseBias }: ConvolutionGradients,
): Float64Array {
  const slopes = new Float64Array(count);
  for (let feature = 0; feature < count; feature += 1) {
    if (fired[feature] === 0 || values[feature]! < 0) continue;
    let sum = 0;
    for (let unit = 0; unit < units; unit += 1)
      sum += denseKernel[feature * units + unit]! * denseBias[unit]!;
    slopes[feature] = kept * sum;
  }
  return slopes;
}

function sumsOf(slopes: Float64Array, filters: number): Float64Array {
  const sums = new Float64Array(filters);
  for (let at = 0; at < slopes.length; at += 1) sums[at % filters]! += slopes[at]!;
  return sums;
}

function agrees(predicted: Float64Array, observed: Float64Array): boolean {
  let [difference, size] = [0, 0];
  for (let at = 0; at < observed.length; at += 1) {
    difference += (predicted[at]! - observed[at]!) ** 2;
    size += observed[at]! ** 2;
  }
  return size > 0 && difference <= mostError ** 2 * size;
}

interface Equations {
  /** [rows, places] */
  readonly matrix: Float64Array;
  readonly rows: number;
  readonly places: number;
  /** [places] 1 where anything was read from. */
  readonly read: Float64Array;
}

/** A row for each element of the kernel's window and each filter. index: [windows, window], places of the input or -1. */
function equations(index: Int32Array, slopes: Float64Array, places: number, filters: number): Equations {
  const windows = slopes.length / filters;
  const window = index.length / windows;
  const rows = window * filters;
  const matrix = new Float64Array(rows * places);
  const read = new Float64Array(places);
  for (let at = 0; at < windows; at += 1)
    for (let element = 0; element < window; element += 1) {
      const from = index[at * window + element]!;
      if (from < 0) continue;
      for (let filter = 0; filter < filters; filter += 1) {
        const slope = slopes[at * filters + filter]!;
        if (slope === 0) continue;
        matrix[(element * filters + filter) * places + from]! += slope;
        read[from] = 1;
      }
    }
  return { matrix, rows, places, read };
}

/** [window, channels, filters] -> [channels, window, filters] */
function byChannel(kernel: Float64Array, window: number, channels: number, filters: number): Float64Array {
  const turned = new Float64Array(kernel.length);
  for (let element = 0; element < window; element += 1)
    for (let channel = 0; channel < channels; channel += 1)
      for (let filter = 0; filter < filters; filter += 1)
        turned[(channel * window + element) * filters + filter] =
          kernel[(element * channels + channel) * filters + filter]!;
  return turned;
}

/** [channels, places] by least squares: one matrix for all channels, factored once (Cholesky). Undefined: nothing was read. */
function solve(system: Equations, observed: Float64Array, channels: number): Float64Array | undefined {
  const { matrix, rows, places } = system;
  const normal = new Float64Array(places * places);
  for (let row = 0; row < rows; row += 1) {
    const line = matrix.subarray(row * places, (row + 1) * places);
    for (let one = 0; one < places; one += 1) {
      const value = line[one]!;
      if (value === 0) continue;
      for (let other = 0; other <= one; other += 1) normal[one * places + other]! += value * line[other]!;
    }
  }
  let trace = 0;
  for (let at = 0; at < places; at += 1) trace += normal[at * places + at]!;
  if (!(trace > 0)) return undefined;
  for (let at = 0; at < places; at += 1) normal[at * places + at]! += (ridge * trace) / places;
  factor(normal, places);
  const solved = new Float64Array(channels * places);
  for (let channel = 0; channel < channels; channel += 1) {
    const right = solved.subarray(channel * places, (channel + 1) * places);
    for (let row = 0; row < rows; row += 1) {
      const value = observed[channel * rows + row]!;
      if (value === 0) continue;
      for (let at = 0; at < places; at += 1) right[at]! += value * matrix[row * places + at]!;
    }
    substitute(normal, right);
  }
  return solved;
}

/** What the solution predicts: [channels, rows]. */
function fitted({ matrix, rows, places }: Equations, solved: Float64Array, channels: number): Float64Array {
  const predicted = new Float64Array(channels * rows);
  for (let channel = 0; channel < channels; channel += 1)
    for (let row = 0; row < rows; row += 1) {
      let sum = 0;
      for (let at = 0; at < places; at += 1)
        sum += matrix[row * places + at]! * solved[channel * places + at]!;
      predicted[channel * rows + row] = sum;
    }
  return predicted;
}

/** Into its lower triangle, in place. */
function factor(matrix: Float64Array, size: number): void {
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column <= row; column += 1) {
      let sum = matrix[row * size + column]!;
      for (let at = 0; at < column; at += 1) sum -= matrix[row * size + at]! * matrix[column * size + at]!;
      matrix[row * size + column] = row === column ? Math.sqrt(sum) : sum / matrix[column * size + column]!;
    }
}

/** Solves by a factored matrix, in place. */
function substitute(lower: Float64Array, right: Float64Array): void {
  const size = right.length;
  for (let row = 0; row < size; row += 1) {
    let sum = right[row]!;
    for (let at = 0; at < row; at += 1) sum -= lower[row * size + at]! * right[at]!;
    right[row] = sum / lower[row * size + row]!;
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = right[row]!;
    for (let at = row + 1; at < size; at += 1) sum -= lower[at * size + row]! * right[at]!;
    right[row] = sum / lower[row * size + row]!;
  }
}
