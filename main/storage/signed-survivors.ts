/**
 * What a client has signed, one row for each round: the record, which is written at every step, names their number and a
 * digest over all of them instead of holding them. So it stays as short as it was in the first round, and rows that are
 * missing, altered or of another record are noticed all the same.
 */
import type { Database } from 'better-sqlite3';
import type { ClientRecord, SignedSurvivors } from '../../core/secagg/client-session.ts';
import { NO_RECORD, recordDigest } from './session-marks.ts';
import { parseObject, parseStored } from './stored-json.ts';

/** In a record as it is stored. */
interface SignedSummary {
  readonly count: number;
  /** Of the digest before and the last entry; NO_RECORD where there is none. */
  readonly digest: string;
}

type StoredRecord = Omit<ClientRecord, 'signed'> & {
  /** Whole in records that were written before there was a table for them. */
  readonly signed: SignedSummary | readonly SignedSurvivors[];
};

export interface SignedStore {
  /**
   * The record's text, and how to write those of its entries that are not there yet. before: the text that this one
   * takes the place of.
   */
  toText(record: ClientRecord, before: string | undefined): { readonly text: string; write(): void };
  /** The record with its entries; undefined where they are not those that it names. */
  fromText(text: string): ClientRecord | undefined;
}

export function signedStore(database: Database, path: string): SignedStore {
  const rows = database
    .prepare<[string, number], string>(
      'SELECT entry FROM signed_survivors WHERE session = ? AND position <= ? ORDER BY position',
    )
    .pluck();
  const put = database.prepare<[string, number, string]>(
    `INSERT INTO signed_survivors (session, position, entry) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET entry = excluded.entry`,
  );
  const read = (text: string): StoredRecord =>
    parseObject(path, 'client_records', text, clientFields) as unknown as StoredRecord;

  return {
    toText(record, before) {
      const { session, signed } = record;
      const entries = signed.map((entry) => JSON.stringify(entry));
      const written = before === undefined ? nothingSigned : writtenBy(read(before));
      const same = summaryOf(entries.slice(0, written.count));
      const first = same.digest === written.digest ? written.count : 0;
      return {
        text: JSON.stringify({ ...record, signed: summaryOf(entries) }),
        write() {
          for (const [index, entry] of entries.slice(first).entries())
            put.run(session, first + index + 1, entry);
        },
      };
    },
    fromText(text) {
      const stored = read(text);
      const { session, signed: summary } = stored;
      if (!isSummary(summary)) return { ...stored, signed: summary };
      const entries = rows.all(session, summary.count);
      if (summaryOf(entries).digest !== summary.digest) return undefined;
      const signed = entries.map((entry) => parseStored<SignedSurvivors>(path, 'signed_survivors', entry));
      return { ...stored, signed };
    },
  };
}

const clientFields = { session: 'string', token: 'string', round: 'number', attempt: 'number' } as const;
const nothingSigned: SignedSummary = { count: 0, digest: NO_RECORD };

function summaryOf(entries: readonly string[]): SignedSummary {
  return {
    count: entries.length,
    digest: entries.reduce((digest, entry) => recordDigest(`${digest}\n${entry}`), nothingSigned.digest),
  };
}

function writtenBy({ signed }: StoredRecord): SignedSummary {
  return isSummary(signed) ? signed : nothingSigned;
}

function isSummary(signed: StoredRecord['signed']): signed is SignedSummary {
  return !Array.isArray(signed);
}
