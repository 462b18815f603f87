import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  concatBytes,
  equalBytes,
  eraseBytes,
  fromHex,
  toHex,
  uint32Bytes,
  utf8,
} from '../../../core/bytes/bytes.ts';

const bytes = fc.uint8Array({ maxLength: 40 });

test('concatBytes() keeps order and every byte, in a new array', () => {
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 5 }), (parts) => {
      assert.deepEqual(
        [...concatBytes(...parts)],
        parts.flatMap((part) => [...part]),
      );
    }),
  );
  const part = Uint8Array.of(1, 2);
  const joined = concatBytes(part);
  part[0] = 9;
  assert.deepEqual(joined, Uint8Array.of(1, 2));
});

test('concatBytes() takes views into larger buffers for what they show', () => {
  const view = Uint8Array.of(0, 1, 2, 3).subarray(1, 3);
  assert.deepEqual(concatBytes(view, view), Uint8Array.of(1, 2, 1, 2));
});

test('equalBytes() is true for the same bytes only', () => {
  assert.ok(equalBytes(new Uint8Array(0), new Uint8Array(0)));
  assert.ok(!equalBytes(Uint8Array.of(1), Uint8Array.of(1, 0)));
  assert.ok(!equalBytes(Uint8Array.of(1, 0), Uint8Array.of(1)));
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (data, at, flip) => {
        assert.ok(equalBytes(data, data.slice()));
        const index = at % data.length;
        assert.ok(!equalBytes(data, data.with(index, data[index]! ^ flip)));
      },
    ),
  );
});

test('fromHex() undoes toHex(), in either case', () => {
  assert.equal(toHex(Uint8Array.of(0, 1, 0xab, 0xff)), '0001abff');
  fc.assert(
    fc.property(bytes, (data) => {
      assert.deepEqual(fromHex(toHex(data)), Uint8Array.from(data));
      assert.deepEqual(fromHex(toHex(data).toUpperCase()), Uint8Array.from(data));
    }),
  );
});

test('fromHex() refuses what is not pairs of hexadecimal digits', () => {
  for (const text of ['0', 'abc', '0g', ' 00', '00 ', '0x00', '00\n']) {
    assert.throws(() => fromHex(text), RangeError, JSON.stringify(text));
  }
});

test('utf8() encodes accents as two bytes', () => {
  assert.equal(toHex(utf8('é')), 'c3a9');
});

test('uint32Bytes() is little-endian', () => {
  assert.deepEqual(uint32Bytes(0x01020304), Uint8Array.of(4, 3, 2, 1));
  assert.deepEqual(uint32Bytes(2 ** 32 - 1), Uint8Array.of(255, 255, 255, 255));
});

test('eraseBytes() overwrites every secret, through a view only what it shows', () => {
  const whole = Uint8Array.of(1, 2, 3, 4);
  const other = Uint8Array.of(5);
  eraseBytes(whole.subarray(1, 3), other);
  assert.deepEqual(whole, Uint8Array.of(1, 0, 0, 4));
  assert.deepEqual(other, Uint8Array.of(0));
});
