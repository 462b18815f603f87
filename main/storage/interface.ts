/** What the interface keeps: preferences, measurements, drawings; and the end of what was removed. */
import type { Database } from 'better-sqlite3';
import { type Drawing, type Preferences, preferencesSchema } from '../../core/contract/results.ts';
import { deleteUnusedModels } from './models.ts';
import { emptyLog } from './sessions.ts';
import type { Store } from './store.ts';
import { parseObject } from './stored-json.ts';

export type InterfaceStore = Pick<
  Store,
  | 'preferences'
  | 'savePreferences'
  | 'measurement'
  | 'saveMeasurement'
  | 'addDrawing'
  | 'drawings'
  | 'removeDrawings'
  | 'restoreDrawings'
  | 'purgeRemoved'
>;

interface StoredDrawing {
  readonly id: number;
  readonly label: number;
  readonly pixels: Buffer;
  readonly drawn_at: string;
}

/** Tables whose rows can be removed and restored. */
const REMOVABLE = ['sessions', 'experiments', 'drawings', 'attack_runs'] as const;

export function interfaceStore(database: Database, path: string): InterfaceStore {
  const stored = database.prepare<[], string>('SELECT preferences FROM preferences').pluck();
  const keep = database.prepare<[string]>(
    `INSERT INTO preferences (id, preferences) VALUES (1, ?)
     ON CONFLICT DO UPDATE SET preferences = excluded.preferences`,
  );
  const measured = database
    .prepare<[string], number>('SELECT value FROM measurements WHERE name = ?')
    .pluck();
  const measure = database.prepare<[string, number]>(
    `INSERT INTO measurements (name, value) VALUES (?, ?)
     ON CONFLICT DO UPDATE SET value = excluded.value`,
  );
  const draw = database.prepare<[number, Uint8Array, string]>(
    'INSERT INTO drawings (label, pixels, drawn_at) VALUES (?, ?, ?)',
  );
  const drawn = database.prepare<[], StoredDrawing>(
    'SELECT id, label, pixels, drawn_at FROM drawings WHERE removed_at IS NULL ORDER BY id',
  );
  const hide = database.prepare<[string | null, number]>('UPDATE drawings SET removed_at = ? WHERE id = ?');
  const purges = REMOVABLE.map((table) =>
    database.prepare<[string | null]>(`DELETE FROM ${table} WHERE removed_at <= coalesce(?, removed_at)`),
  );
  return {
    preferences() {
      const text = stored.get();
      return usable(text === undefined ? {} : parseObject(path, 'preferences', text, {}));
    },
    savePreferences(preferences) {
      keep.run(JSON.stringify(preferences));
    },
    measurement: (name) => measured.get(name),
    saveMeasurement(name, value) {
      measure.run(name, value);
    },
    addDrawing: (drawing) => ({
      id: Number(draw.run(drawing.label, drawing.pixels, drawing.drawnAt).lastInsertRowid),
      ...drawing,
    }),
    drawings: () => drawn.all().map(fromStored),
    removeDrawings(ids, at) {
      database.transaction(() => ids.forEach((id) => hide.run(at, id))).immediate();
    },
    restoreDrawings(ids) {
      database.transaction(() => ids.forEach((id) => hide.run(null, id))).immediate();
    },
    purgeRemoved(until) {
      const purged = database
        .transaction(() => {
          const changes = purges.reduce((sum, purge) => sum + purge.run(until ?? null).changes, 0);
          if (changes > 0) deleteUnusedModels(database);
          return changes;
        })
        .immediate();
      if (purged > 0) emptyLog(database);
    },
  };
}

/** Field by field: one that another version wrote does not take the others with it. */
function usable(stored: Readonly<Record<string, unknown>>): Preferences {
  const fields = Object.entries(preferencesSchema.shape).flatMap(([name, field]) => {
    const read = field.safeParse(stored[name]);
    return read.success ? [[name, read.data]] : [];
  });
  return preferencesSchema.parse(Object.fromEntries(fields));
}

function fromStored({ id, label, pixels, drawn_at: drawnAt }: StoredDrawing): Drawing {
  return { id, label, pixels: new Uint8Array(pixels), drawnAt };
}
