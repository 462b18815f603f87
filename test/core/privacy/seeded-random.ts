/** A random source that a number decides, for statistics that come out the same in every run: an AES-256-CTR keystream. */
import { aesCtrKeystream } from '../../../core/crypto/keystream.ts';
import { sha256 } from '../../../core/crypto/hash.ts';
import type { RandomSource } from '../../../core/crypto/random.ts';
import { utf8 } from '../../../core/bytes/bytes.ts';

export function seededRandom(seed: number): RandomSource {
  let drawn = 0;
  return {
    bytes(length) {
      drawn += 1;
      return aesCtrKeystream(sha256(utf8(`test/privacy ${seed} ${drawn}`)), length).slice();
    },
  };
}

/** A source that gives these 32-bit words in turn, then words of a seeded one. */
export function programmedRandom(...words: readonly number[]): RandomSource & { readonly drawn: number } {
  const later = seededRandom(0);
  let drawn = 0;
  return {
    get drawn() {
      return drawn;
    },
    bytes(length) {
      const bytes = later.bytes(length);
      const view = new DataView(bytes.buffer);
      for (let at = 0; at + 4 <= length && drawn < words.length; at += 4, drawn += 1)
        view.setUint32(at, words[drawn]!, true);
      return bytes;
    },
  };
}
