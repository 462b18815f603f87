/** English: what is fetched when the attack lab is opened. Part of en.ts, which has the rules. */
import { attacksEnglish } from './attacks/en.ts';
import { labPageEnglish } from './lab-page-en.ts';
import { labEnglish } from './screens/lab-en.ts';

export const wholeLabEnglish = {
  ...labEnglish,
  ...attacksEnglish,
  ...labPageEnglish,
} as const;
