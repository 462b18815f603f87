import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { en } from '../../../renderer/messages/en.ts';
import { wholeLabEnglish } from '../../../renderer/messages/lab-en.ts';
import { formatsOf } from '../../../renderer/messages/formats.ts';
import { fr } from '../../../renderer/messages/fr.ts';
import { type Message, textsOf } from '../../../renderer/messages/translate.ts';

const english: Readonly<Record<string, Message>> = en;
const french: Readonly<Record<string, Message>> = fr;

function forms(message: Message): readonly string[] {
  return typeof message === 'string' ? [message] : [message.one, message.other];
}

function placeholders(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/\{([\w-]+)\}/g)].map(([, name]) => name ?? ''))].sort();
}

describe('messages', () => {
  it('have the same keys in both languages', () => {
    assert.deepEqual(Object.keys(french), Object.keys(english));
  });

  it('have the same placeholders in both languages, and plural forms for the same keys', () => {
    for (const [key, message] of Object.entries(english)) {
      const other = french[key] ?? '';
      assert.equal(typeof other, typeof message, key);
      const named = (texts: readonly string[]): readonly string[] =>
        placeholders(texts.join(' ')).filter((name) => name !== 'count');
      assert.deepEqual(named(forms(other)), named(forms(message)), key);
    }
  });

  it('are nowhere empty, and French ones are typed with ordinary spaces before their punctuation', () => {
    for (const [key, message] of Object.entries(french))
      for (const text of forms(message)) {
        assert.notEqual(text.trim(), '', key);
        assert.doesNotMatch(text, /[\u00a0\u202f]/, key);
        assert.doesNotMatch(text, /[^\s\d{][:;!?%»]|«\S/, key);
      }
  });

  it('avoid the words that promise too much', () => {
    for (const texts of [english, french])
      for (const [key, message] of Object.entries(texts))
        assert.doesNotMatch(
          forms(message).join(' '),
          /encrypt|anonym|secure|chiffré|chiffrement|sécuris/i,
          key,
        );
  });
});

describe('t()', () => {
  it('puts narrow no-break spaces into French templates, not into parameters', () => {
    const { t } = textsOf('fr');
    assert.equal(t('named-value', { name: 'a : b', value: 'c ; d' }), 'a : b\u202f: c ; d');
  });

  it('chooses the plural form by the rules of the language', () => {
    assert.equal(textsOf('en').t('points', { count: 1.2 }), '1.2 points');
    assert.equal(textsOf('fr').t('points', { count: 1.2 }), '1,2 point');
    assert.equal(textsOf('en').t('points', { count: 0 }), '0 points');
    assert.equal(textsOf('fr').t('points', { count: 0 }), '0 point');
    assert.equal(textsOf('en').t('points', { count: 1 }), '1 point');
    assert.equal(textsOf('fr').t('points', { count: 2 }), '2 points');
  });

  it('does not expand placeholders that a parameter contains', () => {
    assert.equal(textsOf('en').t('named-value', { name: '{value}', value: '$&' }), '{value}: $&');
  });
});

describe('textsOf() for a terminal', () => {
  const terminal = textsOf('fr', 'terminal');

  it('uses ordinary spaces only, in templates, numbers, units and shares', () => {
    const { t, formats } = terminal;
    assert.equal(t('named-value', { name: 'a', value: 241_546 }), 'a : 241 546');
    assert.equal(formats.bytes(966_184), '966 ko');
    assert.equal(formats.milliseconds(1234), '1 234 ms');
    assert.equal(formats.percent(0.9801), '98,0 %');
    assert.equal(formats.duration(277), '4:37 min');
    assert.equal(formats.moment('2026-11-24T23:30:00Z'), '24 novembre 2026 à 23:30 UTC');
  });

  it('leaves the texts of pages as they are', () => {
    assert.equal(textsOf('fr').formats.number(241_546), '241\u202f546');
  });
});

describe('formatsOf()', () => {
  const [english, french] = [formatsOf('en'), formatsOf('fr')];

  it('writes numbers, scores and shares as the language does', () => {
    assert.equal(english.number(241_546), '241,546');
    assert.equal(french.number(241_546), '241\u202f546');
    assert.equal(english.score(0.98014), '0.9801');
    assert.equal(french.score(0.98014), '0,9801');
    assert.equal(english.percent(0.9801), '98.0\u202f%');
    assert.equal(french.percent(0.05), '5\u202f%');
    assert.equal(english.fixed(-0.5, 1), '\u22120.5');
  });

  it('writes sizes in decimal units with three digits', () => {
    assert.equal(english.bytes(999), '999\u00a0B');
    assert.equal(english.bytes(966_184), '966\u00a0kB');
    assert.equal(french.bytes(1_234_567), '1,23\u00a0Mo');
    assert.equal(english.bytes(2.5e9), '2.50\u00a0GB');
  });

  it('writes times by their length', () => {
    assert.equal(english.duration(3.42), '3.4\u00a0s');
    assert.equal(english.duration(59.97), '1:00\u00a0min');
    assert.equal(english.duration(277), '4:37\u00a0min');
    assert.equal(english.duration(3877), '1:04:37');
    assert.equal(french.milliseconds(0.424), '0,42\u00a0ms');
  });

  it('writes small numbers with a power of ten', () => {
    assert.deepEqual(english.scientific(3.114e-6), { mantissa: '3.11', exponent: -6 });
    assert.deepEqual(french.scientific(0.0123), { mantissa: '0,0123', exponent: 0 });
    assert.deepEqual(english.scientific(0), { mantissa: '0', exponent: 0 });
  });

  it('writes moments in universal time', () => {
    assert.equal(english.moment('2026-11-24T23:30:00Z'), '24 November 2026 at 23:30 UTC');
    assert.match(french.moment('2026-11-24T23:30:00Z'), /^24 novembre 2026 à 23:30 UTC$/);
  });

  it('writes when something was as people say it, by the local calendar', () => {
    const now = new Date(2026, 10, 26, 0, 30);
    const local = (...parts: [number, number, number, number, number]): string =>
      new Date(...parts).toISOString();
    assert.equal(english.when(local(2026, 10, 26, 0, 5), now), 'today, 00:05');
    assert.equal(english.when(local(2026, 10, 25, 23, 50), now), 'yesterday, 23:50');
    assert.equal(english.when(local(2026, 10, 24, 10, 12), now), '24 November');
    assert.equal(english.when(local(2025, 11, 31, 10, 12), now), '31 December 2025');
    assert.equal(french.when(local(2026, 10, 25, 16, 40), now), 'hier, 16:40');
  });
});

describe('messages of the attack lab', () => {
  const renderer = new URL('../../../renderer/', import.meta.url);
  /** What is loaded with the lab, and with its texts. */
  const ofTheLab = /^(messages|views\/lab|wording\/attacks|state\/lab[\w.-]*|views\/activity\/CuriousView)\b/;

  it('are named by no other part of the interface, which has not fetched them', () => {
    const files = readdirSync(renderer, { recursive: true, encoding: 'utf8' })
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => /\.(ts|svelte)$/.test(name) && !ofTheLab.test(name));
    assert.ok(files.length > 100);
    const keys = new Set(Object.keys(wholeLabEnglish));
    const found = files.flatMap((name) => {
      const text = readFileSync(new URL(name, renderer), 'utf8');
      return [...text.matchAll(/'([a-z][\w.-]*)'/g)]
        .filter(([, key]) => keys.has(key ?? ''))
        .map(([, key]) => `${name}: ${key ?? ''}`);
    });
    assert.deepEqual(found, []);
  });
});
