import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { PictureLikeness } from '../../../core/attacks/picture-likeness.ts';
import { elementsOf, pixelsAt, selectImages } from '../../../core/attacks/pictures.ts';
import type { Dataset } from '../../../core/datasets/dataset.ts';
import { standardNormal } from '../../../core/random/normal.ts';
import { randomStream } from '../../../core/random/stream.ts';
import { loadMnist } from '../../../main/data/mnist.ts';

describe('PictureLikeness', () => {
  let dataset: Dataset;
  let likeness: PictureLikeness;
  before(async () => {
    dataset = await loadMnist();
    likeness = new PictureLikeness(dataset.train, randomStream(1, 'likeness'));
  });

  /** Share of 200 pictures, each made of test images of its own, that look like images. */
  const shareLike = (made: (at: number) => Float32Array): number => {
    let like = 0;
    for (let index = 0; index < 200; index += 1) like += likeness.isLike(made(2 * index)) ? 1 : 0;
    return like / 200;
  };
  const image = (at: number): Float32Array => pixelsAt(dataset.test, at);

  it('passes nearly all images that it has not seen, also with the noise that rounding adds', () => {
    // three limits, each with 2 % beyond both ends, estimated from 1,000
    assert.ok(shareLike(image) > 0.8);
    const stream = randomStream(2, 'rounding');
    const rounded = (at: number): Float32Array =>
      image(at).map((value) => value + 0.003 * standardNormal(stream));
    assert.ok(shareLike(rounded) > 0.7);
  });

  it('refuses mixtures of two, means of many, and what noise draws', () => {
    const mixed = (at: number): Float32Array => {
      const other = image(at + 1);
      return image(at).map((value, pixel) => (value + other[pixel]!) / 2);
    };
    assert.ok(shareLike(mixed) < 0.05);
    const many = (at: number): Float32Array => {
      const sum = new Float32Array(elementsOf(dataset.test));
      for (let other = 0; other < 10; other += 1)
        for (const [pixel, value] of image(at + other).entries()) sum[pixel]! += value / 10;
      return sum;
    };
    assert.equal(shareLike(many), 0);
    const stream = randomStream(3, 'noise');
    assert.equal(
      shareLike((at) => image(at).map(() => standardNormal(stream))),
      0,
    );
    assert.equal(
      shareLike((at) => image(at).map(() => stream.nextBelow(256) / 255)),
      0,
    );
  });

  it('refuses the signs that Adam leaves, black, and white', () => {
    assert.ok(shareLike((at) => image(at).map((value) => (value > 0 ? 1 : 0))) < 0.02);
    assert.equal(
      shareLike((at) => image(at).fill(0)),
      0,
    );
    assert.equal(
      shareLike((at) => image(at).fill(1)),
      0,
    );
  });

  it('takes its limits from however few public images there are', () => {
    const few = new PictureLikeness(selectImages(dataset.train, [0, 1, 2]), randomStream(1, 'likeness'));
    assert.ok([0, 1, 2].every((place) => few.isLike(pixelsAt(dataset.train, place))));
    assert.ok(!few.isLike(new Float32Array(784)));
  });
});
