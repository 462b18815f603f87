/**
 * Masks (Bonawitz et al. 2017, section 4): a 32-byte key expands by AES-256-CTR (core/crypto/keystream.ts) to
 * little-endian words, which are added to or subtracted from a vector modulo 2^32. As 2^bits divides 2^32, reducing
 * the result to its low bits gives the sum modulo 2^bits: a mask word counts by its low bits.
 */
import { useKeystream } from '../crypto/keystream.ts';
import { littleEndianWords } from './little-endian.ts';

/** Adds (sign 1) or subtracts (sign -1) a key's mask in place, modulo 2^32; the caller reduces. Key: 32 bytes, used once. */
export function addMask(vector: Uint32Array, key: Uint8Array, sign: 1 | -1): void {
  useKeystream(key, vector.length * 4, (piece, startByte) => {
    const mask = littleEndianWords(piece);
    const target = vector.subarray(startByte / 4, startByte / 4 + mask.length);
    if (sign === 1) for (let index = 0; index < mask.length; index += 1) target[index]! += mask[index]!;
    else for (let index = 0; index < mask.length; index += 1) target[index]! -= mask[index]!;
  });
}

/** Reduces every element modulo 2^bits in place; bits in 1 .. 32. */
export function reduce(vector: Uint32Array, bits: number): void {
  const lowBits = lowBitsMask(bits);
  for (let index = 0; index < vector.length; index += 1) vector[index]! &= lowBits;
}

/** 2^bits - 1 as a 32-bit pattern. Throws RangeError unless bits is in 1 .. 32. */
export function lowBitsMask(bits: number): number {
  if (!Number.isInteger(bits) || bits < 1 || bits > 32) {
    throw new RangeError(`cannot use a width of ${bits} bits, as it must be in 1 .. 32`);
  }
  return 0xffffffff >>> (32 - bits);
}
