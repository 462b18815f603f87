/**
 * What a compute process shows its engine as the data set: the images of the job at hand. Where they can be left on disk
 * (MNIST, main/data/mnist-rows.ts), nothing else of them is in memory; a data set that was loaded is shown as it is.
 *
 * A job's examples stand in the order in which it names them, so that shuffling and every sum are those of the whole data
 * set.
 */
import type { LabelledImages } from '../../core/datasets/dataset.ts';
import type { EvaluationTask, TrainingTask } from '../../core/model/engine.ts';
import type { ImageRows } from '../data/mnist-rows.ts';

interface Shown extends LabelledImages {
  images: Uint8Array;
  labels: Uint8Array;
  count: number;
}

export interface ImagesAtHand {
  /** For the engine's plan(); its content changes from job to job. */
  readonly data: { readonly train: LabelledImages; readonly test: LabelledImages };
  /** Brings the job's images in, and gives the job in terms of them. */
  forTraining(task: TrainingTask): TrainingTask;
  forEvaluation(task: EvaluationTask): EvaluationTask;
}

/** A data set that is in memory. */
export function loadedImages(data: ImagesAtHand['data']): ImagesAtHand {
  return { data, forTraining: (task) => task, forEvaluation: (task) => task };
}

/** added: training images behind those of the file. */
export function imagesOnDisk(
  { train, test }: { readonly train: ImageRows; readonly test: ImageRows },
  added: LabelledImages | undefined,
): ImagesAtHand {
  const trainLabels = joined(train.labels, added?.labels);
  const data = { train: shown(train, trainLabels), test: shown(test, test.labels) };
  return {
    data,
    forTraining(task) {
      const { indices } = task;
      // Left to the engine, which refuses it as it would on the whole data set.
      if (indices.some((index) => index >= trainLabels.length))
        return { ...task, indices: indices.map(() => trainLabels.length) };
      data.train.images = imagesOf(train, added, indices);
      data.train.labels = Uint8Array.from(indices, (index) => trainLabels[index]!);
      data.train.count = indices.length;
      return { ...task, indices: Uint32Array.from(indices.keys()) };
    },
    forEvaluation(task) {
      const { start, end } = task;
      if (!(start >= 0 && start <= end && end <= test.count))
        return { ...task, start: 0, end: test.count + 1 };
      data.test.images = test.read(Uint32Array.from({ length: end - start }, (_, index) => start + index));
      data.test.labels = test.labels.subarray(start, end);
      data.test.count = end - start;
      return { ...task, start: 0, end: end - start };
    },
  };
}

/** No image yet, but all labels, by which an engine sees whether the model has classes enough. */
function shown({ height, width, channels }: ImageRows, labels: Uint8Array): Shown {
  return { images: new Uint8Array(0), labels, count: 0, height, width, channels };
}

function imagesOf(rows: ImageRows, added: LabelledImages | undefined, indices: Uint32Array): Uint8Array {
  if (added === undefined || indices.every((index) => index < rows.count)) return rows.read(indices);
  const size = rows.height * rows.width * rows.channels;
  const images = new Uint8Array(indices.length * size);
  for (const [position, index] of indices.entries())
    images.set(
      index < rows.count
        ? rows.read(Uint32Array.of(index))
        : added.images.subarray((index - rows.count) * size, (index - rows.count + 1) * size),
      position * size,
    );
  return images;
}

function joined(labels: Uint8Array, added: Uint8Array | undefined): Uint8Array {
  if (added === undefined) return labels;
  const all = new Uint8Array(labels.length + added.length);
  all.set(labels);
  all.set(added, labels.length);
  return all;
}
