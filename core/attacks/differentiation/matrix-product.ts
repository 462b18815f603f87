/** Products of matrices, either of them transposed or not: their gradients are products again. */
import { operation, type Value } from './value.ts';

/** How a factor stands in memory. */
type Stands = 'plain' | 'transposed';
const turned: Readonly<Record<Stands, Stands>> = { plain: 'transposed', transposed: 'plain' };

/** [m, k] times [k, n]: [m, n]. A factor that is said to be transposed is given as [k, m], or as [n, k]. */
export function matrixProduct(
  left: Value,
  right: Value,
  leftStands: Stands = 'plain',
  rightStands: Stands = 'plain',
): Value {
  const { rows: m, columns: k, ...a } = factor(left, leftStands);
  const { rows: inner, columns: n, ...b } = factor(right, rightStands);
  if (inner !== k) throw new RangeError(`matrices of ${m} x ${k} and of ${inner} x ${n} have no product`);
  return operation(
    [m, n],
    [left, right],
    (result) => (m < worthCopying ? multiplyRows : multiplyBlocks)(result, a, b, m, n, k),
    (gradient, parent) => {
      if (parent === 0)
        return leftStands === 'plain'
          ? matrixProduct(gradient, right, 'plain', turned[rightStands])
          : matrixProduct(right, gradient, rightStands, 'transposed');
      return rightStands === 'plain'
        ? matrixProduct(left, gradient, turned[leftStands], 'plain')
        : matrixProduct(gradient, left, 'transposed', leftStands);
    },
  );
}

/** Element (row, column) is at row * down + column * along. */
interface Strided {
  readonly data: Float64Array;
  readonly down: number;
  readonly along: number;
}

function factor(value: Value, stands: Stands): Strided & { readonly rows: number; readonly columns: number } {
  const [rows, columns, ...others] = value.shape;
  if (rows === undefined || columns === undefined || others.length > 0)
    throw new RangeError(`a matrix is needed, not a value of shape ${JSON.stringify(value.shape)}`);
  const { data } = value;
  if (stands === 'plain') return { data, rows, columns, down: columns, along: 1 };
  return { data, rows: columns, columns: rows, down: 1, along: columns };
}

/** From so many rows on, copying the factors into the order of their use costs less than it saves. */
const worthCopying = 3;

/**
 * Blocks of 2 x 4 results whose sums stay in registers, from copies of the factors in which what a step of them needs lies
 * side by side: half as fast again as reading the factors where they stand.
 */
function multiplyBlocks(
  result: Float64Array,
  left: Strided,
  right: Strided,
  m: number,
  n: number,
  k: number,
): void {
  const pairs = new Float64Array(2 * Math.ceil(m / 2) * k);
  for (let row = 0; row < m; row += 2)
    copyBeside(pairs, row * k, left.data, row * left.down, k, {
      count: Math.min(2, m - row),
      of: 2,
      apart: left.down,
      step: left.along,
    });
  const fours = new Float64Array(4 * k);
  for (let column = 0; column < n; column += 4) {
    const width = Math.min(4, n - column);
    copyBeside(fours, 0, right.data, column * right.along, k, {
      count: width,
      of: 4,
      apart: right.along,
      step: right.down,
    });
    for (let row = 0; row < m; row += 2) {
      let sum00 = 0;
      let sum01 = 0;
      let sum02 = 0;
      let sum03 = 0;
      let sum10 = 0;
      let sum11 = 0;
      let sum12 = 0;
      let sum13 = 0;
      let a = row * k;
      for (let b = 0; b < fours.length; b += 4) {
        const x0 = pairs[a]!;
        const x1 = pairs[a + 1]!;
        const y0 = fours[b]!;
        const y1 = fours[b + 1]!;
        const y2 = fours[b + 2]!;
        const y3 = fours[b + 3]!;
        sum00 += x0 * y0;
        sum01 += x0 * y1;
        sum02 += x0 * y2;
        sum03 += x0 * y3;
        sum10 += x1 * y0;
        sum11 += x1 * y1;
        sum12 += x1 * y2;
        sum13 += x1 * y3;
        a += 2;
      }
      const upper = row * n + column;
      result[upper] = sum00;
      if (width > 1) result[upper + 1] = sum01;
      if (width > 2) result[upper + 2] = sum02;
      if (width > 3) result[upper + 3] = sum03;
      if (row + 1 === m) continue;
      const lower = upper + n;
      result[lower] = sum10;
      if (width > 1) result[lower + 1] = sum11;
      if (width > 2) result[lower + 2] = sum12;
      if (width > 3) result[lower + 3] = sum13;
    }
  }
}

/** `count` lines of k elements from the factor, interleaved in places for `of` lines. */
function copyBeside(
  copy: Float64Array,
  to: number,
  data: Float64Array,
  from: number,
  k: number,
  { count, of, apart, step }: Readonly<Record<'count' | 'of' | 'apart' | 'step', number>>,
): void {
  for (let line = 0; line < count; line += 1)
    for (let index = 0; index < k; index += 1)
      copy[to + index * of + line] = data[from + line * apart + index * step]!;
}

/** Row by row, four results at a time, without copies. */
function multiplyRows(
  result: Float64Array,
  { data: a, down: aDown, along: aAlong }: Strided,
  { data: b, down: bDown, along: bAlong }: Strided,
  m: number,
  n: number,
  k: number,
): void {
  const wholeColumns = n - (n % 4);
  for (let row = 0; row < m; row += 1) {
    for (let column = 0; column < wholeColumns; column += 4) {
      let a0 = row * aDown;
      let b0 = column * bAlong;
      let sum0 = 0;
      let sum1 = 0;
      let sum2 = 0;
      let sum3 = 0;
      for (let step = 0; step < k; step += 1) {
        const x = a[a0]!;
        sum0 += x * b[b0]!;
        sum1 += x * b[b0 + bAlong]!;
        sum2 += x * b[b0 + 2 * bAlong]!;
        sum3 += x * b[b0 + 3 * bAlong]!;
        a0 += aAlong;
        b0 += bDown;
      }
      const at = row * n + column;
      result[at] = sum0;
      result[at + 1] = sum1;
      result[at + 2] = sum2;
      result[at + 3] = sum3;
    }
    for (let column = wholeColumns; column < n; column += 1) {
      let sum = 0;
      for (let step = 0; step < k; step += 1)
        sum += a[row * aDown + step * aAlong]! * b[column * bAlong + step * bDown]!;
      result[row * n + column] = sum;
    }
  }
}
