/** What trained or evaluated a session's model on this machine. */
export const engines = `
-- 'compiled (relaxed SIMD)'; one a line where it changed; empty for sessions that were saved before this was kept
ALTER TABLE sessions ADD COLUMN engine TEXT NOT NULL DEFAULT '';
`;
