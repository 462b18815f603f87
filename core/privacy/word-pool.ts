/** Uniform 32-bit words of a random source, drawn in bulk and erased once they are used up. */
import type { RandomSource } from '../crypto/random.ts';
import { littleEndianWords } from '../secagg/little-endian.ts';

/** Words drawn at a time, unless fewer are expected: they stay in the processor's cache. */
const MOST_WORDS = 16_384;

export class WordPool {
  readonly #random: RandomSource;
  readonly #size: number;
  #words: Uint32Array = new Uint32Array(0);
  #next = 0;

  /** expected: about how many words will be needed. */
  constructor(random: RandomSource, expected: number) {
    this.#random = random;
    this.#size = Math.max(1, Math.min(MOST_WORDS, expected));
  }

  next(): number {
    if (this.#next === this.#words.length) {
      this.erase();
      this.#words = littleEndianWords(this.#random.bytes(4 * this.#size));
      this.#next = 0;
    }
    return this.#words[this.#next++]!;
  }

  erase(): void {
    this.#words.fill(0);
    this.#next = this.#words.length;
  }
}
