/**
 * A model's architecture, read and checked from a layers topology: which layers, in which order, with which shapes and
 * weights. Everything that asks about a model without running it starts here.
 *
 * A model has one input of images and one output of class probabilities. Layers stand in topological order, as the
 * file lists them; that order is also the order of the flat weights.
 */
import { readLayer } from './layers/catalogue.ts';
import type { LayerReading, Shape, WeightRule } from './layers/layer-rule.ts';
import { isObject, type JsonObject } from './layers/json.ts';
import { LayerConfig } from './layers/layer-config.ts';
import { modelRefused } from './refusals.ts';
import type { ModelTopology } from './engine.ts';

export interface ArchitectureLayer extends LayerReading {
  readonly className: string;
  readonly name: string;
  /** How messages name it. */
  readonly label: string;
  /** Which layers feed it, by position; -1 is the model's input. */
  readonly inbound: readonly number[];
}

export interface Architecture {
  readonly name: string;
  /** Without the batch, as the file has it: [rows, columns, channels], [rows, columns] or [features]. */
  readonly input: Shape;
  readonly layers: readonly ArchitectureLayer[];
  /** How many probabilities the last layer gives. */
  readonly classes: number;
}

export interface ParameterShape {
  /** The layer's name. */
  readonly layer: string;
  /** kernel, bias, ... */
  readonly name: string;
  readonly shape: Shape;
}

/** A layer as the file lists it. */
interface ListedLayer {
  readonly className: string;
  readonly name: string;
  readonly config: JsonObject;
  /** Names of the layers that feed it. */
  readonly inbound: readonly string[];
}

/** More than any model here needs; beyond, a file is a mistake, and training it would run out of memory. */
const largest = { parameters: 50_000_000, valuesPerLayer: 4_000_000, layers: 1000 };
/** Keras 3's deepest form is call > args > list > tensor > history. */
const deepestFeeder = 8;

const label = (name: string, className: string): string => `layer "${name}" (${className})`;

/** Throws FederationError 'model-refused', naming the layer, when the model is not one that can be trained. */
export function readArchitecture(topology: ModelTopology): Architecture {
  const className = topology['class_name'];
  const config = topology['config'];
  if (className === 'Sequential') return readSequential(config);
  if (className === 'Functional' || className === 'Model') return readFunctional(config);
  throw modelRefused('it', `must be a Sequential or Functional model, and is ${JSON.stringify(className)}`);
}

/** What shape every weight has, in the order of the flat weights. */
export function parameterShapes(topology: ModelTopology): ParameterShape[] {
  return weightsOf(readArchitecture(topology)).map(({ layer, weight }) => ({
    layer: layer.name,
    name: weight.name,
    shape: weight.shape,
  }));
}

/** Weights in the order of the flat weights. */
export function weightsOf(
  architecture: Architecture,
): { readonly layer: ArchitectureLayer; readonly weight: WeightRule }[] {
  return architecture.layers.flatMap((layer) => layer.weights.map((weight) => ({ layer, weight })));
}

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function parameterCount(topology: ModelTopology): number {
  return parameterShapes(topology).reduce((total, { shape }) => total + sizeOf(shape), 0);
}

function readSequential(config: unknown): Architecture {
  const written = isObject(config) ? config['layers'] : config;
  if (!Array.isArray(written) || written.length === 0) throw modelRefused('it', 'must list its layers');
  const listed: ListedLayer[] = [];
  for (const item of written as unknown[]) {
    const before = listed.at(-1);
    const layer = readListed(item, listed.length);
    listed.push({ ...layer, inbound: before === undefined ? [] : [before.name] });
  }
  const first = listed[0]!;
  // Keras 3 may keep the input's shape beside the layers only.
  const beside = isObject(config) ? config['build_input_shape'] : undefined;
  const input = inputShape(first, beside);
  if (first.className === 'InputLayer') return assemble(nameOf(config), input, first.name, listed.slice(1));
  return assemble(nameOf(config), input, '', [{ ...first, inbound: [''] }, ...listed.slice(1)]);
}

function readFunctional(config: unknown): Architecture {
  if (!isObject(config) || !Array.isArray(config['layers'])) throw modelRefused('it', 'must list its layers');
  const listed = (config['layers'] as unknown[]).map((item, index) => {
    const layer = readListed(item, index);
    const nodes: unknown = isObject(item) ? item['inbound_nodes'] : undefined;
    const calls: readonly unknown[] = Array.isArray(nodes) ? nodes : [];
    if (calls.length > 1)
      throw modelRefused(
        label(layer.name, layer.className),
        'is used more than once, which is not supported',
      );
    return { ...layer, inbound: calls.length === 0 ? [] : feeders(calls[0]) };
  });
  const inputs = listed.filter((layer) => layer.className === 'InputLayer');
  const input = inputs[0];
  if (input === undefined || inputs.length !== 1)
    throw modelRefused('it', `must have one input, and has ${inputs.length}`);
  const outputs = feeders(config['output_layers']);
  if (outputs.length !== 1) throw modelRefused('it', `must have one output, and has ${outputs.length}`);
  const others = listed.filter((layer) => layer !== input);
  return assemble(nameOf(config), inputShape(input, undefined), input.name, others, outputs[0]);
}

function nameOf(config: unknown): string {
  return isObject(config) && typeof config['name'] === 'string' ? config['name'] : 'model';
}

function readListed(item: unknown, index: number): Omit<ListedLayer, 'inbound'> {
  const config = isObject(item) && isObject(item['config']) ? item['config'] : undefined;
  const className = isObject(item) ? item['class_name'] : undefined;
  if (config === undefined || typeof className !== 'string')
    throw modelRefused('it', 'must give a class_name and a config for every layer');
  const name = config['name'] ?? (isObject(item) ? item['name'] : undefined);
  return { className, config, name: typeof name === 'string' ? name : `${className}_${index}` };
}

/**
 * Names of the layers behind one call: Keras 2 and tf.js write ['name', node, tensor, kwargs], Keras 3 writes a tensor
 * with its keras_history; a single output may stand without the outer list.
 */
function feeders(written: unknown, depth = 0): string[] {
  if (depth > deepestFeeder) throw modelRefused('it', 'nests its inbound_nodes too deeply');
  if (Array.isArray(written)) {
    const [name, node] = written as unknown[];
    if (typeof name === 'string' && typeof node === 'number') return [name];
    return (written as unknown[]).flatMap((part) => feeders(part, depth + 1));
  }
  if (!isObject(written)) return [];
  const config = written['config'];
  if (isObject(config) && Array.isArray(config['keras_history']))
    return feeders(config['keras_history'], depth + 1);
  return feeders(written['args'], depth + 1);
}

function inputShape(layer: ListedLayer, beside: unknown): Shape {
  const written =
    layer.config['batch_input_shape'] ?? layer.config['batch_shape'] ?? layer.config['input_shape'] ?? beside;
  const shape: unknown[] = Array.isArray(written) ? written : [];
  // Only input_shape leaves out the batch.
  const withoutBatch = written === layer.config['input_shape'] ? shape : shape.slice(1);
  const sound = withoutBatch.every(
    (size): size is number => typeof size === 'number' && Number.isInteger(size) && size > 0,
  );
  if (!sound || withoutBatch.length === 0)
    throw modelRefused(
      label(layer.name, layer.className),
      `must give the shape of the images in whole numbers, and gives ${written === undefined ? 'none' : JSON.stringify(written)}`,
    );
  return withoutBatch;
}

/** Places layers once what feeds them is placed; reads each with the shapes that come in. */
function assemble(
  name: string,
  input: Shape,
  inputName: string,
  listed: readonly ListedLayer[],
  outputName?: string,
): Architecture {
  if (listed.length > largest.layers)
    throw modelRefused('it', `must have at most ${largest.layers} layers, and has ${listed.length}`);
  const position = new Map([[inputName, -1]]);
  let parameters = 0;
  const layers: ArchitectureLayer[] = [];
  let waiting = listed;
  while (waiting.length > 0) {
    const ready = waiting.find((layer) => layer.inbound.every((feeder) => position.has(feeder)));
    if (ready === undefined || ready.inbound.length === 0)
      throw modelRefused(
        label(waiting[0]!.name, waiting[0]!.className),
        'must be fed by layers of the model, and is not',
      );
    const inbound = ready.inbound.map((feeder) => position.get(feeder)!);
    const layerLabel = label(ready.name, ready.className);
    if (position.has(ready.name)) throw modelRefused(layerLabel, 'must have a name of its own, and has not');
    const shapes = inbound.map((feeder) => (feeder === -1 ? input : layers[feeder]!.output));
    const reading = readLayer(ready.className, new LayerConfig(layerLabel, ready.config), shapes);
    parameters += reading.weights.reduce((total, { shape }) => total + sizeOf(shape), 0);
    if (parameters > largest.parameters || sizeOf(reading.output) > largest.valuesPerLayer)
      throw modelRefused(
        layerLabel,
        `makes the model too large: at most ${largest.parameters} parameters, and ${largest.valuesPerLayer} values a layer`,
      );
    position.set(ready.name, layers.length);
    layers.push({ ...reading, className: ready.className, name: ready.name, label: layerLabel, inbound });
    waiting = waiting.filter((layer) => layer !== ready);
  }
  return { name, input, layers, classes: checkOutput(layers, outputName) };
}

/** The last layer must be the output, feed from all others, and give probabilities. */
function checkOutput(layers: readonly ArchitectureLayer[], outputName: string | undefined): number {
  const last = layers.at(-1);
  if (last === undefined) throw modelRefused('it', 'must have layers beside its input');
  if (outputName !== undefined && outputName !== last.name)
    throw modelRefused(last.label, `must lead to the output "${outputName}", and does not`);
  const used = new Set(layers.flatMap((layer) => layer.inbound));
  const idle = layers.find((layer, index) => layer !== last && !used.has(index));
  if (idle !== undefined) throw modelRefused(idle.label, 'must lead to the output, and does not');
  if (last.activation !== 'softmax')
    throw modelRefused(last.label, `must end in softmax, and ends in ${last.activation ?? 'none'}`);
  if (last.output.length !== 1)
    throw modelRefused(
      last.label,
      `must give one probability per class, and gives values of shape ${JSON.stringify(last.output)}`,
    );
  return last.output[0]!;
}
