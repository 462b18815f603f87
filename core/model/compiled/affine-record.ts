/** Where everything of an affine node lies: its tables and scratch, and the record that says so to the kernels. */
import type { Arena } from './arena.ts';
import type { AffineGeometry } from './geometry.ts';
import type { OwnFields } from './node-record.ts';
import {
  groupPatchCount,
  groupPatchOffsets,
  mapPatchOffsets,
  pixelOffsets,
  transformedCount,
  transformedOffsets,
  weightRowOffsets,
} from './offset-tables.ts';
import { floatBytes } from './stored-values.ts';

/** Addresses that are not the node's alone; 0 for gradients that nobody needs. */
export interface AffinePlaces {
  readonly batchSize: number;
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
  const { node, channels, kernelFloats, positions } = geometry;
  const { batchSize, weights, weightGradient, bias, biasGradient, output, outputGradient } = places;
  const patches = patchFields(geometry, places, arena);
  return {
    ...shapeFields(geometry),
    ...patches,
    output,
    outputGradient,
    outputStride: geometry.output.imageStride,
    patchOffsets: arena.table(groupPatchCount(geometry), () => groupPatchOffsets(geometry)),
    outputOffsets: arena.table(positions, () => pixelOffsets(geometry.output)),
    weightRowOffsets: arena.table(channels, () => weightRowOffsets(geometry)),
    weights,
    weightGradient,
    bias,
    biasGradient,
    panels: arena.reserve(floatBytes * channels * kernelFloats),
    dropThreshold: dropThreshold(node.dropoutRate),
    keepScale: 1 / (1 - node.dropoutRate),
    windowCodes: arena.reserve(batchSize * positions * channels + surplusBytes),
    ...forwardScratch(geometry, arena),
    ...noBackwardScratch,
    ...(weightGradient === 0 ? {} : weightGradientScratch(geometry, arena)),
    ...(patches.inputGradient === 0 ? {} : inputGradientScratch(geometry, arena)),
  };
}

/** A value is dropped when 32 random bits are at most this. */
export function dropThreshold(rate: number): number {
  return Math.round(rate * (2 ** 32 - 1));
}

function shapeFields(geometry: AffineGeometry) {
  const { node, pixels, positions, kernelRows, rowFloats, rowFloatsUsed, rowStride, inputStride } = geometry;
  const { kernelFloats, kernelFloatsUsed, channels, forwardGroup, backwardGroup, winograd } = geometry;
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
    winograd: Number(winograd),
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
    input: arena.reserve(batchSize * inputStride),
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
  const { node, winograd, forwardGroup, pixels, positions, channels, storedChannels } = geometry;
  const none = { product: 0, transformedWeights: 0, transformedInput: 0, transformedOffsets: 0 };
  if (winograd) {
    const tiles = forwardGroup * positions;
    return {
      product: arena.reserve(16 * (tiles + surplusRows) * channels * floatBytes),
      transformedWeights: arena.reserve(16 * channels * storedChannels * floatBytes),
      transformedInput: arena.reserve(16 * tiles * storedChannels * floatBytes),
      transformedOffsets: arena.table(transformedCount(geometry), () => transformedOffsets(geometry)),
    };
  }
  if (node.pooled) return none;
  return { ...none, product: arena.reserve((forwardGroup * pixels + surplusRows) * channels * floatBytes) };
}

const noBackwardScratch = {
  channelLists: 0,
  channelListEnds: 0,
  pixelLists: 0,
  pixelListEnds: 0,
  windowColumns: 0,
};

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
