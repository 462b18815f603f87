/**
 * A network of one hidden layer, as far as an attacker needs it who knows its weights: image -> dense (ReLU) -> dense
 * (softmax). The slope of an image at a hidden unit is the derivative of its cross-entropy in the unit's bias.
 */
import { readArchitecture } from '../model/architecture.ts';
import type { ModelTopology } from '../model/engine.ts';
import { type DensePlace, densePlaces } from './topologies.ts';

export class TwoLayers {
  readonly classes: number;
  readonly #weights: Float32Array;
  readonly #hidden: DensePlace;
  readonly #output: DensePlace;

  private constructor(weights: Float32Array, hidden: DensePlace, output: DensePlace) {
    this.#weights = weights;
    this.#hidden = hidden;
    this.#output = output;
    this.classes = output.units;
  }

  /** Undefined where the network has another form (dropout, other activations, more layers). */
  static of(topology: ModelTopology, weights: Float32Array): TwoLayers | undefined {
    const layers = readArchitecture(topology).layers.filter(({ className }) => className !== 'Flatten');
    const [first, second] = layers;
    const [hidden, output] = densePlaces(topology);
    const fits =
      layers.length === 2 &&
      first?.className === 'Dense' &&
      first.activation === 'relu' &&
      second?.className === 'Dense' &&
      second.activation === 'softmax';
    return fits && hidden !== undefined && output !== undefined
      ? new TwoLayers(weights, hidden, output)
      : undefined;
  }

  /** image: [inputs]. For each class as its label, [units]: zero where the unit does not fire. */
  slopes(image: Float32Array): readonly Float64Array[] {
    const { units } = this.#hidden;
    const sums = this.#layer(this.#hidden, image);
    const probabilities = softmax(
      this.#layer(
        this.#output,
        sums.map((sum) => Math.max(sum, 0)),
      ),
    );
    return Array.from({ length: this.classes }, (_, label) => {
      const slopes = new Float64Array(units);
      for (let unit = 0; unit < units; unit += 1) {
        if (!(sums[unit]! > 0)) continue;
        for (let output = 0; output < this.classes; output += 1) {
          const error = probabilities[output]! - Number(output === label);
          slopes[unit]! += this.#weights[this.#output.kernelAt + unit * this.classes + output]! * error;
        }
      }
      return slopes;
    });
  }

  #layer({ kernelAt, biasAt, inputs, units }: DensePlace, values: ArrayLike<number>): Float64Array {
    const sums = Float64Array.from(this.#weights.subarray(biasAt, biasAt + units));
    for (let input = 0; input < inputs; input += 1) {
      const value = values[input]!;
      if (value === 0) continue;
      const row = kernelAt + input * units;
      for (let unit = 0; unit < units; unit += 1) sums[unit]! += value * this.#weights[row + unit]!;
    }
    return sums;
  }
}

function softmax(logits: Float64Array): Float64Array {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
