import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FederationError } from '../../../core/errors/federation-error.ts';
import type { RandomStream } from '../../../core/random/generator.ts';
import { randomStream } from '../../../core/random/stream.ts';
import {
  type Contribution,
  type QuantisationRule,
  aggregateErrorBound,
  aggregateFault,
  bitsFor,
  centredLift,
  clientWeight,
  dequantise,
  largestMagnitude,
  largestSlot,
  largestWithin,
  quantise,
  scaleFor,
  unselectedVector,
} from '../../../core/secagg/quantise.ts';
import { extraSlots, slotIndex } from '../../../core/secagg/vector-layout.ts';

/** A stream that always draws the same, or goes through given draws, and counts. */
function programmed(...draws: readonly number[]): RandomStream & { drawn: number } {
  const next = (stream: { drawn: number }): number => draws[stream.drawn++ % draws.length]!;
  return {
    drawn: 0,
    nextUint32() {
      return next(this) * 2 ** 32;
    },
    nextFloat() {
      return next(this);
    },
    nextBelow() {
      throw new Error('not drawn from');
    },
  };
}

function sumOf(r: QuantisationRule, vectors: readonly Uint32Array[]): Int32Array<ArrayBuffer> {
  const sum = new Uint32Array(r.parameterCount + extraSlots.length);
  for (const vector of vectors) vector.forEach((value, index) => (sum[index]! += value));
  return centredLift(sum, r.bits);
}

const largestDraw = 1 - 2 ** -32;

function ruleFor(
  clients: number,
  parameterCount: number,
  clipBound: number,
  weightCap: number,
): QuantisationRule {
  const bits = Math.max(16 + Math.ceil(Math.log2(clients)), bitsFor(clients, weightCap));
  return {
    clients,
    parameterCount,
    bits,
    scale: scaleFor(largestWithin(clients, bits), clipBound),
    clipBound,
    weightCap,
    lossBound: 17,
  };
}

/** Any rule that satisfies the width inequality. */
const rule = fc
  .record({
    clients: fc.integer({ min: 3, max: 500 }),
    clipBound: fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
    weightCap: fc.integer({ min: 1, max: 60_000 }),
    parameterCount: fc.integer({ min: 1, max: 12 }),
  })
  .map(({ clients, parameterCount, clipBound, weightCap }) =>
    ruleFor(clients, parameterCount, clipBound, weightCap),
  );

const contributionTo = ({
  parameterCount,
  clipBound,
  weightCap,
}: QuantisationRule): fc.Arbitrary<Contribution> =>
  fc.record({
    update: fc
      .array(
        fc.oneof(
          fc.double({ min: -1.5 * clipBound, max: 1.5 * clipBound, noNaN: true }),
          fc.constantFrom(0, -0, clipBound, -clipBound, 3e38, -3e38, 1e-45, -1e-45),
        ),
        { minLength: parameterCount, maxLength: parameterCount },
      )
      .map((values) => Float32Array.from(values.map((value) => Math.max(-3e38, Math.min(3e38, value))))),
    weight: fc.integer({ min: 0, max: weightCap }),
    loss: fc.oneof(fc.double({ min: 0, max: 20, noNaN: true }), fc.constant(1e300)),
    accuracy: fc.double({ min: 0, max: 1, noNaN: true }),
  });

const clamp = (value: number, bound: number): number => Math.max(-bound, Math.min(bound, value));
const code = (expected: string) => (error: unknown) =>
  error instanceof FederationError && error.code === expected;

describe('quantise()', () => {
  it('rounds S (w/W) clamp(u) to a neighbouring integer, modulo 2^bits, up exactly when the draw is below the fraction', () => {
    fc.assert(
      fc.property(
        rule.chain((r) => fc.tuple(fc.constant(r), contributionTo(r))),
        fc.nat({ max: 0xffffffff }),
        ([r, contribution], word) => {
          const draw = word / 2 ** 32;
          const { vector, clipped } = quantise(contribution, r, programmed(draw));
          const lifted = centredLift(vector, r.bits);
          let expectedClipped = 0;
          contribution.update.forEach((value, index) => {
            if (Math.abs(value) > r.clipBound) expectedClipped += 1;
            const exact = r.scale * (contribution.weight / r.weightCap) * clamp(value, r.clipBound);
            const floor = Math.floor(exact);
            assert.equal(lifted[index]! + 0, floor + (draw < exact - floor ? 1 : 0) + 0);
          });
          assert.equal(clipped, expectedClipped);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('no slot exceeds its bound, whatever is drawn, and n of them fit the width', () => {
    fc.assert(
      fc.property(
        rule.chain((r) => fc.tuple(fc.constant(r), contributionTo(r))),
        fc.constantFrom(0, largestDraw, 0.5),
        ([r, contribution], draw) => {
          const lifted = centredLift(quantise(contribution, r, programmed(draw)).vector, r.bits);
          const largest = largestMagnitude(r);
          assert.ok(2 * r.clients * largestSlot(r) + 1 <= 2 ** r.bits);
          assert.ok(lifted.subarray(0, r.parameterCount).every((value) => Math.abs(value) <= largest));
          const bounds = {
            exampleCount: r.weightCap,
            lossSum: largest,
            correctCount: r.weightCap,
            clippedShare: largest,
            selected: 1,
          };
          for (const slot of extraSlots) {
            const value = lifted[slotIndex(r.parameterCount, slot)]!;
            assert.ok(value >= 0 && value <= bounds[slot], `${slot} ${value}`);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('stays within M at the clip bound with the extreme draws, for every n and for many R and W', () => {
    // Where floor(y + draw) would step over: y = M and large, draw close to 1.
    for (let clients = 3; clients <= 500; clients += 7) {
      for (const clipBound of [1, 0.1, 0.3008, 3.2e-3, 1 / 3, 7, 1e-7, 12_345.678]) {
        for (const bits of [16 + Math.ceil(Math.log2(clients)), 32]) {
          const scale = scaleFor(largestWithin(clients, bits), clipBound);
          for (const weight of [1, 3, 3000, 4999]) {
            const r = {
              clients,
              parameterCount: 2,
              bits,
              scale,
              clipBound,
              weightCap: weight,
              lossBound: 17,
            };
            const update = Float32Array.of(3e38, -3e38);
            const { vector } = quantise(
              { update, weight, loss: 0, accuracy: 0 },
              r,
              programmed(0, largestDraw),
            );
            const [high, low] = centredLift(vector, bits);
            assert.ok(high! <= largestMagnitude(r) && low! >= -largestMagnitude(r));
          }
        }
      }
    }
  });

  it('draws d + 3 times, whatever the data', () => {
    const r = ruleFor(20, 6, 0.5, 100);
    for (const [update, weight] of [
      [new Float32Array(6), 0],
      [Float32Array.of(1, -1, 0.1, 0.2, -0.3, 9), 100],
      [Float32Array.of(0.5, -0.5, 0, 0, 0, 0), 7],
    ] as const) {
      const stream = programmed(0.5);
      quantise({ update, weight, loss: 1, accuracy: 0.5 }, r, stream);
      assert.equal(stream.drawn, 9);
    }
  });

  it('is unbiased: the mean of 200,000 roundings is within 5.5 standard errors (false alarm 4e-8 each; fixed seeds)', () => {
    const draws = 200_000;
    for (const fraction of [0.001, 0.25, 0.5, 0.9, 0.9999]) {
      for (const whole of [0, -1, 5, -700]) {
        const r: QuantisationRule = {
          clients: 3,
          parameterCount: draws,
          bits: 20,
          scale: 1,
          clipBound: 1000,
          weightCap: 1,
          lossBound: 17,
        };
        const value = Math.fround(whole + fraction);
        const update = new Float32Array(draws).fill(value);
        const stream = randomStream(1, 'rounding', whole, fraction * 10_000);
        const { vector } = quantise({ update, weight: 1, loss: 0, accuracy: 0 }, r, stream);
        const mean =
          centredLift(vector, 20)
            .subarray(0, draws)
            .reduce((sum, x) => sum + x, 0) / draws;
        const p = value - Math.floor(value);
        const error = Math.sqrt((p * (1 - p)) / draws);
        assert.ok(Math.abs(mean - value) <= 5.5 * error, `${value}: ${mean}`);
      }
    }
  });

  it('writes counts and metrics exactly where they are whole', () => {
    const r: QuantisationRule = {
      clients: 20,
      parameterCount: 4,
      bits: 21,
      scale: 1000,
      clipBound: 17,
      weightCap: 100,
      lossBound: 17,
    };
    const update = Float32Array.of(0, 18, -18, 1);
    const { vector } = quantise({ update, weight: 50, loss: 2, accuracy: 0.9 }, r, programmed(largestDraw));
    assert.deepEqual([...centredLift(vector, 21)], [0, 8500, -8500, 500, 50, 1000, 45, 8500, 1]);
  });

  it('a loss above its bound counts as the bound', () => {
    const r = ruleFor(20, 1, 1, 100);
    const lossSum = (loss: number): number =>
      quantise({ update: new Float32Array(1), weight: 100, loss, accuracy: 0 }, r, programmed(0.5)).vector[
        slotIndex(1, 'lossSum')
      ]!;
    assert.equal(lossSum(1e9), lossSum(17));
    assert.ok(lossSum(16) < lossSum(17));
  });

  it('refuses what is not finite or out of range, without quoting it', () => {
    const r = ruleFor(20, 2, 1, 100);
    const good: Contribution = { update: Float32Array.of(0.1, 0.2), weight: 10, loss: 1, accuracy: 0.5 };
    quantise(good, r, programmed(0.5));
    const refused: readonly Partial<Contribution>[] = [
      { update: Float32Array.of(Number.NaN, 0) },
      { update: Float32Array.of(0, Number.POSITIVE_INFINITY) },
      { update: Float32Array.of(0, Number.NEGATIVE_INFINITY) },
      { weight: -1 },
      { weight: 101 },
      { weight: 1.5 },
      { weight: Number.NaN },
      { loss: -1 },
      { loss: Number.NaN },
      { loss: Number.POSITIVE_INFINITY },
      { accuracy: 1.01 },
      { accuracy: -0.01 },
      { accuracy: Number.NaN },
    ];
    for (const change of refused) {
      assert.throws(() => quantise({ ...good, ...change }, r, programmed(0.5)), code('update-refused'));
    }
    assert.throws(() => quantise({ ...good, update: new Float32Array(3) }, r, programmed(0.5)), RangeError);
    assert.throws(
      () => quantise({ ...good, weight: 12345 }, r, programmed(0.5)),
      (error: unknown) => error instanceof FederationError && !error.message.includes('12345'),
    );
  });

  it('unselectedVector() is all zero', () => {
    assert.deepEqual([...unselectedVector(ruleFor(20, 3, 1, 100))], [0, 0, 0, 0, 0, 0, 0, 0]);
  });
});

describe('widths', () => {
  it('bitsFor() is the smallest width with 2 n M + 1 <= 2^bits, and largestWithin() its inverse', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 2 ** 31 }),
        (clients, largest) => {
          const bits = bitsFor(clients, largest);
          const values = 2n * BigInt(clients) * BigInt(largest) + 1n;
          assert.ok(values <= 1n << BigInt(bits));
          assert.ok(values > 1n << BigInt(bits - 1));
        },
      ),
    );
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 500 }), fc.integer({ min: 12, max: 32 }), (clients, bits) => {
        const largest = largestWithin(clients, bits);
        assert.ok(bitsFor(clients, largest) <= bits);
        assert.ok(bitsFor(clients, largest + 1) > bits);
      }),
    );
  });

  it('scaleFor() gives an M that is not above what was asked, and within one of it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 30 }),
        fc.double({ min: 1e-30, max: 1e30, noNaN: true }),
        (largest, clipBound) => {
          const found = largestMagnitude({ scale: scaleFor(largest, clipBound), clipBound });
          assert.equal(found, largest);
        },
      ),
    );
  });
});

describe('centredLift()', () => {
  it('undoes reduction for every value of small widths, and at the ends of wide ones', () => {
    for (let bits = 1; bits <= 12; bits += 1) {
      for (let value = -(2 ** (bits - 1)); value < 2 ** (bits - 1); value += 1) {
        assert.deepEqual([...centredLift(Uint32Array.of(value & (2 ** bits - 1)), bits)], [value]);
      }
    }
    for (const bits of [21, 31, 32]) {
      const half = 2 ** (bits - 1);
      const residues = Uint32Array.of(half - 1, half, 2 ** bits - 1, 0);
      assert.deepEqual([...centredLift(residues, bits)], [half - 1, -half, -1, 0]);
    }
  });

  it('does not look at bits above the width', () => {
    assert.deepEqual([...centredLift(Uint32Array.of(0xfff00003, 0xffefffff), 20)], [3, -1]);
    assert.throws(() => centredLift(new Uint32Array(1), 33), RangeError);
  });
});

describe('the aggregate', () => {
  const round = fc.tuple(rule, fc.integer({ min: 1, max: 12 })).chain(([r, survivors]) =>
    fc.tuple(
      fc.constant(r),
      fc.array(contributionTo(r), {
        minLength: Math.min(survivors, r.clients),
        maxLength: Math.min(survivors, r.clients),
      }),
    ),
  );

  it('the lifted sum of reduced vectors is the sum of their lifts, exactly, up to n at the bound', () => {
    fc.assert(
      fc.property(rule, fc.boolean(), (r, negative) => {
        const update = new Float32Array(r.parameterCount).fill(negative ? -3e38 : 3e38);
        const one = quantise(
          { update, weight: r.weightCap, loss: 1e9, accuracy: 1 },
          r,
          programmed(largestDraw),
        ).vector;
        const sum = sumOf(
          r,
          Array.from({ length: r.clients }, () => one),
        );
        assert.deepEqual(
          [...sum],
          [...centredLift(one, r.bits)].map((value) => r.clients * value),
        );
      }),
    );
  });

  it('is within aggregateErrorBound() of the float mean of clamped updates', () => {
    fc.assert(
      fc.property(round, fc.nat(), ([r, contributions], seed) => {
        const vectors = contributions.map(
          (contribution, index) => quantise(contribution, r, randomStream(seed, 'rounding', index, 1)).vector,
        );
        const found = dequantise(sumOf(r, vectors), r);
        const weightSum = contributions.reduce((sum, { weight }) => sum + weight, 0);
        assert.equal(found.weightSum, weightSum);
        assert.equal(found.selected, contributions.length);
        if (weightSum === 0) {
          assert.equal(found.meanUpdate, undefined);
          return;
        }
        const bound = aggregateErrorBound(r, contributions.length, weightSum);
        found.meanUpdate!.forEach((value, index) => {
          const exact =
            contributions.reduce(
              (sum, { weight, update }) => sum + weight * clamp(update[index]!, r.clipBound),
              0,
            ) / weightSum;
          assert.ok(Math.abs(value - exact) <= bound, `${value} ${exact} ${bound}`);
        });
        const metricBound = (contributions.length * (1 + 1e-9) * r.weightCap) / weightSum;
        const mean = (of: (contribution: Contribution) => number): number =>
          contributions.reduce((sum, contribution) => sum + contribution.weight * of(contribution), 0) /
          weightSum;
        const loss = mean((contribution) => Math.min(contribution.loss, r.lossBound));
        assert.ok(Math.abs(found.loss - loss) <= (metricBound * r.lossBound) / largestMagnitude(r));
        assert.ok(
          Math.abs(found.accuracy - mean(({ accuracy }) => accuracy)) <=
            (contributions.length * (1 + 1e-9)) / weightSum,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('the bound is not idle: rounding all up comes within 1 % of it', () => {
    const r = ruleFor(20, 1, 1, 1);
    // The fraction is just above 0, and every draw is 0.
    const update = Float32Array.of(1e-9);
    const vector = quantise({ update, weight: 1, loss: 0, accuracy: 0 }, r, programmed(0)).vector;
    const found = dequantise(
      sumOf(
        r,
        Array.from({ length: 20 }, () => vector),
      ),
      r,
    );
    const bound = aggregateErrorBound(r, 20, 20);
    const error = Math.abs(found.meanUpdate![0]! - update[0]!);
    assert.ok(error <= bound && error > 0.99 * bound);
  });

  it('the clipped share is the mean over those selected; the unselected change nothing', () => {
    const r = ruleFor(20, 4, 1, 10);
    const vectors = [Float32Array.of(2, 2, 0, 0), Float32Array.of(0, 0, 0, 0)].map(
      (update) => quantise({ update, weight: 10, loss: 1, accuracy: 1 }, r, programmed(0.5)).vector,
    );
    const found = dequantise(sumOf(r, [...vectors, unselectedVector(r)]), r);
    assert.ok(Math.abs(found.clippedShare - 0.25) < 1e-4);
    assert.equal(found.selected, 2);
    assert.equal(found.weightSum, 20);
  });

  it('of nobody leaves the model alone', () => {
    const r = ruleFor(20, 2, 1, 10);
    assert.deepEqual(dequantise(sumOf(r, [unselectedVector(r)]), r), {
      meanUpdate: undefined,
      weightSum: 0,
      loss: 0,
      accuracy: 0,
      clippedShare: 0,
      selected: 0,
    });
    assert.throws(() => dequantise(new Int32Array(3), r), RangeError);
  });
});

describe('aggregateFault()', () => {
  it('finds nothing wrong with any sum of honest clients, at the bounds too', () => {
    const client = fc.record({
      update: fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 3, maxLength: 3 }),
      weight: fc.constantFrom(0, 1, 7, 10),
      loss: fc.constantFrom(0, 0.5, 17, 1e9),
      accuracy: fc.constantFrom(0, 0.3, 1),
      selected: fc.boolean(),
    });
    const draw = fc.constantFrom(0, 0.5, largestDraw);
    fc.assert(
      fc.property(fc.array(client, { minLength: 1, maxLength: 20 }), draw, (clients, drawn) => {
        const r = ruleFor(20, 3, 1, 10);
        const vectors = clients.map(({ selected, update, ...rest }) =>
          selected
            ? quantise({ ...rest, update: Float32Array.from(update) }, r, programmed(drawn)).vector
            : unselectedVector(r),
        );
        assert.equal(aggregateFault(dequantise(sumOf(r, vectors), r), clients.length, r), undefined);
      }),
    );
  });

  it('names what one client has put out of range', () => {
    const r = ruleFor(20, 2, 1, 10);
    const honest = Array.from(
      { length: 4 },
      () =>
        quantise({ update: Float32Array.of(1, -1), weight: 10, loss: 2, accuracy: 0.5 }, r, programmed(0.5))
          .vector,
    );
    const faultOf = (slot: number, value: number): string | undefined => {
      const liar = honest[0]!.with(slot, value >>> 0);
      return aggregateFault(dequantise(sumOf(r, [liar, ...honest.slice(1)]), r), 4, r);
    };
    const largest = largestMagnitude(r);
    const at = (slot: Parameters<typeof slotIndex>[1]): number => slotIndex(2, slot);
    assert.equal(faultOf(at('selected'), 1), undefined);
    assert.equal(faultOf(at('selected'), 2), 'selected');
    assert.equal(faultOf(at('selected'), -4), 'selected');
    assert.equal(faultOf(at('exampleCount'), 11), 'weight-sum');
    assert.equal(faultOf(at('exampleCount'), -31), 'weight-sum');
    // fewer selected than it takes to bring the weights
    assert.equal(faultOf(at('selected'), 0), 'weight-sum');
    assert.equal(faultOf(at('lossSum'), 5 * largest), 'loss');
    assert.equal(faultOf(at('lossSum'), -largest), 'loss');
    assert.equal(faultOf(at('correctCount'), 26), 'accuracy');
    assert.equal(faultOf(at('correctCount'), -16), 'accuracy');
    assert.equal(faultOf(at('clippedShare'), 5 * largest), 'clipped-share');
    assert.equal(faultOf(at('clippedShare'), -1), 'clipped-share');
    assert.equal(faultOf(0, 2 * largest), 'mean-update');
    // a weight left out makes the mean of the others' updates too large
    assert.equal(faultOf(at('exampleCount'), 0), 'mean-update');
  });

  it('takes the sum of nobody for what it is', () => {
    const r = ruleFor(20, 2, 1, 10);
    assert.equal(aggregateFault(dequantise(sumOf(r, [unselectedVector(r)]), r), 1, r), undefined);
  });
});

describe('clientWeight()', () => {
  it('exact: the count, up to the cap', () => {
    assert.deepEqual(
      [0, 1, 999, 1000, 1001].map((count) => clientWeight(count, 'exact', 1000)),
      [0, 1, 999, 1000, 1000],
    );
  });

  it('bucketed: the largest power of two within the count and the cap', () => {
    assert.deepEqual(
      [0, 1, 2, 3, 4, 511, 512, 5000].map((count) => clientWeight(count, 'bucketed', 1024)),
      [0, 1, 2, 2, 4, 256, 512, 1024],
    );
  });

  it('uniform: 1 for whoever has data', () => {
    assert.deepEqual(
      [0, 1, 5000].map((count) => clientWeight(count, 'uniform', 1)),
      [0, 1, 1],
    );
  });
});
