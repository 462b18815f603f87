/**
 * Exact sampling of the discrete Gaussian N_Z(0, s^2), P(x) proportional to e^(-x^2 / 2s^2) on the integers, s^2 a whole
 * number (Canonne, Kamath, Steinke 2020, "The Discrete Gaussian for Differential Privacy"). Noise that is only nearly
 * Gaussian voids a privacy guarantee (Mironov 2012), so that nothing here is approximate: wherever a probability decides,
 * a uniform real number U is compared with it, and bits of both are found out until the comparison is certain.
 *
 * Departs from the paper's algorithms 1 to 3 (rejection from a discrete Laplace law, e^-x as a race of coins) because
 * they take several rational coins a sample, 1.2 s for 241,546 of them. The law is the same; tests hold both side by side.
 *
 * **Blocks.** |x| falls into block b = floor(|x| / w), w = 2^k a power of two between s/64 and s/32 (1 when s < 64). Block b
 * is proposed with probability proportional to e_b = e^(-(bw)^2 / 2s^2), a place r in 0 .. w - 1 evenly, a sign evenly;
 * x = +-(bw + r) is accepted with probability e^(-r (2bw + r) / 2s^2), and -0 never. Each x is so returned with
 * probability proportional to e_b e^(-r (2bw + r) / 2s^2) = e^(-x^2 / 2s^2).
 *
 * **Which block.** With c_b = (e_0 + .. + e_b) / (e_0 + e_1 + ..), the block is the first b with U < c_b. Let u be the
 * first 32 bits of U and T_b = floor(2^32 c_b), from bounds on c_b tight enough to leave no doubt. If u < T_b then
 * U < (u + 1) / 2^32 <= T_b / 2^32 <= c_b; if u > T_b then U >= u / 2^32 >= (T_b + 1) / 2^32 > c_b. Only u = T_b needs more
 * bits of U and of c_b; the table ends with T = 2^32 - 1, so that everything beyond it is such a case.
 *
 * **Whether to accept.** V < p, p = e^(-r (2bw + r) / 2s^2), v the first 32 bits of V. p is at least e_(b+1) / e_b: if v is
 * below 2^32 times a lower bound of that, as in 49 of 50 cases, V < p. Otherwise float64 decides where it must be right
 * (see certainBounds), and exact arithmetic in about one case of 2^31.
 *
 * Does not protect against who can time the machine's single operations: they depend on the noise.
 */
import type { RandomSource } from '../crypto/random.ts';
import { type Bounds, ceilingOf, exponentialBounds, multiplied } from './exact-exponential.ts';
import { WordPool } from './word-pool.ts';

/** All whole numbers that occur stay below 2^53 up to here. */
export const LARGEST_VARIANCE = 2 ** 52;

const WORD = 2 ** 32;
const WORD_BITS = 32;
/** Leading bits of u by which the search for its block begins. */
const GUIDE_BITS = 12;
const GUIDE_SHIFT = WORD_BITS - GUIDE_BITS;

/**
 * [count] independent samples of N_Z(0, variance), modulo 2^32 (only what lies beyond 32 standard deviations could wrap,
 * and does so as a masked sum would). variance: a whole number in 1 .. 2^52. random: the system's generator in sessions.
 */
export function sampleDiscreteGaussian(
  count: number,
  variance: number,
  random: RandomSource,
): Int32Array<ArrayBuffer> {
  const table = tableOf(variance);
  const words = new WordPool(random, 3 * count + 8);
  const samples = new Int32Array(count);
  for (let index = 0; index < count; index += 1) samples[index] = sampleOne(table, words);
  words.erase();
  return samples;
}

function sampleOne(table: Table, words: WordPool): number {
  const { thresholds, squeezes, guide, width } = table;
  const placeMask = width - 1;
  for (;;) {
    const u = words.next();
    let block = guide[u >>> GUIDE_SHIFT]!;
    while (thresholds[block]! < u) block += 1;
    const inTable = thresholds[block] !== u;
    if (!inTable) block = blockExactly(table, u, words);
    const word = words.next();
    const place = word & placeMask;
    if (place !== 0) {
      const v = words.next();
      const certain = inTable && v < squeezes[block]!;
      if (!certain && !isAccepted(table, block, place, v, inTable, words)) continue;
    }
    const magnitude = block * width + place;
    if (word < WORD / 2) return magnitude | 0;
    if (magnitude !== 0) return -magnitude | 0;
  }
}

/** V < e^(-place (2 block width + place) / 2 variance), v the first 32 bits of V. */
function isAccepted(
  { variance, width }: Table,
  block: number,
  place: number,
  v: number,
  inTable: boolean,
  words: WordPool,
): boolean {
  if (inTable) {
    const { lower, upper } = certainBounds((place * (2 * block * width + place)) / (2 * variance));
    if (v < lower) return true;
    if (v > upper) return false;
  }
  const whole = BigInt(place);
  const numerator = whole * (2n * BigInt(block) * BigInt(width) + whole);
  const denominator = 2n * BigInt(variance);
  return isBelow(v, (precision) => exponentialBounds(numerator, denominator, precision), words);
}

/**
 * Whole numbers with lower <= 2^32 e^-y < upper + 1 in spite of rounding, for 0 <= y <= 1/4, y itself rounded once.
 *
 * e^-y = 1 - y (1 - y/2 (1 - y/3 (..))), cut after the 12th: what is missing is below y^13 / 13! < 2^-58. In every step
 * t = fl(1 - fl(fl(y t') / j)) with t, t' in 3/4 .. 1, an error e' of t' makes one of at most
 * (y/j) (e' + 4 x 2^-53) + 2^-53 <= e'/4 + 2^-52, hence less than 2^-51 after all steps, and less than 2^-50 with what is
 * missing. Times 2^32, a margin of 2^-16 is ample, also for rounding the two differences.
 *
 * In the table bw < 6.7 s, as the share beyond is below 2^-32, and w <= s/32: y = r (2bw + r) / 2s^2 < 0.22.
 */
export function certainBounds(y: number): { readonly lower: number; readonly upper: number } {
  let value = 1;
  for (let index = 12; index >= 1; index -= 1) value = 1 - (y * value) / index;
  const scaled = value * WORD;
  return { lower: Math.floor(scaled - 2 ** -16), upper: Math.floor(scaled + 2 ** -16) };
}

/** U < value for a uniform U whose first 32 bits are `word`: draws further bits until the bounds leave no doubt. */
function isBelow(word: number, boundsAt: (precision: number) => Bounds, words: WordPool): boolean {
  let prefix = BigInt(word);
  for (let bits = WORD_BITS; ; bits += WORD_BITS) {
    const { lower, upper } = boundsAt(bits + WORD_BITS);
    const from = prefix << BigInt(WORD_BITS);
    if (from + BigInt(WORD) <= lower) return true;
    if (from >= upper) return false;
    prefix = (prefix << BigInt(WORD_BITS)) | BigInt(words.next());
  }
}

/** The block of a U whose first 32 bits are `word`, by as many further bits as it takes. */
function blockExactly({ variance, width }: Table, word: number, words: WordPool): number {
  let prefix = BigInt(word);
  for (let bits = WORD_BITS; ; bits += WORD_BITS) {
    prefix = (prefix << BigInt(WORD_BITS)) | BigInt(words.next());
    const spare = 64;
    const { boundaries } = blockBounds(variance, width, bits + WORD_BITS + spare);
    const from = prefix << BigInt(spare);
    const to = (prefix + 1n) << BigInt(spare);
    const block = boundaries.findIndex(({ upper }) => from < upper);
    if (block !== -1 && to <= boundaries[block]!.lower) return block;
  }
}

interface Table {
  readonly variance: number;
  /** w */
  readonly width: number;
  /** T_b = floor(2^32 c_b), up to the first that is 2^32 - 1. */
  readonly thresholds: Uint32Array;
  /** At most 2^32 e_(b+1) / e_b. */
  readonly squeezes: Uint32Array;
  /** By the leading bits of u, the first block with T_b >= those bits followed by zeros. */
  readonly guide: Uint16Array;
}

/** Those of a session all have one variance, those of a simulation too. */
let latest: Table | undefined;

function tableOf(variance: number): Table {
  if (!Number.isSafeInteger(variance) || variance < 1 || variance > LARGEST_VARIANCE) {
    throw new RangeError(
      `cannot sample noise, as its variance must be a whole number in 1 .. 2^52, and is ${variance}`,
    );
  }
  if (latest?.variance !== variance) latest = makeTable(variance);
  return latest;
}

function makeTable(variance: number): Table {
  const width = blockWidth(variance);
  for (let precision = 96; ; precision += 64) {
    const places = BigInt(precision - WORD_BITS);
    const { boundaries, ratios } = blockBounds(variance, width, precision);
    const thresholds: number[] = [];
    for (const { lower, upper } of boundaries) {
      if (lower >> places !== upper >> places) break;
      thresholds.push(Number(lower >> places));
      if (thresholds.at(-1) === WORD - 1) {
        const squeezes = ratios.slice(0, thresholds.length).map(({ lower }) => Number(lower >> places));
        return {
          variance,
          width,
          thresholds: Uint32Array.from(thresholds),
          squeezes: Uint32Array.from(squeezes, (squeeze) => Math.min(squeeze, WORD - 1)),
          guide: guideTo(thresholds),
        };
      }
    }
    // in doubt: with more bits
  }
}

/** The largest power of two that is at most s/32; 1 for s < 64. */
function blockWidth(variance: number): number {
  let width = 1;
  while ((64 * width) ** 2 <= variance) width *= 2;
  return width;
}

function guideTo(thresholds: readonly number[]): Uint16Array {
  let block = 0;
  return Uint16Array.from({ length: 2 ** GUIDE_BITS }, (_, index) => {
    while (thresholds[block]! < index * 2 ** GUIDE_SHIFT) block += 1;
    return block;
  });
}

/**
 * Bounds, scaled by 2^precision, on the c_b of all blocks that matter at this precision, and on e_(b+1) / e_b.
 *
 * With g = e^(-w^2 / 2s^2): e_(b+1) / e_b = g^(2b + 1), each the one before times g^2. The blocks left out after the last,
 * B, weigh at most e_(B+1) + e_(B+1) q + e_(B+1) q^2 + .. = e_(B+1) / (1 - q) with q = e_(B+2) / e_(B+1), as ratios fall.
 */
function blockBounds(
  variance: number,
  width: number,
  precision: number,
): { readonly boundaries: readonly Bounds[]; readonly ratios: readonly Bounds[] } {
  const work = BigInt(precision + 32);
  const one = 1n << work;
  const first = exponentialBounds(BigInt(width) ** 2n, 2n * BigInt(variance), Number(work));
  const step = multiplied(first, first, work);
  let weight: Bounds = { lower: one, upper: one };
  let ratio = first;
  let sum: Bounds = { lower: 0n, upper: 0n };
  const sums: Bounds[] = [];
  const ratios: Bounds[] = [];
  while (weight.upper >> (work - BigInt(precision)) > 0n) {
    sum = { lower: sum.lower + weight.lower, upper: sum.upper + weight.upper };
    sums.push(sum);
    ratios.push({ lower: ratio.lower >> 32n, upper: (ratio.upper >> 32n) + 1n });
    weight = multiplied(weight, ratio, work);
    ratio = multiplied(ratio, step, work);
  }
  const leftOut = ceilingOf(weight.upper << work, one - ratio.upper);
  const total: Bounds = { lower: sum.lower, upper: sum.upper + leftOut };
  const boundaries = sums.map(({ lower, upper }) => ({
    lower: (lower << BigInt(precision)) / total.upper,
    upper: ceilingOf(upper << BigInt(precision), total.lower),
  }));
  return { boundaries, ratios };
}
