/** What can go wrong with a data folder, each its own error that says what to do; and SQLite's own errors told so. */
import Database from 'better-sqlite3';
import { FederationError, isFederationError } from '../../core/errors/federation-error.ts';

export function folderUnusable(path: string, reason: string, cause?: unknown): FederationError {
  return new FederationError(
    'folder-unusable',
    `Cannot use the data folder at ${path}: ${reason}. Correct that, or choose another folder.`,
    { details: { path, reason }, blame: 'user', action: 'correct', cause },
  );
}

export function folderInUse(path: string, cause?: unknown): FederationError {
  return new FederationError(
    'folder-in-use',
    `Cannot open the data folder ${path}, as another Masquerade has it open. Close that one, or choose another folder.`,
    { details: { path }, blame: 'user', action: 'correct', cause },
  );
}

export function diskFull(path: string, cause?: unknown): FederationError {
  return new FederationError(
    'disk-full',
    `Cannot write to ${path}, as its disk is full. Make room there, then try again: what was saved before is intact.`,
    { details: { path }, blame: 'machine', action: 'retry', cause },
  );
}

export function databaseDamaged(path: string, reason: string, cause?: unknown): FederationError {
  return new FederationError(
    'database-damaged',
    `Cannot use ${path}, as it is damaged: ${reason}. It was left as it is. Keep a copy of it, then put a backup in its place, or move it away to start afresh.`,
    { details: { path, reason }, blame: 'machine', action: 'correct', cause },
  );
}

export function databaseTooNew(path: string, version: number, supported: number): FederationError {
  return new FederationError(
    'database-too-new',
    `Cannot open ${path}, as its version must be at most ${supported}, and is ${version}. It was left as it is. Use the newer Masquerade that wrote it.`,
    { details: { path, version, supported }, blame: 'user', action: 'correct' },
  );
}

const systemReasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'it lies on a read-only disk',
  ENOTDIR: 'a part of its path is not a folder',
  EEXIST: 'it is not a folder',
  ENOENT: 'it cannot be found',
  EISDIR: 'it is a folder where a file should be',
  EMFILE: 'too many files are open',
};

/** A failed system call of node:fs on the way. */
export function systemError(path: string, cause: unknown): FederationError {
  if (isFederationError(cause)) return cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(path, cause);
  return folderUnusable(
    path,
    systemReasons[code] ?? (cause instanceof Error ? cause.message : String(cause)),
    cause,
  );
}

/** Any error of a database call as ours; errors that are not SQLite's pass as they are. */
export function databaseError(path: string, cause: unknown): unknown {
  if (!(cause instanceof Database.SqliteError)) return cause;
  const { code } = cause;
  const is = (...families: readonly string[]): boolean =>
    families.some((family) => code === family || code.startsWith(`${family}_`));
  if (is('SQLITE_CORRUPT', 'SQLITE_NOTADB')) return databaseDamaged(path, cause.message, cause);
  if (is('SQLITE_FULL')) return diskFull(path, cause);
  if (is('SQLITE_BUSY', 'SQLITE_LOCKED')) return folderInUse(path, cause);
  if (is('SQLITE_READONLY')) return folderUnusable(path, 'it may not be written', cause);
  if (is('SQLITE_CANTOPEN', 'SQLITE_PERM', 'SQLITE_AUTH')) {
    return folderUnusable(path, 'it cannot be opened', cause);
  }
  if (is('SQLITE_IOERR')) return folderUnusable(path, `its disk reports a fault (${code})`, cause);
  return internalError(`the database ${path} refused a statement: ${code}, ${cause.message}`, cause);
}

/** A programmer's mistake. */
export function internalError(what: string, cause?: unknown): FederationError<'internal'> {
  return new FederationError('internal', `Cannot go on, as ${what}. This is a fault of Masquerade.`, {
    details: { what },
    blame: 'bug',
    action: 'report',
    cause,
  });
}

/** Every function of a group with SQLite's errors told as ours, those of a promise too. */
export function withClearErrors<Group extends object>(path: string, group: Group): Group {
  const clear = (error: unknown): unknown => databaseError(path, error);
  const guarded = (call: (...args: unknown[]) => unknown) =>
    function (...args: unknown[]): unknown {
      try {
        const result = call(...args);
        return result instanceof Promise
          ? result.catch((error: unknown) => {
              throw clear(error);
            })
          : result;
      } catch (error) {
        throw clear(error);
      }
    };
  return Object.fromEntries(
    Object.entries(group).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'function' ? guarded(value as (...args: unknown[]) => unknown) : value,
    ]),
  ) as Group;
}
