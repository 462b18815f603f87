/** Models by their hash: kept once, however many rounds and sessions name them, and deleted with the last that does. */
import type { Database } from 'better-sqlite3';
import { fromStored, toStored } from './numbers.ts';

export interface ModelStore {
  /** Within the caller's transaction. */
  save(hash: string, weights: Float32Array): void;
  find(hash: string): Float32Array | undefined;
}

export function modelStore(database: Database, path: string): ModelStore {
  const insert = database.prepare<[string, Uint8Array, Uint8Array]>(
    'INSERT INTO models (hash, weights, checksum) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const one = database.prepare<[string], { weights: Buffer; checksum: Buffer }>(
    'SELECT weights, checksum FROM models WHERE hash = ?',
  );
  return {
    save(hash, weights) {
      const { bytes, checksum } = toStored(weights);
      insert.run(hash, bytes, checksum);
    },
    find(hash) {
      const row = one.get(hash);
      if (row === undefined) return undefined;
      const stored = { bytes: row.weights, checksum: row.checksum };
      return fromStored(Float32Array, stored, path, 'the weights of a model');
    },
  };
}

export function deleteUnusedModels(database: Database): void {
  database.prepare('DELETE FROM models WHERE hash NOT IN (SELECT model FROM rounds)').run();
}
