/**
 * What goes into the coordinator machine and what comes out of it. As with the client's, effects must be carried out
 * in their order, a `persist` flushed before any later one.
 */
import type { ProtocolEvent } from '../contract/run-result.ts';
import type { RetryRule } from '../errors/protocol-reasons.ts';
import type { FederationError } from '../errors/federation-error.ts';
import type { ClientSet } from '../wire/client-set.ts';
import type { Signer } from '../wire/envelope.ts';
import type { Phase } from '../wire/messages.ts';
import type { Refusal } from '../wire/refusal.ts';
import type { InputVector } from './client-events.ts';
import type { CoordinatorRecord } from './coordinator-state.ts';
import type { Epoch } from './epoch.ts';
import type { MaskGenerator } from './key-schedule.ts';
import type { AggregateFault } from './quantise.ts';

export interface CoordinatorEnvironment {
  readonly epoch: Epoch;
  readonly signer: Signer;
  /**
   * Keeps each vector until the sum is out, for rules that look at every update (core/fedavg/individual-updates.ts). Has no
   * effect while masks are on: a masked vector says nothing, and is dropped once it is in the sum.
   */
  readonly keepsVectors?: boolean;
  /** Adds a mask to a vector; replaced only by tests that program the generator. */
  readonly addMask?: MaskGenerator;
}

export interface Model {
  /** SHA-256 of the canonical architecture, then the float32 little-endian weights. */
  readonly hash: Uint8Array;
  /** Weights to send along; empty when clients have them already. */
  readonly weights: Uint8Array;
  /** C of the round that begins with it; left out unless it adapts. */
  readonly clippingNorm?: number;
}

export type CoordinatorEvent =
  /** Starts a round; numbers strictly increase. */
  | { readonly kind: 'begin'; readonly round: number; readonly model: Model }
  /** A new attempt at the round whose last attempt was aborted, if "one sum per round" allows it. */
  | { readonly kind: 'retry' }
  /** Bytes that came over the connection of client `from`. The machine keeps views into them, but not of vectors. */
  | { readonly kind: 'message'; readonly from: number; readonly bytes: Uint8Array }
  /** Nobody is waited for any longer in this phase; refused when the phase is over. */
  | { readonly kind: 'timeout'; readonly phase: Phase }
  /** A client's connection was lost and is back: it is sent the last message again. */
  | { readonly kind: 'reconnected'; readonly client: number }
  /** The new model, computed from the aggregate: ends the round. */
  | { readonly kind: 'publish'; readonly model: Model }
  /** The aggregate is not one that honest clients can have (aggregateFault in quantise.ts): ends the round by name. */
  | { readonly kind: 'reject'; readonly fault: AggregateFault }
  | { readonly kind: 'cancel' };

/** The sum over U3. */
export interface Aggregate {
  readonly round: number;
  readonly attempt: number;
  readonly u1: ClientSet;
  readonly u2: ClientSet;
  readonly u3: ClientSet;
  readonly u4: ClientSet;
  /** [parameters.vectorLength]: exact integers, or float64 sums where quantisation is off. */
  readonly sum: Int32Array | Float64Array;
  /**
   * By client of U3, by increasing client: what the sum is of. Only where nothing is masked and the environment keeps
   * vectors (demonstrations only).
   */
  readonly vectors?: ReadonlyMap<number, InputVector>;
}

export type CoordinatorEffect =
  /** The same bytes to each of these clients. */
  | { readonly kind: 'send'; readonly to: ClientSet; readonly bytes: Uint8Array }
  | { readonly kind: 'persist'; readonly record: CoordinatorRecord }
  /** These clients' messages are waited for: arm a timer that ends in `timeout` with this phase. */
  | { readonly kind: 'await'; readonly phase: Phase; readonly clients: ClientSet }
  | { readonly kind: 'report'; readonly event: ProtocolEvent }
  /** An event that the state does not allow, or bytes that were refused; the state has not changed. */
  | { readonly kind: 'refused'; readonly reason: Refusal | 'not-expected'; readonly client?: number }
  | { readonly kind: 'aggregate'; readonly aggregate: Aggregate }
  | { readonly kind: 'abort'; readonly error: FederationError; readonly retry: RetryRule };
