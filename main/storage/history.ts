/** What happened in a session, in order: events, and the signed messages themselves. */
import type { Database } from 'better-sqlite3';
import type { ProtocolEvent } from '../../core/contract/run-result.ts';
import type { EventRow, SignedMessageRow, Store } from './store.ts';
import { parseStored } from './stored-json.ts';
import { databaseError } from './storage-errors.ts';

export type HistoryStore = Pick<Store, 'appendEvents' | 'events' | 'appendMessages' | 'messages'>;

/** A page, so that other calls may come in between and memory stays small. */
const MESSAGES_PER_PAGE = 64;

interface StoredEvent {
  readonly at: string;
  readonly round: number;
  readonly attempt: number;
  readonly phase: string;
  readonly client: number | null;
  readonly kind: ProtocolEvent['kind'];
  readonly detail: string;
}

interface StoredMessage {
  readonly id: number;
  readonly epoch: number;
  readonly round: number;
  readonly attempt: number;
  readonly type: string;
  readonly sender: number;
  readonly bytes: Buffer;
}

export function historyStore(database: Database, path: string): HistoryStore {
  const addEvent = database.prepare(
    `INSERT INTO events (session, at, round, attempt, phase, client, kind, detail)
     VALUES (@session, @at, @round, @attempt, @phase, @client, @kind, @detail)`,
  );
  const events = database.prepare<[string], StoredEvent>(
    'SELECT at, round, attempt, phase, client, kind, detail FROM events WHERE session = ? ORDER BY id',
  );
  const addMessage = database.prepare<[SignedMessageRow]>(
    `INSERT INTO messages (session, epoch, round, attempt, type, sender, bytes)
     VALUES (@session, @epoch, @round, @attempt, @type, @sender, @bytes)`,
  );
  const messagesAfter = database.prepare<[string, number], StoredMessage>(
    `SELECT id, epoch, round, attempt, type, sender, bytes FROM messages
     WHERE session = ? AND id > ? ORDER BY id LIMIT ${MESSAGES_PER_PAGE}`,
  );

  /** Runs while the caller iterates, where nobody else tells SQLite's errors as ours. */
  const pageAfter = (session: string, id: number): readonly StoredMessage[] => {
    try {
      return messagesAfter.all(session, id);
    } catch (error) {
      throw databaseError(path, error);
    }
  };

  function* messages(session: string): Generator<SignedMessageRow, undefined> {
    let last = 0;
    for (;;) {
      const page = pageAfter(session, last);
      for (const { id, bytes, ...row } of page) {
        last = id;
        yield { session, ...row, bytes: new Uint8Array(bytes) };
      }
      if (page.length < MESSAGES_PER_PAGE) return;
    }
  }

  return {
    appendEvents: database.transaction((rows: readonly EventRow[]) => {
      for (const { session, at, event } of rows) {
        addEvent.run({
          session,
          at,
          round: event.round,
          attempt: event.attempt,
          phase: event.phase,
          client: event.client ?? null,
          kind: event.kind,
          detail: JSON.stringify(event.detail),
        });
      }
    }).immediate,
    events: (session) =>
      events.all(session).map(({ at, client, detail, ...event }) => ({
        session,
        at,
        event: {
          ...event,
          ...(client === null ? {} : { client }),
          detail: parseStored<ProtocolEvent['detail']>(path, 'events', detail),
        },
      })),
    appendMessages: database.transaction((rows: readonly SignedMessageRow[]) => {
      for (const row of rows) addMessage.run(row);
    }).immediate,
    messages,
  };
}
