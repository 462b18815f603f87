/** The ledger of differential privacy on disk (core/privacy/ledger.ts). Rows are added, and never changed or deleted. */
import type { Database } from 'better-sqlite3';
import type { GaussianRound } from '../../core/privacy/accountant.ts';
import type { LedgerEntry } from '../../core/privacy/ledger.ts';
import type { Store } from './store.ts';
import { parseObject } from './stored-json.ts';

export type PrivacyStore = Pick<Store, 'chargePrivacy' | 'privacyCharges'>;

interface StoredCharge {
  readonly session: string;
  readonly round: number;
  readonly attempt: number;
  readonly vector_digest: string;
  readonly round_cost: string;
}

export function privacyStore(database: Database, path: string): PrivacyStore {
  const add = database.prepare<[string, string, string, number, number, string, string, string]>(
    `INSERT INTO privacy_charges
       (identity, dataset, session, round, attempt, vector_digest, round_cost, charged_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );
  const of = database.prepare<[string, string], StoredCharge>(
    `SELECT session, round, attempt, vector_digest, round_cost FROM privacy_charges
     WHERE identity = ? AND dataset = ? ORDER BY id`,
  );
  return {
    chargePrivacy(entries, at) {
      database
        .transaction(() => {
          for (const { identity, dataset, session, round, attempt, vectorDigest, release } of entries) {
            const cost = JSON.stringify(release);
            add.run(identity, dataset, session, round, attempt, vectorDigest, cost, at);
          }
        })
        .immediate();
    },
    privacyCharges: (identity, dataset) =>
      of
        .all(identity, dataset)
        .map(({ session, round, attempt, vector_digest: vectorDigest, round_cost: cost }): LedgerEntry => ({
          identity,
          dataset,
          session,
          round,
          attempt,
          vectorDigest,
          release: parseObject(path, 'privacy_charges', cost, {
            samplingRate: 'number',
            noiseMultiplier: 'number',
          }) as unknown as GaussianRound,
        })),
  };
}
