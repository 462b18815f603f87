/**
 * Tables of byte offsets, computed once per plan: they replace every division and every case of padding in the kernels.
 */
import type { LayerGeometry } from './geometry.ts';

/** Entries after the last one that tiles may read beyond the rows they were asked for. */
const surplusEntries = 4;

/**
 * Row and column of every pixel that the kernel is applied to, in the order of computing. Pooled layers go window by
 * window, so that four pixels in a row are one window; rows and columns that the pool drops never appear.
 */
function* pixelPlaces({ layer }: LayerGeometry): Generator<readonly [row: number, column: number]> {
  const { height, width } = layer.output;
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1)
      if (!layer.pooled) yield [row, column];
      else
        for (let pixel = 0; pixel < 4; pixel += 1) yield [2 * row + (pixel >> 1), 2 * column + (pixel & 1)];
}

/** First byte of every pixel's patch in a padded map of the layer's input, one image. */
export function mapPatchOffsets(geometry: LayerGeometry): number[] {
  const { layer, storedChannels } = geometry;
  return Array.from(
    pixelPlaces(geometry),
    ([row, column]) => 4 * (row * layer.paddedWidth + column) * storedChannels,
  );
}

/** First byte of every pixel's patch as the kernels read it, for a group of images, and some entries more. */
export function groupPatchOffsets(geometry: LayerGeometry): Int32Array {
  const { patchRows, rowFloats, inputStride, pixels, forwardGroup, backwardGroup } = geometry;
  const oneImage = patchRows
    ? Array.from({ length: pixels }, (_, pixel) => 4 * pixel * rowFloats)
    : mapPatchOffsets(geometry);
  const images = Math.max(forwardGroup, backwardGroup);
  const offsets = new Int32Array(images * pixels + surplusEntries);
  for (let image = 0; image < images; image += 1)
    for (let pixel = 0; pixel < pixels; pixel += 1)
      offsets[image * pixels + pixel] = image * inputStride + oneImage[pixel]!;
  return offsets.fill(offsets[images * pixels - 1]!, images * pixels);
}

/** Where each position's channels go in the next layer's input, inside its border; for the logits the one place 0. */
export function outputOffsets(geometry: LayerGeometry, next: LayerGeometry | undefined): Int32Array {
  if (!next) return Int32Array.of(0);
  const { height, width } = geometry.layer.output;
  const { padTop, padLeft, paddedWidth } = next.layer;
  return Int32Array.from({ length: height * width }, (_, position) => {
    const row = Math.floor(position / width) + padTop;
    const column = (position % width) + padLeft;
    return 4 * (row * paddedWidth + column) * next.storedChannels;
  });
}

/** First byte of each channel's row in the master weights. */
export function weightRowOffsets({ channels, kernelFloats }: LayerGeometry): Int32Array {
  return Int32Array.from({ length: channels }, (_, channel) => 4 * channel * kernelFloats);
}

/** First byte of each tile's row in one plane of Winograd's transformed input, for a group, and some entries more. */
export function transformedOffsets({ forwardGroup, positions, storedChannels }: LayerGeometry): Int32Array {
  const tiles = forwardGroup * positions;
  return Int32Array.from(
    { length: tiles + surplusEntries },
    (_, tile) => 4 * Math.min(tile, tiles - 1) * storedChannels,
  );
}
