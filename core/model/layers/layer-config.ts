/**
 * Reads one layer's configuration, as Keras 2, Keras 3 or tf.js wrote it, and refuses what it cannot honour: a setting
 * that is not known may change what the layer computes, so that passing over it would train another model.
 */
import { modelRefused } from '../refusals.ts';
import { isObject, type JsonObject, type JsonValue } from './json.ts';
import { readInitialiser, type Initialiser } from './initialisers.ts';

/** Settings that do not change what a layer computes, or whose content is read elsewhere. */
const withoutEffect = new Set([
  'name',
  'dtype',
  'batch_input_shape',
  'batch_shape',
  'input_dtype',
  'seed',
  'rank',
  'sparse',
  'ragged',
  'optional',
  'input_spec',
]);

/** tf.js's functions of these names, with Keras's other names for them. */
const activationNames: Readonly<Record<string, string>> = {
  linear: 'linear',
  relu: 'relu',
  relu6: 'relu6',
  elu: 'elu',
  selu: 'selu',
  sigmoid: 'sigmoid',
  softmax: 'softmax',
  softplus: 'softplus',
  softsign: 'softsign',
  tanh: 'tanh',
  swish: 'swish',
  silu: 'swish',
  mish: 'mish',
  gelu: 'gelu',
};

const show = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value));

export class LayerConfig {
  /** How messages name the layer: layer "conv2d_1" (Conv2D). */
  readonly label: string;
  readonly #values: JsonObject;
  readonly #read = new Set<string>();

  constructor(label: string, values: JsonObject) {
    this.label = label;
    this.#values = values;
  }

  refuse(reason: string): never {
    throw modelRefused(this.label, reason);
  }

  /** The setting as written; undefined when it is absent or null, which both mean the default. */
  #take(key: string): unknown {
    this.#read.add(key);
    return this.#values[key] ?? undefined;
  }

  #fail(key: string, allowed: string, found: unknown): never {
    this.refuse(`has the setting ${key}, which must be ${allowed}, and is ${show(found)}`);
  }

  number(key: string, fallback?: number, range: { above?: number; below?: number } = {}): number {
    const value = this.#take(key) ?? fallback;
    const { above = -Infinity, below = Infinity } = range;
    if (typeof value !== 'number' || !Number.isFinite(value) || value <= above || value >= below)
      this.#fail(key, above === -Infinity ? 'a number' : `a number above ${above}`, value);
    return value;
  }

  positiveInteger(key: string, fallback?: number): number {
    const value = this.#take(key) ?? fallback;
    if (!isCount(value) || value === 0) this.#fail(key, 'a whole number of at least 1', value);
    return value;
  }

  /** One number for all, or a list of so many: [length], each at least 1. */
  sizes(key: string, length: number, fallback?: readonly number[]): readonly number[] {
    const value = this.#take(key) ?? fallback;
    const list = typeof value === 'number' ? Array.from({ length }, () => value) : value;
    if (!Array.isArray(list) || list.length !== length || !list.every((size) => isCount(size) && size > 0))
      this.#fail(key, `${length} whole number${length === 1 ? '' : 's'} of at least 1`, value);
    return list as readonly number[];
  }

  /** Rows and columns to add or cut: n, [rows, columns] or [[top, bottom], [left, right]]. */
  borders(key: string, fallback: number): readonly [readonly [number, number], readonly [number, number]] {
    const value = this.#take(key) ?? fallback;
    const sides: unknown[] = Array.isArray(value) && value.length === 2 ? value : [value, value];
    const [vertical, horizontal] = sides.map((side) => {
      const ends: unknown[] = Array.isArray(side) && side.length === 2 ? side : [side, side];
      const [first, last] = ends;
      if (!isCount(first) || !isCount(last)) this.#fail(key, 'whole numbers', value);
      return [first, last] as const;
    });
    return [vertical!, horizontal!];
  }

  integers(key: string, fallback?: readonly number[]): readonly number[] {
    const value = this.#take(key) ?? fallback;
    const list = typeof value === 'number' ? [value] : value;
    if (!Array.isArray(list) || !list.every((item) => Number.isInteger(item)))
      this.#fail(key, 'a list of whole numbers', value);
    return list as readonly number[];
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.#take(key) ?? fallback;
    if (typeof value !== 'boolean') this.#fail(key, 'true or false', value);
    return value;
  }

  choice<Choice extends string>(key: string, choices: readonly Choice[], fallback: Choice): Choice {
    const value = this.#take(key) ?? fallback;
    const found = choices.find((choice) => choice === value);
    if (found === undefined) this.#fail(key, choices.join(' or '), value);
    return found;
  }

  /** A setting that may be there but must have the one value that is supported. */
  must(key: string, allowed: JsonValue): void {
    const value = this.#take(key);
    if (value !== undefined && show(value) !== show(allowed)) this.#fail(key, show(allowed), value);
  }

  activation(key = 'activation', fallback = 'linear'): string {
    const written = this.#take(key) ?? fallback;
    const value = isObject(written) ? written['class_name'] : written;
    const name = typeof value === 'string' ? activationNames[value.toLowerCase()] : undefined;
    if (name === undefined) this.#fail(key, [...new Set(Object.values(activationNames))].join(', '), written);
    return name;
  }

  initialiser(key: string, fallback: Initialiser): Initialiser {
    const value = this.#take(key);
    const initialiser = value === undefined ? fallback : readInitialiser(value);
    if (initialiser === undefined)
      this.#fail(key, 'zeros, ones, constant, or a uniform or normal distribution', value);
    return initialiser;
  }

  /** Refuses what nothing above has read: call after the layer's own settings. */
  finish(): void {
    this.must('trainable', true);
    const type = this.#take('dtype');
    const typeName = isObject(type) && isObject(type['config']) ? type['config']['name'] : type;
    if (typeName !== undefined && typeName !== 'float32') this.#fail('dtype', 'float32', typeName);
    for (const [key, value] of Object.entries(this.#values)) {
      if (this.#read.has(key) || withoutEffect.has(key) || value === null || value === undefined) continue;
      if (/_(regularizer|constraint)$/.test(key))
        this.refuse(`has a ${key.replace('_', ' ')}, which training here would leave out`);
      this.refuse(`has the setting ${key} (${show(value)}), which is not supported`);
    }
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}
