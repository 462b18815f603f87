/** French: opening a session, a simulation or a comparison. Part of fr.ts. */
import type { setupEnglish } from './setup-en.ts';
import type { Message } from '../translate.ts';

export const setupFrench: Readonly<Record<keyof typeof setupEnglish, Message>> = {};
