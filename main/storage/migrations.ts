/**
 * The database's schema, grown by numbered steps: step k leads from version k - 1 to version k (PRAGMA user_version).
 * A step that has been released is never changed, only followed by another.
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { identities } from './migrations/001-identities.ts';
import { sessions } from './migrations/002-sessions.ts';
import { records } from './migrations/003-records.ts';
import { rounds } from './migrations/004-rounds.ts';
import { experiments } from './migrations/005-experiments.ts';
import { keptByTheInterface } from './migrations/006-interface.ts';
import { goingOn } from './migrations/007-going-on.ts';
import { attacks } from './migrations/008-attacks.ts';
import { privacy } from './migrations/009-privacy.ts';
import { engines } from './migrations/010-engines.ts';

const migrations: readonly string[] = [
  identities,
  sessions,
  records,
  rounds,
  experiments,
  keptByTheInterface,
  goingOn,
  attacks,
  privacy,
  engines,
];

export const SCHEMA_VERSION = migrations.length;
/** "MSQD": what tells our databases from others' (PRAGMA application_id). */
export const APPLICATION_ID = 0x4d535144;

/** 0 for a new database. */
export function schemaVersion(database: Database): number {
  return database.pragma('user_version', { simple: true }) as number;
}

/**
 * Brings the database up to a version, each step a transaction: a step that fails leaves the version before it. What
 * exists is first copied whole to `<path>.before-<version>`, and nothing is changed where that cannot be written.
 */
export function migrate(database: Database, path: string, target: number = SCHEMA_VERSION): void {
  const from = schemaVersion(database);
  if (from >= target) return;
  if (from > 0) backUp(database, `${path}.before-${target}`);
  for (let version = from + 1; version <= target; version += 1) {
    database
      .transaction(() => {
        database.exec(migrations[version - 1]!);
        database.pragma(`user_version = ${version}`);
        database.pragma(`application_id = ${APPLICATION_ID}`);
      })
      .immediate();
  }
}

function backUp(database: Database, path: string): void {
  const unfinished = `${path}.new`;
  rmSync(unfinished, { force: true });
  try {
    // made with the owner's permissions alone; SQLite fills an empty file
    closeSync(openSync(unfinished, 'wx', 0o600));
    database.prepare('VACUUM INTO ?').run(unfinished);
    const file = openSync(unfinished, 'r+');
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}
