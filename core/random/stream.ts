/**
 * Reproducible pseudo-random streams for everything that a run's seed decides: initialisation, dealing, shuffling,
 * dropout, stochastic rounding. Never for keys, self masks, polynomials, nonces, coins or noise: those come from the
 * system's generator (core/crypto/random.ts).
 *
 * A stream is xoroshiro128+ (Blackman, Vigna 2018; library pure-rand) whose 128-bit state is the SHA-256 of the seed
 * and of labels that say what it is for, so that streams with different labels are independent and any one can be made
 * without the others.
 */
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { sha256 } from '../crypto/hash.ts';
import { utf8 } from '../bytes/bytes.ts';

export interface RandomStream {
  /** Uniform in 0 .. 2^32 - 1. */
  nextUint32(): number;
  /** Uniform in [0, 1), a multiple of 2^-32. */
  nextFloat(): number;
  /** Uniform in 0 .. bound - 1, without bias; bound in 1 .. 2^32. */
  nextBelow(bound: number): number;
}

/** 128 bits that name a stream: for generators that run elsewhere (in the training module, in another process). */
export function streamState(seed: number, ...labels: readonly (string | number)[]): Int32Array {
  const digest = sha256(utf8(JSON.stringify(['masquerade/stream/v1', seed, ...labels])));
  return new Int32Array(digest.buffer, 0, 4).slice();
}

export function randomStream(seed: number, ...labels: readonly (string | number)[]): RandomStream {
  const generator = xoroshiro128plusFromState([...streamState(seed, ...labels)]);
  const nextUint32 = (): number => generator.next() >>> 0;
  return {
    nextUint32,
    nextFloat: () => nextUint32() / 2 ** 32,
    nextBelow(bound) {
      const limit = 2 ** 32 - (2 ** 32 % bound);
      for (;;) {
        const value = nextUint32();
        if (value < limit) return value % bound;
      }
    },
  };
}

/** Shuffles in place (Fisher, Yates 1938; Durstenfeld 1964), every order equally likely. */
export function shuffle(items: Uint32Array, stream: RandomStream): void {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = stream.nextBelow(last + 1);
    const held = items[last]!;
    items[last] = items[other]!;
    items[other] = held;
  }
}
