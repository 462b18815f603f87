/** Fingerprints of identities, for people to compare and for rosters to name keys by. */
import { toHex } from '../bytes/bytes.ts';
import { sha256 } from './hash.ts';

/** SHA-256 of an identity's SubjectPublicKeyInfo (PublicIdentity.spki): 32 bytes. */
export function fingerprint(spki: Uint8Array): Uint8Array<ArrayBuffer> {
  return sha256(spki);
}

/** For people: capital hexadecimal digits in groups of four. "3FA9 01B7 ..." */
export function formatFingerprint(digest: Uint8Array): string {
  return (
    toHex(digest)
      .toUpperCase()
      .match(/.{1,4}/g) ?? []
  ).join(' ');
}
