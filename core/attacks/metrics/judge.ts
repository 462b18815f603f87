/**
 * An independent judge: a classifier trained on images that no victim of the attack has, which says what a rebuilt image
 * shows. The model under attack cannot judge itself: an inverted image is made to convince it, and does, whatever people
 * see in it. The judge's own accuracy on the data set's test images stands beside what it says.
 */
import type { Dataset } from '../../datasets/dataset.ts';
import type { Engine, TrainableModel } from '../../model/engine.ts';
import { initialWeights } from '../../model/initial-weights.ts';
import { type PresetName, presetTopology } from '../../model/presets.ts';
import { randomStream, shuffle, streamState } from '../../random/stream.ts';
import { bytesOfFloats, shapeOf } from '../pictures.ts';
import { modelDataOf } from '../victim.ts';

interface JudgePlan {
  /** Places from .. to - 1 of the training images; those of `without`, the victim's, are left out. */
  readonly from: number;
  readonly to: number;
  readonly without: Iterable<number>;
  readonly preset?: PresetName;
  readonly epochs?: number;
  readonly seed: number;
  /** Of the attack, for the random streams. */
  readonly label: string;
}

export interface Judge {
  /** On the test images: 0 .. 1. */
  readonly accuracy: number;
  /** Images that it learnt from. */
  readonly learntFrom: number;
  readonly classes: number;
  /** [images, classes]: what it takes each image for, rounded to bytes. */
  probabilities(images: readonly Float32Array[]): Promise<Float32Array>;
  dispose(): void;
}

/** Images of one call of the engine, 0.03 s for the MLP: the judge's optimiser starts afresh with each. */
const chunk = 320;
const batchSize = 32;
const testChunk = 1000;
/** How much of the whole is training. */
const trainingShare = 0.9;

/** Yields how far it is, 0 .. 1. Throws what the engine throws for images that the preset does not take. */
export async function* trainJudge(
  engine: Engine,
  dataset: Dataset,
  plan: JudgePlan,
): AsyncGenerator<number, Judge, void> {
  const { preset = 'mlp', epochs = 2, seed, label } = plan;
  const topology = presetTopology(preset, modelDataOf(dataset));
  const indices = indicesOf(plan);
  const model = await engine.plan(topology, dataset, { batchSize });
  let weights = initialWeights(topology, streamState(seed, 'attack', label, 'judge-start')[0]! >>> 0);
  const order = randomStream(seed, 'attack', label, 'judge-order');
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    shuffle(indices, order);
    for (let start = 0; start < indices.length; start += chunk) {
      const trained = await model.train({
        weights,
        indices: indices.slice(start, start + chunk),
        epochs: 1,
        batchSize,
        optimiser: { kind: 'adam', learningRate: 0.001 },
        proximalMu: 0,
        shuffleState: streamState(seed, 'attack', label, 'judge-order', epoch, start),
        dropoutState: streamState(seed, 'attack', label, 'judge-dropout', epoch, start),
      });
      weights = trained.weights;
      yield (trainingShare * (epoch + Math.min(1, (start + chunk) / indices.length))) / epochs;
    }
  }
  let correct = 0;
  const classes = dataset.classNames.length;
  for (let start = 0; start < dataset.test.count; start += testChunk) {
    const end = Math.min(start + testChunk, dataset.test.count);
    const { confusion } = await model.evaluate({ weights, start, end });
    for (let one = 0; one < classes; one += 1) correct += confusion[one * classes + one]!;
    yield trainingShare + (1 - trainingShare) * (end / dataset.test.count);
  }
  return judgeOf(model, weights, dataset, {
    accuracy: correct / dataset.test.count,
    learntFrom: indices.length,
  });
}

function judgeOf(
  model: TrainableModel,
  weights: Float32Array,
  { train, classNames }: Dataset,
  known: Pick<Judge, 'accuracy' | 'learntFrom'>,
): Judge {
  return {
    ...known,
    classes: classNames.length,
    probabilities(images) {
      const bytes = new Uint8Array(images.reduce((total, { length }) => total + length, 0));
      let at = 0;
      for (const image of images) {
        bytes.set(bytesOfFloats(image), at);
        at += image.length;
      }
      return model.predict(weights, { ...shapeOf(train), images: bytes, count: images.length });
    },
    dispose: () => {
      model.dispose();
    },
  };
}

function indicesOf({ from, to, without }: JudgePlan): Uint32Array {
  const left = new Set(without);
  const indices = Uint32Array.from({ length: to - from }, (_, index) => from + index);
  return indices.filter((index) => !left.has(index));
}

/** What a judge says of images whose classes are known. */
interface Judgement {
  /** Mean probability of the true class. */
  readonly probability: number;
  /** Share read as the true class. */
  readonly share: number;
}

/** labels: the true class of each image. */
export async function judgeImages(
  judge: Judge,
  images: readonly Float32Array[],
  labels: ArrayLike<number>,
): Promise<Judgement> {
  if (images.length === 0) throw new RangeError('cannot judge no images');
  const probabilities = await judge.probabilities(images);
  let [sum, right] = [0, 0];
  for (let index = 0; index < images.length; index += 1) {
    const row = probabilities.subarray(index * judge.classes, (index + 1) * judge.classes);
    const own = row[labels[index]!]!;
    sum += own;
    if (row.every((value, label) => value < own || label === labels[index])) right += 1;
  }
  return { probability: sum / images.length, share: right / images.length };
}
