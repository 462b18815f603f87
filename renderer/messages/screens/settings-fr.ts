/** French: the settings. Part of fr.ts. */
import type { settingsEnglish } from './settings-en.ts';
import type { Message } from '../translate.ts';

export const settingsFrench: Readonly<Record<keyof typeof settingsEnglish, Message>> = {};
