/** Attacks that were run here: reports, and their pictures apart from them. */
import type { Database } from 'better-sqlite3';
import type { AttackImage, AttackReport } from '../../core/contract/attacks/attack-report.ts';
import { databaseDamaged } from './storage-errors.ts';
import type { AttackRow, Store } from './store.ts';
import { parseStored } from './stored-json.ts';

export type AttackStore = Pick<
  Store,
  | 'saveAttack'
  | 'attacks'
  | 'attack'
  | 'attackImages'
  | 'removeAttacks'
  | 'restoreAttacks'
  | 'putAttackInReport'
>;

interface StoredAttack {
  readonly id: number;
  readonly report: string;
  readonly in_report: 0 | 1;
}

interface StoredPicture {
  readonly picture: string;
  readonly pixels: Buffer;
}

const COLUMNS = 'id, report, in_report';

export function attackStore(database: Database, path: string): AttackStore {
  const insert = database.prepare<[string]>('INSERT INTO attack_runs (report) VALUES (?)');
  const addPicture = database.prepare<[number | bigint, number, string, Uint8Array]>(
    'INSERT INTO attack_pictures (run, position, picture, pixels) VALUES (?, ?, ?, ?)',
  );
  const all = database.prepare<[], StoredAttack>(
    `SELECT ${COLUMNS} FROM attack_runs WHERE removed_at IS NULL ORDER BY id DESC`,
  );
  const one = database.prepare<[number], StoredAttack>(
    `SELECT ${COLUMNS} FROM attack_runs WHERE id = ? AND removed_at IS NULL`,
  );
  const picturesOf = database.prepare<[number], StoredPicture>(
    'SELECT picture, pixels FROM attack_pictures WHERE run = ? ORDER BY position',
  );
  const hide = database.prepare<[string | null, number]>(
    'UPDATE attack_runs SET removed_at = ? WHERE id = ?',
  );
  const put = database.prepare<[0 | 1, number]>('UPDATE attack_runs SET in_report = ? WHERE id = ?');

  const fromStored = ({ id, report, in_report: inReport }: StoredAttack): AttackRow => ({
    id,
    report: parseStored<Omit<AttackReport, 'images'>>(path, 'attack_runs', report),
    inReport: inReport === 1,
  });
  const imageOf = ({ picture, pixels }: StoredPicture): AttackImage => {
    const known = parseStored<Omit<AttackImage, 'pixels'>>(path, 'attack_pictures', picture);
    if (pixels.length !== known.height * known.width * known.channels)
      throw databaseDamaged(path, 'a picture of an attack has not as many pixels as it must have');
    return { ...known, pixels: Uint8Array.from(pixels) };
  };

  return {
    saveAttack: ({ images, ...report }) =>
      database
        .transaction(() => {
          const id = insert.run(JSON.stringify(report)).lastInsertRowid;
          for (const [index, { pixels, ...picture }] of images.entries())
            addPicture.run(id, index + 1, JSON.stringify(picture), pixels);
          return Number(id);
        })
        .immediate(),
    attacks: () => all.all().map(fromStored),
    attack(id) {
      const row = one.get(id);
      return row && fromStored(row);
    },
    attackImages: (id) => picturesOf.all(id).map(imageOf),
    removeAttacks(ids, at) {
      database.transaction(() => ids.forEach((id) => hide.run(at, id))).immediate();
    },
    restoreAttacks(ids) {
      database.transaction(() => ids.forEach((id) => hide.run(null, id))).immediate();
    },
    putAttackInReport(id, on) {
      put.run(on ? 1 : 0, id);
    },
  };
}
