/** Simulations and comparisons that were run here. */
export const experiments = `
CREATE TABLE experiments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  started_at TEXT NOT NULL,
  result TEXT NOT NULL
) STRICT;
`;
