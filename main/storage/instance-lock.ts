/**
 * One Masquerade per data folder: two would each believe to know what was signed. The lock is an exclusive transaction
 * on a tiny SQLite database, held open: a lock of the operating system on the file, which is gone with the process,
 * however it ends. Does not hold on network file systems that lie about locks.
 */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { databaseError, folderInUse } from './storage-errors.ts';

export interface InstanceLock {
  release(): void;
}

/** Throws 'folder-in-use' at once when another process, or this one, holds it; 'folder-unusable'; 'disk-full'. */
export function lockFolder(folder: string): InstanceLock {
  const path = join(folder, 'instance.lock');
  let lock: Database.Database | undefined;
  try {
    lock = new Database(path, { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock?.close();
    if (cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY')) {
      throw folderInUse(folder, cause);
    }
    throw databaseError(path, cause);
  }
  const held = lock;
  return {
    release() {
      held.close();
    },
  };
}
