import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addPacked, packBits, packedBytes, unpackBits } from '../../../core/secagg/packing.ts';

/** Bit by bit. */
function slowPack(vector: Uint32Array, bits: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((vector.length * bits) / 8));
  vector.forEach((element, index) => {
    for (let bit = 0; bit < bits; bit += 1) {
      const place = index * bits + bit;
      bytes[Math.floor(place / 8)]! |= ((element >>> bit) & 1) << (place % 8);
    }
  });
  return bytes;
}

const packable = fc.integer({ min: 1, max: 32 }).chain((bits) =>
  fc.record({
    bits: fc.constant(bits),
    vector: fc
      .array(fc.nat({ max: 2 ** bits - 1 }), { maxLength: 100 })
      .map((elements) => Uint32Array.from(elements)),
  }),
);

describe('packBits()', () => {
  it('packs as bit by bit would, and unpackBits() undoes it', () => {
    fc.assert(
      fc.property(packable, ({ bits, vector }) => {
        const packed = packBits(vector, bits);
        assert.deepEqual([...packed], [...slowPack(vector, bits)]);
        assert.equal(packed.length, packedBytes(vector.length, bits));
        assert.deepEqual(unpackBits(packed, vector.length, bits), vector);
      }),
      { numRuns: 500 },
    );
  });

  it('packs every width with all bits set, at every length up to two words and a bit', () => {
    for (let bits = 1; bits <= 32; bits += 1) {
      for (let length = 0; length <= 67; length += 1) {
        const vector = new Uint32Array(length).fill(2 ** bits - 1);
        const packed = packBits(vector, bits);
        assert.deepEqual([...packed], [...slowPack(vector, bits)]);
        assert.deepEqual(unpackBits(packed, length, bits), vector);
      }
    }
  });

  it('refuses elements that do not fit, and widths outside 1 .. 32', () => {
    for (let bits = 1; bits < 32; bits += 1) {
      assert.throws(() => packBits(Uint32Array.of(0, 2 ** bits), bits), RangeError);
    }
    assert.throws(() => packBits(Uint32Array.of(0, 0xffffffff), 31), RangeError);
    for (const bits of [0, 33, 2.5]) assert.throws(() => packBits(Uint32Array.of(0), bits), RangeError);
  });
});

describe('addPacked()', () => {
  it('adds modulo 2^32 what unpackBits() gives, from any offset in a buffer', () => {
    fc.assert(
      fc.property(
        packable,
        fc.nat({ max: 3 }),
        fc.nat({ max: 0xffffffff }),
        ({ bits, vector }, offset, start) => {
          const packed = packBits(vector, bits);
          const message = new Uint8Array(packed.length + offset + 5).fill(0xff);
          message.set(packed, offset);
          const sum = new Uint32Array(vector.length).fill(start);
          assert.equal(addPacked(sum, message.subarray(offset, offset + packed.length), bits), true);
          assert.deepEqual(
            sum,
            vector.map((element) => element + start),
          );
        },
      ),
    );
  });

  it('refuses other lengths and set padding, and leaves the sum alone', () => {
    fc.assert(
      fc.property(packable, ({ bits, vector }) => {
        const packed = packBits(vector, bits);
        const longer = new Uint8Array(packed.length + 1);
        longer.set(packed);
        const refused = [longer];
        if (packed.length > 0) refused.push(packed.slice(0, -1));
        const used = (vector.length * bits) % 8;
        for (let bit = used; used > 0 && bit < 8; bit += 1) {
          const padded = packed.slice();
          padded[padded.length - 1]! |= 1 << bit;
          refused.push(padded);
        }
        for (const bytes of refused) {
          const sum = new Uint32Array(vector.length).fill(7);
          assert.equal(addPacked(sum, bytes, bits), false);
          assert.ok(sum.every((element) => element === 7));
          assert.equal(unpackBits(bytes, vector.length, bits), undefined);
        }
      }),
    );
  });
});
