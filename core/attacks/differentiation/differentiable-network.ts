/**
 * A model of the catalogue as a function that can be differentiated as often as wanted, by its weights, its images and its labels:
 * what gradient matching, feature inversion and everything else that searches for images stand on.
 */
import { readArchitecture, weightsOf, type Architecture } from '../../model/architecture.ts';
import type { ModelTopology } from '../../model/engine.ts';
import { product } from '../../model/layers/layer-rule.ts';
import { activate } from './activations.ts';
import { gradients } from './gradients.ts';
import { planLayer, type LayerPlan } from './layers.ts';
import { crossEntropy } from './losses.ts';
import type { BatchStatistics } from './normalisations.ts';
import { constant, variable, type Value } from './value.ts';

export interface DifferentiableNetwork {
  readonly architecture: Architecture;
  readonly parameterCount: number;
  /** Flat weights as one variable each, in their order; copied. */
  weights(flat: ArrayLike<number>): Value[];
  /** images [batch, ...input], pixels 0 .. 1: [batch, classes], before softmax. Dropout is off. */
  logits(weights: readonly Value[], images: Value): Value;
  /** What the layer at that position of the architecture gives, [batch, ...output]; the images themselves at -1. */
  layerOutput(weights: readonly Value[], images: Value, position: number): Value;
}

/**
 * statistics: what batch normalisation takes; of a client's own training, the batch's. Throws FederationError 'model-refused'
 * when the topology is not one that can be trained.
 */
export function differentiableNetwork(
  topology: ModelTopology,
  statistics: BatchStatistics,
): DifferentiableNetwork {
  const architecture = readArchitecture(topology);
  const { layers } = architecture;
  const plans = layers.map((layer) =>
    planLayer(
      layer,
      layer.inbound.map((feeder) => (feeder === -1 ? architecture.input : layers[feeder]!.output)),
      statistics,
    ),
  );
  const shapes = weightsOf(architecture).map(({ weight }) => weight.shape);
  const parameterCount = shapes.reduce((total, shape) => total + product(shape), 0);
  const run = (weights: readonly Value[], images: Value, end: number): Value[] =>
    runLayers(architecture, plans, weights, images, end);
  return {
    architecture,
    parameterCount,
    weights(flat) {
      if (flat.length !== parameterCount)
        throw new RangeError(`a model of ${parameterCount} parameters is given ${flat.length}`);
      let start = 0;
      return shapes.map((shape) => {
        const size = product(shape);
        const values = Float64Array.from({ length: size }, (_, at) => flat[start + at]!);
        start += size;
        return variable(values, shape);
      });
    },
    logits: (weights, images) => run(weights, images, layers.length).at(-1)!,
    layerOutput: (weights, images, position) =>
      position === -1 ? images : run(weights, images, position + 1)[position]!,
  };
}

/** What the first so many layers give. The last layer of all stays without its softmax. */
function runLayers(
  { layers }: Architecture,
  plans: readonly LayerPlan[],
  weights: readonly Value[],
  images: Value,
  end: number,
): Value[] {
  const outputs: Value[] = [];
  let firstWeight = 0;
  for (const [position, layer] of layers.slice(0, end).entries()) {
    const inputs = layer.inbound.map((feeder) => (feeder === -1 ? images : outputs[feeder]!));
    const own = weights.slice(firstWeight, firstWeight + layer.weights.length);
    firstWeight += layer.weights.length;
    const made = plans[position]!(inputs, own);
    const last = position === layers.length - 1;
    outputs.push(last ? made : activate(layer.activation ?? 'linear', made));
  }
  return outputs;
}

/**
 * The gradient of the mean cross-entropy by every weight, as functions of images and labels that can be differentiated
 * by both; zero for moving statistics, which no gradient moves. labels: [batch, classes], soft or not.
 */
export function weightGradients(
  network: DifferentiableNetwork,
  weights: readonly Value[],
  images: Value,
  labels: Value,
): Value[] {
  const isTrained = weightsOf(network.architecture).map(({ weight }) => weight.statistic === undefined);
  const trained = weights.filter((_, index) => isTrained[index]!);
  const found = gradients(crossEntropy(network.logits(weights, images), labels), trained).values();
  return weights.map(({ size, shape }, index) =>
    isTrained[index]! ? found.next().value! : constant(new Float64Array(size), shape),
  );
}
