import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { sanitiseName, uniqueName } from '../../../core/joining/display-name.ts';

/** Any UTF-16 units, lone surrogates among them. */
const anyText = (maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.nat(0xffff), { maxLength }).map((units) => String.fromCharCode(...units));

const names = fc.oneof(
  anyText(200),
  fc.string({ unit: 'grapheme', maxLength: 100 }),
  fc
    .array(
      fc.constantFrom('a', ' ', '\u0301', '\u202e', '\u200d', '\u{1f600}', '\ud800', '\u3164', 'ﬁ', '\n'),
      {
        maxLength: 100,
      },
    )
    .map((parts) => parts.join('')),
);

describe('display names', () => {
  it('sanitiseName() removes what is invisible or reorders, and collapses spaces', () => {
    for (const [name, expected] of [
      ['  Ada \t\n Lovelace ', 'Ada Lovelace'],
      ['A\u202eda\u202c', 'Ada'],
      ['A\u200bd\u200da\ufeff', 'Ada'],
      ['\u2067Ada\u2069', 'Ada'],
      ['A\u0000d\u001ba\u007f', 'Ada'],
      ['Ade\u0301', 'Ad\u00e9'],
      ['Ada\ud83d', 'Ada'],
      ['A\u034fd\u115fa\u3164', 'Ada'],
      ['\u2800Ada\u00ad', 'Ada'],
      ['\u0301\u0302Ada', 'Ada'],
      ['Ada\ue000\u0378', 'Ada'],
      ['Zoë 漢字 Ωmega', 'Zoë 漢字 Ωmega'],
      ['Ada\u2028Lovelace', 'Ada Lovelace'],
    ] as const) {
      assert.equal(sanitiseName(name, 'Guest'), expected, JSON.stringify(name));
    }
  });

  it('sanitiseName() falls back when nothing visible is left', () => {
    for (const name of ['', '   ', '\u200b\u202e', '\u0301', '\u3164 \u2800', '\ud800']) {
      assert.equal(sanitiseName(name, 'Guest'), 'Guest', JSON.stringify(name));
    }
  });

  it('sanitiseName() cuts at 60 units without halving a character', () => {
    assert.equal(sanitiseName('x'.repeat(61), 'Guest').length, 60);
    const cut = sanitiseName(`x${'\u{1f600}'.repeat(60)}`, 'Guest');
    assert.equal(cut, `x${'\u{1f600}'.repeat(29)}`);
  });

  it('sanitiseName() keeps accents from piling up', () => {
    assert.ok(sanitiseName(`x${'\u0330'.repeat(50)}`, 'Guest').length <= 5);
  });

  it('sanitiseName() is bounded, well-formed, visible, and changes nothing a second time', () => {
    fc.assert(
      fc.property(names, (name) => {
        const once = sanitiseName(name, 'Guest');
        assert.ok(once.length > 0 && once.length <= 60);
        assert.ok(once.isWellFormed());
        assert.equal(once, once.trim().normalize('NFC'));
        assert.doesNotMatch(once, /[\p{C}\p{Default_Ignorable_Code_Point}]|\s\s/u);
        assert.equal(sanitiseName(once, 'Other'), once);
      }),
      { numRuns: 2_000 },
    );
  });

  it('uniqueName() numbers names that read alike by case, width or form', () => {
    assert.equal(uniqueName('Ada', []), 'Ada');
    assert.equal(uniqueName('Ada', ['Ada']), 'Ada (2)');
    assert.equal(uniqueName('ADA', ['Ada', 'ada (2)']), 'ADA (3)');
    assert.equal(uniqueName('\uff21\uff24\uff21', ['Ada']), '\uff21\uff24\uff21 (2)');
    assert.equal(uniqueName('\ufb01n', ['Fin']), '\ufb01n (2)');
    assert.equal(uniqueName('STRASSE', ['Straße']), 'STRASSE (2)');
    assert.equal(uniqueName('Ada (2)', ['Ada', 'Ada (2)']), 'Ada (2) (2)');
  });

  it('uniqueName() keeps any list free of doubles, and every name bounded', () => {
    const few = fc.constantFrom(
      'Ada',
      'ADA',
      'ada',
      'Ada (2)',
      'x'.repeat(60),
      'X'.repeat(60),
      '\u{1f600}'.repeat(30),
    );
    fc.assert(
      fc.property(fc.array(few, { maxLength: 30 }), (given) => {
        const list: string[] = [];
        for (const name of given) list.push(uniqueName(name, list));
        assert.equal(new Set(list.map((name) => name.normalize('NFKC').toLowerCase())).size, list.length);
        for (const name of list) assert.equal(sanitiseName(name, ''), name);
      }),
    );
  });
});
