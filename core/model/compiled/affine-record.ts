/** Where everything of an affine node lies: its tables and scratch, and the record that says so to the kernels. */
import { Arena } from './arena.ts';
import type { AffineGeometry } from './geometry.ts';
import type { OwnFields } from './node-record.ts';
import {
  groupGradientCount,
  groupGradientOffsets,
  groupPatchCount,
  groupPatchOffsets,
  mapPatchOffsets,
  pixelOffsets,
  rowOffsets,
  tilePatches,
  tileRowCount,
  tileRows,
  transformedCount,
  transformedOffsets,
} from './offset-tables.ts';
import { floatBytes, oddCacheLines } from './stored-values.ts';
import { winogradTiles } from './winograd-tiles.ts';

/** Addresses that are not the node's alone; 0 for gradients that nobody needs. */
export interface AffinePlaces {
  readonly batchSize: number;
  /** Scratch, which all nodes have in the same place. */
  readonly scratch: number;
  /** No gradient flows back to where the input is zero. */
  readonly zerosAreDead: boolean;
  readonly input: number;
  readonly inputGradient: number;
  readonly output: number;
  readonly outputGradient: number;
  readonly weights: number;
  readonly weightGradient: number;
  readonly bias: number;
  readonly biasGradient: number;
}

const entryBytes = 8;
/** Rows that a tile may write, and bytes that a 16-byte load may read, beyond what counts. */
const surplusRows = 4;
const surplusBytes = 16;
/** What the first layer's gradient may read beyond its columns: it takes nine weights at a time, of four pixels each. */
const surplusColumnBytes = 9 * 4 * floatBytes;

export function affineRecord(
  geometry: AffineGeometry,
  places: AffinePlaces,
  arena: Arena,
): OwnFields<'affine'> {
  const { node, channels, kernelFloats, positions, byInput, forwardLists } = geometry;
  const {
    batchSize,
    scratch,
    zerosAreDead,
    weights,
    weightGradient,
    bias,
    biasGradient,
    output,
    outputGradient,
  } = places;
  const patches = patchFields(geometry, places, arena);
  return {
    ...shapeFields(geometry),
    ...patches,
    output,
    outputGradient,
    outputStride: geometry.output.imageStride,
    patchOffsets: arena.table(groupPatchCount(geometry), () => groupPatchOffsets(geometry)),
    outputOffsets: arena.table(positions, () => pixelOffsets(geometry.output)),
    weightRowOffsets: byInput
      ? arena.table(kernelFloats, () => rowOffsets(kernelFloats, channels))
      : arena.table(channels, () => rowOffsets(channels, kernelFloats)),
    weights,
    weightGradient,
    bias,
    biasGradient,
    panels: byInput ? 0 : arena.reserve(floatBytes * channels * kernelFloats),
    dropThreshold: dropThreshold(node.dropoutRate),
    keepScale: 1 / (1 - node.dropoutRate),
    windowCodes: arena.reserve(batchSize * positions * channels + surplusBytes),
    ...tileFields(geometry, arena),
    gradientOffsets: geometry.denseGradient
      ? arena.table(groupGradientCount(geometry), () => groupGradientOffsets(geometry))
      : 0,
    batchSize,
    productOffsets: forwardLists ? arena.table(batchSize, () => rowOffsets(batchSize, channels)) : 0,
    everyPosition:
      byInput && patches.inputGradient !== 0 && !zerosAreDead
        ? arena.table(kernelFloats, () => rowOffsets(kernelFloats, 1))
        : 0,
    ...scratchFields(geometry, places, new Arena(scratch)),
  };
}

/**
 * The kernels' scratch. Nothing in it outlives a node's pass, so that all nodes have theirs in the same place: that keeps it
 * in the cache, and memory that is not there is slow to write.
 */
function scratchFields(
  geometry: AffineGeometry,
  {
    batchSize,
    weightGradient,
    inputGradient,
  }: Pick<AffinePlaces, 'batchSize' | 'weightGradient' | 'inputGradient'>,
  arena: Arena,
) {
  const listsByInput = geometry.forwardLists ? denseScratch(geometry, batchSize, arena) : noDenseScratch;
  const hasLists = !geometry.byInput && !geometry.denseGradient;
  const weightLists = weightGradient !== 0 && hasLists;
  const pixelLists = inputGradient !== 0 && hasLists && !geometry.firstLayerInputGradient;
  return {
    ...forwardScratch(geometry, arena),
    ...listsByInput,
    ...noBackwardScratch,
    ...(geometry.denseGradient && inputGradient !== 0 ? denseGradientScratch(geometry, arena) : {}),
    ...(weightLists ? weightGradientScratch(geometry, arena) : {}),
    ...(pixelLists ? inputGradientScratch(geometry, arena) : {}),
  };
}

/** Bytes of a node's scratch, for whichever gradients are needed. */
export function scratchBytes(
  geometry: AffineGeometry,
  needs: Pick<AffinePlaces, 'batchSize' | 'weightGradient' | 'inputGradient'>,
): number {
  const arena = new Arena(0);
  scratchFields(geometry, needs, arena);
  return arena.end;
}

/** A value is dropped when 32 random bits are at most this. */
export function dropThreshold(rate: number): number {
  return Math.round(rate * (2 ** 32 - 1));
}

function shapeFields(geometry: AffineGeometry) {
  const { node, pixels, positions, kernelRows, rowFloats, rowFloatsUsed, rowStride, inputStride } = geometry;
  const { kernelFloats, kernelFloatsUsed, channels, forwardGroup, backwardGroup, winograd } = geometry;
  const { tileStarts, byInput, blockInputs, direct } = geometry;
  return {
    pixels,
    positions,
    kernelRows,
    rowFloats,
    rowFloatsUsed,
    rowStride,
    inputStride,
    kernelFloats,
    kernelFloatsUsed,
    channels,
    forwardGroup,
    backwardGroup,
    relu: Number(node.relu),
    pooled: Number(node.pooled),
    winograd,
    tiles: tileStarts.length,
    byInput: Number(byInput),
    blockInputs,
    direct: Number(direct),
    denseGradient: Number(geometry.denseGradient),
  };
}

/** Where the kernels read: the value itself, or patches copied from it, whose gradient is then added to the value's. */
function patchFields(geometry: AffineGeometry, places: AffinePlaces, arena: Arena) {
  const { batchSize, input, inputGradient } = places;
  const { patchRows, inputStride, runs, runFloats } = geometry;
  if (!patchRows)
    return {
      input,
      inputGradient,
      source: 0,
      sourceGradient: 0,
      sourceStride: 0,
      sourceOffsets: 0,
      sourceRuns: 0,
      sourceRunFloats: 0,
      sourceRowStride: 0,
    };
  const hasGradient = inputGradient !== 0 && !geometry.firstLayerInputGradient;
  return {
    input: geometry.direct ? 0 : arena.reserve(batchSize * inputStride),
    inputGradient: hasGradient ? arena.reserve(batchSize * inputStride) : 0,
    source: input,
    sourceGradient: inputGradient,
    sourceStride: geometry.input.imageStride,
    sourceOffsets: arena.table(geometry.pixels, () => mapPatchOffsets(geometry)),
    sourceRuns: runs,
    sourceRunFloats: runFloats,
    sourceRowStride: geometry.input.rowStride,
  };
}

function forwardScratch(geometry: AffineGeometry, arena: Arena) {
  const { node, winograd, tileStarts, forwardGroup, pixels, channels, storedChannels } = geometry;
  const tile = winogradTiles[winograd - 1];
  const hasProduct = tile !== undefined || !node.pooled;
  const product = hasProduct
    ? arena.reserve((forwardGroup * pixels + surplusRows) * channels * floatBytes)
    : 0;
  if (!tile) return { product, transformedInput: 0, inputPlaneBytes: 0, frequencyProducts: 0 };
  const tiles = forwardGroup * tileStarts.length;
  const frequencies = (tile.rows + 2) * (tile.columns + 2);
  const inputPlaneBytes = oddCacheLines(tiles * storedChannels * floatBytes);
  return {
    product,
    transformedInput: arena.reserve(frequencies * inputPlaneBytes),
    inputPlaneBytes,
    frequencyProducts: arena.reserve((tiles + surplusRows) * frequencies * 8 * floatBytes),
  };
}

/** Winograd's weights and tables. Planes are read side by side, at the same place in each: they must not share the cache's sets. */
function tileFields(geometry: AffineGeometry, arena: Arena) {
  const { winograd, channels, storedChannels, tileStarts } = geometry;
  const tile = winogradTiles[winograd - 1];
  if (!tile)
    return { tilePatches: 0, tileRows: 0, transformedWeights: 0, weightPlaneBytes: 0, transformedOffsets: 0 };
  const weightPlaneBytes = oddCacheLines(channels * storedChannels * floatBytes);
  return {
    tilePatches: arena.table(tileStarts.length, () => tilePatches(geometry)),
    tileRows: arena.table(tileRowCount(geometry), () => tileRows(geometry)),
    transformedWeights: arena.reserve((tile.rows + 2) * (tile.columns + 2) * weightPlaneBytes),
    weightPlaneBytes,
    transformedOffsets: arena.table(transformedCount(geometry), () => transformedOffsets(geometry)),
  };
}

const noDenseScratch = {
  imageLists: 0,
  imageListEnds: 0,
  inputLists: 0,
  inputListEnds: 0,
  positionLists: 0,
};

function denseScratch({ blockInputs }: AffineGeometry, batchSize: number, arena: Arena) {
  const listBytes = batchSize * blockInputs * entryBytes;
  return {
    imageLists: arena.reserve(listBytes),
    imageListEnds: arena.reserve(4 * batchSize),
    inputLists: arena.reserve(listBytes),
    inputListEnds: arena.reserve(4 * blockInputs),
    positionLists: arena.reserve(4 * batchSize * blockInputs),
  };
}

const noBackwardScratch = {
  gradientPanels: 0,
  gradientProduct: 0,
  channelLists: 0,
  channelListEnds: 0,
  pixelLists: 0,
  pixelListEnds: 0,
  windowColumns: 0,
};

function denseGradientScratch(
  { channels, kernelFloats, backwardGroup, pixels }: AffineGeometry,
  arena: Arena,
) {
  return {
    gradientPanels: arena.reserve(floatBytes * channels * kernelFloats),
    gradientProduct: arena.reserve((backwardGroup * pixels + surplusRows) * 8 * floatBytes),
  };
}

function weightGradientScratch(geometry: AffineGeometry, arena: Arena) {
  const { backwardGroup, channels, positions, kernelFloats, firstLayerGradient } = geometry;
  if (firstLayerGradient)
    return { windowColumns: arena.reserve(positions * kernelFloats * 4 * floatBytes + surplusColumnBytes) };
  return {
    channelLists: arena.reserve(channels * backwardGroup * positions * entryBytes),
    channelListEnds: arena.reserve(channels * 4),
  };
}

function inputGradientScratch({ backwardGroup, channels, pixels }: AffineGeometry, arena: Arena) {
  const pixelsOfGroup = backwardGroup * pixels;
  return {
    pixelLists: arena.reserve(pixelsOfGroup * channels * entryBytes),
    pixelListEnds: arena.reserve(pixelsOfGroup * 4),
  };
}
