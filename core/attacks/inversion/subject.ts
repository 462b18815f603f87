/** The models whose classes are inverted: fresh ones, trained for it, and those that somebody has made. */
import type { AttackImage, AttackStep } from '../../contract/attacks/attack-report.ts';
import type { Dataset, LabelledImages } from '../../datasets/dataset.ts';
import type { TrainableModel } from '../../model/engine.ts';
import { readArchitecture } from '../../model/architecture.ts';
import { initialWeights } from '../../model/initial-weights.ts';
import { presetTopology } from '../../model/presets.ts';
import { modelDoesNotFit } from '../../model/refusals.ts';
import { streamState } from '../../random/stream.ts';
import type { AttackInput } from '../attack.ts';
import { elementsOf, pictureOf, pixelsAt, selectImages } from '../pictures.ts';
import { trainSteadily } from '../train-steadily.ts';
import { modelDataOf, trainVictim } from '../victim.ts';
import { type TellStage } from '../stages.ts';
import { toldBy } from '../told.ts';

export interface Subject {
  readonly model: TrainableModel;
  readonly weights: Float32Array;
  /** Of the data set: which class each of the model's classes is. */
  readonly labels: Uint8Array;
  /** Which of the data set's training images it has learnt from; undefined where nobody knows. */
  readonly members: Uint32Array | undefined;
  /** On test images of its classes, 0 .. 1. */
  readonly accuracy: number;
}

type Input = Pick<AttackInput<unknown>, 'dataset' | 'engine' | 'seed'>;

const adam = { kind: 'adam', learningRate: 0.001 } as const;
const batchSize = 32;
/** Test images that its accuracy is measured on: a fifth of a second. */
const testImages = 2_000;

/** The reference's target. */
const reference = { preset: 'cnn', images: 100, epochs: 10 } as const;
/** Of the model that knows half of the classes. */
const half = { preset: 'cnn', images: 1_000, epochs: 5 } as const;

/** The label of this attack's random streams. */
export const streamLabel = 'model-inversion';

/**
 * The preset 'cnn', trained 10 epochs on the first 100 training images, Adam with rate 0.001, batches of 32. In one call
 * of the engine, as its optimiser must not start afresh: about 0.3 s without a sign.
 */
export async function* referenceSubject(
  { dataset, engine, seed }: Input,
  tell: TellStage,
): AsyncGenerator<AttackStep, Subject, void> {
  const { train } = dataset;
  const labels = Uint8Array.from(dataset.classNames, (_, label) => label);
  const members = Uint32Array.from(
    { length: Math.min(reference.images, firstHalf(train)) },
    (_, index) => index,
  );
  yield { kind: 'images', images: memberPictures(dataset, labels, members) };
  yield tell('victim', 0);
  const topology = presetTopology(reference.preset, modelDataOf(dataset));
  const { after } = await trainVictim(engine, {
    topology,
    before: startWeights(topology, seed, 'reference'),
    images: selectImages(train, members),
    batchSize,
    epochs: reference.epochs,
    optimiser: adam,
    seed,
    labels: [streamLabel, 'reference'],
  });
  yield tell('victim', 0.7);
  const model = await engine.plan(topology, dataset, { batchSize });
  return { model, weights: after, labels, members, accuracy: await accuracyOf(model, after, dataset.test) };
}

/** A preset 'cnn' that knows the first half of the classes alone: 1,000 of their images, 5 epochs. */
export async function* halfSubject(
  { dataset, engine, seed }: Input,
  tell: TellStage,
): AsyncGenerator<AttackStep, Subject, void> {
  const classes = Math.ceil(dataset.classNames.length / 2);
  const labels = Uint8Array.from({ length: classes }, (_, label) => label);
  const known = placesOf(dataset.train, (label) => label < classes);
  const members = known.filter((place) => place < firstHalf(dataset.train)).slice(0, half.images);
  yield { kind: 'images', images: memberPictures(dataset, labels, members) };
  const train = selectImages(dataset.train, members);
  const test = selectImages(
    dataset.test,
    placesOf(dataset.test, (label) => label < classes),
  );
  const topology = presetTopology(half.preset, { ...modelDataOf(dataset), classes });
  const model = await engine.plan(topology, { train, test }, { batchSize });
  const training = trainSteadily(model, {
    start: startWeights(topology, seed, 'half'),
    indices: Uint32Array.from({ length: train.count }, (_, index) => index),
    epochs: half.epochs,
    batchSize,
    optimiser: adam,
    seed,
    labels: [streamLabel, 'half'],
  });
  const weights = yield* toldBy(training, ({ done, loss }) => tell('victim', done, { loss }));
  const accuracy = await accuracyOf(model, weights, test);
  return { model, weights, labels, members, accuracy };
}

/** A model that somebody has made. Throws 'model-does-not-fit' where it is not for the data set's images and classes. */
export async function* madeSubject(
  { dataset, engine }: Input,
  { topology, weights }: NonNullable<AttackInput<unknown>['material']['model']>,
  tell: TellStage,
): AsyncGenerator<AttackStep, Subject, void> {
  yield tell('victim', 0);
  const { classes, layers } = readArchitecture(topology);
  const { length: known } = dataset.classNames;
  if (classes !== known)
    throw modelDoesNotFit(layers.at(-1)!.label, 'number of classes', String(known), String(classes));
  const model = await engine.plan(topology, dataset, { batchSize });
  const labels = Uint8Array.from(dataset.classNames, (_, label) => label);
  const accuracy = await accuracyOf(model, weights, dataset.test);
  return { model, weights, labels, members: undefined, accuracy };
}

/** Of every class one image that the model has learnt from. */
function memberPictures(
  { train }: Dataset,
  labels: Uint8Array,
  members: Uint32Array,
): readonly AttackImage[] {
  return Array.from(labels).flatMap((label, index) => {
    const place = members.find((member) => train.labels[member] === label);
    if (place === undefined) return [];
    const about = { id: `target-${index}`, role: 'target', name: 'member', index, label } as const;
    return [pictureOf(about, pixelsAt(train, place), train)];
  });
}

export function startWeights(
  topology: Parameters<typeof initialWeights>[0],
  seed: number,
  label: string,
): Float32Array {
  return initialWeights(topology, streamState(seed, 'attack', streamLabel, label, 'start')[0]! >>> 0);
}

export function placesOf(data: LabelledImages, belongs: (label: number) => boolean): Uint32Array {
  const places = Uint32Array.from({ length: data.count }, (_, place) => place);
  return places.filter((place) => belongs(data.labels[place]!));
}

/**
 * What to train a judge on that no model under attack has seen: the second half of the training images where fresh models
 * take the first. Of a model that somebody has made, only the test images are sure; then the judge is tried on training
 * images.
 */
export function unseenData(
  dataset: Dataset,
  members: Uint32Array | undefined,
): { readonly dataset: Dataset; readonly from: number; readonly to: number; readonly epochs: number } {
  const { train, test } = dataset;
  if (members === undefined)
    return {
      dataset: { ...dataset, train: test, test: firstOf(train, judgeTest) },
      from: 0,
      to: test.count,
      epochs: 4,
    };
  const from = firstHalf(train);
  return { dataset, from, to: Math.min(train.count, from + judgeImages), epochs: 2 };
}
const judgeImages = 20_000;
const judgeTest = 5_000;

/** Fresh models learn from images before this place. */
export function firstHalf(train: LabelledImages): number {
  return Math.floor(train.count / 2);
}

function firstOf(data: LabelledImages, most: number): LabelledImages {
  const count = Math.min(most, data.count);
  return {
    ...data,
    count,
    images: data.images.subarray(0, count * elementsOf(data)),
    labels: data.labels.subarray(0, count),
  };
}

async function accuracyOf(
  model: TrainableModel,
  weights: Float32Array,
  test: LabelledImages,
): Promise<number> {
  const end = Math.min(testImages, test.count);
  const { confusion, count } = await model.evaluate({ weights, start: 0, end });
  const classes = Math.sqrt(confusion.length);
  let correct = 0;
  for (let label = 0; label < classes; label += 1) correct += confusion[label * (classes + 1)]!;
  return correct / count;
}
