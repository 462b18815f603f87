/**
 * The session's TLS key and certificate. Every session has its own RSA-2048 key for TLS; the coordinator's identity
 * signs its certificate, so that a participant who knows the identity knows that the session is its.
 *
 * Certificates (RFC 5280): the session's, then the identity's self-signed one. Signed with RSASSA-PKCS1-v1_5 and
 * SHA-256, as X.509 has it; the identity's other signatures are PSS over bytes that start with a domain tag, which no
 * certificate does, so that neither can stand for the other.
 *
 * Dates are written but not checked: a laptop whose clock is years off must be able to join. They would protect nothing
 * here. A certificate's dates limit how long a stolen key is of use to people who trust its issuer for any key; a
 * participant trusts one key, by the hash in this session's code or link, and that key serves one session and is erased
 * with it. The same hash makes revocation and names needless.
 */
import {
  X509Certificate,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import forge from 'node-forge';
import { equalBytes, toHex } from '../../core/bytes/bytes.ts';
import { systemRandom } from '../../core/crypto/random.ts';
import { importPublicIdentity, type Identity } from '../../core/crypto/rsa.ts';
import { sanitiseName } from '../../core/joining/display-name.ts';
import { signCertificate } from '../identity/sign-certificate.ts';
import type { TransportKeys } from './transport.ts';

/** Who issues, and when: for people who look at certificates. */
export interface CertificateSubject {
  /** The coordinator's display name. */
  readonly name: string;
  readonly at: Date;
}

const TRANSPORT_KEY_BITS = 2048;
const DAY_MS = 86_400_000;
const DAYS_BEFORE = 1;
const DAYS_AFTER = 30;
const SERIAL_BYTES = 16;
const FALLBACK_NAME = 'Masquerade';
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';
/** Ours have 800 to 1,300 bytes; what is larger is not parsed. */
const MAXIMUM_CERTIFICATE_BYTES = 4096;

/** A fresh TLS key and its certificates. Takes a tenth of a second, not on this thread. */
export async function makeTransportKeys(
  identity: Identity,
  subject: CertificateSubject,
): Promise<TransportKeys> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: TRANSPORT_KEY_BITS });
  return chainFor(privateKey, identity, subject);
}

/** The same TLS key as before a restart (PKCS#8, DER), with certificates made anew: participants pin the key. */
export function transportKeysFrom(
  privateKey: Uint8Array,
  identity: Identity,
  subject: CertificateSubject,
): TransportKeys {
  return chainFor(
    createPrivateKey({ key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' }),
    identity,
    subject,
  );
}

function chainFor(privateKey: KeyObject, identity: Identity, subject: CertificateSubject): TransportKeys {
  const publicKey = new Uint8Array(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }));
  const issuer = sanitiseName(subject.name, FALLBACK_NAME);
  const leaf = issue({
    publicKey,
    identity,
    issuer,
    // unlike any issuer's name, or the certificate would pass as self-signed
    subject: `Masquerade session ${toHex(systemRandom.bytes(8))}`,
    at: subject.at,
    extensions: [
      { name: 'basicConstraints', critical: true, cA: false },
      { name: 'keyUsage', critical: true, digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
    ],
  });
  return {
    publicKey,
    privateKey: new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' })),
    certificateChain: leaf + identityCertificate(identity, subject),
  };
}

/** The identity's self-signed certificate, PEM. */
export function identityCertificate(identity: Identity, subject: CertificateSubject): string {
  const name = sanitiseName(subject.name, FALLBACK_NAME);
  return issue({
    publicKey: identity.publicKey.spki,
    identity,
    issuer: name,
    subject: name,
    at: subject.at,
    extensions: [
      { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: 0 },
      { name: 'keyUsage', critical: true, keyCertSign: true, digitalSignature: true },
    ],
  });
}

function issue(certificate: {
  readonly publicKey: Uint8Array;
  readonly identity: Identity;
  readonly issuer: string;
  readonly subject: string;
  readonly at: Date;
  readonly extensions: readonly object[];
}): string {
  const { publicKey, identity, issuer, subject, at, extensions } = certificate;
  const made = forge.pki.createCertificate();
  made.publicKey = forge.pki.publicKeyFromAsn1(forge.asn1.fromDer(Buffer.from(publicKey).toString('latin1')));
  const serial = systemRandom.bytes(SERIAL_BYTES);
  // positive, and not shortened by a leading zero
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  made.serialNumber = toHex(serial);
  made.validity.notBefore = new Date(at.getTime() - DAYS_BEFORE * DAY_MS);
  made.validity.notAfter = new Date(at.getTime() + DAYS_AFTER * DAY_MS);
  made.setIssuer(commonName(issuer));
  made.setSubject(commonName(subject));
  made.setExtensions([...extensions]);
  signCertificate(made, identity);
  return forge.pki.certificateToPem(made).replaceAll('\r', '');
}

function commonName(value: string): forge.pki.CertificateField[] {
  return [{ name: 'commonName', value, valueTagClass: forge.asn1.Type.UTF8 as unknown as forge.asn1.Class }];
}

export type CertificateFailure =
  /** Not a certificate, or a key that importPublicIdentity() refuses. */
  | 'unreadable'
  /** Not signed by the issuer's key, or the issuer's not by its own. */
  | 'not-issued-by-identity'
  /** One key as both, a session's certificate that may issue, an issuer's that may not, or another use. */
  | 'wrong-constraints';

/**
 * Checks the two certificates that a coordinator shows (DER): whether the identity behind the second vouches for the
 * TLS key of the first. Says nothing about whether either is the right one: compare the keys with what is known.
 */
export function verifySessionCertificate(
  leafDer: Uint8Array,
  issuerDer: Uint8Array,
):
  | { readonly transportKey: Uint8Array; readonly coordinatorKey: Uint8Array }
  | { readonly failure: CertificateFailure } {
  const leaf = readCertificate(leafDer);
  const issuer = readCertificate(issuerDer);
  if (leaf === undefined || issuer === undefined) return { failure: 'unreadable' };
  try {
    if (
      !issuer.certificate.verify(issuer.key) ||
      !leaf.certificate.verify(issuer.key) ||
      !leaf.certificate.checkIssued(issuer.certificate)
    ) {
      return { failure: 'not-issued-by-identity' };
    }
  } catch {
    // a signature algorithm that this library does not have
    return { failure: 'not-issued-by-identity' };
  }
  const sane =
    !leaf.certificate.ca &&
    issuer.certificate.ca &&
    // node:crypto names the extended key usage so, and leaves it out where there is none
    (leaf.certificate.keyUsage as readonly string[] | undefined)?.join() === SERVER_AUTHENTICATION &&
    !equalBytes(leaf.spki, issuer.spki);
  if (!sane) return { failure: 'wrong-constraints' };
  return { transportKey: leaf.spki, coordinatorKey: issuer.spki };
}

function readCertificate(
  der: Uint8Array,
): { certificate: X509Certificate; key: KeyObject; spki: Uint8Array } | undefined {
  if (der.length > MAXIMUM_CERTIFICATE_BYTES) return undefined;
  try {
    const certificate = new X509Certificate(der);
    const { key, spki } = importPublicIdentity(
      new Uint8Array(certificate.publicKey.export({ format: 'der', type: 'spki' })),
    );
    return { certificate, key, spki };
  } catch {
    return undefined;
  }
}
