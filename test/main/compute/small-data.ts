/**
 * Folders of IDX files, small enough to load at once: 400 training and 2,500 test images of 12 x 12, 4 classes; or the
 * first of MNIST's.
 */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomStream } from '../../../core/random/stream.ts';
import { loadMnist } from '../../../main/data/mnist.ts';

export const smallData = { height: 12, width: 12, channels: 1, classes: 4 };
export const trainCount = 400;
export const testCount = 2_500;

function idx(dimensions: readonly number[], values: Uint8Array): Uint8Array {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header.writeUInt8(8, 2);
  header.writeUInt8(dimensions.length, 3);
  for (const [index, size] of dimensions.entries()) header.writeUInt32BE(size, 4 + 4 * index);
  return Buffer.concat([header, values]);
}

/** Writes the folder and gives its path: the caller removes it. */
export async function writeSmallData(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'masquerade-compute-'));
  const stream = randomStream(1, 'small-data');
  for (const [name, count] of [
    ['train', trainCount],
    ['t10k', testCount],
  ] as const) {
    const labels = Uint8Array.from({ length: count }, () => stream.nextBelow(4));
    // Each class is brighter in its own quarter.
    const pixels = Uint8Array.from({ length: count * 144 }, (_, at) => {
      const quarter = 2 * Number(Math.floor((at % 144) / 12) >= 6) + Number(at % 12 >= 6);
      return stream.nextBelow(128) + (quarter === labels[Math.floor(at / 144)] ? 100 : 0);
    });
    await writeFile(join(folder, `${name}-images-idx3-ubyte`), idx([count, 12, 12], pixels));
    await writeFile(join(folder, `${name}-labels-idx1-ubyte`), idx([count], labels));
  }
  return folder;
}

/** Writes the first images of MNIST as such a folder: models have their real shape, and nobody reads 70,000. */
export async function writeSmallMnist(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'masquerade-mnist-'));
  const { train, test } = await loadMnist();
  for (const [name, { images, labels }, count] of [
    ['train', train, 600],
    ['t10k', test, 500],
  ] as const) {
    await writeFile(
      join(folder, `${name}-images-idx3-ubyte`),
      idx([count, 28, 28], images.slice(0, count * 28 * 28)),
    );
    await writeFile(
      join(folder, `${name}-labels-idx1-ubyte`),
      idx([count], Uint8Array.from(labels.subarray(0, count))),
    );
  }
  return folder;
}
