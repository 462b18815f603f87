/** English: the session view. Part of en.ts, which has the rules. */
export const watchEnglish = {} as const;
