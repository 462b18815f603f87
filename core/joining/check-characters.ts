/**
 * Two check characters for up to 29 of base32: a shortened Reed-Solomon code over GF(32) (Reed, Solomon 1960) whose
 * words are the polynomials that vanish at a and a^2. Any two words differ in at least three places, so that one wrong
 * character, two wrong characters anywhere, and every swap of two characters are caught; of other mistakes one in
 * 1,024 slips through. It guards against mistakes, not against malice.
 */

/** Of the field's multiplicative group, and so the longest word. */
const FIELD_ORDER = 31;
/** x^5 + x^2 + 1, primitive over GF(2). */
const FIELD_POLYNOMIAL = 0b100101;

/** powers[i] = a^i; logarithms[a^i] = i. */
const powers = new Uint8Array(FIELD_ORDER);
const logarithms = new Uint8Array(FIELD_ORDER + 1);
for (let exponent = 0, power = 1; exponent < FIELD_ORDER; exponent += 1) {
  powers[exponent] = power;
  logarithms[power] = exponent;
  power <<= 1;
  if (power > FIELD_ORDER) power ^= FIELD_POLYNOMIAL;
}

function multiply(left: number, right: number): number {
  if (left === 0 || right === 0) return 0;
  return powers[(logarithms[left]! + logarithms[right]!) % FIELD_ORDER]!;
}

/** The word's polynomial, its first value the highest coefficient, at a^exponent (Horner). */
function valueAt(word: readonly number[], exponent: number): number {
  return word.reduce((value, digit) => multiply(value, powers[exponent]!) ^ digit, 0);
}

/** The two values, 0 .. 31 each, that make `digits` (at most 29, 0 .. 31 each) a word of the code. */
export function checkDigits(digits: readonly number[]): readonly [number, number] {
  // c1 x + c0 with the same values at a and a^2 as digits times x^2: two equations, solved for c1 and c0
  const atFirst = valueAt([...digits, 0, 0], 1);
  const atSecond = valueAt([...digits, 0, 0], 2);
  const inverse = powers[FIELD_ORDER - logarithms[powers[1]! ^ powers[2]!]!]!;
  const first = multiply(atFirst ^ atSecond, inverse);
  return [first, atFirst ^ multiply(first, powers[1]!)];
}

/** Whether the digits, the two check digits at the end, are a word of the code. */
export function isChecked(digits: readonly number[]): boolean {
  return valueAt(digits, 1) === 0 && valueAt(digits, 2) === 0;
}
