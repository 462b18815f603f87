import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../../../core/bytes/bytes.ts';
import { littleEndianWords } from '../../../core/secagg/little-endian.ts';
import { addMask, lowBitsMask, reduce } from '../../../core/secagg/masks.ts';

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const vector = fc
  .array(fc.nat({ max: 0xffffffff }), { maxLength: 70 })
  .map((elements) => Uint32Array.from(elements));

/** The mask word by word, without typed arrays' byte order. */
function slowMask(maskKey: Uint8Array, length: number): bigint[] {
  const keystream = createCipheriv('aes-256-ctr', maskKey, new Uint8Array(16)).update(
    new Uint8Array(length * 4),
  );
  return Array.from({ length }, (_, index) =>
    [0, 1, 2, 3].reduce(
      (word, byte) => word + (BigInt(keystream[4 * index + byte]!) << BigInt(8 * byte)),
      0n,
    ),
  );
}

describe('addMask()', () => {
  it('adds or subtracts the little-endian words of the AES-256-CTR keystream modulo 2^32', () => {
    fc.assert(
      fc.property(key, vector, fc.constantFrom(1 as const, -1 as const), (maskKey, elements, sign) => {
        const masked = elements.slice();
        addMask(masked, maskKey, sign);
        const expected = slowMask(maskKey, elements.length).map((word, index) =>
          Number(BigInt.asUintN(32, BigInt(elements[index]!) + BigInt(sign) * word)),
        );
        assert.deepEqual([...masked], expected);
      }),
    );
  });

  it('does so over many pieces of keystream, whole and partial', () => {
    const maskKey = Uint8Array.from({ length: 32 }, (_, index) => index);
    for (const length of [4095, 4096, 4097, 10_000]) {
      const masked = new Uint32Array(length);
      addMask(masked, maskKey, 1);
      assert.deepEqual([...masked], slowMask(maskKey, length).map(Number));
    }
  });

  it('gives frozen words', () => {
    const words = new Uint32Array(5);
    addMask(words, fromHex('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'), 1);
    // First block: the keystream of a zero counter block, which is AES-256 of zero under this key.
    const block = createCipheriv(
      'aes-256-ecb',
      fromHex('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'),
      null,
    )
      .setAutoPadding(false)
      .update(new Uint8Array(16));
    assert.equal(toHex(new Uint8Array(words.buffer, 0, 16)), block.toString('hex'));
    assert.deepEqual([...words], [3053490418, 3500099882, 1788539817, 2155294429, 2926992880]);
  });

  it('cancels with the same key and the other sign, and commutes', () => {
    fc.assert(
      fc.property(key, key, vector, (one, other, elements) => {
        const left = elements.slice();
        addMask(left, one, 1);
        addMask(left, other, -1);
        const right = elements.slice();
        addMask(right, other, -1);
        addMask(right, one, 1);
        assert.deepEqual(left, right);
        addMask(left, one, -1);
        addMask(left, other, 1);
        assert.deepEqual(left, elements);
      }),
    );
  });

  it('a reduced vector is masked by the low bits of the words', () => {
    fc.assert(
      fc.property(key, vector, fc.integer({ min: 1, max: 32 }), (maskKey, elements, bits) => {
        const late = elements.slice();
        addMask(late, maskKey, 1);
        reduce(late, bits);
        const early = elements.slice();
        reduce(early, bits);
        addMask(early, maskKey, 1);
        reduce(early, bits);
        assert.deepEqual(late, early);
        assert.ok(late.every((element) => element < 2 ** bits));
      }),
    );
  });
});

describe('lowBitsMask() and reduce()', () => {
  it('keep the low bits for every width', () => {
    for (let bits = 1; bits <= 32; bits += 1) {
      assert.equal(lowBitsMask(bits) >>> 0, 2 ** bits - 1);
      const elements = Uint32Array.of(0, 1, 2 ** bits - 1, 0xffffffff, 0x80000000);
      reduce(elements, bits);
      assert.deepEqual([...elements], [0, 1, 2 ** bits - 1, 2 ** bits - 1, bits === 32 ? 0x80000000 : 0]);
    }
  });

  it('refuse widths outside 1 .. 32', () => {
    for (const bits of [0, 33, -1, 1.5, Number.NaN]) assert.throws(() => lowBitsMask(bits), RangeError);
  });
});

describe('littleEndianWords()', () => {
  it('reads the first byte as the lowest, at any offset, and pads with zero', () => {
    const bytes = Uint8Array.of(9, 1, 2, 3, 4, 5, 6, 7, 8, 0xff);
    assert.deepEqual([...littleEndianWords(bytes.subarray(1, 9))], [0x04030201, 0x08070605]);
    assert.deepEqual([...littleEndianWords(bytes.subarray(0, 4))], [0x03020109]);
    assert.deepEqual([...littleEndianWords(bytes.subarray(4, 10))], [0x07060504, 0xff08]);
  });
});
