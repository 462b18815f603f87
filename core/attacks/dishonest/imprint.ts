/**
 * A layer that writes down what passes (Fowl et al. 2022, "Robbing the Fed"). All its rows ask the same
 * question of an image, its mean brightness; unit j fires where the answer is above the j-th quantile of what images of the
 * kind answer. What comes after it makes no difference between the units, so that each image pulls equally at all that it
 * fires: the gradients of two neighbouring units differ by the images between their quantiles alone. Where that is one image,
 * the difference is it, whoever of however many clients it belongs to.
 *
 * Departs from the paper: where the agreed architecture has a dense layer on the image, that layer itself is filled so, and
 * nothing is slipped in.
 */
import type { LabelledImages } from '../../datasets/dataset.ts';
import type { UnitUpdates } from '../first-layer.ts';
import { elementsOf } from '../pictures.ts';
import type { DensePlace } from '../topologies.ts';

/** So small that the classes stay equally likely: then every image pulls by the same amount, up or down with its class. */
const queryScale = 1e-4;
/** Where the units' sum enters: keeps the one unit of a following layer awake. */
const awake = 2e-3;

export interface ImprintPlan {
  /** Every dense layer, the imprint first, the classes last; one or two follow it. */
  readonly places: readonly DensePlace[];
  readonly parameterCount: number;
  /** [units] increasing */
  readonly quantiles: Float64Array;
  /** How strongly each image pulls: what one step moves is rate times this over the images of a batch. */
  readonly pull: number;
}

/** [count] increasing: the brightness that 0, 1/count, 2/count .. of the images stay below. */
export function brightnessQuantiles(data: LabelledImages, count: number): Float64Array {
  const elements = elementsOf(data);
  const answers = Float64Array.from({ length: data.count }, (_, index) => {
    let sum = 0;
    for (const value of data.images.subarray(index * elements, (index + 1) * elements)) sum += value;
    return sum / (255 * elements);
  }).sort();
  return Float64Array.from({ length: count }, (_, unit) =>
    unit === 0 ? 0 : answers[Math.floor((unit * answers.length) / count)]!,
  );
}

/** [parameterCount] the weights that the coordinator sends. */
export function imprintWeights({ places, parameterCount, quantiles, pull }: ImprintPlan): Float32Array {
  const weights = new Float32Array(parameterCount);
  const [imprint, ...following] = places;
  const output = following.at(-1);
  if (imprint === undefined || output === undefined)
    throw new RangeError('an imprint needs a layer after it');
  weights.fill(
    queryScale / imprint.inputs,
    imprint.kernelAt,
    imprint.kernelAt + imprint.inputs * imprint.units,
  );
  for (let unit = 0; unit < imprint.units; unit += 1)
    weights[imprint.biasAt + unit] = -queryScale * quantiles[unit]!;
  // half of the classes pull up, half down: with all of them equally likely no image pulls at nothing
  const slope = (label: number): number => (label % 2 === 0 ? pull : -pull);
  if (following.length === 1) {
    for (let unit = 0; unit < output.inputs; unit += 1)
      for (let label = 0; label < output.units; label += 1)
        weights[output.kernelAt + unit * output.units + label] = slope(label);
    return weights;
  }
  const [between] = following;
  // one unit adds all of the imprint up, and hands it on
  for (let unit = 0; unit < between!.inputs; unit += 1)
    weights[between!.kernelAt + unit * between!.units] = 1;
  weights[between!.biasAt] = awake;
  for (let label = 0; label < output.units; label += 1) weights[output.kernelAt + label] = slope(label);
  return weights;
}

/** What each unit moved beyond its brighter neighbour: of the images between the two quantiles alone. */
export function neighbourDifferences({ units, inputs, weights, biases }: UnitUpdates): UnitUpdates {
  const beyond = (values: Float64Array, width: number): Float64Array =>
    values.map((value, index) => value - (values[index + width] ?? 0));
  return { units, inputs, weights: beyond(weights, inputs), biases: beyond(biases, 1) };
}
