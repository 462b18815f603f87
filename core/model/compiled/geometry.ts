/**
 * The numbers of an affine node that follow from its shapes: padded counts, group sizes, and which kernels it uses. No
 * addresses yet (memory-layout.ts).
 */
import type { AffineNode } from './graph.ts';
import { floatBytes, oddCacheLines, roundUp, type StoredValue } from './stored-values.ts';
import { chooseTile, tileStarts, winogradTiles } from './winograd-tiles.ts';

export interface AffineGeometry {
  readonly node: AffineNode;
  readonly input: StoredValue;
  readonly output: StoredValue;
  /** Channels of the input as stored. */
  readonly storedChannels: number;
  /** Output channels as stored, a multiple of 8. Surplus weights and biases are zero and stay zero: so is their gradient. */
  readonly channels: number;
  /** Values kept per channel and image, and pixels that the kernel is applied to: positions x 4 when pooled. */
  readonly positions: number;
  readonly pixels: number;
  /** Patches are written out as rows, see affineGeometry(): of the image only. */
  readonly patchRows: boolean;
  readonly kernelRows: number;
  readonly rowFloats: number;
  readonly rowFloatsUsed: number;
  readonly kernelFloats: number;
  readonly kernelFloatsUsed: number;
  /** Bytes between the kernel's rows in the input, and between images: of the patches, if they are written out. */
  readonly rowStride: number;
  readonly inputStride: number;
  /** How the patches are found in the input before they are written out. */
  readonly runs: number;
  readonly runFloats: number;
  readonly forwardGroup: number;
  readonly backwardGroup: number;
  /** The number of the Winograd tile, counted from 1, or 0; and in an image the tiles' first rows and columns. */
  readonly winograd: number;
  readonly tileStarts: readonly (readonly [row: number, column: number])[];
  /** A dense layer, whose weights lie [input][channels]; and how many inputs make a block of its lists. */
  readonly byInput: boolean;
  /** Its forward pass goes by lists of the inputs that are not zero. */
  readonly forwardLists: boolean;
  readonly blockInputs: number;
  /** A pooled 3x3 convolution of a grey image, which is read where it lies. */
  readonly direct: boolean;
  /**
   * Few entries of the gradient at the output are zero, as neither ReLU, pooling nor dropout stands between: lists of
   * what is not zero save nothing.
   */
  readonly denseGradient: boolean;
  /** The weight gradient comes from the kernel for small first layers instead of from lists. */
  readonly firstLayerGradient: boolean;
  /** So does the input gradient, for 3x3 kernels of one channel: it goes to the image without a gradient of patches. */
  readonly firstLayerInputGradient: boolean;
}

/** Two groups of images that fit the caches: an input beside a panel of weights; an input beside lists. Measured. */
const forwardGroupBytes = 16_384;
const backwardGroupBytes = 49_152;
/** Fewer rows than this leave the 6 x 8 tile badly filled: take as many images as give the second number of rows. */
const fewRows = 16;
const enoughRows = 48;
/** The largest kernel of the small first layer's gradient, in floats: four passes of nine weights. */
const smallKernelFloats = 36;
/** Images in a group under Winograd: as many as have so many tiles, whose planes then fit the second-level cache. */
const tilesOfGroup = 32;
/** A block of a dense layer's weights as wide as a sum of rows is: what the first-level cache holds beside lists. */
const denseBlockBytes = 24_576;
const widestRowBytes = 12 * 16;
/** Channels of a layer whose sums over all inputs stay in registers. */
const widestNarrow = 16;

export function affineGeometry(
  node: AffineNode,
  values: readonly StoredValue[],
  batchSize: number,
  learns: boolean,
): AffineGeometry {
  const { window, pooled, relu, dropoutRate } = node;
  const readsImage = node.inputs[0] === 0;
  const input = values[node.inputs[0]]!;
  const output = values[node.output]!;
  const { storedChannels, storedWidth } = input;
  const channels = output.storedChannels;
  const positions = output.height * output.width;
  const pixels = pooled ? 4 * positions : positions;

  // Rows of a kernel as wide as the map follow each other in memory: one long row (every dense layer).
  const wholeRows = window.width === storedWidth;
  const runs = wholeRows ? 1 : window.height;
  const runFloats = (wholeRows ? window.height : 1) * window.width * storedChannels;
  // The kernels take four floats at a time. Where a row's length is no multiple of four (images of 1 or 3 channels),
  // patches are copied into rows of their own and padded with zeros.
  const patchRows = runFloats % 4 !== 0;
  const kernelRows = patchRows ? 1 : runs;
  const kernelFloatsUsed = runs * runFloats;
  const rowFloats = patchRows ? roundUp(kernelFloatsUsed, 4) : runFloats;
  const kernelFloats = kernelRows * rowFloats;
  const rowStride = patchRows || wholeRows ? floatBytes * rowFloats : input.rowStride;
  const inputStride = patchRows ? oddCacheLines(floatBytes * pixels * rowFloats) : input.imageStride;

  const isPlain3x3 = window.height === 3 && window.width === 3 && window.down === 1 && window.across === 1;
  // The map that the kernel is applied to: without what pooling drops.
  const side = pooled ? 2 : 1;
  const mapHeight = side * output.height;
  const mapWidth = side * output.width;
  const winograd =
    isPlain3x3 && !patchRows && !wholeRows ? chooseTile(mapHeight, mapWidth, storedChannels, channels) : 0;
  const tile = winogradTiles[winograd - 1];
  const tiles = tile
    ? tileStarts(mapHeight, tile.rows).flatMap((row) =>
        tileStarts(mapWidth, tile.columns).map((column) => [row, column] as const),
      )
    : [];
  // The gradient of images themselves is wanted at every pixel, zero or not: rows of a channel's weights give it at less
  // cost. Forward, lists then pay in wide layers only.
  const isDense = pixels === 1 && kernelRows === 1;
  const byInput = isDense && (learns || !readsImage);
  const forwardLists = isDense && (byInput || channels > widestNarrow);
  const fitting = (bytes: number): number => clamp(Math.floor(bytes / inputStride), batchSize);
  const filling = (rows: number): number => clamp(Math.ceil(enoughRows / rows), batchSize);
  let forwardGroup = fitting(forwardGroupBytes);
  if (pixels * forwardGroup < fewRows) forwardGroup = filling(pixels);
  if (tile) forwardGroup = clamp(Math.ceil(tilesOfGroup / tiles.length), batchSize);
  if (forwardLists) forwardGroup = batchSize;

  return {
    node,
    input,
    output,
    storedChannels,
    channels,
    positions,
    pixels,
    patchRows,
    kernelRows,
    rowFloats,
    rowFloatsUsed: patchRows ? kernelFloatsUsed : rowFloats,
    kernelFloats,
    kernelFloatsUsed,
    rowStride,
    inputStride,
    runs,
    runFloats,
    forwardGroup,
    // Small maps give short lists: they take the whole batch at once.
    backwardGroup: pixels <= fewRows ? batchSize : fitting(backwardGroupBytes),
    winograd,
    tileStarts: tiles,
    byInput,
    forwardLists,
    // Scanned 32 at a time.
    blockInputs: 32 * Math.floor(denseBlockBytes / Math.min(widestRowBytes, floatBytes * channels) / 32),
    direct: readsImage && isPlain3x3 && pooled && dropoutRate === 0 && runFloats === 3,
    denseGradient: !relu && !pooled && dropoutRate === 0 && !byInput && !patchRows && rowFloats % 8 === 0,
    firstLayerInputGradient: readsImage && patchRows && window.height === 3 && runFloats === 3 && !byInput,
    firstLayerGradient: readsImage && patchRows && pooled && kernelFloatsUsed <= smallKernelFloats,
  };
}

const clamp = (value: number, most: number): number => Math.max(1, Math.min(value, most));
