/** English: results. Part of en.ts, which has the rules. */
export const runsEnglish = {} as const;
