import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeJoinCode, encodeJoinCode, type JoinCode } from '../../../core/joining/join-code.ts';
import { sessionOf, transportKeyHash } from '../../../core/joining/session-name.ts';
import { toHex, utf8 } from '../../../core/bytes/bytes.ts';

/** Any UTF-16 units, lone surrogates among them. */
const anyText = (maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.nat(0xffff), { maxLength }).map((units) => String.fromCharCode(...units));

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codes = fc.record(
  {
    host: fc.oneof(
      fc.ipV4().filter((host) => host !== '0.0.0.0'),
      fc.constant(undefined),
    ),
    port: fc.integer({ min: 1, max: 65_535 }),
    transportKeyHash: fc.uint8Array({ minLength: 10, maxLength: 10 }),
  },
  { noNullPrototype: true },
);
const sample: JoinCode = {
  host: '192.168.1.7',
  port: 7000,
  transportKeyHash: Uint8Array.from({ length: 10 }, (_, index) => 37 * index + 5),
};
const bare = (code: string): string => code.replaceAll('-', '');
const problemOf = (text: string): unknown => {
  const decoded = decodeJoinCode(text);
  return 'refused' in decoded ? decoded.refused.problem : undefined;
};

describe('join codes', () => {
  it('encodeJoinCode() gives 28 characters in groups of four, frozen', () => {
    assert.equal(encodeJoinCode(sample), 'R2M0-21RV-B02J-MKVM-K6ZE-621D-A8ED');
  });

  it('decodeJoinCode() reads back what encodeJoinCode() wrote', () => {
    fc.assert(
      fc.property(codes, (code) => {
        assert.deepEqual(decodeJoinCode(encodeJoinCode(code)), code);
      }),
    );
  });

  it('decodeJoinCode() accepts lower case, O for 0, I and L for 1, spaces and dashes anywhere', () => {
    const separators = fc.constantFrom('', ' ', '-', '\u2013', '\u00a0', '\n');
    const change = (character: string, choice: number): string => {
      if (character === '0') return ['0', 'O', 'o'][choice % 3]!;
      if (character === '1') return ['1', 'I', 'i', 'L', 'l'][choice % 5]!;
      return choice % 2 === 0 ? character : character.toLowerCase();
    };
    fc.assert(
      fc.property(
        codes,
        fc.array(fc.tuple(separators, fc.nat(29)), { minLength: 28, maxLength: 28 }),
        (code, changes) => {
          const typed = Array.from(bare(encodeJoinCode(code)), (character, index) => {
            const [separator, choice] = changes[index]!;
            return separator + change(character, choice);
          });
          assert.deepEqual(decodeJoinCode(` ${typed.join('')} `), code);
        },
      ),
    );
  });

  it('decodeJoinCode() catches every single wrong character of 40 codes', () => {
    for (const code of fc.sample(codes, 40)) {
      const right = bare(encodeJoinCode(code));
      for (let place = 0; place < right.length; place += 1) {
        for (const character of alphabet) {
          if (character === right[place]) continue;
          const wrong = right.slice(0, place) + character + right.slice(place + 1);
          assert.equal(problemOf(wrong), 'mistyped', `${right} ${wrong}`);
        }
      }
    }
  });

  it('decodeJoinCode() catches every swap of any two characters of 200 codes', () => {
    for (const code of fc.sample(codes, 200)) {
      const right = bare(encodeJoinCode(code));
      for (let one = 0; one < right.length; one += 1) {
        for (let other = one + 1; other < right.length; other += 1) {
          if (right[one] === right[other]) continue;
          const swapped = Array.from(right);
          [swapped[one], swapped[other]] = [right[other]!, right[one]!];
          assert.equal(problemOf(swapped.join('')), 'mistyped');
        }
      }
    }
  });

  it('decodeJoinCode() catches every two wrong characters of a code', () => {
    const right = Array.from(bare(encodeJoinCode(sample)), (character) => alphabet.indexOf(character));
    for (let one = 0; one < right.length; one += 1) {
      for (let other = one + 1; other < right.length; other += 1) {
        for (let difference = 1; difference < 32 * 32; difference += 1) {
          const wrong = [...right];
          wrong[one]! ^= difference & 31;
          wrong[other]! ^= difference >> 5;
          assert.equal(problemOf(wrong.map((digit) => alphabet[digit]).join('')), 'mistyped');
        }
      }
    }
  });

  it('decodeJoinCode() says what is wrong: length, character, version', () => {
    const right = bare(encodeJoinCode(sample));
    assert.deepEqual(decodeJoinCode(right.slice(1)), { refused: { problem: 'length', found: 27 } });
    assert.deepEqual(decodeJoinCode(`${right}0`), { refused: { problem: 'length', found: 29 } });
    assert.deepEqual(decodeJoinCode(''), { refused: { problem: 'length', found: 0 } });
    const withU = `${right.slice(0, 4)}u${right.slice(5)}`;
    assert.deepEqual(decodeJoinCode(withU), { refused: { problem: 'character', character: 'u', place: 5 } });
    // port 0, with check characters that fit: 26 zeros are a word of any linear code
    assert.equal(problemOf('0'.repeat(28)), 'unknown-kind');
  });

  it('decodeJoinCode() refuses spare bits that are not zero, though the check characters fit', () => {
    // a code is linear: the sum of two words is a word. One with spare bit 1 and all else zero, found by search
    const words: string[] = [];
    for (let checks = 0; checks < 1024; checks += 1) {
      const word = `${'0'.repeat(25)}1${alphabet[checks >> 5]!}${alphabet[checks & 31]!}`;
      if (problemOf(word) !== 'mistyped') words.push(word);
    }
    assert.equal(words.length, 1);
    const right = bare(encodeJoinCode(sample));
    const sum = Array.from(
      right,
      (character, place) => alphabet[alphabet.indexOf(character) ^ alphabet.indexOf(words[0]![place]!)],
    );
    assert.equal(problemOf(sum.join('')), 'unknown-kind');
  });

  it('decodeJoinCode() never throws', () => {
    fc.assert(
      fc.property(anyText(60), (text) => {
        decodeJoinCode(text);
      }),
    );
  });

  it('encodeJoinCode() refuses what is no address, port or hash', () => {
    for (const host of ['256.1.1.1', '1.2.3', '01.2.3.4', 'fd00::1', '', 'laptop.local']) {
      assert.throws(() => encodeJoinCode({ ...sample, host }), RangeError, host);
    }
    for (const port of [0, 65_536, -1, 1.5])
      assert.throws(() => encodeJoinCode({ ...sample, port }), RangeError);
    assert.throws(() => encodeJoinCode({ ...sample, transportKeyHash: new Uint8Array(9) }), RangeError);
  });

  it("sessionOf() begins with what a code holds of the TLS key's hash", () => {
    const key = utf8('any key');
    const code = encodeJoinCode({ ...sample, transportKeyHash: transportKeyHash(key) });
    const decoded = decodeJoinCode(code);
    assert.ok(!('refused' in decoded));
    assert.equal(sessionOf(key).length, 16);
    assert.ok(toHex(sessionOf(key)).startsWith(toHex(decoded.transportKeyHash)));
  });
});
