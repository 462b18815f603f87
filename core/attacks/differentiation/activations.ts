/** The catalogue's activations (core/model/layers/layer-config.ts), as tf.js defines them. */
import {
  add,
  byPieces,
  constantOf,
  divide,
  errorFunction,
  exponential,
  multiply,
  absolute,
  repeat,
  scale,
  sigmoid,
  softplus,
  subtract,
  sum,
  tanh,
} from './operations.ts';
import { constant, type Value } from './value.ts';

/** Klambauer et al. 2017, to tf.js's digits. */
const selu = { scale: 1.0507009873554804934, alpha: 1.6732632423543772848 };

const activations: Readonly<Record<string, (value: Value) => Value>> = {
  linear: (value) => value,
  relu: rectify,
  relu6: (value) =>
    add(
      byPieces(value, (x) => (x > 0 && x < 6 ? 1 : 0)),
      constantOf(value, (x) => (x >= 6 ? 6 : 0)),
    ),
  elu: exponentialUnit,
  selu: (value) => {
    const positive = scale(rectify(value), selu.scale);
    return add(positive, scale(saturating(value), selu.scale * selu.alpha));
  },
  sigmoid,
  tanh,
  softplus,
  softsign: (value) => divide(value, scale(absolute(value), 1, 1)),
  swish: (value) => multiply(value, sigmoid(value)),
  mish: (value) => multiply(value, tanh(softplus(value))),
  gelu: (value) => multiply(value, scale(errorFunction(scale(value, Math.SQRT1_2)), 0.5, 0.5)),
  softmax: softmaxOfRows,
};

/** name: as the catalogue reads it. softmax works on the last axis. */
export function activate(name: string, value: Value): Value {
  const activation = activations[name];
  if (activation === undefined) throw new RangeError(`there is no activation ${name}`);
  return activation(value);
}

export function rectify(value: Value): Value {
  return byPieces(value, (x) => (x > 0 ? 1 : 0));
}

/** slope: below zero. */
export function leaky(value: Value, slope: number): Value {
  return byPieces(value, (x) => (x > 0 ? 1 : slope));
}

/** min(x, 0) */
export function negativePart(value: Value): Value {
  return byPieces(value, (x) => (x > 0 ? 0 : 1));
}

function exponentialUnit(value: Value): Value {
  return add(rectify(value), saturating(value));
}

/** e^x - 1 below zero, zero above. */
function saturating(value: Value): Value {
  return scale(exponential(negativePart(value)), 1, -1);
}

function softmaxOfRows(value: Value): Value {
  const { exponentials, sums } = shiftedExponentials(value);
  const rows = sums.size;
  return divide(exponentials, repeat(sums, rows, 1, value.shape));
}

/**
 * exp(x - m), m the largest of its row (last axis), and its sums [rows]; m. Whatever is made of them without m does not depend
 * on it, so that it may be constant.
 */
export function shiftedExponentials(value: Value): {
  readonly exponentials: Value;
  readonly sums: Value;
  readonly largest: Value;
} {
  const { data, shape } = value;
  const width = shape.at(-1)!;
  const rows = data.length / width;
  const largest = new Float64Array(rows).fill(-Infinity);
  for (let at = 0; at < data.length; at += 1) {
    const row = Math.floor(at / width);
    largest[row] = Math.max(largest[row]!, data[at]!);
  }
  const shift = constant(largest, [rows]);
  const exponentials = exponential(subtract(value, repeat(shift, rows, 1, shape)));
  return { exponentials, sums: sum(exponentials, rows, 1, [rows]), largest: shift };
}
