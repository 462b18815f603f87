/**
 * e^(-a/b) between two whole numbers over a power of two: what an exact sampler asks when float64 cannot decide. All of it
 * is integer arithmetic, rounded down for the lower and up for the upper bound.
 */

/** lower <= value 2^precision <= upper. */
export interface Bounds {
  readonly lower: bigint;
  readonly upper: bigint;
}

/** Bits kept beyond those asked for, so that the bounds come out a few units apart. */
const GUARD_BITS = 32;

/**
 * Bounds on 2^precision e^(-numerator/denominator); numerator >= 0, denominator > 0.
 *
 * y = numerator / (denominator 2^m) with m such that y <= 1/2. The series of e^-y alternates and its terms fall, so that its
 * value lies within one term of any partial sum; then e^-y is squared m times.
 */
export function exponentialBounds(numerator: bigint, denominator: bigint, precision: number): Bounds {
  const one = 1n << BigInt(precision);
  if (numerator === 0n) return { lower: one, upper: one };
  let halvings = 0;
  while (numerator << 1n > denominator << BigInt(halvings)) halvings += 1;
  // each squaring doubles the distance of the bounds
  const work = BigInt(precision + GUARD_BITS + halvings);
  const divisor = denominator << BigInt(halvings);
  const y: Bounds = {
    lower: (numerator << work) / divisor,
    upper: ceilingOf(numerator << work, divisor),
  };
  let power = smallExponential(y, work);
  for (let squaring = 0; squaring < halvings; squaring += 1) power = multiplied(power, power, work);
  return shifted(power, work - BigInt(precision));
}

/** 2^work e^-y for bounds on 2^work y, 0 <= y <= 1/2. */
function smallExponential(y: Bounds, work: bigint): Bounds {
  const one = 1n << work;
  let term: Bounds = { lower: one, upper: one };
  let lower = one;
  let upper = one;
  for (let index = 1n; term.upper > 1n; index += 1n) {
    const product = multiplied(term, y, work);
    term = { lower: product.lower / index, upper: ceilingOf(product.upper, index) };
    if (index % 2n === 1n) {
      lower -= term.upper;
      upper -= term.lower;
    } else {
      lower += term.lower;
      upper += term.upper;
    }
  }
  // what was left out is smaller than the last term
  return { lower: lower - term.upper, upper: upper + term.upper };
}

/** Bounds on the product of two numbers that are not negative, all scaled by 2^work. */
export function multiplied(left: Bounds, right: Bounds, work: bigint): Bounds {
  const product = { lower: left.lower * right.lower, upper: left.upper * right.upper };
  return shifted(product, work);
}

/** Bounds divided by 2^places. */
export function shifted({ lower, upper }: Bounds, places: bigint): Bounds {
  return { lower: lower >> places, upper: -(-upper >> places) };
}

/** ceil(dividend / divisor) of numbers that are not negative. */
export function ceilingOf(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}
