import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { holdOut } from '../../../core/datasets/held-out.ts';

test('holdOut() splits without loss, one in five for testing, both parts in the order given', () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 60 });
  fc.assert(
    fc.property(names, (fileNames) => {
      const { train, test: heldOut } = holdOut('a', fileNames);
      assert.equal(heldOut.length, Math.max(1, Math.round(0.2 * fileNames.length)));
      assert.ok(train.length >= 1);
      assert.deepEqual([...train, ...heldOut].sort(), [...fileNames].sort());
      assert.deepEqual(
        train,
        fileNames.filter((name) => train.includes(name)),
      );
    }),
  );
});

test('holdOut() chooses by names alone: the order of the input does not matter, the class does', () => {
  const fileNames = Array.from({ length: 50 }, (_, index) => `image-${index}.png`);
  const chosen = new Set(holdOut('cats', fileNames).test);
  assert.deepEqual(new Set(holdOut('cats', fileNames.toReversed()).test), chosen);
  assert.notDeepEqual(new Set(holdOut('dogs', fileNames).test), chosen);
});
