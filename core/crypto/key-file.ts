/**
 * Secrets at rest: the bytes under which a private key lies on disk, encrypted with AES-256-GCM under a key from a
 * passphrase (scrypt, RFC 7914) or from a wrapping key kept elsewhere, and bound to its place, so that an encrypted
 * secret moved to another row or used for another purpose does not open.
 *
 * | bytes | what |
 * |---|---|
 * | 4 | "MSQK" |
 * | 1 | version: 1 |
 * | 1 | protection: 1 passphrase, 2 wrapping key |
 * | 16 | salt: fresh, so that every file has its own key |
 * | 12 | nonce |
 * | n + 16 | the secret, encrypted, and its tag; associated data: all the bytes before, purpose, row |
 * | 32 | SHA-256 of all the bytes before, purpose, row |
 *
 * The digest at the end adds no secrecy: it tells a damaged file from a wrong passphrase, which the tag cannot. Whoever
 * alters a file on purpose can correct it, and then meets the tag.
 *
 * Does not protect against a weak passphrase, nor against whoever can read the wrapping key.
 */
import { scrypt } from 'node:crypto';
import { concatBytes, equalBytes, eraseBytes, uint32Bytes, utf8 } from '../bytes/bytes.ts';
import { AES_256_KEY_BYTES, GCM_NONCE_BYTES, GCM_TAG_BYTES, openAes256Gcm, sealAes256Gcm } from './aead.ts';
import { sha256 } from './hash.ts';
import { hkdfSha256 } from './hkdf.ts';
import type { RandomSource } from './random.ts';

export const KEY_FILE_VERSION = 1;
export const WRAPPING_KEY_BYTES = 32;

export type KeyFileProtection =
  | { readonly kind: 'passphrase'; readonly passphrase: string }
  | { readonly kind: 'wrapping-key'; readonly key: Uint8Array };

/** Where an encrypted secret belongs: it opens nowhere else. */
export interface KeyFilePlace {
  /** Which of them it is: the fingerprint of the identity, the key of a database row. */
  readonly row: string;
  /** What it is for, as 'identity-private-key'. */
  readonly purpose: string;
}

/** Why a key file does not open. */
export type KeyFileRefusal =
  /** Not a key file, cut short, altered, or of another place. */
  | { readonly refused: 'damaged'; readonly reason: string }
  | { readonly refused: 'too-new'; readonly version: number }
  /** Protected in another way than the one offered. */
  | { readonly refused: 'other-protection'; readonly protection: KeyFileProtection['kind'] }
  /** A wrong passphrase or wrapping key; or altered by someone who took care to hide it. */
  | { readonly refused: 'not-authentic' };

const MAGIC = utf8('MSQK');
const SALT_BYTES = 16;
const HEADER_BYTES = MAGIC.length + 2 + SALT_BYTES + GCM_NONCE_BYTES;
const DIGEST_BYTES = 32;
const SMALLEST_BYTES = HEADER_BYTES + GCM_TAG_BYTES + DIGEST_BYTES;
const PROTECTION_CODES = { passphrase: 1, 'wrapping-key': 2 } as const;

/** 128 MiB and about 0.3 s for every guess; OpenSSL's own limit is 32 MiB, hence maxmem. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 2 ** 20 };

/** Encrypts a secret for one place. RangeError for an empty passphrase or a wrapping key that has not 32 bytes. */
export async function sealKeyFile(
  secret: Uint8Array,
  protection: KeyFileProtection,
  place: KeyFilePlace,
  random: RandomSource,
): Promise<Uint8Array<ArrayBuffer>> {
  const salt = random.bytes(SALT_BYTES);
  const nonce = random.bytes(GCM_NONCE_BYTES);
  const kind = Uint8Array.of(KEY_FILE_VERSION, PROTECTION_CODES[protection.kind]);
  const header = concatBytes(MAGIC, kind, salt, nonce);
  const key = await fileKey(protection, salt);
  const sealed = sealAes256Gcm(key, nonce, concatBytes(header, placeBytes(place)), secret);
  eraseBytes(key);
  return concatBytes(header, sealed, sha256(header, sealed, placeBytes(place)));
}

/** How a key file is protected, after all the checks that need no passphrase. */
export function inspectKeyFile(
  file: Uint8Array,
  place: KeyFilePlace,
):
  { readonly protection: KeyFileProtection['kind'] } | Exclude<KeyFileRefusal, { refused: 'not-authentic' }> {
  if (file.length < MAGIC.length + 1 || !equalBytes(file.subarray(0, MAGIC.length), MAGIC)) {
    return { refused: 'damaged', reason: 'it is not a key file of Masquerade' };
  }
  const version = file[MAGIC.length]!;
  if (version > KEY_FILE_VERSION) return { refused: 'too-new', version };
  if (version < 1) return { refused: 'damaged', reason: 'it names a version that does not exist' };
  if (file.length < SMALLEST_BYTES) return { refused: 'damaged', reason: 'it is cut short' };
  const digestStart = file.length - DIGEST_BYTES;
  if (!equalBytes(file.subarray(digestStart), sha256(file.subarray(0, digestStart), placeBytes(place)))) {
    return {
      refused: 'damaged',
      reason: 'its checksum does not fit: it was cut short, altered or moved here',
    };
  }
  const code = file[MAGIC.length + 1];
  if (code === PROTECTION_CODES.passphrase) return { protection: 'passphrase' };
  if (code === PROTECTION_CODES['wrapping-key']) return { protection: 'wrapping-key' };
  return { refused: 'damaged', reason: 'it names a protection that does not exist' };
}

/** Decrypts what sealKeyFile() made for the same place; the caller erases the secret after use. */
export async function openKeyFile(
  file: Uint8Array,
  protection: KeyFileProtection,
  place: KeyFilePlace,
): Promise<{ readonly secret: Uint8Array<ArrayBuffer> } | KeyFileRefusal> {
  const inspected = inspectKeyFile(file, place);
  if ('refused' in inspected) return inspected;
  if (inspected.protection !== protection.kind) {
    return { refused: 'other-protection', protection: inspected.protection };
  }
  const header = file.subarray(0, HEADER_BYTES);
  const salt = header.subarray(MAGIC.length + 2, MAGIC.length + 2 + SALT_BYTES);
  const nonce = header.subarray(MAGIC.length + 2 + SALT_BYTES);
  const key = await fileKey(protection, salt);
  const sealed = file.subarray(HEADER_BYTES, file.length - DIGEST_BYTES);
  const secret = openAes256Gcm(key, nonce, concatBytes(header, placeBytes(place)), sealed);
  eraseBytes(key);
  return secret === undefined ? { refused: 'not-authentic' } : { secret };
}

/** Purpose and row, each after its length, so that no two places give the same bytes. */
function placeBytes(place: KeyFilePlace): Uint8Array<ArrayBuffer> {
  const purpose = utf8(place.purpose);
  const row = utf8(place.row);
  return concatBytes(uint32Bytes(purpose.length), purpose, uint32Bytes(row.length), row);
}

/** The AES key of one file: 32 bytes. */
function fileKey(protection: KeyFileProtection, salt: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  if (protection.kind === 'passphrase') return passphraseKey(protection.passphrase, salt);
  if (protection.key.length !== WRAPPING_KEY_BYTES) {
    throw new RangeError(
      `cannot use the wrapping key, as it must have 32 bytes, and has ${protection.key.length}`,
    );
  }
  return Promise.resolve(hkdfSha256(protection.key, utf8('masquerade/key-file/v1'), AES_256_KEY_BYTES, salt));
}

function passphraseKey(passphrase: string, salt: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  if (passphrase === '') throw new RangeError('cannot use the passphrase, as it must not be empty');
  return new Promise((resolve, reject) => {
    // NFC: the same passphrase typed on another system is the same passphrase
    scrypt(passphrase.normalize('NFC'), salt, AES_256_KEY_BYTES, SCRYPT, (error, key) => {
      if (error === null) resolve(new Uint8Array(key));
      else reject(error);
    });
  });
}
