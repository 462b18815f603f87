/**
 * The second stage: the image that has these features (Mahendran, Vedaldi 2015, equation 1: a network's representation
 * inverted, with total variation as what is known of pictures). x = sigmoid(z) keeps pixels within 0 .. 1; Adam goes down
 *
 *   |f(x) - h|^2 / |h|^2, over what is known of h, + total variation + L1, as digits are mostly black
 *
 * Pooling and rectifiers leave many dead ends: the search starts from strong noise, takes long steps at first, by a slope
 * that is smoothed, and is shaken by noise that fades; and z stays where pixels can still change their minds.
 */
import type { DifferentiableNetwork } from '../differentiation/differentiable-network.ts';
import { gradients } from '../differentiation/gradients.ts';
import { totalVariation } from '../differentiation/losses.ts';
import { add, dot, multiply, scale, sigmoid, subtract, total } from '../differentiation/operations.ts';
import { constant, type Value, variable, Workspace } from '../differentiation/value.ts';
import { Adam } from '../optimise/adam.ts';
import type { RandomStream } from '../../random/generator.ts';
import type { KnownOutput } from './dense-features.ts';

interface FeaturePlan {
  readonly network: DifferentiableNetwork;
  /** [parameters] before the step. */
  readonly weights: ArrayLike<number>;
  /** One for each image, all of the same layer. */
  readonly outputs: readonly KnownOutput[];
  readonly steps: number;
  readonly stream: RandomStream;
}

export interface FeatureGuess {
  /** [pixels] each, 0 .. 1. */
  readonly images: readonly Float32Array[];
  /** Mean over the images, priors included. */
  readonly loss: number;
  /** The part of it that is the features': 0, it has them all; 1, none. */
  readonly misfit: number;
}

/** Weights of the priors: means over the pixels. */
const priors = { variation: 1e-3, brightness: 1e-2 };
/** Falls along a cosine to nothing. */
const learningRate = 0.5;
/** z starts uniform around: pixels from almost black to half. */
const start = { middle: -2, half: 3 };
/** |z| at most: pixels from 0.0025 to 0.9975. Further out the sigmoid is so flat that a pixel never comes back. */
const furthest = 6;
/** Share of the steps whose slopes are smoothed: strokes first, edges later. */
const smoothedUntil = 0.25;
/** Half the width of the noise that shakes z at first, and the share of the steps after which there is none. */
const shake = { half: 0.2, until: 0.7 };

/** Below it the image is found; above the other there was nothing to find (noise, mixtures): neither is searched for again. */
const [found, hopeless] = [5e-4, 0.1];

/** It came near and got stuck: whoever attacks sees that, and tries again from other noise. */
export function isStuck({ misfit }: FeatureGuess): boolean {
  return misfit > found && misfit < hopeless;
}

/** Yields the guess before each step. */
export function* searchByFeatures(plan: FeaturePlan): Generator<FeatureGuess, FeatureGuess, void> {
  const { outputs, steps, stream } = plan;
  const objective = new FeatureObjective(plan);
  const { size } = objective;
  const around = (half: number): number => half * (2 * stream.nextFloat() - 1);
  const z = Float32Array.from({ length: size }, () => start.middle + around(start.half));
  const slope = new Float32Array(size);
  const adam = new Adam(size, { learningRate });
  let guess: FeatureGuess = { images: [], loss: Number.POSITIVE_INFINITY, misfit: 1 };
  for (let step = 0; step <= steps; step += 1) {
    const { pixels, ...value } = objective.evaluate(z, slope);
    const each = size / outputs.length;
    const images = outputs.map((_, index) => pixels.subarray(index * each, (index + 1) * each));
    guess = { images, ...value };
    if (step === steps) break;
    yield guess;
    const width = shake.half * Math.max(0, 1 - step / (shake.until * steps));
    if (width > 0) for (let at = 0; at < size; at += 1) z[at]! += around(width);
    for (let at = 0; at < size; at += 1) z[at] = Math.min(Math.max(z[at]!, -furthest), furthest);
    if (step < smoothedUntil * steps) smooth(slope, plan.network.architecture.input);
    adam.step(z, slope, (learningRate / 2) * (1 + Math.cos((Math.PI * step) / steps)));
  }
  return guess;
}

/** Each pixel's slope becomes the mean of its neighbourhood, weighted 1 2 1 down and across, in place. */
function smooth(slopes: Float32Array, [rows = 1, columns = 1, channels = 1]: readonly number[]): void {
  const before = slopes.slice();
  const image = rows * columns * channels;
  for (let at = 0; at < slopes.length; at += 1) {
    const row = Math.floor((at % image) / (columns * channels));
    const column = Math.floor((at % (columns * channels)) / channels);
    let [sum, weights] = [0, 0];
    for (let down = row > 0 ? -1 : 0; down <= (row < rows - 1 ? 1 : 0); down += 1)
      for (let across = column > 0 ? -1 : 0; across <= (column < columns - 1 ? 1 : 0); across += 1) {
        const weight = (down === 0 ? 2 : 1) * (across === 0 ? 2 : 1);
        sum += weight * before[at + (down * columns + across) * channels]!;
        weights += weight;
      }
    slopes[at] = sum / weights;
  }
}

class FeatureObjective {
  readonly size: number;
  readonly #network: DifferentiableNetwork;
  readonly #weights: readonly Value[];
  readonly #source: number;
  readonly #shape: readonly number[];
  /** [images, outputs] both over the length of what is known. */
  readonly #known: Value;
  readonly #wanted: Value;
  readonly #workspace = new Workspace();

  constructor({ network, weights, outputs }: FeaturePlan) {
    const { input, layers } = network.architecture;
    this.#network = network;
    this.#weights = network.weights(weights);
    this.#source = outputs[0]!.source;
    this.#shape = [outputs.length, ...input];
    this.size = this.#shape.reduce((product, side) => product * side, 1);
    const shape = [outputs.length, ...(this.#source === -1 ? input : layers[this.#source]!.output)];
    const width = outputs[0]!.values.length;
    const known = new Float64Array(outputs.length * width);
    const wanted = new Float64Array(known.length);
    for (const [row, output] of outputs.entries()) {
      const length = knownLength(output) || 1;
      for (let at = 0; at < width; at += 1) {
        known[row * width + at] = output.known[at]! / length;
        wanted[row * width + at] = (output.known[at]! * output.values[at]!) / length;
      }
    }
    this.#known = constant(known, shape);
    this.#wanted = constant(wanted, shape);
  }

  /** Writes the gradient by z. */
  evaluate(
    z: Float32Array,
    slope: Float32Array,
  ): Omit<FeatureGuess, 'images'> & { readonly pixels: Float32Array } {
    return this.#workspace.run(() => {
      const [count = 1, rows = 1, columns = 1, channels = 1] = this.#shape;
      const variables = variable(Float64Array.from(z), this.#shape);
      const images = sigmoid(variables);
      const outputs = this.#network.layerOutput(this.#weights, images, this.#source);
      const difference = subtract(multiply(outputs, this.#known), this.#wanted);
      const misfit = scale(dot(difference, difference), 1 / count);
      const variation = scale(totalVariation(images, { rows, columns, channels }), priors.variation);
      const brightness = scale(total(images), priors.brightness / images.size);
      const loss = add(misfit, add(variation, brightness));
      slope.set(gradients(loss, [variables], 'last')[0]!.data);
      return { pixels: Float32Array.from(images.data), loss: loss.number, misfit: misfit.number };
    });
  }
}

function knownLength({ values, known }: KnownOutput): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) sum += known[at]! * values[at]! * values[at]!;
  return Math.sqrt(sum);
}
