/** Attacks that were run here, and their pictures. */
export const attacks = `
CREATE TABLE attack_runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- JSON, without the pictures
  report TEXT NOT NULL,
  -- put into the report by the person
  in_report INTEGER NOT NULL DEFAULT 0 CHECK (in_report IN (0, 1)),
  -- NULL unless it has been removed, and can still be restored
  removed_at TEXT
) STRICT;

CREATE TABLE attack_pictures (
  run INTEGER NOT NULL REFERENCES attack_runs ON DELETE CASCADE,
  -- 1, 2, ...
  position INTEGER NOT NULL,
  -- JSON, without the pixels
  picture TEXT NOT NULL,
  pixels BLOB NOT NULL,
  PRIMARY KEY (run, position)
) STRICT;
`;
