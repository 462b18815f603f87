/** What must never be done twice, and the vectors that a retry sends again. */
export const records = `
CREATE TABLE client_records (
  session TEXT PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
  record TEXT NOT NULL,
  -- of the record before this one (session-marks.ts)
  previous TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE coordinator_records (
  session TEXT PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
  record TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE kept_vectors (
  session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,
  round INTEGER NOT NULL,
  type TEXT NOT NULL,
  -- sealed under the master key
  sealed BLOB NOT NULL,
  PRIMARY KEY (session, round)
) STRICT;
`;
