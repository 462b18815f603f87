/** What the interface keeps: preferences, measurements of this machine, drawings; names of runs; deletion that can be undone. */
export const keptByTheInterface = `
CREATE TABLE preferences (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  preferences TEXT NOT NULL
) STRICT;

CREATE TABLE measurements (
  name TEXT PRIMARY KEY,
  value REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE drawings (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  label INTEGER NOT NULL CHECK (label BETWEEN 0 AND 9),
  -- 28 x 28, white on black
  pixels BLOB NOT NULL CHECK (length(pixels) = 784),
  drawn_at TEXT NOT NULL,
  -- NULL unless it has been removed, and can still be restored
  removed_at TEXT
) STRICT;

-- empty for those that were saved before they had titles
ALTER TABLE experiments ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE experiments ADD COLUMN removed_at TEXT;
ALTER TABLE sessions ADD COLUMN removed_at TEXT;
`;
