/**
 * From a float update to whole numbers modulo 2^bits, and back from their sum.
 *
 * With S the scale, R the clip bound, W the weight cap and w <= W the client's weight, coordinate u becomes
 *
 *     x = SR(S (w/W) clamp(u, -R, R)),      M = ceil(S R),      2 n M + 1 <= 2^bits <= 2^32,
 *
 * SR rounding to one of the two nearest integers, up with the probability of the fraction, so that it is unbiased
 * (to within 2^-32, the resolution of a draw).
 *
 * **|x| <= M, in floating point too.** Write fl for rounding to float64, which is monotonic. clamp is exact, so
 * |clamp(u)| <= R. ratio = fl(w/W) <= 1, as w <= W; factor = fl(S ratio) <= S; hence |y| <= fl(S R) for
 * y = fl(factor clamp(u)), and M is computed as ceil of that very fl(S R). SR(y) is floor(y), or floor(y) + 1 only when y
 * is not an integer: at most ceil(y) <= M, and at least floor(y) >= -M, as M is an integer. (floor(y + draw) would break
 * this: with y = M large, fl(y + draw) can reach M + 1.)
 *
 * **The sum does not wrap.** n terms of absolute value <= M have a sum within +-nM, and the 2 n M + 1 integers of that
 * range are distinct modulo 2^bits: the centred lift gives the sum exactly.
 *
 * **Error of the aggregate.** See aggregateErrorBound.
 */
import { FederationError } from '../errors/federation-error.ts';
import type { RandomStream } from '../random/generator.ts';
import { lowBitsMask } from './masks.ts';
import { slotIndex, vectorLengthOf } from './vector-layout.ts';

export const weightModes = ['exact', 'bucketed', 'uniform'] as const;
/** exact: the number of examples; bucketed: it rounded down to a power of two; uniform: 1. */
export type WeightMode = (typeof weightModes)[number];

/** Widest modulus: sums are kept in 32-bit words. */
export const MAX_BITS = 32;

/** What quantisation needs of the round's parameters. */
export interface QuantisationRule {
  /** n */
  readonly clients: number;
  /** d */
  readonly parameterCount: number;
  readonly bits: number;
  /** S: units per 1 of update. */
  readonly scale: number;
  /** R: largest absolute value of a coordinate of an update. */
  readonly clipBound: number;
  /** W: largest weight. */
  readonly weightCap: number;
  /** Largest mean loss that a client reports; more counts as this. */
  readonly lossBound: number;
}

/** One client's round, before quantisation. */
export interface Contribution {
  /** [d] local weights minus global weights. */
  readonly update: Float32Array;
  /** 0 .. W, an integer (clientWeight). */
  readonly weight: number;
  /** Mean loss while training, >= 0. */
  readonly loss: number;
  /** Share of examples classified correctly while training, 0 .. 1. */
  readonly accuracy: number;
}

/** The sum over U3, in the units of the inputs. */
export interface AggregatedUpdate {
  /** [d] sum of w clamp(u) over the sum of w; undefined when no weight came: the model then stays. */
  readonly meanUpdate: Float64Array<ArrayBuffer> | undefined;
  /** Sum of the weights. */
  readonly weightSum: number;
  /** Weighted means of the clients' losses and accuracies; 0 when no weight came. */
  readonly loss: number;
  readonly accuracy: number;
  /** Mean over the selected of the share of coordinates that were clipped. */
  readonly clippedShare: number;
  /** How many took part in training. */
  readonly selected: number;
}

/** The weight of a client with so many examples. Larger counts than the cap count as the cap. */
export function clientWeight(examples: number, mode: WeightMode, weightCap: number): number {
  if (examples === 0) return 0;
  switch (mode) {
    case 'exact':
      return Math.min(examples, weightCap);
    case 'bucketed':
      return powerOfTwoWithin(Math.min(examples, weightCap));
    case 'uniform':
      return 1;
  }
}

/** The largest power of two that is at most `value` >= 1. */
export function powerOfTwoWithin(value: number): number {
  return 2 ** (31 - Math.clz32(value));
}

/** The smallest bits with 2 n M + 1 <= 2^bits, which may be more than 32. */
export function bitsFor(clients: number, largest: number): number {
  let bits = 1;
  while (2 * clients * largest + 1 > 2 ** bits) bits += 1;
  return bits;
}

/** The largest M with 2 n M + 1 <= 2^bits. */
export function largestWithin(clients: number, bits: number): number {
  return Math.floor((2 ** bits - 1) / (2 * clients));
}

/** M = ceil(S R): the largest absolute value of a quantised coordinate, as quantise() computes it. */
export function largestMagnitude(rule: Pick<QuantisationRule, 'scale' | 'clipBound'>): number {
  return Math.ceil(rule.scale * rule.clipBound);
}

/** The largest absolute value of any slot: what the width must allow for. */
export function largestSlot(rule: QuantisationRule): number {
  return Math.max(largestMagnitude(rule), rule.weightCap, 1);
}

/** The largest S for which M = ceil(S R), computed in float64, is not above `largest`. */
export function scaleFor(largest: number, clipBound: number): number {
  let scale = largest / clipBound;
  while (largestMagnitude({ scale, clipBound }) > largest) scale *= 1 - Number.EPSILON;
  return scale;
}

/**
 * The vector to mask, [d + 5] below 2^bits, and the number of coordinates that were clipped. Draws once from the stream
 * per coordinate and three times more, whatever the data.
 * Throws FederationError 'update-refused' when a value is not finite or out of its range.
 */
export function quantise(
  contribution: Contribution,
  rule: QuantisationRule,
  stream: RandomStream,
): { readonly vector: Uint32Array<ArrayBuffer>; readonly clipped: number } {
  const { update, weight, loss, accuracy } = contribution;
  const { parameterCount, weightCap, lossBound } = rule;
  checkContribution(contribution, rule);
  const vector = new Uint32Array(vectorLengthOf(parameterCount));
  const ratio = weight / weightCap;
  const clipped = roundClamped(update, rule, ratio, stream, vector);
  const largest = largestMagnitude(rule);
  const share = parameterCount === 0 ? 0 : clipped / parameterCount;
  const round = (value: number): number => roundStochastically(value, stream.nextFloat());
  vector[slotIndex(parameterCount, 'exampleCount')] = weight;
  vector[slotIndex(parameterCount, 'lossSum')] = round(
    largest * (ratio * (Math.min(loss, lossBound) / lossBound)),
  );
  vector[slotIndex(parameterCount, 'correctCount')] = round(weight * accuracy);
  vector[slotIndex(parameterCount, 'clippedShare')] = round(largest * share);
  vector[slotIndex(parameterCount, 'selected')] = 1;
  return { vector, clipped };
}

/** What a client sends that its own coin left out of this round: zero, with weight 0. */
export function unselectedVector(rule: QuantisationRule): Uint32Array<ArrayBuffer> {
  return new Uint32Array(vectorLengthOf(rule.parameterCount));
}

/** Writes SR(S ratio clamp(value, -R, R)) of every value modulo 2^bits; returns how many were clipped. */
function roundClamped(
  values: Float32Array,
  { scale, clipBound, bits }: QuantisationRule,
  ratio: number,
  stream: RandomStream,
  target: Uint32Array,
): number {
  const factor = scale * ratio;
  const lowBits = lowBitsMask(bits);
  let clipped = 0;
  for (let index = 0; index < values.length; index += 1) {
    let value = values[index]!;
    if (!(value >= -clipBound && value <= clipBound)) {
      if (!Number.isFinite(value)) throw updateRefused('coordinate', 'finite', value);
      value = value > 0 ? clipBound : -clipBound;
      clipped += 1;
    }
    target[index] = roundStochastically(factor * value, stream.nextFloat()) & lowBits;
  }
  return clipped;
}

/**
 * floor(value), or one more if draw < fraction. draw: uniform in [0, 1). The last floor is -1 or 0, and no rounding of
 * its argument changes which: a comparison without a branch, which would be mispredicted half of the time.
 */
function roundStochastically(value: number, draw: number): number {
  const floor = Math.floor(value);
  return floor - Math.floor(draw - (value - floor));
}

/** The representatives in -2^(bits-1) .. 2^(bits-1) - 1 of a sum modulo 2^bits; higher bits of the words do not count. */
export function centredLift(sum: Uint32Array, bits: number): Int32Array<ArrayBuffer> {
  lowBitsMask(bits);
  const unused = MAX_BITS - bits;
  const lifted = new Int32Array(sum.length);
  for (let index = 0; index < sum.length; index += 1) lifted[index] = (sum[index]! << unused) >> unused;
  return lifted;
}

/** The mean update and metrics that a lifted sum [d + 5] stands for. */
export function dequantise(sum: Int32Array, rule: QuantisationRule): AggregatedUpdate {
  const { parameterCount, scale, weightCap, lossBound } = rule;
  requireLength(sum.length, vectorLengthOf(parameterCount));
  const slot = (name: Parameters<typeof slotIndex>[1]): number => sum[slotIndex(parameterCount, name)]!;
  const weightSum = slot('exampleCount');
  const selected = slot('selected');
  const largest = largestMagnitude(rule);
  return {
    meanUpdate:
      weightSum > 0 ? meanOf(sum.subarray(0, parameterCount), weightCap / (scale * weightSum)) : undefined,
    weightSum,
    loss: weightSum > 0 ? (slot('lossSum') * weightCap * lossBound) / (largest * weightSum) : 0,
    accuracy: weightSum > 0 ? slot('correctCount') / weightSum : 0,
    clippedShare: selected > 0 ? slot('clippedShare') / (largest * selected) : 0,
    selected,
  };
}

function meanOf(sum: Int32Array, factor: number): Float64Array<ArrayBuffer> {
  const mean = new Float64Array(sum.length);
  for (let index = 0; index < sum.length; index += 1) mean[index] = sum[index]! * factor;
  return mean;
}

/**
 * Bound on |mean update - sum of w clamp(u) over sum of w| in every coordinate, where both sums run over U3.
 *
 * Client i sends x_i = S (w_i/W) clamp(u_i) + e_i. Rounding moves y by less than 1; the three float64 operations that
 * make y move it by less than 3 x 2^-53 |y| (1 + 2^-50) < 2^-20, as |y| <= M < 2^31. So |e_i| < 1 + 2^-20, and
 *
 *     W / (S sum w) x sum x_i - sum w_i clamp(u_i) / sum w_i = W / (S sum w) x sum e_i.
 *
 * Turning the sum back costs three more operations on a number below 2^31 units, again under 2^-20 units. Hence
 * |error| < |U3| (1 + 2^-19) W / (S sum w); the slack also covers a reference mean that is itself computed in float64.
 * Infinity when no weight came.
 */
export function aggregateErrorBound(
  rule: Pick<QuantisationRule, 'scale' | 'weightCap'>,
  survivors: number,
  weightSum: number,
): number {
  return (survivors * (1 + 2 ** -19) * rule.weightCap) / (rule.scale * weightSum);
}

/** Which part of an aggregate no honest clients can have brought about. */
export type AggregateFault =
  'selected' | 'weight-sum' | 'loss' | 'accuracy' | 'clipped-share' | 'mean-update';

/**
 * The first part of an aggregate that lies outside what `survivors` honest clients can sum to; undefined when it is
 * plausible. Under masks nobody's own count or vector can be looked at: one client that lies in a slot would have the
 * update divided by nonsense. To be asked before the aggregate is used. What stays within these ranges is believed.
 *
 * For quantised sums: where quantisation is off (demonstrations only), nothing bounds an update. Each selected client
 * brings a weight of at most W. Loss and update may exceed their bounds by what rounding adds, at
 * most one unit per client, in the units of a mean.
 */
export function aggregateFault(
  update: AggregatedUpdate,
  survivors: number,
  rule: QuantisationRule,
): AggregateFault | undefined {
  const { meanUpdate, weightSum, selected, loss, accuracy, clippedShare } = update;
  const { weightCap, lossBound, clipBound } = rule;
  if (!isCount(selected, survivors)) return 'selected';
  if (!isCount(weightSum, selected * weightCap)) return 'weight-sum';
  const lossSlack =
    weightSum > 0 ? (survivors * weightCap * lossBound) / (largestMagnitude(rule) * weightSum) : 0;
  if (!isWithin(loss, lossBound + lossSlack)) return 'loss';
  if (!isWithin(accuracy, 1)) return 'accuracy';
  if (!isWithin(clippedShare, 1)) return 'clipped-share';
  const widest = clipBound + aggregateErrorBound(rule, survivors, weightSum);
  return meanUpdate === undefined || meanUpdate.every((value) => Math.abs(value) <= widest)
    ? undefined
    : 'mean-update';
}

function isCount(value: number, highest: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= highest;
}

/** False for NaN. The slack is for the float64 operations that made the value. */
function isWithin(value: number, highest: number): boolean {
  return value >= 0 && value <= highest * (1 + 2 ** -20);
}

function checkContribution(
  contribution: Contribution,
  { parameterCount, weightCap }: QuantisationRule,
): void {
  requireLength(contribution.update.length, parameterCount);
  requireWithin('weight', contribution.weight, 0, weightCap);
  if (!Number.isInteger(contribution.weight))
    throw updateRefused('weight', 'a whole number', contribution.weight);
  requireWithin('loss', contribution.loss, 0, Number.MAX_VALUE);
  requireWithin('accuracy', contribution.accuracy, 0, 1);
}

function requireLength(length: number, expected: number): void {
  if (length !== expected) {
    throw new RangeError(`cannot use a vector, as it must have ${expected} elements, and has ${length}`);
  }
}

function requireWithin(field: string, value: number, lowest: number, highest: number): void {
  if (!(value >= lowest && value <= highest)) throw updateRefused(field, `in ${lowest} .. ${highest}`, value);
}

/** Says of a value only what kind it is. */
function updateRefused(field: string, allowed: string, value: number): FederationError<'update-refused'> {
  const found = Number.isFinite(value) ? 'not' : String(value);
  return new FederationError(
    'update-refused',
    `Cannot quantise an update, as its ${field} must be ${allowed}, and is ${found}.`,
    {
      details: { field, allowed, found },
      blame: 'client',
      action: 'abort',
    },
  );
}
