/**
 * Flat weights (core/model/engine.ts, TensorFlow's layouts) to and from the stored parameter range of the module, where an
 * affine node's weights are [channels][kernelFloats], or the other way about in dense layers, with padded channels on both
 * sides. Biases and other vectors follow all kernels, and moving statistics, which no optimiser moves, all vectors.
 */
import type { AffineGeometry } from './geometry.ts';
import type { DepthwiseNode, NormaliseNode } from './graph.ts';
import type { StoredValue } from './stored-values.ts';

/** One tensor of the model as stored. */
export interface ParameterBlock {
  readonly kind: 'kernel' | 'vector' | 'statistic';
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
  return node.useBias ? [kernel, vector('vector', output)] : [kernel];
}

/** The taps of a depthwise kernel, the output's channels each. */
export function depthwiseBlocks(
  { window, useBias }: DepthwiseNode,
  output: StoredValue,
): readonly ParameterBlock[] {
  const taps = window.height * window.width;
  const { channels, storedChannels } = output;
  const kernel = {
    kind: 'kernel',
    floats: taps * storedChannels,
    places: () =>
      Uint32Array.from(
        { length: taps * channels },
        (_, flat) => Math.floor(flat / channels) * storedChannels + (flat % channels),
      ),
  } as const;
  return useBias ? [kernel, vector('vector', output)] : [kernel];
}

/** gamma, beta and, of a batch, moving mean and variance. */
export function normaliseBlocks({ over }: NormaliseNode, output: StoredValue): readonly ParameterBlock[] {
  const kinds = [
    'vector',
    'vector',
    ...(over === 'batch' ? (['statistic', 'statistic'] as const) : []),
  ] as const;
  return kinds.map((kind) => vector(kind, output));
}

/** One number for each channel. */
function vector(
  kind: 'vector' | 'statistic',
  { channels, storedChannels }: Pick<StoredValue, 'channels' | 'storedChannels'>,
): ParameterBlock {
  const places = (): Uint32Array => Uint32Array.from({ length: channels }, (_, channel) => channel);
  return { kind, floats: storedChannels, places };
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

/** storedParameters: floats of all that is trained, which come first; storedWeights: of all. */
export function placeBlocks(blocks: readonly ParameterBlock[]): {
  readonly storedParameters: number;
  readonly storedWeights: number;
  readonly placed: readonly PlacedBlock[];
} {
  let end = 0;
  const starts = new Map<ParameterBlock, number>();
  const place = (kind: ParameterBlock['kind']): void => {
    for (const block of blocks)
      if (block.kind === kind) {
        starts.set(block, end);
        end += block.floats;
      }
  };
  place('kernel');
  place('vector');
  const storedParameters = end;
  place('statistic');
  const placed = blocks.map((block) => ({ ...block, at: starts.get(block)! }));
  return { storedParameters, storedWeights: end, placed };
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

/** Zero where stored has no such place, as gradients have of moving statistics. */
export function loadWeights(places: Uint32Array, stored: Float32Array): Float32Array {
  const flat = new Float32Array(places.length);
  for (let index = 0; index < places.length; index += 1) flat[index] = stored[places[index]!] ?? 0;
  return flat;
}
