/** Index tables of windows that slide over an image, and of other ways to lay an image out anew (channels last). */
import type { IndexTable } from './indexing.ts';

export interface ImageSides {
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
}

export interface WindowRule {
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: 'valid' | 'same';
}

interface Windows extends IndexTable {
  /** Windows down and across. */
  readonly rows: number;
  readonly columns: number;
}

/** [windows down, windows across, window rows, window columns, channels]; -1 in the padding. */
export function slidingWindows(image: ImageSides, { size, strides, padding }: WindowRule): Windows {
  const down = side(image.rows, size[0], strides[0], padding);
  const across = side(image.columns, size[1], strides[1], padding);
  const index = new Int32Array(down.count * across.count * size[0] * size[1] * image.channels);
  let at = 0;
  for (let row = 0; row < down.count; row += 1)
    for (let column = 0; column < across.count; column += 1)
      for (let y = 0; y < size[0]; y += 1)
        for (let x = 0; x < size[1]; x += 1) {
          const fromRow = row * strides[0] + y - down.before;
          const fromColumn = column * strides[1] + x - across.before;
          at = writePixel(index, at, image, fromRow, fromColumn);
        }
  return {
    index,
    source: image.rows * image.columns * image.channels,
    rows: down.count,
    columns: across.count,
  };
}

/** How many windows fit along a side, and how much padding stands before it (Dumoulin, Visin 2016). */
function side(length: number, size: number, stride: number, padding: 'valid' | 'same') {
  if (padding === 'valid') return { count: Math.floor((length - size) / stride) + 1, before: 0 };
  const count = Math.ceil(length / stride);
  const missing = Math.max((count - 1) * stride + size - length, 0);
  return { count, before: Math.floor(missing / 2) };
}

/** An image of so many rows and columns, each pixel taken from where the functions say; -1 outside of the source. */
export function remapped(
  image: ImageSides,
  rows: number,
  columns: number,
  fromRow: (row: number) => number,
  fromColumn: (column: number) => number,
): IndexTable {
  const index = new Int32Array(rows * columns * image.channels);
  let at = 0;
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1)
      at = writePixel(index, at, image, fromRow(row), fromColumn(column));
  return { index, source: image.rows * image.columns * image.channels };
}

function writePixel(index: Int32Array, at: number, image: ImageSides, row: number, column: number): number {
  const inside = row >= 0 && row < image.rows && column >= 0 && column < image.columns;
  const from = (row * image.columns + column) * image.channels;
  for (let channel = 0; channel < image.channels; channel += 1)
    index[at + channel] = inside ? from + channel : -1;
  return at + image.channels;
}

/** Axes in another order: axis i of the result is axis order[i] of the source. */
export function permuted(shape: readonly number[], order: readonly number[]): IndexTable {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const source = shape.reduce((product, size) => product * size, 1);
  const index = Int32Array.from({ length: source }, (_, position) => {
    let rest = position;
    let from = 0;
    for (const axis of [...order].reverse()) {
      from += (rest % shape[axis]!) * strides[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    return from;
  });
  return { index, source };
}
