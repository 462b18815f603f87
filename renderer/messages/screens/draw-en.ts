/** English: the drawings. Part of en.ts, which has the rules. */
export const drawEnglish = {} as const;
