/** The passes over the layers: which kernel runs for which layer, group by group. These are what the engine calls. */
import { bothHalves, storeTransposed } from './emit.ts';

/**
 * Images go through a layer in small groups, chosen by the planner so that their input stays in the first-level cache
 * while the panels of weights pass by.
 */
const forwardLayer = `
function forwardLayer(layer: Layer, images: i32, train: i32): void {
  const group = layer.forwardGroup;
  for (let first: i32 = 0; first < images; first += group) {
    const count = min(group, images - first), input = layer.input + <usize>first * layer.inputStride;
    if (layer.winograd) {
      winogradProducts(layer, input, count);
      finishWinogradTiles(layer, first, count, train);
    } else if (layer.pooled) {
      convolveAndPool(layer, input, first, count, train);
    } else {
      denseProduct(input, layer.patchOffsets, count * layer.pixels, layer.panels, layer.product, layer.kernelRows, layer.rowFloats, layer.rowStride, layer.channels);
      finishRows(layer, first, count, train);
    }
  }
}`;

/**
 * Adds to the weight gradient, writes the input gradient. The rows of the master weights [channels][kernelFloats] are
 * what the input gradient adds up, and the weight gradient has the same layout.
 */
const backwardLayer = `
function backwardLayer(layer: Layer, images: i32, train: i32): void {
  if (layer.windowColumns) {
    firstLayerGradient(layer, images, train);
    return;
  }
  const group = layer.backwardGroup, kernelRows = layer.kernelRows, rowFloats = layer.rowFloats, channels = layer.channels;
  const kernelRowBytes = <usize>rowFloats << 2, channelListBytes = <usize>(group * layer.positions) << 3, pixelListBytes = <usize>channels << 3;
  const inputGradient = layer.inputGradient;
  if (inputGradient) memory.fill(inputGradient, 0, layer.inputStride * <usize>images);
  for (let first: i32 = 0; first < images; first += group) {
    const count = min(group, images - first), offset = <usize>first * layer.inputStride;
    if (inputGradient) listByChannelAndPixel(layer, first, count, train);
    else listByChannel(layer, first, count, train);
    accumulateLists(kernelRows, rowFloats, channels, layer.channelLists, channelListBytes, layer.channelListEnds, layer.input + offset, layer.rowStride, layer.weightGradient, kernelRowBytes, layer.weightRowOffsets);
    if (inputGradient)
      accumulateLists(kernelRows, rowFloats, count * layer.pixels, layer.pixelLists, pixelListBytes, layer.pixelListEnds, layer.weights, kernelRowBytes, inputGradient + offset, layer.rowStride, layer.patchOffsets);
  }
}`;

/** The input gradient alone, without dropout: for images that are looked for under weights that stay. */
const layerInputGradient = `
function layerInputGradient(layer: Layer, images: i32): void {
  const group = layer.backwardGroup, kernelRows = layer.kernelRows, rowFloats = layer.rowFloats;
  const kernelRowBytes = <usize>rowFloats << 2, pixelListBytes = <usize>layer.channels << 3, inputGradient = layer.inputGradient;
  memory.fill(inputGradient, 0, layer.inputStride * <usize>images);
  for (let first: i32 = 0; first < images; first += group) {
    const count = min(group, images - first);
    listByPixel(layer, first, count, 0);
    accumulateLists(kernelRows, rowFloats, count * layer.pixels, layer.pixelLists, pixelListBytes, layer.pixelListEnds, layer.weights, kernelRowBytes, inputGradient + <usize>first * layer.inputStride, layer.rowStride, layer.patchOffsets);
  }
}`;

/** Master weights [channels][kernelFloats] to panels [channels / 8][kernelFloats][8]: 1 % of a step's time. */
const packLayer = `
function packLayer(layer: Layer): void {
  const channels = layer.channels, kernelFloats = layer.kernelFloats, weightRowBytes = <usize>kernelFloats << 2;
  let weights = layer.weights, panels = layer.panels;
  for (let channel: i32 = 0; channel < channels; channel += 8) {
    for (let float: i32 = 0; float < kernelFloats; float += 4) {
      ${bothHalves(
        (_, at) => `{
        const from = weights + ${at / 4} * weightRowBytes;
        const row0 = v128.load(from), row1 = v128.load(from + weightRowBytes), row2 = v128.load(from + 2 * weightRowBytes), row3 = v128.load(from + 3 * weightRowBytes);
        ${storeTransposed('panels', [at, 32 + at, 64 + at, 96 + at])}
      }`,
      )}
      panels += 128;
      weights += 16;
    }
    weights += 7 * weightRowBytes;
  }
  if (layer.winograd) transformWeights(layer);
}`;

const passes = `
export function forward(layers: usize, count: i32, images: i32, train: i32): void {
  for (let index: i32 = 0; index < count; index++) forwardLayer(changetype<Layer>(layers + <usize>index * layerRecordBytes), images, train);
}
export function backward(layers: usize, count: i32, images: i32, train: i32): void {
  for (let index = count - 1; index >= 0; index--) backwardLayer(changetype<Layer>(layers + <usize>index * layerRecordBytes), images, train);
}
export function backwardToInput(layers: usize, count: i32, images: i32): void {
  for (let index = count - 1; index >= 0; index--) layerInputGradient(changetype<Layer>(layers + <usize>index * layerRecordBytes), images);
}
export function packWeights(layers: usize, count: i32): void {
  for (let index: i32 = 0; index < count; index++) packLayer(changetype<Layer>(layers + <usize>index * layerRecordBytes));
}
/** Where the module's own data ends (the tables of exp and log, which move with the compiler's options). */
export function firstFreeAddress(): usize {
  return __heap_base;
}`;

export const layerPasses = [forwardLayer, backwardLayer, layerInputGradient, packLayer, passes].join('\n');
