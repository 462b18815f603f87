/**
 * What follows a product, in one pass: bias, 2x2 max-pooling, ReLU, dropout. Writes the next layer's input and one code
 * byte per value.
 *
 * WindowCode: 0 .. 3 is the place of the (first) maximum in the pooling window, row by row, or 0 without pooling: the one
 * place that the gradient goes to. 4 means that no gradient flows, because ReLU was not above zero or dropout dropped
 * the value. The byte replaces the maximum's index, ReLU's mask and dropout's mask, and makes the backward lists
 * (backward-lists.ts) cheap to build.
 *
 * ReLU before and after the maximum is the same: the same value, and the same place gets the gradient whenever it is
 * above zero. Ties go to the first maximum and ReLU's slope at zero is zero, as in tf.js.
 */
import { bothHalves, times } from './emit.ts';
import { windowSums } from './forward-tiles.ts';

/**
 * The largest of the four values window0 .. window3 plus the bias, and its code. pmax is one instruction on x64, where
 * f32x4.max is many (it must order zeros and pass NaN on).
 */
const firstMaximum = (half: string, at: number): string => `
  const largest = f32x4.pmax(f32x4.pmax(window0, window1), f32x4.pmax(window2, window3));
  let place = select(i32x4.splat(2), i32x4.splat(3), f32x4.eq(window2, largest));
  place = select(i32x4.splat(1), place, f32x4.eq(window1, largest));
  code${half} = v128.andnot(place, f32x4.eq(window0, largest));
  value${half} = f32x4.add(largest, v128.load(bias, ${at}));`;

/** What dropout needs. \`stateOfDropout\` is a local copy, so that it stays in a register. */
export const prepareDropout = (record: string): string => `
  const threshold = i32x4.splat(${record}.dropThreshold), keepScale = f32x4.splat(${record}.keepScale);
  const noGradient = i32x4.splat(4);
  let stateOfDropout = dropoutState;`;

/** What every finishing function sets up. */
const prepare = `
  const channels = layer.channels, positions = layer.positions, relu = layer.relu;
  const dropout = train && layer.dropThreshold != 0;
  const zero = f32x4.splat(0);
  ${prepareDropout('layer')}`;

/** Dropout on valueLow/High and codeLow/High. */
export const advanceDropout = bothHalves(
  (half) => `{
      stateOfDropout = v128.xor(stateOfDropout, i32x4.shl(stateOfDropout, 13));
      stateOfDropout = v128.xor(stateOfDropout, i32x4.shr_u(stateOfDropout, 17));
      stateOfDropout = v128.xor(stateOfDropout, i32x4.shl(stateOfDropout, 5));
      const kept = i32x4.gt_u(stateOfDropout, threshold);
      value${half} = v128.and(f32x4.mul(value${half}, keepScale), kept);
      code${half} = select(code${half}, noGradient, kept);
    }`,
);

/** ReLU on the same, then dropout; the order of the two makes no difference. */
const reluAndDropout = `
  if (relu) {
    ${bothHalves(
      (half) => `{
      const alive = f32x4.gt(value${half}, zero);
      value${half} = v128.and(value${half}, alive);
      code${half} = select(code${half}, noGradient, alive);
    }`,
    )}
  }
  if (dropout) {
    ${advanceDropout}
  }`;

const storeValuesAndCodes = `
  v128.store(target, valueLow);
  v128.store(target, valueHigh, 16);
  const narrowed = i16x8.narrow_i32x4_s(codeLow, codeHigh);
  v128.store64_lane(codes, i8x16.narrow_i16x8_u(narrowed, narrowed), 0);`;

const declareValuesAndCodes = bothHalves((half) => `let value${half}: v128, code${half}: v128;`);

/**
 * Convolution and everything after it for a pooled layer: the tile is one pooling window, so the sums go from the
 * accumulators through maximum, bias, ReLU and dropout without touching memory.
 */
const convolveAndPool = `
function convolveAndPool(layer: Layer, input: usize, firstImage: i32, images: i32, train: i32): void {
  ${prepare}
  const kernelRows = layer.kernelRows, rowFloats = layer.rowFloatsUsed, unrolledFloats = rowFloats & ~3;
  const toNextRow = layer.rowStride - (<usize>rowFloats << 2), panelBytes = <usize>layer.kernelFloats << 5;
  const outputStride = layer.outputStride;
  let panel = layer.panels, bias = layer.bias;
  for (let channel: i32 = 0; channel < channels; channel += 8) {
    let offsets = layer.patchOffsets;
    let output = layer.output + <usize>firstImage * outputStride + (<usize>channel << 2);
    let codes = layer.windowCodes + <usize>(firstImage * positions * channels + channel);
    for (let image: i32 = 0; image < images; image++) {
      let outputOffset = layer.outputOffsets;
      for (let position: i32 = 0; position < positions; position++) {
        ${windowSums}
        ${declareValuesAndCodes}
        ${bothHalves(
          (half, at) => `{
          ${times(4, (pixel) => `const window${pixel} = sum${half}${pixel};`)}
          ${firstMaximum(half, at)}
        }`,
        )}
        ${reluAndDropout}
        const target = output + load<u32>(outputOffset);
        ${storeValuesAndCodes}
        codes += channels;
        outputOffset += 4;
        offsets += 16;
      }
      output += outputStride;
    }
    panel += panelBytes;
    bias += 32;
  }
  dropoutState = stateOfDropout;
}`;

/** Finishes a group whose products lie in memory [pixel][channels]: a row for each value, or four for each window. */
const finishProducts = (
  name: string,
  valueAndCode: (half: 'Low' | 'High', at: number) => string,
  rows: number,
): string => `
function ${name}(layer: Layer, firstImage: i32, images: i32, train: i32): void {
  ${prepare}
  const rowBytes = <usize>channels << 2;
  let product = layer.product, codes = layer.windowCodes + <usize>(firstImage * positions * channels);
  for (let image: i32 = 0; image < images; image++) {
    const output = layer.output + <usize>(firstImage + image) * layer.outputStride;
    for (let position: i32 = 0; position < positions; position++) {
      let target = output + load<u32>(layer.outputOffsets + (<usize>position << 2)), bias = layer.bias;
      for (let channel: i32 = 0; channel < channels; channel += 8) {
        ${declareValuesAndCodes}
        ${bothHalves(valueAndCode)}
        ${reluAndDropout}
        ${storeValuesAndCodes}
        target += 32;
        bias += 32;
        product += 32;
        codes += 8;
      }
      product += ${rows - 1} * rowBytes;
    }
  }
  dropoutState = stateOfDropout;
}`;

const finishRows = finishProducts(
  'finishRows',
  (half, at) => `
    value${half} = f32x4.add(v128.load(product, ${at}), v128.load(bias, ${at}));
    code${half} = i32x4.splat(0);`,
  1,
);

const finishWindows = finishProducts(
  'finishWindows',
  (half, at) => `{
    ${times(4, (pixel) => `const window${pixel} = v128.load(product + ${pixel} * rowBytes, ${at});`)}
    ${firstMaximum(half, at)}
  }`,
  4,
);

/**
 * Four xorshift generators (Marsaglia 2003), one per lane; a lane of zero would stay zero and drop everything for ever,
 * so it is replaced. Each task seeds them anew.
 */
const dropoutGenerator = `
let dropoutState: v128 = i32x4(1, 2, 3, 4);
export function seedDropout(lane0: i32, lane1: i32, lane2: i32, lane3: i32): void {
  dropoutState = i32x4(lane0 ? lane0 : 0x12345678, lane1 ? lane1 : 0x3c6ef372, lane2 ? lane2 : 0x2545f491, lane3 ? lane3 : 0x1b56c4e9);
}`;

export const finishing = [dropoutGenerator, convolveAndPool, finishRows, finishWindows].join('\n');
