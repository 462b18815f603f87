import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { RandomSource } from '../../../core/crypto/random.ts';
import { FederationError } from '../../../core/errors/federation-error.ts';
import {
  clipAndRound,
  noiseVariance,
  normOf,
  planGrid,
  requireWithinSensitivity,
  updateSensitivity,
} from '../../../core/privacy/sensitivity.ts';
import { WordPool } from '../../../core/privacy/word-pool.ts';
import { seededRandom } from './seeded-random.ts';
import { ONE_IN_A_MILLION_EITHER_SIDE } from './statistics.ts';

const refusal = (code: string) => (error: unknown) => error instanceof FederationError && error.code === code;

/** A source of which every word is the same. */
const constant = (word: number): RandomSource => ({
  bytes: (length) => new Uint8Array(new Uint32Array(length / 4).fill(word).buffer),
});

function squaredNorm(vector: Int32Array): bigint {
  return vector.reduce((sum, value) => sum + BigInt(value) ** 2n, 0n);
}

function rounded(
  update: Float32Array,
  clippingNorm: number,
  clipUnits: number,
  random: RandomSource,
): Int32Array {
  const target = new Int32Array(update.length);
  clipAndRound(update, clippingNorm, clipUnits, new WordPool(random, update.length), target);
  return target;
}

describe('clipAndRound', () => {
  it('never exceeds D, whatever the update, C and the draws; the exact check passes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 60 }),
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.integer({ min: 1, max: 2 ** 25 }),
        fc.constantFrom(0, 0xffffffff, 0x80000000),
        (values, clippingNorm, clipUnits, word) => {
          const update = Float32Array.from(values);
          const vector = rounded(update, clippingNorm, clipUnits, constant(word));
          const bound = BigInt(updateSensitivity(clipUnits, update.length));
          assert.ok(squaredNorm(vector) <= bound ** 2n);
          requireWithinSensitivity(vector, update.length, clipUnits);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('stays within D in the worst case: all coordinates just past whole numbers, all rounded away from zero', () => {
    const d = 241_546;
    const clipUnits = 49_148;
    const update = new Float32Array(d).fill(1);
    // word 0 rounds every fraction up, and -1 the other sign's
    for (const [sign, word] of [
      [1, 0],
      [-1, 0xffffffff],
    ] as const) {
      const vector = rounded(
        update.map((value) => sign * value),
        1,
        clipUnits,
        constant(word),
      );
      assert.ok(vector.every((value) => value === sign * 101));
      const grown = Math.sqrt(Number(squaredNorm(vector)));
      assert.ok(grown > clipUnits + 400 && grown <= updateSensitivity(clipUnits, d));
      requireWithinSensitivity(vector, d, clipUnits);
    }
  });

  it('leaves a short update as it is, and scales a long one down to C', () => {
    const update = Float32Array.of(3, -4);
    assert.deepEqual(rounded(update, 10, 1000, seededRandom(1)), Int32Array.of(300, -400));
    const scaled = rounded(update, 1, 2 ** 20, seededRandom(1));
    assert.ok(Math.abs(scaled[0]! - 0.6 * 2 ** 20) <= 1 && Math.abs(scaled[1]! + 0.8 * 2 ** 20) <= 1);
    assert.equal(clipAndRound(update, 1, 100, new WordPool(seededRandom(1), 2), new Int32Array(2)), 5);
  });

  it('rounds without bias, and to the neighbours only (false alarm 10^-6)', () => {
    const count = 100_000;
    const update = new Float32Array(count).fill(0.3);
    // 0.3 of a float32 in units of 1/1: C so large that nothing is scaled down
    const vector = rounded(update, 2 ** 20, 2 ** 20, seededRandom(2));
    assert.ok(vector.every((value) => value === 0 || value === 1));
    const mean = vector.reduce((sum, value) => sum + value, 0) / count;
    assert.ok(
      Math.abs(mean - 0.3) < ONE_IN_A_MILLION_EITHER_SIDE * Math.sqrt((0.3 * 0.7) / count),
      `${mean}`,
    );
  });

  it('refuses what is not finite', () => {
    for (const value of [Number.NaN, Infinity, -Infinity]) {
      assert.throws(
        () => rounded(Float32Array.of(1, value), 1, 100, seededRandom(1)),
        refusal('update-refused'),
      );
      assert.throws(() => normOf(Float32Array.of(value)), refusal('update-refused'));
    }
  });
});

describe('requireWithinSensitivity', () => {
  it('is exact at the bound', () => {
    // D = 1,000 + 2
    const within = [Int32Array.of(1001, 44, 5, 5), Int32Array.of(708, 708, 38, 4)];
    for (const vector of within) {
      assert.ok(squaredNorm(vector) <= 1002n ** 2n);
      requireWithinSensitivity(vector, 4, 1000);
    }
    const beyond = [
      Int32Array.of(1001, 44, 9, 5),
      Int32Array.of(708, 708, 39, 2),
      Int32Array.of(1002, 0, 0, 0),
      Int32Array.of(0, 0, 0, -1002),
    ];
    for (const vector of beyond)
      assert.throws(() => requireWithinSensitivity(vector, 4, 1000), refusal('update-refused'));
  });

  it('is exact at the largest grid: D^2 near 2^50', () => {
    const clipUnits = 2 ** 25;
    // (2^25 + 1)^2 = D^2 for d = 1; with one more in a second coordinate, D is 2^25 + 2
    requireWithinSensitivity(Int32Array.of(clipUnits + 1), 1, clipUnits);
    requireWithinSensitivity(Int32Array.of(clipUnits + 1, 8192), 2, clipUnits);
    assert.ok(BigInt(clipUnits + 1) ** 2n + 8193n ** 2n > BigInt(clipUnits + 2) ** 2n);
    assert.throws(
      () => requireWithinSensitivity(Int32Array.of(clipUnits + 1, 8193), 2, clipUnits),
      refusal('update-refused'),
    );
  });
});

describe('noiseVariance', () => {
  it('is the least whole number that is at least z^2 D^2 / h, exactly', () => {
    assert.equal(noiseVariance(1, 100, 3), 34);
    assert.equal(noiseVariance(1.5, 100, 3), 75);
    assert.equal(noiseVariance(0.5, 4, 1), 1);
    // 0.1 as a float64 is a little more than a tenth
    assert.equal(noiseVariance(0.1, 10_000, 1), 101);
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        fc.integer({ min: 1, max: 2 ** 40 }),
        fc.integer({ min: 1, max: 500 }),
        (z, squared, honest) => {
          const variance = noiseVariance(z, squared, honest);
          assert.ok(Math.abs(variance - (z * z * squared) / honest) <= 1 + variance * 1e-12);
        },
      ),
    );
  });
});

describe('planGrid', () => {
  const needs = { parameterCount: 241_546, clients: 100, honest: 34, noiseMultiplier: 1, countShare: 0 };

  it('is fine enough: C_int >= 100 sqrt(d), s >= 3, and D at most 1.1 % above C_int', () => {
    for (const parameterCount of [1, 50, 7850, 241_546, 5_000_000]) {
      for (const noiseMultiplier of [0.001, 0.05, 1, 20]) {
        const { clipUnits, squaredSensitivity, variance } = planGrid({
          ...needs,
          parameterCount,
          noiseMultiplier,
        });
        assert.ok(clipUnits >= 100 * Math.sqrt(parameterCount));
        assert.ok(variance >= 9);
        const sensitivity = updateSensitivity(clipUnits, parameterCount);
        assert.equal(squaredSensitivity, sensitivity ** 2);
        assert.ok(sensitivity <= 1.011 * clipUnits + 1);
      }
    }
  });

  it('leaves sums room: n (C_int + 1) + 9 s sqrt(n) < 2^(bits - 1), in the fewest bits and as fine as they allow', () => {
    for (const clients of [3, 20, 100, 500]) {
      for (const noiseMultiplier of [0.1, 1, 10]) {
        const { clipUnits, variance, bits } = planGrid({ ...needs, clients, noiseMultiplier });
        const largest = (units: number, square: number): number =>
          clients * (units + 1) + 9 * Math.sqrt(square * clients);
        assert.ok(largest(clipUnits, variance) < 2 ** (bits - 1));
        const coarsest = Math.ceil(100 * Math.sqrt(needs.parameterCount));
        const coarse = noiseVariance(
          noiseMultiplier,
          updateSensitivity(coarsest, needs.parameterCount) ** 2,
          needs.honest,
        );
        assert.ok(largest(coarsest, coarse) >= 2 ** (bits - 2), 'fewer bits would do');
        const finer = clipUnits + 1;
        const fine = noiseVariance(
          noiseMultiplier,
          updateSensitivity(finer, needs.parameterCount) ** 2,
          needs.honest,
        );
        assert.ok(largest(finer, fine) >= 2 ** (bits - 1), 'a finer grid would do');
      }
    }
  });

  it('takes 24 bits for 100 clients with 241,546 parameters at z = 1', () => {
    assert.equal(planGrid(needs).bits, 24);
  });

  it('refuses what 32 bits do not hold, naming the noise multiplier', () => {
    for (const noiseMultiplier of [1e-8, 1000]) {
      assert.throws(
        () => planGrid({ ...needs, honest: 1, clients: 500, noiseMultiplier }),
        (error) => refusal('invalid-setting')(error) && (error as Error).message.includes('noiseMultiplier'),
      );
    }
  });
});
