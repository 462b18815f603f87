/**
 * The pseudo-random generator of the masks: AES-256 in counter mode (NIST SP 800-38A, section 6.5) from counter zero.
 * The fixed starting counter is safe because every key is used for one mask only: mask keys are derived afresh for
 * every round, attempt and pair.
 */
import { createCipheriv } from 'node:crypto';

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
  const keystream = createCipheriv('aes-256-ctr', key, firstCounterBlock).update(new Uint8Array(lengthBytes));
  return new Uint8Array(keystream.buffer, keystream.byteOffset, lengthBytes);
}
