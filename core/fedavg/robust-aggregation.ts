/**
 * Rules that make one update of many and bear some of them being poisoned: coordinate-wise median and trimmed mean (Yin
 * et al. 2018, definitions 1 and 2), Krum and multi-Krum (Blanchard et al. 2017, section 4), clipping to a norm
 * before averaging (Sun et al. 2019, section 3). All but the last need every single update in the clear: under masks,
 * where only a sum is seen, none of them can be applied.
 *
 * Every update counts the same, whatever number of examples its client claims: a claimed weight is the first thing that
 * a cheater raises.
 *
 * What none of them protects against: a cheater that stays within what honest updates look like (Baruch, Baruch,
 * Goldberg 2019). And all but the mean and clipping treat an honest client with unusual data as they treat a cheater.
 *
 * updates: n >= 1 arrays [d], finite. Functions throw RangeError for other shapes: a programmer's mistake.
 */

import { euclideanNorm } from './euclidean-norm.ts';

type Updates = readonly Float32Array[];

/** [d] */
export function meanOf(updates: Updates): Float64Array<ArrayBuffer> {
  const mean = new Float64Array(lengthOf(updates));
  for (const update of updates) {
    for (let index = 0; index < mean.length; index += 1) mean[index]! += update[index]!;
  }
  for (let index = 0; index < mean.length; index += 1) mean[index]! /= updates.length;
  return mean;
}

/**
 * [d] the median of each coordinate, halfway between the two in the middle where n is even. Stays within the honest
 * updates' range as long as fewer than half are poisoned.
 */
export function medianOf(updates: Updates): Float64Array<ArrayBuffer> {
  return trimmedMeanOf(updates, Math.floor((updates.length - 1) / 2));
}

/**
 * [d] the mean of each coordinate without its `trimmed` lowest and highest values. Stays within the honest updates'
 * range as long as at most `trimmed` are poisoned. trimmed: whole, 0 .. (n - 1) / 2.
 */
export function trimmedMeanOf(updates: Updates, trimmed: number): Float64Array<ArrayBuffer> {
  const result = new Float64Array(lengthOf(updates));
  const count = updates.length;
  if (!Number.isInteger(trimmed) || trimmed < 0 || 2 * trimmed >= count) {
    throw new RangeError(`cannot trim ${trimmed} at both ends of ${count} updates`);
  }
  const column = new Float32Array(count);
  for (let index = 0; index < result.length; index += 1) {
    for (let place = 0; place < count; place += 1) column[place] = updates[place]![index]!;
    sortShort(column);
    let sum = 0;
    for (let place = trimmed; place < count - trimmed; place += 1) sum += column[place]!;
    result[index] = sum / (count - 2 * trimmed);
  }
  return result;
}

/** Up to so many numbers an insertion sort in place is faster than a call of the built-in one (measured: about 40). */
const shortest = 40;

function sortShort(values: Float32Array): void {
  if (values.length > shortest) {
    values.sort();
    return;
  }
  for (let end = 1; end < values.length; end += 1) {
    const value = values[end]!;
    let place = end;
    while (place > 0 && values[place - 1]! > value) {
      values[place] = values[place - 1]!;
      place -= 1;
    }
    values[place] = value;
  }
}

/**
 * How many of n updates a coordinator that knows nothing prepares for: one in five, at least one where there are enough
 * for any rule to bear it, never more than Krum allows.
 */
export function assumedPoisoned(count: number): number {
  return Math.min(Math.max(1, Math.floor(count / 5)), krumTolerates(count));
}

/** Of two updates each is the other's only company. */
export const fewestForKrum = 3;

/** The most poisoned updates among n that Krum is made for: n >= 2f + 3 (Blanchard et al. 2017, proposition 1). */
export function krumTolerates(count: number): number {
  return Math.max(0, Math.floor((count - 3) / 2));
}

/**
 * [n] the score of each update: the sum of the squared distances to its n - f - 2 nearest others. The lower, the more
 * it is in the company of others. f: `poisoned`, at most krumTolerates(n). Takes n^2 d steps.
 */
export function krumScores(updates: Updates, poisoned: number): Float64Array<ArrayBuffer> {
  const distances = new UpdateDistances(updates);
  while (distances.measure());
  return distances.krumScores(poisoned);
}

/** The `chosen` updates with the lowest scores, best first; of equal ones the first. */
export function krumChoice(scores: Float64Array, chosen: number): number[] {
  if (!Number.isInteger(chosen) || chosen < 1 || chosen > scores.length) {
    throw new RangeError(`cannot choose ${chosen} of ${scores.length} updates`);
  }
  return [...scores.keys()]
    .sort((one, other) => scores[one]! - scores[other]! || one - other)
    .slice(0, chosen);
}

/** [d] the mean of the `chosen` updates with the lowest scores: of one (Krum), or of n - f as in the paper's multi-Krum. */
export function multiKrumOf(
  updates: Updates,
  poisoned: number,
  chosen = updates.length - poisoned,
): Float64Array<ArrayBuffer> {
  return bestOf(updates, krumScores(updates, poisoned), chosen);
}

/** [d] the mean of the updates with the lowest scores. */
export function bestOf(updates: Updates, scores: Float64Array, chosen: number): Float64Array<ArrayBuffer> {
  return meanOf(krumChoice(scores, chosen).map((index) => updates[index]!));
}

/** [d] the mean of the updates, each shortened to the norm where it is longer. */
export function clippedMeanOf(updates: Updates, norm: number): Float64Array<ArrayBuffer> {
  return meanOf(updates.map((update) => clipToNorm(update, norm)));
}

/** The update, shortened to the norm (> 0) where it is longer; its direction stays. The same array where it is not. */
export function clipToNorm(update: Float32Array, norm: number): Float32Array {
  if (!(norm > 0)) throw new RangeError(`cannot clip to the norm ${norm}`);
  const length = euclideanNorm(update);
  if (length <= norm) return update;
  const factor = norm / length;
  return update.map((value) => value * factor);
}

/**
 * A norm to clip to that needs no guess: the median of the updates' own, which cheaters move only when they are half of
 * all. Under masks nobody can know it; a norm fixed beforehand takes its place.
 */
export function medianNormOf(updates: Updates): number {
  const norms = updates.map(euclideanNorm).sort((one, other) => one - other);
  const middle = (norms.length - 1) / 2;
  return (norms[Math.floor(middle)]! + norms[Math.ceil(middle)]!) / 2;
}

/** Coordinates that are compared at a time: so many of 100 updates stay in a processor's cache (measured: 4 times faster). */
const blockLength = 2048;

/** Squared distances between all updates, measured block by block, so that whoever has other work can do it in between. */
export class UpdateDistances {
  readonly #updates: Updates;
  readonly #length: number;
  /** [n][n], below the diagonal. */
  readonly #distances: readonly Float64Array[];
  #measured = 0;

  constructor(updates: Updates) {
    this.#updates = updates;
    this.#length = lengthOf(updates);
    this.#distances = updates.map(() => new Float64Array(updates.length));
  }

  /** One block more; false once there is none. */
  measure(): boolean {
    if (this.#measured >= this.#length) return false;
    const end = this.#measured + blockLength;
    const blocks = this.#updates.map((update) => update.subarray(this.#measured, end));
    for (let one = 1; one < blocks.length; one += 1) {
      const row = this.#distances[one]!;
      for (let other = 0; other < one; other += 1) {
        row[other]! += squaredDistance(blocks[one]!, blocks[other]!);
      }
    }
    this.#measured = end;
    return true;
  }

  /** As krumScores(), once everything is measured. */
  krumScores(poisoned: number): Float64Array<ArrayBuffer> {
    const count = this.#updates.length;
    if (!Number.isInteger(poisoned) || poisoned < 0 || count < 2 * poisoned + 3) {
      throw new RangeError(`cannot apply Krum against ${poisoned} poisoned among ${count} updates`);
    }
    if (this.#measured < this.#length) throw new RangeError('cannot apply Krum to half of the distances');
    return Float64Array.from(this.#updates, (_, one) => {
      const others = this.#updates.keys().filter((other) => other !== one);
      const distances = Float64Array.from(others, (other) =>
        one > other ? this.#distances[one]![other]! : this.#distances[other]![one]!,
      );
      return distances
        .sort()
        .subarray(0, count - poisoned - 2)
        .reduce((sum, distance) => sum + distance, 0);
    });
  }
}

function squaredDistance(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) {
    const difference = one[index]! - other[index]!;
    sum += difference * difference;
  }
  return sum;
}

/** d of every update. */
function lengthOf(updates: Updates): number {
  const first = updates[0];
  if (first === undefined) throw new RangeError('cannot aggregate no updates');
  for (const { length } of updates) {
    if (length !== first.length) {
      throw new RangeError(`cannot aggregate updates of ${first.length} and of ${length} coordinates`);
    }
  }
  return first.length;
}
