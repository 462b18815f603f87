/**
 * The live protocol around a dishonest party: the very machines of real sessions (core/secagg), joined by an in-memory
 * transport on which every message can be watched, changed, dropped or made up. What is refused here is refused by the code
 * that runs in a session, and for the same reason.
 *
 * What is not here: TLS, so that whoever tampers stands within the connection already, and the clock: a timer fires when
 * nobody has anything left to do.
 */
import type { RandomSource } from '../../crypto/random.ts';
import type { ErrorCode, FederationError } from '../../errors/federation-error.ts';
import type { RetryRule } from '../../errors/protocol-reasons.ts';
import { clientStep, createClient } from '../../secagg/client.ts';
import type {
  ClientEffect,
  ClientEnvironment,
  ClientEvent,
  InputVector,
} from '../../secagg/client-events.ts';
import {
  type ClientRecord,
  nothingStored,
  type Sightings,
  type StoredSession,
} from '../../secagg/client-session.ts';
import type { ClientState } from '../../secagg/client-state.ts';
import type { ClientStep } from '../../secagg/client-steps.ts';
import { coordinatorStep, createCoordinator } from '../../secagg/coordinator.ts';
import type {
  Aggregate,
  CoordinatorEffect,
  CoordinatorEnvironment,
  CoordinatorEvent,
} from '../../secagg/coordinator-events.ts';
import type { CoordinatorState } from '../../secagg/coordinator-state.ts';
import type { Epoch } from '../../secagg/epoch.ts';
import { defaultFloors, type Floors } from '../../secagg/floors.ts';
import type { MaskGenerator } from '../../secagg/key-schedule.ts';
import { peekType, type Signer } from '../../wire/envelope.ts';
import { type MessageType, messageTypes, type Phase } from '../../wire/messages.ts';

/** What a client's driver keeps. */
export interface Desk {
  readonly environment: ClientEnvironment;
  state: ClientState;
  record: ClientRecord | undefined;
  mark: string | undefined;
  kept: InputVector | undefined;
  readonly effects: ClientEffect[];
}

/** What a client is asked to train on. */
export type Work = Extract<ClientEffect, { kind: 'train' }>;

/** What a client's ledger is asked under differential privacy. */
export type Charge = Extract<ClientEffect, { kind: 'charge' }>;

export interface LiveRoomOptions {
  readonly epoch: Epoch;
  /** The coordinator's first, then by client. */
  readonly signerOf: (sender: number) => Signer;
  /** Canonical bytes of the architecture that everyone agreed to. */
  readonly architecture: Uint8Array;
  readonly random: (client: number) => RandomSource;
  readonly floors?: Partial<Floors>;
  readonly addMask?: MaskGenerator;
  /** CoordinatorEnvironment.keepsVectors */
  readonly keepsVectors?: boolean;
  /** undefined: it will be handed in later (stepClient), or never. */
  readonly vector: (client: number, work: Work) => InputVector | undefined;
  /** A client's ledger: false past its budget; all is charged where there is none. */
  readonly charge?: (client: number, charge: Charge) => boolean;
  readonly stored?: (client: number) => StoredSession;
  /** From the previous epoch. */
  readonly sightings?: (client: number) => Sightings;
}

/** Rewrites traffic: what is returned is delivered instead, in that order. */
export interface Tamper {
  toClient?(client: number, bytes: Uint8Array, type: MessageType): readonly Uint8Array[];
  toCoordinator?(client: number, bytes: Uint8Array, type: MessageType): readonly Uint8Array[];
}

export interface Outcome {
  readonly aggregate?: Aggregate;
  readonly error?: FederationError;
  readonly retry?: RetryRule;
}

export interface RefusedBytes {
  /** Who refused: 0 the coordinator, else a client. */
  readonly at: number;
  readonly reason: string;
  /** Whose they were, at the coordinator. */
  readonly from?: number;
}

/** Somebody refuses something, or leaves or ends the attempt over it. */
export interface Objection {
  /** 0 the coordinator, else a client. */
  readonly by: number;
  /** Bytes are refused and nothing has changed, or something ends: an attempt, or a client's part in the session. */
  readonly kind: 'refused' | ErrorCode;
  /** Refusal (core/wire/refusal.ts), or the reason of a named end (core/errors/protocol-reasons.ts). */
  readonly reason: string;
  /** Of the message that was refused, or that the end came in. */
  readonly phase: string;
}

export class LiveRoom {
  readonly epoch: Epoch;
  readonly desks: readonly Desk[];
  readonly environment: CoordinatorEnvironment;
  coordinator: CoordinatorState;
  readonly effects: CoordinatorEffect[] = [];
  readonly refusals: RefusedBytes[] = [];
  /** In the order in which they were raised; not who merely hears that the coordinator has ended the attempt. */
  readonly objections: Objection[] = [];
  /** Clients that do not send their message of a phase, nor anything after it. */
  dropAt = new Map<number, Phase>();
  tamper: Tamper = {};
  readonly #options: LiveRoomOptions;
  #gone = new Set<number>();
  #queue: (() => void)[] = [];
  #awaited: Phase | undefined;
  #outcome: Outcome | undefined;

  constructor(options: LiveRoomOptions) {
    this.#options = options;
    this.epoch = options.epoch;
    const mask = options.addMask === undefined ? {} : { addMask: options.addMask };
    const { keepsVectors = false } = options;
    this.environment = { epoch: this.epoch, signer: options.signerOf(0), keepsVectors, ...mask };
    this.coordinator = createCoordinator();
    this.desks = this.epoch.everyone.map((client) => this.#seat(client, mask));
  }

  #seat(client: number, mask: { addMask?: MaskGenerator }): Desk {
    const { signerOf, random, architecture, stored, sightings } = this.#options;
    const environment: ClientEnvironment = {
      epoch: this.epoch,
      client,
      signer: signerOf(client),
      random: random(client),
      architecture,
      ...mask,
    };
    const start = this.#start(environment, stored?.(client) ?? nothingStored, sightings?.(client));
    const desk: Desk = {
      environment,
      state: start.state,
      record: undefined,
      mark: undefined,
      kept: undefined,
      effects: [],
    };
    for (const effect of start.effects) this.#carryOut(client, desk, effect);
    return desk;
  }

  #start(environment: ClientEnvironment, stored: StoredSession, sightings?: Sightings): ClientStep {
    const floors = { ...defaultFloors, demonstration: true, ...this.#options.floors };
    return createClient(environment, floors, stored, sightings);
  }

  desk(client: number): Desk {
    return this.desks[client - 1]!;
  }

  /** Starts a client's process again, from what its disk holds. */
  restart(client: number, stored: StoredSession = this.desk(client)): void {
    const desk = this.desk(client);
    const start = this.#start(desk.environment, { record: stored.record, mark: stored.mark });
    desk.state = start.state;
    for (const effect of start.effects) this.#carryOut(client, desk, effect);
  }

  /** A whole attempt, up to its sum or its end; where vectors are handed in later, up to the timers. */
  run(event: CoordinatorEvent): Outcome {
    exhaust(this.running(event));
    return this.outcome;
  }

  /** The same, message by message. */
  *running(event: CoordinatorEvent): Generator<void, void> {
    this.#gone = new Set();
    this.#outcome = undefined;
    this.stepCoordinator(event);
    yield* this.settling();
  }

  get outcome(): Outcome {
    return this.#outcome ?? {};
  }

  /** Delivers everything; lets the coordinator's timer fire whenever nobody has anything left to do. */
  settle(): void {
    exhaust(this.settling());
  }

  *settling(): Generator<void, void> {
    for (let turns = 0; turns < 1000; turns += 1) {
      yield* this.delivering();
      if (this.#outcome !== undefined || this.#awaited === undefined) return;
      this.stepCoordinator({ kind: 'timeout', phase: this.#awaited });
    }
    throw new Error('the room does not come to rest');
  }

  deliver(): void {
    exhaust(this.delivering());
  }

  /** Message by message; no timer fires. */
  *delivering(): Generator<void, void> {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      next();
      yield;
    }
  }

  stepCoordinator(event: CoordinatorEvent): void {
    const phase = phaseOf(event, this.coordinator.phase);
    const step = coordinatorStep(this.coordinator, event, this.environment);
    this.coordinator = step.state;
    for (const effect of step.effects) {
      this.effects.push(effect);
      switch (effect.kind) {
        case 'send':
          for (const client of effect.to) this.#toClient(client, effect.bytes);
          break;
        case 'await':
          this.#awaited = effect.phase;
          break;
        case 'aggregate':
          this.#awaited = undefined;
          this.#outcome = { aggregate: effect.aggregate };
          break;
        case 'abort':
          this.#awaited = undefined;
          this.#outcome = { error: effect.error, retry: effect.retry };
          this.#object(0, effect.error, phase);
          break;
        case 'refused': {
          const from = effect.client === undefined ? {} : { from: effect.client };
          this.refusals.push({ at: 0, reason: effect.reason, ...from });
          this.objections.push({ by: 0, kind: 'refused', reason: effect.reason, phase });
          break;
        }
        case 'persist':
        case 'report':
          break;
      }
    }
  }

  stepClient(client: number, event: ClientEvent): readonly ClientEffect[] {
    const desk = this.desk(client);
    const phase = phaseOf(event, desk.state.phase);
    const step = clientStep(desk.state, event, desk.environment);
    desk.state = step.state;
    for (const effect of step.effects) this.#carryOut(client, desk, effect, phase);
    return step.effects;
  }

  #object(by: number, error: FederationError, phase: string): void {
    const { reason = '' } = error.details as { reason?: string };
    if (reason !== 'ended-by-coordinator') this.objections.push({ by, kind: error.code, reason, phase });
  }

  #carryOut(client: number, desk: Desk, effect: ClientEffect, phase = 'session'): void {
    desk.effects.push(effect);
    switch (effect.kind) {
      case 'send':
        this.#toCoordinator(client, effect.bytes);
        return;
      case 'persist':
        desk.record = effect.record;
        desk.mark = effect.record.token;
        return;
      case 'keep-vector':
        desk.kept = effect.vector;
        return;
      case 'discard-vector':
        desk.kept = undefined;
        return;
      case 'train': {
        const vector = this.#options.vector(client, effect);
        if (vector === undefined) return;
        this.#queue.push(() => this.stepClient(client, { kind: 'vector', round: effect.round, vector }));
        return;
      }
      case 'charge': {
        const kind = (this.#options.charge?.(client, effect) ?? true) ? 'charged' : 'budget-reached';
        this.#queue.push(() => this.stepClient(client, { kind, round: effect.round }));
        return;
      }
      case 'recall-vector': {
        const { kept } = desk;
        const { round } = effect;
        this.#queue.push(() =>
          this.stepClient(
            client,
            kept === undefined ? { kind: 'vector-lost', round } : { kind: 'vector', round, vector: kept },
          ),
        );
        return;
      }
      case 'refused':
        this.refusals.push({ at: client, reason: effect.reason });
        this.objections.push({ by: client, kind: 'refused', reason: effect.reason, phase });
        return;
      case 'abort':
        this.#object(client, effect.error, phase);
        return;
      default:
        return;
    }
  }

  #toClient(client: number, bytes: Uint8Array): void {
    const type = typeOf(bytes);
    for (const delivered of this.tamper.toClient?.(client, bytes, type) ?? [bytes]) {
      this.#queue.push(() => {
        if (!this.#gone.has(client)) this.stepClient(client, { kind: 'message', bytes: delivered });
      });
    }
  }

  #toCoordinator(client: number, bytes: Uint8Array): void {
    const type = typeOf(bytes);
    if (this.dropAt.get(client) === messageTypes[type].phase) this.#gone.add(client);
    if (this.#gone.has(client)) return;
    for (const delivered of this.tamper.toCoordinator?.(client, bytes, type) ?? [bytes]) {
      this.#queue.push(() => this.stepCoordinator({ kind: 'message', from: client, bytes: delivered }));
    }
  }

  /** How a client's last attempt ended early, or why it takes no part at all. */
  endOf(client: number): FederationError | undefined {
    const abort = this.desk(client).effects.findLast((effect) => effect.kind === 'abort');
    return abort?.kind === 'abort' ? abort.error : undefined;
  }

  /** The same as a reason by name. */
  reasonOf(client: number): string | undefined {
    return (this.endOf(client)?.details as { reason?: string } | undefined)?.reason;
  }

  /** The messages of a type that a client has sent. */
  sentBy(client: number, type: MessageType): Uint8Array[] {
    return this.desk(client).effects.flatMap((effect) =>
      effect.kind === 'send' && typeOf(effect.bytes) === type ? [effect.bytes] : [],
    );
  }
}

/** Of the message that an event brings; where it brings none, the machine's own. */
function phaseOf(event: CoordinatorEvent | ClientEvent, phase: string): string {
  if (event.kind !== 'message') return phase;
  const type = peekType(event.bytes);
  return type.ok ? messageTypes[type.value].phase : phase;
}

function exhaust(turns: Generator<void, void>): void {
  while (turns.next().done !== true);
}

/** Throws for what is no message: what honest machines send is one. */
export function typeOf(bytes: Uint8Array): MessageType {
  const type = peekType(bytes);
  if (!type.ok) throw new Error(`not a message: ${type.reason}`);
  return type.value;
}
