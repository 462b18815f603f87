/**
 * The wrapping key of a folder without a passphrase: 64 hexadecimal digits in a file that only its owner reads, beside
 * the database. It keeps the secrets out of copies of the database alone; whoever reads both has them all.
 */
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fromHex, toHex } from '../../core/bytes/bytes.ts';
import { WRAPPING_KEY_BYTES } from '../../core/crypto/key-file.ts';
import { systemRandom } from '../../core/crypto/random.ts';
import { FederationError } from '../../core/errors/federation-error.ts';
import { writeWholeFile } from '../files/files.ts';
import { syncFolder } from './flushed-files.ts';
import { systemError } from './storage-errors.ts';

export function wrappingKeyPath(folder: string): string {
  return join(folder, 'wrapping.key');
}

/** The folder's wrapping key; made where there is none. Throws 'wrapping-key-unusable'; 'folder-unusable'; 'disk-full'. */
export async function makeWrappingKey(folder: string): Promise<Uint8Array<ArrayBuffer>> {
  const path = wrappingKeyPath(folder);
  // one is there after a start that ended before the database named it: nothing is lost by taking it
  if (existsSync(path)) return readWrappingKey(folder);
  const key = systemRandom.bytes(WRAPPING_KEY_BYTES);
  try {
    await writeWholeFile(path, `${toHex(key)}\n`, 0o600);
    syncFolder(folder);
  } catch (error) {
    throw systemError(path, error instanceof FederationError ? (error.cause ?? error) : error);
  }
  return key;
}

/** Throws 'wrapping-key-unusable'. */
export async function readWrappingKey(folder: string): Promise<Uint8Array<ArrayBuffer>> {
  const path = wrappingKeyPath(folder);
  let text: string;
  try {
    text = (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw wrappingKeyUnusable(path, isMissing ? 'it is missing' : 'it cannot be read', cause);
  }
  if (text.length !== 2 * WRAPPING_KEY_BYTES || !/^[0-9a-f]*$/.test(text)) {
    throw wrappingKeyUnusable(path, 'it is not a key of 64 hexadecimal digits');
  }
  return fromHex(text);
}

export async function removeWrappingKey(folder: string): Promise<void> {
  const path = wrappingKeyPath(folder);
  try {
    await rm(path, { force: true });
    syncFolder(folder);
  } catch (cause) {
    throw systemError(path, cause);
  }
}

export function wrappingKeyUnusable(path: string, reason: string, cause?: unknown): FederationError {
  return new FederationError(
    'wrapping-key-unusable',
    `Cannot use ${path}, which opens the secrets of its folder: ${reason}. Put the file back that was made with this folder.`,
    { details: { path, reason }, blame: 'user', action: 'correct', cause },
  );
}
