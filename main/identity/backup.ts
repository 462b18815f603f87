/** An identity in a file of its own, to keep somewhere safe or take to another machine: PKCS#12 under a password. */
import { lstatSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { eraseBytes } from '../../core/bytes/bytes.ts';
import { exportPrivateKey, importIdentity, type Identity } from '../../core/crypto/rsa.ts';
import { FederationError, invalidSetting, isFederationError } from '../../core/errors/federation-error.ts';
import { fileError, writeWholeFile } from '../files/files.ts';
import { isCertificateOf, selfSignedCertificate } from './certificate.ts';
import { alreadyExists, backupDamaged, backupPasswordWrong } from './identity-errors.ts';
import { readPkcs12 } from './pkcs12-read.ts';
import { writePkcs12 } from './pkcs12-write.ts';

export const SHORTEST_PASSWORD = 12;
/** A key and a chain of certificates take some thousand bytes. */
const LARGEST_FILE_BYTES = 1_000_000;

/** The file's bytes. Throws 'invalid-setting' for a password of fewer than 12 characters. */
export async function identityBackup(options: {
  readonly identity: Identity;
  readonly certificate: Uint8Array;
  readonly password: string;
}): Promise<Uint8Array<ArrayBuffer>> {
  const { identity, certificate, password } = options;
  const length = Array.from(password).length;
  if (length < SHORTEST_PASSWORD) {
    throw invalidSetting(
      'the backup password',
      `${length} characters long`,
      `at least ${SHORTEST_PASSWORD} characters long`,
    );
  }
  const privateKey = exportPrivateKey(identity);
  try {
    return await writePkcs12({ privateKey, certificate, name: 'Masquerade', password });
  } finally {
    eraseBytes(privateKey);
  }
}

/**
 * Throws as identityBackup() does; 'file-exists', 'file-unreadable'. A backup is never written over another.
 */
export async function backUpIdentity(options: {
  readonly identity: Identity;
  readonly certificate: Uint8Array;
  readonly path: string;
  readonly password: string;
}): Promise<void> {
  const { path } = options;
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw alreadyExists(path);
  await writeWholeFile(path, await identityBackup(options), 0o600);
}

interface RestoredIdentity {
  readonly identity: Identity;
  readonly certificate: Uint8Array;
}

/** Throws as readIdentityBackup() does; 'file-not-found', 'file-unreadable'. */
export async function restoreIdentity(options: {
  readonly path: string;
  readonly password: string;
  readonly now: Date;
}): Promise<RestoredIdentity> {
  return readIdentityBackup({ ...options, bytes: await readSmallFile(options.path) });
}

/**
 * The identity in a backup's bytes; path: what messages call it. Throws 'password-wrong', 'identity-damaged',
 * 'identity-key-refused'. A key that comes without its certificate gets a new one.
 */
export async function readIdentityBackup(options: {
  readonly bytes: Uint8Array;
  readonly path: string;
  readonly password: string;
  readonly now: Date;
}): Promise<RestoredIdentity> {
  const { bytes, path, password, now } = options;
  const content = await readPkcs12(bytes, password);
  if ('refused' in content) {
    throw content.refused === 'wrong-password'
      ? backupPasswordWrong(path)
      : backupDamaged(path, content.reason);
  }
  const [privateKey] = content.privateKeys;
  if (privateKey === undefined || content.privateKeys.length > 1) {
    throw backupDamaged(path, `it must hold one private key, and holds ${content.privateKeys.length}`);
  }
  try {
    const identity = importIdentity(privateKey);
    const certificate = content.certificates.find((it) => isCertificateOf(identity, it));
    return { identity, certificate: certificate ?? selfSignedCertificate(identity, now) };
  } catch (cause) {
    throw isFederationError(cause) && cause.code === 'identity-key-refused'
      ? keyRefused(path, cause as FederationError<'identity-key-refused'>)
      : cause;
  } finally {
    eraseBytes(privateKey);
  }
}

async function readSmallFile(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST_FILE_BYTES) throw backupDamaged(path, 'it is too large for a PKCS#12 file');
    return await readFile(path);
  } catch (cause) {
    throw isFederationError(cause) ? cause : fileError(path, cause);
  }
}

/** A peer is to blame for a refused key, but for the one in a backup it is whoever chose the file. */
function keyRefused(path: string, cause: FederationError<'identity-key-refused'>): FederationError {
  const { reason } = cause.details;
  return new FederationError(
    'identity-key-refused',
    `Cannot use the key in ${path} as an identity, as ${reason}.`,
    { details: { reason }, blame: 'user', action: 'correct', cause },
  );
}
