import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeClientSet, encodeClientSet, isSubset } from '../../../core/wire/client-set.ts';

test('decodeClientSet() reads back what encodeClientSet() wrote', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.func(fc.boolean()), (n, chosen) => {
      const clients = Array.from({ length: n }, (_, index) => index + 1).filter(chosen);
      const bitmap = encodeClientSet(clients, n);
      assert.equal(bitmap.length, Math.ceil(n / 8));
      assert.deepEqual(decodeClientSet(bitmap, n), clients);
    }),
  );
});

test('decodeClientSet() refuses another length and clients beyond n', () => {
  assert.equal(decodeClientSet(Uint8Array.of(1), 9), undefined);
  assert.equal(decodeClientSet(Uint8Array.of(1, 0, 0), 9), undefined);
  assert.equal(decodeClientSet(Uint8Array.of(0, 2), 9), undefined);
  assert.deepEqual(decodeClientSet(Uint8Array.of(0, 1), 9), [9]);
});

test('encodeClientSet() throws for a client that is not in the roster', () => {
  assert.throws(() => encodeClientSet([0], 9), RangeError);
  assert.throws(() => encodeClientSet([10], 9), RangeError);
});

test('isSubset() compares sets', () => {
  assert.ok(isSubset([1, 3], [1, 2, 3]));
  assert.ok(!isSubset([1, 4], [1, 2, 3]));
});
