/**
 * Principal components of images: what pictures of a kind have in common, learnt from other pictures than those that are
 * looked for. A search among mean + components x code finds such pictures, whatever else would convince the model.
 *
 * Orthogonal iteration from a random start (Golub, Van Loan, "Matrix Computations", section 8.2.4), multiplying by the
 * images themselves, of which most pixels are black, in the place of a covariance matrix of 784 x 784.
 */
import type { LabelledImages } from '../../datasets/dataset.ts';
import type { RandomStream } from '../../random/generator.ts';
import { standardNormal } from '../../random/normal.ts';
import { elementsOf } from '../pictures.ts';

export interface Components {
  /** [elements] */
  readonly mean: Float32Array;
  /** [count] of [elements]: of length 1, at right angles to each other, those of largest deviation first. */
  readonly directions: readonly Float32Array[];
  /** [count]: standard deviation of the images along each of them. */
  readonly deviations: Float32Array;
}

/** More directions than are wanted make the last of these exact; each round sharpens them all. */
const surplusDirections = 10;
const rounds = 8;
/** Directions multiplied between two yields: some 20 ms for 2,000 digits. */
const directionsAtOnce = 5;

/**
 * The first `count` components of the images, pixels in 0 .. 1; fewer where there are fewer images or elements. Yields
 * how far it is, 0 .. 1.
 */
export function* principalComponents(
  data: LabelledImages,
  count: number,
  stream: RandomStream,
): Generator<number, Components, void> {
  const elements = elementsOf(data);
  const width = Math.min(count + surplusDirections, data.count, elements);
  const sparse = sparseOf(data);
  let directions: Float32Array[] = Array.from({ length: width }, () =>
    Float32Array.from({ length: elements }, () => standardNormal(stream)),
  );
  const deviations = new Float32Array(width);
  for (let round = 0; round < rounds; round += 1) {
    orthonormalise(directions);
    const products: Float32Array[] = [];
    for (const [index, direction] of directions.entries()) {
      const product = multiplyByCovariance(sparse, direction);
      deviations[index] = Math.sqrt(Math.max(0, dot(direction, product)));
      products.push(product);
      if (index % directionsAtOnce === 0) yield (round + index / width) / rounds;
    }
    if (round < rounds - 1) directions = products;
  }
  return {
    mean: sparse.mean,
    directions: directions.slice(0, count),
    deviations: deviations.slice(0, count),
  };
}

/** The pixels that are not black, image by image. */
interface SparseImages {
  readonly count: number;
  readonly mean: Float32Array;
  /** [count + 1]: where each image's pixels start. */
  readonly starts: Uint32Array;
  readonly places: Uint32Array;
  readonly values: Float32Array;
}

function sparseOf(data: LabelledImages): SparseImages {
  const elements = elementsOf(data);
  const bytes = data.images.subarray(0, data.count * elements);
  const size = bytes.reduce((total, byte) => total + (byte === 0 ? 0 : 1), 0);
  const starts = new Uint32Array(data.count + 1);
  const places = new Uint32Array(size);
  const values = new Float32Array(size);
  const sums = new Float64Array(elements);
  let at = 0;
  for (let image = 0; image < data.count; image += 1) {
    for (let element = 0; element < elements; element += 1) {
      const byte = bytes[image * elements + element]!;
      if (byte === 0) continue;
      places[at] = element;
      values[at] = byte / 255;
      sums[element]! += byte / 255;
      at += 1;
    }
    starts[image + 1] = at;
  }
  return {
    count: data.count,
    mean: Float32Array.from(sums, (sum) => sum / data.count),
    starts,
    places,
    values,
  };
}

/** (1 / count) sum over the images x of (x - mean) ((x - mean) . direction) */
function multiplyByCovariance(
  { count, mean, starts, places, values }: SparseImages,
  direction: Float32Array,
): Float32Array {
  const product = new Float64Array(direction.length);
  const alongMean = dot(mean, direction);
  let total = 0;
  for (let image = 0; image < count; image += 1) {
    const end = starts[image + 1]!;
    let along = -alongMean;
    for (let at = starts[image]!; at < end; at += 1) along += values[at]! * direction[places[at]!]!;
    for (let at = starts[image]!; at < end; at += 1) product[places[at]!]! += along * values[at]!;
    total += along;
  }
  return Float32Array.from(product, (value, element) => (value - total * mean[element]!) / count);
}

/** In place, in order (modified Gram-Schmidt, twice, as once leaves float32's rounding). */
function orthonormalise(directions: readonly Float32Array[]): void {
  for (const [index, direction] of directions.entries()) {
    for (let pass = 0; pass < 2; pass += 1)
      for (const earlier of directions.slice(0, index)) {
        const along = dot(earlier, direction);
        for (let element = 0; element < direction.length; element += 1)
          direction[element]! -= along * earlier[element]!;
      }
    const length = Math.sqrt(dot(direction, direction));
    // What is left of a direction that the images do not have: none.
    const scale = length > 0 ? 1 / length : 0;
    for (let element = 0; element < direction.length; element += 1) direction[element]! *= scale;
  }
}

function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index += 1) sum += left[index]! * right[index]!;
  return sum;
}
