/** French: the session view. Part of fr.ts. */
import type { watchEnglish } from './watch-en.ts';
import type { Message } from '../translate.ts';

export const watchFrench: Readonly<Record<keyof typeof watchEnglish, Message>> = {};
