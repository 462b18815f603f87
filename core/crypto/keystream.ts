/**
 * The pseudo-random generator of the masks: AES-256 in counter mode (NIST SP 800-38A, section 6.5) from counter zero.
 * The fixed starting counter is safe because every key is used for one mask only: mask keys are derived afresh for
 * every round, attempt and pair.
 */
import { type Cipheriv, createCipheriv, createSecretKey } from 'node:crypto';

const COUNTER_ZERO = new Uint8Array(16);

/**
 * `lengthBytes` bytes of keystream of a 32-byte key, aligned so that a Uint32Array can lie over them. Another first
 * counter block than zero is for published vectors.
 */
export function aesCtrKeystream(
  key: Uint8Array,
  lengthBytes: number,
  firstCounterBlock: Uint8Array = COUNTER_ZERO,
): Uint8Array<ArrayBuffer> {
  const keystream = startAesCtr(key, firstCounterBlock).update(new Uint8Array(lengthBytes));
  return new Uint8Array(keystream.buffer, keystream.byteOffset, lengthBytes);
}

/** The key is handed over as a KeyObject: 5 us instead of 22 (Node 24.21), for every pair of clients. */
function startAesCtr(key: Uint8Array, firstCounterBlock: Uint8Array): Cipheriv {
  return createCipheriv('aes-256-ctr', createSecretKey(key), firstCounterBlock);
}

/** Pieces of this size stay in the processor's cache, where a whole keystream of a model would not. */
const PIECE_BYTES = 65_536;
const ZEROS = new Uint8Array(PIECE_BYTES);

/**
 * The same keystream piece by piece: `use` gets each piece and where it begins, and must not keep it, as it is erased
 * and given back afterwards. A piece is aligned so that a Uint32Array can lie over it.
 */
export function useKeystream(
  key: Uint8Array,
  lengthBytes: number,
  use: (piece: Uint8Array<ArrayBuffer>, startByte: number) => void,
): void {
  const cipher = startAesCtr(key, COUNTER_ZERO);
  for (let start = 0; start < lengthBytes; start += PIECE_BYTES) {
    const piece = cipher.update(ZEROS.subarray(0, Math.min(PIECE_BYTES, lengthBytes - start)));
    use(new Uint8Array(piece.buffer, piece.byteOffset, piece.length), start);
    piece.fill(0);
    // a round's masks are gigabytes: waiting for the garbage collector would cost time and a hundred megabytes
    piece.buffer.transfer(0);
  }
}
