/**
 * The numbers of a layer that follow from its shapes: strides, padded counts, group sizes, and which kernels it uses.
 * No addresses yet (memory-layout.ts).
 */
import type { FusedLayer, FusedModel } from './fused-layers.ts';

export interface LayerGeometry {
  readonly layer: FusedLayer;
  /** Channels of the input as stored: a multiple of 8 but for the first layer, whose input is the image. */
  readonly storedChannels: number;
  /** Output channels as stored, a multiple of 8. Surplus weights and biases are zero and stay zero: so is their gradient. */
  readonly channels: number;
  /** Values kept per channel and image, and pixels that the kernel is applied to: positions x 4 when pooled. */
  readonly positions: number;
  readonly pixels: number;
  /** Patches are written out as rows, see layerGeometry(): in a first layer only. */
  readonly patchRows: boolean;
  readonly kernelRows: number;
  readonly rowFloats: number;
  readonly rowFloatsUsed: number;
  readonly kernelFloats: number;
  readonly kernelFloatsUsed: number;
  /** Bytes between the kernel's rows in the input, and between images. */
  readonly rowStride: number;
  readonly inputStride: number;
  readonly forwardGroup: number;
  readonly backwardGroup: number;
  readonly winograd: boolean;
  /** The weight gradient comes from the kernel for small first layers instead of from lists. */
  readonly firstLayerGradient: boolean;
  /** So does the input gradient, for 3x3 kernels of one channel: it goes to the image without a gradient of patches. */
  readonly firstLayerInputGradient: boolean;
}

const floatBytes = 4;
/** Two groups of images that fit the caches: an input beside a panel of weights; an input beside lists. Measured. */
const forwardGroupBytes = 16_384;
const backwardGroupBytes = 49_152;
/** Fewer rows than this leave the 6 x 8 tile badly filled: take as many images as give the second number of rows. */
const fewRows = 16;
const enoughRows = 48;
/** The largest kernel of the small first layer's gradient, in floats: four passes of nine weights. */
const smallKernelFloats = 36;
/** Winograd's transforms pay from this many channels on, on both sides. */
const winogradChannels = 16;

export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

/** Bytes rounded up to an odd number of 64-byte cache lines: strides of powers of two would share few cache sets. */
function oddCacheLines(bytes: number): number {
  const lines = Math.ceil(bytes / 64);
  return (lines % 2 === 0 ? lines + 1 : lines) * 64;
}

export function planGeometry(model: FusedModel, batchSize: number): readonly LayerGeometry[] {
  return model.layers.map((layer, index) => layerGeometry(layer, index === 0, batchSize));
}

function layerGeometry(layer: FusedLayer, isFirst: boolean, batchSize: number): LayerGeometry {
  const { input, output, kernelHeight, kernelWidth, paddedHeight, paddedWidth, pooled } = layer;
  const storedChannels = isFirst ? input.channels : roundUp(input.channels, 8);
  const channels = roundUp(output.channels, 8);
  const positions = output.height * output.width;
  const pixels = pooled ? 4 * positions : positions;

  // Rows of a kernel as wide as the map follow each other in memory: one long row (every dense layer).
  const wholeRows = kernelWidth === paddedWidth;
  const runs = wholeRows ? 1 : kernelHeight;
  const runFloats = (wholeRows ? kernelHeight : 1) * kernelWidth * storedChannels;
  // The kernels take four floats at a time. Where a row's length is no multiple of four (a first layer of 1 or 3
  // channels), patches are copied into rows of their own and padded with zeros.
  const patchRows = runFloats % 4 !== 0;
  const kernelRows = patchRows ? 1 : runs;
  const kernelFloatsUsed = runs * runFloats;
  const rowFloats = patchRows ? roundUp(kernelFloatsUsed, 4) : runFloats;
  const kernelFloats = kernelRows * rowFloats;
  const rowStride = floatBytes * (patchRows || wholeRows ? rowFloats : paddedWidth * storedChannels);
  const inputStride = oddCacheLines(
    floatBytes * (patchRows ? pixels * rowFloats : paddedHeight * paddedWidth * storedChannels),
  );

  const winograd =
    pooled &&
    !patchRows &&
    kernelHeight === 3 &&
    kernelWidth === 3 &&
    Math.min(channels, storedChannels) >= winogradChannels;
  const fitting = (bytes: number): number => clamp(Math.floor(bytes / inputStride), batchSize);
  const filling = (rows: number): number => clamp(Math.ceil(enoughRows / rows), batchSize);
  let forwardGroup = fitting(forwardGroupBytes);
  if (pixels * forwardGroup < fewRows) forwardGroup = filling(pixels);
  if (winograd) forwardGroup = Math.max(forwardGroup, filling(positions));

  return {
    layer,
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
    forwardGroup,
    // Small maps give short lists: they take the whole batch at once.
    backwardGroup: pixels <= fewRows ? batchSize : fitting(backwardGroupBytes),
    winograd,
    firstLayerInputGradient: isFirst && patchRows && kernelHeight === 3 && runFloats === 3,
    firstLayerGradient: isFirst && patchRows && pooled && kernelFloatsUsed <= smallKernelFloats,
  };
}

const clamp = (value: number, most: number): number => Math.max(1, Math.min(value, most));
