/** Reads the files of data sets, within limits. */
import { readFile, stat } from 'node:fs/promises';
import { FederationError } from '../../core/errors/federation-error.ts';
import { datasetError } from '../../core/datasets/dataset-error.ts';

/** 1 GiB: twenty times MNIST, and what a laptop still holds in memory beside a training run. */
export const MAXIMUM_FILE_BYTES = 2 ** 30;

/**
 * The bytes of a regular file. Throws FederationError: file-not-found (or what `missing` makes), file-unreadable,
 * dataset-too-large. Anything but a regular file is refused before it is opened: reading a pipe would never end.
 */
export async function readDataFile(
  filePath: string,
  options: { readonly maximumBytes?: number; readonly missing?: () => Error } = {},
): Promise<Uint8Array> {
  const limit = options.maximumBytes ?? MAXIMUM_FILE_BYTES;
  try {
    const status = await stat(filePath);
    if (!status.isFile()) throw unreadable(filePath, 'it is not a regular file');
    if (status.size > limit) throw tooLarge(filePath, status.size, limit);
    const buffer = await readFile(filePath);
    return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  } catch (error) {
    if (error instanceof FederationError) throw error;
    throw fileError(filePath, error, options.missing);
  }
}

/** What a failed call of node:fs means for a person. */
export function fileError(filePath: string, error: unknown, missing?: () => Error): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  if (code !== 'ENOENT' && code !== 'ENOTDIR') return unreadable(filePath, code, error);
  if (missing !== undefined) return missing();
  return datasetError('file-not-found', `Cannot find ${filePath}. Check the path.`, { path: filePath });
}

export function tooLarge(filePath: string, size: number, limit: number): Error {
  return datasetError(
    'dataset-too-large',
    `Cannot read ${filePath}, as it must have at most ${String(limit)} bytes, and has ${String(size)}.`,
    { path: filePath, size, limit, unit: 'bytes' },
  );
}

function unreadable(filePath: string, reason: string, cause?: unknown): Error {
  return datasetError(
    'file-unreadable',
    `Cannot read ${filePath}: ${reason}.`,
    { path: filePath, reason },
    cause,
  );
}
