import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  LARGEST_VARIANCE,
  certainBounds,
  sampleDiscreteGaussian,
} from '../../../core/privacy/discrete-gaussian.ts';
import { exponentialBounds } from '../../../core/privacy/exact-exponential.ts';
import { ReferenceSampler } from './reference-sampler.ts';
import { programmedRandom, seededRandom } from './seeded-random.ts';
import {
  ONE_IN_A_MILLION,
  ONE_IN_A_MILLION_EITHER_SIDE,
  chiSquareLimit,
  pearson,
  probabilities,
} from './statistics.ts';

/** Cells of width max(1, s/8) up to 3.5 s on both sides, and two tails: each expects far more than 10 of 200,000. */
function cellsOf(variance: number): { expected: number[]; cell: (sample: number) => number } {
  const deviation = Math.sqrt(variance);
  const width = Math.max(1, Math.floor(deviation / 8));
  const side = Math.max(1, Math.ceil((3.5 * deviation) / width));
  const probability = probabilities(variance);
  const expected = new Array<number>(2 * side + 1).fill(0);
  const cell = (sample: number): number => Math.min(2 * side, Math.max(0, Math.floor(sample / width) + side));
  const furthest = Math.ceil(12 * deviation);
  for (let x = -furthest; x <= furthest; x += 1) expected[cell(x)]! += probability(x);
  return { expected, cell };
}

describe('sampleDiscreteGaussian', () => {
  // s = 1, 3, 6.3, 63.99 (blocks of 1), 64 (of 2), 100, 1,000, 100,000
  const variances = [1, 9, 40, 4095, 4096, 10_000, 1_000_000, 10 ** 10];
  for (const variance of variances) {
    it(`has the law of N_Z(0, ${variance}): chi-square, moments (false alarm 10^-6 each)`, () => {
      const count = 200_000;
      const samples = sampleDiscreteGaussian(count, variance, seededRandom(variance));
      const { expected, cell } = cellsOf(variance);
      const statistic = pearson(samples, expected, cell);
      assert.ok(statistic < chiSquareLimit(expected.length - 1, ONE_IN_A_MILLION), `chi-square ${statistic}`);

      const mean = samples.reduce((sum, value) => sum + value, 0) / count;
      const limit = ONE_IN_A_MILLION_EITHER_SIDE;
      assert.ok(Math.abs(mean) < limit * Math.sqrt(variance / count), `mean ${mean}`);
      // the variance of x^2 is close to 2 variance^2 for s >= 1
      const square = samples.reduce((sum, value) => sum + value ** 2, 0) / count;
      assert.ok(Math.abs(square / variance - 1) < limit * Math.sqrt(2 / count), `mean square ${square}`);
    });
  }

  it('has its tails: beyond 4 s as many as expected (false alarm 10^-6)', () => {
    const variance = 10_000;
    const probability = probabilities(variance);
    let tail = 0;
    for (let x = 401; x <= 1200; x += 1) tail += 2 * probability(x);
    const count = 1_000_000;
    const samples = sampleDiscreteGaussian(count, variance, seededRandom(4));
    const beyond = samples.filter((value) => Math.abs(value) > 400).length;
    assert.ok(
      Math.abs(beyond - count * tail) < ONE_IN_A_MILLION_EITHER_SIDE * Math.sqrt(count * tail),
      `${beyond} beyond, ${count * tail} expected`,
    );
  });

  it('is fair within its blocks: places 0 .. w - 1 of the block at s (false alarm 10^-6)', () => {
    // s = 1,000: w = 16, and of the block that begins at 992 each place has its own probability
    const variance = 1_000_000;
    const probability = probabilities(variance);
    const inBlock = [...sampleDiscreteGaussian(2_000_000, variance, seededRandom(5))].filter(
      (value) => Math.abs(value) >= 992 && Math.abs(value) < 1008,
    );
    const weights = Array.from({ length: 16 }, (_, place) => probability(992 + place));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const statistic = pearson(
      inBlock,
      weights.map((weight) => weight / total),
      (value) => Math.abs(value) - 992,
    );
    assert.ok(statistic < chiSquareLimit(15, ONE_IN_A_MILLION), `chi-square ${statistic}`);
  });

  for (const variance of [2n, 30n, 5000n]) {
    it(`agrees with the paper's own algorithms at variance ${variance} (false alarm 10^-6)`, () => {
      // two samples of equal size: sum of (a - b)^2 / (a + b) over cells is chi-square
      const count = 20_000;
      const fast = sampleDiscreteGaussian(count, Number(variance), seededRandom(6));
      const reference = new ReferenceSampler(seededRandom(7));
      const slow = Array.from({ length: count }, () => reference.discreteGaussian(variance));
      const { expected, cell } = cellsOf(Number(variance));
      const difference = new Float64Array(expected.length);
      const both = new Float64Array(expected.length);
      const tally = (sample: number, sign: number): void => {
        difference[cell(sample)]! += sign;
        both[cell(sample)]! += 1;
      };
      for (const sample of fast) tally(sample, 1);
      for (const sample of slow) tally(sample, -1);
      const statistic = difference.reduce(
        (sum, value, index) => sum + value ** 2 / Math.max(1, both[index]!),
        0,
      );
      assert.ok(statistic < chiSquareLimit(expected.length - 1, ONE_IN_A_MILLION), `chi-square ${statistic}`);
    });
  }

  it('has independent neighbours: no correlation at lags 1 to 3 (false alarm 3 x 10^-6)', () => {
    const count = 500_000;
    const samples = sampleDiscreteGaussian(count, 12_345, seededRandom(8));
    for (const lag of [1, 2, 3]) {
      let product = 0;
      for (let index = lag; index < count; index += 1) product += samples[index]! * samples[index - lag]!;
      const correlation = product / count / 12_345;
      assert.ok(
        Math.abs(correlation) * Math.sqrt(count) < ONE_IN_A_MILLION_EITHER_SIDE,
        `correlation ${correlation} at lag ${lag}`,
      );
    }
  });

  // Boundaries computed with mpmath (60 digits), c_b = sum over i <= b of e^(-(iw)^2 / 2s^2) over the sum of all.
  const boundaries = [
    { variance: 9, width: 1, block: 0, words: [0x3c183eda, 0xea38719b, 0x51d4947e] },
    { variance: 9, width: 1, block: 3, words: [0xc982e02a, 0xfdaa2536, 0x32b4597e] },
    { variance: 1, width: 1, block: 1, words: [0xea917985, 0x47a0ef93, 0xd55d4ff9] },
    { variance: 4096, width: 2, block: 10, words: [0x442ed27a, 0xc2c21635, 0x7f57283c] },
    { variance: 10 ** 10, width: 2048, block: 5, words: [0x18d91d14, 0xfb3c5b83, 0xa534e447] },
  ] as const;
  for (const { variance, width, block, words } of boundaries) {
    const [first, second, third] = words;
    /** The sample when U begins with these words, and place 0, sign + follow. */
    const blockOf = (...u: number[]): number =>
      sampleDiscreteGaussian(1, variance, programmedRandom(...u, 0, 0, 0))[0]! / width;

    it(`puts the end of block ${block} of N_Z(0, ${variance}) where it belongs, to the 96th bit`, () => {
      assert.equal(blockOf(first - 1), block);
      assert.equal(blockOf(first + 1), block + 1);
      // the first word alone leaves it open
      assert.equal(blockOf(first, second - 1), block);
      assert.equal(blockOf(first, second + 1), block + 1);
      assert.equal(blockOf(first, second, third - 1), block);
      assert.equal(blockOf(first, second, third + 1), block + 1);
    });
  }

  // mpmath again: e^(-r (2bw + r) / 2s^2) for place r of block b, and a u in the middle of that block.
  const chances = [
    {
      variance: 10 ** 10,
      width: 2048,
      block: 5,
      place: 2047,
      u: 0x16c8c76a,
      words: [0xff69125d, 0x72af8b63, 0xda9c131e],
    },
    {
      variance: 10 ** 10,
      width: 2048,
      block: 150,
      place: 2047,
      u: 0xff75bb06,
      words: [0xf058db00, 0x8e86d77b, 0x4ccd21b5],
    },
    {
      variance: 10 ** 10,
      width: 2048,
      block: 150,
      place: 1,
      u: 0xff75bb06,
      words: [0xfffdfc9c, 0x6aa15456, 0xe7144ee9],
    },
    {
      variance: 4096,
      width: 2,
      block: 100,
      place: 1,
      u: 0xff8ccf1c,
      words: [0xf3c54021, 0x96bb236b, 0x74736241],
    },
    {
      variance: 10 ** 6,
      width: 16,
      block: 62,
      place: 15,
      u: 0xae4ad697,
      words: [0xfc30c7c0, 0x4a3dcb26, 0x57903c91],
    },
    {
      variance: 10 ** 6,
      width: 16,
      block: 62,
      place: 8,
      u: 0xae4ad697,
      words: [0xfdf7e250, 0xd2b98207, 0xf25e5d96],
    },
  ] as const;
  for (const { variance, width, block, place, u, words } of chances) {
    const [first, second, third] = words;
    const x = block * width + place;
    /** -x when V begins with these words; 0, drawn next, when it is not below the chance. */
    const drawn = (...v: number[]): number =>
      sampleDiscreteGaussian(1, variance, programmedRandom(u, 0x80000000 + place, ...v, 0, 0, 0, 0))[0]!;

    it(`accepts ${x} of N_Z(0, ${variance}) as often as it should, to the 96th bit`, () => {
      assert.equal(drawn(first - 1), -x);
      assert.equal(drawn(first + 1), 0);
      assert.equal(drawn(first, second - 1), -x);
      assert.equal(drawn(first, second + 1), 0);
      assert.equal(drawn(first, second, third - 1), -x);
      assert.equal(drawn(first, second, third + 1), 0);
    });
  }

  it('goes on beyond its table: U with 62 leading ones lies beyond 8.5 s', () => {
    const [sample] = sampleDiscreteGaussian(
      1,
      10_000,
      programmedRandom(0xffffffff, 0xfffffffc, 0, 0, 0, 0, 0),
    );
    // P(|x| > 850) = 1.9e-17, and 2^-62 = 2.2e-19
    assert.ok(sample! > 850 && sample! < 1000, `${sample}`);
  });

  it('never gives -0: it draws anew', () => {
    // block 0, place 0, sign -; then block 0, place 0, sign +
    const random = programmedRandom(0, 0x80000000, 0, 0, 0, 0);
    const [sample] = sampleDiscreteGaussian(1, 9, random);
    assert.ok(Object.is(sample, 0));
    assert.equal(probabilities(9)(0) > 0.132 && probabilities(9)(0) < 0.134, true);
    const zeros = sampleDiscreteGaussian(200_000, 9, seededRandom(9)).filter((value) => value === 0).length;
    const expected = 200_000 * probabilities(9)(0);
    assert.ok(Math.abs(zeros - expected) < ONE_IN_A_MILLION_EITHER_SIDE * Math.sqrt(expected));
  });

  it('gives the same for the same source, another for another, and nothing for none', () => {
    const draw = (seed: number): Int32Array => sampleDiscreteGaussian(1000, 81, seededRandom(seed));
    assert.deepEqual(draw(1), draw(1));
    assert.notDeepEqual(draw(1), draw(2));
    assert.equal(sampleDiscreteGaussian(0, 81, seededRandom(1)).length, 0);
  });

  it('samples at the largest variance, and refuses what is none', () => {
    const samples = sampleDiscreteGaussian(20_000, LARGEST_VARIANCE, seededRandom(10));
    const square = samples.reduce((sum, value) => sum + value ** 2, 0) / samples.length;
    assert.ok(Math.abs(square / LARGEST_VARIANCE - 1) < ONE_IN_A_MILLION_EITHER_SIDE * Math.sqrt(2 / 20_000));
    for (const variance of [0, -1, 2.5, Number.NaN, Infinity, 2 * LARGEST_VARIANCE]) {
      assert.throws(() => sampleDiscreteGaussian(1, variance, seededRandom(1)), RangeError);
    }
  });
});

describe('exponentialBounds', () => {
  // mpmath: floor(2^128 e^(-a/b))
  const known = [
    [1n, 2n, 0x9b4597e37cb04ff3d675a35530cdd767n],
    [7n, 3n, 0x18d327a69b3be5a89091f41b3ea83993n],
    [1n, 1000n, 0xffbe7f2b78d4edd22e4295a3f09843f7n],
    [50n, 1n, 0xe92beaa3f041f6n],
  ] as const;
  it('encloses e^(-a/b), a few units apart', () => {
    for (const [numerator, denominator, floor] of known) {
      for (const precision of [32, 64, 100, 128]) {
        const { lower, upper } = exponentialBounds(numerator, denominator, precision);
        const places = BigInt(128 - precision);
        assert.ok(lower <= floor >> places && upper > floor >> places, `e^-${numerator}/${denominator}`);
        assert.ok(upper - lower <= 2n);
      }
    }
    assert.deepEqual(exponentialBounds(0n, 7n, 40), { lower: 1n << 40n, upper: 1n << 40n });
  });
});

describe('certainBounds', () => {
  it('encloses 2^32 e^-y for any y up to 1/4, and leaves at most one word open', () => {
    let state = 1;
    for (let trial = 0; trial < 3000; trial += 1) {
      state = (state * 48_271) % 2_147_483_647;
      const denominator = 2 ** 40;
      const numerator = Math.floor((state / 2_147_483_647) * 2 ** (38 - (trial % 30)));
      const { lower, upper } = certainBounds(numerator / denominator);
      const exact = exponentialBounds(BigInt(numerator), BigInt(denominator), 64);
      assert.ok(BigInt(lower) << 32n <= exact.lower, `lower at ${numerator}`);
      assert.ok(exact.upper <= BigInt(upper + 1) << 32n, `upper at ${numerator}`);
      assert.ok(upper - lower <= 1);
    }
  });
});
