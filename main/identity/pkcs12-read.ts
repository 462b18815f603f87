/**
 * Reads PKCS#12 (RFC 7292) as Masquerade, OpenSSL 3 and other present-day programs write it: PBES2 with PBKDF2 and AES,
 * a MAC over the whole. The MAC is checked before anything is decrypted. The older encryptions (3DES, RC2), which give
 * little protection, are refused by name.
 */
import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import forge from 'node-forge';
import { eraseBytes } from '../../core/bytes/bytes.ts';
import { macKey, oids, pbkdf2Key, toDer, type Asn1, type MacDigest } from './pkcs12-parts.ts';

export interface Pkcs12Content {
  /** PKCS#8, DER; the caller erases them. */
  readonly privateKeys: readonly Uint8Array[];
  /** X.509, DER */
  readonly certificates: readonly Uint8Array[];
}

export type Pkcs12Refusal =
  | { readonly refused: 'damaged'; readonly reason: string }
  /** Or altered. */
  | { readonly refused: 'wrong-password' };

/** More than anybody writes; fewer seconds than anybody waits. */
const MOST_ITERATIONS = 5_000_000;

const MAC_DIGESTS: Readonly<Record<string, MacDigest>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
const PRF_DIGESTS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};
const CIPHERS: Readonly<Record<string, { readonly name: string; readonly keyBytes: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 },
};

class Unreadable extends Error {}
class WrongPassword extends Error {}

export async function readPkcs12(file: Uint8Array, password: string): Promise<Pkcs12Content | Pkcs12Refusal> {
  try {
    const [version, authSafe, macData] = childrenOf(parse(file));
    if (version === undefined || numberOf(version) !== 3) throw new Unreadable('it is not a PKCS#12 file');
    const content = dataOf(authSafe);
    if (macData === undefined) throw new Unreadable('it has no MAC that would show whether it is whole');
    await checkMac(content, macData, password);
    const bags: Asn1[] = [];
    for (const info of childrenOf(parse(content))) {
      bags.push(...childrenOf(parse(await safeContents(info, password))));
    }
    return await contentOf(bags, password);
  } catch (error) {
    if (error instanceof WrongPassword) return { refused: 'wrong-password' };
    if (error instanceof Unreadable) return { refused: 'damaged', reason: error.message };
    throw error;
  }
}

async function contentOf(bags: readonly Asn1[], password: string): Promise<Pkcs12Content> {
  const privateKeys: Uint8Array[] = [];
  const certificates: Uint8Array[] = [];
  for (const bag of bags) {
    const [type, value] = childrenOf(bag);
    const [content] = childrenOf(value);
    switch (oidOf(type)) {
      case oids.keyBag:
        if (content !== undefined) privateKeys.push(toDer(content));
        break;
      case oids.shroudedKeyBag: {
        const [algorithm, encrypted] = childrenOf(content);
        privateKeys.push(await decrypt(algorithm, bytesOf(encrypted), password));
        break;
      }
      case oids.certificateBag: {
        const [kind, wrapped] = childrenOf(content);
        if (oidOf(kind) === oids.x509Certificate) {
          certificates.push(Uint8Array.from(bytesOf(childrenOf(wrapped)[0])));
        }
        break;
      }
      default:
        // revocation lists, other secrets, nested bags: not an identity's
        break;
    }
  }
  return { privateKeys, certificates };
}

async function safeContents(info: Asn1, password: string): Promise<Uint8Array> {
  const [type, value] = childrenOf(info);
  if (oidOf(type) === oids.data) return dataOf(info);
  if (oidOf(type) !== oids.encryptedData) {
    throw new Unreadable('it is protected by a certificate instead of a password');
  }
  const [, encryptedInfo] = childrenOf(childrenOf(value)[0]);
  const [, algorithm, encrypted] = childrenOf(encryptedInfo);
  return decrypt(algorithm, bytesOf(encrypted), password);
}

async function checkMac(content: Uint8Array, macData: Asn1, password: string): Promise<void> {
  const [digestInfo, salt, iterations] = childrenOf(macData);
  const [algorithm, expected] = childrenOf(digestInfo);
  const digest = MAC_DIGESTS[oidOf(childrenOf(algorithm)[0])];
  if (digest === undefined) throw new Unreadable('its MAC is of a kind that Masquerade does not read');
  const key = await macKey(password, {
    salt: bytesOf(salt),
    iterations: iterations === undefined ? 1 : iterationsOf(iterations),
    digest,
  });
  const found = createHmac(digest, key).update(content).digest();
  eraseBytes(key);
  const wanted = bytesOf(expected);
  if (wanted.length !== found.length || !timingSafeEqual(wanted, found)) throw new WrongPassword();
}

/** PBES2 (RFC 8018, section 6.2). */
async function decrypt(
  algorithm: Asn1 | undefined,
  encrypted: Uint8Array,
  password: string,
): Promise<Uint8Array> {
  const [scheme, parameters] = childrenOf(algorithm);
  if (oidOf(scheme) !== oids.pbes2) {
    throw new Unreadable(
      'it is encrypted in an old way that gives little protection (3DES or RC2); write it again with AES, as: openssl pkcs12 -legacy -in OLD -nodes | openssl pkcs12 -export -out NEW',
    );
  }
  const [derivation, encryption] = childrenOf(parameters);
  const [kdf, kdfParameters] = childrenOf(derivation);
  if (oidOf(kdf) !== oids.pbkdf2) throw new Unreadable('its key derivation is not PBKDF2');
  const [salt, iterations, ...rest] = childrenOf(kdfParameters);
  // an optional key length, then an optional PRF, whose default is HMAC-SHA-1
  const prf = rest.find((part) => part.type === forge.asn1.Type.SEQUENCE);
  const digest = prf === undefined ? 'sha1' : PRF_DIGESTS[oidOf(childrenOf(prf)[0])];
  const [cipherId, iv] = childrenOf(encryption);
  const cipher = CIPHERS[oidOf(cipherId)];
  if (digest === undefined || cipher === undefined) {
    throw new Unreadable('it is encrypted with a cipher that Masquerade does not read');
  }
  const key = await pbkdf2Key(password, {
    salt: bytesOf(salt),
    iterations: iterationsOf(iterations),
    digest,
    bytes: cipher.keyBytes,
  });
  try {
    const decipher = createDecipheriv(cipher.name, key, bytesOf(iv));
    return Buffer.concat([decipher.update(encrypted), decipher.final()]);
  } catch {
    // the MAC has vouched for the bytes
    throw new Unreadable('its encrypted content does not open with the password of the whole');
  } finally {
    eraseBytes(key);
  }
}

function parse(bytes: Uint8Array): Asn1 {
  try {
    const text = Buffer.from(bytes).toString('latin1');
    // bit strings inside are none of ours to look into
    return forge.asn1.fromDer(forge.util.createBuffer(text), { decodeBitStrings: false } as never);
  } catch {
    throw new Unreadable('it is not a PKCS#12 file, or is cut short');
  }
}

/** Content of a ContentInfo of type data. */
function dataOf(info: Asn1 | undefined): Uint8Array {
  const [type, value] = childrenOf(info);
  if (oidOf(type) !== oids.data) {
    throw new Unreadable('it is signed by a certificate instead of protected by a password');
  }
  return bytesOf(childrenOf(value)[0]);
}

function childrenOf(node: Asn1 | undefined): readonly Asn1[] {
  if (node === undefined || typeof node.value === 'string') throw new Unreadable('a part of it is missing');
  return node.value;
}

/** Of a string of octets, in one piece or several. */
function bytesOf(node: Asn1 | undefined): Uint8Array {
  if (node === undefined) throw new Unreadable('a part of it is missing');
  if (typeof node.value === 'string') return Buffer.from(node.value, 'latin1');
  return Buffer.concat(node.value.map(bytesOf));
}

function oidOf(node: Asn1 | undefined): string {
  if (node?.type !== forge.asn1.Type.OID || typeof node.value !== 'string' || node.value === '') {
    throw new Unreadable('a part of it is missing');
  }
  return forge.asn1.derToOid(node.value);
}

function numberOf(node: Asn1): number {
  if (node.type !== forge.asn1.Type.INTEGER || typeof node.value !== 'string' || node.value.length > 4) {
    throw new Unreadable('a number in it cannot be read');
  }
  return Buffer.from(node.value, 'latin1').readUIntBE(0, node.value.length);
}

function iterationsOf(node: Asn1 | undefined): number {
  const iterations = node === undefined ? 0 : numberOf(node);
  if (iterations < 1 || iterations > MOST_ITERATIONS) {
    throw new Unreadable(
      `its iterations must be 1 to ${MOST_ITERATIONS.toLocaleString('en')}, and are ${iterations.toLocaleString('en')}`,
    );
  }
  return iterations;
}
