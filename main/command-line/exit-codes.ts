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
  /** This machine could not: compute processes died, the disk is full, its cryptography fails the self-test. */
  machineFailed: 5,
  /** Ctrl-C; what was finished before is kept. */
  cancelled: 130,
} as const;

export function exitCodeOf(error: FederationError): number {
  switch (error.blame) {
    case 'user':
      return exitCodes.badInput;
    case 'machine':
      return exitCodes.machineFailed;
    case 'bug':
      return exitCodes.fault;
    case 'client':
    case 'coordinator':
    case 'network':
      return exitCodes.aborted;
  }
}
