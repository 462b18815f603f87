/**
 * The AssemblyScript source of the training step: one WebAssembly module that does a whole step of training (bytes to
 * floats, forward, loss, backward, optimiser) in the memory that the planner laid out (core/model/compiled).
 *
 * Kernels by theme: forward-tiles, winograd, finish (bias, pooling, ReLU, dropout), backward-lists, first-layer, loss,
 * optimisers, passes (which kernel for which layer).
 */
import { layerFields, layerRecordBytes } from '../../core/model/compiled/layer-record.ts';
import { backwardLists } from './backward-lists.ts';
import { finishing } from './finish.ts';
import { firstLayer } from './first-layer.ts';
import { forwardTiles } from './forward-tiles.ts';
import { loss } from './loss.ts';
import { optimisers } from './optimisers.ts';
import { layerPasses } from './passes.ts';
import { winograd } from './winograd.ts';

/**
 * relaxed: with the relaxed SIMD instructions, of which two matter: the fused multiply-add, and the swizzle that does not
 * check its index; a whole step is 1.3 times as fast. plain: for machines or runtimes without them.
 */
export type Simd = 'relaxed' | 'plain';

const instructions = (simd: Simd): string => `
// @ts-ignore: decorator
@inline function multiplyAdd(left: v128, right: v128, sum: v128): v128 {
  return ${simd === 'relaxed' ? 'f32x4.relaxed_madd(left, right, sum)' : 'f32x4.add(f32x4.mul(left, right), sum)'};
}
// @ts-ignore: decorator
@inline function swizzle(bytes: v128, places: v128): v128 {
  return ${simd === 'relaxed' ? 'i8x16.relaxed_swizzle(bytes, places)' : 'i8x16.swizzle(bytes, places)'};
}`;

/** The planner's record as a class without a header: layer.channels is one load at a fixed offset. */
const layerClass = `
@unmanaged class Layer {
${Object.entries(layerFields)
  .map(([field, type]) => `  ${field}: ${type};`)
  .join('\n')}
}
const layerRecordBytes: usize = ${layerRecordBytes};`;

export function generateTrainingStep(simd: Simd): string {
  return [
    instructions(simd),
    layerClass,
    forwardTiles,
    winograd,
    finishing,
    firstLayer,
    backwardLists,
    loss,
    optimisers,
    layerPasses,
  ].join('\n');
}
