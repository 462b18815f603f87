/** French: joining, and the participant's screen. Part of fr.ts. */
import type { partEnglish } from './part-en.ts';
import type { Message } from '../translate.ts';

export const partFrench: Readonly<Record<keyof typeof partEnglish, Message>> = {};
