/** Simulations and comparisons that were run here. */
import type { Database } from 'better-sqlite3';
import type { RunResult } from '../../core/contract/run-result.ts';
import type { Store } from './store.ts';
import { parseStored } from './stored-json.ts';

export type ExperimentStore = Pick<Store, 'saveExperiment' | 'experiments'>;

interface StoredExperiment {
  readonly id: number;
  readonly kind: RunResult['kind'];
  readonly started_at: string;
  readonly result: string;
}

export function experimentStore(database: Database, path: string): ExperimentStore {
  const insert = database.prepare<[string, string, string]>(
    'INSERT INTO experiments (kind, started_at, result) VALUES (?, ?, ?)',
  );
  const all = database.prepare<[], StoredExperiment>('SELECT * FROM experiments ORDER BY id DESC');
  return {
    saveExperiment: (result) =>
      Number(insert.run(result.kind, result.startedAt, JSON.stringify(result)).lastInsertRowid),
    experiments: () =>
      all.all().map((row) => ({
        id: row.id,
        kind: row.kind,
        startedAt: row.started_at,
        result: parseStored<RunResult>(path, 'experiments', row.result),
      })),
  };
}
