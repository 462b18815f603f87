/** Epochs of a session: a roster and the parameters agreed on by it. */
import type { Database } from 'better-sqlite3';
import { concatBytes } from '../../core/bytes/bytes.ts';
import type { EpochRow, Store } from './store.ts';
import { databaseDamaged, internalError } from './storage-errors.ts';

export type EpochStore = Pick<Store, 'saveEpoch' | 'confirmEpoch' | 'epochs'>;

const NONCE_BYTES = 32;

interface StoredEpoch {
  readonly session: string;
  readonly epoch: number;
  readonly roster_digest: string;
  readonly nonces: Buffer;
  readonly parameters: string;
  readonly started_at: string;
  readonly confirmed_at: string | null;
  readonly compared: 0 | 1;
}

export function epochStore(database: Database, path: string): EpochStore {
  const save = database.prepare(
    `INSERT INTO epochs (session, epoch, roster_digest, nonces, parameters, started_at, confirmed_at, compared)
     VALUES (@session, @epoch, @rosterDigest, @nonces, @parameters, @startedAt, @confirmedAt, @compared)
     ON CONFLICT DO UPDATE SET roster_digest = excluded.roster_digest, nonces = excluded.nonces,
       parameters = excluded.parameters, started_at = excluded.started_at,
       confirmed_at = excluded.confirmed_at, compared = excluded.compared
     WHERE confirmed_at IS NULL`,
  );
  const clearMembers = database.prepare<[string, number]>(
    'DELETE FROM roster_members WHERE session = ? AND epoch = ?',
  );
  const addMember = database.prepare<[string, number, number, string, Uint8Array]>(
    'INSERT INTO roster_members (session, epoch, member, name, public_key) VALUES (?, ?, ?, ?, ?)',
  );
  const confirm = database.prepare<[string, number, string, number]>(
    'UPDATE epochs SET confirmed_at = ?, compared = ? WHERE session = ? AND epoch = ?',
  );
  const epochsOf = database.prepare<[string], StoredEpoch>(
    'SELECT * FROM epochs WHERE session = ? ORDER BY epoch',
  );
  const membersOf = database.prepare<[string, number], { name: string; public_key: Buffer }>(
    'SELECT name, public_key FROM roster_members WHERE session = ? AND epoch = ? ORDER BY member',
  );

  return {
    saveEpoch(row) {
      if (row.nonces.some((nonce) => nonce.length !== NONCE_BYTES)) {
        throw internalError(`a nonce of epoch ${row.epoch} has not ${NONCE_BYTES} bytes`);
      }
      database
        .transaction(() => {
          const { changes } = save.run({
            session: row.session,
            epoch: row.epoch,
            rosterDigest: row.rosterDigest,
            nonces: concatBytes(...row.nonces),
            parameters: row.parameters,
            startedAt: row.startedAt,
            confirmedAt: row.confirmedAt,
            compared: Number(row.compared),
          });
          if (changes === 0) throw internalError(`the roster of epoch ${row.epoch} is confirmed already`);
          clearMembers.run(row.session, row.epoch);
          row.members.forEach(({ name, publicKey }, index) => {
            addMember.run(row.session, row.epoch, index + 1, name, publicKey);
          });
        })
        .immediate();
    },

    confirmEpoch(session, epoch, at, compared) {
      if (confirm.run(at, Number(compared), session, epoch).changes === 0) {
        throw internalError(`there is no epoch ${epoch} of session ${session} in the database`);
      }
    },

    epochs: (session) =>
      epochsOf.all(session).map((row): EpochRow => {
        if (row.nonces.length % NONCE_BYTES !== 0) {
          throw databaseDamaged(path, `the nonces of epoch ${row.epoch} are cut short`);
        }
        return {
          session: row.session,
          epoch: row.epoch,
          rosterDigest: row.roster_digest,
          members: membersOf
            .all(row.session, row.epoch)
            .map((member) => ({ name: member.name, publicKey: new Uint8Array(member.public_key) })),
          nonces: Array.from({ length: row.nonces.length / NONCE_BYTES }, (_, index) =>
            Uint8Array.from(row.nonces.subarray(index * NONCE_BYTES, (index + 1) * NONCE_BYTES)),
          ),
          parameters: row.parameters,
          startedAt: row.started_at,
          confirmedAt: row.confirmed_at,
          compared: row.compared === 1,
        };
      }),
  };
}
