/** What the catalogue says of a layer, and what the entries share. Shapes leave out the batch: [rows, columns, channels]. */
import { zeros, type Initialiser } from './initialisers.ts';
import type { JsonValue } from './json.ts';
import type { LayerConfig } from './layer-config.ts';

export type Shape = readonly number[];

export interface WeightRule {
  /** tf.js's name of it, and the prefix of its initialiser's setting: kernel, bias, depthwise_kernel, ... */
  readonly name: string;
  readonly shape: Shape;
  /** The setting that names its initialiser. */
  readonly setting: string;
  readonly initialiser: Initialiser;
  /** A moving statistic of the layer's inputs: training follows it, but no gradient and no optimiser moves it. */
  readonly statistic?: 'mean' | 'variance';
}

export interface LayerReading {
  readonly output: Shape;
  /** What defines the function, every default filled in; spelled as tf.js's JSON. The activation is apart. */
  readonly config: Readonly<Record<string, JsonValue>>;
  /** The function that the layer applies last, 'linear' for none; undefined when it has no such setting. */
  readonly activation: string | undefined;
  readonly weights: readonly WeightRule[];
}

/** A reading whose usual parts may be left out. */
type PartialReading = Omit<LayerReading, 'activation' | 'weights' | 'config'> & {
  readonly config?: LayerReading['config'];
  readonly activation?: string;
  readonly weights?: readonly WeightRule[];
};
export type ReadLayer = (config: LayerConfig, inputs: readonly Shape[]) => PartialReading;

export const product = (shape: Shape): number => shape.reduce((total, size) => total * size, 1);

/** The one input of a layer, which must have so many dimensions without the batch. */
export function only(config: LayerConfig, inputs: readonly Shape[], rank?: number): Shape {
  const [input] = inputs;
  if (input === undefined || inputs.length !== 1)
    config.refuse(`must have one input, and has ${inputs.length}`);
  if (rank !== undefined && input.length !== rank)
    config.refuse(`must have an input of ${rank} dimensions, and has ${input.length}`);
  return input;
}

export function weight(
  config: LayerConfig,
  name: string,
  shape: Shape,
  setting: string,
  fallback: Initialiser,
): WeightRule {
  return { name, shape, setting, initialiser: config.initialiser(setting, fallback) };
}

export function bias(config: LayerConfig, count: number): { useBias: boolean; weights: WeightRule[] } {
  const useBias = config.flag('use_bias', true);
  const rule = weight(config, 'bias', [count], 'bias_initializer', zeros);
  return { useBias, weights: useBias ? [rule] : [] };
}
