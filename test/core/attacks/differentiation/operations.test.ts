/** Operations on their own: products against plain loops, tables, sums, losses, and what a workspace does with memory. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gradients } from '../../../../core/attacks/differentiation/gradients.ts';
import { gather, scatter } from '../../../../core/attacks/differentiation/indexing.ts';
import {
  cosineDistance,
  crossEntropy,
  totalVariation,
} from '../../../../core/attacks/differentiation/losses.ts';
import { matrixProduct } from '../../../../core/attacks/differentiation/matrix-product.ts';
import {
  add,
  dot,
  errorFunction,
  exponential,
  logarithm,
  multiply,
  repeat,
  softplus,
  square,
  sum,
  total,
} from '../../../../core/attacks/differentiation/operations.ts';
import {
  constant,
  reshape,
  variable,
  Workspace,
  type Value,
} from '../../../../core/attacks/differentiation/value.ts';
import { randomStream } from '../../../../core/random/stream.ts';
import { directionalError, randomNumbers } from './finite-differences.ts';

const stream = randomStream(2, 'operations');
const random = (...shape: number[]): Value =>
  variable(
    randomNumbers(
      shape.reduce((product, side) => product * side, 1),
      stream,
    ),
    shape,
  );

describe('matrixProduct()', () => {
  it("is a plain loop's in all four ways, for sides on both sides of its blocks", () => {
    for (let m = 1; m <= 5; m += 1)
      for (let n = 1; n <= 9; n += 1)
        for (const k of [1, 2, 7])
          for (const left of ['plain', 'transposed'] as const)
            for (const right of ['plain', 'transposed'] as const) {
              const a = left === 'plain' ? random(m, k) : random(k, m);
              const b = right === 'plain' ? random(k, n) : random(n, k);
              const found = matrixProduct(a, b, left, right);
              assert.deepEqual(found.shape, [m, n]);
              for (let row = 0; row < m; row += 1)
                for (let column = 0; column < n; column += 1) {
                  let expected = 0;
                  for (let step = 0; step < k; step += 1)
                    expected +=
                      a.data[left === 'plain' ? row * k + step : step * m + row]! *
                      b.data[right === 'plain' ? step * n + column : column * k + step]!;
                  assert.ok(Math.abs(found.data[row * n + column]! - expected) < 1e-12);
                }
            }
  });

  it('has the gradients of central differences in all four ways', () => {
    for (const left of ['plain', 'transposed'] as const)
      for (const right of ['plain', 'transposed'] as const) {
        const shapes = [left === 'plain' ? [3, 5] : [5, 3], right === 'plain' ? [5, 6] : [6, 5]];
        const at = shapes.map((shape) => random(...shape).data);
        const of = ([a, b]: readonly Value[]): Value => total(square(matrixProduct(a!, b!, left, right)));
        assert.ok(directionalError({ at, shapes, of }, stream) < 1e-9);
      }
  });

  it('refuses matrices that have no product, and what is no matrix', () => {
    assert.throws(() => matrixProduct(random(2, 3), random(2, 3)), /no product/);
    assert.throws(() => matrixProduct(random(2, 3, 1), random(3, 2)), /a matrix is needed/);
  });
});

describe('gather() and scatter()', () => {
  const table = { index: Int32Array.of(2, -1, 0, 2, 3), source: 4 };

  it('pick by the table, and put back what falls together as a sum', () => {
    const values = variable(Float64Array.of(1, 2, 3, 4, 10, 20, 30, 40), [2, 4]);
    const picked = gather(values, table, 2, [2, 5]);
    assert.deepEqual([...picked.data], [3, 0, 1, 3, 4, 30, 0, 10, 30, 40]);
    assert.deepEqual([...scatter(picked, table, 2, [2, 4]).data], [1, 0, 6, 4, 10, 0, 60, 40]);
  });

  it('are adjoint', () => {
    const [x, y] = [random(3, 4), random(3, 5)];
    const one = dot(gather(x, table, 3, [3, 5]), y).number;
    const other = dot(x, scatter(y, table, 3, [3, 4])).number;
    assert.ok(Math.abs(one - other) < 1e-12);
  });

  it('refuse a table for another size', () => {
    assert.throws(() => gather(random(2, 5), table, 2, [2, 5]), RangeError);
    assert.throws(() => scatter(random(2, 4), table, 2, [2, 4]), RangeError);
  });
});

describe('sum() and repeat()', () => {
  it('take the middle axis away and put it in', () => {
    const values = variable(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), [2, 3, 2]);
    assert.deepEqual([...sum(values, 2, 2, [2, 2]).data], [9, 12, 27, 30]);
    assert.deepEqual([...sum(values, 4, 1, [4]).data], [6, 15, 24, 33]);
    const repeated = repeat(variable(Float64Array.of(1, 2), [2]), 1, 2, [3, 2]);
    assert.deepEqual([...repeated.data], [1, 2, 1, 2, 1, 2]);
  });
});

describe('elementwise functions', () => {
  it('are exact where plain formulas overflow or cancel', () => {
    const wide = variable(Float64Array.of(-800, -1, 0, 1, 800), [5]);
    const found = softplus(wide).data;
    assert.deepEqual([found[0], found[4]], [0, 800]);
    assert.ok(Math.abs(found[2]! - Math.LN2) < 1e-15);
    const logits = variable(Float64Array.of(1000, 0), [1, 2]);
    const loss = crossEntropy(logits, constant(Float64Array.of(0, 1), [1, 2]));
    assert.equal(loss.number, 1000);
    assert.deepEqual([...gradients(loss, [logits])[0]!.data], [1, -1]);
  });

  it('errorFunction() has the values of Abramowitz, Stegun, table 7.1', () => {
    const known = [
      [0, 0],
      [0.5, 0.5204998778],
      [1, 0.8427007929],
      [2, 0.995322265],
      [-1, -0.8427007929],
      [7, 1],
    ] as const;
    for (const [x, value] of known)
      assert.ok(Math.abs(errorFunction(variable(Float64Array.of(x), [1])).number - value) < 1e-10);
  });
});

describe('gradients()', () => {
  it('are zero for what the number does not depend on, and refuse more than one number', () => {
    const [x, y] = [random(3), random(3)];
    assert.deepEqual([...gradients(total(square(x)), [y])[0]!.data], [0, 0, 0]);
    assert.throws(() => gradients(square(x), [x]), /one number/);
  });

  it('count every path, and go through what stands between', () => {
    const x = variable(Float64Array.of(3), [1]);
    const between = square(x);
    const [byX, byBetween] = gradients(add(multiply(between, x), reshape(between, [1])), [x, between]);
    assert.equal(byX!.number, 3 * 9 + 2 * 3);
    assert.equal(byBetween!.number, 3 + 1);
  });

  it('have gradients of any order: the fifth of x^5 is 120, and with `last` there is none', () => {
    const x = variable(Float64Array.of(2), [1]);
    let value = exponential(multiply(constant(Float64Array.of(5), [1]), logarithm(x)));
    for (let order = 1; order <= 5; order += 1) value = gradients(value, [x])[0]!;
    assert.ok(Math.abs(value.number - 120) < 1e-9);
    const [slope] = gradients(square(x), [x], 'last');
    assert.equal(gradients(square(slope!), [x])[0]!.number, 0);
  });
});

describe('losses', () => {
  it('totalVariation() is the mean of the differences to the pixels below and to the right', () => {
    const image = variable(Float64Array.of(0, 1, 3, 0, 0, 2), [1, 2, 3, 1]);
    const sides = { rows: 2, columns: 3, channels: 1 };
    assert.ok(Math.abs(totalVariation(image, sides).number - (0 + 1 + 1 + 1 + 2 + 0 + 2) / 6) < 1e-12);
    const shapes = [[2, 4, 3, 2]];
    const of = ([x]: readonly Value[]): Value => totalVariation(x!, { rows: 4, columns: 3, channels: 2 });
    assert.ok(directionalError({ at: [random(48).data], shapes, of }, stream) < 1e-9);
  });

  it('cosineDistance() is 0 in the same direction, 1 at a right angle, 2 in the opposite one', () => {
    const [x, y] = [variable(Float64Array.of(3, 0), [2]), variable(Float64Array.of(0, 4), [2])];
    const distance = (one: readonly Value[], other: readonly Value[]): number =>
      cosineDistance(one, other).number;
    const opposite = [x, y].map(({ data }) =>
      constant(
        data.map((value) => -2 * value),
        [2],
      ),
    );
    assert.ok(Math.abs(distance([x, y], [x, y])) < 1e-12);
    assert.ok(Math.abs(distance([x], [y]) - 1) < 1e-12);
    assert.ok(Math.abs(distance([x, y], opposite) - 2) < 1e-12);
  });
});

describe('Workspace', () => {
  it('takes memory back, and uses it again', () => {
    const workspace = new Workspace();
    const x = random(100);
    let first: Value | undefined;
    const memory = workspace.run(() => {
      first = square(x);
      return first.data;
    });
    const again = workspace.run(() => add(x, x).data);
    assert.equal(again, memory);
    assert.throws(() => first!.data, /after the workspace/);
    assert.equal(x.size, 100);
  });

  it('takes memory back when the work throws, and keeps apart what runs within', () => {
    const workspace = new Workspace();
    const x = random(10);
    assert.throws(
      () =>
        workspace.run(() => {
          square(x);
          assert.fail('thrown');
        }),
      /thrown/,
    );
    workspace.run(() => {
      const outer = square(x);
      workspace.run(() => square(outer));
      assert.equal(outer.data.length, 10);
    });
  });
});
