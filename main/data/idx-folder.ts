/**
 * A folder of four IDX files, gzipped or not, named as MNIST's are or nearly so: somewhere in the name train, test or
 * t10k, then images or labels ('train-images-idx3-ubyte', 'emnist-letters-test-labels-idx1-ubyte.gz'). Classes are
 * numbered from 0 to the largest training label, unless a file classes.txt names them, one a line.
 */
import path from 'node:path';
import { assembleDataset, checkClassCount } from '../../core/datasets/assemble.ts';
import { datasetError } from '../../core/datasets/dataset-error.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { joinLabels, parseIdxImages, parseIdxLabels } from '../../core/datasets/idx.ts';
import type { DataLimits } from './limits.ts';
import { readDataFile, readPossiblyPacked } from './read-file.ts';

const CLASS_NAMES_FILE = 'classes.txt';
const CLASS_NAMES_BYTES = 64 * 1024;

const PATTERNS = {
  trainImages: /(?:^|[-_.])train[-_.]images?(?![a-z])/i,
  trainLabels: /(?:^|[-_.])train[-_.]labels?(?![a-z])/i,
  testImages: /(?:^|[-_.])(?:test|t10k)[-_.]images?(?![a-z])/i,
  testLabels: /(?:^|[-_.])(?:test|t10k)[-_.]labels?(?![a-z])/i,
} as const;

const PICTURE_ENDING = /\.(?:png|jpe?g)$/i;

/** True when one of the file names is that of an IDX file. */
export function looksLikeIdx(fileNames: readonly string[]): boolean {
  return fileNames.some((name) => Object.values(PATTERNS).some((pattern) => matches(name, pattern)));
}

/**
 * Reads the folder. Throws FederationError: dataset-missing or dataset-not-recognised when there is not exactly one
 * file of each kind (a gzipped copy beside the same file unpacked does not count), and what core/datasets/idx.ts and
 * assemble.ts throw.
 */
export async function loadIdxFolder(
  folder: string,
  fileNames: readonly string[],
  limits: DataLimits,
): Promise<Dataset> {
  const find = (pattern: RegExp, example: string): string => findFile(folder, fileNames, pattern, example);
  const names = {
    trainImages: find(PATTERNS.trainImages, 'train-images-idx3-ubyte'),
    trainLabels: find(PATTERNS.trainLabels, 'train-labels-idx1-ubyte'),
    testImages: find(PATTERNS.testImages, 't10k-images-idx3-ubyte'),
    testLabels: find(PATTERNS.testLabels, 't10k-labels-idx1-ubyte'),
  };
  const read = (name: string): Promise<Uint8Array> =>
    readPossiblyPacked(path.join(folder, name), limits.fileBytes);
  const trainLabels = parseIdxLabels(await read(names.trainLabels), names.trainLabels);
  const testLabels = parseIdxLabels(await read(names.testLabels), names.testLabels);
  const trainImages = parseIdxImages(await read(names.trainImages), names.trainImages);
  const testImages = parseIdxImages(await read(names.testImages), names.testImages);
  const classNames = fileNames.includes(CLASS_NAMES_FILE)
    ? await readClassNames(path.join(folder, CLASS_NAMES_FILE))
    : numberedClasses(trainLabels);
  checkClassCount(folder, classNames.length);
  return assembleDataset(
    path.basename(path.resolve(folder)),
    classNames,
    joinLabels(trainImages, names.trainImages, trainLabels, names.trainLabels, classNames.length),
    names.trainImages,
    joinLabels(testImages, names.testImages, testLabels, names.testLabels, classNames.length),
    names.testImages,
  );
}

function findFile(folder: string, fileNames: readonly string[], pattern: RegExp, example: string): string {
  const found = fileNames.filter((name) => matches(name, pattern));
  const unpacked = found.filter(
    (name) => !(name.endsWith('.gz') && found.includes(name.slice(0, -'.gz'.length))),
  );
  const [first, second] = unpacked;
  if (first === undefined) {
    throw datasetError(
      'dataset-missing',
      `Cannot use ${folder}, as it must hold a file named like ${example} or ${example}.gz, and has none.`,
      { source: folder, path: path.join(folder, example) },
    );
  }
  if (second !== undefined) {
    const reason = `${first} and ${second} could both be ${example}`;
    throw datasetError('dataset-not-recognised', `Cannot use ${folder}: ${reason}. Take one of them out.`, {
      path: folder,
      reason,
    });
  }
  return first;
}

async function readClassNames(filePath: string): Promise<string[]> {
  const text = new TextDecoder().decode(await readDataFile(filePath, CLASS_NAMES_BYTES));
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function numberedClasses(labels: Uint8Array): string[] {
  const classes = labels.reduce((largest, label) => Math.max(largest, label), 0) + 1;
  return Array.from({ length: classes }, (_, index) => String(index));
}

function matches(name: string, pattern: RegExp): boolean {
  return pattern.test(name) && !PICTURE_ENDING.test(name);
}
