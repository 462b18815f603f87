/**
 * Keys between two clients (Bonawitz et al. 2017, figure 4, KA.agree) and the encryption of a pair of shares.
 *
 * Channel keys, one per direction: HKDF(DH(c_u, c_v), "channel", context, u, v, both c keys); each encrypts one message,
 * so that its nonce is zero. Mask key, one per pair: HKDF(DH(s_u, s_v), "mask", context, lower, higher, both s keys).
 * Binding both public keys keeps a client that advertises another's key from sharing a key with that key's owner's
 * peers; binding the direction keeps a ciphertext from being reflected.
 */
import { concatBytes, eraseBytes, uint32Bytes, utf8 } from '../bytes/bytes.ts';
import {
  AES_256_KEY_BYTES,
  GCM_NONCE_BYTES,
  GCM_TAG_BYTES,
  openAes256Gcm,
  sealAes256Gcm,
} from '../crypto/aead.ts';
import { hkdfSha256 } from '../crypto/hkdf.ts';
import { SECRET_KEY_BYTES } from '../crypto/key-agreement.ts';

const channelLabel = utf8('masquerade/channel/v1');
const maskLabel = utf8('masquerade/mask/v1');
const sharesLabel = utf8('masquerade/shares/v1');
const zeroNonce = new Uint8Array(GCM_NONCE_BYTES);

/** Adds (sign 1) or subtracts (sign -1) the mask that a key of 32 bytes expands to, modulo 2^32. */
export type MaskGenerator = (vector: Uint32Array, key: Uint8Array, sign: 1 | -1) => void;

export const seedBytes = 32;
/** A share is as long as what is shared: a seed or a secret key. */
export const shareBytes = 32;
/** Dealer, holder, share of b, share of s: fixed, so that a length tells nothing. */
const sharesBytes = 4 + 4 + seedBytes + SECRET_KEY_BYTES;
export const ciphertextBytes = sharesBytes + GCM_TAG_BYTES;

/** A client's public keys as the others see them. */
export interface AdvertisedKeys {
  readonly client: number;
  readonly channelKey: Uint8Array;
  readonly maskKey: Uint8Array;
  /** Of the signed advert. */
  readonly digest: Uint8Array;
}

/** One holder's shares of one dealer's secrets. */
export interface SharePair {
  readonly selfMask: Uint8Array;
  readonly maskKey: Uint8Array;
}

/** The key of messages from `from` to `to`. `agreed` is DH(c_from, c_to). */
export function channelKey(
  agreed: Uint8Array,
  context: Uint8Array,
  from: AdvertisedKeys,
  to: AdvertisedKeys,
): Uint8Array<ArrayBuffer> {
  const info = concatBytes(
    channelLabel,
    context,
    uint32Bytes(from.client),
    uint32Bytes(to.client),
    from.channelKey,
    to.channelKey,
  );
  return hkdfSha256(agreed, info, AES_256_KEY_BYTES);
}

export type MaskParty = Pick<AdvertisedKeys, 'client' | 'maskKey'>;

/** The key of the mask between two clients, in either order. `agreed` is DH(s_one, s_other). */
export function pairwiseMaskKey(
  agreed: Uint8Array,
  context: Uint8Array,
  one: MaskParty,
  other: MaskParty,
): Uint8Array<ArrayBuffer> {
  const [lower, higher] = one.client < other.client ? [one, other] : [other, one];
  const info = concatBytes(
    maskLabel,
    context,
    uint32Bytes(lower.client),
    uint32Bytes(higher.client),
    lower.maskKey,
    higher.maskKey,
  );
  return hkdfSha256(agreed, info, AES_256_KEY_BYTES);
}

/** The lower client of a pair adds their mask, the higher subtracts it. */
export function pairwiseSign(client: number, peer: number): 1 | -1 {
  return client < peer ? 1 : -1;
}

/** Encrypts the dealer's shares for one holder under a key that is used this once. */
export function encryptShares(
  key: Uint8Array,
  context: Uint8Array,
  dealer: AdvertisedKeys,
  holder: AdvertisedKeys,
  shares: SharePair,
): Uint8Array<ArrayBuffer> {
  const plaintext = concatBytes(
    uint32Bytes(dealer.client),
    uint32Bytes(holder.client),
    shares.selfMask,
    shares.maskKey,
  );
  const sealed = sealAes256Gcm(key, zeroNonce, sharesData(context, dealer, holder), plaintext);
  eraseBytes(plaintext);
  return sealed;
}

/** The shares; undefined when they do not decrypt, or name another dealer or holder. */
export function decryptShares(
  key: Uint8Array,
  context: Uint8Array,
  dealer: AdvertisedKeys,
  holder: AdvertisedKeys,
  ciphertext: Uint8Array,
): SharePair | undefined {
  const plaintext = openAes256Gcm(key, zeroNonce, sharesData(context, dealer, holder), ciphertext);
  if (plaintext?.length !== sharesBytes) return undefined;
  const view = new DataView(plaintext.buffer, plaintext.byteOffset);
  const named = view.getUint32(0, true) === dealer.client && view.getUint32(4, true) === holder.client;
  const shares = { selfMask: plaintext.slice(8, 8 + seedBytes), maskKey: plaintext.slice(8 + seedBytes) };
  eraseBytes(plaintext);
  if (named) return shares;
  eraseBytes(shares.selfMask, shares.maskKey);
  return undefined;
}

function sharesData(context: Uint8Array, dealer: AdvertisedKeys, holder: AdvertisedKeys): Uint8Array {
  return concatBytes(
    sharesLabel,
    context,
    uint32Bytes(dealer.client),
    uint32Bytes(holder.client),
    dealer.digest,
    holder.digest,
  );
}
