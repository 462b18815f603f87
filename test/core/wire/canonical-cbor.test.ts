import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from 'cbor2';
import fc from 'fast-check';
import { fromHex } from '../../../core/bytes/bytes.ts';
import { decodeCanonical, encodeCanonical } from '../../../core/wire/canonical-cbor.ts';

test('decodeCanonical() reads back what encodeCanonical() wrote', () => {
  const bodies = fc.dictionary(
    fc.string({ maxLength: 8 }).filter((key) => key.normalize('NFC') === key && key !== '__proto__'),
    fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.nat(), fc.array(fc.uint8Array({ maxLength: 40 }))),
    { maxKeys: 6, noNullPrototype: true },
  );
  fc.assert(
    fc.property(bodies, (body) => {
      assert.deepEqual(decodeCanonical(encodeCanonical(body)), body);
    }),
  );
});

test('encodeCanonical() writes what cbor2 does', () => {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.uint8Array({ maxLength: 300 }),
      fc.oneof(fc.nat({ max: 30 }), fc.nat({ max: 70_000 }), fc.nat({ max: 2 ** 32 }), fc.maxSafeInteger()),
      fc.oneof(fc.double(), fc.constantFrom(null, undefined, true, false, -0, 2 ** 32 - 1, 2 ** 53, 3n)),
      fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 20, maxLength: 300 })),
      fc.array(tie('value'), { maxLength: 30 }),
      fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 30 }),
    ),
  }));
  fc.assert(
    fc.property(value, (any) => {
      assert.deepEqual(encodeCanonical(any), encode(any, { cde: true }));
    }),
    { numRuns: 500 },
  );
  const long = new Uint8Array(70_000);
  assert.deepEqual(encodeCanonical(long), encode(long, { cde: true }));
});

/** RFC 8949: other encodings of values, and values that no body holds. */
const refusedEncodings: readonly (readonly [string, string])[] = [
  ['a key twice', 'a2616100616100'],
  ['keys out of order', 'a2616200616100'],
  ['an integer longer than needed', 'a161611800'],
  ['a length longer than needed', 'a161615801ff'],
  ['a float', 'a16161f93c00'],
  ['undefined', 'a16161f7'],
  ['an unassigned simple value', 'a16161e0'],
  ['a byte string of indefinite length', 'a161615f4100ff'],
  ['a map of indefinite length', 'bf616100ff'],
  ['bytes after the value', 'a16161000000'],
  ['nothing', ''],
  ['a value cut short', 'a16161'],
  ['deep nesting', '8181818181818100'],
  ['text that is not UTF-8', 'a161ff00'],
];

for (const [name, hex] of refusedEncodings) {
  test(`decodeCanonical() refuses ${name}`, () => {
    assert.equal(decodeCanonical(fromHex(hex)), undefined);
  });
}

test('decodeCanonical() gives a tag no meaning', () => {
  // tag 1, a date for many decoders
  assert.ok(!(decodeCanonical(fromHex('c100')) instanceof Date));
});
