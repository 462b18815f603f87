/**
 * What must never be done twice: the records of clients and coordinators, and the vectors that a client keeps for a
 * retry. Records are JSON text, of which only what is needed here is checked: the machines that wrote them may add to
 * them.
 */
import type { Database } from 'better-sqlite3';
import type { KeyFilePlace } from '../../core/crypto/key-file.ts';
import { FederationError } from '../../core/errors/federation-error.ts';
import type { CoordinatorRecord } from '../../core/secagg/coordinator-state.ts';
import { parseObject } from './stored-json.ts';
import type { Vault } from './secrets.ts';
import { NO_RECORD, recordDigest, type SessionMark, type SessionMarks } from './session-marks.ts';
import type { Store } from './store.ts';
import { signedStore } from './signed-survivors.ts';
import { databaseDamaged } from './storage-errors.ts';

export type RecordStore = Pick<
  Store,
  | 'saveClientRecord'
  | 'clientSession'
  | 'saveCoordinatorRecord'
  | 'coordinatorRecord'
  | 'keepVector'
  | 'recallVector'
  | 'discardVector'
>;

interface ClientRow {
  readonly record: string;
  /** Digest of the record before it. */
  readonly previous: string;
}

interface VectorRow {
  readonly type: string;
  readonly sealed: Buffer;
}

export function recordStore(options: {
  readonly database: Database;
  readonly path: string;
  readonly vault: Vault;
  readonly marks: SessionMarks;
  /** Called between any two steps that reach the disk; tests end the process there. */
  readonly betweenSteps: (step: string) => void;
}): RecordStore {
  const { database, path, vault, marks, betweenSteps } = options;
  const signed = signedStore(database, path);
  const clientRow = database.prepare<[string], ClientRow>(
    'SELECT record, previous FROM client_records WHERE session = ?',
  );
  const saveClient = database.prepare<[string, string, string]>(
    `INSERT INTO client_records (session, record, previous) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET record = excluded.record, previous = excluded.previous`,
  );
  const member = database
    .prepare<[string], string | null>(
      `SELECT coalesce((SELECT identity FROM sessions WHERE session = ?),
                       (SELECT fingerprint FROM identities WHERE current = 1))`,
    )
    .pluck();
  /** The identity that takes part, or would: a fresh folder has none. */
  const memberOf = (session: string): string => member.get(session) ?? '';
  const coordinatorRow = database
    .prepare<[string], string>('SELECT record FROM coordinator_records WHERE session = ?')
    .pluck();
  const saveCoordinator = database.prepare<[string, string]>(
    `INSERT INTO coordinator_records (session, record) VALUES (?, ?)
     ON CONFLICT DO UPDATE SET record = excluded.record`,
  );
  const vectorRow = database.prepare<[string, number], VectorRow>(
    'SELECT type, sealed FROM kept_vectors WHERE session = ? AND round = ?',
  );
  const saveVector = database.prepare<[string, number, string, Buffer | Uint8Array]>(
    `INSERT INTO kept_vectors (session, round, type, sealed) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET type = excluded.type, sealed = excluded.sealed`,
  );
  const deleteVector = database.prepare<[string, number]>(
    'DELETE FROM kept_vectors WHERE session = ? AND round = ?',
  );

  return {
    saveClientRecord(record) {
      const { session } = record;
      const identity = memberOf(session);
      const stored = clientRow.get(session);
      const mark = marks.read(identity, session);
      // a record that does not fit its mark is not made to fit by saving another over it
      if (!fits(stored, mark)) throw stateLost();
      if (mark?.isBound !== true) {
        marks.write(identity, session, NO_RECORD);
        betweenSteps('first mark written');
      }
      const { text, write } = signed.toText(record, stored?.record);
      database
        .transaction(() => {
          write();
          saveClient.run(session, text, stored === undefined ? NO_RECORD : recordDigest(stored.record));
        })
        .immediate();
      betweenSteps('record committed');
      marks.write(identity, session, recordDigest(text));
      betweenSteps('mark written');
    },

    clientSession(session) {
      const stored = clientRow.get(session);
      const mark = marks.read(memberOf(session), session);
      if (stored === undefined)
        return { record: undefined, mark: fits(stored, mark) ? undefined : mark?.digest };
      const record = signed.fromText(stored.record);
      // a record whose entries are not all there is none; a mark that is not its token bars
      if (record === undefined) return { record, mark: recordDigest(stored.record) };
      return { record, mark: fits(stored, mark) ? record.token : undefined };
    },

    saveCoordinatorRecord(session, record) {
      saveCoordinator.run(session, JSON.stringify(record));
    },
    coordinatorRecord(session) {
      const text = coordinatorRow.get(session);
      return text === undefined
        ? undefined
        : (parseObject(path, 'coordinator_records', text, coordinatorFields) as unknown as CoordinatorRecord);
    },

    keepVector(session, round, vector) {
      const type = vector instanceof Uint32Array ? 'uint32' : 'float32';
      const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
      saveVector.run(session, round, type, vault.seal(bytes, vectorPlace(session, round, type)));
    },
    recallVector(session, round) {
      const row = vectorRow.get(session, round);
      if (row === undefined) return undefined;
      // fresh bytes of their own: aligned for any type
      const { buffer } = vault.open(row.sealed, vectorPlace(session, round, row.type));
      if (buffer.byteLength % 4 !== 0) throw databaseDamaged(path, 'a kept vector has no whole entries');
      return row.type === 'uint32' ? new Uint32Array(buffer) : new Float32Array(buffer);
    },
    discardVector(session, round) {
      deleteVector.run(session, round);
    },
  };
}

/** Whether a record, or none, is what the mark names or its successor (session-marks.ts). */
function fits(stored: ClientRow | undefined, mark: SessionMark | undefined): boolean {
  if (stored === undefined) return mark === undefined || mark.digest === NO_RECORD;
  if (mark?.isBound !== true) return false;
  return mark.digest === recordDigest(stored.record) || mark.digest === stored.previous;
}

const coordinatorFields = { round: 'number', attempt: 'number' } as const;

/** The type is bound too: it says how the bytes are to be read. */
function vectorPlace(session: string, round: number, type: string): KeyFilePlace {
  return { row: `${session}/${round}/${type}`, purpose: 'kept-vector' };
}

function stateLost(): FederationError<'client-barred'> {
  return new FederationError(
    'client-barred',
    'Cannot save what this client signed, as the record found here must be the last one written, and is not: it was lost, or brought back from a copy.',
    { details: { reason: 'state-lost' }, blame: 'machine', action: 'abort' },
  );
}
