/** The pictures of an attack in rows: private images, what was rebuilt of each, what needs no attack. */
import type { AttackImage } from '../../core/contract/attacks/attack-report.ts';
import type { AttackName } from '../../core/contract/attacks/names.ts';
import type { Texts } from '../../renderer/messages/translate.ts';
import { findAttackText, pictureText } from '../../renderer/wording/attacks/attack-texts.ts';

/** All pictures of a role and name, by the private image that they belong to. */
export interface PictureRow {
  readonly role: AttackImage['role'];
  readonly name: string;
  readonly images: ReadonlyMap<number, AttackImage>;
}

const order: readonly AttackImage['role'][] = ['target', 'rebuilt', 'baseline', 'other'];

/** Private images first, then what was rebuilt, baselines, and others; in each in the order in which they came. */
export function pictureRows(images: readonly AttackImage[]): readonly PictureRow[] {
  const rows = new Map<string, PictureRow & { readonly images: Map<number, AttackImage> }>();
  for (const image of images) {
    const { role, name } = image;
    const key = `${role} ${name}`;
    const row = rows.get(key) ?? { role, name, images: new Map<number, AttackImage>() };
    row.images.set(image.index, image);
    rows.set(key, row);
  }
  return [...rows.values()].sort((one, other) => order.indexOf(one.role) - order.indexOf(other.role));
}

/** Rows as they are, and apart from them the pictures that stand alone in theirs beside others of several. */
export function splitRows(rows: readonly PictureRow[]): {
  readonly rows: readonly PictureRow[];
  readonly alone: readonly (PictureRow & { readonly image: AttackImage })[];
} {
  const widest = Math.max(0, ...rows.map(({ images }) => images.size));
  const alone = rows.flatMap((row) => {
    const [image] = row.images.values();
    const isAlone = (row.role === 'baseline' || row.role === 'other') && row.images.size === 1 && widest > 1;
    return isAlone && image !== undefined ? [{ ...row, image }] : [];
  });
  const names = new Set(alone.map(({ role, name }) => `${role} ${name}`));
  return { rows: rows.filter(({ role, name }) => !names.has(`${role} ${name}`)), alone };
}

export function pictureRowText(
  attack: AttackName,
  { role, name }: Pick<PictureRow, 'role' | 'name'>,
  texts: Texts,
): string {
  if (role === 'baseline' || role === 'other') return pictureText(attack, name, texts);
  return findAttackText(attack, `image.${name}`, texts) ?? texts.t(`lab.image.${role}`);
}

/** A few words. */
export function attackTitle(attack: AttackName, { t }: Texts): string {
  return t(`attack.${attack}.title`);
}
