/** What it takes to go on with a session as it was: who is out of it, what was chosen here, what a client has signed. */
export const goingOn = `
-- at a coordinator: who has left for good or was removed
CREATE TABLE departures (
  session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,
  fingerprint TEXT NOT NULL,
  how TEXT NOT NULL CHECK (how IN ('left', 'removed')),
  PRIMARY KEY (session, fingerprint)
) STRICT, WITHOUT ROWID;

CREATE TABLE session_choices (
  session TEXT PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
  choices TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- one row for each round's statement: a record that held them all would be written whole, longer with every round
CREATE TABLE signed_survivors (
  session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,
  -- 1, 2, ...
  position INTEGER NOT NULL,
  entry TEXT NOT NULL,
  PRIMARY KEY (session, position)
) STRICT, WITHOUT ROWID;
`;
