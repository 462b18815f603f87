import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withOwnBuffers } from '../../../core/bytes/own-buffers.ts';

describe('withOwnBuffers()', () => {
  it('copies views that are part of a larger buffer, whatever their kind, wherever they lie', () => {
    const pool = new ArrayBuffer(64);
    new Uint8Array(pool).set(Array.from({ length: 64 }, (_, index) => index));
    const message = {
      weights: new Float32Array(pool, 8, 2),
      list: [{ bytes: new Uint8Array(pool, 3, 5) }],
      view: new DataView(pool, 1, 2),
      wide: new BigInt64Array(pool, 16, 1),
    };
    const owned = withOwnBuffers(message);
    assert.deepEqual(owned, message);
    for (const view of [owned.weights, owned.list[0]!.bytes, owned.view, owned.wide])
      assert.equal(view.buffer.byteLength, view.byteLength);
    assert.ok(owned.weights instanceof Float32Array && owned.view instanceof DataView);
  });

  it('gives a Buffer out of a pool as a Uint8Array of its own', () => {
    const owned: Uint8Array = withOwnBuffers(Buffer.from('masked'));
    assert.equal(owned.buffer.byteLength, 6);
    assert.equal(Object.getPrototypeOf(owned), Uint8Array.prototype);
    assert.equal(new TextDecoder().decode(owned), 'masked');
  });

  it('copies what lies in shared memory, which cannot be cloned', () => {
    const owned = withOwnBuffers(new Uint8Array(new SharedArrayBuffer(4)));
    assert.ok(owned.buffer instanceof ArrayBuffer);
  });

  it('hands the very same message on where every view fills its buffer', () => {
    const message = { weights: new Float32Array(3), at: [1, { when: new Date(0) }], none: null };
    assert.equal(withOwnBuffers(message), message);
  });
});
