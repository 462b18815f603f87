import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { joinLabels, parseIdxImages, parseIdxLabels } from '../../../core/datasets/idx.ts';
import { FederationError } from '../../../core/errors/federation-error.ts';
import { idxBytes } from './idx-bytes.ts';

function expectCode(code: string, call: () => unknown, message?: RegExp): void {
  assert.throws(call, (error) => {
    assert.ok(error instanceof FederationError);
    assert.equal(error.code, code);
    assert.equal(error.blame, 'user');
    if (message !== undefined) assert.match(error.message, message);
    return true;
  });
}

test('parseIdxImages() reads grey images and images with channels', () => {
  const grey = parseIdxImages(idxBytes([2, 2, 3], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255]), 'grey');
  assert.deepEqual(
    { ...grey, images: [...grey.images] },
    {
      images: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255],
      count: 2,
      height: 2,
      width: 3,
      channels: 1,
    },
  );
  const colour = parseIdxImages(idxBytes([1, 1, 2, 3], [1, 2, 3, 4, 5, 6]), 'colour');
  assert.equal(colour.channels, 3);
  assert.equal(colour.width, 2);
});

test('parseIdxLabels() reads what idxBytes() writes, for any labels', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (labels) => {
      assert.deepEqual([...parseIdxLabels(idxBytes([labels.length], labels), 'labels')], [...labels]);
    }),
  );
});

test('each wrong thing in an IDX file has its own error, which names the file', () => {
  const good = idxBytes([2], [3, 4]);
  const changed = (at: number, value: number): Uint8Array =>
    good.map((byte, index) => (index === at ? value : byte));
  expectCode('idx-magic', () => parseIdxLabels(changed(0, 0x1f), 'a-file'), /a-file.*1f000801/);
  expectCode('idx-magic', () => parseIdxLabels(changed(1, 1), 'a-file'), /a-file/);
  expectCode('idx-type', () => parseIdxLabels(changed(2, 0x0d), 'a-file'), /a-file.*0x0d/);
  expectCode(
    'idx-dimensions',
    () => parseIdxLabels(changed(3, 3), 'a-file'),
    /a-file.*1 dimension, and has 3/,
  );
  expectCode('idx-dimensions', () => parseIdxImages(good, 'a-file'), /a-file.*3 or 4 dimensions, and has 1/);
  expectCode('idx-dimensions', () => parseIdxImages(idxBytes([1, 0, 2], []), 'a-file'), /1 x 0 x 2/);
  expectCode(
    'idx-dimensions',
    () => parseIdxImages(idxBytes([1, 1, 1, 2], [1, 2]), 'a-file'),
    /1 or 3 channels/,
  );
  expectCode('idx-surplus', () => parseIdxLabels(idxBytes([2], [3, 4, 5]), 'a-file'), /a-file.*10 bytes.*11/);
  expectCode('dataset-empty', () => parseIdxLabels(idxBytes([0], []), 'a-file'), /a-file/);
  expectCode('dataset-empty', () => parseIdxImages(idxBytes([0, 28, 28], []), 'a-file'), /a-file/);
});

test('a file cut anywhere is truncated, never half read', () => {
  const good = idxBytes([1, 2, 2], [1, 2, 3, 4]);
  for (let length = 0; length < good.length; length += 1) {
    expectCode('idx-truncated', () => parseIdxImages(good.subarray(0, length), 'cut'), /cut/);
  }
  expectCode('idx-truncated', () =>
    parseIdxImages(idxBytes([0xffffffff, 0xffffffff, 0xffffffff], [1]), 'huge'),
  );
});

test('parseIdxImages() gives typed errors only, for any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.boolean(), (bytes, plausible) => {
      if (plausible) bytes.set([0, 0, 8, 3].slice(0, bytes.length));
      try {
        parseIdxImages(bytes, 'fuzz');
      } catch (error) {
        assert.ok(error instanceof FederationError);
      }
    }),
  );
});

test('joinLabels() refuses labels beyond the classes and counts that differ', () => {
  const images = parseIdxImages(idxBytes([2, 1, 1], [7, 8]), 'images');
  const joined = joinLabels(images, 'images', Uint8Array.of(0, 9), 'labels', 10);
  assert.deepEqual([...joined.labels], [0, 9]);
  expectCode(
    'label-out-of-range',
    () => joinLabels(images, 'images', Uint8Array.of(0, 10), 'labels', 10),
    /labels.*0 to 9.*label number 2 is 10/,
  );
  expectCode(
    'label-count',
    () => joinLabels(images, 'images', Uint8Array.of(0), 'labels', 10),
    /2 images and 1 labels/,
  );
});
