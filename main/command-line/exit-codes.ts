/** What the command line's exit codes mean; `--help` and docs/command-line.md list them. */
import type { FederationError } from '../../core/errors/federation-error.ts';

export const exitCodes = {
  success: 0,
  /** A fault of Masquerade itself. */
  fault: 1,
  /** A setting, an argument or a file must be corrected. */
  badInput: 2,
  /** The protocol ended in a named abort. */
  aborted: 3,
  /** A check found something wrong (data check, audit). */
  checkFailed: 4,
  /** Ctrl-C; what was finished before is kept. */
  cancelled: 130,
} as const;

export function exitCodeOf(error: FederationError): number {
  if (error.blame === 'user' || error.blame === 'machine') return exitCodes.badInput;
  return error.blame === 'bug' ? exitCodes.fault : exitCodes.aborted;
}
