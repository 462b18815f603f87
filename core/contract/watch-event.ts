/**
 * What a screen is told of an activity, and what it may tell it back. A session's own events are passed on as they are;
 * simulations and comparisons speak the same language, with what only whoever runs all parties can know beside it.
 */
import { z } from 'zod';
import { mostBallotPictures } from './ballots.ts';
import type { EngineUsed } from './engines.ts';
import type { ComparisonRow, RoundResult } from './run-result.ts';
import type { RunSettings } from './run-settings.ts';
import type { SessionEventBody } from './session-event.ts';

export const activityKinds = ['simulation', 'comparison', 'coordinator', 'participant'] as const;
export type ActivityKind = (typeof activityKinds)[number];

/** step: every phase waits for a person; slow: messages one by one, to follow by eye; full: as fast as it goes. */
export const paces = ['step', 'slow', 'full'] as const;
export type Pace = (typeof paces)[number];

/** What a person can do to a client of a simulation. */
export const faults = ['drop', 'slow', 'tamper', 'replay'] as const;
export type Fault = (typeof faults)[number];

/** First of every activity: what does not change while it runs. */
export interface Opened {
  readonly type: 'opened';
  readonly kind: ActivityKind;
  readonly title: string;
  /** ISO 8601 */
  readonly startedAt: string;
  readonly settings: RunSettings;
  readonly demonstration: boolean;
  readonly pace: Pace;
}

/** What an activity stands on, once it is loaded. */
export interface Prepared {
  readonly type: 'prepared';
  readonly dataset: {
    readonly name: string;
    readonly train: number;
    readonly test: number;
    readonly classNames: readonly string[];
    readonly height: number;
    readonly width: number;
    readonly channels: number;
  };
  readonly model: { readonly name: string; readonly parameters: number };
  readonly engine: EngineUsed;
  /** T; null before the number of members is known. */
  readonly threshold: number | null;
  /** n; null before the number of members is known. */
  readonly participants: number | null;
}

export type WatchEventBody =
  | SessionEventBody
  | Opened
  | Prepared
  /** Participants only: what the coordinator has chosen, once its plan has come. */
  | { readonly type: 'settings'; readonly settings: RunSettings }
  /** Before the first round: identities are made, data is loaded. */
  | {
      readonly type: 'preparing';
      readonly step: 'data' | 'identities';
      readonly done: number;
      readonly total: number;
    }
  /** Simulations only: the coordinator waits for so many clients' messages of this phase; there is no deadline. */
  | {
      readonly type: 'simulated-phase';
      readonly round: number;
      readonly attempt: number;
      readonly phase: string;
      readonly awaited: number;
    }
  /** Simulations only: how far each client's training is, 0 .. 1, by client number - 1. */
  | { readonly type: 'clients-training'; readonly shares: readonly number[] }
  /** All training of a round, or of a row of the comparison (`what` is then its name). */
  | {
      readonly type: 'training-total';
      readonly what: 'round' | ComparisonRow['name'];
      readonly examplesDone: number;
      readonly examplesTotal: number;
      readonly examplesPerSecond: number;
    }
  /** Simulations only: a session's round with what only a simulation can know. */
  | ({ readonly type: 'simulated-round' } & RoundResult)
  /** The coordinator's running sum has taken in so many masked vectors; its picture has changed. */
  | { readonly type: 'sum'; readonly added: number }
  | { readonly type: 'pace'; readonly pace: Pace }
  /** It strikes at the client's next message: in this round, or the next where it is too late for this one. */
  | { readonly type: 'fault'; readonly client: number; readonly fault: Fault; readonly round: number }
  | { readonly type: 'row'; readonly row: ComparisonRow }
  /** A participant's own pictures of this round can be fetched. */
  | { readonly type: 'own-pictures'; readonly round: number; readonly stage: 'update' | 'masked' }
  /** A person has to answer. */
  | { readonly type: 'question'; readonly question: 'words' | 'repeat'; readonly round: number }
  | { readonly type: 'answered'; readonly question: 'words' | 'repeat'; readonly agreed: boolean }
  /** This person has answered the room's question. */
  | { readonly type: 'voted'; readonly ballot: number; readonly choice: number }
  /** It can be found among the results under this id. */
  | { readonly type: 'stored'; readonly result: string };

/** atMs: since the activity was opened, by the host's clock. */
export type WatchEvent = { readonly atMs: number } & WatchEventBody;

const fingerprintText = z.string().regex(/^[0-9a-f]{64}$/);

/** What the person at this machine decides in an activity; those that do not fit its kind or stage change nothing. */
export const activityCommandSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('pause') }),
  z.strictObject({ do: z.literal('resume') }),
  /** Ends in good order; what is finished is kept. */
  z.strictObject({ do: z.literal('stop') }),
  z.strictObject({ do: z.literal('pace'), pace: z.enum(paces) }),
  /** Lets the phase go that is held. */
  z.strictObject({ do: z.literal('next') }),
  z.strictObject({ do: z.literal('fault'), client: z.int().min(1).max(500), fault: z.enum(faults) }),
  // the leader's
  z.strictObject({ do: z.literal('close-lobby') }),
  /** The words are not right, or somebody is missing: back to the lobby. */
  z.strictObject({ do: z.literal('confirm-words'), agreed: z.boolean() }),
  z.strictObject({ do: z.literal('start') }),
  z.strictObject({ do: z.literal('lock'), locked: z.boolean() }),
  z.strictObject({ do: z.literal('remove'), fingerprint: fingerprintText }),
  /** null: adaptive. */
  z.strictObject({ do: z.literal('deadline'), seconds: z.number().positive().max(86_400).nullable() }),
  // a participant's
  z.strictObject({ do: z.literal('answer-words'), agreed: z.boolean() }),
  z.strictObject({ do: z.literal('answer-repeat'), allowed: z.boolean() }),
  z.strictObject({
    do: z.literal('vote'),
    ballot: z.int().min(1),
    choice: z.int().min(0).lt(mostBallotPictures),
  }),
]);
export type ActivityCommand = z.infer<typeof activityCommandSchema>;
