/** What it takes to go on with a session as it was: who is out of it, and what was chosen on this machine. */
import type { Database } from 'better-sqlite3';
import type { SessionChoices, Store } from './store.ts';
import { parseObject } from './stored-json.ts';

export type GoingOnStore = Pick<Store, 'saveDeparture' | 'departures' | 'saveChoices' | 'choices'>;

interface StoredDeparture {
  readonly fingerprint: string;
  readonly how: 'left' | 'removed';
}

export function goingOnStore(database: Database, path: string): GoingOnStore {
  const depart = database.prepare<[string, string, string]>(
    `INSERT INTO departures (session, fingerprint, how) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET how = excluded.how`,
  );
  const departed = database.prepare<[string], StoredDeparture>(
    'SELECT fingerprint, how FROM departures WHERE session = ?',
  );
  const choose = database.prepare<[string, string]>(
    `INSERT INTO session_choices (session, choices) VALUES (?, ?)
     ON CONFLICT DO UPDATE SET choices = excluded.choices`,
  );
  const chosen = database
    .prepare<[string], string>('SELECT choices FROM session_choices WHERE session = ?')
    .pluck();
  return {
    saveDeparture(session, fingerprint, how) {
      depart.run(session, fingerprint, how);
    },
    departures: (session) => new Map(departed.all(session).map(({ fingerprint, how }) => [fingerprint, how])),
    saveChoices(session, choices) {
      choose.run(session, JSON.stringify(choices));
    },
    choices(session) {
      const text = chosen.get(session);
      return text === undefined
        ? undefined
        : (parseObject(path, 'session_choices', text, { role: 'string' }) as unknown as SessionChoices);
    },
  };
}
