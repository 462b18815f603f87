/** The master key, this install's identities, and the people it has met. */
export const identities = `
CREATE TABLE master_key (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  protection TEXT NOT NULL,
  -- key file (core/crypto/key-file.ts)
  sealed BLOB NOT NULL
) STRICT;

CREATE TABLE identities (
  fingerprint TEXT PRIMARY KEY,
  public_key BLOB NOT NULL,
  bits INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  certificate BLOB NOT NULL,
  -- PKCS#8, sealed under the master key
  private_key BLOB NOT NULL,
  current INTEGER NOT NULL CHECK (current IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX one_current_identity ON identities (current) WHERE current = 1;

CREATE TABLE peers (
  fingerprint TEXT PRIMARY KEY,
  public_key BLOB NOT NULL,
  name TEXT NOT NULL,
  first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL
) STRICT;
`;
