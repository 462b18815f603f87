/**
 * Initial values of weights: tf.js's initialisers, drawn from this project's generator, so that a seed gives the same
 * model on every engine and machine. A seed written into the file is passed over: the run's seed decides.
 *
 * Glorot, Bengio 2010; He et al. 2015; LeCun et al. 1998: all are VarianceScaling with its parameters set.
 */
import type { RandomStream } from '../../random/generator.ts';
import { standardNormal } from '../../random/normal.ts';
import { isObject } from './json.ts';

export type Initialiser =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly minimum: number; readonly maximum: number }
  | {
      readonly kind: 'normal';
      readonly mean: number;
      readonly deviation: number;
      readonly truncated: boolean;
    }
  | {
      readonly kind: 'variance-scaling';
      readonly scale: number;
      readonly fan: 'in' | 'out' | 'average';
      readonly distribution: 'normal' | 'truncated-normal' | 'uniform';
    };

export const zeros: Initialiser = { kind: 'constant', value: 0 };
export const ones: Initialiser = { kind: 'constant', value: 1 };
/** What tf.js takes for kernels when a file does not say. */
export const glorotNormal: Initialiser = varianceScaling(1, 'average', 'truncated-normal');

function varianceScaling(
  scale: number,
  fan: 'in' | 'out' | 'average',
  distribution: 'normal' | 'truncated-normal' | 'uniform',
): Initialiser {
  return { kind: 'variance-scaling', scale, fan, distribution };
}

const named: Readonly<Record<string, Initialiser>> = {
  zeros,
  ones,
  glorotuniform: varianceScaling(1, 'average', 'uniform'),
  glorotnormal: glorotNormal,
  heuniform: varianceScaling(2, 'in', 'uniform'),
  henormal: varianceScaling(2, 'in', 'truncated-normal'),
  lecununiform: varianceScaling(1, 'in', 'uniform'),
  lecunnormal: varianceScaling(1, 'in', 'truncated-normal'),
};

/** A name, or a class_name with its config; undefined when it is none of those known here. */
export function readInitialiser(written: unknown): Initialiser | undefined {
  const className = isObject(written) ? written['class_name'] : written;
  const config = isObject(written) && isObject(written['config']) ? written['config'] : {};
  if (typeof className !== 'string') return undefined;
  const name = className.replaceAll('_', '').toLowerCase();
  const number = (key: string, fallback: number): number => {
    const value = config[key] ?? fallback;
    return typeof value === 'number' ? value : Number.NaN;
  };
  const initialiser = named[name] ?? parametrised(name, config, number);
  const sound =
    initialiser !== undefined &&
    Object.values(initialiser).every((value) => typeof value !== 'number' || Number.isFinite(value));
  return sound ? initialiser : undefined;
}

function parametrised(
  name: string,
  config: Readonly<Record<string, unknown>>,
  number: (key: string, fallback: number) => number,
): Initialiser | undefined {
  switch (name) {
    case 'constant':
      return { kind: 'constant', value: number('value', 0) };
    case 'randomuniform':
      return { kind: 'uniform', minimum: number('minval', -0.05), maximum: number('maxval', 0.05) };
    case 'randomnormal':
    case 'truncatednormal':
      return {
        kind: 'normal',
        mean: number('mean', 0),
        deviation: number('stddev', 0.05),
        truncated: name === 'truncatednormal',
      };
    case 'variancescaling': {
      const fan = { fan_in: 'in', fan_out: 'out', fan_avg: 'average' } as const;
      const distribution = {
        // Keras's and tf.js's 'normal' is the truncated one.
        normal: 'truncated-normal',
        truncated_normal: 'truncated-normal',
        untruncated_normal: 'normal',
        uniform: 'uniform',
      } as const;
      const mode = config['mode'] ?? 'fan_in';
      const shape = config['distribution'] ?? 'truncated_normal';
      if (typeof mode !== 'string' || !Object.hasOwn(fan, mode)) return undefined;
      if (typeof shape !== 'string' || !Object.hasOwn(distribution, shape)) return undefined;
      return varianceScaling(
        number('scale', 1),
        fan[mode as keyof typeof fan],
        distribution[shape as keyof typeof distribution],
      );
    }
    default:
      return undefined;
  }
}

/** The initialiser as tf.js writes it: { class_name, config }. */
export function initialiserToJson(initialiser: Initialiser): { class_name: string; config: object } {
  switch (initialiser.kind) {
    case 'constant':
      return initialiser.value === 0
        ? { class_name: 'Zeros', config: {} }
        : { class_name: 'Constant', config: { value: initialiser.value } };
    case 'uniform':
      return {
        class_name: 'RandomUniform',
        config: { minval: initialiser.minimum, maxval: initialiser.maximum },
      };
    case 'normal':
      return {
        class_name: initialiser.truncated ? 'TruncatedNormal' : 'RandomNormal',
        config: { mean: initialiser.mean, stddev: initialiser.deviation },
      };
    case 'variance-scaling':
      return {
        class_name: 'VarianceScaling',
        config: {
          scale: initialiser.scale,
          mode: { in: 'fan_in', out: 'fan_out', average: 'fan_avg' }[initialiser.fan],
          distribution: {
            normal: 'untruncated_normal',
            'truncated-normal': 'normal',
            uniform: 'uniform',
          }[initialiser.distribution],
        },
      };
  }
}

/** Draws one weight's initial values, in row-major order. shape: [..., in, out]. */
export function drawInitial(
  initialiser: Initialiser,
  shape: readonly number[],
  stream: RandomStream,
): Float32Array {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  const draw = sampler(initialiser, shape, stream);
  for (let index = 0; index < values.length; index += 1) values[index] = draw();
  return values;
}

function sampler(initialiser: Initialiser, shape: readonly number[], stream: RandomStream): () => number {
  switch (initialiser.kind) {
    case 'constant':
      return () => initialiser.value;
    case 'uniform': {
      const { minimum, maximum } = initialiser;
      return () => minimum + (maximum - minimum) * stream.nextFloat();
    }
    case 'normal': {
      const { mean, deviation, truncated } = initialiser;
      return () => mean + deviation * normal(stream, truncated);
    }
    case 'variance-scaling': {
      const { fanIn, fanOut } = fans(shape);
      const fan = { in: fanIn, out: fanOut, average: (fanIn + fanOut) / 2 }[initialiser.fan];
      const variance = initialiser.scale / Math.max(1, fan);
      if (initialiser.distribution === 'uniform') {
        const limit = Math.sqrt(3 * variance);
        return () => limit * (2 * stream.nextFloat() - 1);
      }
      const deviation = Math.sqrt(variance);
      const truncated = initialiser.distribution === 'truncated-normal';
      return () => deviation * normal(stream, truncated);
    }
  }
}

/** As tf.js counts them: the receptive field times the last two dimensions. */
function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  if (shape.length < 2) {
    const root = Math.sqrt(shape[0] ?? 1);
    return { fanIn: root, fanOut: root };
  }
  const field = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  return { fanIn: shape.at(-2)! * field, fanOut: shape.at(-1)! * field };
}

/** truncated: drawn again beyond two deviations. */
function normal(stream: RandomStream, truncated: boolean): number {
  for (;;) {
    const value = standardNormal(stream);
    if (!truncated || Math.abs(value) <= 2) return value;
  }
}
