/** English: the source of every text. Words: masked, real update, sum, refused, left, recovered; see translate.ts. */
import { interfaceEnglish } from './interface-en.ts';
import { wholeLabEnglish } from './lab-en.ts';
import { desktopEnglish } from './screens/desktop-en.ts';

export const en = {
  ...interfaceEnglish,
  ...wholeLabEnglish,
  ...desktopEnglish,
} as const;
