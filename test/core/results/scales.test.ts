import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { horizontalTicks, spreadLabels, verticalScale } from '../../../core/results/scales.ts';

const score = fc.double({ min: 0, max: 1, noNaN: true });

describe('verticalScale()', () => {
  it('holds every score between bounds that lie on its ticks, and never goes beyond 1', () => {
    fc.assert(
      fc.property(fc.array(score, { minLength: 1, maxLength: 50 }), (values) => {
        const { from, to, step, ticks } = verticalScale(values, 'score');
        assert.ok(from <= Math.min(...values) + 1e-9 && to >= Math.max(...values) - 1e-9);
        assert.ok(from >= 0 && to <= 1 + step / 2, `${from} ${to}`);
        assert.ok(ticks.length >= 2 && ticks.length <= 8, String(ticks.length));
        assert.ok(Math.abs(ticks.at(-1)! - to) < step / 1000);
      }),
    );
  });

  it('lies below 1 where every score is 1', () => {
    assert.deepEqual(
      [verticalScale([1, 1], 'score').to, verticalScale([1, 1], 'score').ticks.length],
      [1, 2],
    );
  });

  it('begins losses at 0', () => {
    assert.equal(verticalScale([0.8, 0.4], 'loss').from, 0);
  });

  it('has decimals enough to tell its ticks apart', () => {
    fc.assert(
      fc.property(fc.array(score, { minLength: 1 }), (values) => {
        const { ticks, decimals } = verticalScale(values, 'score');
        const written = ticks.map((tick) => tick.toFixed(decimals));
        assert.equal(new Set(written).size, written.length);
      }),
    );
  });
});

describe('horizontalTicks()', () => {
  it('names every round of a short run, and at most seven of a long one', () => {
    assert.deepEqual(horizontalTicks(5), [1, 2, 3, 4, 5]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), (longest) => {
        const ticks = horizontalTicks(longest);
        assert.equal(ticks[0], 1);
        assert.ok(ticks.length <= 7 && ticks.at(-1)! <= Math.max(1, longest));
      }),
    );
  });
});

describe('spreadLabels()', () => {
  it('keeps labels apart, in their order, around where they were', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 8 }), (places) => {
        const spread = spreadLabels(places, 15);
        const order = places.map((_, index) => index).sort((a, b) => places[a]! - places[b]! || a - b);
        for (const [rank, index] of order.entries())
          if (rank > 0) assert.ok(spread[index]! - spread[order[rank - 1]!]! >= 15 - 1e-9);
        const mean = (values: readonly number[]): number =>
          values.reduce((sum, value) => sum + value, 0) / values.length;
        assert.ok(Math.abs(mean(spread) - mean(places)) < 1e-9);
      }),
    );
  });
});
