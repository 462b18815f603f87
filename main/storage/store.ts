/**
 * What is kept on disk, as the services see it: one SQLite database in the data folder. Every call is synchronous and
 * durable when it returns: what a protocol step must have written before its next effect is written.
 *
 * Sessions are named by their 16 bytes as lower-case hexadecimal text; so are digests. Times are ISO 8601.
 * Secrets (private keys, the session's TLS key, kept vectors) are encrypted, bound to their row and purpose.
 *
 * Any call may throw 'disk-full', 'folder-unusable' or 'database-damaged'; what was saved before is intact then. Calls
 * that name a session which does not exist, or do again what is done once, throw 'internal'.
 */
import type { AttackImage, AttackReport } from '../../core/contract/attacks/attack-report.ts';
import type { ParticipantDataChoice } from '../../core/contract/host.ts';
import type { Drawing, Preferences } from '../../core/contract/results.ts';
import type { ProtocolEvent, RunResult } from '../../core/contract/run-result.ts';
import type { SessionRound } from '../../core/contract/session-event.ts';
import type { Identity, IdentityBits } from '../../core/crypto/rsa.ts';
import type { InputVector } from '../../core/secagg/client-events.ts';
import type { ClientRecord, StoredSession } from '../../core/secagg/client-session.ts';
import type { CoordinatorRecord } from '../../core/secagg/coordinator-state.ts';
import type { LedgerEntry } from '../../core/privacy/ledger.ts';
import type { ServerOptimiserState } from '../../core/fedavg/server-optimiser.ts';

export type SessionRole = 'coordinator' | 'participant';

/** lobby, running: not ended; a coordinator may resume it. */
export type SessionState = 'lobby' | 'running' | 'finished' | 'stopped' | 'aborted';

export interface SessionRow {
  readonly session: string;
  readonly role: SessionRole;
  readonly state: SessionState;
  readonly title: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Why it ended, as a code; null while it has not. */
  readonly endedReason: string | null;
  /** The session's plan (core/contract/session-plan.ts) as JSON. */
  readonly plan: string;
  readonly demonstration: boolean;
  /** False for good once somebody accepted the words without comparing them. */
  readonly identitiesCompared: boolean;
  /** Join link: how a participant finds the coordinator again. */
  readonly link: string;
  /** Where the coordinator listens; null for participants. */
  readonly port: number | null;
  /** SubjectPublicKeyInfo, DER. */
  readonly coordinatorKey: Uint8Array;
  readonly transportKey: Uint8Array;
  /** SHA-256 of the own identity's public key, hexadecimal. */
  readonly identity: string;
}

/** What was chosen on this machine for a session, beside what its plan says: to go on with it as it was. */
export type SessionChoices =
  | {
      readonly role: 'coordinator';
      /** 'mnist' or a folder. */
      readonly dataset: string;
    }
  | {
      readonly role: 'participant';
      readonly name: string;
      readonly data: ParticipantDataChoice;
      readonly agreeToDemonstration: boolean;
      /** Largest epsilon; left out: none. */
      readonly privacyBudget?: number;
    };

export interface EpochRow {
  readonly session: string;
  /** 1, 2, ... */
  readonly epoch: number;
  readonly rosterDigest: string;
  /** Members in the order of their numbers. */
  readonly members: readonly { readonly name: string; readonly publicKey: Uint8Array }[];
  /** What everyone opened, the coordinator's first; 32 bytes each. */
  readonly nonces: readonly Uint8Array[];
  /** RoundParameters as JSON. */
  readonly parameters: string;
  readonly startedAt: string;
  /** When a person (or --yes) confirmed the words on this machine; null before. */
  readonly confirmedAt: string | null;
  /** True when a person compared the words. */
  readonly compared: boolean;
}

export interface AttemptRow {
  readonly session: string;
  readonly epoch: number;
  readonly round: number;
  readonly attempt: number;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** 'sum', or the abort's reason; null while under way. */
  readonly outcome: string | null;
}

export interface PhaseRow {
  readonly session: string;
  readonly round: number;
  readonly attempt: number;
  readonly phase: string;
  readonly startedAt: string;
  readonly ms: number;
  readonly awaited: number;
  readonly answered: number;
  readonly deadlineMs: number;
}

/** A round that has ended with a sum, all of it or nothing. */
export interface CompletedRound {
  readonly session: string;
  readonly epoch: number;
  readonly round: number;
  readonly finishedAt: string;
  readonly result: SessionRound;
  /** [vectorLength] the unmasked sum over U3; null on a participant's machine, which never sees it. */
  readonly sum: Int32Array | Float64Array | null;
  /** The model after this round. */
  readonly model: { readonly hash: string; readonly weights: Float32Array };
  /** null on a participant's machine; kept with the last round only, as nobody goes back to an earlier one. */
  readonly serverState: ServerOptimiserState | null;
}

/** A completed round without its large arrays. */
export type RoundSummary = Omit<CompletedRound, 'sum' | 'model' | 'serverState'> & {
  readonly modelHash: string;
};

export interface MetricRow {
  readonly round: number;
  /** accuracy, f1Weighted, loss; reportedLoss, reportedAccuracy, reportedExamples, reportedSelected, or epsilon, noiseNorm, updateNorm. */
  readonly name: string;
  /** null: not a number. */
  readonly value: number | null;
}

/** A signed message, as its sender sealed it, without attachment: part of the session's history. */
export interface SignedMessageRow {
  readonly session: string;
  readonly epoch: number;
  readonly round: number;
  readonly attempt: number;
  /** Message type of core/wire/messages.ts. */
  readonly type: string;
  /** 0: the coordinator; 1 .. n: members; 65535: a guest of the lobby. */
  readonly sender: number;
  readonly bytes: Uint8Array;
}

export interface EventRow {
  readonly session: string;
  readonly at: string;
  readonly event: ProtocolEvent;
}

export interface PeerRow {
  /** SHA-256 of the public key, hexadecimal. */
  readonly fingerprint: string;
  readonly publicKey: Uint8Array;
  /** As last used. */
  readonly name: string;
  readonly firstSeen: string;
  readonly lastSeen: string;
}

export interface IdentityRow {
  readonly fingerprint: string;
  readonly publicKey: Uint8Array;
  readonly bits: number;
  readonly createdAt: string;
  /** Self-signed X.509 certificate, DER. */
  readonly certificate: Uint8Array;
}

export interface ExperimentRow {
  readonly id: number;
  readonly kind: RunResult['kind'];
  /** Empty where nobody gave it one. */
  readonly title: string;
  readonly startedAt: string;
}

/** An attack without its pictures. */
export interface AttackRow {
  readonly id: number;
  readonly report: Omit<AttackReport, 'images'>;
  /** The person has put it into the report. */
  readonly inReport: boolean;
}

/** imagesPerSecond: training speed of all processes of this machine together. */
export type MeasurementName = 'imagesPerSecond';

/** What opens the secrets of a data folder. */
export type StoreSecret =
  | { readonly kind: 'passphrase'; readonly passphrase: string }
  /** A key in the file `wrapping.key` of the folder, made at the first start. */
  | { readonly kind: 'wrapping-key' }
  /** 32 bytes that the operating system keeps. */
  | { readonly kind: 'operating-system'; readonly key: Uint8Array };

export interface StoredIdentity {
  readonly identity: Identity;
  readonly row: IdentityRow;
}

export interface Store {
  readonly folder: string;
  /** What the secrets lie under; under a wrapping key file permissions alone protect them, which is to be said at every start. */
  readonly protection: StoreSecret['kind'];
  /** The secrets open with another secret from now on; the same key lies under it. */
  changeProtection(secret: StoreSecret): Promise<void>;

  // identities
  /** This install's identity; made at the first call, with `bits` (2048 unless given). */
  identity(bits?: IdentityBits): Promise<StoredIdentity>;
  /** The current one first. */
  identities(): readonly IdentityRow[];
  /** One that is or was this install's: an earlier session goes on under the identity that it names. */
  storedIdentity(fingerprint: string): StoredIdentity | undefined;
  /**
   * Adds an identity from a backup and makes it the current one; those before are kept. Throws 'identity-exists' when
   * there is another and `replace` is false.
   */
  addIdentity(identity: Identity, certificate: Uint8Array, replace: boolean): IdentityRow;

  // sessions
  createSession(row: SessionRow, secrets: { readonly transportPrivateKey: Uint8Array | null }): void;
  updateSession(
    session: string,
    change: Partial<Pick<SessionRow, 'state' | 'title' | 'identitiesCompared' | 'link' | 'port' | 'plan'>>,
  ): void;
  /** What trains or evaluates on this machine, as results name it; the same again changes nothing. */
  noteEngine(session: string, engine: string): void;
  /** In the order in which they were noted. */
  sessionEngines(session: string): readonly string[];
  /** Also erases the session's TLS key and kept vectors. */
  endSession(session: string, state: 'finished' | 'stopped' | 'aborted', reason: string, at: string): void;
  session(session: string): SessionRow | undefined;
  /** Latest first. */
  sessions(): readonly SessionRow[];
  /**
   * With all that belongs to it, models that nothing else needs included. A client's mark in the second place stays: whoever is
   * asked to join the same session again does not remember what was signed, and sits it out.
   */
  deleteSession(session: string): void;
  /** Out of sight, as if deleted; until it is purged it can be restored, unless the session has been created again. */
  removeSession(session: string, at: string): void;
  restoreSession(session: string): void;
  /** PKCS#8; undefined once the session has ended. */
  transportPrivateKey(session: string): Promise<Uint8Array | undefined>;

  // going on with a session
  /** At a coordinator; fingerprint: of the person's key. */
  saveDeparture(session: string, fingerprint: string, how: 'left' | 'removed'): void;
  /** By fingerprint. */
  departures(session: string): ReadonlyMap<string, 'left' | 'removed'>;
  saveChoices(session: string, choices: SessionChoices): void;
  choices(session: string): SessionChoices | undefined;

  // epochs
  /** A roster may be saved anew until it is confirmed. */
  saveEpoch(row: EpochRow): void;
  confirmEpoch(session: string, epoch: number, at: string, compared: boolean): void;
  epochs(session: string): readonly EpochRow[];

  // what must never be done twice
  /** The session must exist. Throws 'client-barred' when the record found here is not the last one written. */
  saveClientRecord(record: ClientRecord): void;
  /** Record, and its mark from the second place: its token when the record is the last one written. */
  clientSession(session: string): StoredSession;
  saveCoordinatorRecord(session: string, record: CoordinatorRecord): void;
  coordinatorRecord(session: string): CoordinatorRecord | undefined;
  /** Encrypted until discarded. */
  keepVector(session: string, round: number, vector: InputVector): void;
  recallVector(session: string, round: number): InputVector | undefined;
  discardVector(session: string, round: number): void;

  // what noise has not hidden
  /** All or none, flushed when it returns; the same vector in the same session again changes nothing. Never deleted. */
  chargePrivacy(entries: readonly LedgerEntry[], at: string): void;
  /** Of an identity (its key's fingerprint) and one account of data, oldest first. */
  privacyCharges(identity: string, dataset: string): readonly LedgerEntry[];

  // rounds
  /** Again once it has ended. */
  saveAttempt(row: AttemptRow): void;
  savePhase(row: PhaseRow): void;
  /** Once; again with the same model changes nothing. */
  completeRound(round: CompletedRound): void;
  /** One at a time: a session's models together may be more than the memory holds. */
  completedRounds(session: string): Iterable<CompletedRound>;
  /** The last one only: what a coordinator resumes from. */
  lastCompletedRound(session: string): CompletedRound | undefined;
  /** All of them, without their large arrays. */
  roundSummaries(session: string): readonly RoundSummary[];
  metrics(session: string): readonly MetricRow[];
  attempts(session: string): readonly AttemptRow[];
  phases(session: string): readonly PhaseRow[];
  appendEvents(rows: readonly EventRow[]): void;
  events(session: string): readonly EventRow[];
  appendMessages(rows: readonly SignedMessageRow[]): void;
  messages(session: string): IterableIterator<SignedMessageRow>;
  model(hash: string): Float32Array | undefined;

  // people and experiments
  seePeer(peer: { readonly publicKey: Uint8Array; readonly name: string; readonly at: string }): PeerRow;
  /** By the fingerprint of its key, hexadecimal; undefined for a stranger. */
  peer(fingerprint: string): PeerRow | undefined;
  peers(): readonly PeerRow[];
  /** Returns its id: 1, 2, ... */
  saveExperiment(result: RunResult, title: string): number;
  /** Latest first. */
  experiments(): readonly ExperimentRow[];
  experiment(id: number): (ExperimentRow & { readonly result: RunResult }) | undefined;
  /** As sessions are removed and restored. */
  removeExperiment(id: number, at: string): void;
  restoreExperiment(id: number): void;

  // attacks
  /** Returns its id: 1, 2, ... */
  saveAttack(report: AttackReport): number;
  /** Latest first. */
  attacks(): readonly AttackRow[];
  attack(id: number): AttackRow | undefined;
  attackImages(id: number): readonly AttackImage[];
  /** As sessions are removed and restored. */
  removeAttacks(ids: readonly number[], at: string): void;
  restoreAttacks(ids: readonly number[]): void;
  putAttackInReport(id: number, on: boolean): void;

  // what the interface keeps
  /** The usual ones where none were saved, or a saved one is not among the possible ones any more. */
  preferences(): Preferences;
  savePreferences(preferences: Preferences): void;
  measurement(name: MeasurementName): number | undefined;
  saveMeasurement(name: MeasurementName, value: number): void;
  /** pixels: [784]. */
  addDrawing(drawing: Omit<Drawing, 'id'>): Drawing;
  /** Oldest first. */
  drawings(): readonly Drawing[];
  removeDrawings(ids: readonly number[], at: string): void;
  restoreDrawings(ids: readonly number[]): void;
  /**
   * Deletes for good what was removed at this time or before, or all that was removed. The latter also when a store is
   * opened: nobody is left then who could take it back.
   */
  purgeRemoved(until?: string): void;

  close(): void;
}
