/**
 * Nodes without weights that go number by number, row by row of the map: dropout and merging; and rearrangement, run by run.
 * Backward, each adds to the gradients of what it read.
 */
import { mergeOperations, type MergeOperation } from '../../core/model/compiled/graph.ts';
import { bothHalves } from './emit.ts';
import { advanceDropout, prepareDropout } from './finish.ts';

/** The body for `step` bytes at a time of every row: inputAt and outputAt count from the first byte of a value. */
export const byRows = (step: number, body: string): string => `
  for (let image: i32 = 0; image < images; image++) {
    for (let row: i32 = 0; row < node.rows; row++) {
      let inputAt = <usize>image * node.inputStride + <usize>row * node.inputRowStride;
      let outputAt = <usize>image * node.outputStride + <usize>row * node.outputRowStride;
      for (let byte: usize = 0; byte < node.rowBytes; byte += ${step}) {
        ${body}
        inputAt += ${step};
        outputAt += ${step};
      }
    }
  }`;

/** Codes as after affine nodes: 0 kept, 4 dropped. */
const dropout = `
function forwardDropout(node: DropoutNode, images: i32, train: i32): void {
  ${prepareDropout('node')}
  let codes = node.codes;
  ${byRows(
    32,
    `let codeLow = i32x4.splat(0), codeHigh = i32x4.splat(0);
        let valueLow = v128.load(node.input + inputAt), valueHigh = v128.load(node.input + inputAt, 16);
        if (train) {
          ${advanceDropout}
        }
        const target = node.output + outputAt;
        v128.store(target, valueLow);
        v128.store(target, valueHigh, 16);
        const narrowed = i16x8.narrow_i32x4_s(codeLow, codeHigh);
        v128.store64_lane(codes, i8x16.narrow_i16x8_u(narrowed, narrowed), 0);
        codes += 8;`,
  )}
  dropoutState = stateOfDropout;
}
function backwardDropout(node: DropoutNode, images: i32, train: i32): void {
  if (node.inputGradient == 0) return;
  const keepScale = f32x4.splat(train ? node.keepScale : 1), kept = i32x4.splat(0);
  let codes = node.codes;
  ${byRows(
    32,
    `const narrow = i16x8.extend_low_i8x16_u(v128.load64_zero(codes));
        const codeLow = i32x4.extend_low_i16x8_u(narrow), codeHigh = i32x4.extend_high_i16x8_u(narrow);
        ${bothHalves(
          (half, at) => `{
          const target = node.inputGradient + inputAt;
          const gradient = v128.and(f32x4.mul(keepScale, v128.load(node.outputGradient + outputAt, ${at})), i32x4.eq(code${half}, kept));
          v128.store(target, f32x4.add(v128.load(target, ${at}), gradient), ${at});
        }`,
        )}
        codes += 8;`,
  )}
}`;

/** Of two numbers left and right; gradient: what each gets of the result's gradient. */
const operations: Readonly<Record<MergeOperation, { value: string; toLeft: string; toRight: string }>> = {
  add: { value: 'f32x4.add(left, right)', toLeft: 'gradient', toRight: 'gradient' },
  multiply: {
    value: 'f32x4.mul(left, right)',
    toLeft: 'f32x4.mul(gradient, right)',
    toRight: 'f32x4.mul(gradient, left)',
  },
  maximum: {
    value: 'v128.bitselect(left, right, f32x4.ge(left, right))',
    toLeft: 'v128.and(gradient, f32x4.ge(left, right))',
    toRight: 'v128.andnot(gradient, f32x4.ge(left, right))',
  },
  minimum: {
    value: 'v128.bitselect(left, right, f32x4.le(left, right))',
    toLeft: 'v128.and(gradient, f32x4.le(left, right))',
    toRight: 'v128.andnot(gradient, f32x4.le(left, right))',
  },
};

const secondAt = '<usize>image * node.secondStride + <usize>row * node.secondRowStride + byte';

const merge = (operation: MergeOperation): string => {
  const { value, toLeft, toRight } = operations[operation];
  const load = `const left = v128.load(node.input + inputAt), right = v128.load(node.second + ${secondAt});`;
  const addTo = (address: string, part: string): string => `{
          const target = ${address};
          v128.store(target, f32x4.add(v128.load(target), ${part}));
        }`;
  return `
function forward_${operation}(node: MergeNode, images: i32): void {
  const scale = f32x4.splat(node.scale);
  ${byRows(
    16,
    `${load}
        v128.store(node.output + outputAt, f32x4.mul(scale, ${value}));`,
  )}
}
function backward_${operation}(node: MergeNode, images: i32): void {
  const scale = f32x4.splat(node.scale);
  ${byRows(
    16,
    `${load}
        const gradient = f32x4.mul(scale, v128.load(node.outputGradient + outputAt));
        if (node.inputGradient) ${addTo('node.inputGradient + inputAt', toLeft)}
        if (node.secondGradient) ${addTo(`node.secondGradient + ${secondAt}`, toRight)}`,
  )}
}`;
};

const mergePass = (pass: string): string => `
function ${pass}Merge(node: MergeNode, images: i32): void {
  switch (node.operation) {
    ${mergeOperations.map((name, index) => `case ${index}: ${pass}_${name}(node, images); break;`).join('\n    ')}
  }
}`;

/** Four numbers at a time as long as a run has so many. */
const rearrange = `
function forwardRearrange(node: RearrangeNode, images: i32): void {
  for (let image: i32 = 0; image < images; image++) {
    const input = node.input + <usize>image * node.inputStride, output = node.output + <usize>image * node.outputStride;
    let run = node.runs;
    for (let index: i32 = 0; index < node.runCount; index++, run += 12) {
      let from = input + load<u32>(run), to = output + load<u32>(run, 4);
      const end = from + load<u32>(run, 8);
      for (; from + 16 <= end; from += 16, to += 16) v128.store(to, v128.load(from));
      for (; from < end; from += 4, to += 4) store<f32>(to, load<f32>(from));
    }
  }
}
function backwardRearrange(node: RearrangeNode, images: i32): void {
  if (node.inputGradient == 0) return;
  for (let image: i32 = 0; image < images; image++) {
    const input = node.inputGradient + <usize>image * node.inputStride, output = node.outputGradient + <usize>image * node.outputStride;
    let run = node.runs;
    for (let index: i32 = 0; index < node.runCount; index++, run += 12) {
      let to = input + load<u32>(run), from = output + load<u32>(run, 4);
      const end = to + load<u32>(run, 8);
      for (; to + 16 <= end; from += 16, to += 16) v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
      for (; to < end; from += 4, to += 4) store<f32>(to, load<f32>(to) + load<f32>(from));
    }
  }
}`;

export const elementwise = [
  dropout,
  ...mergeOperations.map(merge),
  mergePass('forward'),
  mergePass('backward'),
  rearrange,
].join('\n');
