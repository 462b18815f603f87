/**
 * The one error type of Masquerade. A code names what happened, typed details say to what, `blame` says who must
 * act and `action` what makes sense next. Messages read: cannot X, as Y must be Z, and is W. They never hold keys,
 * data or weights.
 *
 * A peer's misbehaviour is a state transition that carries such an error, not an exception; it is thrown only for
 * bad input from a person (a file, a setting) and for programmers' mistakes.
 */

import type { ClientAbortReason, ClientBarReason, CoordinatorAbortReason } from './protocol-reasons.ts';

/** Every code, with the details its error carries. */
export interface ErrorDetails {
  // a programmer's mistake
  internal: { what: string };
  // bad input from a person
  'invalid-setting': { field: string; value: unknown; allowed: string };
  'file-not-found': { path: string };
  'file-unreadable': { path: string; reason: string };
  'file-exists': { path: string };
  // identities and their key files
  'identity-key-refused': { reason: string };
  'identity-damaged': { path: string; reason: string };
  'identity-too-new': { path: string; version: number; supported: number };
  'passphrase-needed': { path: string };
  'passphrase-wrong': { path: string };
  'self-test-failed': { primitive: string };
  // compute processes
  'compute-failed': { deaths: number; reason: string };
  /** An engine that this machine does not have; command: what sets it up, empty where nothing does. */
  'engine-missing': { engine: string; command: string };
  // attacks
  /** target: its id, or the file that was named. */
  'target-unknown': { target: string };
  /** An update of a session whose members agreed to no such thing. */
  'not-a-demonstration': { activity: string };
  /** reason: how the process ended. */
  'attack-died': { reason: string };
  // data sets
  'dataset-missing': { source: string; path: string };
  'dataset-altered': { path: string; expectedSha256: string; foundSha256: string };
  'dataset-not-recognised': { path: string; reason: string };
  'dataset-too-large': { path: string; size: number; limit: number; unit: 'bytes' | 'pixels' | 'files' };
  'dataset-empty': { file: string };
  'idx-magic': { file: string; firstBytes: string };
  'idx-type': { file: string; typeCode: number };
  'idx-dimensions': { file: string; dimensions: readonly number[]; allowed: string };
  'idx-truncated': { file: string; expectedBytes: number; foundBytes: number };
  'idx-surplus': { file: string; expectedBytes: number; foundBytes: number };
  'label-out-of-range': { file: string; index: number; label: number; classes: number };
  'label-count': { imageFile: string; images: number; labelFile: string; labels: number };
  'image-size': { firstFile: string; firstSize: string; secondFile: string; secondSize: string };
  'image-unreadable': { path: string; reason: string };
  'class-count': { path: string; classes: number; lowest: number; highest: number };
  'class-empty': { path: string; className: string; images: number; needed: number };
  'class-mismatch': { path: string; className: string };
  'partition-impossible': { clients: number; wanted: number; available: number; unit: 'examples' | 'shards' };
  // models and training
  'model-unreadable': { source: string; reason: string };
  'model-refused': { layer: string; reason: string };
  'model-does-not-fit': { layer: string; expected: string; found: string };
  'training-diverged': { step: number; loss: number };
  // quantisation and parameters
  'update-refused': { field: string; allowed: string; found: string };
  'parameters-refused': { rule: string; field: string; allowed: string; value: string | number };
  // differential privacy: epsilons at that delta, so far, with the vector, and allowed
  'privacy-budget-spent': { spent: number; after: number; budget: number; delta: number };
  // storage
  'folder-unusable': { path: string; reason: string };
  'folder-in-use': { path: string };
  'disk-full': { path: string };
  'database-damaged': { path: string; reason: string };
  'database-too-new': { path: string; version: number; supported: number };
  'wrapping-key-unusable': { path: string; reason: string };
  'system-key-needed': { path: string };
  'password-wrong': { path: string };
  'identity-exists': { fingerprint: string };
  // sessions over a network
  'data-does-not-fit': { needed: string; found: string };
  'plan-refused': { reason: string };
  'demonstration-refused': { off: string };
  /** A privacy budget, and a session without differential privacy. */
  'not-noised': { budget: number };
  'session-over': { session: string; outcome: string };
  'session-unknown': { session: string };
  'not-let-in': { reason: string };
  /** reason: the system's code. */
  'address-unusable': { address: string; reason: string };
  // the protocol's named ends
  'client-barred': { reason: ClientBarReason };
  'client-left-attempt': { phase: string; reason: ClientAbortReason };
  'attempt-aborted': { phase: string; reason: CoordinatorAbortReason; needed: number; got: number };
}

export type ErrorCode = keyof ErrorDetails;
export type Blame = 'user' | 'client' | 'coordinator' | 'network' | 'machine' | 'bug';
export type Action = 'correct' | 'retry' | 'abort' | 'report';

export class FederationError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'FederationError';
  readonly code: Code;
  readonly details: ErrorDetails[Code];
  readonly blame: Blame;
  readonly action: Action;

  constructor(
    code: Code,
    message: string,
    context: { details: ErrorDetails[Code]; blame: Blame; action: Action; cause?: unknown },
  ) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause });
    this.code = code;
    this.details = context.details;
    this.blame = context.blame;
    this.action = context.action;
  }
}

/** Narrows to the error of any code, which `instanceof` alone cannot say. */
export function isFederationError(error: unknown): error is FederationError {
  return error instanceof FederationError;
}

/** A setting or argument that a person must correct. */
export function invalidSetting(
  field: string,
  value: unknown,
  allowed: string,
): FederationError<'invalid-setting'> {
  return new FederationError(
    'invalid-setting',
    `Cannot use ${field}, as it must be ${allowed}, and is ${String(value)}.`,
    {
      details: { field, value, allowed },
      blame: 'user',
      action: 'correct',
    },
  );
}
