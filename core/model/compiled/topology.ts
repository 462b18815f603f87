/**
 * Reads a tf.js layers topology (model.toJSON(), or a Keras model_config) as the list of layers that the compiled engine
 * knows, or says which layer it does not know and why. Both spellings are read: batch_input_shape (files, toJSON) and
 * batchInputShape (what layers' constructors take).
 */
import type { ModelTopology } from '../engine.ts';
import { modelRefused } from '../refusals.ts';

export type Layer =
  | {
      readonly kind: 'convolution';
      readonly name: string;
      readonly filters: number;
      readonly kernelHeight: number;
      readonly kernelWidth: number;
      readonly padding: 'valid' | 'same';
      readonly useBias: boolean;
    }
  | { readonly kind: 'dense'; readonly name: string; readonly units: number; readonly useBias: boolean }
  | { readonly kind: 'relu' | 'pool' | 'flatten' | 'softmax'; readonly name: string }
  | { readonly kind: 'dropout'; readonly name: string; /** 0 < rate < 1 */ readonly rate: number };

export interface SequentialModel {
  /** [height, width, channels], or [features]. */
  readonly inputShape: readonly number[];
  readonly layers: readonly Layer[];
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The field under its snake_case or camelCase name. */
function read(fields: Fields, snakeCase: string): unknown {
  const camelCase = snakeCase.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return fields[snakeCase] ?? fields[camelCase];
}

/** Throws FederationError 'model-refused', naming the layer. */
export function readTopology(topology: ModelTopology): SequentialModel {
  const model = unwrap(topology);
  const className = read(model, 'class_name');
  if (className !== 'Sequential')
    throw modelRefused(
      'the model',
      `is of class ${describe(className)}; the compiled engine trains Sequential models`,
    );
  const config = read(model, 'config');
  const entries = Array.isArray(config)
    ? (config as unknown[])
    : isFields(config)
      ? config['layers']
      : undefined;
  if (!Array.isArray(entries) || entries.length === 0) throw modelRefused('the model', 'has no layers');
  let inputShape: readonly number[] | undefined;
  const layers: Layer[] = [];
  for (const [index, entry] of entries.entries()) {
    if (!isFields(entry)) throw modelRefused(`layer ${index + 1}`, `is not a layer but ${describe(entry)}`);
    const layerClass = String(read(entry, 'class_name'));
    const layerConfig = read(entry, 'config');
    const fields = isFields(layerConfig) ? layerConfig : {};
    const givenName = typeof fields['name'] === 'string' ? fields['name'] : String(index + 1);
    const name = `layer "${givenName}" (${layerClass})`;
    if (index === 0) inputShape = readInputShape(fields, name);
    layers.push(...readLayer(layerClass, name, fields));
  }
  return { inputShape: inputShape ?? [], layers };
}

/** model.json and Keras files wrap the model itself. */
function unwrap(topology: ModelTopology): Fields {
  let model: Fields = topology;
  for (const wrapper of ['model_topology', 'model_config']) {
    const inner = read(model, wrapper);
    if (isFields(inner)) model = inner;
  }
  return model;
}

function readInputShape(fields: Fields, name: string): readonly number[] {
  const batchShape = read(fields, 'batch_input_shape') ?? read(fields, 'batch_shape');
  const shape: unknown = Array.isArray(batchShape) ? batchShape.slice(1) : read(fields, 'input_shape');
  if (Array.isArray(shape) && (shape.length === 1 || shape.length === 3) && shape.every(isCount))
    return shape;
  throw modelRefused(
    name,
    `takes input of shape ${describe(shape)}; the compiled engine needs [height, width, channels] or [features], with every size given`,
  );
}

function readLayer(layerClass: string, name: string, fields: Fields): Layer[] {
  switch (layerClass) {
    case 'InputLayer':
      return [];
    case 'Conv2D':
      return readConvolution(name, fields);
    case 'Dense': {
      const units = fields['units'];
      if (!isCount(units)) throw modelRefused(name, `has ${describe(units)} units; it needs 1 or more`);
      requirePlainWeights(name, fields);
      return [{ kind: 'dense', name, units, useBias: readUseBias(fields) }, ...readActivation(name, fields)];
    }
    case 'Activation':
      return readActivation(name, fields);
    case 'ReLU':
      requireValue(name, fields, 'max_value', [null]);
      requireValue(name, fields, 'negative_slope', [null, 0]);
      requireValue(name, fields, 'threshold', [null, 0]);
      return [{ kind: 'relu', name }];
    case 'Softmax':
      requireValue(name, fields, 'axis', [null, -1, 1]);
      return [{ kind: 'softmax', name }];
    case 'MaxPooling2D':
      requirePair(name, fields, 'pool_size', 2);
      if ((read(fields, 'strides') ?? null) !== null) requirePair(name, fields, 'strides', 2);
      requireValue(name, fields, 'padding', [null, 'valid']);
      requireValue(name, fields, 'data_format', [null, 'channels_last', 'channelsLast']);
      return [{ kind: 'pool', name }];
    case 'Flatten':
      requireValue(name, fields, 'data_format', [null, 'channels_last', 'channelsLast']);
      return [{ kind: 'flatten', name }];
    case 'Dropout': {
      const rate = fields['rate'];
      if (typeof rate !== 'number' || !(rate >= 0 && rate < 1))
        throw modelRefused(name, `has the dropout rate ${describe(rate)}; it needs 0 to below 1`);
      requireValue(name, fields, 'noise_shape', [null]);
      return rate === 0 ? [] : [{ kind: 'dropout', name, rate }];
    }
    default:
      throw modelRefused(name, 'is of a class that the compiled engine does not know');
  }
}

function readConvolution(name: string, fields: Fields): Layer[] {
  const filters = fields['filters'];
  if (!isCount(filters)) throw modelRefused(name, `has ${describe(filters)} filters; it needs 1 or more`);
  const size = read(fields, 'kernel_size');
  const [kernelHeight, kernelWidth] = Array.isArray(size) ? (size as unknown[]) : [size, size];
  if (!isCount(kernelHeight) || !isCount(kernelWidth))
    throw modelRefused(
      name,
      `has the kernel size ${describe(size)}; it needs a height and a width of 1 or more`,
    );
  requirePair(name, fields, 'strides', 1);
  requirePair(name, fields, 'dilation_rate', 1);
  requireValue(name, fields, 'padding', [null, 'valid', 'same']);
  requireValue(name, fields, 'data_format', [null, 'channels_last', 'channelsLast']);
  requireValue(name, fields, 'groups', [null, 1]);
  requirePlainWeights(name, fields);
  const padding = fields['padding'] === 'same' ? 'same' : 'valid';
  return [
    { kind: 'convolution', name, filters, kernelHeight, kernelWidth, padding, useBias: readUseBias(fields) },
    ...readActivation(name, fields),
  ];
}

function readActivation(name: string, fields: Fields): Layer[] {
  const activation = fields['activation'];
  if (activation === undefined || activation === null || activation === 'linear') return [];
  if (activation === 'relu' || activation === 'softmax') return [{ kind: activation, name }];
  throw modelRefused(
    name,
    `has the activation ${describe(activation)}; the compiled engine knows relu and a final softmax`,
  );
}

const readUseBias = (fields: Fields): boolean => read(fields, 'use_bias') !== false;

/** What would change the gradient or the optimiser's step, and is not there: penalties, constraints, frozen weights. */
function requirePlainWeights(name: string, fields: Fields): void {
  for (const field of [
    'kernel_regularizer',
    'bias_regularizer',
    'activity_regularizer',
    'kernel_constraint',
    'bias_constraint',
  ])
    if ((read(fields, field) ?? null) !== null)
      throw modelRefused(name, `has a ${field}, which the compiled engine does not know`);
  if (fields['trainable'] === false)
    throw modelRefused(name, 'is not trainable; the compiled engine trains every layer');
}

/** null in 'allowed' stands for an absent field, too. */
function requireValue(name: string, fields: Fields, field: string, allowed: readonly unknown[]): void {
  const value = read(fields, field) ?? null;
  if (!allowed.includes(value))
    throw modelRefused(
      name,
      `has ${field} ${describe(value)}; the compiled engine knows ${describe(allowed.findLast((one) => one !== null) ?? null)}`,
    );
}

/** A number, or the same number twice, or absent. */
function requirePair(name: string, fields: Fields, field: string, wanted: number): void {
  const value = read(fields, field) ?? wanted;
  const pair: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (pair.some((one) => one !== wanted))
    throw modelRefused(name, `has ${field} ${describe(value)}; the compiled engine knows ${wanted}`);
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1;

const describe = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
