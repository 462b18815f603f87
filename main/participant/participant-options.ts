/** What a participant's session is given: by its person, and by the machine around it. */
import type { BallotPictures } from '../../core/contract/ballots.ts';
import type { OnSessionEvent } from '../../core/contract/session-event.ts';
import type { Identity } from '../../core/crypto/rsa.ts';
import type { Invitation } from '../../core/joining/join-link.ts';
import type { EngineChoice } from '../../core/contract/engines.ts';
import type { EngineSpeeds } from '../compute/engine-speeds.ts';
import type { InputVector } from '../../core/secagg/client-events.ts';
import type { RoundParameters } from '../../core/secagg/parameters.ts';
import type { openDialer } from '../network/dialer.ts';
import type { DataChoice } from '../session/own-data.ts';
import type { Store } from '../storage/store.ts';
import type { prepare } from './preparation.ts';

export interface WordsQuestion {
  readonly words: readonly string[];
  readonly participants: number;
}

/** What a person is asked. `compared`: true when a person really compared, false when the answer was given beforehand. */
export interface PersonAnswers {
  compareWords(
    question: WordsQuestion,
    signal: AbortSignal,
  ): Promise<{ readonly agreed: boolean; readonly compared: boolean }>;
  /** May one more sum over this model be made? False without a person. */
  allowRepeat(round: number, signal: AbortSignal): Promise<boolean>;
}

/** What happens on this machine alone, for its own screen: nothing of it is told to anybody. */
export interface OwnObserver {
  /** Which of its training images take part. */
  ownData(indices: Uint32Array): void;
  /** The model after a round has come. weights: [d]. */
  modelCame(round: number, weights: Float32Array): void;
  /** The leader asks the room about these pictures. */
  ballotCame?(pictures: BallotPictures): void;
  /** The masked vector has been handed over. */
  vectorSent(sent: SentVector): void;
}

/** What this participant's own screen can show of a vector that has left. */
export interface SentVector {
  readonly round: number;
  /** Own number. */
  readonly client: number;
  readonly parameters: RoundParameters;
  /** [d] what training started from, and what it changed; undefined where a vector that was kept is sent again. */
  readonly trained: { readonly weights: Float32Array; readonly update: Float32Array } | undefined;
  /** Before it was masked, noise included; zeros, or noise alone, where the own coin left this client out. */
  readonly vector: InputVector;
  /** As it went over the wire. */
  readonly packed: Uint8Array;
  /** Over the message that carries it; no bytes without signatures. */
  readonly signature: Uint8Array;
}

/** What a participant keeps on disk. */
export type ParticipantStore = Pick<
  Store,
  | 'session'
  | 'createSession'
  | 'updateSession'
  | 'noteEngine'
  | 'endSession'
  | 'epochs'
  | 'saveEpoch'
  | 'confirmEpoch'
  | 'saveClientRecord'
  | 'clientSession'
  | 'keepVector'
  | 'recallVector'
  | 'discardVector'
  | 'completeRound'
  | 'appendEvents'
  | 'appendMessages'
  | 'chargePrivacy'
  | 'privacyCharges'
>;

export interface ParticipantSessionOptions {
  readonly store: ParticipantStore;
  readonly identity: Identity;
  readonly invitation: Invitation;
  /** As the person typed or chose it, to find the coordinator again. */
  readonly link: string;
  readonly name: string;
  readonly data: DataChoice;
  readonly agreeToDemonstration: boolean;
  /** Largest epsilon of this identity on this data, over all its sessions; left out: none. */
  readonly privacyBudget?: number | undefined;
  readonly engine: EngineChoice | undefined;
  /** Of this machine: for the choice of an engine; without, the one that is usually fastest is taken. */
  readonly engineSpeeds?: EngineSpeeds | undefined;
  readonly processes: number;
  /** Training gives way to what a person sees and does at this machine. */
  readonly background?: boolean;
  readonly person: PersonAnswers;
  /** How long the coordinator may be gone. */
  readonly patienceMs: number;
  readonly onEvent: OnSessionEvent;
  readonly observer?: OwnObserver;
  /** How connections are made; over TLS unless given. */
  readonly dial?: typeof openDialer;
  /** How data, model and compute processes are made ready; as the plan says unless given. */
  readonly prepare?: typeof prepare;
}
