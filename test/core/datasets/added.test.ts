import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { drawnDataset, drawnImages, withTraining } from '../../../core/datasets/added.ts';

const drawing = (label: number, first: number): { label: number; pixels: Uint8Array } => ({
  label,
  pixels: Uint8Array.from({ length: 784 }, (_, at) => (at === 0 ? first : 0)),
});

describe('drawings as images', () => {
  it('drawnImages() lays them out one after the other, with their labels', () => {
    const { images, labels, ...shape } = drawnImages([drawing(3, 10), drawing(9, 20)]);
    assert.deepEqual(shape, { count: 2, height: 28, width: 28, channels: 1 });
    assert.deepEqual([...labels], [3, 9]);
    assert.deepEqual([images.length, images[0], images[1], images[784]], [1568, 10, 0, 20]);
  });

  it('drawnDataset() has the classes of digits; its digest names its content', () => {
    const dataset = drawnDataset([drawing(3, 10)]);
    assert.deepEqual(dataset.classNames, ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    assert.equal(dataset.train.count, 1);
    assert.notEqual(dataset.digest, drawnDataset([drawing(3, 11)]).digest);
  });

  it('withTraining() puts images behind those of the data set, and leaves the data set as it is', () => {
    const dataset = drawnDataset([drawing(1, 1), drawing(2, 2)]);
    const both = withTraining(dataset, drawnImages([drawing(7, 3)]));
    assert.deepEqual([...both.train.labels], [1, 2, 7]);
    assert.equal(both.train.images[2 * 784], 3);
    assert.equal(both.train.count, 3);
    assert.equal(both.test, dataset.test);
    assert.equal(dataset.train.count, 2);
    assert.equal(withTraining(dataset, undefined), dataset);
  });
});
