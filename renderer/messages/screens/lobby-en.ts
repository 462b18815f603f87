/** English: the lobby and the words, at the coordinator. Part of en.ts, which has the rules. */
export const lobbyEnglish = {} as const;
