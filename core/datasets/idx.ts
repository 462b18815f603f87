/**
 * IDX, the format of MNIST (LeCun, Cortes, Burges, "The MNIST database", file formats): two zero bytes, a type code,
 * the number of dimensions, each dimension as a big-endian uint32, then the values, last dimension fastest.
 *
 * Read here: unsigned bytes, as labels [count], grey images [count, height, width] or images with channels
 * [count, height, width, 1 or 3]. Bytes in, typed result out; `file` only names the source in messages.
 */
import { toHex } from '../bytes/bytes.ts';
import { datasetError } from './dataset-error.ts';
import type { LabelledImages } from './dataset.ts';

const UNSIGNED_BYTE = 0x08;

/** Images without their labels: [count, height, width, channels], bytes. */
export interface IdxImages {
  readonly images: Uint8Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * Reads images. Throws FederationError: idx-magic, idx-type, idx-dimensions (not 3 or 4, an empty side, channels
 * other than 1 or 3), idx-truncated, idx-surplus, dataset-empty. The result is a view into `bytes`.
 */
export function parseIdxImages(bytes: Uint8Array, file: string): IdxImages {
  const { dimensions, values } = parseIdx(bytes, file, [3, 4]);
  const [count = 0, height = 0, width = 0, channels = 1] = dimensions;
  if (height === 0 || width === 0 || (channels !== 1 && channels !== 3)) {
    const allowed = 'images of at least 1 x 1 pixels with 1 or 3 channels';
    throw datasetError(
      'idx-dimensions',
      `Cannot use ${file}, as it must hold ${allowed}, and its dimensions are ${dimensions.join(' x ')}.`,
      { file, dimensions, allowed },
    );
  }
  return { images: values, count, height, width, channels };
}

/** Reads labels. Throws FederationError: idx-magic, idx-type, idx-dimensions, idx-truncated, idx-surplus, dataset-empty. */
export function parseIdxLabels(bytes: Uint8Array, file: string): Uint8Array {
  return parseIdx(bytes, file, [1]).values;
}

/**
 * Joins images with their labels. Throws FederationError: label-count when there are not as many of one as of the
 * other, label-out-of-range when a label is not below `classes`.
 */
export function joinLabels(
  images: IdxImages,
  imageFile: string,
  labels: Uint8Array,
  labelFile: string,
  classes: number,
): LabelledImages {
  if (images.count !== labels.length) {
    throw datasetError(
      'label-count',
      `Cannot use ${imageFile} with ${labelFile}, as every image must have one label, and there are ` +
        `${String(images.count)} images and ${String(labels.length)} labels.`,
      { imageFile, images: images.count, labelFile, labels: labels.length },
    );
  }
  const index = labels.findIndex((label) => label >= classes);
  if (index >= 0) {
    const label = labels[index]!;
    throw datasetError(
      'label-out-of-range',
      `Cannot use ${labelFile}, as labels must be 0 to ${String(classes - 1)}, and label number ` +
        `${String(index + 1)} is ${String(label)}.`,
      { file: labelFile, index, label, classes },
    );
  }
  return { ...images, labels };
}

function parseIdx(
  bytes: Uint8Array,
  file: string,
  allowedRanks: readonly number[],
): { dimensions: number[]; values: Uint8Array } {
  if (bytes.length < 4) throw truncated(file, 4, bytes.length);
  if (bytes[0] !== 0 || bytes[1] !== 0) {
    const firstBytes = toHex(bytes.subarray(0, 4));
    throw datasetError(
      'idx-magic',
      `Cannot read ${file}, as an IDX file must start with two zero bytes, and it starts with ${firstBytes}.`,
      { file, firstBytes },
    );
  }
  const typeCode = bytes[2]!;
  if (typeCode !== UNSIGNED_BYTE) {
    throw datasetError(
      'idx-type',
      `Cannot read ${file}, as its values must be unsigned bytes (type code 0x08), and its type code is ` +
        `0x${typeCode.toString(16).padStart(2, '0')}.`,
      { file, typeCode },
    );
  }
  const rank = bytes[3]!;
  const headerBytes = 4 + 4 * rank;
  if (!allowedRanks.includes(rank)) {
    const dimensions = readDimensions(bytes.subarray(0, headerBytes));
    const allowed = `${allowedRanks.join(' or ')} dimension${allowedRanks.includes(1) ? '' : 's'}`;
    throw datasetError(
      'idx-dimensions',
      `Cannot read ${file}, as it must have ${allowed}, and has ${String(rank)}.`,
      {
        file,
        dimensions,
        allowed,
      },
    );
  }
  if (bytes.length < headerBytes) throw truncated(file, headerBytes, bytes.length);
  const dimensions = readDimensions(bytes.subarray(0, headerBytes));
  // Beyond 2^53 the product is rounded, but far above any length it is compared with.
  const expectedBytes = headerBytes + dimensions.reduce((product, size) => product * size, 1);
  if (bytes.length < expectedBytes) throw truncated(file, expectedBytes, bytes.length);
  if (bytes.length > expectedBytes) {
    throw datasetError(
      'idx-surplus',
      `Cannot read ${file}, as its header announces ${String(expectedBytes)} bytes, and it has ` +
        `${String(bytes.length)}: the header or the file is damaged.`,
      { file, expectedBytes, foundBytes: bytes.length },
    );
  }
  if (dimensions[0] === 0) {
    throw datasetError(
      'dataset-empty',
      `Cannot use ${file}, as it must hold at least one entry, and is empty.`,
      { file },
    );
  }
  return { dimensions, values: bytes.subarray(headerBytes) };
}

function readDimensions(header: Uint8Array): number[] {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const dimensions = [];
  for (let at = 4; at + 4 <= header.length; at += 4) dimensions.push(view.getUint32(at));
  return dimensions;
}

function truncated(file: string, expectedBytes: number, foundBytes: number): Error {
  return datasetError(
    'idx-truncated',
    `Cannot read ${file}, as its header announces at least ${String(expectedBytes)} bytes, and it has ` +
      `${String(foundBytes)}: it is cut short. Get the file again.`,
    { file, expectedBytes, foundBytes },
  );
}
