/**
 * Chooses test images where a folder has none of its own: of every class the same share, by the SHA-256 of class and
 * file name. The choice depends on nothing else, so the same folder gives the same data set on every machine, whatever
 * the seed of a run; and unlike alphabetical order it does not follow what names often encode (writer, date, source).
 */
import { toHex, utf8 } from '../bytes/bytes.ts';
import { sha256 } from '../crypto/hash.ts';

/** One in five. */
const HELD_OUT_SHARE = 0.2;

/** A class is split only if both parts get an image. */
export const FEWEST_TO_SPLIT = 2;

/**
 * Splits the file names of one class (at least 2); both parts keep the order of the input. The test part has
 * round(20 %) of them, at least 1.
 */
export function holdOut(
  className: string,
  fileNames: readonly string[],
): { readonly train: string[]; readonly test: string[] } {
  const rank = (fileName: string): string => toHex(sha256(utf8(JSON.stringify([className, fileName]))));
  const byRank = fileNames
    .map((fileName) => ({ fileName, rank: rank(fileName) }))
    .sort((left, right) => (left.rank < right.rank ? -1 : 1));
  const testCount = Math.max(1, Math.round(HELD_OUT_SHARE * fileNames.length));
  const chosen = new Set(byRank.slice(0, testCount).map(({ fileName }) => fileName));
  return {
    train: fileNames.filter((fileName) => !chosen.has(fileName)),
    test: fileNames.filter((fileName) => chosen.has(fileName)),
  };
}
