import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { divide, multiply } from '../../../core/secagg/galois-field.ts';
import { locateErrors } from '../../../core/secagg/reed-solomon.ts';

/** Value at x of the polynomial through the given points, by Lagrange's formula as it is written. */
function interpolated(points: readonly number[], values: readonly number[], x: number): number {
  return points.reduce((sum, point, index) => {
    const basis = points.reduce(
      (product, other) => (other === point ? product : multiply(product, divide(x ^ other, point ^ other))),
      1,
    );
    return sum ^ multiply(values[index]!, basis);
  }, 0);
}

/** Tries every set of t points: the errors of the polynomial through them, if few enough. */
function slowLocate(
  points: readonly number[],
  values: readonly number[],
  degreeBound: number,
): number[] | undefined {
  const most = Math.floor((points.length - degreeBound) / 2);
  for (let members = 0; members < 2 ** points.length; members += 1) {
    const chosen = [...points.keys()].filter((index) => (members & (1 << index)) !== 0);
    if (chosen.length !== degreeBound) continue;
    const [xs, ys] = [chosen.map((index) => points[index]!), chosen.map((index) => values[index]!)];
    const wrong = [...points.keys()].filter(
      (index) => interpolated(xs, ys, points[index]!) !== values[index],
    );
    if (wrong.length <= most) return wrong;
  }
  return undefined;
}

describe('locateErrors()', () => {
  it('finds what trying every set of points finds, for any number of errors', () => {
    const words = fc
      .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }))
      .filter(([length, degreeBound]) => degreeBound <= length)
      .chain(([length, degreeBound]) =>
        fc.record({
          degreeBound: fc.constant(degreeBound),
          points: fc.uniqueArray(fc.integer({ min: 1, max: 255 }), { minLength: length, maxLength: length }),
          seedValues: fc.array(fc.nat({ max: 255 }), { minLength: degreeBound, maxLength: degreeBound }),
          errors: fc.array(fc.oneof(fc.constant(0), fc.nat({ max: 255 })), {
            minLength: length,
            maxLength: length,
          }),
        }),
      );
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(words, ({ degreeBound, points, seedValues, errors }) => {
        const base = points.slice(0, degreeBound);
        const values = points.map((x, index) => interpolated(base, seedValues, x) ^ errors[index]!);
        const found = locateErrors(points, values, degreeBound);
        assert.deepEqual(found, slowLocate(points, values, degreeBound));
        outcomes.add(found === undefined ? 'too many' : found.length === 0 ? 'none' : 'some');
      }),
      { numRuns: 1000 },
    );
    assert.equal(outcomes.size, 3);
  });
});
