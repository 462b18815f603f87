/** Rounds, how they went, and the models they gave. */
export const rounds = `
CREATE TABLE models (
  hash TEXT PRIMARY KEY,
  -- [parameters] float32, little-endian
  weights BLOB NOT NULL,
  -- SHA-256 of the column before
  checksum BLOB NOT NULL
) STRICT;

CREATE TABLE rounds (
  session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,
  round INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  finished_at TEXT NOT NULL,
  result TEXT NOT NULL,
  sum_type TEXT,
  sum BLOB,
  sum_checksum BLOB,
  model TEXT NOT NULL REFERENCES models,
  server_kind TEXT,
  server_state BLOB,
  server_checksum BLOB,
  PRIMARY KEY (session, round)
) STRICT;
CREATE INDEX rounds_by_model ON rounds (model);

CREATE TABLE metrics (
  session TEXT NOT NULL,
  round INTEGER NOT NULL,
  name TEXT NOT NULL,
  -- NULL: not a number
  value REAL,
  PRIMARY KEY (session, round, name),
  FOREIGN KEY (session, round) REFERENCES rounds ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE attempts (
  session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,
  round INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  outcome TEXT,
  PRIMARY KEY (session, round, attempt)
) STRICT, WITHOUT ROWID;

CREATE TABLE phases (
  id INTEGER PRIMARY KEY,
  session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,
  round INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  phase TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ms REAL NOT NULL,
  awaited INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  deadline_ms REAL NOT NULL,
  UNIQUE (session, round, attempt, phase)
) STRICT;

CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,
  at TEXT NOT NULL,
  round INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  phase TEXT NOT NULL,
  -- NULL: the coordinator
  client INTEGER,
  kind TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX events_of_session ON events (session, id);
`;
