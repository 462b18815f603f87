/** The passes over the nodes: which kernel runs for which node, group by group. These are what the engine calls. */
import { nodeKinds, type NodeKind } from '../../core/model/compiled/node-record.ts';
import { bothHalves, storeTransposed } from './emit.ts';

/**
 * Images go through a layer in small groups, chosen by the planner so that their input stays in the first-level cache
 * while the panels of weights pass by.
 */
const forwardLayer = `
function forwardLayer(layer: Layer, images: i32, train: i32): void {
  if (layer.direct) {
    firstConvolution(layer, images);
    return;
  }
  if (layer.source) copyPatches(layer, images);
  if (layer.imageLists) {
    denseForward(layer, images, train);
    return;
  }
  const group = layer.forwardGroup;
  for (let first: i32 = 0; first < images; first += group) {
    const count = min(group, images - first), input = layer.input + <usize>first * layer.inputStride;
    if (layer.winograd) {
      winogradProducts(layer, input, count);
      if (layer.pooled) finishWindows(layer, first, count, train);
      else finishRows(layer, first, count, train);
    } else if (layer.pooled) {
      convolveAndPool(layer, input, first, count, train);
    } else {
      denseProduct(input, layer.patchOffsets, count * layer.pixels, layer.panels, layer.product, layer.kernelRows, layer.rowFloats, layer.rowStride, layer.channels, <usize>layer.channels << 2);
      finishRows(layer, first, count, train);
    }
  }
}`;

/**
 * Adds to the weight gradient and to the input gradient. The rows of the master weights [channels][kernelFloats] are what
 * the input gradient adds up, and the weight gradient has the same layout.
 */
const backwardLayer = `
function backwardLayer(layer: Layer, images: i32, train: i32): void {
  if (layer.byInput) {
    denseBackward(layer, images, train, 1);
    return;
  }
  if (layer.denseGradient) {
    backwardInTiles(layer, images, 1);
    return;
  }
  if (layer.windowColumns) {
    firstLayerGradient(layer, images, train);
    return;
  }
  const group = layer.backwardGroup, kernelRows = layer.kernelRows, rowFloats = layer.rowFloats, channels = layer.channels;
  const kernelRowBytes = <usize>rowFloats << 2, channelListBytes = <usize>(group * layer.positions) << 3, pixelListBytes = <usize>channels << 3;
  const inputGradient = layer.inputGradient;
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
  if (layer.source) {
    if (layer.inputGradient == 0) {
      firstLayerInputGradient(layer, images);
      return;
    }
    memory.fill(layer.inputGradient, 0, layer.inputStride * <usize>images);
  }
  const group = layer.backwardGroup, kernelRows = layer.kernelRows, rowFloats = layer.rowFloats;
  const kernelRowBytes = <usize>rowFloats << 2, pixelListBytes = <usize>layer.channels << 3;
  if (layer.byInput) denseBackward(layer, images, 0, 0);
  else if (layer.denseGradient) backwardInTiles(layer, images, 0);
  else for (let first: i32 = 0; first < images; first += group) {
    const count = min(group, images - first);
    listByPixel(layer, first, count, 0);
    accumulateLists(kernelRows, rowFloats, count * layer.pixels, layer.pixelLists, pixelListBytes, layer.pixelListEnds, layer.weights, kernelRowBytes, layer.inputGradient + <usize>first * layer.inputStride, layer.rowStride, layer.patchOffsets);
  }
  if (layer.source) addPatches(layer, images);
}`;

/** Master weights [channels][kernelFloats] to panels [channels / 8][kernelFloats][8]: 1 % of a step's time. */
const packLayer = `
function packLayer(layer: Layer): void {
  if (layer.byInput) return;
  if (layer.imageLists) {
    copyByInput(layer);
    return;
  }
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

/** A gradient is cleared once, by the first node of the backward pass that adds to it: just before, for the cache. */
const clearGradients = `
function clearGradients(node: NodeHeader, images: i32): void {
  let pair = node.clears;
  for (let index: i32 = 0; index < node.clearCount; index++) {
    memory.fill(load<u32>(pair), 0, <usize>load<u32>(pair, 4) * <usize>images);
    pair += 8;
  }
}`;

/** The body of a pass over nodes at \`node\`: what runs for each kind; nothing for a kind that is left out. */
const byKind = (calls: Partial<Readonly<Record<NodeKind, string>>>): string => `
  switch (changetype<NodeHeader>(node).kind) {
    ${Object.entries(calls)
      .map(([kind, call]) => `case ${nodeKinds.indexOf(kind as NodeKind)}: ${call}; break;`)
      .join('\n    ')}
  }`;

const passes = `
export function forward(nodes: usize, count: i32, images: i32, train: i32): void {
  for (let index: i32 = 0; index < count; index++, nodes += 4) {
    const node = <usize>load<u32>(nodes);
    ${byKind({
      affine: 'forwardLayer(changetype<Layer>(node), images, train)',
      depthwise: 'depthwiseForward(changetype<DepthwiseNode>(node), images)',
      normalise: 'normaliseForward(changetype<NormaliseNode>(node), images, train)',
      activation: 'forwardActivation(changetype<ActivationNode>(node), images)',
      pool: 'forwardPool(changetype<PoolNode>(node), images)',
      dropout: 'forwardDropout(changetype<DropoutNode>(node), images, train)',
      merge: 'forwardMerge(changetype<MergeNode>(node), images)',
      rearrange: 'forwardRearrange(changetype<RearrangeNode>(node), images)',
    })}
  }
}
/** learn: gradients of weights, too; else of the images alone, without dropout. */
export function backward(nodes: usize, count: i32, images: i32, train: i32, learn: i32): void {
  for (nodes += <usize>count << 2; count > 0; count--) {
    nodes -= 4;
    const node = <usize>load<u32>(nodes);
    clearGradients(changetype<NodeHeader>(node), images);
    ${byKind({
      affine: `if (learn) backwardLayer(changetype<Layer>(node), images, train);
        else layerInputGradient(changetype<Layer>(node), images)`,
      depthwise: 'depthwiseBackward(changetype<DepthwiseNode>(node), images)',
      normalise: 'normaliseBackward(changetype<NormaliseNode>(node), images, train)',
      activation: 'backwardActivation(changetype<ActivationNode>(node), images)',
      pool: 'backwardPool(changetype<PoolNode>(node), images)',
      dropout: 'backwardDropout(changetype<DropoutNode>(node), images, train)',
      merge: 'backwardMerge(changetype<MergeNode>(node), images)',
      rearrange: 'backwardRearrange(changetype<RearrangeNode>(node), images)',
    })}
  }
}
/** After the weights changed. */
export function packWeights(nodes: usize, count: i32): void {
  for (let index: i32 = 0; index < count; index++, nodes += 4) {
    const node = <usize>load<u32>(nodes);
    ${byKind({ affine: 'packLayer(changetype<Layer>(node))' })}
  }
}
/** Where the module's own data ends (the tables of exp and log, which move with the compiler's options). */
export function firstFreeAddress(): usize {
  return __heap_base;
}`;

export const nodePasses = [
  forwardLayer,
  backwardLayer,
  layerInputGradient,
  packLayer,
  clearGradients,
  passes,
].join('\n');
