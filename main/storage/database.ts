/**
 * Opening the database file: first looked at without writing, so that a damaged one, another program's or a newer
 * Masquerade's stays as it is; then opened for good, with every commit flushed to the disk.
 */
import { chmodSync, closeSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { APPLICATION_ID, migrate, SCHEMA_VERSION, schemaVersion } from './migrations.ts';
import {
  databaseDamaged,
  databaseError,
  databaseTooNew,
  folderUnusable,
  systemError,
} from './storage-errors.ts';

const OWNER_ONLY = 0o600;
/** A backup program or a person with the sqlite3 shell may hold a lock for a moment. */
const BUSY_MS = 2_000;

export function databasePath(folder: string): string {
  return join(folder, 'masquerade.sqlite');
}

/** Whether there is a database with something in it. Throws 'folder-unusable'. */
export function databaseExists(path: string): boolean {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return false;
    if (!found.isFile()) throw folderUnusable(path, 'it is not a file');
    return found.size > 0;
  } catch (cause) {
    throw systemError(path, cause);
  }
}

/** Opened, checked and brought up to date. `tune` serves tests: it runs before anything is written. */
export function openDatabase(path: string, tune?: (database: Database.Database) => void): Database.Database {
  if (databaseExists(path)) inspectDatabase(path);
  let database: Database.Database | undefined;
  try {
    // the write-ahead log and its index take the file's permissions
    closeSync(openSync(path, 'a', OWNER_ONLY));
    if (process.platform !== 'win32') chmodSync(path, OWNER_ONLY);
    database = new Database(path, { timeout: BUSY_MS });
    tune?.(database);
    prepare(database, path);
    migrate(database, path);
    return database;
  } catch (cause) {
    database?.close();
    const clear = databaseError(path, cause);
    throw clear === cause && isSystemError(cause) ? systemError(path, cause) : clear;
  }
}

/** Throws 'database-damaged', 'database-too-new', 'folder-unusable'; writes nothing. */
function inspectDatabase(path: string): void {
  try {
    readDatabase(path, (database) => {
      const problems = database.pragma('quick_check(1)') as readonly { readonly quick_check: string }[];
      const found = problems[0]?.quick_check ?? 'the check gave no answer';
      if (found !== 'ok') throw databaseDamaged(path, found.replaceAll(/\s+/g, ' '));
    });
  } catch (cause) {
    // a process killed while it made the file leaves a journal that only a writer may roll back
    if (cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_READONLY')) return;
    throw readingError(path, cause);
  }
}

/** Reads without writing, also while another process has the database open. Errors are SQLite's, or ours on its version. */
export function readDatabase<Result>(path: string, read: (database: Database.Database) => Result): Result {
  const database = new Database(path, { readonly: true, timeout: BUSY_MS });
  try {
    const version = schemaVersion(database);
    const owner = database.pragma('application_id', { simple: true });
    const isEmpty = database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
    if (owner !== APPLICATION_ID && !(isEmpty && owner === 0)) {
      throw databaseDamaged(path, 'it is a database of another program');
    }
    if (version > SCHEMA_VERSION) throw databaseTooNew(path, version, SCHEMA_VERSION);
    return read(database);
  } finally {
    database.close();
  }
}

/** As databaseError(); but our own statements, when they only read, fail for no other reason than the file. */
export function readingError(path: string, cause: unknown): unknown {
  return cause instanceof Database.SqliteError && cause.code === 'SQLITE_ERROR'
    ? databaseDamaged(path, cause.message, cause)
    : databaseError(path, cause);
}

function prepare(database: Database.Database, path: string): void {
  if (database.pragma('journal_mode = WAL', { simple: true }) !== 'wal') {
    throw folderUnusable(path, 'its file system does not let SQLite keep a write-ahead log');
  }
  // FULL: a commit is on the disk when it returns; macOS needs to be told twice
  database.pragma('synchronous = FULL');
  database.pragma('fullfsync = ON');
  database.pragma('foreign_keys = ON');
  // what is deleted is overwritten
  database.pragma('secure_delete = ON');
  database.pragma('temp_store = MEMORY');
  // KiB; better-sqlite3's 16 MB would fill with history that nobody reads again
  database.pragma('cache_size = -4000');
  database.pragma('trusted_schema = OFF');
  database.pragma('cell_size_check = ON');
}

function isSystemError(cause: unknown): boolean {
  return cause instanceof Error && 'syscall' in cause;
}
