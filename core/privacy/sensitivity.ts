/**
 * From a float update to whole numbers whose norm is certain: clipping, rounding, the exact check, and how fine the grid
 * must be (Kairouz, Liu, Steinke 2021, sections 3 and 5; without their rotation, and with the worst case of rounding in
 * place of their conditional rounding).
 *
 * The clipping norm C is C_int units, gamma = C / C_int. Rounding each of d coordinates up or down moves a vector by less
 * than sqrt(d), so that D = C_int + ceil(sqrt(d)) bounds its norm whatever the draws. C_int >= 100 sqrt(d): D is at most
 * about 1 % above C_int, and so is the noise that D asks for.
 *
 * **Width.** A coordinate is at most C_int + 1 in absolute value: clipped it is within C_int, and rounded within the next
 * whole number. (D bounds the norm, but no single coordinate comes near it.) The sum of n clients' noise is
 * subgaussian with variance n s^2: beyond 9 s sqrt(n) with probability at most 2 e^-40.5 < 6e-18 a coordinate, below 2e-12
 * in a round of 241,546. So n (C_int + 1) + 9 s sqrt(n) < 2^(bits - 1) keeps sums from wrapping. Wrapping would harm the
 * model, never privacy: it is done to numbers that already carry the noise.
 */
import { FederationError, invalidSetting } from '../errors/federation-error.ts';
import { euclideanNorm } from '../fedavg/euclidean-norm.ts';
import { MAX_BITS } from '../secagg/quantise.ts';
import { LARGEST_VARIANCE } from './discrete-gaussian.ts';
import type { WordPool } from './word-pool.ts';

/** C_int is at least so many times sqrt(d). */
const LEAST_UNITS_PER_ROOT = 100;
/** Keeps D^2 below 2^52, so that squares and their sums are exact in float64. */
const MOST_UNITS = 2 ** 25;
/** s of one client: from here on the sum of discrete Gaussians is one for all that can be told (sumExcess). */
const LEAST_DEVIATION = 3;
/** Standard deviations of the summed noise for which the width has room. */
const NOISE_ROOM = 9n;

/** The grid on which a round's vectors lie, and its noise: whole numbers only. */
export interface Grid {
  /** C_int: units of the clipping norm. */
  readonly clipUnits: number;
  /** K: what the count slot holds, as +K or -K; 0 when there is none. */
  readonly countUnits: number;
  /** D^2 + K^2: no vector's squared norm is above. */
  readonly squaredSensitivity: number;
  /** s^2 of each client's noise. */
  readonly variance: number;
  /** Width of a masked element. */
  readonly bits: number;
}

export interface GridNeeds {
  /** d */
  readonly parameterCount: number;
  /** n */
  readonly clients: number;
  /** h */
  readonly honest: number;
  /** z */
  readonly noiseMultiplier: number;
  /** K/D, when there is a count slot; else 0. */
  readonly countShare: number;
}

/** D: bound on the norm of rounded updates. */
export function updateSensitivity(clipUnits: number, parameterCount: number): number {
  return clipUnits + Math.ceil(Math.sqrt(parameterCount));
}

/**
 * The fewest bits for which the grid is fine enough, then the finest grid that they allow.
 * Throws 'invalid-setting' when 32 bits are not enough.
 */
export function planGrid(needs: GridNeeds): Grid {
  const { parameterCount, honest, noiseMultiplier } = needs;
  const leastUnits = Math.max(
    Math.ceil(LEAST_UNITS_PER_ROOT * Math.sqrt(parameterCount)),
    Math.ceil((LEAST_DEVIATION * Math.sqrt(honest)) / noiseMultiplier),
  );
  const least = leastUnits <= MOST_UNITS ? gridOf(leastUnits, needs) : undefined;
  if (least === undefined) {
    throw invalidSetting(
      'noiseMultiplier',
      noiseMultiplier,
      `such that the noise of a client is 3 units or more and fits ${MAX_BITS} bits, with ${parameterCount} parameters`,
    );
  }
  let fits = leastUnits;
  let tooFine = MOST_UNITS + 1;
  while (tooFine - fits > 1) {
    const middle = Math.floor((fits + tooFine) / 2);
    if (gridOf(middle, needs)?.bits === least.bits) fits = middle;
    else tooFine = middle;
  }
  return gridOf(fits, needs)!;
}

/** Undefined when it does not fit. */
function gridOf(clipUnits: number, needs: GridNeeds): Grid | undefined {
  const sensitivity = updateSensitivity(clipUnits, needs.parameterCount);
  const countUnits = needs.countShare > 0 ? Math.ceil(needs.countShare * sensitivity) : 0;
  const squaredSensitivity = sensitivity * sensitivity + countUnits * countUnits;
  const variance = noiseVariance(needs.noiseMultiplier, squaredSensitivity, needs.honest);
  const bits = widthFor(needs.clients, Math.max(clipUnits + 1, countUnits), variance);
  if (squaredSensitivity > LARGEST_VARIANCE || variance > LARGEST_VARIANCE || bits > MAX_BITS)
    return undefined;
  return { clipUnits, countUnits, squaredSensitivity, variance, bits };
}

/** s^2 = ceil(z^2 D^2 / h), in whole numbers: z is a fraction over a power of two, as every float64 is. */
export function noiseVariance(noiseMultiplier: number, squaredSensitivity: number, honest: number): number {
  let numerator = noiseMultiplier;
  let denominator = 1n;
  while (!Number.isInteger(numerator)) {
    numerator *= 2;
    denominator *= 2n;
  }
  const dividend = BigInt(numerator) ** 2n * BigInt(squaredSensitivity);
  const divisor = denominator ** 2n * BigInt(honest);
  return Number((dividend + divisor - 1n) / divisor);
}

/** The fewest bits with n largest + 9 s sqrt(n) < 2^(bits - 1), or 33: in whole numbers, without a root. */
function widthFor(clients: number, largest: number, variance: number): number {
  const noiseSquared = NOISE_ROOM ** 2n * BigInt(Math.min(variance, 2 * LARGEST_VARIANCE)) * BigInt(clients);
  for (let bits = 2; bits <= MAX_BITS; bits += 1) {
    const room = 2n ** BigInt(bits - 1) - BigInt(clients) * BigInt(largest);
    if (room > 0n && room ** 2n > noiseSquared) return bits;
  }
  return MAX_BITS + 1;
}

/** Euclidean norm in float64. Throws 'update-refused' when a coordinate is not finite. */
export function normOf(update: Float32Array): number {
  const norm = euclideanNorm(update);
  if (!Number.isFinite(norm)) throw updateRefused('coordinates', 'finite', 'not');
  return norm;
}

/**
 * Writes the update, clipped to C and rounded to whole multiples of C / C_int, into the first d places of `target`; returns
 * its norm before clipping. Draws one word per coordinate.
 *
 * The sum of d squares is off by a relative (d + 1) 2^-53 at most, its root by half of that; the factor and each product
 * add less than 6 x 2^-53. Clipping to C (1 - (d + 8) 2^-52) covers all of it: what is rounded has norm <= C_int.
 */
export function clipAndRound(
  update: Float32Array,
  clippingNorm: number,
  clipUnits: number,
  words: WordPool,
  target: Int32Array,
): number {
  const norm = normOf(update);
  const within = clippingNorm * (1 - (update.length + 8) * Number.EPSILON);
  const factor = norm > within ? (within / norm) * (clipUnits / clippingNorm) : clipUnits / clippingNorm;
  for (let index = 0; index < update.length; index += 1) {
    const value = update[index]! * factor;
    const floor = Math.floor(value);
    // floor, or one more if the draw is below the fraction: without a branch that is mispredicted half of the time
    target[index] = floor - Math.floor(words.next() / 2 ** 32 - (value - floor));
  }
  return norm;
}

/**
 * Throws 'update-refused' unless every one of the first d coordinates is within C_int + 1 and their squared norm within
 * D^2. Exact: D^2 <= 2^52, so that no partial sum reaches 2^53.
 */
export function requireWithinSensitivity(
  vector: Int32Array,
  parameterCount: number,
  clipUnits: number,
): void {
  const sensitivity = updateSensitivity(clipUnits, parameterCount);
  const bound = sensitivity * sensitivity;
  let squares = 0;
  for (let index = 0; index < parameterCount; index += 1) {
    const value = vector[index]!;
    squares += value * value;
    if (Math.abs(value) > clipUnits + 1 || squares > bound) {
      throw updateRefused('norm', 'within the sensitivity of its noise', 'above');
    }
  }
}

/** Says of the update only what kind it is. */
function updateRefused(field: string, allowed: string, found: string): FederationError<'update-refused'> {
  return new FederationError(
    'update-refused',
    `Cannot protect an update, as its ${field} must be ${allowed}, and is ${found}.`,
    { details: { field, allowed, found }, blame: 'client', action: 'abort' },
  );
}
