/** What writing and reading PKCS#12 (RFC 7292) share: object identifiers, DER, and keys from passwords. */
import { hash, pbkdf2 } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import forge from 'node-forge';

export type Asn1 = forge.asn1.Asn1;

export const oids = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  hmacWithSha256: '1.2.840.113549.2.9',
  aes256Cbc: '2.16.840.1.101.3.4.1.42',
  sha256: '2.16.840.1.101.3.4.2.1',
} as const;

const { Class, Type } = forge.asn1;

export const sequence = (...parts: Asn1[]): Asn1 =>
  forge.asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, parts);
export const set = (...parts: Asn1[]): Asn1 => forge.asn1.create(Class.UNIVERSAL, Type.SET, true, parts);
/** [0] EXPLICIT */
export const tagged = (part: Asn1): Asn1 =>
  forge.asn1.create(Class.CONTEXT_SPECIFIC, Type.NONE, true, [part]);
export const objectId = (oid: string): Asn1 => primitive(Type.OID, forge.asn1.oidToDer(oid).getBytes());
export const octets = (bytes: Uint8Array): Asn1 => primitive(Type.OCTETSTRING, binary(bytes));
export const integer = (value: number): Asn1 =>
  primitive(Type.INTEGER, forge.asn1.integerToDer(value).getBytes());
export const none = (): Asn1 => primitive(Type.NULL, '');
/** forge itself turns its characters into UTF-16. */
export const bmpString = (text: string): Asn1 => primitive(Type.BMPSTRING, text);

function primitive(type: forge.asn1.Type, value: string): Asn1 {
  return forge.asn1.create(Class.UNIVERSAL, type, false, value);
}

export function toDer(value: Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(value).getBytes(), 'latin1');
}

/** forge holds bytes as text, one character each. */
function binary(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function bigEndianText(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

/** PBKDF2 (RFC 8018, section 5.2) over the password in UTF-8, in its composed form. */
export function pbkdf2Key(
  password: string,
  options: {
    readonly salt: Uint8Array;
    readonly iterations: number;
    readonly digest: string;
    readonly bytes: number;
  },
): Promise<Buffer> {
  const { salt, iterations, digest, bytes } = options;
  return new Promise((resolve, reject) => {
    pbkdf2(password.normalize('NFC'), salt, iterations, bytes, digest, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

export type MacDigest = 'sha1' | 'sha256' | 'sha384' | 'sha512';
const BLOCK_BYTES = { sha1: 64, sha256: 64, sha384: 128, sha512: 128 } as const;
const MAC_KEY = 3;
/** About 30 ms: other work goes on in between. */
const HASHES_AT_ONCE = 20_000;

/**
 * The key of the MAC (RFC 7292, appendix B.2, ID 3): one hash length, so a single block of the derivation. The
 * password goes in as UTF-16, big-endian, with a terminating zero.
 */
export async function macKey(
  password: string,
  options: { readonly salt: Uint8Array; readonly iterations: number; readonly digest: MacDigest },
): Promise<Buffer> {
  const { salt, iterations, digest } = options;
  const block = BLOCK_BYTES[digest];
  const text = bigEndianText(`${password.normalize('NFC')}\0`);
  let key: Buffer = Buffer.concat([
    Buffer.alloc(block, MAC_KEY),
    repeatToBlocks(salt, block),
    repeatToBlocks(text, block),
  ]);
  for (let done = 0; done < iterations; done += 1) {
    key = hash(digest, key, 'buffer');
    if (done % HASHES_AT_ONCE === HASHES_AT_ONCE - 1) await setImmediate();
  }
  return key;
}

/** Repeated until it fills whole blocks; nothing stays nothing. */
function repeatToBlocks(bytes: Uint8Array, block: number): Buffer {
  const length = block * Math.ceil(bytes.length / block);
  return length === 0 ? Buffer.alloc(0) : Buffer.alloc(length, bytes);
}
