/**
 * The data folder, opened: locked against other instances, its database checked and brought up to date, its secrets
 * unlocked; then the contract of store.ts, each part in a file of its own.
 *
 * Does not protect against whoever can read this process's memory, nor, where no passphrase is set, this user's files.
 * Secrets erased from the database stay in backups (`masquerade.sqlite.before-N`, the user's own) and in what a disk
 * keeps of overwritten sectors, encrypted in both.
 */
import { mkdirSync, realpathSync, statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { eraseBytes } from '../../core/bytes/bytes.ts';
import { defaultStateFolder } from './data-folder.ts';
import { attackStore } from './attack-runs.ts';
import { databasePath, openDatabase } from './database.ts';
import { epochStore } from './epochs.ts';
import { experimentStore } from './experiments.ts';
import { goingOnStore } from './going-on.ts';
import { historyStore } from './history.ts';
import { identityStore } from './identities.ts';
import { interfaceStore } from './interface.ts';
import { lockFolder } from './instance-lock.ts';
import { machineId } from './machine-id.ts';
import { changeProtection, openMasterKey, storedProtection } from './master-key.ts';
import { peopleStore } from './people.ts';
import { privacyStore } from './privacy-charges.ts';
import { recordStore } from './records.ts';
import { roundStore } from './rounds.ts';
import { createVault } from './secrets.ts';
import { openSessionMarks } from './session-marks.ts';
import { sessionStore } from './sessions.ts';
import type { Store, StoreSecret } from './store.ts';
import { databaseError, folderUnusable, systemError, withClearErrors } from './storage-errors.ts';

export interface StoreOptions {
  /** Made when it is missing; defaultDataFolder() is the usual one. */
  readonly folder: string;
  readonly secret: StoreSecret;
  readonly now?: () => Date;
  /** Where session marks lie; defaultStateFolder() unless given. */
  readonly stateFolder?: string;
  /** machineId() unless given. */
  readonly machine?: string;
  /** For tests: runs on the database before anything is written. */
  readonly tune?: (database: Database) => void;
  /** For tests: called between any two steps that reach the disk. */
  readonly betweenSteps?: (step: string) => void;
}

/**
 * Throws 'folder-unusable', 'folder-in-use', 'disk-full', 'database-damaged', 'database-too-new', 'passphrase-needed',
 * 'passphrase-wrong', 'system-key-needed', 'wrapping-key-unusable'.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const folder = makeFolder(options.folder);
  const lock = lockFolder(folder);
  let database: Database | undefined;
  try {
    const path = databasePath(folder);
    database = openDatabase(path, options.tune);
    return await unlockStore({ options, folder, path, database, release: lock.release });
  } catch (cause) {
    database?.close();
    lock.release();
    throw databaseError(databasePath(folder), cause);
  }
}

async function unlockStore(parts: {
  readonly options: StoreOptions;
  readonly folder: string;
  readonly path: string;
  readonly database: Database;
  readonly release: () => void;
}): Promise<Store> {
  const { options, folder, path, database, release } = parts;
  const { secret, now = () => new Date(), betweenSteps = () => undefined } = options;
  const { stateFolder = defaultStateFolder(), machine = machineId() } = options;
  const place = { database, path, folder };
  const masterKey = await openMasterKey(place, secret);
  const vault = createVault(masterKey, path);
  const marks = openSessionMarks({ stateFolder, machine, folder, databasePath: path });
  const protection = (): StoreSecret['kind'] => storedProtection(database)!;

  const calls = withClearErrors(path, {
    changeProtection: (next: StoreSecret) => changeProtection(place, masterKey, next),
    ...identityStore({ database, path, vault, now }),
    ...sessionStore(database, vault),
    ...epochStore(database, path),
    ...recordStore({ database, path, vault, marks, betweenSteps }),
    ...roundStore(database, path),
    ...historyStore(database, path),
    ...peopleStore(database),
    ...goingOnStore(database, path),
    ...privacyStore(database, path),
    ...experimentStore(database, path),
    ...attackStore(database, path),
    ...interfaceStore(database, path),
  });
  calls.purgeRemoved();
  return {
    ...calls,
    folder,
    get protection() {
      return protection();
    },
    close() {
      if (!database.open) return;
      eraseBytes(masterKey);
      database.close();
      release();
    },
  };
}

/** The folder's real path, made where there is none, for its owner alone. */
function makeFolder(path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const folder = realpathSync(path);
    if (!statSync(folder).isDirectory()) throw folderUnusable(path, 'it is not a folder');
    return folder;
  } catch (cause) {
    throw systemError(path, cause);
  }
}
