/**
 * Forward pass: products of patches and kernels in register tiles.
 *
 * The convolution is a matrix product whose left rows are never written out (implicit im2col): a table gives the first
 * byte of each pixel's patch, and the kernel walks along the patch's rows. Weights come in panels of 8 channels, so that
 * one step of the product reads 8 weights in a row and one float per pixel.
 */
import { bothHalves, times } from './emit.ts';

/** One step of the product: one float of each pixel's patch times one row of 8 weights, `step` floats ahead. */
function tileStep(pixels: number, step: number): string {
  return `{
    const weightsLow = v128.load(weights, ${step * 32}), weightsHigh = v128.load(weights, ${step * 32 + 16});
    ${times(
      pixels,
      (pixel) => `{
      const value = v128.load32_splat(patch${pixel}, ${step * 4});
      ${bothHalves((half) => `sum${half}${pixel} = multiplyAdd(value, weights${half}, sum${half}${pixel});`)}
    }`,
    )}
  }`;
}

const startTile = (pixels: number): string =>
  times(
    pixels,
    (pixel) => `
      let patch${pixel} = input + load<u32>(offsets, ${4 * pixel});
      let sumLow${pixel} = f32x4.splat(0), sumHigh${pixel} = f32x4.splat(0);`,
  );

const advancePatches = (pixels: number, bytes: string): string =>
  times(pixels, (pixel) => `patch${pixel} += ${bytes};`);

/**
 * Pixels x 8 channels, over whole kernels. 6 x 8 needs 12 accumulators, 2 weights and 1 value: exactly the 15 vector
 * registers that V8 hands out on x64. It runs at 94 % of the machine's multiply-adds; tiles of 8 x 8, 4 x 12 or 3 x 16
 * spill and reach half. The product is unrolled by 4 floats: every run of a kernel is a multiple of 4 long.
 */
const denseTile = (pixels: number): string => `
function denseTile${pixels}(input: usize, offsets: usize, rows: i32, panel: usize, product: usize, kernelRows: i32, rowFloats: i32, rowStride: usize, productStride: usize): void {
  const toNextRow = rowStride - (<usize>rowFloats << 2);
  for (let row: i32 = 0; row < rows; row += ${pixels}) {
    ${startTile(pixels)}
    let weights = panel;
    for (let kernelRow: i32 = 0; kernelRow < kernelRows; kernelRow++) {
      for (let float: i32 = 0; float < rowFloats; float += 4) {
        ${times(4, (step) => tileStep(pixels, step))}
        ${advancePatches(pixels, '16')}
        weights += 128;
      }
      ${advancePatches(pixels, 'toNextRow')}
    }
    ${times(pixels, (pixel) => `v128.store(product, sumLow${pixel}); v128.store(product, sumHigh${pixel}, 16); product += productStride;`)}
    offsets += ${4 * pixels};
  }
}`;

/**
 * product[rows][channels] = patches x kernels, without the bias, rows productStride apart. Panels outside, pixels inside: a panel of weights and a
 * small group's input stay in the first-level cache together.
 */
const denseProduct = `
function denseProduct(input: usize, offsets: usize, rows: i32, panels: usize, product: usize, kernelRows: i32, rowFloats: i32, rowStride: usize, channels: i32, productStride: usize): void {
  const panelBytes = <usize>(kernelRows * rowFloats) << 5;
  // Tiles of 6 as far as the rest divides into tiles of 4. What that computes beyond the last row is never read: the
  // planner gives table and product four rows more.
  if (rows & 1) rows++;
  const rest = rows % 6;
  const rowsBy6 = max(0, rows - (rest == 0 ? 0 : rest == 4 ? 4 : 8));
  for (let channel: i32 = 0; channel < channels; channel += 8) {
    if (rowsBy6 > 0) denseTile6(input, offsets, rowsBy6, panels, product, kernelRows, rowFloats, rowStride, productStride);
    if (rows > rowsBy6)
      denseTile4(input, offsets + (<usize>rowsBy6 << 2), rows - rowsBy6, panels, product + <usize>rowsBy6 * productStride, kernelRows, rowFloats, rowStride, productStride);
    panels += panelBytes;
    product += 32;
  }
}`;

/**
 * The sums of one pooling window (4 pixels x 8 channels), left in registers for what follows. Patch rows of a first layer
 * end in padding up to a multiple of 4 floats: the padding is skipped (9 products instead of 12 for a 3x3 kernel).
 */
export const windowSums = `
  ${startTile(4)}
  let weights = panel;
  for (let kernelRow: i32 = 0; kernelRow < kernelRows; kernelRow++) {
    let float: i32 = 0;
    for (; float < unrolledFloats; float += 4) {
      ${times(4, (step) => tileStep(4, step))}
      ${advancePatches(4, '16')}
      weights += 128;
    }
    for (; float < rowFloats; float++) {
      ${tileStep(4, 0)}
      ${advancePatches(4, '4')}
      weights += 32;
    }
    ${advancePatches(4, 'toNextRow')}
  }`;

export const forwardTiles = [denseTile(6), denseTile(4), denseProduct].join('\n');
