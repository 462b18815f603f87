/**
 * The pseudo-random generator of the masks: AES-256 in counter mode (NIST SP 800-38A, section 6.5) from counter zero.
 * The fixed starting counter is safe because every key is used for one mask only: mask keys are derived afresh for
 * every round, attempt and pair.
 */
import { createCipheriv } from 'node:crypto';

const COUNTER_ZERO = new Uint8Array(16);

/** `lengthBytes` bytes of keystream of a 32-byte key, in a buffer of their own (offset 0, fit for a Uint32Array). */
export function aesCtrKeystream(key: Uint8Array, lengthBytes: number): Uint8Array<ArrayBuffer> {
  const keystream = createCipheriv('aes-256-ctr', key, COUNTER_ZERO).update(new Uint8Array(lengthBytes));
  return keystream.byteOffset === 0
    ? new Uint8Array(keystream.buffer, 0, lengthBytes)
    : new Uint8Array(keystream);
}
