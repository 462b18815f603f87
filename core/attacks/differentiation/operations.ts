/**
 * Elementwise operations, sums and their adjoints. Binary ones take values of one shape: what other libraries broadcast
 * is said by repeat(), whose gradient is sum(), and the other way round.
 */
import { operation, type Value } from './value.ts';

export function add(left: Value, right: Value): Value {
  const [a, b] = sameSize(left, right);
  return operation(
    left.shape,
    [left, right],
    (result) => {
      for (let at = 0; at < result.length; at += 1) result[at] = a[at]! + b[at]!;
    },
    (gradient) => gradient,
  );
}

export function subtract(left: Value, right: Value): Value {
  const [a, b] = sameSize(left, right);
  return operation(
    left.shape,
    [left, right],
    (result) => {
      for (let at = 0; at < result.length; at += 1) result[at] = a[at]! - b[at]!;
    },
    (gradient, parent) => (parent === 0 ? gradient : scale(gradient, -1)),
  );
}

export function multiply(left: Value, right: Value): Value {
  const [a, b] = sameSize(left, right);
  return operation(
    left.shape,
    [left, right],
    (result) => {
      for (let at = 0; at < result.length; at += 1) result[at] = a[at]! * b[at]!;
    },
    (gradient, parent) => multiply(gradient, parent === 0 ? right : left),
  );
}

export function divide(left: Value, right: Value): Value {
  const [a, b] = sameSize(left, right);
  const quotient: Value = operation(
    left.shape,
    [left, right],
    (result) => {
      for (let at = 0; at < result.length; at += 1) result[at] = a[at]! / b[at]!;
    },
    (gradient, parent) => {
      const part = divide(gradient, right);
      return parent === 0 ? part : scale(multiply(part, quotient), -1);
    },
  );
  return quotient;
}

/** factor x + offset, both plain numbers. */
export function scale(value: Value, factor: number, offset = 0): Value {
  const { data } = value;
  return operation(
    value.shape,
    [value],
    (result) => {
      for (let at = 0; at < result.length; at += 1) result[at] = factor * data[at]! + offset;
    },
    (gradient) => scale(gradient, factor),
  );
}

export function square(value: Value): Value {
  const { data } = value;
  return operation(
    value.shape,
    [value],
    (result) => {
      for (let at = 0; at < result.length; at += 1) result[at] = data[at]! * data[at]!;
    },
    (gradient) => scale(multiply(gradient, value), 2),
  );
}

export function squareRoot(value: Value): Value {
  const root: Value = unary(value, Math.sqrt, (gradient) => scale(divide(gradient, root), 0.5));
  return root;
}

export function exponential(value: Value): Value {
  const result: Value = unary(value, Math.exp, (gradient) => multiply(gradient, result));
  return result;
}

export function logarithm(value: Value): Value {
  return unary(value, Math.log, (gradient) => divide(gradient, value));
}

export function sigmoid(value: Value): Value {
  const result: Value = unary(
    value,
    (x) => 1 / (1 + Math.exp(-x)),
    (gradient) => multiply(gradient, subtract(result, square(result))),
  );
  return result;
}

export function tanh(value: Value): Value {
  const result: Value = unary(value, Math.tanh, (gradient) =>
    multiply(gradient, scale(square(result), -1, 1)),
  );
  return result;
}

/** log(1 + e^x). */
export function softplus(value: Value): Value {
  return unary(
    value,
    (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    (gradient) => multiply(gradient, sigmoid(value)),
  );
}

/** The error function. */
export function errorFunction(value: Value): Value {
  return unary(value, erf, (gradient) =>
    multiply(gradient, scale(exponential(scale(square(value), -1)), 2 / Math.sqrt(Math.PI))),
  );
}

/** By its series of positive terms (Abramowitz, Stegun 7.1.6), exact to rounding; 1 - erf(6) is below 2^-53. */
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** x times a constant that depends on x by which side of a kink it is on: a mask, a slope, a sign. */
export function byPieces(value: Value, slope: (x: number) => number): Value {
  return multiply(value, constantOf(value, slope));
}

/** A constant of the same shape, made of its elements. */
export function constantOf(value: Value, of: (x: number) => number): Value {
  return unary(value, of, undefined);
}

export function absolute(value: Value): Value {
  return byPieces(value, Math.sign);
}

/** [outer, count, inner] -> [outer, inner], under the given shape. */
export function sum(value: Value, outer: number, inner: number, shape: readonly number[]): Value {
  const { data } = value;
  const count = data.length / (outer * inner);
  return operation(
    shape,
    [value],
    (result) => {
      if (inner === 1) {
        for (let row = 0, at = 0; row < outer; row += 1) {
          let total = 0;
          for (const end = at + count; at < end; at += 1) total += data[at]!;
          result[row] = total;
        }
        return;
      }
      result.fill(0);
      for (let row = 0, at = 0; row < outer; row += 1)
        for (let item = 0; item < count; item += 1)
          for (let to = row * inner, end = to + inner; to < end; to += 1, at += 1)
            result[to] = result[to]! + data[at]!;
    },
    (gradient) => repeat(gradient, outer, inner, value.shape),
  );
}

/** [outer, inner] -> [outer, count, inner], under the given shape: the adjoint of sum(). */
export function repeat(value: Value, outer: number, inner: number, shape: readonly number[]): Value {
  const { data } = value;
  return operation(
    shape,
    [value],
    (result) => {
      const count = result.length / (outer * inner);
      for (let row = 0, at = 0; row < outer; row += 1)
        for (let item = 0; item < count; item += 1)
          for (let from = row * inner, end = from + inner; from < end; from += 1, at += 1)
            result[at] = data[from]!;
    },
    (gradient) => sum(gradient, outer, inner, value.shape),
  );
}

/** One number. */
export function total(value: Value): Value {
  return sum(value, 1, 1, [1]);
}

/** Sum of the products, one number. */
export function dot(left: Value, right: Value): Value {
  const [a, b] = sameSize(left, right);
  return operation(
    [1],
    [left, right],
    (result) => {
      let all = 0;
      for (let at = 0; at < a.length; at += 1) all += a[at]! * b[at]!;
      result[0] = all;
    },
    (gradient, parent) => times(parent === 0 ? right : left, gradient),
  );
}

/** Every element times a value of one number. */
function times(value: Value, factor: Value): Value {
  const { data } = value;
  const { number } = factor;
  return operation(
    value.shape,
    [value, factor],
    (result) => {
      for (let at = 0; at < result.length; at += 1) result[at] = number * data[at]!;
    },
    (gradient, parent) => (parent === 0 ? times(gradient, factor) : dot(gradient, value)),
  );
}

function unary(
  value: Value,
  apply: (x: number) => number,
  backward: ((gradient: Value) => Value) | undefined,
): Value {
  const { data } = value;
  return operation(
    value.shape,
    backward === undefined ? [] : [value],
    (result) => {
      for (let at = 0; at < result.length; at += 1) result[at] = apply(data[at]!);
    },
    backward,
  );
}

function sameSize(left: Value, right: Value): readonly [Float64Array, Float64Array] {
  if (left.size !== right.size)
    throw new RangeError(`values of ${left.size} and of ${right.size} numbers do not go together`);
  return [left.data, right.data];
}
