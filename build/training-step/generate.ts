/**
 * The AssemblyScript source of the training step: one WebAssembly module that does a whole step of training (bytes to
 * floats, forward, loss, backward, optimiser) in the memory that the planner laid out (core/model/compiled).
 *
 * Kernels by theme: of affine nodes, forward-tiles, winograd, finish (bias, pooling, ReLU, dropout), backward-lists,
 * dense-gradients, dense-layers, first-convolution and first-layer; of the others, depthwise, normalisation,
 * layer-normalisation, activations, pools and elementwise; loss, optimisers, passes (which kernel for which node).
 */
import { headerFields, recordFields } from '../../core/model/compiled/node-record.ts';
import { activations } from './activations.ts';
import { backwardLists } from './backward-lists.ts';
import { denseGradients } from './dense-gradients.ts';
import { denseLayers } from './dense-layers.ts';
import { depthwise } from './depthwise.ts';
import { elementwise } from './elementwise.ts';
import { finishing } from './finish.ts';
import { columnsOfImage, firstConvolution } from './first-convolution.ts';
import { firstLayer } from './first-layer.ts';
import { forwardTiles } from './forward-tiles.ts';
import { layerNormalisation } from './layer-normalisation.ts';
import { loss } from './loss.ts';
import { normalisation } from './normalisation.ts';
import { optimisers } from './optimisers.ts';
import { nodePasses } from './passes.ts';
import { pools } from './pools.ts';
import { winograd } from './winograd.ts';

/**
 * relaxed: with the relaxed SIMD instructions, of which three matter: the fused multiply-add, the swizzle that does not check
 * its index, the selection of whole lanes; a whole step is 1.3 times as fast. plain: for machines or runtimes without them.
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
}
/** Lanes of \`chosen\` where the mask's are all ones, of \`other\` where they are zero. */
// @ts-ignore: decorator
@inline function select(chosen: v128, other: v128, mask: v128): v128 {
  return ${simd === 'relaxed' ? 'i32x4.relaxed_laneselect(chosen, other, mask)' : 'v128.bitselect(chosen, other, mask)'};
}`;

/** The planner's records as classes without a header: layer.channels is one load at a fixed offset. */
const recordClass = (name: string, fields: Readonly<Record<string, string>>): string => `
@unmanaged class ${name} {
${Object.entries(fields)
  .map(([field, type]) => `  ${field}: ${type};`)
  .join('\n')}
}`;

const recordClasses = [
  recordClass('NodeHeader', headerFields),
  recordClass('Layer', recordFields.affine),
  recordClass('DepthwiseNode', recordFields.depthwise),
  recordClass('NormaliseNode', recordFields.normalise),
  recordClass('ActivationNode', recordFields.activation),
  recordClass('PoolNode', recordFields.pool),
  recordClass('DropoutNode', recordFields.dropout),
  recordClass('MergeNode', recordFields.merge),
  recordClass('RearrangeNode', recordFields.rearrange),
].join('\n');

export function generateTrainingStep(simd: Simd): string {
  return [
    instructions(simd),
    recordClasses,
    forwardTiles,
    winograd,
    finishing,
    firstConvolution,
    columnsOfImage,
    firstLayer,
    backwardLists,
    denseLayers,
    denseGradients,
    loss,
    optimisers,
    depthwise,
    normalisation,
    layerNormalisation,
    activations,
    pools,
    elementwise,
    nodePasses,
  ].join('\n');
}
