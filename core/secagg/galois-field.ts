/**
 * The field GF(2^8) modulo x^8 + x^4 + x^3 + x + 1 (0x11b, the polynomial of AES, FIPS 197 section 4). Addition is
 * exclusive or. Multiplication by tables: fast, but not constant in time with respect to the cache; what is computed
 * here is computed on the machine of whoever may know it.
 */

/** Powers of the generator 3, twice over, so that a sum of two logarithms needs no reduction: [510]. */
const powers = new Uint8Array(510);
/** Logarithms to base 3 of 1 .. 255; entry 0 has no meaning. */
export const logarithms = new Uint8Array(256);

for (let exponent = 0, value = 1; exponent < 255; exponent += 1) {
  powers[exponent] = value;
  powers[exponent + 255] = value;
  logarithms[value] = exponent;
  const doubled = (value << 1) ^ (value >= 0x80 ? 0x11b : 0);
  value = doubled ^ value;
}

/** 3^exponent, for exponents 0 .. 509. */
export function power(exponent: number): number {
  return powers[exponent]!;
}

export function multiply(left: number, right: number): number {
  return left === 0 || right === 0 ? 0 : powers[logarithms[left]! + logarithms[right]!]!;
}

/** left / right; right is not 0. */
export function divide(left: number, right: number): number {
  return left === 0 ? 0 : powers[logarithms[left]! + 255 - logarithms[right]!]!;
}

/** Row `factor`: its products with 0 .. 255. [256 x 256] */
const products = new Uint8Array(256 * 256);
for (let factor = 0; factor < 256; factor += 1) {
  for (let value = 0; value < 256; value += 1) products[factor * 256 + value] = multiply(factor, value);
}

/** The products of `factor` with 0 .. 255: [256]. */
export function multiplesOf(factor: number): Uint8Array {
  return products.subarray(factor * 256, factor * 256 + 256);
}
