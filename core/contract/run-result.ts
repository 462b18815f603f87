/** What a run leaves behind: the JSON of `simulate` and `compare`, and what a report is made from (session-result.ts: of a session). Times in ms unless named. */
import type { EngineUsed } from './engines.ts';
import type { RunSettings } from './run-settings.ts';
import type { SessionResult } from './session-result.ts';

/** The phases by which a round's costs are told; what comes after unmasking is all 'aggregate'. */
export const costPhases = [
  'advertise-keys',
  'share-keys',
  'masked-input',
  'statement',
  'unmask',
  'aggregate',
] as const;
export type CostPhase = (typeof costPhases)[number];

export interface RoundResult {
  /** 1, 2, ... */
  readonly round: number;
  /** Attempts that the round took; 1 when nothing went wrong. */
  readonly attempts: number;
  readonly accuracy: number;
  readonly f1Weighted: number;
  /** Mean cross-entropy on the test images. */
  readonly loss: number;
  /** Sizes of U1, U2, U3, U4. */
  readonly clients: {
    readonly advertised: number;
    readonly shared: number;
    readonly masked: number;
    readonly unmasked: number;
  };
  /** Client numbers (1 .. n) that vanished in this round. */
  readonly dropped: readonly number[];
  readonly refused: readonly { readonly client: number; readonly phase: string; readonly reason: string }[];
  /** The unmasked aggregate equals the sum of the quantised (and noised) inputs of U3, element by element; null without quantisation. */
  readonly exactSum: boolean | null;
  /** Largest |dequantised aggregate - float aggregate| over the coordinates, and its proven bound; null without quantisation, and where noise drowns it. */
  readonly quantisationError: { readonly largest: number; readonly bound: number } | null;
  /** Share of the clients' values that were clipped; null under differential privacy, where nobody is told. */
  readonly clippedRate: number | null;
  /** Over the clients of U3, as are all means of clients here: whoever vanished earlier cost less, and counts for nothing. */
  readonly bytesUpPerClient: { readonly mean: number; readonly max: number };
  readonly bytesDownPerClient: { readonly mean: number; readonly max: number };
  /** train: wall time while clients train; client: mean of a client's protocol work; coordinator: its work (both processor time). All attempts count. */
  readonly ms: {
    readonly train: number;
    readonly client: number;
    readonly coordinator: number;
    readonly evaluate: number;
    readonly total: number;
  };
  /** Processor time and traffic by phase of the protocol. */
  readonly phases: readonly PhaseResult[];
  /** [classes x classes], row = true, column = predicted, on the test images. */
  readonly confusion: readonly number[];
  /** From the masked sum: what the clients saw while training, and how many took part; null where clippedRate is. */
  readonly reported: {
    readonly loss: number;
    readonly accuracy: number;
    readonly examples: number;
    readonly selected: number;
  } | null;
  /** Left out without differential privacy. */
  readonly privacy?: RoundPrivacy;
}

/**
 * Differential privacy by noise that the clients add themselves (distributed), not the coordinator (central): nobody
 * ever holds the sum without it. Neighbouring data sets differ in one client's whole contribution.
 */
export interface RoundPrivacy {
  /** What the rounds so far tell of a client that sent a vector in each of them, at most, at this delta. */
  readonly epsilon: number;
  readonly delta: number;
  /** h: survivors whose noise epsilon counts on; the others are taken to collude. */
  readonly honest: number;
  /** sqrt(|U3| / h): how many times as much noise the sum has as epsilon counts on. */
  readonly excess: number;
  /** C: to which L2 norm updates were scaled down. */
  readonly clippingNorm: number;
  /** Expected L2 norm of the noise in the mean update. */
  readonly noiseNorm: number;
  /** L2 norm of the mean update, with its noise. */
  readonly updateNorm: number;
  /** With adaptive clipping: about which share of the updates was within C, itself noised; else null. */
  readonly withinNorm: number | null;
}

export interface PhaseResult {
  readonly phase: CostPhase;
  /** Mean of a client's processor time, ms, over the clients of U3. */
  readonly clientMs: number;
  readonly coordinatorMs: number;
  /** Bytes, mean over the clients of U3. */
  readonly bytesUp: number;
  readonly bytesDown: number;
}

export const eventKinds = [
  'advertised',
  'shared',
  'trained',
  'masked',
  'signed',
  'verified',
  'revealed',
  'refused',
  'dropped',
  'recovered',
  'aggregated',
  'evaluated',
  'aborted',
  'retried',
  'share-missing',
  'process-replaced',
] as const;
export type EventKind = (typeof eventKinds)[number];

/** One line of what happened: a report lists them, a terminal shows them. */
export interface ProtocolEvent {
  readonly round: number;
  readonly attempt: number;
  readonly phase: string;
  /** 1 .. n; undefined: the coordinator. */
  readonly client?: number;
  readonly kind: EventKind;
  /** Plain fields for the sentence, e.g. { shares: 14, needed: 14 }. */
  readonly detail: Readonly<Record<string, string | number>>;
}

/** What a result keeps of the events: what everyone does in every round is in the rounds' counts. */
export const unusualKinds = [
  'dropped',
  'recovered',
  'refused',
  'retried',
  'aborted',
  'share-missing',
  'process-replaced',
] as const satisfies readonly EventKind[];
export type UnusualKind = (typeof unusualKinds)[number];
export type UnusualEvent = ProtocolEvent & { readonly kind: UnusualKind };

export function isUnusual(event: ProtocolEvent): event is UnusualEvent {
  return (unusualKinds as readonly string[]).includes(event.kind);
}

export interface RunEnvironment {
  readonly masquerade: string;
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
}

export interface SimulationResult {
  readonly kind: 'simulation';
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly settings: RunSettings;
  readonly resolved: {
    readonly threshold: number;
    readonly graph: 'complete' | 'sparse';
    readonly neighbours: number;
    readonly neighbourThreshold: number;
    readonly bits: number;
    readonly scale: number;
    readonly clipBound: number;
  };
  readonly dataset: {
    readonly name: string;
    readonly digest: string;
    readonly classNames: readonly string[];
    readonly train: number;
    readonly test: number;
  };
  readonly model: { readonly name: string; readonly parameters: number; readonly architectureSha256: string };
  readonly engine: EngineUsed;
  readonly environment: RunEnvironment;
  readonly rounds: readonly RoundResult[];
  readonly events: readonly ProtocolEvent[];
  /** Why the run ended before its last round: undefined, 'target', 'cancelled', or an abort's code. */
  readonly ended?: string;
  /** The attempt that ended the run, where one did: `ended` is its reason. */
  readonly aborted?: {
    readonly round: number;
    readonly attempt: number;
    readonly phase: string;
    readonly reason: string;
    /** Clients (or shares) that the phase needed and got; 0 and 0 where the reason is none of numbers. */
    readonly needed: number;
    readonly got: number;
  };
  /** Processor-seconds of training steps over cores x wall time of the federated part. */
  readonly trainingShare: number;
  /** Of the last model: of the untrained one where no round was finished, and then nothing to show. */
  readonly final: { readonly accuracy: number; readonly f1Weighted: number; readonly modelSha256: string };
}

export interface ComparisonRow {
  readonly name: 'centralised' | 'single-client' | 'federated';
  readonly accuracy: number;
  readonly f1Weighted: number;
  readonly seconds: number;
  /** Distinct training images that the row used. */
  readonly examples: number;
  /** Accuracy and loss after every epoch (or round). */
  readonly curve: readonly {
    readonly accuracy: number;
    readonly f1Weighted: number;
    readonly loss: number;
  }[];
}

export interface ComparisonResult {
  readonly kind: 'comparison';
  readonly startedAt: string;
  readonly seconds: number;
  /** Those that were finished: fewer than three when it was cancelled, or the federation aborted before a round. */
  readonly rows: readonly ComparisonRow[];
  readonly simulation: SimulationResult;
}

export type RunResult = SimulationResult | ComparisonResult | SessionResult;
