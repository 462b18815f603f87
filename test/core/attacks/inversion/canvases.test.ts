/** The canvases of model inversion: what they pull must be the gradient of what they show, with their own terms. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BareCanvas, type Canvas } from '../../../../core/attacks/inversion/canvas.ts';
import { CodeCanvas } from '../../../../core/attacks/inversion/code-canvas.ts';
import { principalComponents } from '../../../../core/attacks/inversion/principal-components.ts';
import { PriorCanvas } from '../../../../core/attacks/inversion/prior-canvas.ts';
import type { LabelledImages } from '../../../../core/datasets/dataset.ts';
import { standardNormal } from '../../../../core/random/normal.ts';
import { randomStream } from '../../../../core/random/stream.ts';

const shape = { height: 5, width: 6, channels: 2 };
const elements = 60;
const images = 3;

/** Of nothing but the canvas's own terms and a linear loss, weights . shown. */
function slopes(canvas: Canvas): { pulled: Float32Array; lossOf: (shown: Float32Array) => number } {
  const stream = randomStream(2, 'weights');
  const weights = canvas.show().map(() => stream.nextFloat() - 0.5);
  const lossOf = (shown: Float32Array): number =>
    shown.reduce((sum, value, index) => sum + value * weights[index]!, 0);
  return { pulled: canvas.pull(weights).slice(), lossOf };
}

describe('BareCanvas', () => {
  it('starts uniform in 0 .. 0.1, as the reference does', () => {
    const canvas = new BareCanvas(10, 784, randomStream(1, 'start'));
    const values = [...canvas.values].sort((one, other) => one - other);
    assert.ok(values[0]! >= 0 && values.at(-1)! < 0.1);
    // 7,840 values: the mean strays by 0.0013 with a chance of 1 in 10,000 (4 deviations).
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    assert.ok(Math.abs(mean - 0.05) < 0.0013);
  });

  it('adds the gradient of 0.01 |x|^2, and clips to 0 .. 1', () => {
    const canvas = new BareCanvas(1, 3, randomStream(1, 'start'));
    canvas.values.set([0.5, -0.2, 1.4]);
    assert.deepEqual(
      [...canvas.pull(Float32Array.of(1, 2, 3))],
      [...Float32Array.of(1 + 0.01, 2 - 0.004, 3 + 0.028)],
    );
    canvas.settle();
    assert.deepEqual([...canvas.images()], [0.5, 0, 1]);
  });
});

describe('PriorCanvas', () => {
  const plain = { noise: 0, jitter: 0, totalVariation: 0, ink: 0, blur: 0 };

  it('pulls back to each pixel what was shown of it, wherever it was moved to', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const canvas = new PriorCanvas(images, shape, { ...plain, jitter: 2 }, randomStream(seed, 'jitter'));
      canvas.values.set(canvas.values.map((_, index) => 1 + index));
      const shown = canvas.show().slice();
      // A pixel shows once or, moved out of the picture, not at all; so the pull of its place is what was put there.
      const pulled = canvas.pull(shown.map((_, index) => 1000 + index));
      for (const [index, pull] of pulled.entries()) {
        const place = shown.indexOf(1 + index);
        assert.equal(pull, place < 0 ? 0 : 1000 + place);
        if (place >= 0) assert.equal(Math.floor(place / elements), Math.floor(index / elements));
      }
      assert.equal(shown.filter((value) => value === 0).length, pulled.filter((pull) => pull === 0).length);
    }
  });

  it('moves images by up to the jitter, each by itself', () => {
    const canvas = new PriorCanvas(40, shape, { ...plain, jitter: 2 }, randomStream(1, 'jitter'));
    canvas.values.fill(0);
    for (let image = 0; image < 40; image += 1) canvas.values[image * elements + (2 * 6 + 3) * 2] = 1;
    const places = new Set<number>();
    for (const [index, value] of canvas.show().entries()) if (value === 1) places.add(index % elements);
    assert.ok(places.size > 10, `${places.size} places`);
    for (const place of places) {
      const [row, column] = [Math.floor(place / 12), Math.floor((place % 12) / 2)];
      assert.ok(row <= 4 && Math.abs(column - 3) <= 2 && place % 2 === 0);
    }
  });

  it('pulls by the gradient of ink and total variation, by finite differences', () => {
    const priors = { ...plain, totalVariation: 0.3, ink: 0.7 };
    const canvas = new PriorCanvas(images, shape, priors, randomStream(4, 'variation'));
    const { pulled, lossOf } = slopes(canvas);
    const own = (): number => {
      const { height, width, channels } = shape;
      let sum = 0;
      for (const [index, value] of canvas.values.entries()) {
        const column = Math.floor((index % (width * channels)) / channels);
        const row = Math.floor((index % elements) / (width * channels));
        sum += priors.ink * value;
        if (column + 1 < width)
          sum += priors.totalVariation * (value - canvas.values[index + channels]!) ** 2;
        if (row + 1 < height)
          sum += priors.totalVariation * (value - canvas.values[index + width * channels]!) ** 2;
      }
      return sum;
    };
    const step = 2 ** -8;
    for (const index of [0, 1, 17, 59, 60, 101, 178, 179]) {
      const at = canvas.values[index]!;
      const loss = (value: number): number => {
        canvas.values[index] = value;
        return lossOf(canvas.show()) + own();
      };
      const difference = (loss(at + step) - loss(at - step)) / (2 * step);
      canvas.values[index] = at;
      assert.ok(Math.abs(difference - pulled[index]!) < 1e-3, `${index}: ${difference}, ${pulled[index]}`);
    }
  });

  it('shows noise of the deviation that was asked for, and keeps it from the image', () => {
    const canvas = new PriorCanvas(50, shape, { ...plain, noise: 0.2 }, randomStream(1, 'noise'));
    const before = canvas.values.slice();
    const noise = canvas.show().map((value, index) => value - before[index]!);
    const deviation = Math.sqrt(noise.reduce((sum, value) => sum + value * value, 0) / noise.length);
    // 3,000 values: off by 0.011 with a chance of 1 in 50,000.
    assert.ok(Math.abs(deviation - 0.2) < 0.011, `${deviation}`);
    assert.deepEqual(canvas.images(), before);
  });

  it('blurs every tenth step but in the last tenth, and gives a neighbour its share', () => {
    const canvas = new PriorCanvas(
      1,
      { height: 3, width: 3, channels: 1 },
      { ...plain, blur: 0.1 },
      randomStream(1, 'b'),
    );
    canvas.values.set([0, 0, 0, 0, 1, 0, 0, 0, 0]);
    for (let step = 1; step < 10; step += 1) canvas.settle(0.1);
    assert.equal(canvas.values[4], 1);
    canvas.settle(0.1);
    const expected = [0.01, 0.08, 0.01, 0.08, 0.64, 0.08, 0.01, 0.08, 0.01];
    for (const [index, value] of expected.entries())
      assert.ok(Math.abs(canvas.values[index]! - value) < 1e-6);
    const blurred = canvas.values.slice();
    for (let step = 0; step < 10; step += 1) canvas.settle(0.95);
    assert.deepEqual(canvas.values, blurred);
  });
});

describe('CodeCanvas', () => {
  it('pulls by the gradient with respect to the codes, by finite differences; none through clipped pixels', () => {
    const stream = randomStream(3, 'components');
    const unit = (index: number): Float32Array =>
      Float32Array.from({ length: elements }, (_, element) => (element % 3 === index ? 0.25 : 0));
    const components = {
      mean: Float32Array.from({ length: elements }, (_, element) => (element < 6 ? -0.5 : 0.4)),
      directions: [unit(0), unit(1), unit(2)],
      deviations: Float32Array.of(2, 1, 0.5),
    };
    const canvas = new CodeCanvas(images, components, { noise: 0, prior: 0.3 }, stream);
    const { pulled, lossOf } = slopes(canvas);
    const step = 2 ** -7;
    for (const [index, pull] of pulled.entries()) {
      const at = canvas.values[index]!;
      const loss = (value: number): number => {
        canvas.values[index] = value;
        return lossOf(canvas.show()) + canvas.values.reduce((sum, code) => sum + 0.15 * code * code, 0);
      };
      const difference = (loss(at + step) - loss(at - step)) / (2 * step);
      canvas.values[index] = at;
      assert.ok(Math.abs(difference - pull) < 1e-3, `${index}: ${difference}, ${pull}`);
    }
    assert.ok(canvas.images().every((value) => value >= 0 && value <= 1));
  });
});

describe('principalComponents()', () => {
  it('finds the directions that images were made from, with their deviations, largest first', () => {
    // Columns of light: three that vary by themselves, by 40, 20 and 10 levels, around a mean of 100.
    const stream = randomStream(1, 'made');
    const count = 3000;
    const [height, width] = [4, 6];
    const levels = [40, 20, 10];
    const bytes = new Uint8Array(count * height * width);
    for (let image = 0; image < count; image += 1) {
      const light = levels.map((level) => level * Math.max(-2, Math.min(2, standardNormal(stream))));
      for (let pixel = 0; pixel < height * width; pixel += 1)
        bytes[image * height * width + pixel] = Math.round(100 + (light[pixel % width] ?? 0));
    }
    const data: LabelledImages = {
      images: bytes,
      labels: new Uint8Array(count),
      ...{ count, height, width, channels: 1 },
    };
    const work = principalComponents(data, 3, randomStream(2, 'start'));
    let next = work.next();
    while (next.done !== true) next = work.next();
    const { mean, directions, deviations } = next.value;
    assert.ok(mean.every((value) => Math.abs(value - 100 / 255) < 0.01));
    for (const [index, direction] of directions.entries()) {
      const along = direction.reduce((sum, value, pixel) => (pixel % width === index ? sum + value : sum), 0);
      assert.ok(Math.abs(Math.abs(along) - 2) < 0.02, `direction ${index}: ${along} of 2`);
      // Clipped at two deviations, a normal number's deviation is 0.96 of what it was; a column has four pixels.
      const expected = (0.96 * 2 * levels[index]!) / 255;
      assert.ok(Math.abs(deviations[index]! / expected - 1) < 0.05, `deviation ${index}`);
    }
  });

  it('gives directions at right angles, and no more than there are', () => {
    const stream = randomStream(5, 'few');
    const data: LabelledImages = {
      images: Uint8Array.from({ length: 8 * 12 }, () => stream.nextBelow(256)),
      labels: new Uint8Array(8),
      ...{ count: 8, height: 3, width: 4, channels: 1 },
    };
    const work = principalComponents(data, 60, stream);
    let next = work.next();
    while (next.done !== true) next = work.next();
    const { directions, deviations } = next.value;
    assert.equal(directions.length, 8);
    const dot = (one: Float32Array, other: Float32Array): number =>
      one.reduce((sum, value, index) => sum + value * other[index]!, 0);
    // Eight images span seven directions about their mean: the eighth has no deviation.
    assert.ok(deviations[7]! < 1e-3 && deviations[6]! > 0.01);
    for (const [index, one] of directions.slice(0, 7).entries())
      for (const [at, other] of directions.slice(0, 7).entries())
        assert.ok(Math.abs(dot(one, other) - Number(index === at)) < 1e-5);
  });
});
