/**
 * Limited-memory BFGS (Liu, Nocedal 1989; Nocedal, Wright 2006, algorithms 7.4 and 7.5) with a line search that ends at
 * the strong Wolfe conditions (algorithms 3.5 and 3.6), on any flat array of numbers in float64. One step at a time, so
 * that whoever draws them can show what it is at and stop between any two.
 */

/** The function's value at a place, and its gradient there, written into the array. */
export type Evaluate = (place: Float64Array, gradient: Float64Array) => number;

interface LbfgsOptions {
  /** Pairs of differences that stand for the curvature. */
  readonly memory?: number;
  /** The first step's length, in the function's own unit, as nothing is known of its scale before. */
  readonly firstStep?: number;
}

/** Sufficient decrease, and how far the slope must fall (Nocedal, Wright 2006, section 3.1: the values for quasi-Newton). */
const [decrease, curvature] = [1e-4, 0.9];
/** Evaluations of one search; then the best place so far is taken. */
const searchLimit = 8;
/** A search that brackets goes on so many times as far each time. */
const growth = 3;

interface Place {
  readonly at: Float64Array;
  readonly gradient: Float64Array;
  readonly value: number;
}

interface Pair {
  /** Step and change of the gradient. */
  readonly s: Float64Array;
  readonly y: Float64Array;
  /** 1 / (s . y) */
  readonly rho: number;
}

export class Lbfgs {
  readonly #evaluate: Evaluate;
  readonly #memory: number;
  readonly #firstStep: number;
  #pairs: Pair[] = [];
  #here: Place;

  /** start: copied. */
  constructor(start: Float64Array, evaluate: Evaluate, { memory = 20, firstStep = 0.1 }: LbfgsOptions = {}) {
    this.#evaluate = evaluate;
    this.#memory = memory;
    this.#firstStep = firstStep;
    this.#here = this.#placeAt(start.slice());
  }

  get place(): Float64Array {
    return this.#here.at;
  }

  get value(): number {
    return this.#here.value;
  }

  /** One step downhill. False: no search direction leads down any more (a minimum, or the end of the numbers' precision). */
  step(): boolean {
    const { gradient } = this.#here;
    const direction = this.#direction(gradient);
    const slope = dot(direction, gradient);
    const first = this.#pairs.length === 0;
    const length = first ? this.#firstStep / Math.max(norm(gradient), Number.MIN_VALUE) : 1;
    const next = slope < 0 ? this.#search(direction, slope, length) : undefined;
    if (next === undefined) {
      // once more down the gradient itself, before giving up
      if (first) return false;
      this.#pairs = [];
      return this.step();
    }
    this.#remember(this.#here, next);
    this.#here = next;
    return true;
  }

  #placeAt(at: Float64Array): Place {
    const gradient = new Float64Array(at.length);
    return { at, gradient, value: this.#evaluate(at, gradient) };
  }

  #remember(before: Place, after: Place): void {
    const s = after.at.map((x, index) => x - before.at[index]!);
    const y = after.gradient.map((x, index) => x - before.gradient[index]!);
    const product = dot(s, y);
    if (product <= 1e-12 * norm(s) * norm(y)) return;
    this.#pairs.push({ s, y, rho: 1 / product });
    if (this.#pairs.length > this.#memory) this.#pairs.shift();
  }

  /** The two-loop recursion: minus the inverse Hessian's estimate times the gradient. */
  #direction(gradient: Float64Array): Float64Array {
    const direction = gradient.map((x) => -x);
    const pairs = this.#pairs;
    const shares = new Float64Array(pairs.length);
    for (let index = pairs.length - 1; index >= 0; index -= 1) {
      const { s, y, rho } = pairs[index]!;
      shares[index] = rho * dot(s, direction);
      addScaled(direction, y, -shares[index]!);
    }
    const last = pairs.at(-1);
    if (last !== undefined) {
      const factor = 1 / (last.rho * dot(last.y, last.y));
      for (let index = 0; index < direction.length; index += 1) direction[index]! *= factor;
    }
    for (const [index, { s, y, rho }] of pairs.entries())
      addScaled(direction, s, shares[index]! - rho * dot(y, direction));
    return direction;
  }

  /** Undefined: nothing lower was found. */
  #search(direction: Float64Array, slope: number, first: number): Place | undefined {
    const start = this.#here;
    const at = (length: number): Place => {
      const place = start.at.slice();
      addScaled(place, direction, length);
      return this.#placeAt(place);
    };
    let low = { length: 0, value: start.value, slope };
    let high: { length: number; value: number } | undefined;
    let length = first;
    let best: Place | undefined;
    for (let tries = 0; tries < searchLimit; tries += 1) {
      const place = at(length);
      const { value } = place;
      const steepness = dot(place.gradient, direction);
      const fell = value <= start.value + decrease * length * slope;
      if (fell && (best === undefined || value < best.value)) best = place;
      if (fell && Math.abs(steepness) <= -curvature * slope) return place;
      if (!fell || value >= low.value) high = { length, value };
      else {
        if (steepness * (high === undefined ? 1 : high.length - low.length) >= 0)
          high = { length: low.length, value: low.value };
        low = { length, value, slope: steepness };
      }
      length = high === undefined ? growth * length : between(low, high);
      if (high !== undefined && Math.abs(high.length - low.length) <= 1e-12 * Math.max(1, length)) break;
    }
    return best;
  }
}

/** The minimum of the parabola through the lower end, its slope and the other end, kept away from both; the middle where that is none. */
function between(
  low: { readonly length: number; readonly value: number; readonly slope: number },
  high: { readonly length: number; readonly value: number },
): number {
  const width = high.length - low.length;
  const bend = high.value - low.value - low.slope * width;
  const share = (-0.5 * low.slope * width) / bend;
  const inside = Number.isFinite(share) && bend > 0 ? Math.min(Math.max(share, 0.1), 0.9) : 0.5;
  return low.length + inside * width;
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += one[index]! * other[index]!;
  return sum;
}

const norm = (values: Float64Array): number => Math.sqrt(dot(values, values));

function addScaled(to: Float64Array, values: Float64Array, factor: number): void {
  for (let index = 0; index < to.length; index += 1) to[index]! += factor * values[index]!;
}
