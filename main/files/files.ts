/** Reading and writing whole files: every failure a clear typed error, and never a half-written file left behind. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { FederationError, isFederationError } from '../../core/errors/federation-error.ts';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not open it',
  EPERM: 'this user may not open it',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  EROFS: 'it lies on a read-only disk',
  ENOSPC: 'the disk is full',
  EMFILE: 'too many files are open',
};

/** What went wrong with a file or folder, in a sentence that says what to do. */
export function fileError(path: string, cause: unknown): FederationError {
  if (isFederationError(cause)) return cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ENOENT')
    return new FederationError('file-not-found', `Cannot find ${path}. Check the path and try again.`, {
      details: { path },
      blame: 'user',
      action: 'correct',
      cause,
    });
  return fileUnreadable(
    path,
    reasons[code] ?? (cause instanceof Error ? cause.message : String(cause)),
    cause,
  );
}

/** A file that is there and cannot be used. reason: such as 'it is a folder'. */
export function fileUnreadable(
  path: string,
  reason: string,
  cause?: unknown,
): FederationError<'file-unreadable'> {
  return new FederationError(
    'file-unreadable',
    `Cannot use ${path}: ${reason}. Correct that, then try again.`,
    { details: { path, reason }, blame: 'user', action: 'correct', cause },
  );
}

/** A text in UTF-8, without the byte-order mark that some editors write. Throws 'file-not-found' or 'file-unreadable'. */
export async function readTextFile(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (cause) {
    throw fileError(path, cause);
  }
}

/**
 * Writes a file whole or not at all: to a temporary name beside it, flushed to disk, then renamed. Makes the folder.
 * Throws 'file-unreadable' when the place cannot be written; what stood there before is untouched then.
 */
export async function writeWholeFile(
  path: string,
  data: string | Uint8Array | AsyncIterable<Uint8Array>,
  mode = 0o644,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.new`);
  try {
    await makeFolder(dirname(path));
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileError(path, cause);
  }
}

/**
 * A folder and those above it, one by one. Node's own recursive mkdir never returns where a folder that is there says that it
 * is not, as those of /proc do. Throws Node's errors, and 'file-unreadable'.
 */
async function makeFolder(path: string): Promise<void> {
  const missing: string[] = [];
  let at = resolve(path);
  while (!(await isThere(at)) && dirname(at) !== at) {
    missing.push(at);
    at = dirname(at);
  }
  for (const folder of missing.reverse())
    await mkdir(folder).catch((cause: unknown) => {
      if (hasCode(cause, 'ENOENT')) throw fileUnreadable(folder, 'no folder can be made there', cause);
      // somebody else has made it meanwhile
      if (!hasCode(cause, 'EEXIST')) throw cause;
    });
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return false;
    throw cause;
  }
}

function hasCode(cause: unknown, code: string): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === code;
}

/**
 * Makes a folder and tries whether files can be written into it, before anything is computed that should go there.
 * Throws 'file-unreadable'.
 */
export async function requireWritableFolder(path: string): Promise<void> {
  const probe = join(path, `.${randomBytes(4).toString('hex')}.new`);
  try {
    await makeFolder(path);
    const file = await open(probe, 'wx');
    await file.close();
    await rm(probe, { force: true });
  } catch (cause) {
    throw fileError(path, cause);
  }
}
