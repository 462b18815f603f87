/** Sessions: what they are, how they stand, and the key under which a coordinator listens. */
import type { Database } from 'better-sqlite3';
import type { KeyFilePlace } from '../../core/crypto/key-file.ts';
import { deleteUnusedModels } from './models.ts';
import type { Vault } from './secrets.ts';
import type { SessionRow, Store } from './store.ts';
import { internalError } from './storage-errors.ts';

export type SessionStore = Pick<
  Store,
  | 'createSession'
  | 'updateSession'
  | 'noteEngine'
  | 'sessionEngines'
  | 'endSession'
  | 'session'
  | 'sessions'
  | 'deleteSession'
  | 'removeSession'
  | 'restoreSession'
  | 'transportPrivateKey'
>;

interface StoredRow {
  readonly session: string;
  readonly role: SessionRow['role'];
  readonly state: SessionRow['state'];
  readonly title: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly ended_reason: string | null;
  readonly plan: string;
  readonly demonstration: 0 | 1;
  readonly identities_compared: 0 | 1;
  readonly link: string;
  readonly port: number | null;
  readonly coordinator_key: Buffer;
  readonly transport_key: Buffer;
  readonly identity: string;
}

const COLUMNS = `session, role, state, title, started_at, ended_at, ended_reason, plan, demonstration,
  identities_compared, link, port, coordinator_key, transport_key, identity`;

/** Columns that updateSession() may change, by the names of the contract. */
const CHANGEABLE = {
  state: 'state',
  title: 'title',
  identitiesCompared: 'identities_compared',
  link: 'link',
  port: 'port',
  plan: 'plan',
} as const;

export function sessionStore(database: Database, vault: Vault): SessionStore {
  const insert = database.prepare(
    `INSERT INTO sessions (${COLUMNS}, transport_private_key)
     VALUES (@session, @role, @state, @title, @startedAt, @endedAt, @endedReason, @plan, @demonstration,
             @identitiesCompared, @link, @port, @coordinatorKey, @transportKey, @identity, @transportPrivateKey)`,
  );
  const one = database.prepare<[string], StoredRow>(
    `SELECT ${COLUMNS} FROM sessions WHERE session = ? AND removed_at IS NULL`,
  );
  const all = database.prepare<[], StoredRow>(
    `SELECT ${COLUMNS} FROM sessions WHERE removed_at IS NULL ORDER BY started_at DESC, rowid DESC`,
  );
  const finish = database.prepare<[string, string, string, string]>(
    `UPDATE sessions SET state = ?, ended_reason = ?, ended_at = ?, transport_private_key = NULL
     WHERE session = ?`,
  );
  const engines = database.prepare<[string], string>('SELECT engine FROM sessions WHERE session = ?').pluck();
  const saveEngines = database.prepare<[string, string]>('UPDATE sessions SET engine = ? WHERE session = ?');
  const enginesOf = (session: string): readonly string[] =>
    (engines.get(session) ?? '').split('\n').filter((name) => name !== '');
  const forgetVectors = database.prepare<[string]>('DELETE FROM kept_vectors WHERE session = ?');
  const remove = database.prepare<[string]>('DELETE FROM sessions WHERE session = ?');
  const removeHidden = database.prepare<[string]>(
    'DELETE FROM sessions WHERE session = ? AND removed_at IS NOT NULL',
  );
  const hide = database.prepare<[string | null, string]>(
    'UPDATE sessions SET removed_at = ? WHERE session = ?',
  );
  const privateKey = database
    .prepare<[string], Buffer | null>('SELECT transport_private_key FROM sessions WHERE session = ?')
    .pluck();

  return {
    createSession(row, { transportPrivateKey }) {
      const sealed =
        transportPrivateKey === null ? null : vault.seal(transportPrivateKey, keyPlace(row.session));
      database
        .transaction(() => {
          // whoever removed it and comes again begins anew
          if (removeHidden.run(row.session).changes > 0) deleteUnusedModels(database);
          insert.run({
            ...row,
            demonstration: Number(row.demonstration),
            identitiesCompared: Number(row.identitiesCompared),
            transportPrivateKey: sealed,
          });
        })
        .immediate();
    },

    updateSession(session, change) {
      const names = Object.entries(CHANGEABLE).filter(
        ([field]) => change[field as keyof typeof CHANGEABLE] !== undefined,
      );
      if (names.length === 0) return;
      const values = names.map(([field]) => {
        const value = change[field as keyof typeof CHANGEABLE];
        return typeof value === 'boolean' ? Number(value) : value;
      });
      const { changes } = database
        .prepare(
          `UPDATE sessions SET ${names.map(([, column]) => `${column} = ?`).join(', ')} WHERE session = ?`,
        )
        .run(...values, session);
      if (changes === 0) throw unknown(session);
    },

    noteEngine(session, engine) {
      const known = enginesOf(session);
      if (!known.includes(engine)) saveEngines.run([...known, engine].join('\n'), session);
    },
    sessionEngines: enginesOf,

    endSession(session, state, reason, at) {
      database
        .transaction(() => {
          if (finish.run(state, reason, at, session).changes === 0) throw unknown(session);
          forgetVectors.run(session);
        })
        .immediate();
      emptyLog(database);
    },

    session(session) {
      const row = one.get(session);
      return row && fromStored(row);
    },
    sessions: () => all.all().map(fromStored),

    deleteSession(session) {
      database
        .transaction(() => {
          remove.run(session);
          deleteUnusedModels(database);
        })
        .immediate();
      emptyLog(database);
    },
    removeSession(session, at) {
      hide.run(at, session);
    },
    restoreSession(session) {
      hide.run(null, session);
    },

    // a promise, as a key may one day be opened by the operating system
    async transportPrivateKey(session) {
      const sealed = privateKey.get(session);
      if (sealed === undefined || sealed === null) return undefined;
      return Promise.resolve(vault.open(sealed, keyPlace(session)));
    },
  };
}

/** What was deleted is overwritten in the database (secure_delete); the log still holds it until it is emptied. */
export function emptyLog(database: Database): void {
  database.pragma('wal_checkpoint(TRUNCATE)');
}

function keyPlace(session: string): KeyFilePlace {
  return { row: session, purpose: 'session-transport-key' };
}

function fromStored(row: StoredRow): SessionRow {
  return {
    session: row.session,
    role: row.role,
    state: row.state,
    title: row.title,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    endedReason: row.ended_reason,
    plan: row.plan,
    demonstration: row.demonstration === 1,
    identitiesCompared: row.identities_compared === 1,
    link: row.link,
    port: row.port,
    coordinatorKey: new Uint8Array(row.coordinator_key),
    transportKey: new Uint8Array(row.transport_key),
    identity: row.identity,
  };
}

function unknown(session: string): Error {
  return internalError(`there is no session ${session} in the database`);
}
