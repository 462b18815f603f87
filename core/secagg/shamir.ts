/**
 * Secret sharing (Shamir 1979), byte by byte over GF(2^8): each byte of the secret is the constant term of a random
 * polynomial of degree threshold - 1, and the holder of index i gets its value at x = i + 1. Any `threshold` shares give
 * the secret, fewer tell nothing about it.
 *
 * Shares carry no check of their own. Whoever rebuilds a secret compares it with what its dealer committed to, and
 * with surplus shares finds those that are wrong (Reed-Solomon decoding, core/secagg/reed-solomon.ts).
 */
import type { RandomSource } from '../crypto/random.ts';
import { eraseBytes } from '../bytes/bytes.ts';
import { logarithms, multiplesOf, power } from './galois-field.ts';
import { locateErrors } from './reed-solomon.ts';

/** x is one byte, and 0 is where the secret lies. */
export const MAX_SHARES = 255;

export interface Share {
  /** 1 .. 255: 1 + the holder's index. */
  readonly x: number;
  /** As long as the secret. */
  readonly share: Uint8Array;
}

/**
 * Shares of a secret for holders 0 .. count - 1, share i at x = i + 1; each as long as the secret.
 * Throws RangeError unless 1 <= threshold <= count <= 255.
 */
export function shareSecret(
  secret: Uint8Array,
  threshold: number,
  count: number,
  random: RandomSource,
): Uint8Array<ArrayBuffer>[] {
  if (!(
    Number.isInteger(threshold) &&
    Number.isInteger(count) &&
    threshold >= 1 &&
    threshold <= count &&
    count <= MAX_SHARES
  )) {
    throw new RangeError(
      `cannot share a secret, as 1 <= threshold <= shares <= ${MAX_SHARES} must hold, and they are ${threshold} and ${count}`,
    );
  }
  const length = secret.length;
  /** Coefficients of x^1 .. x^(threshold - 1), `length` bytes each. */
  const coefficients = random.bytes((threshold - 1) * length);
  const shares = Array.from({ length: count }, (_, holder) => {
    const timesX = multiplesOf(holder + 1);
    const share = new Uint8Array(length);
    for (let at = coefficients.length - length; at >= 0; at -= length) {
      for (let byte = 0; byte < length; byte += 1)
        share[byte] = timesX[share[byte]! ^ coefficients[at + byte]!]!;
    }
    for (let byte = 0; byte < length; byte += 1) share[byte]! ^= secret[byte]!;
    return share;
  });
  eraseBytes(coefficients);
  return shares;
}

/**
 * The secret that the first `threshold` shares give, right or wrong.
 * Throws RangeError when there are fewer, an x is not in 1 .. 255 or comes twice, or lengths differ.
 */
export function rebuildSecret(shares: readonly Share[], threshold: number): Uint8Array<ArrayBuffer> {
  if (threshold < 1 || shares.length < threshold) {
    throw new RangeError(
      `cannot rebuild a secret, as ${threshold} shares (1 or more) are needed, and there are ${shares.length}`,
    );
  }
  const used = shares.slice(0, threshold);
  const weights = lagrangeWeights(used.map(({ x }) => x));
  const secret = new Uint8Array(used[0]?.share.length ?? 0);
  used.forEach(({ share }, index) => {
    if (share.length !== secret.length)
      throw new RangeError('cannot rebuild a secret, as all shares must be as long');
    const weighted = multiplesOf(weights[index]!);
    for (let byte = 0; byte < secret.length; byte += 1) secret[byte]! ^= weighted[share[byte]!]!;
  });
  return secret;
}

export interface DecodedSecret {
  readonly secret: Uint8Array<ArrayBuffer>;
  /** The x of shares that were found to be wrong. Others may be, among those that were not needed. */
  readonly wrong: readonly number[];
}

/**
 * The secret that `accept` recognises, even if up to floor((shares - threshold) / 2) of the shares are wrong in any
 * way; undefined when no more can be said. At most one decoding per byte of the secret.
 *
 * A wrong share shows at any byte where it is wrong. Once found it is left out, which never costs more than it brings:
 * one share less, one error less.
 *
 * Throws as rebuildSecret.
 */
export function decodeSecret(
  shares: readonly Share[],
  threshold: number,
  accept: (secret: Uint8Array) => boolean,
): DecodedSecret | undefined {
  const wrong: number[] = [];
  let trusted = shares;
  const tryTrusted = (): DecodedSecret | undefined => {
    const secret = rebuildSecret(trusted, threshold);
    if (accept(secret)) return { secret, wrong };
    eraseBytes(secret);
    return undefined;
  };
  const plain = tryTrusted();
  if (plain !== undefined) return plain;

  const length = shares[0]?.share.length ?? 0;
  // Correcting one error takes two shares more than the threshold.
  for (let byte = 0; byte < length && trusted.length >= threshold + 2; byte += 1) {
    const found = locateErrors(
      trusted.map(({ x }) => x),
      trusted.map(({ share }) => share[byte]!),
      threshold,
    );
    if (found === undefined) return undefined;
    if (found.length === 0) continue;
    wrong.push(...found.map((index) => trusted[index]!.x));
    trusted = trusted.filter((_, index) => !found.includes(index));
    const decoded = tryTrusted();
    if (decoded !== undefined) return decoded;
  }
  return undefined;
}

/** The weights of the latest set of x: on the complete graph the same holders answer for every secret. */
let latest: { readonly points: readonly number[]; readonly weights: Uint8Array } = {
  points: [],
  weights: new Uint8Array(0),
};

/**
 * Lagrange's weights at zero: the polynomial of degree < [points] through (x_i, y_i) takes at 0 the value
 * sum of weight_i y_i, where weight_i = product over j != i of x_j / (x_j - x_i). Computed with logarithms.
 */
function lagrangeWeights(points: readonly number[]): Uint8Array {
  if (points.length === latest.points.length && points.every((x, index) => x === latest.points[index])) {
    return latest.weights;
  }
  if (
    points.some((x) => !Number.isInteger(x) || x < 1 || x > MAX_SHARES) ||
    new Set(points).size !== points.length
  ) {
    throw new RangeError(
      `cannot rebuild a secret, as the x of its shares must be distinct and in 1 .. ${MAX_SHARES}`,
    );
  }
  const logarithmOfAll = points.reduce((sum, x) => sum + logarithms[x]!, 0);
  const weights = Uint8Array.from(points, (x, index) => {
    let exponent = logarithmOfAll - logarithms[x]!;
    for (let other = 0; other < points.length; other += 1) {
      if (other !== index) exponent -= logarithms[points[other]! ^ x]!;
    }
    return power(((exponent % 255) + 255) % 255);
  });
  latest = { points, weights };
  return weights;
}
