/**
 * Intervals of 95 %, so that a figure from few images is not taken for more than it is.
 *
 * Shares: Wilson 1927. Means: the percentile bootstrap (Efron, Tibshirani 1993, section 13.3). Area under the curve: DeLong,
 * DeLong, Clarke-Pearson 1988, section 2. True positives at a rate of false positives (Carlini et al. 2022, section III.C):
 * the percentile bootstrap over members and non-members, as its threshold is an estimate, too.
 */
import type { RandomStream } from '../../random/generator.ts';
import { normalQuantile } from './distributions.ts';

type Interval = readonly [number, number];

export interface Estimate {
  readonly value: number;
  readonly interval: Interval;
}

const level = 0.95;
const quantile = normalQuantile((1 + level) / 2);
const defaultResamples = 1000;

/** A share of `count` > 0 independent cases. */
export function wilson(successes: number, count: number): Interval {
  const share = successes / count;
  const square = quantile ** 2;
  const middle = (share + square / (2 * count)) / (1 + square / count);
  const half =
    (quantile * Math.sqrt((share * (1 - share)) / count + square / (4 * count ** 2))) / (1 + square / count);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** The mean of at least one value. */
export function bootstrapMean(
  values: readonly number[],
  stream: RandomStream,
  resamples = defaultResamples,
): Estimate {
  if (values.length === 0) throw new RangeError('cannot take the mean of nothing');
  const means = Array.from({ length: resamples }, () => {
    let sum = 0;
    for (const _ of values) sum += values[stream.nextBelow(values.length)]!;
    return sum / values.length;
  });
  return { value: values.reduce((sum, value) => sum + value, 0) / values.length, interval: middleOf(means) };
}

/**
 * The probability that a member scores above a non-member, ties counting half: 0.5 by chance. Scores: higher means
 * member; at least two of each.
 */
export function areaUnderCurve(members: readonly number[], others: readonly number[]): Estimate {
  const memberShares = sharesBelow(members, others);
  const otherShares = sharesBelow(others, members);
  const value = meanOf(memberShares);
  const variance = varianceOf(memberShares) / members.length + varianceOf(otherShares) / others.length;
  const half = quantile * Math.sqrt(variance);
  return { value, interval: [Math.max(0, value - half), Math.min(1, value + half)] };
}

/**
 * The share of members above the threshold that at most this share of the others exceeds, e.g. 0.01. Where an
 * attack knows nothing, it equals that share.
 */
export function truePositivesAt(
  rate: number,
  members: readonly number[],
  others: readonly number[],
  stream: RandomStream,
  resamples = defaultResamples,
): Estimate {
  const sortedMembers = Float64Array.from(members).sort();
  const sortedOthers = Float64Array.from(others).sort();
  const values = Array.from({ length: resamples }, () =>
    truePositives(rate, resample(sortedMembers, stream), resample(sortedOthers, stream)),
  );
  return { value: truePositives(rate, sortedMembers, sortedOthers), interval: middleOf(values) };
}

/**
 * Points [false positives, true positives] of the curve over every threshold, from [0, 0] to [1, 1]; at most so many,
 * denser near zero, where an attacker who must not be wrong stands.
 */
export function rocCurve(
  members: readonly number[],
  others: readonly number[],
  points = 101,
): readonly (readonly [number, number])[] {
  const sortedMembers = Float64Array.from(members).sort();
  const sortedOthers = Float64Array.from(others).sort();
  return Array.from({ length: points }, (_, index) => {
    const rate = (index / (points - 1)) ** 2;
    return [rate, rate === 1 ? 1 : truePositives(rate, sortedMembers, sortedOthers)] as const;
  });
}

/** Share of right guesses at the best of all thresholds, both kinds being equally likely: 0.5 by chance, or above by luck. */
export function bestBalancedAccuracy(members: readonly number[], others: readonly number[]): number {
  const sortedMembers = Float64Array.from(members).sort();
  const sortedOthers = Float64Array.from(others).sort();
  let best = 0.5;
  for (const threshold of sortedOthers) {
    const found = 1 - countUpTo(sortedMembers, threshold) / members.length;
    const alarms = 1 - countUpTo(sortedOthers, threshold) / others.length;
    best = Math.max(best, (1 + found - alarms) / 2);
  }
  return best;
}

/** Sorted scores. Strictly above the threshold: what ties with a non-member that must not be taken is not taken. */
function truePositives(rate: number, members: Float64Array, others: Float64Array): number {
  const allowed = Math.floor(rate * others.length + 1e-9);
  const threshold =
    allowed >= others.length ? Number.NEGATIVE_INFINITY : others[others.length - 1 - allowed]!;
  return (members.length - countUpTo(members, threshold)) / members.length;
}

/** Of each score: the share of the references below it, ties counting half. */
function sharesBelow(scores: readonly number[], references: readonly number[]): number[] {
  const sorted = Float64Array.from(references).sort();
  return scores.map(
    (score) => (countBelow(sorted, score) + countUpTo(sorted, score)) / (2 * references.length),
  );
}

function countBelow(sorted: Float64Array, value: number): number {
  return partition(sorted, (one) => one < value);
}

function countUpTo(sorted: Float64Array, value: number): number {
  return partition(sorted, (one) => one <= value);
}

/** How many of the sorted values, from the first, fulfil what only the first ones do. */
function partition(sorted: Float64Array, holds: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(sorted[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function resample(values: Float64Array, stream: RandomStream): Float64Array {
  return values.map(() => values[stream.nextBelow(values.length)]!).sort();
}

/** The range that holds the middle 95 %. */
function middleOf(values: readonly number[]): Interval {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  return [at((1 - level) / 2), at((1 + level) / 2)];
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
