/** Reads the files and folders of data sets, within limits. */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { datasetError } from '../../core/datasets/dataset-error.ts';
import { FederationError } from '../../core/errors/federation-error.ts';
import { fileError, fileUnreadable } from '../files/files.ts';

const gunzipAsync = promisify(gunzip);

/**
 * The bytes of a regular file. Throws FederationError: file-not-found (or what `missing` makes), file-unreadable,
 * dataset-too-large. Anything but a regular file is refused before it is opened: reading a pipe would never end.
 */
export async function readDataFile(
  filePath: string,
  maximumBytes: number,
  missing?: () => Error,
): Promise<Uint8Array> {
  try {
    const status = await stat(filePath);
    if (!status.isFile()) throw fileUnreadable(filePath, 'it is not a regular file');
    if (status.size > maximumBytes) throw tooLarge(filePath, status.size, maximumBytes, 'bytes');
    const buffer = await readFile(filePath);
    return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  } catch (error) {
    if (error instanceof FederationError) throw error;
    if (missing !== undefined && errorCode(error) === 'ENOENT') throw missing();
    throw fileError(filePath, error);
  }
}

/**
 * The same, unpacked when the content is gzip (whatever the name says). Throws as readDataFile does; the limit holds
 * for the unpacked size too.
 */
export async function readPossiblyPacked(filePath: string, maximumBytes: number): Promise<Uint8Array> {
  const bytes = await readDataFile(filePath, maximumBytes);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    const buffer = await gunzipAsync(bytes, { maxOutputLength: maximumBytes });
    return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  } catch (error) {
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE') {
      throw tooLarge(filePath, maximumBytes + 1, maximumBytes, 'bytes');
    }
    throw fileUnreadable(filePath, `its gzip content is damaged or cut short (${errorCode(error)})`, error);
  }
}

export interface FolderContent {
  /** Names of folders, in the order of their code units. */
  readonly folders: readonly string[];
  /** Names of everything else that could be read as a file. */
  readonly files: readonly string[];
}

/**
 * What a folder holds, without hidden entries (a leading dot). Links are followed, one level at a time: nothing here
 * descends by itself, so a link that leads back cannot make it endless. Throws FederationError: file-not-found,
 * file-unreadable.
 */
export async function listFolder(folder: string): Promise<FolderContent> {
  try {
    const folders: string[] = [];
    const files: string[] = [];
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue;
      const isFolder = entry.isSymbolicLink()
        ? await leadsToFolder(path.join(folder, entry.name))
        : entry.isDirectory();
      (isFolder ? folders : files).push(entry.name);
    }
    return { folders: folders.sort(byCodeUnits), files: files.sort(byCodeUnits) };
  } catch (error) {
    throw fileError(folder, error);
  }
}

/** The same order on every machine, whatever its language. */
export function byCodeUnits(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

export function tooLarge(
  filePath: string,
  size: number,
  limit: number,
  unit: 'bytes' | 'pixels' | 'files',
): FederationError {
  const amount = size === limit + 1 ? 'more' : String(size);
  return datasetError(
    'dataset-too-large',
    `Cannot use ${filePath}, as it must have at most ${String(limit)} ${unit}, and has ${amount}.`,
    { path: filePath, size, limit, unit },
  );
}

/** A link that is broken or leads to itself counts as a file: reading it, if it is wanted, says what is wrong. */
async function leadsToFolder(link: string): Promise<boolean> {
  try {
    return (await stat(link)).isDirectory();
  } catch {
    return false;
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
