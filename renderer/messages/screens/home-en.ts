/** English: the first screen. Part of en.ts, which has the rules. */
export const homeEnglish = {} as const;
