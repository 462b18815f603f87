/**
 * Tables of byte offsets, computed once per plan: they replace every division and every case of padding in the kernels.
 * Offsets count from the first byte of an image, border included.
 */
import type { AffineGeometry } from './geometry.ts';
import type { PoolNode, RearrangeNode } from './graph.ts';
import { floatBytes, type StoredValue } from './stored-values.ts';
import { winogradTiles } from './winograd-tiles.ts';

/** Entries after the last one that tiles may read beyond the rows they were asked for. */
const surplusEntries = 4;

/** Of a pixel of the map; rows and columns of its border are negative, or too large. */
function pixelOffset(value: StoredValue, row: number, column: number): number {
  return value.inside + row * value.rowStride + floatBytes * column * value.storedChannels;
}

/** Where each pixel's channels lie, row by row. */
export function pixelOffsets(value: StoredValue): Int32Array {
  const { height, width } = value;
  return Int32Array.from({ length: height * width }, (_, pixel) =>
    pixelOffset(value, Math.floor(pixel / width), pixel % width),
  );
}

/**
 * Row and column of every pixel that the kernel is applied to, in the order of computing. Pooled nodes go window by
 * window, so that four pixels in a row are one window; rows and columns that the pool drops never appear.
 */
function* pixelPlaces({ node, output }: AffineGeometry): Generator<readonly [row: number, column: number]> {
  for (let row = 0; row < output.height; row += 1)
    for (let column = 0; column < output.width; column += 1)
      if (!node.pooled) yield [row, column];
      else
        for (let pixel = 0; pixel < 4; pixel += 1) yield [2 * row + (pixel >> 1), 2 * column + (pixel & 1)];
}

/** First byte of every pixel's patch in the input as a value, one image. */
export function mapPatchOffsets(geometry: AffineGeometry): Int32Array {
  const { node, input } = geometry;
  const { down, across, top, left } = node.window;
  return Int32Array.from(pixelPlaces(geometry), ([row, column]) =>
    pixelOffset(input, row * down - top, column * across - left),
  );
}

export function groupPatchCount({ pixels, forwardGroup, backwardGroup }: AffineGeometry): number {
  return Math.max(forwardGroup, backwardGroup) * pixels + surplusEntries;
}

/** First byte of every pixel's patch as the kernels read it, for a group of images, and some entries more. */
export function groupPatchOffsets(geometry: AffineGeometry): Int32Array {
  const { patchRows, rowFloats, inputStride, pixels } = geometry;
  const oneImage = patchRows
    ? Int32Array.from({ length: pixels }, (_, pixel) => floatBytes * pixel * rowFloats)
    : mapPatchOffsets(geometry);
  const offsets = new Int32Array(groupPatchCount(geometry));
  const used = offsets.length - surplusEntries;
  for (let at = 0; at < used; at += 1)
    offsets[at] = Math.floor(at / pixels) * inputStride + oneImage[at % pixels]!;
  return offsets.fill(offsets[used - 1]!, used);
}

/** Where each pixel's output gradient lies, for a group of images in the backward pass, and some entries more. */
export function groupGradientOffsets({ output, backwardGroup }: AffineGeometry): Int32Array {
  const oneImage = pixelOffsets(output);
  const used = backwardGroup * oneImage.length;
  const offsets = Int32Array.from(
    { length: used + surplusEntries },
    (_, at) => Math.floor(at / oneImage.length) * output.imageStride + oneImage[at % oneImage.length]!,
  );
  return offsets.fill(offsets[used - 1]!, used);
}

export function groupGradientCount({ pixels, backwardGroup }: AffineGeometry): number {
  return backwardGroup * pixels + surplusEntries;
}

/** First byte of each of so many rows of floats. */
export function rowOffsets(rows: number, floats: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => floatBytes * row * floats);
}

/** First byte of each Winograd tile's patch in the input as a value, one image. */
export function tilePatches({ node, input, tileStarts }: AffineGeometry): Int32Array {
  const { top, left } = node.window;
  return Int32Array.from(tileStarts, ([row, column]) => pixelOffset(input, row - top, column - left));
}

export function tileRowCount({ winograd, tileStarts }: AffineGeometry): number {
  const { rows, columns } = winogradTiles[winograd - 1]!;
  return tileStarts.length * rows * columns;
}

/** First byte of each Winograd tile's outputs, row by row, in the product of one image. */
export function tileRows(geometry: AffineGeometry): Int32Array {
  const { winograd, tileStarts, channels } = geometry;
  const pixelAt = new Map([...pixelPlaces(geometry)].map((place, pixel) => [place.join(), pixel]));
  const { rows, columns } = winogradTiles[winograd - 1]!;
  return Int32Array.from(
    tileStarts.flatMap(([row, column]) =>
      Array.from({ length: rows * columns }, (_, output) => {
        const place = [row + Math.floor(output / columns), column + (output % columns)];
        return floatBytes * pixelAt.get(place.join())! * channels;
      }),
    ),
  );
}

export function transformedCount({ forwardGroup, tileStarts }: AffineGeometry): number {
  return forwardGroup * tileStarts.length + surplusEntries;
}

/** First byte of each tile's row in one plane of Winograd's transformed input, for a group, and some entries more. */
export function transformedOffsets(geometry: AffineGeometry): Int32Array {
  const length = transformedCount(geometry);
  const last = length - surplusEntries - 1;
  return Int32Array.from(
    { length },
    (_, tile) => floatBytes * Math.min(tile, last) * geometry.storedChannels,
  );
}

/** Along one side of the map: where the window's first place inside the map lies, and how many there are. */
function insideWindow(place: number, step: number, before: number, length: number, side: number) {
  const from = place * step - before;
  const first = Math.max(0, from);
  return { first, count: Math.min(side, from + length) - first };
}

const rowsInside = ({ window }: PoolNode, input: StoredValue, output: StoredValue) =>
  Array.from({ length: output.height }, (_, row) =>
    insideWindow(row, window.down, window.top, window.height, input.height),
  );
const columnsInside = ({ window }: PoolNode, input: StoredValue, output: StoredValue) =>
  Array.from({ length: output.width }, (_, column) =>
    insideWindow(column, window.across, window.left, window.width, input.width),
  );

export function windowOffsetCount(node: PoolNode, input: StoredValue, output: StoredValue): number {
  const total = (sides: readonly { count: number }[]): number =>
    sides.reduce((sum, { count }) => sum + count, 0);
  return total(rowsInside(node, input, output)) * total(columnsInside(node, input, output));
}

/** How many pixels of the input lie in the window of each position. */
export function windowCounts(node: PoolNode, input: StoredValue, output: StoredValue): Int32Array {
  const columns = columnsInside(node, input, output);
  return Int32Array.from(
    rowsInside(node, input, output).flatMap((row) => columns.map((column) => row.count * column.count)),
  );
}

/** Where these pixels lie, window by window and row by row. */
export function windowOffsets(node: PoolNode, input: StoredValue, output: StoredValue): Int32Array {
  const offsets = new Int32Array(windowOffsetCount(node, input, output));
  const columns = columnsInside(node, input, output);
  let at = 0;
  for (const down of rowsInside(node, input, output))
    for (const across of columns)
      for (let row = 0; row < down.count; row += 1)
        for (let column = 0; column < across.count; column += 1)
          offsets[at++] = pixelOffset(input, down.first + row, across.first + column);
  return offsets;
}

/** Runs of numbers that lie together in the input and in the output: triples of both offsets and the bytes. */
export function rearrangeRuns(node: RearrangeNode, input: StoredValue, output: StoredValue): Int32Array {
  const runs: number[] = [];
  const place = (value: StoredValue, element: number): number => {
    const pixel = Math.floor(element / value.channels);
    const start = pixelOffset(value, Math.floor(pixel / value.width), pixel % value.width);
    return start + floatBytes * (element % value.channels);
  };
  const count = output.height * output.width * output.channels;
  for (let element = 0; element < count; element += 1) {
    const source = node.source(element);
    if (source === undefined) continue;
    const from = place(input, source);
    const to = place(output, element);
    const last = runs.length - 3;
    const bytes = runs[last + 2] ?? 0;
    if (last >= 0 && from === runs[last]! + bytes && to === runs[last + 1]! + bytes)
      runs[last + 2] = bytes + floatBytes;
    else runs.push(from, to, floatBytes);
  }
  return Int32Array.from(runs);
}
