import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { digitOfStrokes, extend, smooth, type Stroke, widthOf } from '../../../renderer/pictures/strokes.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const points = fc.array(fc.record({ x: share, y: share, pressure: share }), { minLength: 1, maxLength: 12 });

function line(...places: readonly (readonly [number, number])[]): Stroke {
  return places.map(([x, y]) => ({ x, y, pressure: 0.5 }));
}

function mass(digit: Uint8Array | undefined): number {
  assert.ok(digit !== undefined);
  return digit.reduce((sum, value) => sum + value, 0) / 255;
}

describe('smooth()', () => {
  it('begins and ends where the stroke does, and stays within its points', () => {
    fc.assert(
      fc.property(points, (stroke) => {
        const smoothed = smooth(stroke);
        assert.deepEqual(smoothed[0], stroke[0]);
        assert.deepEqual(smoothed.at(-1), stroke.at(-1));
        const [xs, ys] = [stroke.map(({ x }) => x), stroke.map(({ y }) => y)];
        for (const { x, y } of smoothed) {
          assert.ok(x >= Math.min(...xs) - 1e-9 && x <= Math.max(...xs) + 1e-9);
          assert.ok(y >= Math.min(...ys) - 1e-9 && y <= Math.max(...ys) + 1e-9);
        }
      }),
    );
  });

  it('rounds a corner: no two lines that follow one another turn by more than 45 degrees', () => {
    const smoothed = smooth(line([0, 0], [1, 0], [1, 1]));
    for (let index = 2; index < smoothed.length; index += 1) {
      const [a, b, c] = [smoothed[index - 2]!, smoothed[index - 1]!, smoothed[index]!];
      const turn = Math.atan2(c.y - b.y, c.x - b.x) - Math.atan2(b.y - a.y, b.x - a.x);
      assert.ok(Math.abs(turn) < Math.PI / 4);
    }
  });
});

describe('extend()', () => {
  it('leaves out points that a trembling hand adds', () => {
    const stroke = line([0.5, 0.5]);
    assert.equal(extend(stroke, { x: 0.501, y: 0.5, pressure: 0.5 }), stroke);
    assert.equal(extend(stroke, { x: 0.51, y: 0.5, pressure: 0.5 }).length, 2);
  });
});

describe('digitOfStrokes()', () => {
  it('says when there is nothing drawn', () => {
    assert.equal(digitOfStrokes([]), undefined);
    assert.equal(digitOfStrokes([[]]), undefined);
  });

  it('draws a vertical line as thick as MNIST’s pens: 20 pixels of 2.4', () => {
    // round ends take (1 - pi/4) of the pen's square away
    const expected = 20 * 2.4 - (1 - Math.PI / 4) * 2.4 ** 2;
    assert.ok(Math.abs(mass(digitOfStrokes([line([0.5, 0.1], [0.5, 0.9])])) - expected) < 5);
  });

  it('gives the same ink, however large and wherever it is drawn', () => {
    const seven = line([0.1, 0.1], [0.9, 0.1], [0.4, 0.9]);
    const small = seven.map(({ x, y, pressure }) => ({ x: 0.7 + x / 5, y: 0.05 + y / 5, pressure }));
    const [large, little] = [digitOfStrokes([seven]), digitOfStrokes([small])];
    assert.ok(large !== undefined && little !== undefined);
    assert.ok(large.every((value, index) => Math.abs(value - little[index]!) <= 1));
  });

  it('makes a dot of a single touch', () => {
    assert.ok(mass(digitOfStrokes([line([0.3, 0.8])])) > 200);
  });

  it('draws thicker lines for a pen that is pressed harder', () => {
    const press = (pressure: number): number =>
      mass(
        digitOfStrokes([line([0.2, 0.2], [0.8, 0.5], [0.2, 0.8]).map((point) => ({ ...point, pressure }))]),
      );
    assert.ok(press(1) > press(0.5) && press(0.5) > press(0.1));
    assert.equal(widthOf(0.5), 1);
  });

  it('never leaves the bitmap, whatever is drawn', () => {
    fc.assert(
      fc.property(fc.array(points, { minLength: 1, maxLength: 4 }), (strokes) => {
        const digit = digitOfStrokes(strokes);
        assert.equal(digit?.length, 784);
        assert.equal(Math.max(...digit), 255);
      }),
    );
  });
});
