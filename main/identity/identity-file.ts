/**
 * An identity on disk: a JSON file with the public key in the open and the private key encrypted (core/crypto/
 * key-file.ts), bound to the public key's fingerprint. Without a passphrase the wrapping key lies beside it, in a file
 * named like it with ".key" at the end. Both files are readable for their owner alone.
 */
import { lstat, rm } from 'node:fs/promises';
import { z } from 'zod';
import { fromHex, equalBytes, eraseBytes, toHex } from '../../core/bytes/bytes.ts';
import { fingerprint, formatFingerprint } from '../../core/crypto/fingerprint.ts';
import {
  inspectKeyFile,
  openKeyFile,
  sealKeyFile,
  WRAPPING_KEY_BYTES,
  type KeyFilePlace,
  type KeyFileProtection,
} from '../../core/crypto/key-file.ts';
import { systemRandom } from '../../core/crypto/random.ts';
import {
  exportPrivateKey,
  generateIdentity,
  importIdentity,
  importPublicIdentity,
  type Identity,
  type IdentityBits,
  type PublicIdentity,
} from '../../core/crypto/rsa.ts';
import { fileError, readTextFile, writeWholeFile } from '../files/files.ts';
import { alreadyExists, damaged, passphraseNeeded, refusalError, tooNew } from './identity-errors.ts';
import type { DescribedProtection, IdentityProtection } from './protection.ts';

/** What can be said of an identity without its passphrase. */
export interface IdentityDescription {
  readonly path: string;
  readonly publicKey: PublicIdentity;
  /** SHA-256 of the public key, in groups of four hexadecimal digits. */
  readonly fingerprint: string;
  readonly bits: number;
  readonly protection: DescribedProtection;
}

export interface LoadedIdentity {
  readonly identity: Identity;
  readonly description: IdentityDescription;
}

const FORMAT = 'masquerade-identity';
const FORMAT_VERSION = 1;
const OWNER_ONLY = 0o600;

const versionSchema = z.object({ format: z.literal(FORMAT), version: z.int().min(1) });
const identityFileSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(FORMAT_VERSION),
  publicKey: z.base64().max(2_000),
  privateKey: z.base64().max(10_000),
});

/**
 * Makes a new identity and writes it. Throws 'file-exists' when an identity or a wrapping key already lies there: what
 * it opens would be lost; 'file-unreadable' when the place cannot be written, and nothing is left there then.
 */
export async function createIdentity(options: {
  readonly path: string;
  readonly bits: IdentityBits;
  readonly protection: IdentityProtection;
}): Promise<LoadedIdentity> {
  const { path, bits, protection } = options;
  const keyPath = wrappingKeyPath(path);
  await refuseToOverwrite(path);
  if (protection.kind === 'wrapping-key') await refuseToOverwrite(keyPath);

  const identity = await generateIdentity(bits);
  const wrappingKey = systemRandom.bytes(WRAPPING_KEY_BYTES);
  const content = await sealIdentity(
    identity,
    protection.kind === 'passphrase' ? protection : { kind: 'wrapping-key', key: wrappingKey },
  );
  if (protection.kind === 'wrapping-key')
    await writeWholeFile(keyPath, `${toHex(wrappingKey)}\n`, OWNER_ONLY);
  eraseBytes(wrappingKey);
  try {
    await writeWholeFile(path, content, OWNER_ONLY);
  } catch (error) {
    if (protection.kind === 'wrapping-key') await rm(keyPath, { force: true });
    throw error;
  }
  return { identity, description: describe(path, identity.publicKey, protection.kind) };
}

/**
 * Reads an identity and opens its private key. A passphrase is used only where the identity asks for one. Throws
 * 'passphrase-needed', 'passphrase-wrong', and what describeIdentity() throws.
 */
export async function loadIdentity(options: {
  readonly path: string;
  readonly passphrase?: string | undefined;
}): Promise<LoadedIdentity> {
  const { path, passphrase } = options;
  const { publicKey, keyFile, description } = await readIdentityFile(path);
  const opened = await openKeyFile(
    keyFile,
    description.protection.kind === 'wrapping-key'
      ? { kind: 'wrapping-key', key: await readWrappingKey(description.protection.keyPath) }
      : { kind: 'passphrase', passphrase: requirePassphrase(path, passphrase) },
    placeOf(publicKey),
  );
  if ('refused' in opened) throw refusalError(path, opened, description.protection);
  const identity = importIdentity(opened.secret);
  eraseBytes(opened.secret);
  if (!equalBytes(identity.publicKey.spki, publicKey.spki)) {
    throw damaged(path, 'its private key belongs to another public key');
  }
  return { identity, description };
}

/**
 * Reads what an identity file says in the open. Throws 'file-not-found', 'file-unreadable', 'identity-damaged',
 * 'identity-too-new'.
 */
export async function describeIdentity(options: { readonly path: string }): Promise<IdentityDescription> {
  return (await readIdentityFile(options.path)).description;
}

/** The private key belongs to this public key, and is for signing as it. */
function placeOf(publicKey: PublicIdentity): KeyFilePlace {
  return { row: toHex(fingerprint(publicKey.spki)), purpose: 'identity-private-key' };
}

function wrappingKeyPath(path: string): string {
  return `${path}.key`;
}

function describe(
  path: string,
  publicKey: PublicIdentity,
  protection: KeyFileProtection['kind'],
): IdentityDescription {
  return {
    path,
    publicKey,
    fingerprint: formatFingerprint(fingerprint(publicKey.spki)),
    bits: publicKey.bits,
    protection:
      protection === 'passphrase'
        ? { kind: protection }
        : { kind: protection, keyPath: wrappingKeyPath(path) },
  };
}

/** The text of an identity file. */
async function sealIdentity(identity: Identity, protection: KeyFileProtection): Promise<string> {
  const privateKey = exportPrivateKey(identity);
  const keyFile = await sealKeyFile(privateKey, protection, placeOf(identity.publicKey), systemRandom);
  eraseBytes(privateKey);
  const content: z.infer<typeof identityFileSchema> = {
    format: FORMAT,
    version: FORMAT_VERSION,
    publicKey: Buffer.from(identity.publicKey.spki).toString('base64'),
    privateKey: Buffer.from(keyFile).toString('base64'),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

async function readIdentityFile(
  path: string,
): Promise<{ publicKey: PublicIdentity; keyFile: Uint8Array; description: IdentityDescription }> {
  const content = parseJson(path, await readTextFile(path));
  const { success: isIdentity, data: versioned } = versionSchema.safeParse(content);
  if (!isIdentity) throw damaged(path, 'it is not an identity file of Masquerade');
  if (versioned.version > FORMAT_VERSION) throw tooNew(path, versioned.version, FORMAT_VERSION);
  const { success: isWhole, data: file } = identityFileSchema.safeParse(content);
  if (!isWhole) throw damaged(path, 'its fields are not those of an identity');

  const publicKey = parsePublicKey(path, Buffer.from(file.publicKey, 'base64'));
  const keyFile = new Uint8Array(Buffer.from(file.privateKey, 'base64'));
  const inspected = inspectKeyFile(keyFile, placeOf(publicKey));
  if ('refused' in inspected) throw refusalError(path, inspected);
  return { publicKey, keyFile, description: describe(path, publicKey, inspected.protection) };
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damaged(path, 'it is not JSON, or is cut short');
  }
}

function parsePublicKey(path: string, spki: Uint8Array): PublicIdentity {
  try {
    return importPublicIdentity(spki);
  } catch {
    throw damaged(path, 'its public key cannot be read');
  }
}

async function readWrappingKey(keyPath: string): Promise<Uint8Array> {
  const text = (await readTextFile(keyPath)).trim();
  if (text.length !== 2 * WRAPPING_KEY_BYTES || !/^[0-9a-f]*$/.test(text)) {
    throw damaged(keyPath, 'it is not a wrapping key of 64 hexadecimal digits');
  }
  return fromHex(text);
}

function requirePassphrase(path: string, passphrase: string | undefined): string {
  if (passphrase !== undefined && passphrase !== '') return passphrase;
  throw passphraseNeeded(path);
}

async function refuseToOverwrite(path: string): Promise<void> {
  try {
    await lstat(path);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return;
    throw fileError(path, cause);
  }
  throw alreadyExists(path);
}
