/**
 * What goes into the client machine and what comes out of it. The machine does nothing by itself: a driver feeds it
 * events and carries out effects, over a network, in a simulation or in a test.
 *
 * Effects must be carried out in their order. In particular, a `persist` must have reached the disk before any later
 * effect of the same step is begun: the rule "one sum per round" rests on it.
 */
import type { ProtocolEvent } from '../contract/run-result.ts';
import type { RandomSource } from '../crypto/random.ts';
import type { FederationError } from '../errors/federation-error.ts';
import type { Signer } from '../wire/envelope.ts';
import type { Refusal } from '../wire/refusal.ts';
import type { ClientRecord } from './client-session.ts';
import type { Epoch } from './epoch.ts';
import type { MaskGenerator } from './key-schedule.ts';

/** What a client is given besides events. */
export interface ClientEnvironment {
  readonly epoch: Epoch;
  /** Own number in the roster, 1 .. n. */
  readonly client: number;
  readonly signer: Signer;
  /** Keys, self masks, polynomials, coins. */
  readonly random: RandomSource;
  /** Canonical bytes of the architecture: the model's hash covers them and the weights. */
  readonly architecture: Uint8Array;
  /** Adds a mask to a vector; replaced only by tests that program the generator. */
  readonly addMask?: MaskGenerator;
}

/** A quantised vector, or the float vector itself where quantisation is off (demonstrations only). */
export type InputVector = Uint32Array | Float32Array;

export type ClientEvent =
  /** Bytes from the coordinator. The machine keeps views into them: hand them over. */
  | { readonly kind: 'message'; readonly bytes: Uint8Array }
  /**
   * Answer to `train` or `recall-vector`: [parameters.vectorLength]. The machine does not alter it. An answer for
   * another round than the one under way comes too late and is refused.
   */
  | { readonly kind: 'vector'; readonly round: number; readonly vector: InputVector }
  /** Answer to `charge`: the ledger has been charged for this round's vector, and is on disk. */
  | { readonly kind: 'charged'; readonly round: number }
  /** Answer to `charge`: it would go past the participant's budget. Nothing has been charged. */
  | { readonly kind: 'budget-reached'; readonly round: number }
  /** Answer to `recall-vector` when nothing is kept. */
  | { readonly kind: 'vector-lost'; readonly round: number }
  /** The connection was lost and is back: the last message is sent again. */
  | { readonly kind: 'reconnected' }
  /** A member (its number in this epoch) returns to the session: it is told what it was last seen to sign. */
  | { readonly kind: 'member-returned'; readonly member: number }
  /** The participant allows one more sum over this model (a burnt round). */
  | { readonly kind: 'repeat-confirmed'; readonly model: Uint8Array }
  /** The participant leaves the attempt. */
  | { readonly kind: 'cancel' };

export type ClientEffect =
  /** To the coordinator. */
  | { readonly kind: 'send'; readonly bytes: Uint8Array }
  /**
   * Write the record and flush it to disk before any later effect. Its token is also written to a second place, bound
   * to this machine and file, that a copy of the record does not take along.
   */
  | { readonly kind: 'persist'; readonly record: ClientRecord }
  /**
   * Train on the model and hand back the quantised vector. `weights` is empty when the driver has them already.
   *
   * `selected`: false when this client's own coin leaves it out of the round; the machine then takes zeros in place of
   * whatever is handed back. A driver over a network must train all the same, for as long: the time until the vector
   * leaves would tell the coordinator how the coin fell. Under differential privacy what is handed back is sent in
   * either case: the noise alone, where the client is left out.
   *
   * `clippingNorm`: C of this round, under differential privacy only.
   */
  | {
      readonly kind: 'train';
      readonly round: number;
      readonly selected: boolean;
      readonly model: Uint8Array;
      readonly weights: Uint8Array;
      readonly clippingNorm?: number;
    }
  /**
   * Under differential privacy, before a vector leaves for the first time: charge the participant's ledger for it, flush
   * that, and answer; never refund it. digest: of the vector, hexadecimal. A retry sends the same vector, and costs
   * nothing; any other vector is charged anew, over the same model too.
   */
  | {
      readonly kind: 'charge';
      readonly round: number;
      readonly attempt: number;
      readonly digest: string;
    }
  /** Hand back the vector that was kept for this round. */
  | { readonly kind: 'recall-vector'; readonly round: number }
  /** Keep the vector, encrypted, until `discard-vector`. */
  | { readonly kind: 'keep-vector'; readonly round: number; readonly vector: InputVector }
  | { readonly kind: 'discard-vector'; readonly round: number }
  | { readonly kind: 'report'; readonly event: ProtocolEvent }
  /** An event that the state does not allow, or bytes that were refused; the state has not changed. */
  | { readonly kind: 'refused'; readonly reason: Refusal | 'not-expected' }
  /** The round is over. `weights` is empty when the driver gets the new model otherwise. */
  | {
      readonly kind: 'finished';
      readonly round: number;
      readonly model: Uint8Array;
      readonly weights: Uint8Array;
    }
  /** The attempt is over for this client; its secrets are erased. */
  | { readonly kind: 'abort'; readonly error: FederationError };
