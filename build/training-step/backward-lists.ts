/**
 * Backward pass over lists of what is alive.
 *
 * Behind a 2x2 max-pool at most one gradient in four is not zero, behind ReLU and dropout fewer still: in the second
 * convolution of a CNN on MNIST 15 to 18 %, in the third 20 to 23 %, in the dense layer 64 %. So the backward pass is not
 * a matrix product: the code bytes of the forward pass (finish.ts) become lists of (value, offset), and every entry adds
 * value x row to the weight gradient (one list per output channel, rows are patches of the input) and to the input
 * gradient (one list per pixel, rows are kernels); where nothing learns, to the latter alone. The sums are exactly those of the dense product; the work of the CNN
 * above falls from 19.0 to about 5.7 million operations an example.
 */
import { times } from './emit.ts';

/**
 * target[row] += sum over the row's list of value x source[offset], for rows of `vectors` x 4 floats held in registers.
 * Few accumulators would wait for each other, so short rows take `chains` entries at a time into separate sums.
 */
function accumulateRows(vectors: number, chains: number): string {
  const addEntry = (chain: number, bytesAhead: number): string => `{
      const value = v128.load32_splat(entry, ${bytesAhead}), row = source + load<u32>(entry, ${bytesAhead + 4});
      ${times(vectors, (vector) => `sum${chain}_${vector} = multiplyAdd(value, v128.load(row, ${16 * vector}), sum${chain}_${vector});`)}
    }`;
  const severalChains = `
    ${times(chains - 1, (chain) => times(vectors, (vector) => `let sum${chain + 1}_${vector} = f32x4.splat(0);`))}
    for (; entry + ${8 * (chains - 1)} < end; entry += ${8 * chains}) {
      ${times(chains, (chain) => addEntry(chain, 8 * chain))}
    }
    ${times(chains - 1, (chain) => times(vectors, (vector) => `sum0_${vector} = f32x4.add(sum0_${vector}, sum${chain + 1}_${vector});`))}`;
  return `
function accumulateRows${vectors}(rows: i32, lists: usize, listBytes: usize, listEnds: usize, source: usize, target: usize, targetOffsets: usize): void {
  for (let index: i32 = 0; index < rows; index++, lists += listBytes, listEnds += 4, targetOffsets += 4) {
    let entry = lists;
    const end = <usize>load<u32>(listEnds);
    if (entry >= end) continue;
    const sums = target + load<u32>(targetOffsets);
    ${times(vectors, (vector) => `let sum0_${vector} = v128.load(sums, ${16 * vector});`)}
    ${chains > 1 ? severalChains : ''}
    for (; entry < end; entry += 8) ${addEntry(0, 0)}
    ${times(vectors, (vector) => `v128.store(sums, sum0_${vector}, ${16 * vector});`)}
  }
}`;
}

/**
 * The same for rows of any length (kernelRows runs of rowFloats): cut into blocks that fit the registers, block loop
 * outside, lists inside, so that a block of all source rows stays in the cache. 12 vectors at a time, but 16 left are two
 * blocks of 8 (12 + 4 would leave a short one).
 */
const accumulateLists = `
function accumulateLists(kernelRows: i32, rowFloats: i32, rows: i32, lists: usize, listBytes: usize, listEnds: usize, source: usize, sourceStride: usize, target: usize, targetStride: usize, targetOffsets: usize): void {
  for (let kernelRow: i32 = 0; kernelRow < kernelRows; kernelRow++) {
    let from = source, to = target, vectors = rowFloats >> 2;
    while (vectors > 0) {
      let block: i32;
      if (vectors >= 12 && vectors != 16) {
        accumulateRows12(rows, lists, listBytes, listEnds, from, to, targetOffsets);
        block = 12;
      } else if (vectors >= 8) {
        accumulateRows8(rows, lists, listBytes, listEnds, from, to, targetOffsets);
        block = 8;
      } else if (vectors >= 4) {
        accumulateRows4(rows, lists, listBytes, listEnds, from, to, targetOffsets);
        block = 4;
      } else if (vectors == 3) {
        accumulateRows3(rows, lists, listBytes, listEnds, from, to, targetOffsets);
        block = 3;
      } else {
        accumulateRows1(rows, lists, listBytes, listEnds, from, to, targetOffsets);
        block = 1;
      }
      vectors -= block;
      from += <usize>block << 4;
      to += <usize>block << 4;
    }
    source += sourceStride;
    target += targetStride;
  }
}`;

/** Which lists a pass makes: those that the weight gradient adds up, those that the input gradient adds up, or both. */
interface Lists {
  readonly byChannel: boolean;
  readonly byPixel: boolean;
}

/** Appends the entries whose code is \`place\` among 16 channels; by channel, their values go to the bias gradient, too. */
function appendAlive(place: number, { byChannel, byPixel }: Lists): string {
  return `{
    let alive = i8x16.bitmask(i8x16.eq(codesOf16, i8x16.splat(${place}))) & valid;
    ${byChannel ? `const patchOffset = load<u32>(patchOffsets, ${4 * place});` : ''}
    while (alive) {
      const channel = channel16 + <usize>ctz(alive);
      alive &= alive - 1;
      const value = load<f32>(gradient + (channel << 2)) * keepScale;
      ${
        byChannel
          ? `
      const endOfList = channelListEnds + (channel << 2), entry = <usize>load<u32>(endOfList);
      store<f32>(entry, value);
      store<u32>(entry, patchOffset, 4);
      store<u32>(endOfList, <u32>(entry + 8));
      const biasSum = biasGradient + (channel << 2);
      store<f32>(biasSum, load<f32>(biasSum) + value);`
          : ''
      }
      ${
        byPixel
          ? `
      store<f32>(pixelEntry${place}, value);
      store<u32>(pixelEntry${place}, <u32>(channel * weightRowBytes), 4);
      pixelEntry${place} += 8;`
          : ''
      }
    }
  }`;
}

/**
 * One pass over the output gradient of a group of images: for every channel, and if the input gradient is needed for
 * every pixel, the list of the entries that are alive. 16 code bytes become a bit mask; its set bits are visited.
 */
function listAlive(name: string, lists: Lists): string {
  const { byChannel, byPixel } = lists;
  const saveEnds = (pixels: number): string =>
    byPixel
      ? `${times(pixels, (pixel) => `store<u32>(pixelListEnds, <u32>pixelEntry${pixel}, ${4 * pixel});`)}
         pixelListEnds += ${4 * pixels};
         pixelList += ${pixels} * pixelListBytes;`
      : '';
  return `
function ${name}(layer: Layer, firstImage: i32, images: i32, train: i32): void {
  const channels = <usize>layer.channels, positions = layer.positions, pooled = layer.pooled;
  const weightRowBytes = <usize>layer.kernelFloats << 2, pixelListBytes = channels << 3;
  const keepScale: f32 = train && layer.dropThreshold != 0 ? layer.keepScale : 1;
  ${
    byChannel
      ? `
  const biasGradient = layer.biasGradient;
  const channelListEnds = layer.channelListEnds, channelListBytes = <usize>(layer.backwardGroup * positions) << 3;
  {
    let list = layer.channelLists;
    for (let channel: usize = 0; channel < channels; channel++) {
      store<u32>(channelListEnds + (channel << 2), <u32>list);
      list += channelListBytes;
    }
  }`
      : ''
  }
  let patchOffsets = layer.patchOffsets, pixelListEnds = layer.pixelListEnds, pixelList = layer.pixelLists;
  let codes = layer.windowCodes + <usize>(firstImage * positions) * channels;
  for (let image: i32 = 0; image < images; image++) {
    const gradientOfImage = layer.outputGradient + <usize>(firstImage + image) * layer.outputStride;
    for (let position: i32 = 0; position < positions; position++) {
      const gradient = gradientOfImage + load<u32>(layer.outputOffsets + (<usize>position << 2));
      ${byPixel ? times(4, (pixel) => `let pixelEntry${pixel} = pixelList + ${pixel} * pixelListBytes;`) : ''}
      for (let channel16: usize = 0; channel16 < channels; channel16 += 16) {
        const codesOf16 = v128.load(codes + channel16);
        // Channels come in eights: the last 16 codes may belong to the next position by half.
        const valid: i32 = channels - channel16 < 16 ? 0xff : 0xffff;
        ${appendAlive(0, lists)}
        if (pooled) {
          ${times(3, (index) => appendAlive(index + 1, lists))}
        }
      }
      codes += channels;
      if (pooled) {
        patchOffsets += 16;
        ${saveEnds(4)}
      } else {
        patchOffsets += 4;
        ${saveEnds(1)}
      }
    }
  }
}`;
}

export const backwardLists = [
  accumulateRows(12, 1),
  accumulateRows(8, 1),
  accumulateRows(4, 2),
  accumulateRows(3, 2),
  accumulateRows(1, 4),
  accumulateLists,
  listAlive('listByChannel', { byChannel: true, byPixel: false }),
  listAlive('listByPixel', { byChannel: false, byPixel: true }),
  listAlive('listByChannelAndPixel', { byChannel: true, byPixel: true }),
].join('\n');
