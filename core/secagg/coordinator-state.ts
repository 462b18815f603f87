/** The coordinator machine's states: each phase carries only what that phase needs. */
import type { RetryRule } from '../errors/protocol-reasons.ts';
import type { ClientSet } from '../wire/client-set.ts';
import type { Model } from './coordinator-events.ts';
import type { AdvertisedKeys } from './key-schedule.ts';

/** What survives an attempt, and a crash. */
export interface CoordinatorRecord {
  /** The highest round and attempt announced; 0 before the first. */
  readonly round: number;
  readonly attempt: number;
  /** U3 of which somebody has signed a statement in this round. */
  readonly signed: ClientSet | null;
}

export const freshCoordinatorRecord: CoordinatorRecord = { round: 0, attempt: 0, signed: null };

/** The attempt under way. */
export interface CoordinatorAttempt {
  readonly round: number;
  readonly attempt: number;
  readonly model: Model;
  readonly context: Uint8Array;
  /** Clients that have left it, and clients not to be waited for. */
  readonly gone: ReadonlySet<number>;
  /** What each client was sent last, for reconnections: the same bytes for all, or bytes for each. */
  readonly lastSent: (client: number) => Uint8Array | undefined;
  /** Digest of what each client sent in this phase, to tell a replay from a contradiction. */
  readonly received: ReadonlyMap<number, Uint8Array>;
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
  readonly maskKeys: ReadonlyMap<number, Uint8Array>;
  readonly commitments: ReadonlyMap<number, Uint8Array>;
}

/** The running sum. It is altered in place: a state that has been stepped must not be used again. */
export type RunningSum =
  /** Modulo 2^32, to be reduced. */
  | { readonly kind: 'masked'; readonly vector: Uint32Array }
  /** Float vectors by client, as float sums must run in roster order (demonstrations only). */
  | { readonly kind: 'float'; readonly vectors: Map<number, Float32Array> };

export type CoordinatorState =
  | { readonly phase: 'idle'; readonly record: CoordinatorRecord; readonly retry: { readonly model: Model; readonly rule: RetryRule } | undefined }
  | {
      readonly phase: 'advertise-keys';
      readonly record: CoordinatorRecord;
      readonly attempt: CoordinatorAttempt;
      readonly adverts: ReadonlyMap<number, Advert>;
    }
  | {
      readonly phase: 'share-keys';
      readonly record: CoordinatorRecord;
      readonly attempt: CoordinatorAttempt;
      readonly u1: ClientSet;
      readonly u1Digest: Uint8Array;
      readonly adverts: ReadonlyMap<number, Advert>;
      readonly dealt: ReadonlyMap<number, DealtShares>;
    }
  | {
      readonly phase: 'masked-input';
      readonly record: CoordinatorRecord;
      readonly attempt: CoordinatorAttempt;
      /** Undefined where nothing is masked (demonstrations only). */
      readonly keys: SharedKeys | undefined;
      readonly sum: RunningSum;
      /** Signed parts of the masked inputs, by client: U3 so far. */
      readonly inputs: ReadonlyMap<number, Uint8Array>;
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
      readonly statements: ReadonlyMap<number, Uint8Array>;
    }
  | {
      readonly phase: 'unmask';
      readonly record: CoordinatorRecord;
      readonly attempt: CoordinatorAttempt;
      readonly keys: SharedKeys;
      readonly sum: RunningSum;
      readonly u3: ClientSet;
      /** Who signed: whose shares are waited for. */
      readonly signers: ClientSet;
      /** Shares by holder, then by dealer. */
      readonly reveals: ReadonlyMap<number, ReadonlyMap<number, Uint8Array>>;
    }
  /** The sum is out; waits for the new model. */
  | {
      readonly phase: 'aggregate';
      readonly record: CoordinatorRecord;
      readonly attempt: CoordinatorAttempt;
      readonly u3: ClientSet;
    };

export type CoordinatorPhase = CoordinatorState['phase'];
export type CoordinatorIn<Phase extends CoordinatorPhase> = Extract<CoordinatorState, { phase: Phase }>;
