/**
 * Dense layers, by lists of the inputs that are not zero.
 *
 * What a dense layer is given is mostly zeros: behind ReLU and dropout a fifth of the values is left, and of the pixels of
 * an MNIST digit as many. The forward pass and both gradients need these alone: the weight gradient because it is input x
 * gradient, the input gradient because ReLU lets nothing through where it gave zero. So weights lie [input][channels], one
 * row per input, and every product is a sum of rows (backward-lists.ts), or a dot product with one.
 *
 *   forward          output[image]     += value x weights[input]                  one list per image, cut into blocks
 *   weight gradient  gradient[input]   += value x output gradient[image]          one list per input
 *   input gradient   gradient[image][input] = weights[input] . output gradient[image]
 *
 * With inputs that are never zero this still runs at four fifths of a register tile's rate, and needs no copy of the
 * weights in another order.
 */
import { bothHalves, times } from './emit.ts';

/** Visits the inputs of one image from `first` to `last` that are not zero, 32 at a time as the bits of a mask. */
const eachAlive = (visit: string): string => `
  for (let input: i32 = first; input < last; input += 32) {
    const vectors = min(32, last - input) >> 2, at = values + (<usize>input << 2);
    let alive: u32 = 0;
    for (let vector: i32 = 0; vector < vectors; vector++)
      alive |= i32x4.bitmask(f32x4.ne(v128.load(at + (<usize>vector << 4)), f32x4.splat(0))) << (vector << 2);
    while (alive) {
      const next = <usize>(input + <i32>ctz(alive));
      alive &= alive - 1;
      ${visit}
    }
  }`;

/**
 * One list for each image, of a block of inputs. A block is as many inputs as have their rows of weights in the first-level
 * cache together while all images pass by; lists of one block after the other lie in the same place, as memory that was
 * not used for long is slow to write.
 */
const listByImage = `
function listByImage(layer: Layer, first: i32, last: i32, images: i32): void {
  const rowBytes = <usize>layer.channels << 2, listBytes = <usize>layer.blockInputs << 3;
  let list = layer.imageLists, end = layer.imageListEnds, values = layer.input + load<u32>(layer.patchOffsets);
  for (let image: i32 = 0; image < images; image++) {
    let entry = list;
    ${eachAlive(`
      store<f32>(entry, load<f32>(values + (next << 2)));
      store<u32>(entry, <u32>(next * rowBytes), 4);
      entry += 8;`)}
    store<u32>(end, <u32>entry);
    list += listBytes;
    end += 4;
    values += layer.inputStride;
  }
}`;

/** One list for each input of a block, and for each image the positions: these inputs' bytes in the layer's input. */
const listByInput = `
function listByInput(layer: Layer, first: i32, last: i32, images: i32): void {
  const listBytes = <usize>layer.batchSize << 3, inputListEnds = layer.inputListEnds - (<usize>first << 2);
  let values = layer.input + load<u32>(layer.patchOffsets), position = layer.positionLists, end = layer.imageListEnds, gradient: u32 = 0;
  let list = layer.inputLists;
  for (let input: i32 = first; input < last; input++) {
    store<u32>(inputListEnds + (<usize>input << 2), <u32>list);
    list += listBytes;
  }
  for (let image: i32 = 0; image < images; image++) {
    let entry = position;
    ${eachAlive(`
      const endOfList = inputListEnds + (next << 2), own = <usize>load<u32>(endOfList);
      store<f32>(own, load<f32>(values + (next << 2)));
      store<u32>(own, gradient, 4);
      store<u32>(endOfList, <u32>(own + 8));
      store<u32>(entry, <u32>(next << 2));
      entry += 4;`)}
    store<u32>(end, <u32>entry);
    position += <usize>layer.blockInputs << 2;
    end += 4;
    values += layer.inputStride;
    gradient += <u32>layer.outputStride;
  }
}`;

/** Reads weights in order before they are used in any other: the processor fetches ahead of that. */
const bringWeights = `
let brought: i32 = 0;
function bringWeights(from: usize, end: usize): void {
  let touched: i32 = 0;
  for (; from < end; from += 64) touched |= load<i32>(from);
  brought = touched;
}`;

/** Sum of the four lanes of four vectors, as one vector. */
const sumOfLanes = `
// @ts-ignore: decorator
@inline function sumOfLanes(row0: v128, row1: v128, row2: v128, row3: v128): v128 {
  const pairs01 = f32x4.add(v128.shuffle<f32>(row0, row1, 0, 4, 1, 5), v128.shuffle<f32>(row0, row1, 2, 6, 3, 7));
  const pairs23 = f32x4.add(v128.shuffle<f32>(row2, row3, 0, 4, 1, 5), v128.shuffle<f32>(row2, row3, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(pairs01, pairs23, 0, 1, 4, 5), v128.shuffle<f32>(pairs01, pairs23, 2, 3, 6, 7));
}`;

/** [inputs][channels]: the weights themselves, or their copy where the gradient of images is wanted. */
const rowsByInput = `
// @ts-ignore: decorator
@inline function rowsByInput(layer: Layer): usize {
  return layer.byInput ? layer.weights : layer.panels;
}
function copyByInput(layer: Layer): void {
  const inputs = layer.kernelFloats, rowBytes = <usize>layer.channels << 2;
  let weights = layer.weights;
  for (let channel: usize = 0; channel < rowBytes; channel += 4) {
    let to = layer.panels + channel;
    for (let input: i32 = 0; input < inputs; input++) {
      store<f32>(to, load<f32>(weights));
      weights += 4;
      to += rowBytes;
    }
  }
}`;

/** Layers of 8 or 16 channels go without lists: what an input adds fits the registers while it is looked for. */
const narrowForward = (vectors: number): string => `
function narrowForward${vectors}(layer: Layer, images: i32): void {
  const first: i32 = 0, last = layer.kernelFloats, weights = layer.weights;
  let values = layer.input + load<u32>(layer.patchOffsets), product = layer.product;
  for (let image: i32 = 0; image < images; image++) {
    ${times(vectors, (vector) => `let sum${vector} = f32x4.splat(0);`)}
    ${eachAlive(`
      const value = v128.load32_splat(values + (next << 2)), row = weights + next * ${16 * vectors};
      ${times(vectors, (vector) => `sum${vector} = multiplyAdd(value, v128.load(row, ${16 * vector}), sum${vector});`)}`)}
    ${times(vectors, (vector) => `v128.store(product, sum${vector}, ${16 * vector});`)}
    values += layer.inputStride;
    product += ${16 * vectors};
  }
}`;

const narrowBackward = (vectors: number): string => `
function narrowBackward${vectors}(layer: Layer, gradient: usize, images: i32, learn: i32): void {
  const first: i32 = 0, last = layer.kernelFloats, weights = layer.weights, weightGradient = layer.weightGradient;
  const toInput = layer.inputGradient != 0 && layer.everyPosition == 0;
  let values = layer.input + load<u32>(layer.patchOffsets), target = layer.inputGradient + load<u32>(layer.patchOffsets);
  for (let image: i32 = 0; image < images; image++) {
    ${times(vectors, (vector) => `const gradient${vector} = v128.load(gradient, ${16 * vector});`)}
    ${eachAlive(`
      if (learn) {
        const value = v128.load32_splat(values + (next << 2)), row = weightGradient + next * ${16 * vectors};
        ${times(vectors, (vector) => `v128.store(row, multiplyAdd(value, gradient${vector}, v128.load(row, ${16 * vector})), ${16 * vector});`)}
      }
      if (toInput) {
        const row = weights + next * ${16 * vectors}, zero = f32x4.splat(0);
        let sum = f32x4.mul(gradient0, v128.load(row));
        ${times(vectors - 1, (vector) => `sum = multiplyAdd(gradient${vector + 1}, v128.load(row, ${16 * (vector + 1)}), sum);`)}
        store<f32>(target + (next << 2), load<f32>(target + (next << 2)) + f32x4.extract_lane(sumOfLanes(sum, zero, zero, zero), 0));
      }`)}
    values += layer.inputStride;
    gradient += layer.outputStride;
    target += layer.inputStride;
  }
}`;

const denseForward = `
function denseForward(layer: Layer, images: i32, train: i32): void {
  const inputs = layer.kernelFloats, channels = layer.channels, rowBytes = <usize>channels << 2, weights = rowsByInput(layer);
  if (channels == 8) narrowForward2(layer, images);
  else if (channels == 16) narrowForward4(layer, images);
  else memory.fill(layer.product, 0, <usize>images * rowBytes);
  for (let first: i32 = 0; channels > 16 && first < inputs; first += layer.blockInputs) {
    const last = min(first + layer.blockInputs, inputs);
    listByImage(layer, first, last, images);
    bringWeights(weights + <usize>first * rowBytes, weights + <usize>last * rowBytes);
    accumulateLists(1, channels, images, layer.imageLists, <usize>layer.blockInputs << 3, layer.imageListEnds, weights, 0, layer.product, 0, layer.productOffsets);
  }
  finishRows(layer, 0, images, train);
}`;

/** The output gradient, in its place, becomes that of the product: zero where no gradient flows. learn: adds to the bias gradient, too. */
const gradientOfProduct = `
function gradientOfProduct(layer: Layer, gradient: usize, images: i32, train: i32, learn: i32): void {
  const channels = layer.channels, biasGradient = layer.biasGradient;
  const keepScale = f32x4.splat(train && layer.dropThreshold != 0 ? layer.keepScale : 1), noGradient = i8x16.splat(4);
  let codes = layer.windowCodes;
  for (let image: i32 = 0; image < images; image++) {
    let at = gradient, bias = biasGradient;
    for (let channel: i32 = 0; channel < channels; channel += 8) {
      const dead = i16x8.extend_low_i8x16_s(i8x16.eq(v128.load64_zero(codes), noGradient));
      ${bothHalves(
        (half, at) => `{
        const flows = v128.andnot(f32x4.mul(keepScale, v128.load(at, ${at})), i32x4.extend_${half.toLowerCase()}_i16x8_s(dead));
        v128.store(at, flows, ${at});
        if (learn) v128.store(bias, f32x4.add(v128.load(bias, ${at}), flows), ${at});
      }`,
      )}
      codes += 8;
      at += 32;
      bias += 32;
    }
    gradient += layer.outputStride;
  }
}`;

/** Dot products of the rows of weights at so many positions with one output gradient, in two sums each. */
const dotRows = (count: number): string => {
  const rows = Array.from({ length: count }, (_, row) => row);
  const sumOf = (row: number): string =>
    row < count ? `f32x4.add(sumLow${row}, sumHigh${row})` : 'f32x4.splat(0)';
  return `
  for (; position + ${4 * (count - 1)} < end; position += ${4 * count}) {
    ${times(
      count,
      (row) => `
      const at${row} = <usize>load<u32>(position, ${4 * row});
      let weight${row} = weights + at${row} * channels, sumLow${row} = f32x4.splat(0), sumHigh${row} = f32x4.splat(0);`,
    )}
    for (let at: usize = 0; at < channelBytes; at += 32) {
      const low = v128.load(gradient + at), high = v128.load(gradient + at, 16);
      ${times(
        count,
        (row) => `
        sumLow${row} = multiplyAdd(low, v128.load(weight${row}), sumLow${row});
        sumHigh${row} = multiplyAdd(high, v128.load(weight${row}, 16), sumHigh${row});
        weight${row} += 32;`,
      )}
    }
    const sums = sumOfLanes(${[0, 1, 2, 3].map(sumOf).join(', ')});
    ${rows.map((row) => `store<f32>(target + at${row}, load<f32>(target + at${row}) + f32x4.extract_lane(sums, ${row}));`).join('\n')}
  }`;
};

const dotProducts = `
function dotProducts(position: usize, end: usize, weights: usize, channels: usize, gradient: usize, target: usize): void {
  const channelBytes = channels << 2;
  ${dotRows(4)}
  ${dotRows(1)}
}`;

/** Adds to the gradient of a block of inputs: of all, or only of those that are not zero. */
const denseInputGradient = `
function denseInputGradient(layer: Layer, first: i32, last: i32, gradient: usize, images: i32): void {
  const everyPosition = layer.everyPosition, channels = <usize>layer.channels;
  let position = layer.positionLists, ends = layer.imageListEnds, target = layer.inputGradient + load<u32>(layer.patchOffsets);
  for (let image: i32 = 0; image < images; image++) {
    const start = everyPosition ? everyPosition + (<usize>first << 2) : position;
    const end = everyPosition ? everyPosition + (<usize>last << 2) : <usize>load<u32>(ends);
    dotProducts(start, end, layer.weights, channels, gradient, target);
    position += <usize>layer.blockInputs << 2;
    ends += 4;
    gradient += layer.outputStride;
    target += layer.inputStride;
  }
}`;

const denseBackward = `
function denseBackward(layer: Layer, images: i32, train: i32, learn: i32): void {
  const gradient = layer.outputGradient + load<u32>(layer.outputOffsets), inputs = layer.kernelFloats, channels = layer.channels, rowBytes = <usize>channels << 2;
  gradientOfProduct(layer, gradient, images, train, learn);
  const isNarrow = channels <= 16;
  if (channels == 8) narrowBackward2(layer, gradient, images, learn);
  else if (channels == 16) narrowBackward4(layer, gradient, images, learn);
  if (isNarrow && layer.everyPosition == 0) return;
  for (let first: i32 = 0; first < inputs; first += layer.blockInputs) {
    const last = min(first + layer.blockInputs, inputs), from = <usize>first * rowBytes, end = <usize>last * rowBytes;
    if (!isNarrow) listByInput(layer, first, last, images);
    if (learn && !isNarrow) {
      bringWeights(layer.weightGradient + from, layer.weightGradient + end);
      accumulateLists(1, channels, last - first, layer.inputLists, <usize>layer.batchSize << 3, layer.inputListEnds, gradient, 0, layer.weightGradient + from, 0, layer.weightRowOffsets);
    }
    if (layer.inputGradient) {
      bringWeights(layer.weights + from, layer.weights + end);
      denseInputGradient(layer, first, last, gradient, images);
    }
  }
}`;

export const denseLayers = [
  sumOfLanes,
  bringWeights,
  listByImage,
  listByInput,
  rowsByInput,
  narrowForward(2),
  narrowForward(4),
  narrowBackward(2),
  narrowBackward(4),
  denseForward,
  gradientOfProduct,
  dotProducts,
  denseInputGradient,
  denseBackward,
].join('\n');
