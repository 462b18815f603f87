import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pictureFromRgba, stackPictures } from '../../../core/datasets/pixels.ts';

test('pictureFromRgba() lays transparency over white', () => {
  const rgba = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 51, 100, 100, 100, 128);
  const picture = pictureFromRgba(rgba, 4, 1);
  assert.equal(picture.channels, 1);
  // 255 * (1 - 51/255) = 204; 100 * 128/255 + 255 * 127/255 = 177.2.
  assert.deepEqual([...picture.pixels], [255, 0, 204, 177]);
});

test('pictureFromRgba() keeps colour where one pixel has any', () => {
  const picture = pictureFromRgba(Uint8Array.of(9, 9, 9, 255, 1, 2, 3, 255), 2, 1);
  assert.equal(picture.channels, 3);
  assert.deepEqual([...picture.pixels], [9, 9, 9, 1, 2, 3]);
});

test('stackPictures() repeats grey where others have colour', () => {
  const grey = pictureFromRgba(Uint8Array.of(7, 7, 7, 255, 8, 8, 8, 255), 2, 1);
  const colour = pictureFromRgba(Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 255), 2, 1);
  assert.deepEqual([...stackPictures([grey, colour], 3)], [7, 7, 7, 8, 8, 8, 1, 2, 3, 4, 5, 6]);
  assert.deepEqual([...stackPictures([grey, grey], 1)], [7, 8, 7, 8]);
});
