/** French: results. Part of fr.ts. */
import type { runsEnglish } from './runs-en.ts';
import type { Message } from '../translate.ts';

export const runsFrench: Readonly<Record<keyof typeof runsEnglish, Message>> = {};
