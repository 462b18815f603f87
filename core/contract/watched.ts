/** An activity as somebody sees it who has watched from the beginning: what foldEvent() (core/watching) makes of its events. */
import type { WatchedBallot } from './ballots.ts';
import type { ComparisonRow, RoundResult } from './run-result.ts';
import type { RunSettings } from './run-settings.ts';
import type { FinalModel, LobbyParticipant, SessionEventBody, SessionRound } from './session-event.ts';
import type { ActivityKind, Fault, Pace, Prepared } from './watch-event.ts';

/** Where a client is in the round, in the order of a round; the last four are ends. */
export const spokePhases = [
  'waiting',
  'keys',
  'shares',
  'training',
  'masking',
  'signing',
  'sending',
  'verified',
  'dropped',
  'recovered',
  'refused',
] as const;
export type SpokePhase = (typeof spokePhases)[number];

/** One person of the ring. */
export interface Spoke {
  /** 1 .. n, in the roster. */
  readonly number: number;
  readonly name: string;
  /** SHA-256 of the public key, capital hexadecimal digits in groups of four; made up from the number where there are no keys. */
  readonly fingerprint: string;
  readonly connected: boolean;
  readonly phase: SpokePhase;
  /** Within training, 0 .. 1: in simulations and of oneself only; null elsewhere. */
  readonly progress: number | null;
  /** When the phase was reached, ms since the activity was opened. */
  readonly sinceMs: number;
  /** Of a refusal or a dropout: in which phase of the protocol, and why; stays when the masks are rebuilt. */
  readonly reason: {
    readonly kind: 'dropped' | 'refused';
    readonly phase: string;
    readonly reason: string;
  } | null;
  readonly fault: Fault | null;
}

/** Phases of the protocol as a timeline shows them; 'training' is the wait for masked vectors. */
export const timelinePhases = [
  'advertise-keys',
  'share-keys',
  'masked-input',
  'statement',
  'unmask',
] as const;
export type TimelinePhase = (typeof timelinePhases)[number];

export interface TimelineMark {
  readonly client: number;
  readonly ms: number;
  readonly kind: 'answered' | 'trained' | 'refused' | 'dropped';
}

export interface TimelineRow {
  readonly phase: TimelinePhase;
  readonly startedMs: number;
  readonly endedMs: number | null;
  readonly awaited: number;
  readonly answered: number;
  /** From startedMs on; null in simulations. */
  readonly deadlineMs: number | null;
  readonly marks: readonly TimelineMark[];
}

/** One sentence of the log: the interface has the words for each code. */
export interface LogEntry {
  readonly id: number;
  readonly ms: number;
  /** The same from the beginning of its round; of the activity where there is no round. */
  readonly roundMs: number;
  readonly round: number;
  readonly attempt: number;
  /** For the glyph and colour. */
  readonly family: SpokePhase | 'sum' | 'evaluate' | 'note' | 'problem';
  readonly code: string;
  /** 1 .. n; null: the coordinator, or everybody. The last one where the line stands for several. */
  readonly client: number | null;
  /** All that the line stands for, in the order in which they came: what everyone does in every round is one line. */
  readonly clients: readonly number[];
  /** Of the first three of them, as they were called then. */
  readonly names: readonly string[];
  readonly detail: Readonly<Record<string, string | number>>;
  readonly unusual: boolean;
}

/** The round on screen. */
export interface WatchedRound {
  readonly round: number;
  readonly attempt: number;
  readonly startedMs: number;
  readonly endedMs: number | null;
  readonly spokes: readonly Spoke[];
  readonly timeline: readonly TimelineRow[];
  readonly sum: {
    readonly state: 'nothing' | 'masked' | 'readable';
    readonly added: number;
    /** When that state was reached. */
    readonly sinceMs: number;
  };
  /** The sizes of U1, U2, U3, U4 so far. */
  readonly reached: {
    readonly advertised: number;
    readonly shared: number;
    readonly masked: number;
    readonly signed: number;
    readonly revealed: number;
  };
  /** Shares used to rebuild the masks of those who left, and how many were needed; null where nobody left. */
  readonly rebuilt: {
    readonly clients: readonly number[];
    readonly needed: number;
    /** That came, of the one who has fewest; 0 where nobody said. */
    readonly shares: number;
  } | null;
  /** How this attempt ended before its sum could be read; null while it has not. */
  readonly aborted: {
    readonly phase: string;
    readonly reason: string;
    /** 'allowed', 'same-survivors' or 'burnt' (RetryRule). */
    readonly retry: string;
    /** Clients, or shares, that the phase needed and got; 0 and 0 where the reason is none of numbers. */
    readonly needed: number;
    readonly got: number;
    readonly ms: number;
  } | null;
  /** Everyone is asked whether one more sum over the same model may be made. */
  readonly repeatAsked: boolean;
}

/** What an event says, without being one. */
type Told<Type extends SessionEventBody['type']> = Omit<Extract<SessionEventBody, { type: Type }>, 'type'>;

export type FinishedRound = (SessionRound | RoundResult) & { readonly finishedMs: number };

export interface Watched {
  readonly kind: ActivityKind;
  readonly title: string;
  readonly startedAt: string;
  readonly settings: RunSettings;
  readonly demonstration: boolean;
  /** preparing: before anything can be seen; lobby: people come; words: they compare; ended: whatever the outcome. */
  readonly stage: 'preparing' | 'lobby' | 'words' | 'running' | 'ended';
  readonly preparing: {
    readonly step: 'data' | 'identities';
    readonly done: number;
    readonly total: number;
  } | null;
  readonly prepared: Omit<Prepared, 'type'> | null;
  readonly pace: Pace;
  readonly paused: boolean;
  /** In step mode: the phase whose messages wait. */
  readonly held: string | null;
  /** Injected by the person here: those of this round and of the next. */
  readonly faults: readonly { readonly client: number; readonly fault: Fault; readonly round: number }[];
  /** A coordinator's. */
  readonly invitation: {
    readonly code: string | null;
    readonly link: string;
    readonly addresses: readonly string[];
    readonly fingerprint: string;
  } | null;
  readonly lobby: {
    readonly epoch: number;
    readonly locked: boolean;
    readonly people: readonly LobbyParticipant[];
    /** At a participant's: names only. */
    readonly names: readonly string[];
    /** Names of those who did not agree to the words before, so that it is open again. */
    readonly differing: readonly string[];
  };
  readonly roster: {
    readonly epoch: number;
    readonly words: readonly string[];
    readonly digest: string;
    /** 1 .. n; null at the coordinator. */
    readonly own: number | null;
    readonly members: readonly {
      readonly number: number;
      readonly name: string;
      readonly fingerprint: string;
    }[];
    /** Names of those who have answered, and what. */
    readonly confirmations: readonly {
      readonly name: string;
      readonly agreed: boolean;
      readonly compared: boolean;
    }[];
    /** This machine's own person has answered: true or false; null before. */
    readonly answered: boolean | null;
  } | null;
  readonly question: 'words' | 'repeat' | null;
  readonly rounds: number;
  readonly round: WatchedRound | null;
  readonly finished: readonly FinishedRound[];
  readonly log: readonly LogEntry[];
  readonly training: {
    readonly what: 'round' | ComparisonRow['name'];
    readonly examplesDone: number;
    readonly examplesTotal: number;
    readonly examplesPerSecond: number;
  } | null;
  /** Of a comparison: rows that are being trained, side by side. */
  readonly rowsTraining: readonly NonNullable<Watched['training']>[];
  readonly rows: readonly ComparisonRow[];
  /** A participant's own. */
  readonly own: {
    readonly name: string;
    readonly coordinatorFingerprint: string;
    readonly data: {
      readonly dataset: string;
      readonly examples: number;
      readonly mode: 'dealt' | 'own';
      readonly perClass: readonly number[];
      /** How many of them are drawings of this machine. */
      readonly drawings: number;
    } | null;
    /** Masked vectors that have left, and their bytes. */
    readonly sent: { readonly vectors: number; readonly bytes: number };
    /** Of the round under way: which pictures there are. */
    readonly pictures: { readonly round: number; readonly stage: 'update' | 'masked' } | null;
    readonly connected: boolean;
    readonly lostBecause: string | null;
    readonly retryInMs: number | null;
    readonly waiting: string | null;
  } | null;
  /** Differential privacy: all null without it. What each round came to is with the round. */
  readonly privacy: {
    /** Of the epoch that goes on, or begins. */
    readonly plan: Told<'privacy-plan'> | null;
    /** A participant's last charge. */
    readonly charged: Told<'privacy-charged'> | null;
    /** A participant's, once nothing is sent any more. */
    readonly reached: Told<'budget-reached'> | null;
  };
  /** The last thing that went wrong and needs a person; null once it is mended. */
  readonly problem: {
    readonly code: string;
    readonly message: string;
    readonly hint: string;
    /** What the code leaves open. */
    readonly reason?: string;
  } | null;
  readonly outcome: {
    readonly outcome: string;
    readonly final: FinalModel | null;
    readonly identitiesCompared: boolean;
  } | null;
  /** The last question to the room; null before there was one. */
  readonly ballot: WatchedBallot | null;
  /** Under this id among the results. */
  readonly stored: string | null;
  /** Of the last event. */
  readonly ms: number;
}
