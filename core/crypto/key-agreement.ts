/**
 * Diffie-Hellman key agreement, X25519 (RFC 7748) or MODP group 14 (RFC 3526), behind one interface. Both have secret
 * keys of any 32 bytes, so that they can be Shamir-shared alike.
 *
 * Public keys come from peers, some of them hostile: what an attacker could use to force a known result, or to give
 * one key two encodings, is refused here by our own checks, as OpenSSL (Node) and BoringSSL (Electron) differ in
 * theirs. Not checked is that a MODP key lies in the subgroup of prime order: p is a safe prime, so that a key
 * outside it tells at most one bit of an exponent of 256 bits, used for one attempt only.
 */
import { createDiffieHellman, createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';
import type { DiffieHellman, KeyObject } from 'node:crypto';
import { concatBytes, equalBytes, eraseBytes, fromHex } from '../bytes/bytes.ts';
import { MODP_14_BYTES, MODP_14_GENERATOR, MODP_14_PRIME } from './modp-group-14.ts';
import type { RandomSource } from './random.ts';
import { publicKeyOfSpki } from './spki.ts';

export type KeyAgreementName = 'x25519' | 'modp14';

export const SECRET_KEY_BYTES = 32;

export interface KeyPair {
  readonly publicKey: Uint8Array<ArrayBuffer>;
  /** 32 bytes. Never alter them while the pair is in use; erase them when it is not any more. */
  readonly secretKey: Uint8Array<ArrayBuffer>;
}

export interface KeyAgreement {
  readonly name: KeyAgreementName;
  /** Length of every public key, and of every result. */
  readonly publicKeyBytes: number;
  readonly secretBytes: typeof SECRET_KEY_BYTES;
  generate(random: RandomSource): KeyPair;
  /** The pair that belongs to any 32 bytes; its secret key is a copy. RangeError when they are not 32. */
  keyPairFromSecret(secret: Uint8Array): KeyPair;
  /** The shared result, `publicKeyBytes` long, or undefined when the peer's public key is refused. */
  agree(secretKey: Uint8Array, peerPublicKey: Uint8Array): Uint8Array<ArrayBuffer> | undefined;
  /** False for the public keys that agree() refuses whatever the secret: wrong length, non-canonical, low order. */
  isCanonical(publicKey: Uint8Array): boolean;
}

export function keyAgreement(name: KeyAgreementName): KeyAgreement {
  return name === 'x25519' ? x25519 : modp14;
}

function copySecret(secret: Uint8Array): Uint8Array<ArrayBuffer> {
  if (secret.length !== SECRET_KEY_BYTES) {
    throw new RangeError(
      `cannot use the secret key, as it must have ${SECRET_KEY_BYTES} bytes, and has ${secret.length}`,
    );
  }
  return Uint8Array.from(secret);
}

/**
 * Overwrites secret keys, and drops what was imported from them: the system's library overwrites that in its turn when
 * it is collected.
 */
export function eraseSecretKeys(...secretKeys: readonly Uint8Array[]): void {
  eraseBytes(...secretKeys);
  for (const secretKey of secretKeys) importedSecrets.delete(secretKey);
}

/** The bytes in an array of our own; the library's buffer is overwritten. */
function takeBytes(result: Buffer): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(result);
  result.fill(0);
  return bytes;
}

// X25519

const X25519_BYTES = 32;

/** PKCS#8 (RFC 8410) of an X25519 secret key, up to its 32 bytes. */
const X25519_PKCS8_PREFIX = fromHex('302e020100300506032b656e04220420');

/** SubjectPublicKeyInfo (RFC 8410) of an X25519 public key, up to its 32 bytes. */
const X25519_SPKI_PREFIX = fromHex('302a300506032b656e032100');

/**
 * The u coordinates below p whose point has order 1, 2, 4 or 8 on the curve or its twist: with them any secret gives
 * zero (RFC 7748, section 6.1; the list is that of https://cr.yp.to/ecdh.html#validate, without its entries >= p).
 */
const X25519_LOW_ORDER = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].map(fromHex);

/**
 * Imported secret keys, by the array that holds the bytes: an import costs as much as an agreement, and a client
 * agrees with n - 1 peers under one key. An entry lives until eraseSecretKeys(), and no longer than its array.
 */
const importedSecrets = new WeakMap<Uint8Array, KeyObject>();

function importX25519Secret(secretKey: Uint8Array): KeyObject {
  const cached = importedSecrets.get(secretKey);
  if (cached !== undefined) return cached;
  const pkcs8 = concatBytes(X25519_PKCS8_PREFIX, secretKey);
  const imported = createPrivateKey({ key: Buffer.from(pkcs8.buffer), format: 'der', type: 'pkcs8' });
  eraseBytes(pkcs8);
  importedSecrets.set(secretKey, imported);
  return imported;
}

function importX25519Public(publicKey: Uint8Array): KeyObject {
  return publicKeyOfSpki(concatBytes(X25519_SPKI_PREFIX, publicKey));
}

function exportX25519Public(secretKey: KeyObject): Uint8Array<ArrayBuffer> {
  const { x } = createPublicKey(secretKey).export({ format: 'jwk' });
  return Uint8Array.from(Buffer.from(x ?? '', 'base64url'));
}

/** u < p = 2^255 - 19, little-endian; so the highest bit, which RFC 7748 would ignore, is clear too. */
function isReducedModuloP(u: Uint8Array): boolean {
  if (u[31]! < 0x7f) return true;
  if (u[31]! > 0x7f) return false;
  for (let index = 30; index > 0; index -= 1) if (u[index]! < 0xff) return true;
  return u[0]! < 0xed;
}

const x25519: KeyAgreement = {
  name: 'x25519',
  publicKeyBytes: X25519_BYTES,
  secretBytes: SECRET_KEY_BYTES,

  generate: (random) => x25519.keyPairFromSecret(random.bytes(SECRET_KEY_BYTES)),

  keyPairFromSecret(secret) {
    const secretKey = copySecret(secret);
    return { publicKey: exportX25519Public(importX25519Secret(secretKey)), secretKey };
  },

  agree(secretKey, peerPublicKey) {
    if (!x25519.isCanonical(peerPublicKey)) return undefined;
    const shared = diffieHellman({
      privateKey: importX25519Secret(secretKey),
      publicKey: importX25519Public(peerPublicKey),
    });
    return shared.some((byte) => byte !== 0) ? takeBytes(shared) : undefined;
  },

  isCanonical: (publicKey) =>
    publicKey.length === X25519_BYTES &&
    isReducedModuloP(publicKey) &&
    !X25519_LOW_ORDER.some((point) => equalBytes(point, publicKey)),
};

// MODP group 14

/** Elements of the group, 256 bytes each, big-endian, whose last byte alone differs from zero or from p. */
const MODP_14_ONE = new Uint8Array(MODP_14_BYTES).with(MODP_14_BYTES - 1, 1);
const MODP_14_BASE = new Uint8Array(MODP_14_BYTES).with(MODP_14_BYTES - 1, MODP_14_GENERATOR);
const MODP_14_MINUS_ONE = MODP_14_PRIME.with(MODP_14_BYTES - 1, MODP_14_PRIME[MODP_14_BYTES - 1]! - 1);

/** Replaces the last exponent inside `group14`, so that it holds no secret between calls. */
const NO_SECRET = Uint8Array.of(1);

let group14: DiffieHellman | undefined;

/**
 * base^exponent mod p as 256 bytes, for a base in 2 .. p - 2. Undefined for the exponent 0 and for a result outside
 * that range, which no other exponent below 2^256 gives.
 */
function powerModP(base: Uint8Array, exponent: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  if (exponent.every((byte) => byte === 0)) return undefined;
  // made once: Node tests the prime at every construction, which takes 0.2 s
  group14 ??= createDiffieHellman(MODP_14_PRIME, MODP_14_GENERATOR);
  group14.setPrivateKey(exponent);
  const power = group14.computeSecret(base);
  group14.setPrivateKey(NO_SECRET);
  const padded = new Uint8Array(MODP_14_BYTES);
  padded.set(power, MODP_14_BYTES - power.length);
  power.fill(0);
  return modp14.isCanonical(padded) ? padded : undefined;
}

const modp14: KeyAgreement = {
  name: 'modp14',
  publicKeyBytes: MODP_14_BYTES,
  secretBytes: SECRET_KEY_BYTES,

  generate: (random) => modp14.keyPairFromSecret(random.bytes(SECRET_KEY_BYTES)),

  keyPairFromSecret(secret) {
    const secretKey = copySecret(secret);
    // the exponent 0 has the public key 1, which everyone refuses
    return { publicKey: powerModP(MODP_14_BASE, secretKey) ?? MODP_14_ONE.slice(), secretKey };
  },

  agree: (secretKey, peerPublicKey) =>
    modp14.isCanonical(peerPublicKey) ? powerModP(peerPublicKey, secretKey) : undefined,

  // big-endian arrays of equal length compare as the numbers do
  isCanonical: (publicKey) =>
    publicKey.length === MODP_14_BYTES &&
    Buffer.compare(publicKey, MODP_14_ONE) > 0 &&
    Buffer.compare(publicKey, MODP_14_MINUS_ONE) < 0,
};
