/**
 * What a session over a network leaves behind on one machine: its coordinator's or a participant's. Beside a simulation
 * it lacks what only whoever runs all parties can know: whether a sum is that of the updates, what quantisation cost, how
 * long the others trained and computed.
 */
import type { ProtocolEvent, SimulationResult } from './run-result.ts';
import type { RunSettings } from './run-settings.ts';
import type { SessionRound } from './session-event.ts';

/** What was agreed on; the number of clients is that of the members, and the rest is each machine's own affair. */
export type SessionSettings = Omit<
  RunSettings,
  'clients' | 'drop' | 'dropAt' | 'engine' | 'rsaBits' | 'processes' | 'privacyBudget'
>;

export interface SessionMember {
  /** 1 .. n, in the roster of its epoch. */
  readonly number: number;
  readonly name: string;
  /** SHA-256 of the public key, capital hexadecimal digits in groups of four. */
  readonly fingerprint: string;
}

export interface SessionEpoch {
  /** 1, 2, ... */
  readonly epoch: number;
  /** ISO 8601. */
  readonly startedAt: string;
  /** When the words were confirmed on this machine; null where they were not. */
  readonly confirmedAt: string | null;
  /** A person compared the words: at a participant its own, at the coordinator everyone. */
  readonly compared: boolean;
  /** T */
  readonly threshold: number;
  readonly words: readonly string[];
  readonly members: readonly SessionMember[];
}

export type SessionRoundResult = SessionRound & {
  readonly epoch: number;
  /** ISO 8601. */
  readonly finishedAt: string;
};

export interface SessionAttempt {
  readonly epoch: number;
  readonly round: number;
  readonly attempt: number;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** 'sum', or an abort's reason; null where a crash or the end cut it short. */
  readonly outcome: string | null;
}

export interface SessionPhase {
  readonly round: number;
  readonly attempt: number;
  readonly phase: string;
  /** By the clock: from asking to the last answer, or to giving up. */
  readonly ms: number;
  readonly awaited: number;
  readonly answered: number;
  readonly deadlineMs: number;
}

export interface SessionResult {
  readonly kind: 'session';
  /** ISO 8601. */
  readonly startedAt: string;
  /** From opening (or joining) to the end, the lobby included; to its last round where it has not ended. */
  readonly seconds: number;
  /** Version that wrote this. */
  readonly masquerade: string;
  readonly session: {
    /** Hexadecimal. */
    readonly id: string;
    readonly title: string;
    /** Whose machine this is. */
    readonly role: 'coordinator' | 'participant';
    readonly state: 'lobby' | 'running' | 'finished' | 'stopped' | 'aborted';
    /** The coordinator's. */
    readonly fingerprint: string;
    /** Own number in the last roster; null at the coordinator. */
    readonly own: number | null;
    readonly demonstration: boolean;
    readonly identitiesCompared: boolean;
    /** Of the last epoch; empty where no lobby was closed. */
    readonly words: readonly string[];
    readonly members: readonly SessionMember[];
    readonly epochs: readonly SessionEpoch[];
  };
  readonly settings: SessionSettings;
  /** Of the last epoch; null where no lobby was closed. */
  readonly resolved: SimulationResult['resolved'] | null;
  readonly dataset: {
    readonly name: string;
    /** Of the data set that was dealt; empty where everyone brought their own. */
    readonly digest: string;
    readonly classNames: readonly string[];
    readonly mode: 'dealt' | 'own';
    /** The coordinator's test images; null before the first round. */
    readonly test: number | null;
  };
  readonly model: SimulationResult['model'];
  /** Of this machine: what trained there, or evaluated at the coordinator; left out where that was not kept. */
  readonly engine?: string;
  /** Those that this machine has the model of. */
  readonly rounds: readonly SessionRoundResult[];
  /** The coordinator's; a participant keeps none. */
  readonly attempts: readonly SessionAttempt[];
  /** The coordinator's; a participant keeps none. */
  readonly phases: readonly SessionPhase[];
  /** The unusual ones, as seen from this machine; round 0: outside of the rounds. */
  readonly events: readonly ProtocolEvent[];
  /** Why it ended before its last round: left out, 'target', 'stopped', 'left', an abort's code, or 'unfinished'. */
  readonly ended?: string;
  /** Of the last model; null before the first round. */
  readonly final: SimulationResult['final'] | null;
}
