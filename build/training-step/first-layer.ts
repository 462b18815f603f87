/**
 * The ends of the first layer: a batch of bytes becomes its input; its weight gradient and its input gradient where lists
 * are too long; and the gradient of its patches becomes that of the image.
 */
import { storeTransposed, times } from './emit.ts';

/** Bytes 0 .. 255 [images][rows][rowBytes] to floats 0 .. 1 inside a border of zeros that 'same' padding asks for. */
const bytesToFloats = `
export function bytesToFloats(bytes: usize, images: i32, rows: i32, rowBytes: i32, target: usize, imageStride: usize, rowStride: usize): void {
  const scale: f32 = 1.0 / 255.0, scales = f32x4.splat(scale);
  for (let image: i32 = 0; image < images; image++) {
    for (let row: i32 = 0; row < rows; row++) {
      let to = target + <usize>image * imageStride + <usize>row * rowStride;
      let byte: i32 = 0;
      for (; byte + 4 <= rowBytes; byte += 4) {
        const words = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(bytes)));
        v128.store(to, f32x4.mul(f32x4.convert_i32x4_u(words), scales));
        bytes += 4;
        to += 16;
      }
      for (; byte < rowBytes; byte++) {
        store<f32>(to, <f32>load<u8>(bytes) * scale);
        bytes++;
        to += 4;
      }
    }
  }
}`;

/**
 * Explicit patches (im2col) for a first layer whose kernel rows are no multiple of four floats: each patch becomes one
 * row, padded with zeros that are written once, when the memory is new, and never again.
 */
const copyPatches = `
function copyPatches(layer: Layer, images: i32): void {
  const source = layer.source, sourceStride = layer.sourceStride, sourceOffsets = layer.sourceOffsets;
  const kernelRows = layer.sourceRuns, rowFloats = layer.sourceRunFloats, rowStride = layer.sourceRowStride;
  const pixels = layer.pixels, patchBytes = <usize>layer.rowFloats << 2;
  for (let image: i32 = 0; image < images; image++) {
    let patch = layer.input + <usize>image * layer.inputStride;
    for (let pixel: i32 = 0; pixel < pixels; pixel++) {
      let from = source + <usize>image * sourceStride + load<u32>(sourceOffsets + (<usize>pixel << 2)), to = patch;
      for (let row: i32 = 0; row < kernelRows; row++) {
        if (rowFloats == 3) {
          store<u64>(to, load<u64>(from));
          store<u32>(to, load<u32>(from, 8), 8);
        } else {
          for (let float: i32 = 0; float < rowFloats; float++) store<f32>(to + (<usize>float << 2), load<f32>(from + (<usize>float << 2)));
        }
        to += <usize>rowFloats << 2;
        from += rowStride;
      }
      patch += patchBytes;
    }
  }
}`;

/** The way back: every pixel of the image (border included) is the sum of what the patches say of it. */
const addPatches = `
function addPatches(layer: Layer, images: i32): void {
  const target = layer.sourceGradient, targetStride = layer.sourceStride, targetOffsets = layer.sourceOffsets;
  const kernelRows = layer.sourceRuns, rowFloats = layer.sourceRunFloats, rowStride = layer.sourceRowStride;
  const pixels = layer.pixels, patchBytes = <usize>layer.rowFloats << 2;
  for (let image: i32 = 0; image < images; image++) {
    let patch = layer.inputGradient + <usize>image * layer.inputStride;
    for (let pixel: i32 = 0; pixel < pixels; pixel++) {
      let to = target + <usize>image * targetStride + load<u32>(targetOffsets + (<usize>pixel << 2)), from = patch;
      for (let row: i32 = 0; row < kernelRows; row++) {
        for (let float: i32 = 0; float < rowFloats; float++) {
          const sum = to + (<usize>float << 2);
          store<f32>(sum, load<f32>(sum) + load<f32>(from + (<usize>float << 2)));
        }
        from += <usize>rowFloats << 2;
        to += rowStride;
      }
      patch += patchBytes;
    }
  }
}`;

/**
 * Input gradient of a first layer with 3x3 kernels of one channel, past lists and patches: for each pixel the kernels of
 * the channels that are alive there are added up in three registers, and the sum goes to the three rows of the image that
 * the patch covers. Each row is written with a fourth float to which zero is added: the planner leaves room for the last.
 */
const firstLayerInputGradient = `
// @ts-ignore: decorator
@inline function addToRow(row: usize, values: v128): void {
  v128.store(row, f32x4.add(v128.load(row), values));
}
function firstLayerInputGradient(layer: Layer, images: i32): void {
  const target = layer.sourceGradient, targetStride = layer.sourceStride, targetOffsets = layer.sourceOffsets, rowStride = layer.sourceRowStride;
  const channels = <usize>layer.channels, positions = layer.positions, places = layer.pooled ? 4 : 1;
  const weights = layer.weights, weightRowBytes = <usize>layer.kernelFloats << 2, zero = f32x4.splat(0);
  let codes = layer.windowCodes;
  for (let image: i32 = 0; image < images; image++) {
    const gradientOfImage = layer.outputGradient + <usize>image * layer.outputStride;
    let offsets = targetOffsets;
    for (let position: i32 = 0; position < positions; position++) {
      const gradient = gradientOfImage + load<u32>(layer.outputOffsets + (<usize>position << 2));
      for (let place: i32 = 0; place < places; place++) {
        const wanted = i8x16.splat(<i8>place);
        let sum0 = zero, sum1 = zero, sum2 = zero;
        for (let channel16: usize = 0; channel16 < channels; channel16 += 16) {
          // Channels come in eights: the last 16 codes may belong to the next position by half.
          let alive = i8x16.bitmask(i8x16.eq(v128.load(codes + channel16), wanted)) & (channels - channel16 < 16 ? 0xff : 0xffff);
          while (alive) {
            const channel = channel16 + <usize>ctz(alive);
            alive &= alive - 1;
            const value = v128.load32_splat(gradient + (channel << 2)), row = weights + channel * weightRowBytes;
            sum0 = multiplyAdd(value, v128.load(row), sum0);
            sum1 = multiplyAdd(value, v128.load(row, 16), sum1);
            sum2 = multiplyAdd(value, v128.load(row, 32), sum2);
          }
        }
        const patch = target + <usize>image * targetStride + load<u32>(offsets);
        addToRow(patch, f32x4.replace_lane(sum0, 3, 0));
        addToRow(patch + rowStride, v128.shuffle<f32>(v128.shuffle<f32>(sum0, sum1, 3, 4, 5, 5), zero, 0, 1, 2, 4));
        addToRow(patch + 2 * rowStride, v128.shuffle<f32>(v128.shuffle<f32>(sum1, sum2, 2, 3, 4, 4), zero, 0, 1, 2, 4));
        offsets += 4;
      }
      codes += channels;
    }
  }
}`;

const taps = 9;

/**
 * Weight gradient of a pooled first layer with a small kernel. It has many positions, few weights and no input gradient,
 * so lists would cost more than they save: here the window's four patches are transposed to columns [weight][4 pixels],
 * and a byte swizzle picks, lane by lane, the pixel that each of four channels took its maximum from. ${taps} weights and
 * the bias are summed in registers at a time.
 */
const firstLayerGradient = `
function firstLayerGradient(layer: Layer, images: i32, train: i32): void {
  const channels = <usize>layer.channels, positions = layer.positions, outputOffsets = layer.outputOffsets;
  const kernelFloats = layer.kernelFloats, kernelFloatsUsed = layer.kernelFloatsUsed, patchBytes = <usize>kernelFloats << 2;
  const columns = layer.windowColumns, biasGradient = layer.biasGradient;
  const keepScale = f32x4.splat(train && layer.dropThreshold != 0 ? layer.keepScale : 1);
  const spread = i8x16(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3), bytesOfFloat = i32x4.splat(0x03020100);
  const noGradient = i32x4.splat(4), lowByte = i32x4.splat(0xff);
  for (let image: i32 = 0; image < images; image++) {
    if (layer.direct) columnsOfImage(layer, image);
    else {
      let patch = layer.input + <usize>image * layer.inputStride, column = columns;
      for (let position: i32 = 0; position < positions; position++) {
        for (let float: i32 = 0; float < kernelFloats; float += 4) {
          const row0 = v128.load(patch), row1 = v128.load(patch + patchBytes), row2 = v128.load(patch + 2 * patchBytes), row3 = v128.load(patch + 3 * patchBytes);
          ${storeTransposed('column', [0, 16, 32, 48])}
          patch += 16;
          column += 64;
        }
        patch += 3 * patchBytes;
      }
    }
    const gradientOfImage = layer.outputGradient + <usize>image * layer.outputStride;
    const codesOfImage = layer.windowCodes + <usize>(image * positions) * channels;
    for (let channel: usize = 0; channel < channels; channel += 4) {
      for (let firstTap: i32 = 0; firstTap < kernelFloatsUsed; firstTap += ${taps}) {
        ${times(taps, (tap) => `let sum${tap} = f32x4.splat(0);`)}
        let biasSum = f32x4.splat(0);
        let column = columns + (<usize>firstTap << 4), codes = codesOfImage + channel, outputOffset = outputOffsets;
        const gradientOfChannels = gradientOfImage + (channel << 2);
        for (let position: i32 = 0; position < positions; position++) {
          // Every code spread over the four bytes of its lane. No gradient: the value is masked, not the index, because a
          // relaxed swizzle with an index of 16 or more differs between machines.
          const code = i8x16.swizzle(v128.load32_zero(codes), spread);
          const flows = i32x4.gt_s(noGradient, v128.and(code, lowByte));
          const gradient = v128.and(f32x4.mul(keepScale, v128.load(gradientOfChannels + load<u32>(outputOffset))), flows);
          const chosen = i32x4.add(i32x4.shl(code, 2), bytesOfFloat);
          biasSum = f32x4.add(biasSum, gradient);
          ${times(taps, (tap) => `sum${tap} = multiplyAdd(gradient, swizzle(v128.load(column, ${16 * tap}), chosen), sum${tap});`)}
          column += <usize>kernelFloats << 4;
          codes += channels;
          outputOffset += 4;
        }
        const target = layer.weightGradient + channel * patchBytes + (<usize>firstTap << 2);
        ${times(
          taps,
          (tap) => `if (firstTap + ${tap} < kernelFloatsUsed) {
          ${times(
            4,
            (lane) => `{
            const weight = target + ${lane} * patchBytes;
            store<f32>(weight, load<f32>(weight, ${4 * tap}) + f32x4.extract_lane(sum${tap}, ${lane}), ${4 * tap});
          }`,
          )}
        }`,
        )}
        if (firstTap == 0) {
          const bias = biasGradient + (channel << 2);
          v128.store(bias, f32x4.add(v128.load(bias), biasSum));
        }
      }
    }
  }
}`;

export const firstLayer = [
  bytesToFloats,
  copyPatches,
  addPatches,
  firstLayerInputGradient,
  firstLayerGradient,
].join('\n');
