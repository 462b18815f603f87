/** Random models of every layer kind of the catalogue: shapes, strides, paddings and branches at random. */
import { LayerConfig } from '../../../../core/model/layers/layer-config.ts';
import { readLayer, trainableLayers } from '../../../../core/model/layers/catalogue.ts';
import { isFederationError } from '../../../../core/errors/federation-error.ts';
import type { JsonObject } from '../../../../core/model/layers/json.ts';
import type { ModelTopology } from '../../../../core/model/engine.ts';
import type { RandomStream } from '../../../../core/random/stream.ts';

const activationNames = [
  'linear',
  'relu',
  'relu6',
  'elu',
  'selu',
  'sigmoid',
  'softmax',
  'softplus',
  'softsign',
  'tanh',
  'swish',
  'mish',
  'gelu',
];

interface Placed {
  readonly name: string;
  readonly shape: readonly number[];
}

/** So that models stay quick: values that a layer other than the wanted one may give. */
const largest = 300;
const mergers = new Set(['Add', 'Multiply', 'Average', 'Maximum', 'Minimum', 'Concatenate']);
const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

/**
 * An input image, a layer of the given kind among so many others, and a dense softmax over 3 classes. Layers that do not
 * fit the shape that has come about are drawn again, or left out.
 */
export function randomModel(kind: string, others: number, stream: RandomStream): ModelTopology {
  const image: Placed = { name: 'image', shape: [3, 3, 1].map((least) => least + stream.nextBelow(4)) };
  const input = { batch_input_shape: [null, ...image.shape] };
  const layers = [written('InputLayer', image.name, input, [])];
  let last = image;
  const wanted = stream.nextBelow(others + 1);
  for (let position = 0; position <= others; position += 1)
    if (position === wanted) last = placeSurely(last);
    else last = placeSome(trainableLayers[stream.nextBelow(trainableLayers.length)]!, last, largest) ?? last;
  const flat = last.shape.length === 1 ? last : place('Flatten', {}, [last])!;
  const output = place('Dense', { units: 3, activation: 'softmax' }, [flat])!;
  const ends = { input_layers: [[image.name, 0, 0]], output_layers: [[output.name, 0, 0]] };
  return { class_name: 'Functional', config: { name: 'random', layers, ...ends } };

  /** Undefined: the catalogue refuses it, or it gives too much. */
  function place(
    className: string,
    config: JsonObject,
    inputs: readonly Placed[],
    most = Infinity,
  ): Placed | undefined {
    const name = `${className}_${layers.length}`;
    try {
      const shapes = inputs.map(({ shape }) => shape);
      const { output: shape } = readLayer(className, new LayerConfig(name, { ...config, name }), shapes);
      if (sizeOf(shape) > most) return undefined;
      layers.push(written(className, name, config, inputs));
      return { name, shape };
    } catch (error) {
      if (isFederationError(error) && error.code === 'model-refused') return undefined;
      throw error;
    }
  }

  /** The kind with random settings, tried some times; mergers take a tanh of what goes in beside it. */
  function placeSome(className: string, before: Placed, most: number): Placed | undefined {
    const twin = mergers.has(className) ? place('Activation', { activation: 'tanh' }, [before])! : undefined;
    for (let tries = 0; tries < 20; tries += 1) {
      const config = randomConfig(className, before.shape, stream);
      const done = place(className, config, twin === undefined ? [before] : [before, twin], most);
      if (done !== undefined) return done;
    }
    if (twin !== undefined) layers.pop();
    return undefined;
  }

  /** With a change of form in front where the kind does not take what has come about. */
  function placeSurely(before: Placed): Placed {
    const direct = placeSome(kind, before, Infinity);
    if (direct !== undefined) return direct;
    const size = sizeOf(before.shape);
    for (const form of [[size], [size, 1], [size, 1, 1]]) {
      const done = placeSome(kind, place('Reshape', { target_shape: form }, [before])!, Infinity);
      if (done !== undefined) return done;
      layers.pop();
    }
    // Too little for the kind, as one value is for cropping.
    const row = before.shape.length === 1 ? before : place('Flatten', {}, [before])!;
    const grown = place('Dense', { units: 12 }, [row])!;
    const done = placeSome(kind, place('Reshape', { target_shape: [3, 4, 1] }, [grown])!, Infinity);
    if (done !== undefined) return done;
    throw new RangeError(`no shape for ${kind} after ${JSON.stringify(before.shape)}`);
  }
}

function written(className: string, name: string, config: JsonObject, inputs: readonly Placed[]): object {
  const calls = inputs.length === 0 ? [] : [inputs.map((input) => [input.name, 0, 0, {}])];
  return { class_name: className, name, config: { ...config, name }, inbound_nodes: calls };
}

function randomConfig(className: string, shape: readonly number[], stream: RandomStream): JsonObject {
  const pick = (from: number, to: number): number => from + stream.nextBelow(to - from + 1);
  const activation = activationNames[stream.nextBelow(activationNames.length)]!;
  const useBias = { use_bias: stream.nextBelow(2) === 1 };
  const dimensions = className.endsWith('1D') ? 1 : 2;
  const sides = (to: number): number[] => Array.from({ length: dimensions }, () => pick(1, to));
  const same = pick(1, 3);
  const padding = stream.nextBelow(2) === 1 ? 'same' : 'valid';
  const borders = [
    [pick(0, 2), pick(0, 2)],
    [pick(0, 2), pick(0, 2)],
  ];
  switch (className) {
    case 'Dense':
      return { units: pick(1, 5), activation, ...useBias };
    case 'Conv1D':
    case 'Conv2D':
    case 'Conv2DTranspose':
      return {
        filters: pick(1, 4),
        kernel_size: sides(4),
        strides: sides(3),
        padding,
        activation,
        ...useBias,
      };
    case 'DepthwiseConv2D':
      return {
        kernel_size: sides(4),
        strides: [same, same],
        padding,
        depth_multiplier: pick(1, 3),
        activation,
        ...useBias,
      };
    case 'SeparableConv2D':
      return {
        filters: pick(1, 4),
        kernel_size: sides(4),
        strides: [same, same],
        padding,
        depth_multiplier: pick(1, 3),
        activation,
        ...useBias,
      };
    case 'MaxPooling1D':
    case 'MaxPooling2D':
    case 'AveragePooling1D':
    case 'AveragePooling2D':
      return { pool_size: sides(4), strides: sides(3), padding };
    case 'Reshape':
      return { target_shape: [pick(1, 2), -1, pick(1, 3)] };
    case 'Permute':
      return { dims: [...shape.keys()].map((axis) => ((axis + same) % shape.length) + 1) };
    case 'RepeatVector':
      return { n: pick(1, 4) };
    case 'ZeroPadding2D':
      return { padding: borders };
    case 'Cropping2D':
      return { cropping: borders };
    case 'UpSampling2D':
      return { size: sides(3) };
    case 'Dropout':
      return { rate: 0.5 };
    case 'Activation':
      return { activation };
    case 'ReLU':
      return stream.nextBelow(2) === 1 ? { max_value: 6 } : {};
    case 'LeakyReLU':
      return { alpha: stream.nextFloat() };
    case 'PReLU':
      return {
        shared_axes: [...shape.keys()].map((axis) => axis + 1).filter(() => stream.nextBelow(2) === 1),
      };
    case 'GroupNormalization': {
      const channels = shape.at(-1)!;
      const divisors = Array.from({ length: channels }, (_, less) => less + 1);
      const fitting = divisors.filter((groups) => channels % groups === 0);
      return { groups: fitting[stream.nextBelow(fitting.length)]!, epsilon: 0.01 + stream.nextFloat() };
    }
    case 'BatchNormalization':
    case 'LayerNormalization':
      return { epsilon: 0.01 + stream.nextFloat() };
    default:
      return {};
  }
}
