/**
 * Every layer of the catalogue (core/model/layers/catalogue.ts) as differentiable operations. A plan is made once for each layer of
 * a model and holds its index tables; it runs on any number of images. Dropout does nothing here: where an attack meets an
 * update made with dropout, it has to say what it does about it.
 */
import type { ArchitectureLayer } from '../../model/architecture.ts';
import { product, type Shape } from '../../model/layers/layer-rule.ts';
import { leaky, negativePart, rectify } from './activations.ts';
import { gather, scatter, type IndexTable } from './indexing.ts';
import { matrixProduct } from './matrix-product.ts';
import { type BatchStatistics, byBatch, byGroup, byMovingStatistics, byRow } from './normalisations.ts';
import { add, multiply, repeat, scale, sum } from './operations.ts';
import { constant, reshape, type Value } from './value.ts';
import { permuted, remapped, slidingWindows, type ImageSides, type WindowRule } from './windows.ts';

/** inputs: [batch, ...shape] each; weights in the layer's order. Gives [batch, ...output]; the layer's activation is not in it. */
export type LayerPlan = (inputs: readonly Value[], weights: readonly Value[]) => Value;

type MakePlan = (layer: ArchitectureLayer, inputs: readonly Shape[]) => LayerPlan;

/** Throws RangeError on a class that the catalogue does not have. */
export function planLayer(
  layer: ArchitectureLayer,
  inputs: readonly Shape[],
  statistics: BatchStatistics,
): LayerPlan {
  const make = layer.className === 'BatchNormalization' ? batchPlans[statistics] : plans[layer.className];
  if (make === undefined) throw new RangeError(`${layer.label} has no differentiable plan`);
  return make(layer, inputs);
}

const batchOf = (value: Value): number => value.shape[0]!;
const batched = (value: Value, shape: Shape): Shape => [batchOf(value), ...shape];

/** A plan that sees one input and its weights. */
const simple =
  (run: (input: Value, weights: readonly Value[], layer: ArchitectureLayer) => Value): MakePlan =>
  (layer) =>
  ([input], weights) =>
    run(input!, weights, layer);

/** The same table for every image. */
function moved(table: IndexTable, output: Shape): LayerPlan {
  return ([input]) => gather(input!, table, batchOf(input!), batched(input!, output));
}

/** Adds a bias to the last axis, if there is one. */
function biased(value: Value, bias: Value | undefined): Value {
  return bias === undefined ? value : add(value, repeat(bias, 1, bias.size, value.shape));
}

const dense = simple((input, [kernel, bias], { output }) => {
  const features = kernel!.shape[0]!;
  const rows = reshape(input, [input.size / features, features]);
  return reshape(biased(matrixProduct(rows, kernel!), bias), batched(input, output));
});

/** A row of positions is an image of one column. */
const sidesOf = (shape: Shape): ImageSides =>
  shape.length === 3
    ? { rows: shape[0]!, columns: shape[1]!, channels: shape[2]! }
    : { rows: shape[0]!, columns: 1, channels: shape[1]! };

function windowRule({ config }: ArchitectureLayer, size: string): WindowRule {
  const both = (key: string): readonly [number, number] => {
    const [down, across = 1] = config[key] as readonly number[];
    return [down!, across];
  };
  return { size: both(size), strides: both('strides'), padding: config['padding'] as 'valid' | 'same' };
}

/** Patches as rows of a matrix, times the kernel as a matrix: [batch * windows, patch] x [patch, filters]. */
const convolution: MakePlan = (layer, [shape]) => {
  const table = slidingWindows(sidesOf(shape!), windowRule(layer, 'kernel_size'));
  const windows = table.rows * table.columns;
  const patch = table.index.length / windows;
  return ([input], [kernel, bias]) => {
    const batch = batchOf(input!);
    const patches = gather(input!, table, batch, [batch * windows, patch]);
    const flat = reshape(kernel!, [patch, kernel!.size / patch]);
    return reshape(biased(matrixProduct(patches, flat), bias), batched(input!, layer.output));
  };
};

/** The adjoint of a convolution from its output to its input, which is how transposed convolutions are defined. */
const transposedConvolution: MakePlan = (layer, [shape]) => {
  const table = slidingWindows(sidesOf(layer.output), windowRule(layer, 'kernel_size'));
  const channels = shape![2]!;
  const patch = table.index.length / (table.rows * table.columns);
  return ([input], [kernel, bias]) => {
    const pixels = reshape(input!, [input!.size / channels, channels]);
    const flat = reshape(kernel!, [patch, channels]);
    const patches = matrixProduct(pixels, flat, 'plain', 'transposed');
    return biased(scatter(patches, table, batchOf(input!), batched(input!, layer.output)), bias);
  };
};

/** Every channel with kernels of its own: [windows, window, channels, multiplier], summed over the window. */
function depthwise(image: ImageSides, rule: WindowRule): (input: Value, kernel: Value) => Value {
  const table = slidingWindows(image, rule);
  const area = rule.size[0] * rule.size[1];
  const { rows, columns } = table;
  return (input, kernel) => {
    const batch = batchOf(input);
    const multiplier = kernel.size / (area * image.channels);
    const channels = image.channels * multiplier;
    const patches = gather(input, table, batch, [batch * rows * columns, area, image.channels]);
    const spread = [batch * rows * columns, area, channels];
    const copies = multiplier === 1 ? patches : repeat(patches, patches.size, 1, spread);
    const products = multiply(copies, repeat(kernel, 1, kernel.size, spread));
    return sum(products, batch * rows * columns, channels, [batch, rows, columns, channels]);
  };
}

const depthwiseConvolution: MakePlan = (layer, [shape]) => {
  const run = depthwise(sidesOf(shape!), windowRule(layer, 'kernel_size'));
  return ([input], [kernel, bias]) => biased(run(input!, kernel!), bias);
};

const separableConvolution: MakePlan = (layer, [shape]) => {
  const run = depthwise(sidesOf(shape!), windowRule(layer, 'kernel_size'));
  return ([input], [kernel, pointwise, bias]) => {
    const [, , between = 1, filters = 1] = pointwise!.shape;
    const channels = run(input!, kernel!);
    const pixels = reshape(channels, [channels.size / between, between]);
    const mixed = matrixProduct(pixels, reshape(pointwise!, [between, filters]));
    return reshape(biased(mixed, bias), batched(input!, layer.output));
  };
};

/** Where each window has its first largest element; the choice is constant. */
const maxPooling: MakePlan = (layer, [shape]) => {
  const image = sidesOf(shape!);
  const table = slidingWindows(image, windowRule(layer, 'pool_size'));
  return ([input]) => largest(input!, table, image.channels, batched(input!, layer.output));
};

function largest(
  input: Value,
  table: IndexTable & { rows: number; columns: number },
  channels: number,
  shape: Shape,
): Value {
  const { data } = input;
  const { index, source } = table;
  const batch = data.length / source;
  const windows = table.rows * table.columns;
  const perWindow = index.length / windows;
  const chosen = new Int32Array(batch * windows * channels).fill(-1);
  let to = 0;
  for (let image = 0; image < batch; image += 1)
    for (let window = 0; window < windows; window += 1)
      for (let channel = 0; channel < channels; channel += 1, to += 1) {
        let best = -Infinity;
        for (let at = channel; at < perWindow; at += channels) {
          const from = index[window * perWindow + at]!;
          if (from < 0 || data[image * source + from]! <= best) continue;
          best = data[image * source + from]!;
          chosen[to] = image * source + from;
        }
      }
  return gather(input, { index: chosen, source: data.length }, 1, shape);
}

/**
 * The mean of what lies in the image: padding does not count. Its gradient here is its own; tf.js's divides by the whole
 * window, which differs where windows reach into padding.
 */
const averagePooling: MakePlan = (layer, [shape]) => {
  const image = sidesOf(shape!);
  const rule = windowRule(layer, 'pool_size');
  const table = slidingWindows(image, rule);
  const windows = table.rows * table.columns;
  const perWindow = table.index.length / windows;
  const shares = Float64Array.from({ length: windows * image.channels }, (_, at) => {
    const start = Math.floor(at / image.channels) * perWindow;
    const inside = table.index.subarray(start, start + perWindow).filter((from) => from >= 0).length;
    return image.channels / inside;
  });
  return ([input]) => {
    const batch = batchOf(input!);
    const patches = gather(input!, table, batch, [batch, table.index.length]);
    const sums = sum(patches, batch * windows, image.channels, batched(input!, layer.output));
    return multiply(sums, repeat(constant(shares, [shares.length]), 1, shares.length, sums.shape));
  };
};

const globalAverage = simple((input, _, { output }) => {
  const [channels = 1] = output;
  const batch = batchOf(input);
  return scale(sum(input, batch, channels, [batch, channels]), (batch * channels) / input.size);
});

const globalMaximum: MakePlan = (layer, [shape]) => {
  const image = sidesOf(shape!);
  const whole: WindowRule = { size: [image.rows, image.columns], strides: [1, 1], padding: 'valid' };
  const table = slidingWindows(image, whole);
  return ([input]) => largest(input!, table, image.channels, batched(input!, layer.output));
};

const reshaped = simple((input, _, { output }) => reshape(input, batched(input, output)));

const permute: MakePlan = ({ config, output }, [shape]) => {
  const order = (config['dims'] as readonly number[]).map((dimension) => dimension - 1);
  return moved(permuted(shape!, order), output);
};

type Borders = readonly [readonly [number, number], readonly [number, number]];

const padding: MakePlan = ({ config, output }, [shape]) => {
  const [[top], [left]] = config['padding'] as unknown as Borders;
  const [rows, columns] = output as [number, number];
  return moved(
    remapped(
      sidesOf(shape!),
      rows,
      columns,
      (row) => row - top,
      (column) => column - left,
    ),
    output,
  );
};

const cropping: MakePlan = ({ config, output }, [shape]) => {
  const [[top], [left]] = config['cropping'] as unknown as Borders;
  const [rows, columns] = output as [number, number];
  return moved(
    remapped(
      sidesOf(shape!),
      rows,
      columns,
      (row) => row + top,
      (column) => column + left,
    ),
    output,
  );
};

const upSampling: MakePlan = ({ config, output }, [shape]) => {
  const [down, across] = config['size'] as unknown as readonly [number, number];
  const [rows, columns] = output as [number, number];
  const table = remapped(
    sidesOf(shape!),
    rows,
    columns,
    (row) => Math.floor(row / down),
    (column) => Math.floor(column / across),
  );
  return moved(table, output);
};

/** alpha may be shared along axes, where it has side 1. */
const parametricRectifier: MakePlan = ({ weights }, [shape]) => {
  const { shape: given } = weights[0]!;
  const spread = sharedAxes(given, shape!);
  return ([input], [alpha]) => {
    const each = gather(alpha!, spread, 1, shape!);
    const slopes = repeat(each, 1, each.size, input!.shape);
    return add(rectify(input!), multiply(slopes, negativePart(input!)));
  };
};

/** For each element of shape, which one of a weight it takes, whose shared axes have side 1. */
function sharedAxes(given: Shape, shape: Shape): IndexTable {
  const index = Int32Array.from({ length: product(shape) }, (_, position) => {
    let rest = position;
    let from = 0;
    let stride = 1;
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      from += (given[axis] === 1 ? 0 : rest % shape[axis]!) * stride;
      stride *= given[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    return from;
  });
  return { index, source: product(given) };
}

const merged =
  (
    merge: (left: Value, right: Value) => Value,
    finish = (value: Value, _inputs: number): Value => value,
  ): MakePlan =>
  () =>
  (inputs) =>
    finish(inputs.reduce(merge), inputs.length);

/** The one that is larger (sign 1) or smaller (sign -1); the first where they are equal. */
function extreme(sign: 1 | -1): (left: Value, right: Value) => Value {
  return (left, right) => {
    const { data } = right;
    const first = Float64Array.from(left.data, (x, at) => (sign * (x - data[at]!) >= 0 ? 1 : 0));
    const choice = constant(first, left.shape);
    return add(multiply(left, choice), multiply(right, scale(choice, -1, 1)));
  };
}

/** Each input put into its part of the last axis. */
const concatenate: MakePlan = ({ output }, shapes) => {
  const width = output.at(-1)!;
  let start = 0;
  const places = shapes.map((shape) => {
    const own = shape.at(-1)!;
    const from = start;
    start += own;
    return { index: Int32Array.from({ length: own }, (_, at) => from + at), source: width };
  });
  return (inputs) =>
    inputs
      .map((input, at) => {
        const table = places[at]!;
        return scatter(input, table, input.size / table.index.length, batched(input, output));
      })
      .reduce(add);
};

const epsilonOf = (config: ArchitectureLayer['config']): number => config['epsilon'] as number;

const batchPlans: Readonly<Record<BatchStatistics, MakePlan>> = {
  batch: simple((input, weights, { config }) => byBatch(input, weights, epsilonOf(config))),
  moving: simple((input, weights, { config }) => byMovingStatistics(input, weights, epsilonOf(config))),
};

const plans: Readonly<Record<string, MakePlan>> = {
  Dense: dense,
  Conv1D: convolution,
  Conv2D: convolution,
  Conv2DTranspose: transposedConvolution,
  DepthwiseConv2D: depthwiseConvolution,
  SeparableConv2D: separableConvolution,
  MaxPooling1D: maxPooling,
  MaxPooling2D: maxPooling,
  AveragePooling1D: averagePooling,
  AveragePooling2D: averagePooling,
  GlobalMaxPooling1D: globalMaximum,
  GlobalMaxPooling2D: globalMaximum,
  GlobalAveragePooling1D: globalAverage,
  GlobalAveragePooling2D: globalAverage,
  Flatten: reshaped,
  Reshape: reshaped,
  Permute: permute,
  RepeatVector: simple((input, _, { output }) =>
    repeat(input, batchOf(input), output[1]!, batched(input, output)),
  ),
  ZeroPadding2D: padding,
  Cropping2D: cropping,
  UpSampling2D: upSampling,
  Dropout: simple((input) => input),
  Activation: simple((input) => input),
  ReLU: simple((input) => input),
  ELU: simple((input) => input),
  Softmax: simple((input) => input),
  LeakyReLU: simple((input, _, { config }) => leaky(input, config['alpha'] as number)),
  PReLU: parametricRectifier,
  GroupNormalization: simple((input, weights, { config }) =>
    byGroup(input, weights, epsilonOf(config), config['groups'] as number),
  ),
  LayerNormalization: simple((input, weights, { config }) => byRow(input, weights, epsilonOf(config))),
  Add: merged(add),
  Multiply: merged(multiply),
  Average: merged(add, (value, inputs) => scale(value, 1 / inputs)),
  Maximum: merged(extreme(1)),
  Minimum: merged(extreme(-1)),
  Concatenate: concatenate,
};
