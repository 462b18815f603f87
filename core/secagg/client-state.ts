/** The client machine's states: each phase carries only what that phase needs, secrets above all. */
import type { KeyPair } from '../crypto/key-agreement.ts';
import type { FederationError } from '../errors/federation-error.ts';
import type { ClientSet } from '../wire/client-set.ts';
import type { Position } from '../wire/envelope.ts';
import type { InputVector } from './client-events.ts';
import type { ClientSession } from './client-session.ts';
import type { AdvertisedKeys, SharePair } from './key-schedule.ts';

/** The attempt under way. */
export interface ClientAttempt {
  readonly position: Position;
  readonly model: Uint8Array;
  /** Empty when the driver has the model already. */
  readonly weights: Uint8Array;
  readonly context: Uint8Array;
  /** C of this round, under differential privacy only. */
  readonly clippingNorm: number | undefined;
  /** The last message, sent again after a reconnection. */
  readonly lastSent: Uint8Array;
}

/** U1 as this client saw it. */
export interface AdvertView {
  readonly u1: ClientSet;
  /** Digest of all signed adverts. */
  readonly digest: Uint8Array;
  /** Those of this client's neighbourhood in U1, itself included. */
  readonly keys: ReadonlyMap<number, AdvertisedKeys>;
}

/** U1 and U2 as this client saw them, and the shares that it holds of each dealer in U2. */
export interface HeldShares {
  readonly adverts: AdvertView;
  readonly u2: ClientSet;
  /** By dealer; a dealer whose ciphertext did not decrypt is missing. */
  readonly shares: ReadonlyMap<number, SharePair>;
  /** The dealers whose ciphertexts did not decrypt. */
  readonly missing: ClientSet;
}

/** A sound vector of this client; digest: SHA-256, hexadecimal. */
export interface SubmittedVector {
  readonly vector: InputVector;
  readonly digest: string;
}

export type ClientState =
  /** Takes no part in this session. */
  | { readonly phase: 'barred'; readonly error: FederationError }
  /** Between attempts. */
  | { readonly phase: 'idle'; readonly session: ClientSession }
  /** Has advertised its keys; waits for U1. */
  | {
      readonly phase: 'advertise-keys';
      readonly session: ClientSession;
      readonly attempt: ClientAttempt;
      readonly channelKeys: KeyPair;
      readonly maskKeys: KeyPair;
      /** Digest of its own advert. */
      readonly advert: Uint8Array;
    }
  /** Has sent its shares; waits for U2 and the others' shares. */
  | {
      readonly phase: 'share-keys';
      readonly session: ClientSession;
      readonly attempt: ClientAttempt;
      readonly adverts: AdvertView;
      readonly maskKeys: KeyPair;
      /** Seed of the self mask. */
      readonly selfMask: Uint8Array;
      /** Own shares of own secrets, on the complete graph. */
      readonly ownShares: SharePair | undefined;
      /** Keys of the messages to this client, by dealer. */
      readonly inboundKeys: ReadonlyMap<number, Uint8Array>;
    }
  /** Waits for its own vector. */
  | {
      readonly phase: 'train';
      readonly session: ClientSession;
      readonly attempt: ClientAttempt;
      /** Undefined where nothing is masked (demonstrations only). */
      readonly masking:
        { readonly held: HeldShares; readonly maskKeys: KeyPair; readonly selfMask: Uint8Array } | undefined;
      /** Handed over, but not charged yet: under differential privacy only. */
      readonly uncharged?: SubmittedVector;
    }
  /** Has sent its masked vector; waits for U3. */
  | {
      readonly phase: 'masked-input';
      readonly session: ClientSession;
      readonly attempt: ClientAttempt;
      readonly held: HeldShares;
    }
  /** Has signed its statement; waits for the others' statements. */
  | {
      readonly phase: 'statement';
      readonly session: ClientSession;
      readonly attempt: ClientAttempt;
      readonly held: HeldShares;
      readonly u3: ClientSet;
      readonly statement: Uint8Array;
    }
  /** Has revealed, or has nothing to reveal: holds no secret, and waits for the result. */
  | { readonly phase: 'unmask'; readonly session: ClientSession; readonly attempt: ClientAttempt };

export type ClientPhase = ClientState['phase'];
export type InPhase<Phase extends ClientPhase> = Extract<ClientState, { phase: Phase }>;
/** Not barred. */
export type TakingPart = Exclude<ClientState, { phase: 'barred' }>;
/** With an attempt under way. */
export type ActiveState = Exclude<TakingPart, { phase: 'idle' }>;
