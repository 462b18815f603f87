/**
 * A tf.js layers model seen as what training needs: flat weights in and out, logits of a batch, and dropout masks from
 * this project's generator. Works on any tf.js backend.
 */
import * as tf from '@tensorflow/tfjs-core';
import { models, type LayersModel } from '@tensorflow/tfjs-layers';
import type { RandomStream } from '../../random/generator.ts';
import {
  readArchitecture,
  sizeOf,
  weightsOf,
  type Architecture,
  type ArchitectureLayer,
} from '../architecture.ts';
import type { ModelTopology } from '../engine.ts';
import { zeros } from '../layers/initialisers.ts';
import type { WeightRule } from '../layers/layer-rule.ts';
import { soundVariances, statisticRanges } from '../moving-statistics.ts';
import { toTopology } from '../topology.ts';
import './group-normalisation.ts';

export interface Network {
  readonly architecture: Architecture;
  /** One variable per weight, in the order of the flat weights. */
  readonly variables: readonly tf.Variable[];
  /** Those that gradients move: all but moving statistics. */
  readonly trained: readonly tf.Variable[];
  readonly parameterCount: number;
  /** Variances below zero become zero. */
  setWeights(weights: Float32Array): void;
  getWeights(): Float32Array;
  /**
   * Logits [batch, classes] of images [batch, ...input]. With a stream as while training: dropout is on and draws from it,
   * batch normalisation takes the batch's statistics and moves its averages.
   */
  logits(images: tf.Tensor, dropout: RandomStream | undefined): tf.Tensor2D;
  dispose(): void;
}

/** Puts other calls in the place of layers' own, in a model that was built from that architecture. */
export type QuickenLayers = (model: LayersModel, architecture: Architecture) => void;

/** Throws FederationError 'model-refused' when the topology is not one that can be trained. */
export async function buildNetwork(topology: ModelTopology, quicken?: QuickenLayers): Promise<Network> {
  const architecture = readArchitecture(topology);
  const upToLogits = withoutSoftmax(architecture);
  const model = await models.modelFromJSON({
    modelTopology: toTopology(upToLogits),
  } as unknown as Parameters<typeof models.modelFromJSON>[0]);
  quicken?.(model, upToLogits);
  let dropout: RandomStream | undefined;
  for (const layer of architecture.layers)
    if (layer.className === 'Dropout') drawMasks(model, layer, () => dropout);
  const variables = architecture.layers.flatMap((layer) => variablesOf(model, layer));
  const rules = weightsOf(architecture).map(({ weight }) => weight);
  const statistics = statisticRanges(rules);
  const parameterCount = variables.reduce((total, variable) => total + variable.size, 0);
  return {
    architecture,
    variables,
    trained: variables.filter((_, index) => isTrained(rules[index]!)),
    parameterCount,
    setWeights(given) {
      const weights = soundVariances(given, statistics);
      let at = 0;
      for (const variable of variables) {
        const values = tf.tensor(weights.slice(at, at + variable.size), variable.shape);
        variable.assign(values);
        values.dispose();
        at += variable.size;
      }
    },
    getWeights() {
      const weights = new Float32Array(parameterCount);
      let at = 0;
      for (const variable of variables) {
        weights.set(variable.dataSync<'float32'>(), at);
        at += variable.size;
      }
      return weights;
    },
    logits(images, stream) {
      dropout = stream;
      return model.apply(images, { training: stream !== undefined }) as tf.Tensor2D;
    },
    dispose: () => void model.dispose(),
  };
}

const isTrained = ({ statistic }: WeightRule): boolean => statistic === undefined;

/**
 * The model up to its logits: the loss takes softmax and cross-entropy together, which is exact where probabilities
 * round to 0. Weights start at zero, as they are always set.
 */
function withoutSoftmax(architecture: Architecture): Architecture {
  const last = architecture.layers.length - 1;
  const layers = architecture.layers.map((layer, index) => ({
    ...layer,
    ...(index === last ? { className: linearClass(layer), activation: 'linear' } : {}),
    weights: layer.weights.map((weight) => ({ ...weight, initialiser: zeros })),
  }));
  return { ...architecture, layers };
}

const linearClass = (layer: ArchitectureLayer): string =>
  layer.weights.length === 0 ? 'Activation' : layer.className;

function variablesOf(model: LayersModel, layer: ArchitectureLayer): tf.Variable[] {
  if (layer.weights.length === 0) return [];
  // What tf.js calls weights here are its variables, which training needs.
  const variables = model
    .getLayer(layer.name)
    .getWeights()
    .filter((weight): weight is tf.Variable => weight instanceof tf.Variable);
  const sizes = variables.map((variable) => variable.size);
  if (JSON.stringify(sizes) !== JSON.stringify(layer.weights.map(({ shape }) => sizeOf(shape))))
    throw new RangeError(`${layer.label} has other weights in tf.js than the catalogue says`);
  return variables;
}

/**
 * tf.js's own dropout draws the same mask at every step when it is given a seed, and none that can be repeated when it
 * is not; so the layer's call is replaced. Kept values are scaled by 1 / (1 - rate), as tf.js does.
 */
function drawMasks(
  model: LayersModel,
  { name, config }: ArchitectureLayer,
  stream: () => RandomStream | undefined,
): void {
  const rate = config['rate'] as number;
  model.getLayer(name).call = (inputs) => {
    const [input] = Array.isArray(inputs) ? inputs : [inputs];
    const random = stream();
    if (random === undefined || rate === 0) return tf.clone(input!);
    return tf.tidy(() => tf.mul(input!, tf.tensor(dropoutMask(input!.size, rate, random), input!.shape)));
  };
}

/** [size]: 0 with the chance rate, else 1 / (1 - rate). */
export function dropoutMask(size: number, rate: number, stream: RandomStream): Float32Array {
  const kept = 1 / (1 - rate);
  const mask = new Float32Array(size);
  for (let index = 0; index < size; index += 1) mask[index] = stream.nextFloat() < rate ? 0 : kept;
  return mask;
}
