/** A call to the host that failed. */
import type { CallError } from '../../core/contract/host.ts';

/** What a call threw, with words for a person. */
export class HostError extends Error {
  override readonly name = 'HostError';
  readonly code: string;
  readonly details: CallError['details'];

  constructor({ code, message, details }: CallError) {
    super(message);
    this.code = code;
    this.details = details;
  }
}
