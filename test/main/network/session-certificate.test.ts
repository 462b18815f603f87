import assert from 'node:assert/strict';
import { X509Certificate, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import forge from 'node-forge';
import { exportPrivateKey } from '../../../core/crypto/rsa.ts';
import {
  identityCertificate,
  transportKeysFrom,
  verifySessionCertificate,
} from '../../../main/network/session-certificate.ts';
import type { TransportKeys } from '../../../main/network/transport.ts';
import { testIdentity } from '../../support/identities.ts';
import { sessionKeys, subject } from './peers.ts';

const DAY_MS = 86_400_000;

function certificatesOf(keys: TransportKeys): readonly [X509Certificate, X509Certificate] {
  const [leaf, issuer] = keys.certificateChain.split(/(?<=-----END CERTIFICATE-----\n)/);
  return [new X509Certificate(leaf!), new X509Certificate(issuer!)];
}
const verify = (
  leaf: X509Certificate,
  issuer: X509Certificate,
): ReturnType<typeof verifySessionCertificate> => verifySessionCertificate(leaf.raw, issuer.raw);

/** A certificate as nobody honest makes it, with forge's own signature by a test identity. */
function forged(options: {
  readonly key: TransportKeys | { readonly publicKey: Uint8Array };
  readonly subject: string;
  readonly issuer: string;
  readonly signer: number;
  readonly ca: boolean;
  readonly serverAuth?: boolean;
  readonly keyCertSign?: boolean;
}): X509Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromAsn1(
    forge.asn1.fromDer(Buffer.from(options.key.publicKey).toString('latin1')),
  );
  certificate.serialNumber = '4242';
  certificate.validity.notBefore = new Date();
  certificate.validity.notAfter = new Date(Date.now() + DAY_MS);
  certificate.setSubject([{ name: 'commonName', value: options.subject }]);
  certificate.setIssuer([{ name: 'commonName', value: options.issuer }]);
  certificate.setExtensions([
    { name: 'basicConstraints', critical: true, cA: options.ca },
    {
      name: 'keyUsage',
      critical: true,
      digitalSignature: true,
      keyCertSign: options.keyCertSign ?? options.ca,
    },
    ...(options.serverAuth === false ? [] : [{ name: 'extKeyUsage', serverAuth: true }]),
  ]);
  const pkcs8 = createPrivateKey({
    key: Buffer.from(exportPrivateKey(testIdentity(options.signer))),
    format: 'der',
    type: 'pkcs8',
  });
  certificate.sign(
    forge.pki.privateKeyFromPem(pkcs8.export({ format: 'pem', type: 'pkcs1' }) as string),
    forge.md.sha256.create(),
  );
  return new X509Certificate(forge.pki.certificateToPem(certificate));
}

describe('session certificates', () => {
  it('makeTransportKeys() gives a chain that verifySessionCertificate() accepts, with both keys', async () => {
    const keys = await sessionKeys();
    assert.deepEqual(verify(...certificatesOf(keys)), {
      transportKey: keys.publicKey,
      coordinatorKey: testIdentity(0).publicKey.spki,
    });
  });

  it('certificates hold from a day before to thirty days after, and name the coordinator', async () => {
    for (const certificate of certificatesOf(await sessionKeys())) {
      const second = Math.floor(subject.at.getTime() / 1000) * 1000;
      assert.equal(Date.parse(certificate.validFrom), second - DAY_MS);
      assert.equal(Date.parse(certificate.validTo), second + 30 * DAY_MS);
      assert.equal(certificate.issuer, 'CN=Ada');
      assert.match(certificate.toLegacyObject().serialNumber, /^[4-7][0-9A-F]{31}$/);
    }
  });

  it('names of any script are kept, hostile ones made harmless', () => {
    const named = (name: string): string =>
      new X509Certificate(identityCertificate(testIdentity(0), { ...subject, name })).subject;
    assert.equal(named('Zoë 漢'), 'CN=Zoë 漢');
    assert.equal(named('\u202e'), 'CN=Masquerade');
  });

  it('transportKeysFrom() gives the same TLS key, and a chain of its own', async () => {
    const keys = await sessionKeys();
    const again = transportKeysFrom(keys.privateKey, testIdentity(0), { ...subject, name: 'Other' });
    assert.deepEqual(again.publicKey, keys.publicKey);
    assert.deepEqual(again.privateKey, keys.privateKey);
    assert.notEqual(again.certificateChain, keys.certificateChain);
    assert.ok(!('failure' in verify(...certificatesOf(again))));
  });

  it('verifySessionCertificate() does not look at dates', async () => {
    const keys = await sessionKeys();
    for (const year of [1990, 2049]) {
      const old = transportKeysFrom(keys.privateKey, testIdentity(0), {
        ...subject,
        at: new Date(Date.UTC(year, 0)),
      });
      assert.ok(!('failure' in verify(...certificatesOf(old))));
    }
  });

  it('verifySessionCertificate() refuses another issuer, and an issuer that is not self-signed', async () => {
    const [leaf, issuer] = certificatesOf(await sessionKeys());
    const [otherLeaf, otherIssuer] = certificatesOf(await sessionKeys(0, 2));
    assert.deepEqual(verify(leaf, otherIssuer), { failure: 'not-issued-by-identity' });
    assert.deepEqual(verify(otherLeaf, issuer), { failure: 'not-issued-by-identity' });
    assert.deepEqual(verify(leaf, leaf), { failure: 'not-issued-by-identity' });
    // identity 2's key in a certificate that identity 0 signed
    const { spki } = testIdentity(2).publicKey;
    const lent = forged({ key: { publicKey: spki }, subject: 'Ada', issuer: 'Ada', signer: 0, ca: true });
    assert.deepEqual(verify(otherLeaf, lent), { failure: 'not-issued-by-identity' });
  });

  it('verifySessionCertificate() refuses a chain in the name of an identity that did not sign it', async () => {
    const keys = await sessionKeys();
    const [, issuer] = certificatesOf(keys);
    const leaf = forged({ key: keys, subject: 'x', issuer: 'Ada', signer: 2, ca: false });
    assert.deepEqual(verify(leaf, issuer), { failure: 'not-issued-by-identity' });
  });

  it('verifySessionCertificate() refuses constraints that make no sense', async () => {
    const keys = await sessionKeys();
    const [, issuer] = certificatesOf(keys);
    const leaf = { key: keys, subject: 'x', issuer: 'Ada', signer: 0, ca: false };
    assert.ok(!('failure' in verify(forged(leaf), issuer)));
    const identity = {
      key: { publicKey: testIdentity(0).publicKey.spki },
      subject: 'Ada',
      issuer: 'Ada',
      signer: 0,
    };
    for (const [one, other] of [
      [forged({ ...leaf, ca: true }), issuer],
      [forged({ ...leaf, serverAuth: false }), issuer],
      [forged({ ...leaf, key: identity.key }), issuer],
      [forged(leaf), forged({ ...identity, ca: false, keyCertSign: true })],
    ] as const) {
      assert.deepEqual(verify(one, other), { failure: 'wrong-constraints' });
    }
    const mayNotSign = forged({ ...identity, ca: true, keyCertSign: false });
    assert.deepEqual(verify(forged(leaf), mayNotSign), { failure: 'not-issued-by-identity' });
  });

  it('verifySessionCertificate() refuses keys that no identity may have', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const weak = { publicKey: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })) };
    const [, issuer] = [0, new X509Certificate(identityCertificate(testIdentity(0), subject))];
    const leaf = forged({ key: weak, subject: 'x', issuer: 'Ada', signer: 0, ca: false });
    assert.deepEqual(verify(leaf, issuer), { failure: 'unreadable' });
  });

  it('verifySessionCertificate() never throws at altered bytes, nor accepts them', async () => {
    const [leaf, issuer] = certificatesOf(await sessionKeys());
    fc.assert(
      fc.property(
        fc.nat(leaf.raw.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        (at, flip, which) => {
          const altered = Uint8Array.from(which ? leaf.raw : issuer.raw);
          if (at >= altered.length) return;
          altered[at]! ^= flip;
          const result = which
            ? verifySessionCertificate(altered, issuer.raw)
            : verifySessionCertificate(leaf.raw, altered);
          assert.ok('failure' in result);
        },
      ),
      { numRuns: 500 },
    );
    assert.deepEqual(verifySessionCertificate(new Uint8Array(5000), issuer.raw), { failure: 'unreadable' });
    assert.deepEqual(verifySessionCertificate(new Uint8Array(0), new Uint8Array(0)), {
      failure: 'unreadable',
    });
  });
});
