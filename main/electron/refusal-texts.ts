/** Why the data folder could not be opened, in the language of the person. */
import type { Texts } from '../../renderer/messages/translate.ts';

const told = [
  'folder-in-use',
  'folder-unusable',
  'disk-full',
  'database-damaged',
  'database-too-new',
  'system-key-needed',
  'wrapping-key-unusable',
] as const;

/** code: a FederationError's, or 'fault'. */
export function refusalText(
  t: Texts['t'],
  code: string,
  places: { readonly folder: string; readonly log: string },
): string {
  const known = told.find((name) => name === code);
  return known === undefined
    ? t('desktop.refused.other', { file: places.log })
    : t(`desktop.refused.${known}`, { folder: places.folder });
}
