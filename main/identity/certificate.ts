/**
 * Self-signed X.509 certificates (RFC 5280) for identities: what other programs ask for around a public key. Within
 * Masquerade nothing trusts them: fingerprints and words do that.
 */
import { randomBytes, X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import { fingerprint, formatFingerprint } from '../../core/crypto/fingerprint.ts';
import type { Identity } from '../../core/crypto/rsa.ts';
import { signCertificate } from './sign-certificate.ts';

const YEARS = 10;
/** Of the fingerprint, in the name: enough to tell one's own certificates apart, not to compare identities by. */
const GROUPS_IN_NAME = 4;

/** DER. */
export function selfSignedCertificate(identity: Identity, now: Date): Uint8Array<ArrayBuffer> {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(
    identity.publicKey.key.export({ format: 'pem', type: 'spki' }) as string,
  );
  // positive, not zero, at most 20 bytes
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  certificate.validity.notBefore = now;
  certificate.validity.notAfter = new Date(now);
  certificate.validity.notAfter.setUTCFullYear(now.getUTCFullYear() + YEARS);
  const name = [{ name: 'commonName', value: certificateName(identity) }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  signCertificate(certificate, identity);
  const der = forge.asn1.toDer(forge.pki.certificateToAsn1(certificate)).getBytes();
  return Uint8Array.from(Buffer.from(der, 'latin1'));
}

/** "Masquerade 3FA9 01B7 ..." */
function certificateName(identity: Identity): string {
  const groups = formatFingerprint(fingerprint(identity.publicKey.spki)).split(' ');
  return `Masquerade ${groups.slice(0, GROUPS_IN_NAME).join(' ')}`;
}

/** Whether a certificate can be read and is over this identity's key. */
export function isCertificateOf(identity: Identity, der: Uint8Array): boolean {
  try {
    return new X509Certificate(Buffer.from(der)).publicKey.equals(identity.publicKey.key);
  } catch {
    return false;
  }
}
