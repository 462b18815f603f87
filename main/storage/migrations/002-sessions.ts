/** Sessions and their epochs: who took part, under which parameters, and the signed messages. */
export const sessions = `
CREATE TABLE sessions (
  session TEXT PRIMARY KEY,
  role TEXT NOT NULL,
  state TEXT NOT NULL,
  title TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  ended_reason TEXT,
  plan TEXT NOT NULL,
  demonstration INTEGER NOT NULL CHECK (demonstration IN (0, 1)),
  identities_compared INTEGER NOT NULL CHECK (identities_compared IN (0, 1)),
  link TEXT NOT NULL,
  port INTEGER,
  coordinator_key BLOB NOT NULL,
  transport_key BLOB NOT NULL,
  identity TEXT NOT NULL,
  -- PKCS#8, sealed under the master key; NULL for participants, and once the session has ended
  transport_private_key BLOB
) STRICT;
CREATE INDEX sessions_by_start ON sessions (started_at);

CREATE TABLE epochs (
  session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,
  epoch INTEGER NOT NULL,
  roster_digest TEXT NOT NULL,
  -- 32 bytes each
  nonces BLOB NOT NULL,
  parameters TEXT NOT NULL,
  started_at TEXT NOT NULL,
  confirmed_at TEXT,
  compared INTEGER NOT NULL CHECK (compared IN (0, 1)),
  PRIMARY KEY (session, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE roster_members (
  session TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  -- 1 .. n
  member INTEGER NOT NULL,
  name TEXT NOT NULL,
  public_key BLOB NOT NULL,
  PRIMARY KEY (session, epoch, member),
  FOREIGN KEY (session, epoch) REFERENCES epochs ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE messages (
  id INTEGER PRIMARY KEY,
  session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,
  epoch INTEGER NOT NULL,
  round INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  type TEXT NOT NULL,
  sender INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
CREATE INDEX messages_of_session ON messages (session, id);
`;
