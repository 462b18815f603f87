/** Puts a data set together from its parts, checks what holds for every data set, and names its content. */
import { toHex, utf8 } from '../bytes/bytes.ts';
import { sha256 } from '../crypto/hash.ts';
import { datasetError } from './dataset-error.ts';
import type { Dataset, LabelledImages } from './dataset.ts';

/** Class numbers are bytes, and 255 is left free. */
const MAXIMUM_CLASSES = 255;

/**
 * A data set with its digest. `trainSource` and `testSource` name files in messages.
 * Throws FederationError: image-size when train and test images differ in shape, class-count outside 2 to 255.
 */
export function assembleDataset(
  name: string,
  classNames: readonly string[],
  train: LabelledImages,
  trainSource: string,
  test: LabelledImages,
  testSource: string,
): Dataset {
  checkClassCount(trainSource, classNames.length);
  const firstSize = shapeText(train);
  const secondSize = shapeText(test);
  if (firstSize !== secondSize) throw imageSizeError(trainSource, firstSize, testSource, secondSize);
  return { name, classNames, train, test, digest: contentDigest(classNames, train, test) };
}

/** Throws FederationError class-count unless there are 2 to 255 classes. */
export function checkClassCount(path: string, classes: number): void {
  if (classes >= 2 && classes <= MAXIMUM_CLASSES) return;
  throw datasetError(
    'class-count',
    `Cannot use ${path}, as it must have 2 to ${String(MAXIMUM_CLASSES)} classes, and has ${String(classes)}.`,
    { path, classes, lowest: 2, highest: MAXIMUM_CLASSES },
  );
}

/** All images of a data set must have one size: nothing is resized, since that would change what is learnt unseen. */
export function imageSizeError(
  firstFile: string,
  firstSize: string,
  secondFile: string,
  secondSize: string,
): Error {
  return datasetError(
    'image-size',
    `Cannot use these images together, as all must have one size, and ${firstFile} is ${firstSize} but ` +
      `${secondFile} is ${secondSize}. Resize them to one size first.`,
    { firstFile, firstSize, secondFile, secondSize },
  );
}

/** SHA-256 over version, shape, counts and class names as JSON, then the training and test images and labels. */
function contentDigest(classNames: readonly string[], train: LabelledImages, test: LabelledImages): string {
  const { height, width, channels } = train;
  const header = ['masquerade/dataset/v1', height, width, channels, train.count, test.count, classNames];
  return toHex(sha256(utf8(JSON.stringify(header)), train.images, train.labels, test.images, test.labels));
}

function shapeText(images: LabelledImages): string {
  return `${String(images.width)} x ${String(images.height)}, ${images.channels === 1 ? 'grey' : 'colour'}`;
}
