/** Crockford's base32: digits and capital letters without I, L, O, U, so that none is taken for another. */

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** What people type for a digit that looks like it. */
const lookAlikes: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1' };

/** The character of a value in 0 .. 31. */
export function base32Character(value: number): string {
  return alphabet[value]!;
}

/** The value of a character, either case, O as 0 and I and L as 1; undefined for any other. */
export function base32Value(character: string): number | undefined {
  const upper = character.toUpperCase();
  const value = alphabet.indexOf(lookAlikes[upper] ?? upper);
  return value < 0 || character.length !== 1 ? undefined : value;
}
