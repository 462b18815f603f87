/** English: opening a session, a simulation or a comparison. Part of en.ts, which has the rules. */
export const setupEnglish = {} as const;
