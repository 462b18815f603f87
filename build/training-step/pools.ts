/**
 * Pooling by any window, from tables of the pixels that lie in each (core/model/compiled/offset-tables.ts). The gradient of
 * a maximum goes to the first of the window that equals it, which is found again; so nothing is kept from the forward pass.
 */

/** The body for each position: `window` to `end` are the offsets of its pixels, `target` the output's; four channels at a time. */
const byPosition = (input: string, output: string, body: string): string => `
  for (let image: i32 = 0; image < images; image++) {
    const input = ${input} + <usize>image * node.inputStride, output = ${output} + <usize>image * node.outputStride;
    let window = node.windowOffsets;
    for (let position: i32 = 0; position < node.positions; position++) {
      const count = load<i32>(node.counts + (<usize>position << 2)), end = window + (<usize>count << 2);
      const place = load<u32>(node.outputOffsets + (<usize>position << 2)), target = output + place;
      for (let channel: usize = 0; channel < node.pixelBytes; channel += 16) {
        ${body}
      }
      window = end;
    }
  }`;

const overWindow = (body: string): string =>
  `for (let offset = window; offset < end; offset += 4) {
          const pixel = input + load<u32>(offset) + channel;
          ${body}
        }`;

const average = `
function forwardAverage(node: PoolNode, images: i32): void {
  ${byPosition(
    'node.input',
    'node.output',
    `let sum = f32x4.splat(0);
        ${overWindow('sum = f32x4.add(sum, v128.load(pixel));')}
        v128.store(target + channel, f32x4.mul(sum, f32x4.splat(1 / <f32>count)));`,
  )}
}
function backwardAverage(node: PoolNode, images: i32): void {
  ${byPosition(
    'node.inputGradient',
    'node.outputGradient',
    `const share = f32x4.mul(v128.load(target + channel), f32x4.splat(1 / <f32>count));
        ${overWindow('v128.store(pixel, f32x4.add(v128.load(pixel), share));')}`,
  )}
}`;

const maximum = `
function forwardMaximum(node: PoolNode, images: i32): void {
  ${byPosition(
    'node.input',
    'node.output',
    `let largest = v128.load(input + load<u32>(window) + channel);
        ${overWindow('largest = f32x4.pmax(largest, v128.load(pixel));')}
        v128.store(target + channel, largest);`,
  )}
}
function backwardMaximum(node: PoolNode, images: i32): void {
  const toGradient = node.inputGradient - node.input;
  ${byPosition(
    'node.input',
    'node.outputGradient',
    `let gradient = v128.load(target + channel);
        const largest = v128.load(node.output + <usize>image * node.outputStride + place + channel);
        ${overWindow(`const isLargest = f32x4.eq(v128.load(pixel), largest), sum = pixel + toGradient;
          v128.store(sum, f32x4.add(v128.load(sum), v128.and(gradient, isLargest)));
          gradient = v128.andnot(gradient, isLargest);`)}`,
  )}
}`;

const passes = `
function forwardPool(node: PoolNode, images: i32): void {
  if (node.average) forwardAverage(node, images);
  else forwardMaximum(node, images);
}
function backwardPool(node: PoolNode, images: i32): void {
  if (node.inputGradient == 0) return;
  if (node.average) backwardAverage(node, images);
  else backwardMaximum(node, images);
}`;

export const pools = [average, maximum, passes].join('\n');
