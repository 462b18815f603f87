/** Small files that must have reached the disk before the next step. */
import { randomBytes } from 'node:crypto';
import { closeSync, fdatasyncSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';

/** Makes a file, whole or not at all, readable for its owner alone. What is there is replaced. */
export function createFlushed(path: string, content: string): void {
  const unfinished = `${path}.${randomBytes(4).toString('hex')}.new`;
  try {
    const file = openSync(unfinished, 'wx', 0o600);
    try {
      writeSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

/**
 * Writes over a file's content, which must be as long and fit into one sector of a disk (512 bytes): a sector is
 * written whole or not at all, and there is no folder to flush: half the time of a new file.
 */
export function overwriteFlushed(path: string, content: string): void {
  const file = openSync(path, 'r+');
  try {
    writeSync(file, content, 0);
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Flushes which names a folder holds. Windows keeps no such thing apart. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
