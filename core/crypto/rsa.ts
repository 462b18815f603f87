/**
 * Identities: RSA keys of 2048 or 3072 bits that sign every message with RSASSA-PSS (RFC 8017, section 8.1): SHA-256,
 * MGF1 with SHA-256, a salt of exactly 32 bytes.
 *
 * A public identity has one accepted encoding, the DER that we would write ourselves, so that a fingerprint or a roster
 * digest over it names one key. Keys from peers may have 2048 to 4096 bits: enough room for other installs, a bound
 * on what a stranger can make us compute.
 */
import {
  constants,
  createPrivateKey,
  createPublicKey,
  createSign,
  createVerify,
  generateKeyPair,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { equalBytes } from '../bytes/bytes.ts';
import { FederationError } from '../errors/federation-error.ts';
import { publicKeyOfSpki } from './spki.ts';

/** The public half of an identity. */
export interface PublicIdentity {
  /** The SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7), DER. */
  readonly spki: Uint8Array<ArrayBuffer>;
  readonly key: KeyObject;
  /** Length of the modulus, 2048 .. 4096. */
  readonly bits: number;
}

export interface Identity {
  readonly publicKey: PublicIdentity;
  readonly privateKey: KeyObject;
}

export type IdentityBits = 2048 | 3072;

const PUBLIC_EXPONENT = 65537;
const MINIMUM_BITS = 2048;
const MAXIMUM_BITS = 4096;
/** Longer than any accepted SPKI (550 bytes at 4096 bits): what is longer is not parsed at all. */
const MAXIMUM_SPKI_BYTES = 1024;

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } as const;

/** A new identity from the system's random generator; takes a tenth of a second, more with 3072 bits. */
export function generateIdentity(bits: IdentityBits): Promise<Identity> {
  return new Promise((resolve, reject) => {
    generateKeyPair(
      'rsa',
      { modulusLength: bits, publicExponent: PUBLIC_EXPONENT },
      (error, _publicKey, privateKey) => {
        if (error === null) resolve(identityOf(privateKey));
        else reject(error);
      },
    );
  });
}

/** The private key as unencrypted PKCS#8 DER: to be encrypted at once (key-file.ts), then erased. */
export function exportPrivateKey(identity: Identity): Uint8Array<ArrayBuffer> {
  const exported = identity.privateKey.export({ format: 'der', type: 'pkcs8' });
  const pkcs8 = Uint8Array.from(exported);
  exported.fill(0);
  return pkcs8;
}

/** The identity of a private key in PKCS#8 DER. Throws 'identity-key-refused' for what importPublicIdentity() refuses. */
export function importIdentity(pkcs8: Uint8Array): Identity {
  return identityOf(
    parseOrRefuse(() => createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })),
  );
}

function identityOf(privateKey: KeyObject): Identity {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return { publicKey: importPublicIdentity(spki), privateKey };
}

/**
 * The public identity of an SPKI. Throws FederationError 'identity-key-refused' when it is not DER as we would write
 * it ourselves of an RSA key of 2048 to 4096 bits with e = 65537.
 */
export function importPublicIdentity(spki: Uint8Array): PublicIdentity {
  if (spki.length > MAXIMUM_SPKI_BYTES) {
    throw keyRefused(`it must have at most ${MAXIMUM_SPKI_BYTES} bytes, and has ${spki.length}`);
  }
  const key = parseOrRefuse(() => publicKeyOfSpki(spki));
  // rsa-pss keys, whose parameters could allow other hashes and salts, are another type
  if (key.asymmetricKeyType !== 'rsa') {
    throw keyRefused(`it must be an RSA key, and is ${key.asymmetricKeyType ?? 'of no known kind'}`);
  }
  const { modulusLength = 0, publicExponent } = key.asymmetricKeyDetails ?? {};
  if (modulusLength < MINIMUM_BITS || modulusLength > MAXIMUM_BITS) {
    throw keyRefused(
      `its modulus must have ${MINIMUM_BITS} to ${MAXIMUM_BITS} bits, and has ${modulusLength}`,
    );
  }
  if (publicExponent !== BigInt(PUBLIC_EXPONENT)) {
    throw keyRefused(`its exponent must be ${PUBLIC_EXPONENT}, and is ${String(publicExponent)}`);
  }
  if (!equalBytes(key.export({ format: 'der', type: 'spki' }), spki)) {
    throw keyRefused('it must be canonical DER, and is another encoding of the key');
  }
  // OpenSSL lets an even modulus pass, BoringSSL does not; in DER it ends before the exponent's 5 bytes
  if (spki[spki.length - 6]! % 2 === 0) throw keyRefused('its modulus must be odd, and is even');
  return { spki: Uint8Array.from(spki), key, bits: modulusLength };
}

function parseOrRefuse(parse: () => KeyObject): KeyObject {
  try {
    return parse();
  } catch {
    // the library's words depend on the library, and on bytes of the sender's choosing
    throw keyRefused('it must be the DER encoding of an RSA key, and cannot be parsed');
  }
}

function keyRefused(reason: string): FederationError<'identity-key-refused'> {
  return new FederationError('identity-key-refused', `Cannot use the identity key, as ${reason}.`, {
    details: { reason },
    blame: 'client',
    action: 'abort',
  });
}

/** A signature over the concatenation of the parts, as long as the modulus. */
export function signPss(identity: Identity, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const signer = createSign('sha256');
  for (const part of parts) signer.update(part);
  return new Uint8Array(signer.sign({ key: identity.privateKey, ...PSS }));
}

/** Whether the signature is this identity's over the concatenation of the parts; false for anything malformed. */
export function verifyPss(
  identity: PublicIdentity,
  signature: Uint8Array,
  ...parts: readonly Uint8Array[]
): boolean {
  if (signature.length !== Math.ceil(identity.bits / 8)) return false;
  const verifier = createVerify('sha256');
  for (const part of parts) verifier.update(part);
  try {
    return verifier.verify({ key: identity.key, ...PSS }, signature);
  } catch {
    // a number not below the modulus: BoringSSL throws where OpenSSL returns false
    return false;
  }
}
