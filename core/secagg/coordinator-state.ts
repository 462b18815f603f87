/**
 * The coordinator machine's states: each phase carries only what that phase needs. What is collected within a phase is
 * collected in place (the sum, and maps by client), so that a state that has been stepped must not be used again.
 */
import type { RetryRule } from '../errors/protocol-reasons.ts';
import type { ClientSet } from '../wire/client-set.ts';
import type { Position } from '../wire/envelope.ts';
import type { Model } from './coordinator-events.ts';
import type { AdvertisedKeys } from './key-schedule.ts';

/** What survives an attempt, and a crash. */
export interface CoordinatorRecord {
  /** The highest round and attempt announced; 0 before the first. */
  readonly round: number;
  readonly attempt: number;
  /**
   * U3, once statements over it have been asked for in this round: from then on only these survivors may be summed.
   * Flushed before the question leaves, and held to even if no statement has come: a client signs, and refuses any other
   * U3 in that round, before anyone knows that it has, and its statement may have been lost on the way or in a crash.
   */
  readonly signed: ClientSet | null;
  /** The highest round that a result has ended. */
  readonly closed: number;
}

export const freshCoordinatorRecord: CoordinatorRecord = { round: 0, attempt: 0, signed: null, closed: 0 };

/** The attempt under way. */
export interface CoordinatorAttempt {
  readonly position: Position;
  readonly model: Model;
  readonly context: Uint8Array;
  /** Clients whose message of this phase is waited for. */
  readonly waiting: Set<number>;
  /** Clients that have left it. */
  readonly gone: Set<number>;
  /** What each client was sent last, for reconnections. */
  readonly lastSent: Map<number, Uint8Array>;
  /** Digest of the signed part of what each client sent in this phase, to tell a replay from a contradiction. */
  readonly received: Map<number, Uint8Array>;
}

export interface Advert extends AdvertisedKeys {
  /** The advert as it was signed. */
  readonly bytes: Uint8Array;
}

export interface DealtShares {
  readonly commitment: Uint8Array;
  /** Ciphertexts for the dealer's neighbours in U1, by increasing client. */
  readonly ciphertexts: Uint8Array;
}

/** What the coordinator needs of U1 and U2 until the end. */
export interface SharedKeys {
  readonly u1: ClientSet;
  /** Digest of U1's signed adverts. */
  readonly u1Digest: Uint8Array;
  readonly u2: ClientSet;
  readonly u2Digest: Uint8Array;
  readonly maskKeys: ReadonlyMap<number, Uint8Array>;
  readonly commitments: ReadonlyMap<number, Uint8Array>;
}

/** The running sum. */
export type RunningSum =
  /** Modulo 2^32, to be reduced. vectors: each by itself, where nothing is masked and they are kept (demonstrations only). */
  | {
      readonly kind: 'masked';
      readonly vector: Uint32Array;
      readonly vectors?: Map<number, Uint32Array>;
    }
  /** Float vectors by client, as float sums must run in roster order (demonstrations only). */
  | { readonly kind: 'float'; readonly vectors: Map<number, Float32Array> };

export type CoordinatorState =
  | {
      readonly phase: 'idle';
      readonly record: CoordinatorRecord;
      readonly retry: { readonly model: Model; readonly rule: RetryRule } | undefined;
    }
  | {
      readonly phase: 'advertise-keys';
      readonly record: CoordinatorRecord;
      readonly attempt: CoordinatorAttempt;
      readonly adverts: Map<number, Advert>;
      /** Every public key advertised so far, as hexadecimal text. */
      readonly seenKeys: Set<string>;
    }
  | {
      readonly phase: 'share-keys';
      readonly record: CoordinatorRecord;
      readonly attempt: CoordinatorAttempt;
      readonly u1: ClientSet;
      readonly u1Digest: Uint8Array;
      readonly adverts: ReadonlyMap<number, Advert>;
      readonly dealt: Map<number, DealtShares>;
    }
  | {
      readonly phase: 'masked-input';
      readonly record: CoordinatorRecord;
      readonly attempt: CoordinatorAttempt;
      /** Undefined where nothing is masked (demonstrations only). */
      readonly keys: SharedKeys | undefined;
      readonly sum: RunningSum;
      /** By client: the signed part of its masked input where it is to be relayed, else empty. U3 so far. */
      readonly inputs: Map<number, Uint8Array>;
    }
  | {
      readonly phase: 'statement';
      readonly record: CoordinatorRecord;
      readonly attempt: CoordinatorAttempt;
      readonly keys: SharedKeys;
      readonly sum: RunningSum;
      readonly u3: ClientSet;
      /** The digest that every statement must carry. */
      readonly statement: Uint8Array;
      /** Statements as they were signed. */
      readonly statements: Map<number, Uint8Array>;
    }
  | {
      readonly phase: 'unmask';
      readonly record: CoordinatorRecord;
      readonly attempt: CoordinatorAttempt;
      readonly keys: SharedKeys;
      readonly sum: RunningSum;
      readonly u3: ClientSet;
      /** Shares by holder, then by dealer. */
      readonly reveals: Map<number, ReadonlyMap<number, Uint8Array>>;
    }
  /** The sum is out; waits for the new model, or for word that the sum cannot be one. */
  | {
      readonly phase: 'aggregate';
      readonly record: CoordinatorRecord;
      readonly attempt: CoordinatorAttempt;
      readonly u3: ClientSet;
    };

export type CoordinatorPhase = CoordinatorState['phase'];
export type CoordinatorIn<Phase extends CoordinatorPhase> = Extract<CoordinatorState, { phase: Phase }>;
/** With an attempt under way. */
export type AttemptingState = Exclude<CoordinatorState, { phase: 'idle' }>;
/** With messages of clients being collected. */
export type CollectingState = Exclude<AttemptingState, { phase: 'aggregate' }>;
