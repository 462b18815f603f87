/** French: the first screen. Part of fr.ts. */
import type { homeEnglish } from './home-en.ts';
import type { Message } from '../translate.ts';

export const homeFrench: Readonly<Record<keyof typeof homeEnglish, Message>> = {};
