/** French: the lobby and the words, at the coordinator. Part of fr.ts. */
import type { lobbyEnglish } from './lobby-en.ts';
import type { Message } from '../translate.ts';

export const lobbyFrench: Readonly<Record<keyof typeof lobbyEnglish, Message>> = {};
