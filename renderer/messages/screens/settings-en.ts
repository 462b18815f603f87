/** English: the settings. Part of en.ts, which has the rules. */
export const settingsEnglish = {} as const;
