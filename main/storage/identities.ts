/** This install's identities: one is current, those before it are kept for the sessions that name them. */
import type { Database } from 'better-sqlite3';
import { equalBytes, eraseBytes, fromHex, toHex } from '../../core/bytes/bytes.ts';
import { fingerprint, formatFingerprint } from '../../core/crypto/fingerprint.ts';
import type { KeyFilePlace } from '../../core/crypto/key-file.ts';
import {
  exportPrivateKey,
  generateIdentity,
  importIdentity,
  type Identity,
  type IdentityBits,
} from '../../core/crypto/rsa.ts';
import { selfSignedCertificate } from '../identity/certificate.ts';
import { identityExists } from '../identity/identity-errors.ts';
import type { Vault } from './secrets.ts';
import type { IdentityRow, Store, StoredIdentity } from './store.ts';
import { databaseDamaged } from './storage-errors.ts';

export type IdentityStore = Pick<Store, 'identity' | 'identities' | 'storedIdentity' | 'addIdentity'>;

interface StoredRow {
  readonly fingerprint: string;
  readonly public_key: Buffer;
  readonly bits: number;
  readonly created_at: string;
  readonly certificate: Buffer;
}

const COLUMNS = 'fingerprint, public_key, bits, created_at, certificate';

export function identityStore(options: {
  readonly database: Database;
  readonly path: string;
  readonly vault: Vault;
  readonly now: () => Date;
}): IdentityStore {
  const { database, path, vault, now } = options;
  const one = database.prepare<[string], StoredRow & { private_key: Buffer }>(
    `SELECT ${COLUMNS}, private_key FROM identities WHERE fingerprint = ?`,
  );
  const retire = database.prepare<[]>('UPDATE identities SET current = 0 WHERE current = 1');
  const insert = database.prepare(
    `INSERT INTO identities (${COLUMNS}, private_key, current)
     VALUES (@fingerprint, @publicKey, @bits, @createdAt, @certificate, @privateKey, 1)
     ON CONFLICT DO UPDATE SET current = 1`,
  );
  /** While the first identity is being made: two callers get the same one. */
  let making: Promise<StoredIdentity> | undefined;

  const read = (name: string): StoredIdentity | undefined => {
    const row = one.get(name);
    if (row === undefined) return undefined;
    const privateKey = vault.open(row.private_key, keyPlace(name));
    const identity = importIdentity(privateKey);
    eraseBytes(privateKey);
    if (!equalBytes(identity.publicKey.spki, row.public_key)) {
      throw databaseDamaged(path, 'the private key of an identity belongs to another public key');
    }
    return { identity, row: identityFromStored(row) };
  };

  const add = (identity: Identity, certificate: Uint8Array): IdentityRow => {
    const name = toHex(fingerprint(identity.publicKey.spki));
    const privateKey = exportPrivateKey(identity);
    const sealed = vault.seal(privateKey, keyPlace(name));
    eraseBytes(privateKey);
    database
      .transaction(() => {
        retire.run();
        insert.run({
          fingerprint: name,
          publicKey: identity.publicKey.spki,
          bits: identity.publicKey.bits,
          createdAt: now().toISOString(),
          certificate,
          privateKey: sealed,
        });
      })
      .immediate();
    return identityFromStored(one.get(name)!);
  };

  const make = async (bits: IdentityBits): Promise<StoredIdentity> => {
    const identity = await generateIdentity(bits);
    return { identity, row: add(identity, selfSignedCertificate(identity, now())) };
  };

  return {
    async identity(bits = 2048) {
      const current = currentIdentity(database);
      if (current !== undefined) return read(current.fingerprint)!;
      making ??= make(bits).finally(() => (making = undefined));
      return making;
    },
    identities: () =>
      database
        .prepare<[], StoredRow>(`SELECT ${COLUMNS} FROM identities ORDER BY current DESC, created_at DESC`)
        .all()
        .map(identityFromStored),
    storedIdentity: read,
    addIdentity(identity, certificate, replace) {
      const current = currentIdentity(database);
      const digest = fingerprint(identity.publicKey.spki);
      if (current !== undefined && current.fingerprint !== toHex(digest) && !replace) {
        throw identityExists(
          formatFingerprint(fromHex(current.fingerprint)),
          '--replace makes the other one current, and keeps this one for the sessions that name it',
        );
      }
      return add(identity, certificate);
    },
  };
}

/** Readable without any secret. */
export function currentIdentity(database: Database): IdentityRow | undefined {
  const row = database.prepare<[], StoredRow>(`SELECT ${COLUMNS} FROM identities WHERE current = 1`).get();
  return row && identityFromStored(row);
}

/** The private key belongs to this public key, and is for signing as it. */
function keyPlace(name: string): KeyFilePlace {
  return { row: name, purpose: 'identity-private-key' };
}

function identityFromStored(row: StoredRow): IdentityRow {
  return {
    fingerprint: row.fingerprint,
    publicKey: new Uint8Array(row.public_key),
    bits: row.bits,
    createdAt: row.created_at,
    certificate: new Uint8Array(row.certificate),
  };
}
