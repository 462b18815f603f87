/** What clients of this machine have given away under differential privacy: kept when sessions are deleted, never refunded. */
export const privacy = `
CREATE TABLE privacy_charges (
  id INTEGER PRIMARY KEY,
  -- fingerprint of its key
  identity TEXT NOT NULL,
  -- where the examples come from: a digest, or a place (main/participant/privacy-ledger.ts)
  dataset TEXT NOT NULL,
  -- no reference: what was sent in a session that is deleted has been sent all the same
  session TEXT NOT NULL,
  round INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  vector_digest TEXT NOT NULL,
  -- GaussianRound of core/privacy/accountant.ts
  round_cost TEXT NOT NULL,
  charged_at TEXT NOT NULL,
  UNIQUE (identity, dataset, session, round, vector_digest)
) STRICT;
`;
