/**
 * The contract between the interface and its host, whichever it is (Electron's processes, a local browser host, memory in
 * tests): methods that the interface calls, and pushes that it is sent. Both sides check what comes in: the host every
 * argument against these schemas, the interface that every push is one of these.
 */
import { z } from 'zod';
import { type BallotPictures, ballotSchema } from './ballots.ts';
import { attackMethodSchemas, type AttackMethodResults, type AttackPush } from './attacks/host-methods.ts';
import type { EngineUsed, MachineEngines } from './engines.ts';
import { type RunResult } from './run-result.ts';
import { runSettingsSchema } from './run-settings.ts';
import type { ClientPictures, SumPicture } from './pictures.ts';
import type { PrivacyOutlook } from './privacy-outlook.ts';
import {
  type Drawing,
  type Preferences,
  preferencesChangeSchema,
  resultIdSchema,
  type ResultSummary,
  type TakeAway,
} from './results.ts';
import { activityCommandSchema, type ActivityKind, paces, type WatchEvent } from './watch-event.ts';
import type { Watched, WatchedRound } from './watched.ts';

/** What this machine and its host are. */
export interface About {
  readonly version: string;
  readonly shell: 'electron' | 'browser';
  readonly platform: string;
  readonly cores: number;
  readonly dataFolder: string;
  readonly identity: { readonly fingerprint: string; readonly bits: number; readonly createdAt: string };
  /** What the secrets lie under; passphrase: of this person's. */
  readonly protection: 'passphrase' | 'wrapping-key' | 'operating-system';
  readonly preferences: Preferences;
  /** Measured on this machine when it was last asked to train; null before. */
  readonly imagesPerSecond: number | null;
  /** Of the system, as far as the host can tell. */
  readonly language: 'en' | 'fr';
  /** What only a desktop shell can do. */
  readonly can: {
    readonly chooseFolder: boolean;
    readonly printToPdf: boolean;
    readonly openLinks: boolean;
    readonly update: boolean;
  };
}

/** More of this machine, for whoever looks into it. */
export interface MachineDetails {
  /** What other programs see around the identity's key; null where it cannot be read. */
  readonly certificate: {
    readonly subject: string;
    readonly serial: string;
    /** Of the whole certificate, capital hexadecimal digits in groups of four. */
    readonly sha256: string;
    /** ISO 8601 */
    readonly validFrom: string;
    readonly validUntil: string;
  } | null;
  readonly logFile: string;
  readonly runtime: {
    readonly node: string;
    /** null in a browser. */
    readonly electron: string | null;
    readonly chromium: string | null;
  };
}

export interface ActivitySummary {
  readonly activity: string;
  readonly kind: ActivityKind;
  readonly title: string;
  readonly stage: Watched['stage'];
  readonly round: number;
  readonly rounds: number;
}

/** What would come of settings: shown before anything starts. */
export interface RunPlan {
  /** undefined where there is a problem. */
  readonly threshold: number | null;
  /** How many may leave in a round: n - T. */
  readonly survives: number | null;
  readonly graph: 'complete' | 'sparse' | null;
  readonly neighbours: number | null;
  readonly bits: number | null;
  readonly parameters: number;
  /** How many of them are moving statistics of batch normalisation. */
  readonly movingStatistics: number;
  readonly dataset: {
    readonly name: string;
    readonly train: number;
    readonly test: number;
    readonly classNames: readonly string[];
    readonly height: number;
    readonly width: number;
  };
  /** Images of the client that has fewest, and most; null where everyone brings their own. */
  readonly perClient: { readonly fewest: number; readonly most: number } | null;
  /** null where the model is not known. */
  readonly engine: EngineUsed | null;
  /** By this machine's own measured speed. */
  readonly estimate: {
    /** null until the speed is known, and where everyone brings their own data. */
    readonly secondsPerRound: number | null;
    /** Of one client. */
    readonly bytesUpPerRound: number | null;
  };
  /** Differential privacy; null without it, and where there is a problem. */
  readonly privacy: PrivacyOutlook | null;
  /** By the setting that must change. */
  readonly problems: readonly {
    readonly field: string;
    /** In English. */
    readonly message: string;
    /** A FederationError's, with its details: for a sentence in another language. */
    readonly code: string;
    readonly details: Readonly<Record<string, unknown>>;
  }[];
}

export interface DataDescription {
  readonly name: string;
  readonly kind: 'mnist' | 'idx' | 'images';
  readonly train: number;
  readonly test: number;
  readonly heldOut: boolean;
  readonly classNames: readonly string[];
  readonly perClass: readonly number[];
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** [count, height, width, channels] some of its images, by class in turn. */
  readonly samples: { readonly pixels: Uint8Array; readonly labels: readonly number[] };
}

/** A model as whoever runs it needs it. */
export interface TrainedModelBytes {
  /** tf.js layers topology. */
  readonly topology: Readonly<Record<string, unknown>>;
  /** [d] float32, little-endian, as core/model/engine.ts has them. */
  readonly weights: Uint8Array;
  readonly classNames: readonly string[];
}

/** On the local network; nothing of it is trusted. */
export interface NearbySession {
  readonly session: string;
  readonly title: string;
  readonly link: string;
  readonly addresses: readonly string[];
}

const empty = z.strictObject({});
const activity = z.string().regex(/^[a-z]{1,20}-[0-9a-f]{8,40}$/);
const inActivity = z.strictObject({ activity });
const title = z.string().trim().min(1).max(80);
const path = z.string().min(1).max(4096);
const passphrase = z.string().min(1).max(1024);
const ids = z.array(z.int().min(1)).min(1).max(10_000);
const digit = z.custom<Uint8Array>(
  (pixels) => pixels instanceof Uint8Array && pixels.length === 784,
  'must be 28 x 28 pixels',
);

/** How a participant takes part. */
export const participantDataSchema = z.discriminatedUnion('kind', [
  /** What the coordinator deals out. */
  z.strictObject({ kind: z.literal('dealt') }),
  z.strictObject({ kind: z.literal('folder'), path }),
  /** The drawings of this machine; added to what is dealt, or alone where everyone brings their own. */
  z.strictObject({ kind: z.literal('drawings') }),
]);
export type ParticipantDataChoice = z.infer<typeof participantDataSchema>;

/** The arguments of every method; each takes one object. */
export const methodSchemas = {
  about: empty,
  machine: empty,
  engines: empty,
  /** Forgets what was measured of engines, and measures them anew with the reference model. */
  measureEngines: empty,
  savePreferences: preferencesChangeSchema,

  // activities
  activities: empty,
  /** From now on its events are pushed to whoever asked. */
  watch: inActivity,
  unwatch: inActivity,
  /** Forgets an activity that has ended. */
  closeActivity: inActivity,
  command: z.strictObject({ activity, command: activityCommandSchema }),
  /** round: null for the one under way. */
  pictures: z.strictObject({ activity, client: z.int().min(1).max(500), round: z.int().min(1).nullable() }),
  sumPicture: z.strictObject({ activity, round: z.int().min(1).nullable() }),
  /** A round that is over, as it stood at its end; null where it is no longer kept. */
  roundRecord: z.strictObject({ activity, round: z.int().min(1) }),
  /** Asks the screens of everyone in a session that this machine leads; throws 'no-room' where it leads none. */
  openBallot: z.strictObject({ activity, ballot: ballotSchema }),
  closeBallot: inActivity,
  /** At a participant: the pictures of the last question; null before there was one. */
  ballotPictures: inActivity,
  /** Some of a participant's own training images. */
  ownImages: z.strictObject({ activity, count: z.int().min(1).max(256) }),

  // starting
  plan: z.strictObject({
    settings: runSettingsSchema.partial(),
    purpose: z.enum(['simulation', 'comparison', 'session']),
    data: z.enum(['dealt', 'own']),
    demonstration: z.boolean(),
  }),
  simulate: z.strictObject({ title, settings: runSettingsSchema, pace: z.enum(paces) }),
  compare: z.strictObject({ title, settings: runSettingsSchema }),
  coordinate: z.strictObject({
    title,
    settings: runSettingsSchema,
    data: z.enum(['dealt', 'own']),
    demonstration: z.boolean(),
    deadlineSeconds: z.number().positive().max(86_400).nullable(),
  }),
  resumeSession: z.strictObject({ session: z.string().regex(/^[0-9a-f]{32}$/) }),
  /** Throws 'invalid-setting' where it is no code or link. */
  readInvitation: z.strictObject({ text: z.string().max(4096) }),
  join: z.strictObject({
    invitation: z.string().min(1).max(4096),
    name: z.string().trim().min(1).max(300),
    data: participantDataSchema,
    agreeToDemonstration: z.boolean(),
    /** Largest epsilon of this person on this data, over all sessions; left out: none. */
    privacyBudget: z.number().gt(0).max(1_000_000).exactOptional(),
  }),
  /** Looks for sessions on the local network while anybody asks it to. */
  lookAround: z.strictObject({ on: z.boolean() }),

  // data
  chooseFolder: empty,
  describeData: z.strictObject({ source: path }),
  drawings: empty,
  addDrawing: z.strictObject({ label: z.int().min(0).max(9), pixels: digit }),
  removeDrawings: z.strictObject({ ids }),
  restoreDrawings: z.strictObject({ ids }),
  /** By the model of an activity (of its last round), or of a past session. */
  classify: z.strictObject({ model: z.union([activity, resultIdSchema]), pixels: digit }),
  /** Such a model as it is now, for the page's own engine. */
  trainedModel: z.strictObject({ model: z.union([activity, resultIdSchema]) }),

  // results
  results: empty,
  result: z.strictObject({ id: resultIdSchema }),
  /** Can be taken back until the host ends, or for ten minutes. */
  deleteResults: z.strictObject({ ids: z.array(resultIdSchema).min(1).max(1_000) }),
  restoreResults: z.strictObject({ ids: z.array(resultIdSchema).min(1).max(1_000) }),
  exportResult: z.strictObject({
    id: resultIdSchema,
    format: z.enum(['html', 'csv', 'json', 'audit', 'model', 'pdf']),
    language: z.enum(['en', 'fr']),
  }),

  // the attack lab
  ...attackMethodSchemas,

  // this machine
  backUpIdentity: z.strictObject({ passphrase }),
  restoreIdentity: z.strictObject({
    bytes: z.instanceof(Uint8Array).refine((bytes) => bytes.length <= 1_000_000, 'must be below 1 MB'),
    passphrase,
    replace: z.boolean(),
  }),
  /** null: back to the key file, or the operating system. */
  protect: z.strictObject({ passphrase: passphrase.nullable() }),
  /** Into the log file: what went wrong in the interface. */
  report: z.strictObject({ message: z.string().max(10_000) }),
} as const;

export type MethodName = keyof typeof methodSchemas;
export type MethodArguments<Name extends MethodName> = z.infer<(typeof methodSchemas)[Name]>;

export interface MethodResults extends AttackMethodResults {
  about: About;
  machine: MachineDetails;
  engines: MachineEngines;
  measureEngines: MachineEngines;
  savePreferences: Preferences;
  activities: readonly ActivitySummary[];
  watch: Watched;
  unwatch: null;
  closeActivity: null;
  command: null;
  pictures: ClientPictures | null;
  sumPicture: SumPicture | null;
  roundRecord: WatchedRound | null;
  openBallot: { readonly asked: number };
  closeBallot: null;
  ballotPictures: BallotPictures | null;
  ownImages: {
    readonly pixels: Uint8Array;
    readonly labels: readonly number[];
    readonly height: number;
    readonly width: number;
    readonly channels: number;
  };
  plan: RunPlan;
  simulate: { readonly activity: string };
  compare: { readonly activity: string };
  coordinate: { readonly activity: string };
  resumeSession: { readonly activity: string };
  readInvitation: { readonly addresses: readonly string[]; readonly link: string };
  join: { readonly activity: string };
  lookAround: readonly NearbySession[];
  chooseFolder: { readonly path: string } | null;
  describeData: DataDescription;
  drawings: readonly Drawing[];
  addDrawing: Drawing;
  removeDrawings: null;
  restoreDrawings: null;
  classify: { readonly probabilities: readonly number[]; readonly classNames: readonly string[] };
  /** null where its weights are too many to be sent: the host answers for it. */
  trainedModel: TrainedModelBytes | null;
  results: readonly ResultSummary[];
  result: RunResult;
  deleteResults: null;
  restoreResults: null;
  exportResult: TakeAway | { readonly saved: string | null };
  backUpIdentity: TakeAway | { readonly saved: string | null };
  restoreIdentity: About['identity'];
  protect: null;
  report: null;
}

/** What the interface is sent unasked. */
export type Push =
  | AttackPush
  | { readonly push: 'events'; readonly activity: string; readonly events: readonly WatchEvent[] }
  | { readonly push: 'activities'; readonly activities: readonly ActivitySummary[] }
  | { readonly push: 'nearby'; readonly sessions: readonly NearbySession[] }
  | { readonly push: 'results' }
  | { readonly push: 'preferences'; readonly preferences: Preferences }
  /** A link was opened outside (masquerade://join/...), or a menu item chosen. */
  | { readonly push: 'go'; readonly to: string };

export const pushNames = [
  'events',
  'activities',
  'nearby',
  'results',
  'preferences',
  'go',
  'attack',
  'attack-reports',
] as const satisfies readonly Push['push'][];

/** An error that a person can do something about; `fault`: a fault of Masquerade's own. */
export interface CallError {
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export type CallResult<Name extends MethodName> =
  | { readonly ok: true; readonly value: MethodResults[Name] }
  | { readonly ok: false; readonly error: CallError };

/** The interface's end. */
export interface HostConnection {
  call<Name extends MethodName>(name: Name, args: MethodArguments<Name>): Promise<CallResult<Name>>;
  /** Returns how to stop listening. */
  onPush(listener: (push: Push) => void): () => void;
  /** The connection went or came back: what was watched must be watched anew. */
  onConnection(listener: (connected: boolean) => void): () => void;
}
