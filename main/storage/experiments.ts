/** Simulations and comparisons that were run here. */
import type { Database } from 'better-sqlite3';
import type { RunResult } from '../../core/contract/run-result.ts';
import type { ExperimentRow, Store } from './store.ts';
import { parseStored } from './stored-json.ts';

export type ExperimentStore = Pick<
  Store,
  'saveExperiment' | 'experiments' | 'experiment' | 'removeExperiment' | 'restoreExperiment'
>;

interface StoredExperiment {
  readonly id: number;
  readonly kind: RunResult['kind'];
  readonly title: string;
  readonly started_at: string;
}

const COLUMNS = 'id, kind, title, started_at';

export function experimentStore(database: Database, path: string): ExperimentStore {
  const insert = database.prepare<[string, string, string, string]>(
    'INSERT INTO experiments (kind, title, started_at, result) VALUES (?, ?, ?, ?)',
  );
  const all = database.prepare<[], StoredExperiment>(
    `SELECT ${COLUMNS} FROM experiments WHERE removed_at IS NULL ORDER BY id DESC`,
  );
  const one = database.prepare<[number], StoredExperiment & { readonly result: string }>(
    `SELECT ${COLUMNS}, result FROM experiments WHERE id = ? AND removed_at IS NULL`,
  );
  const hide = database.prepare<[string | null, number]>(
    'UPDATE experiments SET removed_at = ? WHERE id = ?',
  );
  return {
    saveExperiment: (result, title) =>
      Number(insert.run(result.kind, title, result.startedAt, JSON.stringify(result)).lastInsertRowid),
    experiments: () => all.all().map(fromStored),
    experiment(id) {
      const row = one.get(id);
      return row && { ...fromStored(row), result: parseStored<RunResult>(path, 'experiments', row.result) };
    },
    removeExperiment(id, at) {
      hide.run(at, id);
    },
    restoreExperiment(id) {
      hide.run(null, id);
    },
  };
}

function fromStored({ id, kind, title, started_at: startedAt }: StoredExperiment): ExperimentRow {
  return { id, kind, title, startedAt };
}
