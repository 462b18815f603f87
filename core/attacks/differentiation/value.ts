/**
 * Reverse-mode differentiation in float64 whose gradients can be differentiated again: every operation gives its
 * gradient as operations of the same kind (Baydin, Pearlmutter, Radul, Siskind 2018: reverse mode in section 3.2, its
 * nesting in 5.1). Attacks that match gradients need the derivative by the image of a distance between weight
 * gradients, which is a second derivative of the network.
 *
 * tf.js is not used for it, although the models are its own: it has no gradient for the gradients of convolution and
 * pooling, throws on second derivatives of tanh, sigmoid, exp, log-softmax and cross-entropy, and gives a wrong one,
 * silently, for its built-in softmax. It also computes in float32, where finite differences could not check any of it.
 *
 * Constant by definition is which element a maximum took, and on which side of its kink a rectifier stood: derivatives
 * are those that hold almost everywhere.
 */

/** How a gradient flows on to one of the parents: another value, made of the same operations. */
type Backward = (gradient: Value, parent: number) => Value;

let made = 0;
/** False while nothing that is made will be differentiated again: then no parents are held. */
let recording = true;

/** An array of numbers, and how it was made. */
export class Value {
  /** In the order of making: parents have lower ones. */
  readonly id: number;
  readonly shape: readonly number[];
  /** Empty for leaves, and for what no variable is behind. */
  readonly parents: readonly Value[];
  readonly backward: Backward | undefined;
  readonly #tracked: boolean;
  /** A value: one whose memory it shares. */
  #data: Float64Array | Value | undefined;

  constructor(
    data: Float64Array | Value,
    shape: readonly number[],
    from?: { readonly parents: readonly Value[]; readonly backward: Backward } | 'variable',
  ) {
    made += 1;
    this.id = made;
    this.#data = data;
    this.shape = shape;
    const operation = typeof from === 'object' && recording && from.parents.some((parent) => parent.#tracked);
    this.#tracked = from === 'variable' || operation;
    this.parents = operation ? from.parents : [];
    this.backward = operation ? from.backward : undefined;
  }

  /** In row-major order. Throws RangeError once its workspace has taken the memory back. */
  get data(): Float64Array {
    if (this.#data instanceof Value) return this.#data.data;
    if (this.#data === undefined) throw new RangeError('a value is read after the workspace that made it');
    return this.#data;
  }

  get size(): number {
    return this.data.length;
  }

  /** Of a value of one element. */
  get number(): number {
    if (this.size !== 1) throw new RangeError(`one number is asked of a value of ${this.size}`);
    return this.data[0]!;
  }

  /** For the workspace that made it. */
  release(): Float64Array {
    const { data } = this;
    this.#data = undefined;
    return data;
  }
}

/** A leaf that gradients may be taken by; the array is not copied. */
export function variable(data: Float64Array, shape: readonly number[]): Value {
  return new Value(checked(data, shape), shape, 'variable');
}

/** A leaf without gradient; the array is not copied. */
export function constant(data: Float64Array, shape: readonly number[]): Value {
  return new Value(checked(data, shape), shape);
}

/** The same numbers under another shape; they share memory. */
export function reshape(value: Value, shape: readonly number[]): Value {
  checked(value.data, shape);
  const backward: Backward = (gradient) => reshape(gradient, value.shape);
  return new Value(value, shape, { parents: [value], backward });
}

function checked(data: Float64Array, shape: readonly number[]): Float64Array {
  if (sizeOfShape(shape) !== data.length)
    throw new RangeError(`${data.length} numbers do not fill ${JSON.stringify(shape)}`);
  return data;
}

const sizeOfShape = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

/** What an operation makes. fill must write every element: the array starts with anything. */
export function operation(
  shape: readonly number[],
  parents: readonly Value[],
  fill: (result: Float64Array) => void,
  backward: Backward = constantHasNone,
): Value {
  const size = sizeOfShape(shape);
  const data = current?.free.get(size)?.pop() ?? new Float64Array(size);
  fill(data);
  const value = new Value(data, shape, { parents, backward });
  current?.values.push(value);
  return value;
}

function constantHasNone(): never {
  throw new RangeError('a gradient is asked of an operation that is constant by definition');
}

/** While it works, values are made that nobody will differentiate. */
export function withoutRecording<Result>(work: () => Result): Result {
  const before = recording;
  recording = false;
  try {
    return work();
  } finally {
    recording = before;
  }
}

let current: { readonly free: Map<number, Float64Array[]>; readonly values: Value[] } | undefined;

/**
 * The memory of a computation that is done again and again (a step of an optimiser): what run() makes is taken back when
 * it returns, and serves the next run. Results leave as numbers or as copies; work is synchronous.
 */
export class Workspace {
  readonly #free = new Map<number, Float64Array[]>();

  run<Result>(work: () => Result): Result {
    const before = current;
    const values: Value[] = [];
    current = { free: this.#free, values };
    try {
      return work();
    } finally {
      current = before;
      for (const value of values) this.#takeBack(value.release());
    }
  }

  #takeBack(data: Float64Array): void {
    const waiting = this.#free.get(data.length);
    if (waiting === undefined) this.#free.set(data.length, [data]);
    else waiting.push(data);
  }
}
