/**
 * Winograd's minimal filtering F(2x2, 3x3) (Lavin, Gray 2016) for the forward pass of a pooled 3x3 convolution with 16 or
 * more channels on both sides. A 4x4 patch of input gives a 2x2 tile of output with 16 products per channel pair instead
 * of 36, and a tile is exactly one pooling window. Products of the 16 frequencies are 16 dense products (forward-tiles.ts).
 *
 *   output = A' [ (G kernel G') . (B' patch B) ] A
 *
 * In float32 the transforms cost about one decimal digit of the 7; gradients stay within 1.2e-6 of their largest entry.
 */
import { times } from './emit.ts';

const indices4 = [0, 1, 2, 3] as const;

/** B' d for one column of the patch: the rows d0 .. d3 give down0 .. down3 of that column. */
const transformColumn = (column: number): string => `
  let down0${column}: v128, down1${column}: v128, down2${column}: v128, down3${column}: v128;
  {
    const pixel = patch + ${column} * pixelBytes;
    const row0 = v128.load(pixel), row1 = v128.load(pixel + rowStride), row2 = v128.load(pixel + 2 * rowStride), row3 = v128.load(pixel + 3 * rowStride);
    down0${column} = f32x4.sub(row0, row2);
    down1${column} = f32x4.add(row1, row2);
    down2${column} = f32x4.sub(row2, row1);
    down3${column} = f32x4.sub(row1, row3);
  }`;

/** B' patch B for every tile of a group, four channels at a time, into 16 planes [tiles][channels]. */
const transformInput = `
function transformInput(layer: Layer, input: usize, images: i32): void {
  const positions = layer.positions, rowStride = layer.rowStride, inputStride = layer.inputStride, offsets = layer.patchOffsets;
  const pixelBytes = <usize>(layer.rowFloats / 3) << 2;
  const planeBytes = <usize>(layer.forwardGroup * positions) * pixelBytes;
  let transformed = layer.transformedInput;
  for (let image: i32 = 0; image < images; image++) {
    for (let position: i32 = 0; position < positions; position++) {
      let patch = input + load<u32>(offsets + (<usize>position << 4));
      for (let at: usize = 0; at < pixelBytes; at += 16) {
        ${indices4.map(transformColumn).join('\n')}
        let plane = transformed;
        ${times(
          4,
          (row) => `
          v128.store(plane, f32x4.sub(down${row}0, down${row}2));
          v128.store(plane + planeBytes, f32x4.add(down${row}1, down${row}2));
          v128.store(plane + 2 * planeBytes, f32x4.sub(down${row}2, down${row}1));
          v128.store(plane + 3 * planeBytes, f32x4.sub(down${row}1, down${row}3));
          plane += 4 * planeBytes;`,
        )}
        patch += 16;
        transformed += 16;
      }
    }
    input += inputStride;
  }
}`;

/** G g for one column of the kernel. */
const transformKernelColumn = (column: number): string => `
  let down0${column}: v128, down1${column}: v128, down2${column}: v128, down3${column}: v128;
  {
    const weight = weights + ${column} * columnBytes;
    const row0 = v128.load(weight), row1 = v128.load(weight + 3 * columnBytes), row2 = v128.load(weight + 6 * columnBytes);
    const outer = f32x4.mul(half, f32x4.add(row0, row2)), inner = f32x4.mul(half, row1);
    down0${column} = row0;
    down1${column} = f32x4.add(outer, inner);
    down2${column} = f32x4.sub(outer, inner);
    down3${column} = row2;
  }`;

/** G kernel G' from the panels [channels / 8][9 x input channels][8] into 16 sets of panels [channels / 8][input channels][8]. */
const transformWeights = `
function transformWeights(layer: Layer): void {
  const channels = layer.channels, inputChannels = layer.rowFloats / 3;
  const columnBytes = <usize>inputChannels << 5, planeBytes = <usize>(channels * inputChannels) << 2;
  const half = f32x4.splat(0.5);
  let weights = layer.panels, transformed = layer.transformedWeights;
  for (let channel: i32 = 0; channel < channels; channel += 8) {
    // Each pass takes one vector: half of the eight channels of one input channel.
    for (let vector: i32 = 0; vector < 2 * inputChannels; vector++) {
      ${[0, 1, 2].map(transformKernelColumn).join('\n')}
      let plane = transformed;
      ${times(
        4,
        (row) => `{
        const outer = f32x4.mul(half, f32x4.add(down${row}0, down${row}2)), inner = f32x4.mul(half, down${row}1);
        v128.store(plane, down${row}0);
        v128.store(plane + planeBytes, f32x4.add(outer, inner));
        v128.store(plane + 2 * planeBytes, f32x4.sub(outer, inner));
        v128.store(plane + 3 * planeBytes, down${row}2);
        plane += 4 * planeBytes;
      }`,
      )}
      weights += 16;
      transformed += 16;
    }
    weights += 8 * columnBytes;
  }
}`;

/** A' m A: the 2x2 outputs window0 .. window3 of one tile, from the 16 planes of products. */
export const outputTransform = (at: number): string => `
  let plane = product;
  ${times(
    4,
    (column) => `
    let upper${column}: v128, lower${column}: v128;
    {
      const row0 = v128.load(plane, ${at}), row1 = v128.load(plane + 4 * planeBytes, ${at});
      const row2 = v128.load(plane + 8 * planeBytes, ${at}), row3 = v128.load(plane + 12 * planeBytes, ${at});
      upper${column} = f32x4.add(row0, f32x4.add(row1, row2));
      lower${column} = f32x4.sub(f32x4.sub(row1, row2), row3);
      plane += planeBytes;
    }`,
  )}
  const window0 = f32x4.add(f32x4.add(upper0, upper1), upper2), window1 = f32x4.sub(f32x4.sub(upper1, upper2), upper3);
  const window2 = f32x4.add(f32x4.add(lower0, lower1), lower2), window3 = f32x4.sub(f32x4.sub(lower1, lower2), lower3);`;

const winogradProducts = `
function winogradProducts(layer: Layer, input: usize, images: i32): void {
  transformInput(layer, input, images);
  const positions = layer.positions, channels = layer.channels, inputChannels = layer.rowFloats / 3, group = layer.forwardGroup;
  const inputPlane = <usize>(group * positions * inputChannels) << 2, weightPlane = <usize>(channels * inputChannels) << 2;
  const productPlane = <usize>((group * positions + 4) * channels) << 2;
  let transformed = layer.transformedInput, weights = layer.transformedWeights, product = layer.product;
  for (let frequency: i32 = 0; frequency < 16; frequency++) {
    denseProduct(transformed, layer.transformedOffsets, images * positions, weights, product, 1, inputChannels, <usize>inputChannels << 2, channels);
    transformed += inputPlane;
    weights += weightPlane;
    product += productPlane;
  }
}`;

export const winograd = [transformInput, transformWeights, winogradProducts].join('\n');
