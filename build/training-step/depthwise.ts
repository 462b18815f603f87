/**
 * Depthwise convolution: every channel by itself, with kernels of its own. Channels lie together, so eight of them are two
 * vectors, and a tap of the kernel is two products; weights are [tap][channels]. With several kernels for a channel the map
 * is first spread to as many copies of each channel, and the gradient of the spread map folded again.
 *
 * Few operations for each number, so what counts is that they are read seldom: four places of the output share a weight,
 * and three taps of the kernel share a gradient. Image by image, so that maps stay in the caches.
 */
import { bothHalves, times } from './emit.ts';

/** ReLU and the sums of so many places, pixel by pixel. */
const storeSums = (places: number): string =>
  times(
    places,
    (place) => `
    if (relu) { ${bothHalves((half) => `sum${half}${place} = f32x4.pmax(f32x4.splat(0), sum${half}${place});`)} }
    ${bothHalves((half, at) => `v128.store(to, sum${half}${place}, ${at});`)}
    to += pixelBytes;`,
  );

/** So many places of a row at once, while there are as many; eight channels. */
const rowTile = (places: number): string => `
  for (; count >= ${places}; count -= ${places}) {
    ${times(places, (place) => `${bothHalves((half) => `let sum${half}${place} = bias${half};`)} let patch${place} = patch + ${place} * toNext;`)}
    let tap = weights;
    for (let kernelRow: i32 = 0; kernelRow < kernelRows; kernelRow++) {
      for (let kernelColumn: i32 = 0; kernelColumn < kernelColumns; kernelColumn++) {
        const weightLow = v128.load(tap), weightHigh = v128.load(tap, 16);
        ${times(places, (place) => `${bothHalves((half, at) => `sum${half}${place} = multiplyAdd(v128.load(patch${place}, ${at}), weight${half}, sum${half}${place});`)} patch${place} += pixelBytes;`)}
        tap += pixelBytes;
      }
      ${times(places, (place) => `patch${place} += toRow;`)}
    }
    ${storeSums(places)}
    patch += ${places} * toNext;
  }`;

/** Places and, with windows that move by one pixel and are three wide, the pixels that they see together. */
const places = 4;
const seen = places + 2;

/** The same for windows three wide that move by one pixel: a pixel is read once for the three taps that meet it. */
const slidingTile = `
  for (; count >= ${places}; count -= ${places}) {
    ${times(places, (place) => bothHalves((half) => `let sum${half}${place} = bias${half};`))}
    let row = patch, tap = weights;
    for (let kernelRow: i32 = 0; kernelRow < kernelRows; kernelRow++) {
      const second = tap + pixelBytes, third = second + pixelBytes;
      ${bothHalves(
        (half, at) => `{
        const weight0 = v128.load(tap, ${at}), weight1 = v128.load(second, ${at}), weight2 = v128.load(third, ${at});
        let pixel = row;
        ${times(
          seen,
          (index) => `{
          const value = v128.load(pixel, ${at});
          ${[0, 1, 2]
            .filter((column) => index >= column && index - column < places)
            .map(
              (column) =>
                `sum${half}${index - column} = multiplyAdd(value, weight${column}, sum${half}${index - column});`,
            )
            .join(' ')}
          pixel += pixelBytes;
        }`,
        )}
      }`,
      )}
      row += rowStride;
      tap = third + pixelBytes;
    }
    ${storeSums(places)}
    patch += ${places} * pixelBytes;
  }`;

const depthwiseRow = `
function slidingRow(patch: usize, rowStride: usize, kernelRows: i32, weights: usize, bias: usize, pixelBytes: usize, to: usize, count: i32, relu: i32): void {
  ${bothHalves((half, at) => `const bias${half} = v128.load(bias, ${at});`)}
  ${slidingTile}
  if (count > 0) depthwiseRow(patch, pixelBytes, rowStride - 3 * pixelBytes, kernelRows, 3, weights, bias, pixelBytes, to, count, relu);
}
function depthwiseRow(patch: usize, toNext: usize, toRow: usize, kernelRows: i32, kernelColumns: i32, weights: usize, bias: usize, pixelBytes: usize, to: usize, count: i32, relu: i32): void {
  ${bothHalves((half, at) => `const bias${half} = v128.load(bias, ${at});`)}
  ${rowTile(4)}
  ${rowTile(1)}
}`;

/** Each channel \`multiplier\` times; padded channels stay zero. pixels: from one row, or all that lie together. */
const spreadMap = `
function spreadChannels(node: DepthwiseNode, from: usize): void {
  const multiplier = node.multiplier, channels = node.channels, toPixel = node.inputPixelBytes;
  let row = node.spread;
  for (let index: i32 = 0; index < node.sourceRows; index++, from += node.inputRowStride) {
    let pixel = from, to = row;
    for (let column: i32 = 0; column < node.sourceColumns; column++, pixel += toPixel, to += node.pixelBytes)
      for (let channel: i32 = 0, at = to; channel < channels; channel++) {
        const value = load<f32>(pixel + (<usize>channel << 2));
        for (let copy: i32 = 0; copy < multiplier; copy++, at += 4) store<f32>(at, value);
      }
    row += node.sourceRowStride;
  }
}
function foldChannels(node: DepthwiseNode, to: usize): void {
  const multiplier = node.multiplier, channels = node.channels, toPixel = node.inputPixelBytes;
  let row = node.spreadGradient;
  for (let index: i32 = 0; index < node.sourceRows; index++, to += node.inputRowStride) {
    let pixel = to, from = row;
    for (let column: i32 = 0; column < node.sourceColumns; column++, pixel += toPixel, from += node.pixelBytes)
      for (let channel: i32 = 0, at = from; channel < channels; channel++) {
        let sum = load<f32>(pixel + (<usize>channel << 2));
        for (let copy: i32 = 0; copy < multiplier; copy++, at += 4) sum += load<f32>(at);
        store<f32>(pixel + (<usize>channel << 2), sum);
      }
    row += node.sourceRowStride;
  }
}`;

const depthwiseForward = `
function depthwiseForward(node: DepthwiseNode, images: i32): void {
  const pixelBytes = node.pixelBytes, rowStride = node.sourceRowStride, kernelColumns = node.kernelColumns;
  const toNext = <usize>node.across * pixelBytes, toRow = rowStride - <usize>kernelColumns * pixelBytes;
  for (let image: i32 = 0; image < images; image++) {
    let patch = node.input + <usize>image * node.inputStride, to = node.output + <usize>image * node.outputStride;
    if (node.multiplier > 1) {
      spreadChannels(node, patch);
      patch = node.spread;
    }
    for (let row: i32 = 0; row < node.rows; row++) {
      for (let at: usize = 0; at < pixelBytes; at += 32)
        if (node.across == 1 && kernelColumns == 3)
          slidingRow(patch + at, rowStride, node.kernelRows, node.weights + at, node.bias + at, pixelBytes, to + at, node.columns, node.relu);
        else depthwiseRow(patch + at, toNext, toRow, node.kernelRows, kernelColumns, node.weights + at, node.bias + at, pixelBytes, to + at, node.columns, node.relu);
      patch += <usize>node.down * rowStride;
      to += node.outputRowStride;
    }
  }
}`;

/** The gradient of one image's output, row after row without a border, cut where ReLU was; its sums are the bias's. */
const packGradient = `
function packGradient(node: DepthwiseNode, gradients: usize, outputs: usize): void {
  const pixelBytes = node.pixelBytes, rowBytes = <usize>node.columns * pixelBytes, relu = node.relu, biasGradient = node.biasGradient;
  let to = node.packed;
  for (let row: i32 = 0; row < node.rows; row++, to += rowBytes, gradients += node.outputRowStride, outputs += node.outputRowStride)
    for (let at: usize = 0; at < pixelBytes; at += 32) {
      let sumLow = f32x4.splat(0), sumHigh = f32x4.splat(0);
      for (let pixel = at; pixel < rowBytes; pixel += pixelBytes) {
        ${bothHalves(
          (half, at) => `{
          let gradient = v128.load(gradients + pixel, ${at});
          if (relu) gradient = v128.and(gradient, f32x4.gt(v128.load(outputs + pixel, ${at}), f32x4.splat(0)));
          sum${half} = f32x4.add(sum${half}, gradient);
          v128.store(to + pixel, gradient, ${at});
        }`,
        )}
      }
      if (biasGradient) {
        ${bothHalves((half, at) => `v128.store(biasGradient + at, f32x4.add(v128.load(biasGradient + at, ${at}), sum${half}), ${at});`)}
      }
    }
}`;

/** Of so many taps side by side and eight channels: the products of the map and one image's gradient, added up. */
const tapGradient = (taps: number): string => `
function tapGradient${taps}(patch: usize, toNext: usize, rowStride: usize, pixelBytes: usize, gradient: usize, rows: i32, columns: i32, target: usize): void {
  ${times(taps, (tap) => bothHalves((half) => `let sum${half}${tap} = f32x4.splat(0);`))}
  ${times(taps - 1, (tap) => `const pixel${tap + 1} = <usize>${tap + 1} * pixelBytes;`)}
  for (let row: i32 = 0; row < rows; row++, patch += rowStride) {
    let pixel = patch;
    for (let column: i32 = 0; column < columns; column++, pixel += toNext, gradient += pixelBytes) {
      const gradientLow = v128.load(gradient), gradientHigh = v128.load(gradient, 16);
      ${times(taps, (tap) => bothHalves((half, at) => `sum${half}${tap} = multiplyAdd(v128.load(pixel${tap === 0 ? '' : ` + pixel${tap}`}, ${at}), gradient${half}, sum${half}${tap});`))}
    }
  }
  ${times(taps, (tap) => `${bothHalves((half, at) => `v128.store(target, f32x4.add(v128.load(target, ${at}), sum${half}${tap}), ${at});`)} target += pixelBytes;`)}
}`;

/** tapGradient3() for windows that move by one pixel: each pixel is read once. */
const slidingTapGradient = `
function slidingTapGradient(patch: usize, rowStride: usize, pixelBytes: usize, gradient: usize, rows: i32, columns: i32, target: usize): void {
  ${times(3, (tap) => bothHalves((half) => `let sum${half}${tap} = f32x4.splat(0);`))}
  for (let row: i32 = 0; row < rows; row++, patch += rowStride) {
    let pixel = patch + 2 * pixelBytes;
    ${bothHalves((half, at) => `let first${half} = v128.load(patch, ${at}), second${half} = v128.load(patch + pixelBytes, ${at});`)}
    for (let column: i32 = 0; column < columns; column++, pixel += pixelBytes, gradient += pixelBytes) {
      ${bothHalves(
        (half, at) => `{
        const slope = v128.load(gradient, ${at}), third = v128.load(pixel, ${at});
        sum${half}0 = multiplyAdd(first${half}, slope, sum${half}0);
        sum${half}1 = multiplyAdd(second${half}, slope, sum${half}1);
        sum${half}2 = multiplyAdd(third, slope, sum${half}2);
        first${half} = second${half};
        second${half} = third;
      }`,
      )}
    }
  }
  ${times(3, (tap) => `${bothHalves((half, at) => `v128.store(target, f32x4.add(v128.load(target, ${at}), sum${half}${tap}), ${at});`)} target += pixelBytes;`)}
}`;

const depthwiseWeightGradient = `
function depthwiseWeightGradient(node: DepthwiseNode, source: usize): void {
  const pixelBytes = node.pixelBytes, toNext = <usize>node.across * pixelBytes, rowStride = <usize>node.down * node.sourceRowStride;
  let target = node.weightGradient;
  for (let kernelRow: i32 = 0; kernelRow < node.kernelRows; kernelRow++, source += node.sourceRowStride) {
    let patch = source, left = node.kernelColumns;
    while (left > 0) {
      const taps = left >= 3 ? 3 : 1;
      for (let at: usize = 0; at < pixelBytes; at += 32)
        if (taps == 3 && node.across == 1) slidingTapGradient(patch + at, rowStride, pixelBytes, node.packed + at, node.rows, node.columns, target + at);
        else if (taps == 3) tapGradient3(patch + at, toNext, rowStride, pixelBytes, node.packed + at, node.rows, node.columns, target + at);
        else tapGradient1(patch + at, toNext, rowStride, pixelBytes, node.packed + at, node.rows, node.columns, target + at);
      left -= taps;
      patch += <usize>taps * pixelBytes;
      target += <usize>taps * pixelBytes;
    }
  }
}`;

/** Every gradient, times the kernel, to where its patch was. */
const depthwiseInputGradient = `
function depthwiseInputGradient(node: DepthwiseNode, target: usize): void {
  const pixelBytes = node.pixelBytes, kernelColumns = node.kernelColumns, rowStride = node.sourceRowStride;
  const toNext = <usize>node.across * pixelBytes;
  let gradients = node.packed;
  for (let row: i32 = 0; row < node.rows; row++, target += <usize>node.down * rowStride, gradients += <usize>node.columns * pixelBytes)
    for (let at: usize = 0; at < pixelBytes; at += 32) {
      let weights = node.weights + at, patches = target + at;
      for (let kernelRow: i32 = 0; kernelRow < node.kernelRows; kernelRow++, patches += rowStride) {
        let patch = patches, left = kernelColumns;
        while (left > 0) {
          const taps = left >= 3 ? 3 : 1;
          if (taps == 3 && node.across == 1) slidingSpread(weights, patch, pixelBytes, gradients + at, node.columns);
          else if (taps == 3) spreadGradient3(weights, patch, toNext, pixelBytes, gradients + at, node.columns);
          else spreadGradient1(weights, patch, toNext, pixelBytes, gradients + at, node.columns);
          left -= taps;
          patch += <usize>taps * pixelBytes;
          weights += <usize>taps * pixelBytes;
        }
      }
    }
}`;

/** Of so many taps side by side, eight channels and one row of the output. */
const spreadGradient = (taps: number): string => `
function spreadGradient${taps}(weights: usize, patch: usize, toNext: usize, pixelBytes: usize, gradient: usize, count: i32): void {
  ${times(taps, (tap) => `${bothHalves((half, at) => `const weight${half}${tap} = v128.load(weights, ${at});`)} weights += pixelBytes;`)}
  for (; count > 0; count--, patch += toNext, gradient += pixelBytes) {
    const gradientLow = v128.load(gradient), gradientHigh = v128.load(gradient, 16);
    let to = patch;
    ${times(taps, (tap) => `${bothHalves((half, at) => `v128.store(to, multiplyAdd(gradient${half}, weight${half}${tap}, v128.load(to, ${at})), ${at});`)} ${tap < taps - 1 ? 'to += pixelBytes;' : ''}`)}
  }
}`;

/** spreadGradient3() for windows that move by one pixel: what three taps give a pixel is stored once. */
const slidingSpread = `
function slidingSpread(weights: usize, patch: usize, pixelBytes: usize, gradient: usize, count: i32): void {
  ${times(3, (tap) => `${bothHalves((half, at) => `const weight${half}${tap} = v128.load(weights, ${at});`)} weights += pixelBytes;`)}
  ${bothHalves((half) => `let first${half} = f32x4.splat(0), second${half} = f32x4.splat(0);`)}
  for (; count > 0; count--, patch += pixelBytes, gradient += pixelBytes) {
    ${bothHalves(
      (half, at) => `{
      const slope = v128.load(gradient, ${at});
      v128.store(patch, f32x4.add(v128.load(patch, ${at}), multiplyAdd(slope, weight${half}0, first${half})), ${at});
      first${half} = multiplyAdd(slope, weight${half}1, second${half});
      second${half} = f32x4.mul(slope, weight${half}2);
    }`,
    )}
  }
  const next = patch + pixelBytes;
  ${bothHalves(
    (half, at) => `
  v128.store(patch, f32x4.add(v128.load(patch, ${at}), first${half}), ${at});
  v128.store(next, f32x4.add(v128.load(next, ${at}), second${half}), ${at});`,
  )}
}`;

const depthwiseBackward = `
function depthwiseBackward(node: DepthwiseNode, images: i32): void {
  for (let image: i32 = 0; image < images; image++) {
    const ofInput = <usize>image * node.inputStride, ofOutput = <usize>image * node.outputStride;
    const isSpread = node.multiplier > 1;
    packGradient(node, node.outputGradient + ofOutput, node.output + ofOutput);
    if (node.weightGradient) {
      if (isSpread) spreadChannels(node, node.input + ofInput);
      depthwiseWeightGradient(node, isSpread ? node.spread : node.input + ofInput);
    }
    if (!node.inputGradient) continue;
    if (isSpread) {
      memory.fill(node.spreadGradient, 0, <usize>node.sourceRows * node.sourceRowStride);
      depthwiseInputGradient(node, node.spreadGradient);
      foldChannels(node, node.inputGradient + ofInput);
    } else depthwiseInputGradient(node, node.inputGradient + ofInput);
  }
}`;

export const depthwise = [
  depthwiseRow,
  spreadMap,
  depthwiseForward,
  packGradient,
  tapGradient(3),
  tapGradient(1),
  slidingTapGradient,
  depthwiseWeightGradient,
  spreadGradient(3),
  spreadGradient(1),
  slidingSpread,
  depthwiseInputGradient,
  depthwiseBackward,
].join('\n');
