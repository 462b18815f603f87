/**
 * Flat weights (core/model/engine.ts, TensorFlow's layouts) to and from the stored parameter range of the module, where an
 * affine node's weights are [channels][kernelFloats], or the other way about in dense layers, with padded channels on both
 * sides, and biases follow all weights.
 */
import type { AffineGeometry } from './geometry.ts';

/** One tensor of the model as stored. */
export interface ParameterBlock {
  readonly kind: 'kernel' | 'vector';
  /** Floats in the stored range, a multiple of 8. */
  readonly floats: number;
  /** For each of its flat weights, the place in the block. */
  readonly places: () => Uint32Array;
}

export interface PlacedBlock extends ParameterBlock {
  /** Where it starts in the parameter range, in floats. */
  readonly at: number;
}

/** The blocks of an affine node, in the order of the flat weights. */
export function affineBlocks(geometry: AffineGeometry): readonly ParameterBlock[] {
  const { node, channels, kernelFloats, output } = geometry;
  const kernel = {
    kind: 'kernel',
    floats: channels * kernelFloats,
    places: () => kernelPlaces(geometry),
  } as const;
  const places = (): Uint32Array => Uint32Array.from({ length: output.channels }, (_, channel) => channel);
  return node.useBias ? [kernel, { kind: 'vector', floats: channels, places }] : [kernel];
}

function kernelPlaces(geometry: AffineGeometry): Uint32Array {
  const { node, input, output, storedChannels, kernelFloats, channels, byInput } = geometry;
  const placeOf = (filter: number, tap: number): number =>
    byInput ? tap * channels + filter : filter * kernelFloats + tap;
  const pixels = node.window.height * node.window.width;
  const places = new Uint32Array(pixels * input.channels * output.channels);
  let flat = 0;
  for (let pixel = 0; pixel < pixels; pixel += 1)
    for (let channel = 0; channel < input.channels; channel += 1)
      for (let filter = 0; filter < output.channels; filter += 1)
        places[flat++] = placeOf(filter, pixel * storedChannels + channel);
  return places;
}

/** Kernels first, then biases; storedParameters: floats of all. */
export function placeBlocks(blocks: readonly ParameterBlock[]): {
  readonly storedParameters: number;
  readonly placed: readonly PlacedBlock[];
} {
  let end = 0;
  const starts = new Map<ParameterBlock, number>();
  for (const kind of ['kernel', 'vector'] as const)
    for (const block of blocks)
      if (block.kind === kind) {
        starts.set(block, end);
        end += block.floats;
      }
  return { storedParameters: end, placed: blocks.map((block) => ({ ...block, at: starts.get(block)! })) };
}

/** For every flat weight, its place in the stored range, in floats. */
export function weightPlaces(blocks: readonly PlacedBlock[]): Uint32Array {
  const parts = blocks.map(({ at, places }) => places().map((place) => at + place));
  const all = new Uint32Array(parts.reduce((total, part) => total + part.length, 0));
  let flat = 0;
  for (const part of parts) {
    all.set(part, flat);
    flat += part.length;
  }
  return all;
}

/** Surplus places become and stay zero, whatever stood there. */
export function storeWeights(flat: Float32Array, places: Uint32Array, stored: Float32Array): void {
  stored.fill(0);
  for (let index = 0; index < places.length; index += 1) stored[places[index]!] = flat[index]!;
}

export function loadWeights(places: Uint32Array, stored: Float32Array): Float32Array {
  const flat = new Float32Array(places.length);
  for (let index = 0; index < places.length; index += 1) flat[index] = stored[places[index]!]!;
  return flat;
}
