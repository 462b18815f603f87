/**
 * Backward pass of a convolution whose output gradient has few zeros, as neither ReLU, pooling nor dropout follows it at
 * once: lists of what is alive (backward-lists.ts) would hold nearly everything, and run at three fifths of a register
 * tile's rate. So both gradients are products in tiles.
 *
 *   input gradient   of each pixel's patch = output gradient of the pixel x weights, added where the patch lies
 *   weight gradient  += sum over pixels of output gradient x patch
 */
import { bothHalves, times } from './emit.ts';

/** Weights [channels][kernelFloats] to panels [kernelFloats / 8][channels][8]. */
const packForGradient = `
function packForGradient(layer: Layer): void {
  const channels = layer.channels, kernelFloats = layer.kernelFloats, weightRowBytes = <usize>kernelFloats << 2;
  let panel = layer.gradientPanels;
  for (let float: i32 = 0; float < kernelFloats; float += 8) {
    let weights = layer.weights + (<usize>float << 2);
    for (let channel: i32 = 0; channel < channels; channel++) {
      ${bothHalves((_, at) => `v128.store(panel, v128.load(weights, ${at}), ${at});`)}
      weights += weightRowBytes;
      panel += 32;
    }
  }
}`;

/** Eight floats of every patch at a time. */
const denseGradientOfInput = `
function denseGradientOfInput(layer: Layer, gradient: usize, inputGradient: usize, rows: i32): void {
  const channels = layer.channels, rowFloats = layer.rowFloats, panelBytes = <usize>channels << 5;
  let panel = layer.gradientPanels, target = inputGradient;
  for (let kernelRow: i32 = 0; kernelRow < layer.kernelRows; kernelRow++) {
    for (let float: i32 = 0; float < rowFloats; float += 8) {
      denseProduct(gradient, layer.gradientOffsets, rows, panel, layer.gradientProduct, 1, channels, 0, 8, 32);
      let product = layer.gradientProduct, offsets = layer.patchOffsets;
      const place = target + (<usize>float << 2);
      for (let row: i32 = 0; row < rows; row++) {
        const sums = place + load<u32>(offsets);
        ${bothHalves((_, at) => `v128.store(sums, f32x4.add(v128.load(sums, ${at}), v128.load(product, ${at})), ${at});`)}
        product += 32;
        offsets += 4;
      }
      panel += panelBytes;
    }
    target += layer.rowStride;
  }
}`;

const channelsOfTile = 4;

/** 4 channels x 8 floats of the kernel, summed over all pixels of a group in registers; 4 x 12 would need one too many. */
const vectors = 2;
const each = (text: (index: number, vector: number) => string): string =>
  times(channelsOfTile, (index) => times(vectors, (vector) => text(index, vector)));

const weightTiles = `
function weightTiles(layer: Layer, gradient: usize, source: usize, target: usize, offsetBytes: usize): void {
  const rowFloats = layer.rowFloats, weightRowBytes = <usize>layer.kernelFloats << 2;
  const patchOffsets = layer.patchOffsets, gradientOffsets = layer.gradientOffsets;
  for (let kernelRow: i32 = 0; kernelRow < layer.kernelRows; kernelRow++) {
    for (let float: i32 = 0; float < rowFloats; float += ${4 * vectors}) {
      const patches = source + (<usize>float << 2);
      ${each((index, vector) => `let sum${index}_${vector} = f32x4.splat(0);`)}
      for (let at: usize = 0; at < offsetBytes; at += 4) {
        const patch = patches + load<u32>(patchOffsets + at), values = gradient + load<u32>(gradientOffsets + at);
        ${times(vectors, (vector) => `const patch${vector} = v128.load(patch, ${16 * vector});`)}
        ${times(
          channelsOfTile,
          (index) => `{
          const value = v128.load32_splat(values, ${4 * index});
          ${times(vectors, (vector) => `sum${index}_${vector} = multiplyAdd(value, patch${vector}, sum${index}_${vector});`)}
        }`,
        )}
      }
      ${times(channelsOfTile, (index) => `const sums${index} = target + ${index} * weightRowBytes;`)}
      ${each((index, vector) => `v128.store(sums${index}, f32x4.add(v128.load(sums${index}, ${16 * vector}), sum${index}_${vector}), ${16 * vector});`)}
      target += ${16 * vectors};
    }
    source += layer.rowStride;
  }
}`;

const denseGradientOfWeights = `
function denseGradientOfWeights(layer: Layer, gradient: usize, input: usize, rows: i32): void {
  const channels = layer.channels, weightRowBytes = <usize>layer.kernelFloats << 2, offsetBytes = <usize>rows << 2;
  let bias = layer.biasGradient, target = layer.weightGradient;
  for (let channel: i32 = 0; channel < channels; channel += ${channelsOfTile}) {
    let biasSum = v128.load(bias);
    for (let at: usize = 0; at < offsetBytes; at += 4) biasSum = f32x4.add(biasSum, v128.load(gradient + load<u32>(layer.gradientOffsets + at)));
    v128.store(bias, biasSum);
    weightTiles(layer, gradient, input, target, offsetBytes);
    gradient += ${4 * channelsOfTile};
    bias += ${4 * channelsOfTile};
    target += ${channelsOfTile} * weightRowBytes;
  }
}`;

const backwardInTiles = `
function backwardInTiles(layer: Layer, images: i32, learn: i32): void {
  const inputGradient = layer.inputGradient, group = layer.backwardGroup;
  if (inputGradient) packForGradient(layer);
  for (let first: i32 = 0; first < images; first += group) {
    const rows = min(group, images - first) * layer.pixels, offset = <usize>first * layer.inputStride;
    const gradient = layer.outputGradient + <usize>first * layer.outputStride;
    if (learn) denseGradientOfWeights(layer, gradient, layer.input + offset, rows);
    if (inputGradient) denseGradientOfInput(layer, gradient, inputGradient + offset, rows);
  }
}`;

export const denseGradients = [
  packForGradient,
  denseGradientOfInput,
  weightTiles,
  denseGradientOfWeights,
  backwardInTiles,
].join('\n');
