/**
 * Lays out the memory of one training step: where every weight, activation, gradient, list and table lies. Planned once
 * per model and batch size; nothing is allocated while training.
 */
import { modelRefused } from '../refusals.ts';
import type { FusedModel } from './fused-layers.ts';
import { planGeometry, roundUp, type LayerGeometry } from './geometry.ts';
import { layerRecordBytes, type LayerRecord } from './layer-record.ts';
import {
  groupPatchOffsets,
  mapPatchOffsets,
  outputOffsets,
  transformedOffsets,
  weightRowOffsets,
} from './offset-tables.ts';

/** How a layer whose patches are copied finds them in the image as it came. */
export interface PatchSource {
  readonly offsets: number;
  readonly kernelRows: number;
  readonly rowFloats: number;
  readonly rowStride: number;
}

export interface MemoryLayout {
  readonly model: FusedModel;
  readonly batchSize: number;
  readonly geometry: readonly LayerGeometry[];
  /** Address of the layer records, and what they hold. */
  readonly records: number;
  readonly layers: readonly LayerRecord[];
  /** Tables to write once: address and content. */
  readonly tables: readonly { readonly address: number; readonly content: Int32Array }[];
  /** Floats in each of the parameter ranges: all weights, then all biases, as stored. */
  readonly storedParameters: number;
  readonly weights: number;
  /** Parameter ranges of training; 0 in other layouts. */
  readonly gradient: number;
  readonly firstMoment: number;
  readonly secondMoment: number;
  readonly anchor: number;
  /** One batch: bytes as they came, floats inside the first layer's border, labels, predictions (int32). */
  readonly bytes: number;
  readonly image: number;
  readonly imageStride: number;
  readonly imageRowStride: number;
  /** Laid out like image; 0 unless the layout is for input gradients. */
  readonly imageGradient: number;
  readonly patchSource: PatchSource | undefined;
  readonly labels: number;
  readonly predictions: number;
  /** Two float64: sum of losses, correct predictions. */
  readonly statistics: number;
  /** First byte after everything. */
  readonly end: number;
}

/** What a layout has room for: a whole step; the forward pass alone; or that and the gradient of the images. */
export type Purpose = 'training' | 'forward' | 'input-gradient';

export interface LayoutOptions {
  readonly batchSize: number;
  readonly purpose: Purpose;
  /** The module's own data ends here. */
  readonly firstFreeAddress: number;
}

const cacheLineBytes = 64;
const floatBytes = 4;
const entryBytes = 8;
const biasBytes = (channels: number): number => floatBytes * channels;

/** Rows that a tile may write, and bytes that a 16-byte load may read, beyond what counts. */
const surplusRows = 4;
const surplusBytes = 16;
/** What the first layer's gradient may read beyond its columns: it takes nine weights at a time, of four pixels each. */
const surplusColumnBytes = 9 * 4 * floatBytes;

/** Hands out addresses, each at the start of a cache line. */
class Arena {
  readonly tables: { address: number; content: Int32Array }[] = [];
  #end: number;

  constructor(start: number) {
    this.#end = roundUp(start, cacheLineBytes);
  }

  get end(): number {
    return this.#end;
  }

  reserve(bytes: number): number {
    const address = this.#end;
    this.#end = roundUp(address + bytes, cacheLineBytes);
    return address;
  }

  table(content: Int32Array): number {
    this.tables.push({ address: this.reserve(content.byteLength), content });
    return this.tables.at(-1)!.address;
  }
}

/** Kernels compute offsets in signed 32-bit numbers. */
const memoryLimitBytes = 2 ** 31 - 2 ** 20;

/**
 * Throws FederationError 'model-refused', naming the largest layer, when a training step of these batches would not fit
 * the module's memory; a sum over what grows with model and batch, before anything large is made.
 */
export function requireMemory(model: FusedModel, batchSize: number): void {
  const bytesOf = (geometry: LayerGeometry): number => {
    const { channels, kernelFloats, inputStride, pixels, forwardGroup, backwardGroup } = geometry;
    const parameters = 6 * channels * kernelFloats * floatBytes;
    const activations = 2 * batchSize * (inputStride + pixels * channels);
    const scratch = (2 * backwardGroup * entryBytes + forwardGroup * floatBytes) * pixels * channels;
    return parameters + activations + scratch;
  };
  const sizes = planGeometry(model, batchSize).map(bytesOf);
  const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
  if (total <= memoryLimitBytes) return;
  const largest = model.layers[sizes.indexOf(Math.max(...sizes))]!;
  const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;
  throw modelRefused(
    largest.name,
    `is the largest of a model that needs ${megabytes(total)} in batches of ${batchSize}; the compiled engine has ${megabytes(memoryLimitBytes)}`,
  );
}

export function planMemory(model: FusedModel, options: LayoutOptions): MemoryLayout {
  const { batchSize, purpose, firstFreeAddress } = options;
  const training = purpose === 'training';
  requireMemory(model, batchSize);
  const geometry = planGeometry(model, batchSize);
  const arena = new Arena(firstFreeAddress);
  const ifTraining = (bytes: number): number => (training ? arena.reserve(bytes) : 0);
  const records = arena.reserve(geometry.length * layerRecordBytes);

  // Parameters of all layers in one range, so that an optimiser is one sweep: all weights, then all biases.
  const ranges = parameterRanges(geometry);
  const parameterBytes = floatBytes * ranges.storedParameters;
  const weights = arena.reserve(parameterBytes);
  const gradient = ifTraining(parameterBytes);
  const firstMoment = ifTraining(parameterBytes);
  const secondMoment = ifTraining(parameterBytes);
  const anchor = ifTraining(parameterBytes);
  // A layer without bias has one all the same, of zeros that no optimiser sees; its gradient goes to a place never read.
  const mostChannels = Math.max(...geometry.map(({ channels }) => channels));
  const noBias = arena.reserve(biasBytes(mostChannels));
  const unreadGradient = ifTraining(biasBytes(mostChannels));

  // Activations and their gradients: a layer's output is the next layer's input.
  const inputs = geometry.map(({ inputStride }) => arena.reserve(batchSize * inputStride));
  const hasInputGradient = (index: number): boolean =>
    purpose === 'input-gradient' ? !geometry[index]!.firstLayerInputGradient : training && index > 0;
  const inputGradients = geometry.map(({ inputStride }, index) =>
    hasInputGradient(index) ? arena.reserve(batchSize * inputStride) : 0,
  );
  const last = geometry.at(-1)!;
  const logitsStride = floatBytes * last.channels;
  const logits = arena.reserve(batchSize * logitsStride);
  const logitsGradient = arena.reserve(batchSize * logitsStride);

  const layers = geometry.map((layer, index): LayerRecord => {
    const next = geometry[index + 1];
    const { weightsAt, biasAt } = ranges.layers[index]!;
    const { useBias, dropoutRate } = layer.layer;
    return {
      ...shapeFields(layer),
      input: inputs[index]!,
      inputGradient: inputGradients[index]!,
      output: inputs[index + 1] ?? logits,
      outputGradient: next ? inputGradients[index + 1]! : logitsGradient,
      outputStride: next?.inputStride ?? logitsStride,
      patchOffsets: arena.table(groupPatchOffsets(layer)),
      outputOffsets: arena.table(outputOffsets(layer, next)),
      weightRowOffsets: arena.table(weightRowOffsets(layer)),
      weights: weights + floatBytes * weightsAt,
      weightGradient: gradient + floatBytes * weightsAt,
      bias: useBias ? weights + floatBytes * biasAt : noBias,
      biasGradient: useBias ? gradient + floatBytes * biasAt : unreadGradient,
      panels: arena.reserve(floatBytes * layer.channels * layer.kernelFloats),
      dropThreshold: Math.round(dropoutRate * (2 ** 32 - 1)),
      keepScale: 1 / (1 - dropoutRate),
      windowCodes: arena.reserve(batchSize * layer.positions * layer.channels + surplusBytes),
      ...forwardScratch(layer, arena),
      ...noBackwardScratch,
      ...(training ? weightGradientScratch(layer, arena) : {}),
      ...(hasInputGradient(index) ? inputGradientScratch(layer, arena) : {}),
    };
  });

  const [first] = geometry;
  const { layer, patchRows, storedChannels, inputStride } = first!;
  const imageRowStride = floatBytes * layer.paddedWidth * storedChannels;
  const imageStride = patchRows ? layer.paddedHeight * imageRowStride : inputStride;
  const ownImage = (): number => arena.reserve(batchSize * imageStride + surplusBytes);
  return {
    model,
    batchSize,
    geometry,
    records,
    layers,
    storedParameters: ranges.storedParameters,
    weights,
    gradient,
    firstMoment,
    secondMoment,
    anchor,
    bytes: arena.reserve(batchSize * model.inputElements),
    image: patchRows ? ownImage() : inputs[0]!,
    imageStride,
    imageRowStride,
    imageGradient: patchRows && purpose === 'input-gradient' ? ownImage() : inputGradients[0]!,
    patchSource: patchRows
      ? {
          offsets: arena.table(Int32Array.from(mapPatchOffsets(first!))),
          kernelRows: layer.kernelHeight,
          rowFloats: layer.kernelWidth * storedChannels,
          rowStride: imageRowStride,
        }
      : undefined,
    labels: arena.reserve(4 * batchSize),
    predictions: arena.reserve(4 * batchSize),
    statistics: arena.reserve(16),
    tables: arena.tables,
    end: arena.end,
  };
}

/** Where each layer's weights and biases start within a parameter range, in floats. */
function parameterRanges(geometry: readonly LayerGeometry[]): {
  storedParameters: number;
  layers: readonly { weightsAt: number; biasAt: number }[];
} {
  let at = 0;
  const take = (floats: number): number => (at += floats) - floats;
  const weightsAt = geometry.map(({ channels, kernelFloats }) => take(channels * kernelFloats));
  const biasAt = geometry.map(({ channels, layer }) => take(layer.useBias ? channels : 0));
  return {
    storedParameters: at,
    layers: geometry.map((_, index) => ({ weightsAt: weightsAt[index]!, biasAt: biasAt[index]! })),
  };
}

function shapeFields(geometry: LayerGeometry) {
  const { layer, pixels, positions, kernelRows, rowFloats, rowFloatsUsed, rowStride, inputStride } = geometry;
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
    relu: Number(layer.relu),
    pooled: Number(layer.pooled),
    winograd: Number(winograd),
  };
}

function forwardScratch(geometry: LayerGeometry, arena: Arena) {
  const { layer, winograd, forwardGroup, pixels, positions, channels, storedChannels } = geometry;
  const none = { product: 0, transformedWeights: 0, transformedInput: 0, transformedOffsets: 0 };
  if (winograd) {
    const tiles = forwardGroup * positions;
    return {
      product: arena.reserve(16 * (tiles + surplusRows) * channels * floatBytes),
      transformedWeights: arena.reserve(16 * channels * storedChannels * floatBytes),
      transformedInput: arena.reserve(16 * tiles * storedChannels * floatBytes),
      transformedOffsets: arena.table(transformedOffsets(geometry)),
    };
  }
  if (layer.pooled) return none;
  return { ...none, product: arena.reserve((forwardGroup * pixels + surplusRows) * channels * floatBytes) };
}

const noBackwardScratch = {
  channelLists: 0,
  channelListEnds: 0,
  pixelLists: 0,
  pixelListEnds: 0,
  windowColumns: 0,
};

function weightGradientScratch(geometry: LayerGeometry, arena: Arena) {
  const { backwardGroup, channels, positions, kernelFloats, firstLayerGradient } = geometry;
  if (firstLayerGradient)
    return { windowColumns: arena.reserve(positions * kernelFloats * 4 * floatBytes + surplusColumnBytes) };
  return {
    channelLists: arena.reserve(channels * backwardGroup * positions * entryBytes),
    channelListEnds: arena.reserve(channels * 4),
  };
}

function inputGradientScratch({ backwardGroup, channels, pixels }: LayerGeometry, arena: Arena) {
  const pixelsOfGroup = backwardGroup * pixels;
  return {
    pixelLists: arena.reserve(pixelsOfGroup * channels * entryBytes),
    pixelListEnds: arena.reserve(pixelsOfGroup * 4),
  };
}
