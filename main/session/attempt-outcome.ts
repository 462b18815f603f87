/** How an attempt at a round ends, seen from the coordinator. */
import type { FederationError } from '../../core/errors/federation-error.ts';
import type { RetryRule } from '../../core/errors/protocol-reasons.ts';
import type { Aggregate } from '../../core/secagg/coordinator-events.ts';

export type AttemptOutcome =
  | { readonly kind: 'aggregate'; readonly aggregate: Aggregate }
  | { readonly kind: 'abort'; readonly error: FederationError; readonly retry: RetryRule };
