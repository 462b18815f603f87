/** English: joining, and the participant's screen. Part of en.ts, which has the rules. */
export const partEnglish = {} as const;
