/**
 * The generator behind every reproducible stream, and the shuffle that training engines share: xoroshiro128+
 * (Blackman, Vigna 2018; library pure-rand). Runs in a browser too. States come from streamState() in stream.ts.
 *
 * Not for secrets: its output gives its state away.
 */
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

export interface RandomStream {
  /** Uniform in 0 .. 2^32 - 1. */
  nextUint32(): number;
  /** Uniform in [0, 1), a multiple of 2^-32. */
  nextFloat(): number;
  /** Uniform in 0 .. bound - 1, without bias; bound in 1 .. 2^32. */
  nextBelow(bound: number): number;
}

/** The stream that starts at the given state: 128 bits, [4], not all zero. */
export function streamFromState(state: Int32Array): RandomStream {
  const generator = xoroshiro128plusFromState([...state]);
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
