/**
 * The forward pass of a pooled 3x3 convolution of a grey image, read where it lies: no patches are written out. The nine
 * weights of four channels stay in registers while the windows pass by, and each of a window's 16 pixels is read once for
 * all the products it is in.
 */
import { times } from './emit.ts';

const pixels = Array.from({ length: 16 }, (_, index) => ({ row: index >> 2, column: index & 3 }));

/** Adds one pixel of the patch to the sums of those of the window's four places whose kernel covers it. */
function addPixel({ row, column }: { row: number; column: number }): string {
  const uses = [0, 1, 2, 3].flatMap((place) => {
    const tapRow = row - (place >> 1);
    const tapColumn = column - (place & 1);
    const isCovered = Math.min(tapRow, tapColumn) >= 0 && Math.max(tapRow, tapColumn) <= 2;
    return isCovered ? [{ place, tap: 3 * tapRow + tapColumn }] : [];
  });
  return `{
    const pixel = v128.load32_splat(row${row}, ${4 * column});
    ${uses
      .map(({ place, tap }) =>
        tap === 0
          ? `window${place} = f32x4.mul(pixel, weight0);`
          : `window${place} = multiplyAdd(pixel, weight${tap}, window${place});`,
      )
      .join('\n')}
  }`;
}

export const firstConvolution = `
function firstConvolution(layer: Layer, images: i32): void {
  const channels = layer.channels, positions = layer.positions, relu = layer.relu;
  const rowStride = layer.sourceRowStride, panelBytes = <usize>layer.kernelFloats << 5;
  const zero = f32x4.splat(0), noGradient = i32x4.splat(4), two = i32x4.splat(2);
  for (let image: i32 = 0; image < images; image++) {
    const source = layer.source + <usize>image * layer.sourceStride;
    for (let channel: i32 = 0; channel < channels; channel += 4) {
      const weights = layer.panels + <usize>(channel >> 3) * panelBytes + (<usize>(channel & 4) << 2);
      ${times(9, (tap) => `const weight${tap} = v128.load(weights, ${32 * tap});`)}
      const bias = v128.load(layer.bias + (<usize>channel << 2));
      const output = layer.output + <usize>image * layer.outputStride + (<usize>channel << 2);
      let offsets = layer.sourceOffsets, outputOffsets = layer.outputOffsets;
      let codes = layer.windowCodes + <usize>(image * positions * channels + channel);
      for (let position: i32 = 0; position < positions; position++) {
        const row0 = source + load<u32>(offsets), row1 = row0 + rowStride, row2 = row1 + rowStride, row3 = row2 + rowStride;
        let window0: v128, window1: v128, window2: v128, window3: v128;
        ${pixels.map(addPixel).join('\n')}
        // The first maximum, as in finish.ts, by halves of the window.
        const isSecond = f32x4.gt(window1, window0), isFourth = f32x4.gt(window3, window2);
        const upper = f32x4.pmax(window0, window1), lower = f32x4.pmax(window2, window3), isLower = f32x4.gt(lower, upper);
        let code = select(i32x4.sub(two, isFourth), i32x4.neg(isSecond), isLower);
        let value = f32x4.add(f32x4.pmax(upper, lower), bias);
        if (relu) {
          const alive = f32x4.gt(value, zero);
          value = v128.and(value, alive);
          code = select(code, noGradient, alive);
        }
        v128.store(output + load<u32>(outputOffsets), value);
        const narrowed = i16x8.narrow_i32x4_s(code, code);
        v128.store32_lane(codes, i8x16.narrow_i16x8_u(narrowed, narrowed), 0);
        codes += channels;
        offsets += 16;
        outputOffsets += 4;
      }
    }
  }
}`;

/** For the weight gradient (first-layer.ts): the window's four patches as columns [weight][4 pixels]. */
export const columnsOfImage = `
function columnsOfImage(layer: Layer, image: i32): void {
  const positions = layer.positions, rowStride = layer.sourceRowStride, columnBytes = <usize>layer.kernelFloats << 4;
  const source = layer.source + <usize>image * layer.sourceStride;
  let column = layer.windowColumns, offsets = layer.sourceOffsets;
  for (let position: i32 = 0; position < positions; position++) {
    let row = source + load<u32>(offsets);
    ${times(
      3,
      (kernelRow) => `
      ${times(
        3,
        (kernelColumn) =>
          `v128.store(column, v128.load64_lane(row + rowStride, v128.load64_zero(row, ${4 * kernelColumn}), 1, ${4 * kernelColumn}), ${16 * (3 * kernelRow + kernelColumn)});`,
      )}
      row += rowStride;`,
    )}
    column += columnBytes;
    offsets += 16;
  }
}`;
