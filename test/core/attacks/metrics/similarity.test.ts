import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  classErrors,
  correlation,
  exactPsnr,
  meanAbsoluteError,
  meanSquaredError,
  psnr,
  structuralSimilarity,
} from '../../../../core/attacks/metrics/similarity.ts';
import { pixelsAt } from '../../../../core/attacks/pictures.ts';
import { randomStream } from '../../../../core/random/stream.ts';
import { loadMnist } from '../../../../main/data/mnist.ts';

const mnist = await loadMnist();
const shape = { height: 28, width: 28, channels: 1 };

const noise = (seed: number, length = 784): Float32Array => {
  const stream = randomStream(seed, 'test');
  return Float32Array.from({ length }, () => stream.nextFloat());
};

/** Straight from the definition: the whole two-dimensional window at every place, in plain loops. */
function slowSimilarity(one: Float32Array, other: Float32Array, height: number, width: number): number {
  const weights: number[][] = [];
  let total = 0;
  for (let row = -5; row <= 5; row += 1) {
    const line: number[] = [];
    for (let column = -5; column <= 5; column += 1) {
      const weight = Math.exp(-(row * row + column * column) / 4.5);
      line.push(weight);
      total += weight;
    }
    weights.push(line);
  }
  let [sum, places] = [0, 0];
  for (let top = 0; top + 11 <= height; top += 1)
    for (let left = 0; left + 11 <= width; left += 1) {
      const moment = (value: (index: number) => number): number => {
        let result = 0;
        for (let row = 0; row < 11; row += 1)
          for (let column = 0; column < 11; column += 1)
            result += (weights[row]![column]! / total) * value((top + row) * width + left + column);
        return result;
      };
      const [a, b] = [moment((index) => one[index]!), moment((index) => other[index]!)];
      const aVariance = moment((index) => (one[index]! - a) ** 2);
      const bVariance = moment((index) => (other[index]! - b) ** 2);
      const covariance = moment((index) => (one[index]! - a) * (other[index]! - b));
      sum +=
        ((2 * a * b + 0.0001) * (2 * covariance + 0.0009)) /
        ((a * a + b * b + 0.0001) * (aVariance + bVariance + 0.0009));
      places += 1;
    }
  return sum / places;
}

describe('psnr()', () => {
  it('is 10 log10 of the inverse mean squared error: 20 dB for an error of 0.1 everywhere', () => {
    const image = noise(1).map((value) => 0.5 * value);
    const off = image.map((value) => value + 0.1);
    assert.ok(Math.abs(psnr(image, off) - 20) < 1e-4);
    assert.ok(Math.abs(meanSquaredError(image, off) - 0.01) < 1e-6);
    assert.ok(Math.abs(meanAbsoluteError(image, off) - 0.1) < 1e-6);
  });
  it('stays finite for a copy', () => {
    assert.equal(psnr(noise(1), noise(1)), exactPsnr);
  });
  it('refuses images of different sizes', () => {
    assert.throws(() => psnr(noise(1), noise(1, 783)), RangeError);
  });
});

describe('structuralSimilarity()', () => {
  it('equals the definition computed slowly, on digits and on noise', () => {
    const [digit, other] = [pixelsAt(mnist.train, 0), pixelsAt(mnist.train, 1)];
    for (const [one, second] of [
      [digit, other],
      [digit, noise(2)],
      [noise(3), noise(4)],
    ] as const)
      assert.ok(
        Math.abs(structuralSimilarity(one, second, shape) - slowSimilarity(one, second, 28, 28)) < 1e-9,
      );
  });
  it('is 1 for a copy, and less for a brighter one', () => {
    const digit = pixelsAt(mnist.train, 0);
    assert.ok(Math.abs(structuralSimilarity(digit, digit, shape) - 1) < 1e-12);
    const brighter = digit.map((value) => Math.min(1, value + 0.2));
    assert.ok(structuralSimilarity(digit, brighter, shape) < 0.9);
  });
  it('takes the mean over channels, and images smaller than its window', () => {
    const colour = Float32Array.from({ length: 3 * 784 }, (_, index) => noise(5)[Math.floor(index / 3)]!);
    const grey = noise(5);
    const target = noise(6);
    const colourTarget = Float32Array.from({ length: 3 * 784 }, (_, index) => target[Math.floor(index / 3)]!);
    const both = [
      structuralSimilarity(grey, target, shape),
      structuralSimilarity(colour, colourTarget, { ...shape, channels: 3 }),
    ] as const;
    assert.ok(Math.abs(both[0] - both[1]) < 1e-12);
    const small = { height: 4, width: 4, channels: 1 };
    assert.ok(Math.abs(structuralSimilarity(noise(7, 16), noise(7, 16), small) - 1) < 1e-12);
  });
});

describe('correlation()', () => {
  it('is 1 for another contrast, -1 for a negative, 0 for one grey', () => {
    const digit = pixelsAt(mnist.train, 0);
    assert.ok(
      Math.abs(
        correlation(
          digit,
          digit.map((value) => 0.3 * value + 0.2),
        ) - 1,
      ) < 1e-6,
    );
    assert.ok(
      Math.abs(
        correlation(
          digit,
          digit.map((value) => 1 - value),
        ) + 1,
      ) < 1e-6,
    );
    assert.equal(correlation(digit, new Float32Array(784).fill(0.3)), 0);
  });
});

describe('classErrors()', () => {
  it('gives a black image 0.0445 to the nearest of all training images, and 0.1315 on average', () => {
    const black = new Float32Array(784);
    const errors = mnist.classNames.map((_, label) => classErrors(black, mnist.train, label)!);
    assert.deepEqual(
      errors.map(({ nearest }) => nearest.toFixed(4)),
      '0.0600 0.0254 0.0452 0.0402 0.0412 0.0396 0.0502 0.0432 0.0507 0.0492'.split(' '),
    );
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    assert.equal(mean(errors.map(({ nearest }) => nearest)).toFixed(4), '0.0445');
    assert.equal(mean(errors.map((error) => error.mean)).toFixed(4), '0.1315');
  });
  it('finds a training image itself, and equals plain mean absolute errors', () => {
    const some = { ...mnist.train, count: 200 };
    const digit = pixelsAt(mnist.train, 17);
    const found = classErrors(digit, some, some.labels[17]!)!;
    assert.deepEqual([found.nearest, found.nearestIndex], [0, 17]);
    const all = Array.from({ length: 200 }, (_, index) => index)
      .filter((index) => some.labels[index] === some.labels[17])
      .map((index) => meanAbsoluteError(digit, pixelsAt(some, index)));
    assert.ok(Math.abs(found.mean - all.reduce((sum, value) => sum + value, 0) / all.length) < 1e-6);
  });
  it('has no answer for a class without images', () => {
    assert.equal(classErrors(new Float32Array(784), { ...mnist.train, count: 5 }, 8), undefined);
  });
});
