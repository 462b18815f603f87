/**
 * The roster's words: what the people in a room compare to know that every screen shows the same roster.
 *
 * Four words of 2,048 hold 44 bits. Alone that would fall to a search: they are safe because everybody's nonce enters
 * the digest, and all were committed to before any was opened, so that a cheater has one guess, not 2^44.
 *
 * Lists: BIP-39's English and French (package @scure/bip39, MIT). Words of one list differ in their first four letters.
 */
import { wordlist as english } from '@scure/bip39/wordlists/english.js';
import { wordlist as french } from '@scure/bip39/wordlists/french.js';
import { utf8 } from '../bytes/bytes.ts';
import { sha256 } from './hash.ts';

export type WordLanguage = 'en' | 'fr';
export type RosterWords = readonly [string, string, string, string];

export const NONCE_BYTES = 32;

const WORD_BITS = 11;

// the French list comes with accents as separate code points (NFKD); screens and keyboards compose them
const wordLists = {
  en: english,
  fr: french.map((word) => word.normalize('NFC')),
} as const satisfies Record<WordLanguage, readonly string[]>;

/**
 * The words of a roster digest (32 bytes) and all opened nonces (32 bytes each, in roster order, the coordinator's
 * first): the first 44 bits of their SHA-256, 11 to a word, most significant first. RangeError for other lengths.
 */
export function rosterWords(
  rosterDigest: Uint8Array,
  nonces: readonly Uint8Array[],
  language: WordLanguage,
): RosterWords {
  // fixed lengths: no two different inputs concatenate alike
  for (const part of [rosterDigest, ...nonces]) {
    if (part.length !== NONCE_BYTES) {
      throw new RangeError(
        `cannot make words, as digest and nonces must have 32 bytes, and one has ${part.length}`,
      );
    }
  }
  const digest = sha256(utf8('masquerade/roster-words/v1'), rosterDigest, ...nonces);
  const bits = new DataView(digest.buffer).getBigUint64(0);
  const word = (position: number): string =>
    wordLists[language][Number(BigInt.asUintN(WORD_BITS, bits >> BigInt(64 - WORD_BITS * (position + 1))))]!;
  return [word(0), word(1), word(2), word(3)];
}
