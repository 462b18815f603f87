/**
 * From an architecture to the graph of the training step, layer by layer: which node computes a layer, or which node before
 * it does its work, too.
 */
import { sizeOf, weightsOf, type Architecture, type ArchitectureLayer } from '../architecture.ts';
import type { Shape } from '../layers/layer-rule.ts';
import { statisticRanges } from '../moving-statistics.ts';
import { modelRefused } from '../refusals.ts';
import { GraphBuilder } from './graph-builder.ts';
import {
  activations,
  type Graph,
  type MapShape,
  type MergeOperation,
  type NormaliseNode,
  type Window,
} from './graph.ts';

/** What a layer reads: a value, the shape that the architecture gives it, and whether nothing else reads it. */
interface Source {
  readonly value: number;
  readonly shape: Shape;
  readonly single: boolean;
}

/** Computes a layer from what it reads; gives the value of its output. */
type AddLayer = (
  builder: GraphBuilder,
  layer: ArchitectureLayer,
  inputs: readonly [Source, ...Source[]],
) => number;

/** Throws FederationError 'model-refused', naming the layer. */
export function readGraph(architecture: Architecture): Graph {
  const { input, layers, classes } = architecture;
  const builder = new GraphBuilder(mapOf(input));
  const sources: Source[] = [];
  for (const [index, layer] of layers.entries()) {
    const [first, ...others] = layer.inbound.map(
      (feeder) => sources[feeder] ?? { value: 0, shape: input, single: false },
    );
    const add = Object.hasOwn(layerNodes, layer.className) ? layerNodes[layer.className] : undefined;
    if (add === undefined)
      throw modelRefused(layer.label, 'is of a class that the compiled engine does not know');
    const before = add(builder, layer, [first!, ...others]);
    // What the layer itself made, nothing else reads yet.
    const single = first!.single || layer.inbound.every((feeder) => sources[feeder]?.value !== before);
    const value =
      layer === layers.at(-1) ? before : applyActivation(builder, layer, { value: before, single });
    const readers = layers.reduce(
      (count, { inbound }) => count + inbound.filter((feeder) => feeder === index).length,
      0,
    );
    sources.push({ value, shape: layer.output, single: readers === 1 });
  }
  const last = layers.at(-1)!;
  return builder.finish(sources.at(-1)!.value, {
    classes,
    parameterCount: weightsOf(architecture).reduce((total, { weight }) => total + sizeOf(weight.shape), 0),
    statistics: statisticRanges(weightsOf(architecture).map(({ weight }) => weight)),
    firstLabel: layers[0]!.label,
    lastLabel: last.label,
  });
}

/** Not the last layer's: its softmax is part of the loss. */
function applyActivation(
  builder: GraphBuilder,
  { label, activation: name = 'linear' }: ArchitectureLayer,
  { value, single }: Pick<Source, 'value' | 'single'>,
): number {
  if (name === 'linear' || (name === 'relu' && single && builder.absorbRelu(value))) return value;
  const activation = activations.find((known) => known === name);
  if (activation === undefined)
    throw modelRefused(
      label,
      `applies ${name} inside the model; the compiled engine knows it at the end only`,
    );
  return builder.activate(value, activation, label);
}

/** Rows and columns of a shape; what has none is 1 high, or 1 x 1. */
function mapOf(shape: Shape): MapShape {
  const channels = shape.at(-1) ?? 1;
  const width = shape.at(-2) ?? 1;
  const height = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  return { height, width, channels };
}

/** A window's setting for rows and columns; layers for sequences have the second only. */
function pair(layer: ArchitectureLayer, setting: string): readonly [number, number] {
  const sizes = layer.config[setting] as readonly number[];
  return sizes.length === 1 ? [1, sizes[0]!] : [sizes[0]!, sizes[1]!];
}

/** 'same' pads as TensorFlow does: the smaller half before. */
function windowOf(layer: ArchitectureLayer, size: string, input: MapShape): Window {
  const [height, width] = pair(layer, size);
  const [down, across] = pair(layer, 'strides');
  const before = (length: number, window: number, stride: number): number => {
    if (layer.config['padding'] !== 'same') return 0;
    const reach = (Math.ceil(length / stride) - 1) * stride + window;
    return Math.floor(Math.max(0, reach - length) / 2);
  };
  return {
    height,
    width,
    down,
    across,
    top: before(input.height, height, down),
    left: before(input.width, width, across),
  };
}

const convolution: AddLayer = (builder, layer, [{ value, shape }]) => {
  const input = mapOf(shape);
  return builder.affine(builder.shaped(value, input, layer.label), mapOf(layer.output), {
    label: layer.label,
    window: windowOf(layer, 'kernel_size', input),
    useBias: layer.config['use_bias'] === true,
  });
};

/** Of a row of features: the whole map, however it lies. Of more dimensions: pixel by pixel. */
const dense: AddLayer = (builder, layer, [{ value, shape }]) => {
  const map = shape.length === 1 ? builder.shape(value) : mapOf(shape);
  const { height, width } = shape.length === 1 ? map : { height: 1, width: 1 };
  return builder.affine(builder.shaped(value, map, layer.label), mapOf(layer.output), {
    label: layer.label,
    window: { height, width, down: 1, across: 1, top: 0, left: 0 },
    useBias: layer.config['use_bias'] === true,
  });
};

const depthwise: AddLayer = (builder, layer, [{ value, shape }]) => {
  const input = mapOf(shape);
  return builder.depthwise(builder.shaped(value, input, layer.label), mapOf(layer.output), {
    label: layer.label,
    window: windowOf(layer, 'kernel_size', input),
    multiplier: layer.config['depth_multiplier'] as number,
    useBias: layer.config['use_bias'] === true,
  });
};

/** Depthwise, then a convolution of 1 x 1. */
const separable: AddLayer = (builder, layer, [{ value, shape }]) => {
  const { label, config } = layer;
  const input = mapOf(shape);
  const output = mapOf(layer.output);
  const multiplier = config['depth_multiplier'] as number;
  const between = builder.depthwise(
    builder.shaped(value, input, label),
    { ...output, channels: input.channels * multiplier },
    { label, window: windowOf(layer, 'kernel_size', input), multiplier, useBias: false },
  );
  return builder.affine(between, output, {
    label,
    window: { height: 1, width: 1, down: 1, across: 1, top: 0, left: 0 },
    useBias: config['use_bias'] === true,
  });
};

const normalisation =
  (over: NormaliseNode['over']): AddLayer =>
  (builder, { label, config }, [{ value, shape }]) =>
    builder.normalise(builder.shaped(value, mapOf(shape), label), {
      label,
      over,
      groups: over === 'group' ? (config['groups'] as number) : 0,
      epsilon: config['epsilon'] as number,
      momentum: over === 'batch' ? (config['momentum'] as number) : 0,
    });

const pooling =
  (average: boolean): AddLayer =>
  (builder, layer, [{ value, shape, single }]) => {
    const input = mapOf(shape);
    const window = windowOf(layer, 'pool_size', input);
    const read = builder.shaped(value, input, layer.label);
    if (single && !average && builder.absorbPool(read, window, mapOf(layer.output))) return read;
    return builder.pool(read, mapOf(layer.output), { label: layer.label, window, average });
  };

const globalPooling =
  (average: boolean): AddLayer =>
  (builder, layer, [{ value, shape }]) => {
    const input = mapOf(shape);
    const { height, width } = input;
    const window = { height, width, down: 1, across: 1, top: 0, left: 0 };
    const read = builder.shaped(value, input, layer.label);
    return builder.pool(read, mapOf(layer.output), { label: layer.label, window, average });
  };

const dropout: AddLayer = (builder, layer, [{ value, single }]) => {
  const rate = layer.config['rate'] as number;
  if (rate === 0 || (single && builder.absorbDropout(value, rate))) return value;
  return builder.dropout(value, rate, layer.label);
};

/** Numbers and their order stay, or a function of each number follows, which the layer's activation names. */
const unchanged: AddLayer = (_builder, _layer, [{ value }]) => value;

const leakyRelu: AddLayer = (builder, layer, [{ value }]) =>
  builder.activate(value, 'leakyRelu', layer.label, layer.config['alpha'] as number);

/** Inputs from first to last, two at a time. */
const merge =
  (operation: MergeOperation, isMean = false): AddLayer =>
  (builder, layer, [first, ...others]) =>
    others.reduce((value, other, index) => {
      const scale = isMean && index === others.length - 1 ? 1 / (others.length + 1) : 1;
      return builder.merge(value, other.value, operation, layer.label, scale);
    }, first.value);

/** Along the channels: each input fills its own. */
const concatenate: AddLayer = (builder, layer, inputs) => {
  const output = mapOf(layer.output);
  let before = 0;
  const parts = inputs.map(({ value, shape }) => {
    const channels = shape.at(-1)!;
    const first = before;
    before += channels;
    const source = (element: number): number | undefined => {
      const channel = (element % output.channels) - first;
      const isOwn = channel >= 0 && channel < channels;
      return isOwn ? Math.floor(element / output.channels) * channels + channel : undefined;
    };
    return { value, source };
  });
  return builder.rearrange(parts, output, layer.label);
};

/** Numbers in a new order; place: of the output's row, column and channel, those of the input. */
const rearranged =
  (place: (layer: ArchitectureLayer) => (at: MapPlace) => MapPlace): AddLayer =>
  (builder, layer, [{ value, shape }]) => {
    const [from, to] = [mapOf(shape), mapOf(layer.output)];
    const placeOf = place(layer);
    const source = (element: number): number | undefined => {
      const pixel = Math.floor(element / to.channels);
      const { row, column, channel } = placeOf({
        row: Math.floor(pixel / to.width),
        column: pixel % to.width,
        channel: element % to.channels,
      });
      const isInside = row >= 0 && row < from.height && column >= 0 && column < from.width;
      return isInside ? (row * from.width + column) * from.channels + channel : undefined;
    };
    return builder.rearrange([{ value, source }], to, layer.label);
  };

interface MapPlace {
  readonly row: number;
  readonly column: number;
  readonly channel: number;
}

/** Rows and columns before the map that a padding adds, or a cropping takes away. */
function bordersBefore(layer: ArchitectureLayer, setting: string): readonly [number, number] {
  const borders = layer.config[setting] as readonly (readonly [number, number])[];
  return [borders[0]![0], borders[1]![0]];
}

const zeroPadding = rearranged((layer) => {
  const [top, left] = bordersBefore(layer, 'padding');
  return ({ row, column, channel }) => ({ row: row - top, column: column - left, channel });
});

const cropping = rearranged((layer) => {
  const [top, left] = bordersBefore(layer, 'cropping');
  return ({ row, column, channel }) => ({ row: row + top, column: column + left, channel });
});

const upSampling = rearranged((layer) => {
  const [rows, columns] = layer.config['size'] as readonly [number, number];
  return ({ row, column, channel }) => ({
    row: Math.floor(row / rows),
    column: Math.floor(column / columns),
    channel,
  });
});

const permute: AddLayer = (builder, layer, [{ value, shape }]) => {
  const dims = layer.config['dims'] as readonly number[];
  const strideOf = (axis: number): number =>
    shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const strides = dims.map((dimension) => strideOf(dimension - 1));
  const source = (element: number): number => {
    let rest = element;
    let place = 0;
    for (let axis = dims.length - 1; axis >= 0; axis -= 1) {
      const size = layer.output[axis]!;
      place += (rest % size) * strides[axis]!;
      rest = Math.floor(rest / size);
    }
    return place;
  };
  return builder.rearrange([{ value, source }], mapOf(layer.output), layer.label);
};

const repeat: AddLayer = (builder, layer, [{ value, shape }]) => {
  const [features] = shape as readonly [number];
  const source = (element: number): number => element % features;
  return builder.rearrange([{ value, source }], mapOf(layer.output), layer.label);
};

const layerNodes: Readonly<Record<string, AddLayer>> = {
  Dense: dense,
  Conv1D: convolution,
  Conv2D: convolution,
  DepthwiseConv2D: depthwise,
  SeparableConv2D: separable,
  BatchNormalization: normalisation('batch'),
  GroupNormalization: normalisation('group'),
  LayerNormalization: normalisation('pixel'),
  MaxPooling1D: pooling(false),
  MaxPooling2D: pooling(false),
  AveragePooling1D: pooling(true),
  AveragePooling2D: pooling(true),
  GlobalMaxPooling1D: globalPooling(false),
  GlobalMaxPooling2D: globalPooling(false),
  GlobalAveragePooling1D: globalPooling(true),
  GlobalAveragePooling2D: globalPooling(true),
  Flatten: unchanged,
  Reshape: unchanged,
  Permute: permute,
  RepeatVector: repeat,
  ZeroPadding2D: zeroPadding,
  Cropping2D: cropping,
  UpSampling2D: upSampling,
  Dropout: dropout,
  Activation: unchanged,
  ReLU: unchanged,
  ELU: unchanged,
  Softmax: unchanged,
  LeakyReLU: leakyRelu,
  Add: merge('add'),
  Average: merge('add', true),
  Multiply: merge('multiply'),
  Maximum: merge('maximum'),
  Minimum: merge('minimum'),
  Concatenate: concatenate,
};
