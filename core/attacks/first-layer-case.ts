/**
 * What the attacks on the first dense layer are run on: a fresh network, the model of an activity, or an update that a
 * client has really sent. Victims' images: the person's drawings first.
 */
import type { LabelledImages } from '../datasets/dataset.ts';
import { invalidSetting } from '../errors/federation-error.ts';
import { readArchitecture, sizeOf } from '../model/architecture.ts';
import type { ClientOptimiser, ModelTopology } from '../model/engine.ts';
import { initialWeights } from '../model/initial-weights.ts';
import { randomStream } from '../random/stream.ts';
import type { AttackInput, ObservedUpdate, TargetModel } from './attack.ts';
import { elementsOf } from './pictures.ts';
import { type DensePlace, densePlaces, denseTopology } from './topologies.ts';
import { TwoLayers } from './two-layers.ts';
import { choosePrivateImages, modelDataOf, type PrivateImages } from './victim.ts';

/** Victims have images of this first part of the training images; an independent judge learns from the rest. */
const victimShare = 5 / 6;

export const sgd: ClientOptimiser = { kind: 'sgd', learningRate: 0.1, momentum: 0 };
export const adam: ClientOptimiser = { kind: 'adam', learningRate: 0.001 };

/** The network under attack and where its first dense layer lies. */
export interface FirstLayerModel extends TargetModel {
  readonly first: DensePlace;
}

/** What a person has chosen, else a fresh network with so many hidden units. Throws 'invalid-setting'. */
export function firstLayerModel(
  { material, dataset, seed }: AttackInput<unknown>,
  hidden: number,
): FirstLayerModel {
  const chosen = material.observed ?? material.model;
  if (chosen !== undefined) return { ...chosen, first: imageLayer(chosen.topology, dataset.train) };
  const topology = denseTopology(modelDataOf(dataset), [hidden]);
  return { topology, weights: initialWeights(topology, seed), first: imageLayer(topology, dataset.train) };
}

/**
 * The first layer that has weights, where it is dense, has a bias, and reads the image itself. Throws FederationError
 * 'invalid-setting', naming the layer that stands in the way: the quotients of any other would not be images.
 */
function imageLayer(topology: ModelTopology, data: LabelledImages): DensePlace {
  const allowed = 'a network whose first layer with weights is dense, with a bias, on the image itself';
  const { layers } = readArchitecture(topology);
  for (const { className, label, weights, output } of layers) {
    if (className === 'Flatten' || className === 'Reshape') continue;
    const [kernel, bias] = weights;
    const [place] = densePlaces(topology);
    if (className !== 'Dense' || kernel === undefined || bias === undefined || place === undefined)
      throw invalidSetting('target', `one with ${label} before it`, allowed);
    if (place.inputs !== elementsOf(data) || sizeOf(output) !== place.units)
      throw invalidSetting('target', `one with ${label}, which reads ${place.inputs} values`, allowed);
    return place;
  }
  throw invalidSetting('target', 'one without weights', allowed);
}

export function victimRange({ train }: AttackInput<unknown>['dataset']): {
  readonly from: number;
  readonly to: number;
} {
  return { from: 0, to: Math.floor(train.count * victimShare) };
}

/** field: the setting that asks for so many. Throws 'invalid-setting' where the data set has not that many. */
export function victimImages(
  { dataset, material, seed }: AttackInput<unknown>,
  attack: string,
  count: number,
  field = 'batch',
): PrivateImages {
  const range = victimRange(dataset);
  if (count > range.to) throw invalidSetting(field, count, `at most ${range.to} for this data set`);
  const stream = randomStream(seed, 'attack', attack, 'images');
  return choosePrivateImages(dataset, material.drawings, count, stream, range);
}

/**
 * The network above the first layer, where what an image moves can be computed from it: the client took one step of plain SGD
 * on all of its images.
 */
export function knownStep(
  { topology, weights }: TargetModel,
  {
    optimiser,
    batchSize,
    epochs,
    examples,
  }: Pick<ObservedUpdate, 'optimiser' | 'batchSize' | 'epochs' | 'examples'>,
): { readonly network: TwoLayers; readonly rate: number } | undefined {
  const oneStep = epochs === 1 && examples > 0 && batchSize >= examples;
  if (!oneStep || optimiser.kind !== 'sgd' || optimiser.momentum !== 0) return undefined;
  const network = TwoLayers.of(topology, weights);
  return network && { network, rate: optimiser.learningRate / examples };
}
