/** Errors about data that a person supplied: theirs to correct. */
import { FederationError, type ErrorCode, type ErrorDetails } from '../errors/federation-error.ts';

export function datasetError<Code extends ErrorCode>(
  code: Code,
  message: string,
  details: ErrorDetails[Code],
  cause?: unknown,
): FederationError<Code> {
  return new FederationError(code, message, { details, blame: 'user', action: 'correct', cause });
}
