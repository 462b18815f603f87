import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wordlist as english } from '@scure/bip39/wordlists/english.js';
import { wordlist as french } from '@scure/bip39/wordlists/french.js';
import { uint32Bytes, utf8 } from '../../../core/bytes/bytes.ts';
import { fingerprint, formatFingerprint } from '../../../core/crypto/fingerprint.ts';
import { sha256 } from '../../../core/crypto/hash.ts';
import { rosterWords } from '../../../core/crypto/words.ts';

const rosterDigest = sha256(utf8('roster'));
const nonces = [0, 1, 2].map((client) => sha256(utf8(`nonce ${client}`)));

test('rosterWords() are frozen: people on two versions of Masquerade compare the same words', () => {
  assert.deepEqual(rosterWords(rosterDigest, nonces, 'en'), ['file', 'address', 'legal', 'tank']);
  assert.deepEqual(rosterWords(rosterDigest, nonces, 'fr'), ['entraver', 'acerbe', 'implorer', 'sirop']);
});

test('rosterWords() are the first 44 bits of the digest, 11 to a word', () => {
  const digest = sha256(utf8('masquerade/roster-words/v1'), rosterDigest, ...nonces);
  const bits = Array.from(digest, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const expected = [0, 11, 22, 33].map((start) => english[Number.parseInt(bits.slice(start, start + 11), 2)]);
  assert.deepEqual(rosterWords(rosterDigest, nonces, 'en'), expected);
});

test('rosterWords() change with the roster, with any nonce, with their order and number', () => {
  const altered = (part: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => part.with(31, part[31]! ^ 1);
  const all = [
    rosterWords(rosterDigest, nonces, 'en'),
    rosterWords(altered(rosterDigest), nonces, 'en'),
    ...nonces.map((nonce, index) => rosterWords(rosterDigest, nonces.with(index, altered(nonce)), 'en')),
    rosterWords(rosterDigest, nonces.toReversed(), 'en'),
    rosterWords(rosterDigest, nonces.slice(1), 'en'),
    rosterWords(rosterDigest, [], 'en'),
  ];
  assert.equal(new Set(all.map((words) => words.join(' '))).size, all.length);
});

test('rosterWords() refuses a digest or nonce that has not 32 bytes', () => {
  assert.throws(() => rosterWords(new Uint8Array(31), nonces, 'en'), RangeError);
  assert.throws(() => rosterWords(rosterDigest, [...nonces, new Uint8Array(33)], 'en'), RangeError);
});

test('rosterWords() come from both lists whole, accents composed, told apart by their first four letters', () => {
  for (const [language, list] of [
    ['en', english],
    ['fr', french],
  ] as const) {
    const composed = new Set(list.map((word) => word.normalize('NFC')));
    assert.equal(composed.size, 2048);
    assert.equal(
      new Set(list.map((word) => word.normalize('NFD').replace(/\p{M}/gu, '').slice(0, 4))).size,
      2048,
    );
    const seen = new Set<string>();
    for (let draw = 0; draw < 6000; draw += 1) {
      for (const word of rosterWords(sha256(uint32Bytes(draw)), [], language)) seen.add(word);
    }
    // 24,000 draws leave a given word out with probability e^-11.7, so that of 2,048 all but a few are seen
    assert.ok(seen.size > 2030, String(seen.size));
    for (const word of seen) assert.ok(composed.has(word), word);
  }
});

test('formatFingerprint() writes the SHA-256 of a key in groups of four', () => {
  assert.equal(
    formatFingerprint(fingerprint(utf8('abc'))),
    'BA78 16BF 8F01 CFEA 4141 40DE 5DAE 2223 B003 61A3 9617 7A9C B410 FF61 F200 15AD',
  );
});
