/** Images that a person brings beside those of a data set: the drawings of this machine. */
import { assembleDataset } from './assemble.ts';
import type { Dataset, LabelledImages } from './dataset.ts';
import { digitSide } from './drawing.ts';

export interface Drawn {
  /** 0 .. 9. */
  readonly label: number;
  /** [784], white on black. */
  readonly pixels: Uint8Array;
}

/** Class names of drawn digits, in the order of their labels. */
export const drawnClasses: readonly string[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** [count, 28, 28, 1]. */
export function drawnImages(drawings: readonly Drawn[]): LabelledImages {
  const size = digitSide * digitSide;
  const images = new Uint8Array(drawings.length * size);
  for (const [index, { pixels }] of drawings.entries()) images.set(pixels, index * size);
  const labels = Uint8Array.from(drawings, ({ label }) => label);
  return { images, labels, count: drawings.length, height: digitSide, width: digitSide, channels: 1 };
}

/** A data set of drawings alone, at least one. Nobody tests on it: its test images are its training images. */
export function drawnDataset(drawings: readonly Drawn[]): Dataset {
  const images = drawnImages(drawings);
  return assembleDataset('drawings', drawnClasses, images, 'drawings', images, 'drawings');
}

/** The same data set with further training images at its end, of its own shape and classes. */
export function withTraining(dataset: Dataset, added: LabelledImages | undefined): Dataset {
  if (added === undefined) return dataset;
  const { train } = dataset;
  const images = new Uint8Array(train.images.length + added.images.length);
  images.set(train.images);
  images.set(added.images, train.images.length);
  const labels = new Uint8Array(train.count + added.count);
  labels.set(train.labels);
  labels.set(added.labels, train.count);
  return { ...dataset, train: { ...train, images, labels, count: train.count + added.count } };
}
