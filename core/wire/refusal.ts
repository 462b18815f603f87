/** Why bytes from a peer are refused. Refusals are values: nothing a peer sends raises an exception. */
export type Refusal =
  /** More bytes than any message of its type can have; nothing else was looked at. */
  | 'too-large'
  /** Shorter than its header says, or than its signature and attachment must be. */
  | 'truncated'
  | 'bad-magic'
  | 'unknown-version'
  | 'unknown-type'
  | 'wrong-session'
  /** An earlier round or attempt, or one that has been seen. */
  | 'stale-round'
  /** A round or attempt that has not been announced. */
  | 'future-round'
  /** Its type does not belong to this phase, or its header names another phase than its type's. */
  | 'wrong-phase'
  /** A number outside the roster, or outside the clients that this phase expects. */
  | 'unknown-sender'
  /** A sender other than the one that the connection belongs to. */
  | 'wrong-sender'
  | 'bad-signature'
  /** Not the canonical encoding of a body of its type. */
  | 'malformed-body'
  /** The unsigned part differs from what the signed part announces. */
  | 'bad-attachment'
  /** Made for another model, parameters, roster, U1, U2 or U3 than this attempt's. */
  | 'wrong-context'
  /** A public key that is non-canonical, of low order, or that somebody has advertised. */
  | 'unsound-key'
  /** The same signed bytes again. */
  | 'replayed'
  /** A second, different message of a kind that may be sent once. */
  | 'contradiction';

/** A value that passed its checks, or the reason why it did not. */
export type Result<Value, Reason> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly reason: Reason };

export type Checked<Value> = Result<Value, Refusal>;

export function accepted<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function refused<Reason extends string = Refusal>(
  reason: Reason,
): { readonly ok: false; readonly reason: Reason } {
  return { ok: false, reason };
}
