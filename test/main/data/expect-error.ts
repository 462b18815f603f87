import assert from 'node:assert/strict';
import { FederationError, type ErrorCode } from '../../../core/errors/federation-error.ts';

/** The promise must be refused with this code, for a person to correct, in a message that matches all patterns. */
export async function expectError(
  promise: Promise<unknown>,
  code: ErrorCode,
  ...patterns: readonly RegExp[]
): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof FederationError, String(error));
    assert.equal(error.code, code, error.message);
    assert.equal(error.blame, 'user');
    for (const pattern of patterns) assert.match(error.message, pattern);
    return true;
  });
}
