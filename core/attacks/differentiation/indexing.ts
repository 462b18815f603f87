/**
 * Elements picked by a table, and put back by it: each the other's adjoint. Patches of a convolution, paddings, pooled
 * maxima, permutations, differences between neighbours: all that moves numbers without changing them.
 */
import { operation, type Value } from './value.ts';

/** For each element of the result, which element of the source it is; -1: none, zero. */
export interface IndexTable {
  readonly index: Int32Array;
  /** How many elements the source has. */
  readonly source: number;
}

/** The same table for each of so many rows: [rows, source] -> [rows, index.length], under the given shape. */
export function gather(value: Value, table: IndexTable, rows: number, shape: readonly number[]): Value {
  const { data } = value;
  const { index, source } = table;
  if (data.length !== rows * source)
    throw new RangeError(`a table of ${source} elements is used on ${data.length / rows}`);
  return operation(
    shape,
    [value],
    (result) => {
      for (let row = 0, to = 0, from = 0; row < rows; row += 1, from += source)
        for (let at = 0; at < index.length; at += 1, to += 1) {
          const picked = index[at]!;
          result[to] = picked < 0 ? 0 : data[from + picked]!;
        }
    },
    (gradient) => scatter(gradient, table, rows, value.shape),
  );
}

/** [rows, index.length] -> [rows, source], under the given shape: elements that fall together are added. */
export function scatter(value: Value, table: IndexTable, rows: number, shape: readonly number[]): Value {
  const { data } = value;
  const { index, source } = table;
  if (data.length !== rows * index.length)
    throw new RangeError(`a table for ${index.length} elements is used on ${data.length / rows}`);
  return operation(
    shape,
    [value],
    (result) => {
      result.fill(0);
      for (let row = 0, from = 0, to = 0; row < rows; row += 1, to += source)
        for (let at = 0; at < index.length; at += 1, from += 1) {
          const place = index[at]!;
          if (place >= 0) result[to + place] = result[to + place]! + data[from]!;
        }
    },
    (gradient) => gather(gradient, table, rows, value.shape),
  );
}
