/**
 * How far the gradient of guessed images is from the one that was observed, and which way down: the functions that
 * gradient matching makes small.
 */
import { activate } from '../differentiation/activations.ts';
import { type DifferentiableNetwork, weightGradients } from '../differentiation/differentiable-network.ts';
import { gradients } from '../differentiation/gradients.ts';
import { cosineDistance, squaredDistance, totalVariation } from '../differentiation/losses.ts';
import { add, scale } from '../differentiation/operations.ts';
import { constant, reshape, type Value, variable, Workspace } from '../differentiation/value.ts';

/**
 * squared: |g(x) - g*|^2 / |g*|^2 (Zhu, Liu, Han 2019, equation 4; divided, so that values compare between networks);
 * cosine: 1 minus the cosine of the angle between them (Geiping et al. 2020, equation 4).
 */
type Distance = 'squared' | 'cosine';

interface MatchingPlan {
  readonly network: DifferentiableNetwork;
  /** [parameters] each: the weights before the step, and the gradient that was observed. */
  readonly weights: ArrayLike<number>;
  readonly gradient: ArrayLike<number>;
  readonly count: number;
  /** Of each guess its class; undefined: searched for together with the images (Zhu, Liu, Han 2019, algorithm 1). */
  readonly labels: readonly number[] | undefined;
  readonly distance: Distance;
  /** Weight of the total variation, mean over the pixels. */
  readonly variation: number;
}

/** A function of flat guesses: images [count, ...input], then, where labels are searched for, their logits [count, classes]. */
export class MatchingObjective {
  readonly #plan: MatchingPlan;
  readonly #weights: readonly Value[];
  readonly #wanted: readonly Value[];
  readonly #norm: number;
  readonly #workspace = new Workspace();
  /** Numbers that are images; the others are logits. */
  readonly pixels: number;
  readonly size: number;

  constructor(plan: MatchingPlan) {
    const { network, count, labels } = plan;
    const { input, classes } = network.architecture;
    this.#plan = plan;
    this.#weights = network.weights(plan.weights);
    this.#wanted = network.weights(plan.gradient).map(({ data, shape }) => constant(data, shape));
    this.#norm = Math.sqrt(this.#wanted.reduce((sum, { data }) => sum + squares(data), 0));
    this.pixels = count * input.reduce((product, side) => product * side, 1);
    this.size = this.pixels + (labels === undefined ? count * classes : 0);
  }

  /** The value at the guess; its gradient is written into the array. */
  evaluate(guess: Float64Array, gradient: Float64Array): number {
    return this.#workspace.run(() => {
      const { network, count, labels, variation } = this.#plan;
      const { input, classes } = network.architecture;
      const images = variable(guess.subarray(0, this.pixels), [count, ...input]);
      const logits =
        labels === undefined ? variable(guess.subarray(this.pixels), [count, classes]) : undefined;
      const shares = logits === undefined ? oneHot(labels!, classes) : activate('softmax', logits);
      let value = this.#distance(weightGradients(network, this.#weights, images, shares));
      if (variation > 0) value = add(value, scale(totalVariation(images, sidesOf(input)), variation));
      const variables = logits === undefined ? [images] : [images, logits];
      const [byImages, byLogits] = gradients(value, variables, 'last');
      gradient.set(byImages!.data);
      if (byLogits !== undefined) gradient.set(byLogits.data, this.pixels);
      return value.number;
    });
  }

  #distance(found: readonly Value[]): Value {
    if (this.#plan.distance === 'cosine') return cosineDistance(found, this.#wanted);
    return scale(squaredDistance(found, this.#wanted), 1 / this.#norm ** 2);
  }
}

/** Images of two dimensions have one channel. */
function sidesOf([rows = 1, columns = 1, channels = 1]: readonly number[]): {
  rows: number;
  columns: number;
  channels: number;
} {
  return { rows, columns, channels };
}

function oneHot(labels: readonly number[], classes: number): Value {
  const rows = new Float64Array(labels.length * classes);
  for (const [row, label] of labels.entries()) rows[row * classes + label] = 1;
  return reshape(constant(rows, [rows.length]), [labels.length, classes]);
}

function squares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
