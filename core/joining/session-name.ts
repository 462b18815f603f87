/** What a session's TLS key gives it: the hash that participants pin, and its name. */
import { sha256 } from '../crypto/hash.ts';
import { sessionBytes } from '../wire/header.ts';

/** Of the hash in a link. */
export const LINK_HASH_BYTES = 32;

/** SHA-256 of the session's TLS public key (SPKI, DER): 32 bytes. Codes carry its first 10, links all. */
export function transportKeyHash(transportKey: Uint8Array): Uint8Array<ArrayBuffer> {
  return sha256(transportKey);
}

/**
 * The session's 16 bytes: the first of its TLS key's hash. Whoever checked the key thereby checked the session, and a
 * code names its session without saying so.
 */
export function sessionOf(transportKey: Uint8Array): Uint8Array<ArrayBuffer> {
  return transportKeyHash(transportKey).slice(0, sessionBytes);
}
