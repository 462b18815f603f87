import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  baselineFigures,
  baselinePictures,
  bestBaseline,
  prepareBaselines,
} from '../../../../core/attacks/metrics/baselines.ts';
import { otherCandidates, rankByChance, rankOf } from '../../../../core/attacks/metrics/rank.ts';
import { psnr } from '../../../../core/attacks/metrics/similarity.ts';
import { pixelsAt, plainImages, selectImages } from '../../../../core/attacks/pictures.ts';
import { randomStream } from '../../../../core/random/stream.ts';
import { loadMnist } from '../../../../main/data/mnist.ts';

const mnist = await loadMnist();
const { train } = mnist;
const stream = (): ReturnType<typeof randomStream> => randomStream(4, 'test');
const places = Array.from({ length: 40 }, (_, index) => 100 + index);
const targets = plainImages(selectImages(train, places));
const measure = (image: Float32Array, target: { readonly pixels: Float32Array }): number =>
  psnr(image, target.pixels);

describe('prepareBaselines()', () => {
  const baselines = prepareBaselines(train, places, stream());
  const images = targets.map((target) => baselines.imagesFor(target));

  it('takes the mean of a class over images that the victim does not have', () => {
    const some = { ...train, count: 300 };
    const [first, ...others] = Array.from({ length: 300 }, (_, index) => index).filter(
      (index) => train.labels[index] === 3,
    );
    const mean = new Float64Array(784);
    for (const index of others)
      for (const [pixel, value] of pixelsAt(train, index).entries()) mean[pixel]! += value / others.length;
    const found = prepareBaselines(some, [first!], stream()).classMean(3);
    assert.ok(found.every((value, pixel) => Math.abs(value - mean[pixel]!) < 1e-6));
  });

  it('finds the nearest other image of the class, never the victim’s own', () => {
    for (const [index, target] of targets.slice(0, 5).entries()) {
      let best = Number.NEGATIVE_INFINITY;
      for (let other = 0; other < train.count; other += 1)
        if (train.labels[other] === target.label && !places.includes(other))
          best = Math.max(best, psnr(pixelsAt(train, other), target.pixels));
      assert.ok(Math.abs(measure(images[index]!.nearestOther, target) - best) < 1e-9);
    }
  });

  it('gives on digits: a black image 9.8 dB, the global mean 11.9, the class mean 13.0, the nearest of 6,000 others 17.5 (± 1)', () => {
    const figures = baselineFigures(targets, images, measure);
    for (const [name, expected] of [
      ['black', 9.8],
      ['globalMean', 11.9],
      ['classMean', 13],
      ['nearestOther', 17.5],
    ] as const)
      assert.ok(Math.abs(figures[name] - expected) < 1, `${name} ${figures[name]}`);
    assert.ok(figures.randomNoise < figures.black);
    assert.equal(bestBaseline(figures), figures.nearestOther);
  });

  it('falls back to all images for a class that has no others', () => {
    const few = { ...train, count: 3 };
    const found = prepareBaselines(few, [], stream()).imagesFor({ pixels: new Float32Array(784), label: 7 });
    assert.deepEqual(found.nearestOther, found.globalMean);
  });

  it('makes pictures of its column, with their figure', () => {
    const pictures = baselinePictures(targets[2]!, images[2]!, { index: 2, data: train, measure });
    assert.deepEqual(
      pictures.map(({ id, index, role }) => [id, index, role]),
      ['black-2', 'globalMean-2', 'classMean-2', 'nearestOther-2'].map((id) => [id, 2, 'baseline']),
    );
    assert.ok(Math.abs(pictures[0]!.value! - psnr(new Float32Array(784), targets[2]!.pixels)) < 1e-9);
  });
});

describe('rankOf()', () => {
  const target = targets[0]!;
  const others = otherCandidates(target, train, places, stream());

  it('is 1 for the image itself among 99 others of its class', () => {
    assert.equal(others.length, 99);
    assert.equal(rankOf(target.pixels, target, others), 1);
    assert.ok(!others.some((other) => other.every((value, pixel) => value === target.pixels[pixel])));
  });
  it('is the place by distance, shared where distances are equal', () => {
    const grey = (value: number): Float32Array => new Float32Array(784).fill(value);
    const greys = [0.1, 0.2, 0.4, 0.5].map(grey);
    assert.equal(rankOf(grey(0), { pixels: grey(0.3), label: 0 }, greys), 3);
    assert.equal(rankOf(grey(0), { pixels: grey(0.2), label: 0 }, greys), 2.5);
  });
  it('is in the middle on average for noise (false alarm: one in a million)', () => {
    const noise = stream();
    const ranks = targets.map((one) =>
      rankOf(
        Float32Array.from({ length: 784 }, () => noise.nextFloat()),
        // noise is nearest to what has most ink: only a comparison of like with like is fair
        { ...one, pixels: Float32Array.from({ length: 784 }, () => noise.nextFloat()) },
        Array.from({ length: 99 }, () => Float32Array.from({ length: 784 }, () => noise.nextFloat())),
      ),
    );
    const mean = ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length;
    assert.ok(Math.abs(mean - rankByChance(99)) < (4.9 * 28.9) / Math.sqrt(ranks.length));
  });
});
