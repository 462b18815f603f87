/** The people this install has met, by the fingerprints of their keys. */
import type { Database } from 'better-sqlite3';
import { toHex } from '../../core/bytes/bytes.ts';
import { fingerprint } from '../../core/crypto/fingerprint.ts';
import type { PeerRow, Store } from './store.ts';

export type PeopleStore = Pick<Store, 'seePeer' | 'peer' | 'peers'>;

interface StoredPeer {
  readonly fingerprint: string;
  readonly public_key: Buffer;
  readonly name: string;
  readonly first_seen: string;
  readonly last_seen: string;
}

export function peopleStore(database: Database): PeopleStore {
  const see = database.prepare<[string, Uint8Array, string, string, string], StoredPeer>(
    `INSERT INTO peers (fingerprint, public_key, name, first_seen, last_seen) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET name = excluded.name, last_seen = max(last_seen, excluded.last_seen)
     RETURNING *`,
  );
  const all = database.prepare<[], StoredPeer>('SELECT * FROM peers ORDER BY last_seen DESC, fingerprint');
  const one = database.prepare<[string], StoredPeer>('SELECT * FROM peers WHERE fingerprint = ?');
  return {
    seePeer: ({ publicKey, name, at }) =>
      fromStored(see.get(toHex(fingerprint(publicKey)), publicKey, name, at, at)!),
    peer: (text) => {
      const row = one.get(text);
      return row && fromStored(row);
    },
    peers: () => all.all().map(fromStored),
  };
}

function fromStored(row: StoredPeer): PeerRow {
  return {
    fingerprint: row.fingerprint,
    publicKey: new Uint8Array(row.public_key),
    name: row.name,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
  };
}
