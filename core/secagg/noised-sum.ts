/**
 * What a noised sum stands for, and which sums no honest clients can have brought about (core/privacy/mechanism.ts is what
 * each client does). No count and no metric comes out of it: what stands for the number of clients is public.
 */
import { euclideanNorm } from '../fedavg/euclidean-norm.ts';
import { type PrivacyPlan, readPrivateSum } from '../privacy/mechanism.ts';
import type { AggregateFault } from './quantise.ts';

/** About a noised sum beside its numbers; all of it is public. */
export interface NoisedRound {
  /** |U3| */
  readonly survivors: number;
  /** C of this round. */
  readonly clippingNorm: number;
}

/** The sum over U3 of noised vectors, in the units of updates. */
export interface NoisedUpdate {
  /** [d] noise included. */
  readonly meanUpdate: Float64Array<ArrayBuffer>;
  /** |U3|, or fraction x |U3| where coins decide who trains. */
  readonly weightSum: number;
  // nobody is told
  readonly loss: null;
  readonly accuracy: null;
  readonly clippedShare: null;
  readonly selected: null;
  /** L2 norm of the mean update, noise included. */
  readonly updateNorm: number;
  /** With adaptive clipping: about which share was within C; noised, so that it may lie outside of 0 .. 1. */
  readonly withinNorm: number | null;
}

/** sum: lifted, [vectorLength]. Throws RangeError when it has another length. */
export function readNoisedSum(
  sum: Int32Array,
  plan: PrivacyPlan,
  { survivors, clippingNorm }: NoisedRound,
): NoisedUpdate {
  const { vectorLength, fraction } = plan;
  if (sum.length !== vectorLength)
    throw new RangeError(`cannot use a sum, as it must have ${vectorLength} elements, and has ${sum.length}`);
  const { meanUpdate, shareWithin } = readPrivateSum(sum, plan, survivors, clippingNorm);
  return {
    meanUpdate,
    weightSum: fraction * survivors,
    loss: null,
    accuracy: null,
    clippedShare: null,
    selected: null,
    updateNorm: euclideanNorm(meanUpdate),
    withinNorm: shareWithin ?? null,
  };
}

/** -ln of the probability that an honest sum is refused for its length: 2^-41. */
const FALSE_ALARM = 41 * Math.LN2;
/** An element of an honest sum is refused once in 10^17. */
const MOST_DEVIATIONS = 9;

/**
 * The first part of a sum that lies outside what so many honest clients can sum to. Poisoned vectors are seen by their
 * length: that of a sum is at most |U3| D and that of its noise, which exceeds
 * s sqrt(|U3|) sqrt(d + 2 sqrt(d t) + 2 t) with probability e^-t at most (Hsu, Kakade, Zhang 2012, theorem 2.1; the discrete
 * Gaussian is subgaussian, as Canonne, Kamath and Steinke 2020 show).
 */
export function noisedSumFault(
  sum: Int32Array,
  { clipUnits, countUnits, squaredSensitivity, variance }: PrivacyPlan,
  survivors: number,
): AggregateFault | undefined {
  const deviation = Math.sqrt(variance * survivors);
  const largest = survivors * Math.max(clipUnits + 1, countUnits) + MOST_DEVIATIONS * deviation;
  const d = sum.length;
  const spread = Math.sqrt(d + 2 * Math.sqrt(d * FALSE_ALARM) + 2 * FALSE_ALARM);
  const longest = survivors * Math.sqrt(squaredSensitivity) + deviation * spread;
  return sum.some((value) => Math.abs(value) > largest) || euclideanNorm(sum) > longest
    ? 'mean-update'
    : undefined;
}
