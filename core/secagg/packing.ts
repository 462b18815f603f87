/**
 * Vectors on the wire: `bits` per element, without gaps. Element i takes bits i x bits .. (i + 1) x bits - 1 of the byte
 * string, where bit j is bit j mod 8 of byte floor(j / 8). The bits left in the last byte are zero, and checked to be,
 * so that a vector has one encoding.
 *
 * Inner loops work on 32-bit words, which on a little-endian machine is the same order of bits.
 */
import './little-endian.ts';
import { lowBitsMask } from './masks.ts';

/** Bytes that `length` elements of `bits` each take. */
export function packedBytes(length: number, bits: number): number {
  return Math.ceil((length * bits) / 8);
}

/** Packs [length] elements below 2^bits. Throws RangeError when one is not, or bits is not in 1 .. 32. */
export function packBits(vector: Uint32Array, bits: number): Uint8Array<ArrayBuffer> {
  const highBits = ~lowBitsMask(bits);
  const byteLength = packedBytes(vector.length, bits);
  // One word more than needed: an element that ends on a word's last bit then has a next word too.
  const words = new Uint32Array((byteLength >>> 2) + 2);
  let excess = 0;
  let word = 0;
  let shift = 0;
  let pending = 0;
  // eslint-disable-next-line @typescript-eslint/prefer-for-of -- three times as slow over typed arrays (Node 24)
  for (let index = 0; index < vector.length; index += 1) {
    const element = vector[index]!;
    excess |= element & highBits;
    pending |= element << shift;
    shift += bits;
    if (shift >= 32) {
      words[word] = pending;
      word += 1;
      shift -= 32;
      // The bits that did not fit; a shift by 32 would be one by 0.
      pending = shift === 0 ? 0 : element >>> (bits - shift);
    }
  }
  words[word] = pending;
  if (excess !== 0) throw new RangeError(`cannot pack a vector, as its elements must be below 2^${bits}`);
  return new Uint8Array(words.buffer, 0, byteLength);
}

/**
 * The [length] elements; undefined when the bytes are not as long as packBits makes them, or set bits after the last
 * element. Throws RangeError when bits is not in 1 .. 32.
 */
export function unpackBits(bytes: Uint8Array, length: number, bits: number): Uint32Array | undefined {
  const vector = new Uint32Array(length);
  return addPacked(vector, bytes, bits) ? vector : undefined;
}

/**
 * Adds packed elements to a sum of the same length, modulo 2^32. Returns false, without touching the sum, when the
 * bytes are not as long as packBits makes them, or set bits after the last element.
 */
export function addPacked(sum: Uint32Array, bytes: Uint8Array, bits: number): boolean {
  const lowBits = lowBitsMask(bits);
  if (!isPacked(bytes, sum.length, bits)) return false;
  // One word more than needed: the last element is read with the word after it, too.
  const words = new Uint32Array((bytes.length >>> 2) + 2);
  new Uint8Array(words.buffer).set(bytes);
  let word = 0;
  let shift = 0;
  for (let index = 0; index < sum.length; index += 1) {
    // Shifting by 1 and then by 31 - shift, as a shift by 32 would be one by 0.
    const element = (words[word]! >>> shift) | ((words[word + 1]! << 1) << (31 - shift));
    sum[index]! += element & lowBits;
    shift += bits;
    word += shift >>> 5;
    shift &= 31;
  }
  return true;
}

/** Right length, and zero where there is no element. */
function isPacked(bytes: Uint8Array, length: number, bits: number): boolean {
  if (bytes.length !== packedBytes(length, bits)) return false;
  const usedInLast = (length * bits) % 8;
  return usedInLast === 0 || bytes[bytes.length - 1]! >>> usedInLast === 0;
}
