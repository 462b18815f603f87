/**
 * The discrete Gaussian as Canonne, Kamath, Steinke 2020 sample it, algorithms 1 to 3, word for word and without haste:
 * rational numbers of whole numerators and denominators, coins of exact bias. For tests only.
 */
import type { RandomSource } from '../../../core/crypto/random.ts';

export class ReferenceSampler {
  readonly #random: RandomSource;
  #bytes = new Uint8Array(0);
  #next = 0;

  constructor(random: RandomSource) {
    this.#random = random;
  }

  #byte(): number {
    if (this.#next === this.#bytes.length) {
      this.#bytes = this.#random.bytes(1 << 16);
      this.#next = 0;
    }
    return this.#bytes[this.#next++]!;
  }

  /** Uniform in 0 .. bound - 1. */
  #below(bound: bigint): bigint {
    const bits = bound.toString(2).length;
    for (;;) {
      let value = 0n;
      for (let at = 0; at < bits; at += 8) value = (value << 8n) | BigInt(this.#byte());
      value &= (1n << BigInt(bits)) - 1n;
      if (value < bound) return value;
    }
  }

  #bernoulli(numerator: bigint, denominator: bigint): boolean {
    return this.#below(denominator) < numerator;
  }

  /** Algorithm 1: Bernoulli(e^-(numerator / denominator)). */
  bernoulliExponential(numerator: bigint, denominator: bigint): boolean {
    let left = numerator;
    while (left > denominator) {
      if (!this.bernoulliExponential(1n, 1n)) return false;
      left -= denominator;
    }
    let k = 1n;
    while (this.#bernoulli(left, denominator * k)) k += 1n;
    return k % 2n === 1n;
  }

  /** Algorithm 2 with s = 1: the discrete Laplace law of scale t. */
  #laplace(t: bigint): bigint {
    for (;;) {
      const u = this.#below(t);
      if (!this.bernoulliExponential(u, t)) continue;
      let v = 0n;
      while (this.bernoulliExponential(1n, 1n)) v += 1n;
      const magnitude = u + t * v;
      const negative = this.#bernoulli(1n, 2n);
      if (negative && magnitude === 0n) continue;
      return negative ? -magnitude : magnitude;
    }
  }

  /** Algorithm 3. */
  discreteGaussian(variance: bigint): number {
    let t = 1n;
    while (t * t <= variance) t += 1n;
    for (;;) {
      const y = this.#laplace(t);
      const magnitude = y < 0n ? -y : y;
      // (|y| - variance/t)^2 / (2 variance)
      const difference = magnitude * t - variance;
      if (this.bernoulliExponential(difference * difference, 2n * variance * t * t)) return Number(y);
    }
  }
}
