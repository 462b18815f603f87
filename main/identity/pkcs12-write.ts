/**
 * Writes a private key and its certificate as PKCS#12 (RFC 7292), as strong as other programs read it: the key under
 * PBES2 (RFC 8018) with AES-256-CBC and PBKDF2, HMAC-SHA-256, 600,000 iterations; the whole under a MAC with SHA-256,
 * from as many. node-forge knows neither the PRF's iterations in the MAC nor SHA-256 there, so it lays out the DER only.
 *
 * The certificate lies in the open, as it is public. The password decides how safe the key is.
 */
import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { eraseBytes } from '../../core/bytes/bytes.ts';
import {
  bmpString,
  integer,
  macKey,
  none,
  objectId,
  octets,
  oids,
  pbkdf2Key,
  sequence,
  set,
  tagged,
  toDer,
  type Asn1,
} from './pkcs12-parts.ts';

export const ITERATIONS = 600_000;
const SALT_BYTES = 16;
const AES_256_BYTES = 32;
const AES_BLOCK_BYTES = 16;

export async function writePkcs12(options: {
  /** PKCS#8, DER; the caller erases it. */
  readonly privateKey: Uint8Array;
  /** DER */
  readonly certificate: Uint8Array;
  /** What key stores show. */
  readonly name: string;
  readonly password: string;
}): Promise<Uint8Array<ArrayBuffer>> {
  const { privateKey, certificate, name, password } = options;
  // the same id tells that key and certificate belong together
  const attributes = (): Asn1 =>
    set(
      sequence(objectId(oids.friendlyName), set(bmpString(name))),
      sequence(objectId(oids.localKeyId), set(octets(createHash('sha256').update(certificate).digest()))),
    );
  const certificateBag = sequence(
    objectId(oids.certificateBag),
    tagged(sequence(objectId(oids.x509Certificate), tagged(octets(certificate)))),
    attributes(),
  );
  const keyBag = sequence(
    objectId(oids.shroudedKeyBag),
    tagged(await encryptedKey(privateKey, password)),
    attributes(),
  );
  const content = toDer(sequence(dataOf(sequence(certificateBag)), dataOf(sequence(keyBag))));
  return Uint8Array.from(
    toDer(
      sequence(
        integer(3),
        sequence(objectId(oids.data), tagged(octets(content))),
        await macOf(content, password),
      ),
    ),
  );
}

/** ContentInfo of type data. */
function dataOf(safeContents: Asn1): Asn1 {
  return sequence(objectId(oids.data), tagged(octets(toDer(safeContents))));
}

/** EncryptedPrivateKeyInfo (RFC 5958) under PBES2. */
async function encryptedKey(privateKey: Uint8Array, password: string): Promise<Asn1> {
  const salt = randomBytes(SALT_BYTES);
  const iv = randomBytes(AES_BLOCK_BYTES);
  const key = await pbkdf2Key(password, {
    salt,
    iterations: ITERATIONS,
    digest: 'sha256',
    bytes: AES_256_BYTES,
  });
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const encrypted = Buffer.concat([cipher.update(privateKey), cipher.final()]);
  eraseBytes(key);
  const derivation = sequence(
    objectId(oids.pbkdf2),
    sequence(octets(salt), integer(ITERATIONS), sequence(objectId(oids.hmacWithSha256), none())),
  );
  const encryption = sequence(objectId(oids.aes256Cbc), octets(iv));
  return sequence(sequence(objectId(oids.pbes2), sequence(derivation, encryption)), octets(encrypted));
}

/** MacData */
async function macOf(content: Uint8Array, password: string): Promise<Asn1> {
  const salt = randomBytes(SALT_BYTES);
  const key = await macKey(password, { salt, iterations: ITERATIONS, digest: 'sha256' });
  const mac = createHmac('sha256', key).update(content).digest();
  eraseBytes(key);
  return sequence(
    sequence(sequence(objectId(oids.sha256), none()), octets(mac)),
    octets(salt),
    integer(ITERATIONS),
  );
}
