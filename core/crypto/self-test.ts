/**
 * Known answers of every primitive in use, to be checked once at every start: which library stands behind node:crypto
 * (OpenSSL in Node, BoringSSL in Electron) and of what version is not ours to choose. Takes about 5 ms; group 14
 * takes 0.2 s, which its first use would take anyway, and is checked only where it is selected.
 */
import { scryptSync } from 'node:crypto';
import { equalBytes, fromHex, toHex, utf8 } from '../bytes/bytes.ts';
import { FederationError } from '../errors/federation-error.ts';
import { openAes256Gcm, sealAes256Gcm } from './aead.ts';
import { sha256 } from './hash.ts';
import { hkdfSha256 } from './hkdf.ts';
import { keyAgreement, type KeyAgreementName } from './key-agreement.ts';
import { aesCtrKeystream } from './keystream.ts';
import { systemRandom } from './random.ts';
import { importPublicIdentity, verifyPss } from './rsa.ts';

/** Throws FederationError 'self-test-failed', naming the primitive, unless all give their known answers. */
export function selfTest(agreement: KeyAgreementName = 'x25519'): void {
  const checks = [...CHECKS, agreement === 'x25519' ? X25519_CHECK : MODP_14_CHECK];
  for (const { primitive, holds } of checks) {
    if (!holdsWithoutError(holds)) throw selfTestFailed(primitive);
  }
}

interface Check {
  readonly primitive: string;
  readonly holds: () => boolean;
}

/** FIPS 180-4; RFC 5869, A.1; McGrew and Viega's GCM test cases 13 to 16; RFC 7914, section 12. */
const CHECKS: readonly Check[] = [
  {
    primitive: 'SHA-256',
    holds: () =>
      toHex(sha256(utf8('abc'))) === 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  },
  {
    primitive: 'HKDF-SHA-256',
    holds: () =>
      toHex(
        hkdfSha256(
          new Uint8Array(22).fill(0x0b),
          fromHex('f0f1f2f3f4f5f6f7f8f9'),
          42,
          fromHex('000102030405060708090a0b0c'),
        ),
      ) === '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
  },
  {
    primitive: 'AES-256-GCM',
    holds: () => {
      const key = new Uint8Array(32);
      const nonce = new Uint8Array(12);
      const nothing = new Uint8Array(0);
      const sealed = sealAes256Gcm(key, nonce, nothing, new Uint8Array(16));
      const opened = openAes256Gcm(key, nonce, nothing, sealed);
      const tampered = sealed.with(0, sealed[0]! ^ 1);
      return (
        toHex(sealed) === 'cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919' &&
        opened !== undefined &&
        equalBytes(opened, new Uint8Array(16)) &&
        openAes256Gcm(key, nonce, nothing, tampered) === undefined
      );
    },
  },
  {
    // with key 0, GCM's hash key, its first tag and its first block of ciphertext are these blocks of the keystream
    primitive: 'AES-256-CTR',
    holds: () =>
      toHex(aesCtrKeystream(new Uint8Array(32), 48)) ===
      'dc95c078a2408989ad48a21492842087530f8afbc74536b9a963b4f1c4cb738bcea7403d4d606b6e074ec5d3baf39d18',
  },
  {
    primitive: 'scrypt',
    holds: () =>
      scryptSync('', '', 32, { N: 16, r: 1, p: 1 }).toString('hex') ===
      '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442',
  },
  {
    primitive: 'RSA-PSS',
    holds: () => {
      const identity = importPublicIdentity(Buffer.from(RSA_PUBLIC_KEY, 'base64'));
      const message = utf8('Every round begins with keys that nobody has seen before.');
      return (
        verifyPss(identity, Buffer.from(SIGNATURE_SALT_32, 'base64'), message) &&
        !verifyPss(identity, Buffer.from(SIGNATURE_SALT_20, 'base64'), message) &&
        !verifyPss(identity, Buffer.from(SIGNATURE_SALT_32, 'base64'), message, Uint8Array.of(0))
      );
    },
  },
  {
    // no known answer: two draws of 256 bits that agree, or one of zeros, are no generator's
    primitive: 'the random generator',
    holds: () => {
      const draw = systemRandom.bytes(32);
      return !equalBytes(draw, systemRandom.bytes(32)) && !equalBytes(draw, new Uint8Array(32));
    },
  },
];

/** RFC 7748, section 6.1. */
const X25519_CHECK: Check = {
  primitive: 'X25519',
  holds: () => {
    const x25519 = keyAgreement('x25519');
    const alice = x25519.keyPairFromSecret(
      fromHex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'),
    );
    const bob = fromHex('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f');
    const shared = x25519.agree(alice.secretKey, bob);
    return (
      toHex(alice.publicKey) === '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a' &&
      shared !== undefined &&
      toHex(shared) === '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742'
    );
  },
};

/** Own answers, as SHA-256 of the 256 bytes, from plain integer arithmetic: 2^a, and 2^(a b). */
const MODP_14_CHECK: Check = {
  primitive: 'Diffie-Hellman in group 14',
  holds: () => {
    const modp14 = keyAgreement('modp14');
    const alice = modp14.keyPairFromSecret(Uint8Array.from({ length: 32 }, (_, index) => index + 1));
    const bob = modp14.keyPairFromSecret(Uint8Array.from({ length: 32 }, (_, index) => 255 - index));
    const shared = modp14.agree(alice.secretKey, bob.publicKey);
    return (
      toHex(sha256(alice.publicKey)) === '0b9cb9036d2a594a7e3b43169bdf47ee9c7b64a2292203f1bb137b0b648d7e3c' &&
      shared !== undefined &&
      toHex(sha256(shared)) === '5b91085381e0a37a8ecdcc9c214901b3681eb500e620fa2e7a7f63246879fc43'
    );
  },
};

function holdsWithoutError(holds: () => boolean): boolean {
  try {
    return holds();
  } catch {
    return false;
  }
}

function selfTestFailed(primitive: string): FederationError<'self-test-failed'> {
  return new FederationError(
    'self-test-failed',
    `Cannot start, as ${primitive} must give its known answers, and gives others. The cryptographic library of this ` +
      'installation is damaged or not supported: install Masquerade again.',
    { details: { primitive }, blame: 'machine', action: 'report' },
  );
}

// Made with the openssl command line; test/vectors/rsa-pss.json says how.
const RSA_PUBLIC_KEY =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqctoU4Phco4GQrtyCqKcftAOHMooecOs4R0TCFIi1tFychU/r1gUrKlm' +
  'ItYRWY0giNz4nD4abNqKAnVdayrhuC26xERl4c0a9sGEo/PqnMpDHC+/5vXvWU+xonTIwhjj+6eXq3Vc8hRdGhOuulLhJ+MHaA+M' +
  'WEQ0tEAkm1NSjpakCQ6SVCAysyRZmt9dr529WTroNrU4U11LiP1YE018MJ9YWlV2UFDTMMHTEmh1LAZ14Vd2zSt7HHNsizoMOnK3' +
  '9Vl8a+BuqLQnqZBBdvLCr0vH8bPBSCv1M4CMwfncaiZuutl4PyEj0jZzDlPAEDC6McBUWdTEbQirU1RkiEFnVQIDAQAB';

const SIGNATURE_SALT_32 =
  'iK5Qt0r5PdyMYnhX27UelZ5QWjpq7lPcn2nSXWnQ2Fye9U9yo8uB8+wjGID1SktjwQdQwHHzR0zG5FdvERvYdRKZJ+KfjnZbRYxF' +
  '8bv5TxrEaw3YmzGF3Cqo+oSwEQEjhwE9soRbvp6cj1Q154yssSXAmVcHTKuVECSeJCKFFIhBs7fc057JfYGZmS+XC1M6Q5Iq4+6C' +
  'suG8f2Ku0uwYATwvsEttN4kshinbn8h+k/DSbTRICKW1+dQSzb3kMaKq5HXnWyN5KnGwQ0MEwzY55t0z5WWOu+MV+Vfa8zgY64M2' +
  'mQJIXvf+dTBzYxzkUXVXvlmaeRGkJ3IsmVpiKxZV+g==';

const SIGNATURE_SALT_20 =
  'iJ5xzVUP6Ehlt9tG2GdVSFQupGdCnqwmFKzGuxDLhu8vdDHT+/Z870jNQyN22LjPwAMvZ/Laq5y9RQ5GyepiZm++WFV9W2Cnwt1B' +
  '/zkFYk879nNO7+Psitb3QiEuSfHEkYDlaOIjwbuWgKnV5u7XwxGi/fXei+eajCaCjvo8mcC2OjhddY7XLHdg6T4XQ1czoWXTV4mo' +
  'KYqAEYF29FQKTBwt3qK8gK0y1k4CfkkPa65dM30jm8PWL5wTLYig7D/uX3b4ASLpMNoSUDwQrNO9tIsFJ5N+nzNDxLVoFX606LoD' +
  'PMAUC+FM6iarXcrn3zkHVvWUrJbj1c3QY+NPhL0KFw==';
