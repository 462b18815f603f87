/**
 * Which of Winograd's tiles (build/training-step/winograd.ts) a 3x3 convolution uses, and where they lie: from edge to edge,
 * the last of a row or column overlapping the one before it where the map is no multiple of the tile.
 */

export interface WinogradTile {
  readonly rows: 2 | 3 | 4 | 5;
  readonly columns: 2 | 3 | 4 | 5;
}

/**
 * The tiles that there are kernels for; a layer's record has a tile's place here, counted from 1. The sides are kept so
 * small together that sums of small integers stay exact in float32, and ties in pooling are decided as without Winograd:
 * 5 x 5 would take a quarter fewer products than 2 x 5, but rounds them.
 */
export const winogradTiles: readonly WinogradTile[] = [
  { rows: 2, columns: 2 },
  { rows: 3, columns: 3 },
  { rows: 2, columns: 5 },
  { rows: 4, columns: 4 },
];

/** Winograd's transforms pay from this many channels on, on both sides. */
const fewestChannels = 16;
/** What the transforms of an input or output value cost, in products per channel of the other side. Measured. */
const transformProducts = 4;

/** First rows, or columns, of the tiles along a side of the map. */
export function tileStarts(length: number, side: number): number[] {
  return Array.from({ length: Math.ceil(length / side) }, (_, index) =>
    Math.min(index * side, length - side),
  );
}

/**
 * The number of the tile, counted from 1, that costs least for a 3x3 convolution with a map of height x width outputs; 0
 * where the direct product costs no more.
 */
export function chooseTile(
  height: number,
  width: number,
  inputChannels: number,
  outputChannels: number,
): number {
  if (Math.min(inputChannels, outputChannels) < fewestChannels) return 0;
  let best = { tile: 0, cost: 9 * height * width };
  for (const [index, { rows, columns }] of winogradTiles.entries()) {
    if (rows > height || columns > width) continue;
    const tiles = Math.ceil(height / rows) * Math.ceil(width / columns);
    const perChannel = 1 + transformProducts * (1 / inputChannels + 1 / outputChannels);
    const cost = tiles * (rows + 2) * (columns + 2) * perChannel;
    if (cost < best.cost) best = { tile: index + 1, cost };
  }
  return best.tile;
}
