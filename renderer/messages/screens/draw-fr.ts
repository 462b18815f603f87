/** French: the drawings. Part of fr.ts. */
import type { drawEnglish } from './draw-en.ts';
import type { Message } from '../translate.ts';

export const drawFrench: Readonly<Record<keyof typeof drawEnglish, Message>> = {};
