/**
 * Winograd's minimal filtering (Lavin, Gray 2016) for the forward pass of 3x3 convolutions with 16 or more channels on both
 * sides, pooled or not. A tile of m x n outputs takes (m + 2)(n + 2) products per channel pair instead of 9 m n: 4 an
 * output in 2 x 2 tiles, 2.8 in 3 x 3 and 2 x 5. Which tile a layer uses is the planner's choice (core/model/compiled,
 * winograd-tiles.ts); the last tiles of a row or column overlap those before them rather than leave the map.
 *
 *   output = A' [ (G kernel G') . (B' patch B) ] A
 *
 * The products of each frequency are one dense product (forward-tiles.ts). The transforms in each direction are those of
 * winograd-transforms.ts; in float32 they cost about one decimal digit of the 7.
 */
import { winogradTiles, type WinogradTile } from '../../core/model/compiled/winograd-tiles.ts';
import {
  frequencies,
  Lines,
  outputDivisor,
  transformInputs,
  transformKernel,
  transformOutputs,
} from './winograd-transforms.ts';

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const nameOf = ({ rows, columns }: WinogradTile): string => `${rows}x${columns}`;

interface Transform {
  readonly lines: Lines;
  /** Names of the inputs by row and column. */
  readonly inputs: () => string[][];
  readonly down: (column: readonly string[]) => string[];
  readonly along: (row: readonly string[]) => string[];
  readonly store: (value: string, index: number) => void;
}

/**
 * Both directions: down each column, then along each row; stores the results row by row. Where a column's results share
 * nothing, as in tiles of two rows, each row is computed from its inputs anew: they come from the first-level cache, where
 * the whole would not fit the registers.
 */
function alongBoth({ rows }: WinogradTile, { lines, inputs, down, along, store }: Transform): void {
  const columns = (): string[][] => {
    const names = inputs();
    return range(names[0]!.length).map((column) => down(names.map((row) => row[column]!)));
  };
  const once = columns();
  let index = 0;
  for (const row of range(once[0]!.length)) {
    if (rows === 2 && row > 0) lines.forget();
    const values = rows === 2 && row > 0 ? columns() : once;
    for (const value of along(values.map((column) => column[row]!))) store(value, index++);
  }
}

/** Stores values plane after plane, starting at `plane`. */
const toPlanes =
  (lines: Lines) =>
  (value: string): void => {
    lines.add(`v128.store(plane, ${value});`);
    lines.add('plane += planeBytes;');
  };

/** B' patch B for every tile of a group, four channels at a time, into planes [tiles][channels], one for each frequency. */
function transformInput(tile: WinogradTile): string {
  const lines = new Lines();
  const patch = (): string[][] =>
    range(frequencies(tile.rows)).map((row) =>
      range(frequencies(tile.columns)).map((column) =>
        lines.value(`v128.load(patch + ${row} * rowStride + ${column} * pixelBytes)`),
      ),
    );
  alongBoth(tile, {
    lines,
    inputs: patch,
    down: (column) => transformInputs(lines, tile.rows, column),
    along: (row) => transformInputs(lines, tile.columns, row),
    store: toPlanes(lines),
  });
  return `
function transformInput${nameOf(tile)}(layer: Layer, input: usize, images: i32): void {
  const tiles = layer.tiles, rowStride = layer.rowStride, inputStride = layer.inputStride, planeBytes = layer.inputPlaneBytes;
  const pixelBytes = <usize>(layer.rowFloats / 3) << 2;
  let transformed = layer.transformedInput;
  for (let image: i32 = 0; image < images; image++) {
    let offsets = layer.tilePatches;
    for (let tile: i32 = 0; tile < tiles; tile++) {
      let patch = input + load<u32>(offsets);
      for (let at: usize = 0; at < pixelBytes; at += 16) {
        let plane = transformed;
        ${lines.toString()}
        patch += 16;
        transformed += 16;
      }
      offsets += 4;
    }
    input += inputStride;
  }
}`;
}

/** G kernel G' from the panels [channels / 8][9 x input channels][8] into panels [channels / 8][input channels][8], one set for each frequency. */
function transformWeights(tile: WinogradTile): string {
  const lines = new Lines();
  const kernel = (): string[][] =>
    range(3).map((row) =>
      range(3).map((column) => lines.value(`v128.load(weights + ${3 * row + column} * columnBytes)`)),
    );
  const ofThree =
    (side: WinogradTile['rows']) =>
    ([tap0, tap1, tap2]: readonly string[]): string[] =>
      transformKernel(lines, side, [tap0!, tap1!, tap2!]);
  alongBoth(tile, {
    lines,
    inputs: kernel,
    down: ofThree(tile.rows),
    along: ofThree(tile.columns),
    store: toPlanes(lines),
  });
  return `
function transformWeights${nameOf(tile)}(layer: Layer): void {
  const channels = layer.channels, inputChannels = layer.rowFloats / 3;
  const columnBytes = <usize>inputChannels << 5, planeBytes = layer.weightPlaneBytes;
  let weights = layer.panels, transformed = layer.transformedWeights;
  for (let channel: i32 = 0; channel < channels; channel += 8) {
    // Each pass takes one vector: half of the eight channels of one input channel.
    for (let vector: i32 = 0; vector < 2 * inputChannels; vector++) {
      let plane = transformed;
      ${lines.toString()}
      weights += 16;
      transformed += 16;
    }
    weights += 8 * columnBytes;
  }
}`;
}

/** A' products A for every tile of a group and eight channels, to the rows [pixel][channels] that a product without Winograd gives. */
function transformOutput(tile: WinogradTile): string {
  const lines = new Lines();
  const products = (): string[][] =>
    range(frequencies(tile.rows)).map((row) =>
      range(frequencies(tile.columns)).map((column) =>
        lines.value(`v128.load(products, ${32 * (row * frequencies(tile.columns) + column)})`),
      ),
    );
  const scale = 1 / (outputDivisor(tile.rows) * outputDivisor(tile.columns));
  alongBoth(tile, {
    lines,
    inputs: products,
    down: (column) => transformOutputs(lines, tile.rows, column),
    along: (row) => transformOutputs(lines, tile.columns, row),
    store: (value, index) =>
      lines.add(`v128.store(rows + load<u32>(places, ${4 * index}), ${lines.times(scale, value)});`),
  });
  return `
function transformOutput${nameOf(tile)}(layer: Layer, images: i32, product: usize): void {
  const tiles = layer.tiles, imageBytes = <usize>(layer.pixels * layer.channels) << 2;
  let products = layer.frequencyProducts;
  for (let image: i32 = 0; image < images; image++) {
    let places = layer.tileRows;
    for (let tile: i32 = 0; tile < tiles; tile++) {
      for (let at: usize = 0; at < 32; at += 16) {
        const rows = product + at;
        ${lines.toString()}
        products += 16;
      }
      products += ${32 * (frequencies(tile.rows) * frequencies(tile.columns) - 1)};
      places += ${4 * tile.rows * tile.columns};
    }
    product += imageBytes;
  }
}`;
}

/** Eight channels at a time, so that their products of all frequencies are still in the cache when they are transformed. */
const productsOfTile = (tile: WinogradTile): string => `
function winogradProducts${nameOf(tile)}(layer: Layer, input: usize, images: i32): void {
  transformInput${nameOf(tile)}(layer, input, images);
  const channels = layer.channels, inputChannels = layer.rowFloats / 3, panelBytes = <usize>inputChannels << 5;
  let panels = layer.transformedWeights, product = layer.product;
  for (let channel: i32 = 0; channel < channels; channel += 8) {
    let transformed = layer.transformedInput, panel = panels, products = layer.frequencyProducts;
    for (let frequency: i32 = 0; frequency < ${frequencies(tile.rows) * frequencies(tile.columns)}; frequency++) {
      denseProduct(transformed, layer.transformedOffsets, images * layer.tiles, panel, products, 1, inputChannels, <usize>inputChannels << 2, 8, ${32 * frequencies(tile.rows) * frequencies(tile.columns)});
      transformed += layer.inputPlaneBytes;
      panel += layer.weightPlaneBytes;
      products += 32;
    }
    transformOutput${nameOf(tile)}(layer, images, product);
    panels += panelBytes;
    product += 32;
  }
}`;

/** One of the tiles by its number, counted from 1. */
const chosenTile = (call: (name: string) => string): string =>
  winogradTiles
    .map((tile, index) => `if (layer.winograd == ${index + 1}) ${call(nameOf(tile))};`)
    .join('\n  else ');

const byTile = `
function winogradProducts(layer: Layer, input: usize, images: i32): void {
  ${chosenTile((name) => `winogradProducts${name}(layer, input, images)`)}
}
function transformWeights(layer: Layer): void {
  ${chosenTile((name) => `transformWeights${name}(layer)`)}
}`;

export const winograd = [
  ...winogradTiles.flatMap((tile) => [
    transformInput(tile),
    transformWeights(tile),
    transformOutput(tile),
    productsOfTile(tile),
  ]),
  byTile,
].join('\n');
