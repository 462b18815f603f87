/** Masks of nobody, for drawings: fingerprints made up from a number, always the same. */

/** In the form of a fingerprint. */
export function madeUpFingerprint(number: number): string {
  // multiplicative hashing (Knuth): every byte differs from one number to the next
  const bytes = Array.from({ length: 16 }, (_, at) => {
    const hash = Math.imul(number * 31 + at * 7 + 11, 0x9e3779b1) >>> 24;
    return hash.toString(16).padStart(2, '0').toUpperCase();
  });
  return (bytes.join('').match(/.{4}/g) ?? []).join(' ');
}
