/** Signs a certificate that node-forge has laid out with node:crypto: the private key never becomes JavaScript numbers. */
import { createSign } from 'node:crypto';
import forge from 'node-forge';
import type { Identity } from '../../core/crypto/rsa.ts';

/** RSASSA-PKCS1-v1_5 with SHA-256, which every reader of certificates knows. */
export function signCertificate(certificate: forge.pki.Certificate, identity: Identity): void {
  // forge asks its own kind of private key for a signature over the digest; the part to be signed is there by then
  const laidOut = certificate as unknown as { tbsCertificate: forge.asn1.Asn1 };
  const signer = {
    sign: () =>
      createSign('sha256')
        .update(forge.asn1.toDer(laidOut.tbsCertificate).getBytes(), 'latin1')
        .sign(identity.privateKey)
        .toString('latin1'),
  };
  certificate.sign(signer as unknown as forge.pki.rsa.PrivateKey, forge.md.sha256.create());
}
