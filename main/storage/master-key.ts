/**
 * The master key under which every secret in the database lies: 32 random bytes, themselves sealed under a passphrase
 * (scrypt), a wrapping key in a file, or a key of the operating system. Opened once, at start; kept in memory until the
 * store is closed.
 *
 * A change of protection seals the same key anew: it does not help against somebody who has both an old copy of the
 * database and what opened it then.
 */
import type { Database } from 'better-sqlite3';
import { eraseBytes } from '../../core/bytes/bytes.ts';
import {
  KEY_FILE_VERSION,
  openKeyFile,
  sealKeyFile,
  WRAPPING_KEY_BYTES,
  type KeyFileProtection,
  type KeyFileRefusal,
} from '../../core/crypto/key-file.ts';
import { systemRandom } from '../../core/crypto/random.ts';
import { FederationError } from '../../core/errors/federation-error.ts';
import { passphraseNeeded, passphraseWrong } from '../identity/identity-errors.ts';
import type { StoreSecret } from './store.ts';
import { databaseDamaged, databaseTooNew } from './storage-errors.ts';
import {
  makeWrappingKey,
  readWrappingKey,
  removeWrappingKey,
  wrappingKeyPath,
  wrappingKeyUnusable,
} from './wrapping-key.ts';

export type ProtectionKind = StoreSecret['kind'];

interface MasterKeyRow {
  readonly protection: ProtectionKind;
  readonly sealed: Buffer;
}

const place = { row: 'master-key', purpose: 'master-key' };

interface Place {
  readonly database: Database;
  readonly path: string;
  readonly folder: string;
}

export function storedProtection(database: Database): ProtectionKind | undefined {
  return masterKeyRow(database)?.protection;
}

/**
 * The folder's master key; made at the first start, under `secret`. Later starts need what it lies under: a passphrase
 * is ignored where none is asked for. Throws 'passphrase-needed', 'passphrase-wrong', 'system-key-needed',
 * 'wrapping-key-unusable', 'database-damaged'.
 */
export async function openMasterKey(at: Place, secret: StoreSecret): Promise<Uint8Array<ArrayBuffer>> {
  const row = masterKeyRow(at.database);
  if (row === undefined) {
    const key = systemRandom.bytes(WRAPPING_KEY_BYTES);
    await store(at, key, secret);
    return key;
  }
  const protection = await protectionOf(at, row.protection, secret);
  const opened = await openKeyFile(row.sealed, protection, place);
  if (protection.kind === 'wrapping-key') eraseBytes(protection.key);
  if ('refused' in opened) throw refusalError(at, row.protection, opened);
  return opened.secret;
}

/** Seals the master key under another secret; the wrapping key's file goes once nothing needs it. */
export async function changeProtection(at: Place, key: Uint8Array, secret: StoreSecret): Promise<void> {
  if (secret.kind === 'wrapping-key' && storedProtection(at.database) === 'wrapping-key') return;
  await store(at, key, secret);
  // what was sealed before must not linger in the log
  at.database.pragma('wal_checkpoint(TRUNCATE)');
  if (secret.kind !== 'wrapping-key') await removeWrappingKey(at.folder);
}

async function store(at: Place, key: Uint8Array, secret: StoreSecret): Promise<void> {
  const protection = await newProtection(at, secret);
  const sealed = await sealKeyFile(key, protection, place, systemRandom);
  if (protection.kind === 'wrapping-key') eraseBytes(protection.key);
  at.database
    .prepare(
      `INSERT INTO master_key (id, protection, sealed) VALUES (1, ?, ?)
       ON CONFLICT DO UPDATE SET protection = excluded.protection, sealed = excluded.sealed`,
    )
    .run(secret.kind, sealed);
}

function masterKeyRow(database: Database): MasterKeyRow | undefined {
  return database.prepare<[], MasterKeyRow>('SELECT protection, sealed FROM master_key').get();
}

async function newProtection({ path, folder }: Place, secret: StoreSecret): Promise<KeyFileProtection> {
  switch (secret.kind) {
    case 'passphrase':
      if (secret.passphrase === '') throw passphraseNeeded(path);
      return secret;
    case 'wrapping-key':
      return { kind: 'wrapping-key', key: await makeWrappingKey(folder) };
    case 'operating-system':
      return { kind: 'wrapping-key', key: Uint8Array.from(secret.key) };
  }
}

async function protectionOf(
  { path, folder }: Place,
  kind: ProtectionKind,
  secret: StoreSecret,
): Promise<KeyFileProtection> {
  switch (kind) {
    case 'passphrase':
      if (secret.kind !== 'passphrase' || secret.passphrase === '') throw passphraseNeeded(path);
      return secret;
    case 'wrapping-key':
      return { kind: 'wrapping-key', key: await readWrappingKey(folder) };
    case 'operating-system':
      if (secret.kind !== 'operating-system') throw systemKeyNeeded(path);
      return { kind: 'wrapping-key', key: Uint8Array.from(secret.key) };
    default:
      throw databaseDamaged(path, 'it names a protection that does not exist');
  }
}

function refusalError({ path, folder }: Place, kind: ProtectionKind, refusal: KeyFileRefusal): Error {
  switch (refusal.refused) {
    case 'too-new':
      return databaseTooNew(path, refusal.version, KEY_FILE_VERSION);
    case 'damaged':
      return databaseDamaged(path, `of its master key, ${refusal.reason}`);
    case 'other-protection':
      return databaseDamaged(path, `its master key is protected by a ${refusal.protection}`);
    case 'not-authentic':
      if (kind === 'passphrase') return passphraseWrong(path);
      if (kind === 'operating-system') return systemKeyNeeded(path);
      return wrappingKeyUnusable(wrappingKeyPath(folder), 'it is the key of another folder');
  }
}

function systemKeyNeeded(path: string): FederationError {
  return new FederationError(
    'system-key-needed',
    `Cannot open the secrets in ${path}, as the operating system keeps their key for Masquerade's window, under the account that made them. Open it there, or set a passphrase there first.`,
    { details: { path }, blame: 'user', action: 'correct' },
  );
}
