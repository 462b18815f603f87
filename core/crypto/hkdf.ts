/** HKDF (RFC 5869) with SHA-256: turns a Diffie-Hellman result into keys, each bound by `info` to one use. */
import { createSecretKey, hkdfSync } from 'node:crypto';

const NO_SALT = new Uint8Array(0);

/**
 * `length` bytes (1 .. 8,160) of key material from a secret. `info` says what the key is for; different infos give
 * independent keys. The salt is empty unless given: every secret here is already a fresh Diffie-Hellman result.
 */
export function hkdfSha256(
  secret: Uint8Array,
  info: Uint8Array,
  length: number,
  salt: Uint8Array = NO_SALT,
): Uint8Array<ArrayBuffer> {
  // handed over as a KeyObject: 6 us instead of 10, at n - 1 derivations per client and round
  return new Uint8Array(hkdfSync('sha256', createSecretKey(secret), salt, info, length));
}
