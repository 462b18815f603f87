/**
 * Everything that a person would watch in a session over a network, at the coordinator's or at a participant's own
 * machine: what services emit, what `coordinate --json` and `join --json` print, one object a line.
 */
import type { TrainingLoss } from '../model/losses.ts';
import type { ProtocolEvent, RoundResult } from './run-result.ts';
import type { AggregationRule } from './run-settings.ts';

export interface LobbyParticipant {
  readonly name: string;
  /** SHA-256 of the public key, capital hexadecimal digits in groups of four. */
  readonly fingerprint: string;
  readonly connected: boolean;
  /** Met in an earlier session of this machine. */
  readonly known: boolean;
  /** Number in the roster of the current epoch; null for a guest. */
  readonly number: number | null;
  /** Has answered the question of the words; null while it has not. */
  readonly confirmed: boolean | null;
}

/** What a round of a session tells: a simulated round without what only a simulation can know. */
export type SessionRound = Omit<RoundResult, 'exactSum' | 'quantisationError' | 'ms' | 'phases'> & {
  readonly ms: Omit<RoundResult['ms'], 'train' | 'client'>;
};

export interface FinalModel {
  readonly round: number;
  readonly modelSha256: string;
  /** null where this machine was never told. */
  readonly accuracy: number | null;
  readonly f1Weighted: number | null;
}

/** Notes that have words in every language, and what their detail holds. */
export type NoteCode =
  /** present, needed */
  | 'waiting-for-members'
  /** count, in one second */
  | 'more-refused'
  /** reason */
  | 'compute-replaced'
  /** count, drawings, most: dealt images that drawings take the place of */
  | 'images-left-out'
  /** count, most */
  | 'drawings-left-out'
  | 'coordinator-away'
  /** engine; why: 'fastest', 'asked' or 'only'; refusal: why no faster one can train the model, in English */
  | 'engine'
  /** count: numbers of the model that are moving statistics of batch normalisation */
  | 'moving-statistics'
  /** reason: why this machine takes no part in the attempt any more */
  | 'left-attempt'
  /** reason: the system's code */
  | 'discovery-blocked';

export type SessionEventBody =
  // both
  | {
      readonly type: 'roster';
      readonly epoch: number;
      readonly words: readonly string[];
      /** Hexadecimal. */
      readonly digest: string;
      readonly participants: number;
      readonly members: readonly {
        readonly number: number;
        readonly name: string;
        readonly fingerprint: string;
      }[];
      /** Own number; null at the coordinator. */
      readonly own: number | null;
      /** Left out unless this machine has confirmed these words before: the session goes on. */
      readonly confirmed?: true;
    }
  | {
      readonly type: 'round-started';
      readonly round: number;
      readonly rounds: number;
      readonly attempt: number;
    }
  | { readonly type: 'protocol'; readonly event: ProtocolEvent }
  | ({ readonly type: 'round' } & SessionRound)
  | { readonly type: 'paused' | 'resumed' }
  | {
      readonly type: 'note';
      /** In English. */
      readonly text: string;
      /** The same for screens that speak another language; left out where there is only the text. */
      readonly code?: NoteCode;
      readonly detail?: Readonly<Record<string, string | number>>;
    }
  | {
      readonly type: 'finished';
      /** 'finished', 'target', 'stopped', an abort's code; 'unfinished' where this machine has left for now. */
      readonly outcome: string;
      readonly final: FinalModel | null;
      readonly identitiesCompared: boolean;
    }
  | {
      readonly type: 'error';
      readonly code: string;
      readonly message: string;
      readonly hint: string;
      /** What the code leaves open, for screens that have words for it. */
      readonly reason?: string;
    }
  /**
   * Differential privacy, for the epoch that begins: what all its rounds come to. The noise is distributed: every
   * participant adds its part itself.
   */
  | {
      readonly type: 'privacy-plan';
      /** After the last round, for whoever takes part in all; at a participant with what it has spent on this data before. */
      readonly epsilon: number;
      readonly delta: number;
      /** h: survivors whose noise epsilon counts on. */
      readonly honest: number;
      /** Expected L2 norm of the noise in a mean update, in clipping norms; the update's own is at most 1. */
      readonly noiseNorm: number;
      /** What that does to learning over all rounds (core/results/noise-harm.ts). */
      readonly harm: 'little' | 'much' | 'ruin';
      /** A participant's: epsilon so far, on this data, over all its sessions; null at the coordinator. */
      readonly spent: number | null;
      /** A participant's own; null where it has set none, and at the coordinator. */
      readonly budget: number | null;
      /** A participant's: how many of the rounds its budget allows; null at the coordinator. */
      readonly roundsWithin: number | null;
    }
  // the coordinator's
  | {
      readonly type: 'listening';
      /** null where the machine has no IPv4 address: then the link alone names it. */
      readonly code: string | null;
      readonly link: string;
      readonly addresses: readonly string[];
      readonly fingerprint: string;
      readonly resumed: boolean;
    }
  | {
      readonly type: 'lobby';
      readonly epoch: number;
      readonly locked: boolean;
      /** False while rounds are played: newcomers wait, the members are listed. */
      readonly open: boolean;
      readonly participants: readonly LobbyParticipant[];
    }
  | {
      readonly type: 'confirmation';
      readonly name: string;
      readonly agreed: boolean;
      readonly compared: boolean;
    }
  | {
      readonly type: 'phase';
      readonly round: number;
      readonly attempt: number;
      readonly phase: string;
      readonly awaited: number;
      /** How long it waits at most, from now on. */
      readonly deadlineMs: number;
    }
  /** The messages that begin this phase wait for a person; null: they have been let go. */
  | { readonly type: 'held'; readonly phase: string | null }
  | {
      readonly type: 'attempt-aborted';
      readonly round: number;
      readonly attempt: number;
      readonly reason: string;
      readonly retry: string;
    }
  | {
      readonly type: 'connection';
      readonly name: string;
      readonly connected: boolean;
      readonly reason: string;
    }
  | { readonly type: 'turned-away'; readonly address: string; readonly reason: string }
  | {
      readonly type: 'repeat-asked';
      readonly round: number;
      readonly answered: number;
      readonly needed: number;
    }
  /** The room is asked which of some pictures was private; counts: answers by picture. */
  | {
      readonly type: 'votes';
      readonly ballot: number;
      readonly open: boolean;
      readonly counts: readonly number[];
      /** People who were there when it was opened, or have come since. */
      readonly asked: number;
    }
  // a participant's
  /** The leader asks the room; choices: pictures, which the screen fetches. 0: the question is over. */
  | { readonly type: 'ballot'; readonly ballot: number; readonly choices: number }
  | {
      readonly type: 'joined';
      readonly title: string;
      readonly name: string;
      readonly demonstration: boolean;
      readonly coordinatorFingerprint: string;
      readonly rounds: number;
      /** How the coordinator makes one update of all; the mean where it is left out. */
      readonly aggregation?: AggregationRule;
      /** What one is asked to train with; the plain cross-entropy where it is left out. */
      readonly loss?: TrainingLoss;
      /** Of the session: of its words, and of what is said about it. */
      readonly language?: 'en' | 'fr';
    }
  | {
      readonly type: 'data';
      readonly dataset: string;
      /** Training images that are this participant's. */
      readonly examples: number;
      readonly mode: 'dealt' | 'own';
      /** By class, in the order of the plan's class names. */
      readonly perClass: readonly number[];
      /** How many of them are drawings of this machine; left out where none are. */
      readonly drawings?: number;
    }
  | {
      readonly type: 'roster-list';
      readonly epoch: number;
      readonly names: readonly string[];
      readonly locked: boolean;
    }
  | {
      readonly type: 'training';
      readonly round: number;
      readonly examplesDone: number;
      readonly examplesTotal: number;
      readonly examplesPerSecond: number;
    }
  | { readonly type: 'masked'; readonly round: number; readonly attempt: number; readonly bytes: number }
  /** Differential privacy: the ledger has been charged for a vector, which leaves next. */
  | {
      readonly type: 'privacy-charged';
      readonly round: number;
      /** Spent by now on this data, over all sessions. */
      readonly epsilon: number;
      readonly delta: number;
      readonly budget: number | null;
      /** L2 norm of the own update; null where a coin left it out. */
      readonly updateNorm: number | null;
      /** C: at most so much of it is sent. */
      readonly clippingNorm: number;
      /** Expected L2 norm of the noise added here. */
      readonly noiseNorm: number;
    }
  /** Differential privacy: nothing is sent in this round, nor in any later one that costs as much. */
  | {
      readonly type: 'budget-reached';
      readonly round: number;
      readonly spent: number;
      /** What it would be with this round. */
      readonly epsilon: number;
      readonly delta: number;
      readonly budget: number;
    }
  | { readonly type: 'connected'; readonly address: string }
  | { readonly type: 'disconnected'; readonly reason: string; readonly retryInMs: number | null }
  | { readonly type: 'waiting'; readonly reason: string }
  | { readonly type: 'repeat-question'; readonly round: number };

export type SessionEvent = {
  /** ISO 8601 */
  readonly at: string;
  /** Hexadecimal; empty before it is known. */
  readonly session: string;
} & SessionEventBody;

export type SessionEventOf<Type extends SessionEvent['type']> = Extract<SessionEvent, { type: Type }>;

export type OnSessionEvent = (event: SessionEvent) => void;
