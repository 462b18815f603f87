/**
 * Secrets in the database: AES-256-GCM under the master key, each with a key of its own (HKDF with a fresh salt), so
 * that no nonce can serve twice, and bound to its row and purpose, so that one moved elsewhere does not open.
 *
 * | bytes | what |
 * |---|---|
 * | 1 | version: 1 |
 * | 16 | salt |
 * | 12 | nonce |
 * | n + 16 | the secret, encrypted, and its tag; associated data: version, purpose, row |
 */
import { concatBytes, eraseBytes, uint32Bytes, utf8 } from '../../core/bytes/bytes.ts';
import {
  AES_256_KEY_BYTES,
  GCM_NONCE_BYTES,
  GCM_TAG_BYTES,
  openAes256Gcm,
  sealAes256Gcm,
} from '../../core/crypto/aead.ts';
import { hkdfSha256 } from '../../core/crypto/hkdf.ts';
import type { KeyFilePlace } from '../../core/crypto/key-file.ts';
import { systemRandom } from '../../core/crypto/random.ts';
import { databaseDamaged, databaseTooNew } from './storage-errors.ts';

const VERSION = 1;
const SALT_BYTES = 16;
const HEADER_BYTES = 1 + SALT_BYTES + GCM_NONCE_BYTES;

export interface Vault {
  /** The caller erases the secret. */
  seal(secret: Uint8Array, place: KeyFilePlace): Uint8Array<ArrayBuffer>;
  /** Throws 'database-damaged' for what seal() did not make for this place; the caller erases the secret. */
  open(sealed: Uint8Array, place: KeyFilePlace): Uint8Array<ArrayBuffer>;
}

/** `path`: the database, for errors. */
export function createVault(masterKey: Uint8Array, path: string): Vault {
  return {
    seal(secret, place) {
      const salt = systemRandom.bytes(SALT_BYTES);
      const nonce = systemRandom.bytes(GCM_NONCE_BYTES);
      const key = secretKey(masterKey, salt);
      const sealed = sealAes256Gcm(key, nonce, placeBytes(place), secret);
      eraseBytes(key);
      return concatBytes(Uint8Array.of(VERSION), salt, nonce, sealed);
    },
    open(sealed, place) {
      if (sealed[0]! > VERSION) throw databaseTooNew(path, sealed[0]!, VERSION);
      if (sealed[0] !== VERSION || sealed.length < HEADER_BYTES + GCM_TAG_BYTES) throw refused(path, place);
      const salt = sealed.subarray(1, 1 + SALT_BYTES);
      const nonce = sealed.subarray(1 + SALT_BYTES, HEADER_BYTES);
      const key = secretKey(masterKey, salt);
      const secret = openAes256Gcm(key, nonce, placeBytes(place), sealed.subarray(HEADER_BYTES));
      eraseBytes(key);
      if (secret === undefined) throw refused(path, place);
      return secret;
    },
  };
}

function secretKey(masterKey: Uint8Array, salt: Uint8Array): Uint8Array<ArrayBuffer> {
  return hkdfSha256(masterKey, utf8('masquerade/stored-secret/v1'), AES_256_KEY_BYTES, salt);
}

/** Each after its length, so that no two places give the same bytes. */
function placeBytes({ purpose, row }: KeyFilePlace): Uint8Array<ArrayBuffer> {
  const [first, second] = [utf8(purpose), utf8(row)];
  return concatBytes(
    Uint8Array.of(VERSION),
    uint32Bytes(first.length),
    first,
    uint32Bytes(second.length),
    second,
  );
}

function refused(path: string, { purpose }: KeyFilePlace): Error {
  return databaseDamaged(path, `a secret in it (${purpose}) was altered, or is not of this folder`);
}
