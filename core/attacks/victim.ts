/**
 * The client under attack: it trains on its private images with the engine that real clients train with, and its update
 * is what training moved. What of it anybody reads is another matter (protect.ts).
 */
import type { Dataset, LabelledImages } from '../datasets/dataset.ts';
import type { ClientOptimiser, Engine, ModelTopology } from '../model/engine.ts';
import type { ModelData } from '../model/topology.ts';
import { type RandomStream, shuffle } from '../random/generator.ts';
import { streamState } from '../random/stream.ts';
import { elementsOf, selectImages, shapeOf } from './pictures.ts';

/** The images that the victim trains on. */
export interface PrivateImages {
  /** The person's drawings first, then images of the data set. */
  readonly data: LabelledImages;
  /** Which images of the data set's training images these are: [data.count - drawings]. */
  readonly own: Uint32Array;
  /** How many of them are drawings. */
  readonly drawings: number;
}

/** What a model must be for, to take the data set's images. */
export function modelDataOf({ train, classNames }: Dataset): ModelData {
  return { ...shapeOf(train), classes: classNames.length };
}

/**
 * So many private images: the drawings first (newest first), filled up by training images drawn without repetition from
 * places from .. to - 1. Drawings of another shape than the data set's are left out.
 */
export function choosePrivateImages(
  dataset: Dataset,
  drawings: LabelledImages | undefined,
  count: number,
  stream: RandomStream,
  { from = 0, to = dataset.train.count }: { readonly from?: number; readonly to?: number } = {},
): PrivateImages {
  const { train } = dataset;
  const fitting = drawings !== undefined && isAlike(drawings, train) ? Math.min(drawings.count, count) : 0;
  if (count - fitting > to - from)
    throw new RangeError(`cannot draw ${count - fitting} images, as there are ${to - from}`);
  const places = Uint32Array.from({ length: to - from }, (_, index) => from + index);
  shuffle(places, stream);
  const own = places.slice(0, count - fitting);
  const drawn = selectImages(train, own);
  if (drawings === undefined || fitting === 0) return { data: drawn, own, drawings: 0 };
  const elements = elementsOf(train);
  const images = new Uint8Array(count * elements);
  images.set(drawings.images.subarray(0, fitting * elements));
  images.set(drawn.images, fitting * elements);
  const labels = Uint8Array.from([...drawings.labels.subarray(0, fitting), ...drawn.labels]);
  return { data: { ...shapeOf(train), images, labels, count }, own, drawings: fitting };
}

interface VictimPlan {
  readonly topology: ModelTopology;
  /** [parameters]: where its training starts. */
  readonly before: Float32Array;
  readonly images: LabelledImages;
  readonly batchSize: number;
  readonly epochs: number;
  readonly optimiser: ClientOptimiser;
  readonly seed: number;
  /** Labels of the random streams for order and dropout: the attack's name, and what tells several victims apart. */
  readonly labels: readonly (string | number)[];
}

interface Victim {
  /** [parameters] weights after training minus before. */
  readonly update: Float32Array;
  readonly after: Float32Array;
  /** Of the last epoch, as seen while training. */
  readonly loss: number;
  readonly accuracy: number;
  readonly steps: number;
}

/** Throws what the engine throws for a model that it cannot train, or that does not fit the images. */
export async function trainVictim(engine: Engine, plan: VictimPlan): Promise<Victim> {
  const { topology, before, images, batchSize, epochs, optimiser, seed, labels } = plan;
  const model = await engine.plan(topology, { train: images, test: images }, { batchSize });
  try {
    const { weights, loss, accuracy, steps } = await model.train({
      weights: before,
      indices: Uint32Array.from({ length: images.count }, (_, index) => index),
      epochs,
      batchSize,
      optimiser,
      proximalMu: 0,
      shuffleState: streamState(seed, 'attack', ...labels, 'victim-order'),
      dropoutState: streamState(seed, 'attack', ...labels, 'victim-dropout'),
    });
    const update = weights.map((value, index) => value - before[index]!);
    return { update, after: weights, loss, accuracy, steps };
  } finally {
    model.dispose();
  }
}

function isAlike(one: LabelledImages, other: LabelledImages): boolean {
  return one.height === other.height && one.width === other.width && one.channels === other.channels;
}
