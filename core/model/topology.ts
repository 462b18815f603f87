/**
 * Models from files: a Keras model_config or a tf.js model.json becomes a ModelTopology of one spelling, which tf.js
 * and the engines read. Weights in a file are passed over: a run starts from its seed.
 */
import { readArchitecture, sizeOf, type Architecture, type ArchitectureLayer } from './architecture.ts';
import type { ModelTopology } from './engine.ts';
import { initialiserToJson } from './layers/initialisers.ts';
import { isObject, type JsonObject } from './layers/json.ts';
import { modelDoesNotFit, modelUnreadable } from './refusals.ts';

/** The images and classes that a model is for. */
export interface ModelData {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classes: number;
}

/**
 * The model in a file's text, fitted to the data; source names the file in messages. Throws FederationError:
 * 'model-unreadable' when it is no layers model, 'model-refused' when it holds a layer that cannot be trained,
 * 'model-does-not-fit' when the images or the classes are others.
 */
export function parseTopology(text: string, source: string, data: ModelData): ModelTopology {
  return toTopology(fit(readArchitecture(findModel(parseJson(text, source), source)), data));
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw modelUnreadable(source, `it must be JSON, and is not (${(cause as Error).message})`, cause);
  }
}

/** Down through model.json's modelTopology, Keras's model_config, and text that holds JSON once more. */
function findModel(written: unknown, source: string, depth = 0): JsonObject {
  if (depth < 4) {
    if (typeof written === 'string') return findModel(parseJson(written, source), source, depth + 1);
    if (isObject(written) && written['format'] === 'graph-model')
      throw modelUnreadable(
        source,
        'it must be a layers model, and is a graph model, which cannot be trained',
      );
    if (isObject(written) && typeof written['class_name'] === 'string') return written;
    const inner = isObject(written) ? (written['modelTopology'] ?? written['model_config']) : undefined;
    if (inner !== undefined) return findModel(inner, source, depth + 1);
  }
  throw modelUnreadable(
    source,
    'it must hold a layers model (class_name and config, model_config, or modelTopology), and holds none',
  );
}

/**
 * The same model on the data's images, [height, width, channels]: a model that takes them as one row of values gets a
 * Flatten in front; one that takes grey images without a channel axis and flattens them gets that axis.
 */
function fit(architecture: Architecture, data: ModelData): Architecture {
  const [first] = architecture.layers;
  const last = architecture.layers.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('a model without layers');
  const image = [data.height, data.width, data.channels];
  if (architecture.classes !== data.classes)
    throw modelDoesNotFit(
      last.label,
      'number of classes',
      String(data.classes),
      String(architecture.classes),
    );
  const input = JSON.stringify(architecture.input);
  if (input === JSON.stringify(image)) return architecture;
  const readsInputOnly = architecture.layers.every(
    (layer, index) => index === 0 || !layer.inbound.includes(-1),
  );
  const flattens = first.className === 'Flatten' || first.className === 'Reshape';
  if (flattens && readsInputOnly && sizeOf(architecture.input) === sizeOf(image))
    if (isTrailingChannel(architecture.input, image)) return { ...architecture, input: image };
  if (architecture.input.length === 1 && architecture.input[0] === sizeOf(image))
    return { ...architecture, input: image, layers: flattenFirst(architecture) };
  throw modelDoesNotFit(first.label, 'input', JSON.stringify(image), input);
}

function isTrailingChannel(input: readonly number[], image: readonly number[]): boolean {
  return JSON.stringify([...input, 1]) === JSON.stringify(image);
}

function flattenFirst(architecture: Architecture): ArchitectureLayer[] {
  const name = unusedName('flatten', architecture.layers);
  const flatten: ArchitectureLayer = {
    className: 'Flatten',
    name,
    label: `layer "${name}" (Flatten)`,
    inbound: [-1],
    output: architecture.input,
    config: {},
    activation: undefined,
    weights: [],
  };
  const moved = architecture.layers.map((layer) => ({
    ...layer,
    inbound: layer.inbound.map((feeder) => feeder + 1),
  }));
  return [flatten, ...moved];
}

/** The architecture as tf.js's JSON: Sequential when every layer follows the one before, else Functional. */
export function toTopology(architecture: Architecture): ModelTopology {
  const { name, input, layers } = architecture;
  const chain = layers.every((layer, index) => layer.inbound.length === 1 && layer.inbound[0] === index - 1);
  const batchInputShape = [null, ...input];
  if (chain) {
    const [first, ...others] = layers.map(layerJson);
    const withInput = { ...first!, config: { ...first!.config, batch_input_shape: batchInputShape } };
    return { class_name: 'Sequential', config: { name, layers: [withInput, ...others] } };
  }
  const inputName = unusedName('input', layers);
  const nameAt = (position: number): string => (position === -1 ? inputName : layers[position]!.name);
  const inputLayer = {
    class_name: 'InputLayer',
    name: inputName,
    config: { name: inputName, batch_input_shape: batchInputShape, dtype: 'float32', sparse: false },
    inbound_nodes: [],
  };
  return {
    class_name: 'Functional',
    config: {
      name,
      layers: [
        inputLayer,
        ...layers.map((layer) => ({
          ...layerJson(layer),
          name: layer.name,
          inbound_nodes: [layer.inbound.map((feeder) => [nameAt(feeder), 0, 0, {}])],
        })),
      ],
      input_layers: [[inputName, 0, 0]],
      output_layers: [[layers.at(-1)!.name, 0, 0]],
    },
  };
}

function unusedName(wanted: string, layers: readonly ArchitectureLayer[]): string {
  let name = wanted;
  while (layers.some((layer) => layer.name === name)) name = `${name}_input`;
  return name;
}

/** Layers that are nothing but a function of each value are all written as Activation. */
const functions = new Set(['Activation', 'ReLU', 'ELU', 'Softmax']);

function layerJson(layer: ArchitectureLayer): { class_name: string; config: JsonObject } {
  const initialisers = layer.weights.map(
    (weight) => [weight.setting, initialiserToJson(weight.initialiser)] as const,
  );
  return {
    class_name: functions.has(layer.className) ? 'Activation' : layer.className,
    config: {
      name: layer.name,
      ...layer.config,
      ...(layer.activation === undefined ? {} : { activation: layer.activation }),
      ...Object.fromEntries(initialisers),
    },
  };
}
