/**
 * Honest machines around an in-memory transport, for tests: every message can be watched, changed, dropped or made up,
 * every stored record lost or restored.
 */
import { runSettingsSchema } from '../../core/contract/run-settings.ts';
import { type RandomSource, systemRandom } from '../../core/crypto/random.ts';
import { sha256 } from '../../core/crypto/hash.ts';
import { uint32Bytes, utf8 } from '../../core/bytes/bytes.ts';
import type { FederationError } from '../../core/errors/federation-error.ts';
import type { RetryRule } from '../../core/errors/protocol-reasons.ts';
import { clientStep, createClient } from '../../core/secagg/client.ts';
import type {
  ClientEffect,
  ClientEnvironment,
  ClientEvent,
  InputVector,
} from '../../core/secagg/client-events.ts';
import {
  type ClientRecord,
  type Sightings,
  type StoredSession,
  nothingStored,
} from '../../core/secagg/client-session.ts';
import type { ClientState } from '../../core/secagg/client-state.ts';
import { modelHash } from '../../core/secagg/context.ts';
import { coordinatorStep, createCoordinator } from '../../core/secagg/coordinator.ts';
import type {
  Aggregate,
  CoordinatorEffect,
  CoordinatorEnvironment,
  CoordinatorEvent,
  Model,
} from '../../core/secagg/coordinator-events.ts';
import type { CoordinatorState } from '../../core/secagg/coordinator-state.ts';
import { type Epoch, createEpoch } from '../../core/secagg/epoch.ts';
import { type Floors, defaultFloors } from '../../core/secagg/floors.ts';
import type { MaskGenerator } from '../../core/secagg/key-schedule.ts';
import { type RoundParameters, parametersDigest } from '../../core/secagg/parameters.ts';
import { type PlannedSettings, planParameters } from '../../core/secagg/plan-parameters.ts';
import { type Roster, identitySigner, unsignedSigner } from '../../core/secagg/roster.ts';
import type { Signer } from '../../core/wire/envelope.ts';
import { type MessageType, type Phase, messageTypes } from '../../core/wire/messages.ts';
import { peekType } from '../../core/wire/envelope.ts';
import { testIdentity } from './identities.ts';

export const testSession = Uint8Array.from({ length: 16 }, (_, index) => index + 1);
export const architecture = utf8('{"test":"architecture"}');

/** The model of a round: weights that say which. */
export function testModel(epoch: Epoch, name: number): Model {
  const weights = new Uint8Array(new Float32Array(epoch.parameters.parameterCount).fill(name).buffer);
  return { hash: modelHash(architecture, weights), weights };
}

/** Bytes that depend on the labels alone: for tests that must be able to repeat a run. */
export function repeatableRandom(...labels: readonly number[]): RandomSource {
  let drawn = 0;
  return {
    bytes: (length) => {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; at += 32) {
        drawn += 1;
        const block = sha256(...labels.map(uint32Bytes), uint32Bytes(drawn));
        bytes.set(block.subarray(0, Math.min(32, length - at)), at);
      }
      return bytes;
    },
  };
}

export interface EpochOptions {
  readonly clients: number;
  /** Number of each member's test identity, for another epoch's roster; 1, 2, ... when left out. */
  readonly people?: readonly number[];
  readonly settings?: Partial<PlannedSettings>;
  readonly parameterCount?: number;
  /** Replaces parameters after they were planned. */
  readonly parameters?: Partial<RoundParameters>;
  readonly session?: Uint8Array;
}

export function testEpoch(options: EpochOptions): Epoch {
  const { clients, settings = {}, parameterCount = 3 } = options;
  const planned = planParameters(
    runSettingsSchema.parse({ signatures: false, rounds: 10_000, ...settings, clients }),
    {
      parameterCount,
      largestCount: 10,
      datasetDigest: '',
    },
  );
  const parameters = { ...planned, ...options.parameters };
  const { signatures } = parameters;
  const publicKey = (sender: number): Uint8Array =>
    signatures ? testIdentity(sender).publicKey.spki : new Uint8Array(0);
  const roster: Roster = {
    session: options.session ?? testSession,
    coordinator: publicKey(0),
    transportKey: new Uint8Array(0),
    members: Array.from({ length: clients }, (_, index) => options.people?.[index] ?? index + 1).map(
      (person) => ({ name: `client ${person}`, publicKey: publicKey(person) }),
    ),
    parametersDigest: parametersDigest(parameters),
    demonstration: parameters.demonstration,
  };
  return createEpoch(roster, parameters, [new Uint8Array(32)]);
}

export function testSigner(epoch: Epoch, sender: number): Signer {
  if (!epoch.parameters.signatures) return unsignedSigner(sender);
  const { name } = epoch.roster.members[sender - 1] ?? { name: 'client 0' };
  return identitySigner(sender, testIdentity(Number(name.slice('client '.length))));
}

/** A client's vector, known from its number: any values below 2^bits whose sum stays within. */
export function testVector(epoch: Epoch, client: number, salt = 0): Uint32Array {
  const { bits, vectorLength, clients } = epoch.parameters;
  const largest = Math.floor((2 ** bits - 1) / (2 * clients));
  const modulus = 2 ** bits;
  return Uint32Array.from({ length: vectorLength }, (_, index) => {
    const value = ((client * 7919 + index * 104729 + salt * 31) % (2 * largest + 1)) - largest;
    return (value + modulus) % modulus;
  });
}

/** The exact signed sum of these clients' vectors. */
export function exactSum(epoch: Epoch, clients: readonly number[], salt = 0): number[] {
  const { bits, vectorLength } = epoch.parameters;
  const sum = new Array<number>(vectorLength).fill(0);
  for (const client of clients) {
    testVector(epoch, client, salt).forEach((value, index) => {
      sum[index]! += value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
    });
  }
  return sum;
}

/** What a client's driver keeps. */
export interface Desk {
  readonly environment: ClientEnvironment;
  state: ClientState;
  record: ClientRecord | undefined;
  mark: string | undefined;
  kept: InputVector | undefined;
  readonly effects: ClientEffect[];
}

export interface RoomOptions extends EpochOptions {
  readonly random?: (client: number) => RandomSource;
  readonly floors?: Partial<Floors>;
  readonly addMask?: MaskGenerator;
  readonly vector?: (client: number, epoch: Epoch) => InputVector;
  readonly stored?: (client: number) => StoredSession;
  /** From the previous epoch. */
  readonly sightings?: (client: number) => Sightings;
  readonly coordinatorSigner?: Signer;
  /** Nobody's training ever ends. */
  readonly withholdVectors?: boolean;
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

export class TestRoom {
  readonly epoch: Epoch;
  readonly desks: readonly Desk[];
  readonly environment: CoordinatorEnvironment;
  coordinator: CoordinatorState;
  readonly effects: CoordinatorEffect[] = [];
  readonly refusals: { readonly at: number; readonly reason: string; readonly from?: number }[] = [];
  /** Clients that do not send their message of a phase, nor anything after it. */
  dropAt = new Map<number, Phase>();
  tamper: Tamper = {};
  readonly #options: RoomOptions;
  #gone = new Set<number>();
  #queue: (() => void)[] = [];
  #awaited: Phase | undefined;
  #outcome: Outcome | undefined;

  constructor(options: RoomOptions) {
    this.#options = options;
    this.epoch = testEpoch(options);
    const mask = options.addMask === undefined ? {} : { addMask: options.addMask };
    this.environment = {
      epoch: this.epoch,
      signer: options.coordinatorSigner ?? testSigner(this.epoch, 0),
      ...mask,
    };
    this.coordinator = createCoordinator();
    this.desks = this.epoch.everyone.map((client) => this.#seat(client, mask));
  }

  #seat(client: number, mask: { addMask?: MaskGenerator }): Desk {
    const environment: ClientEnvironment = {
      epoch: this.epoch,
      client,
      signer: testSigner(this.epoch, client),
      random: this.#options.random?.(client) ?? systemRandom,
      architecture,
      ...mask,
    };
    const floors = { ...defaultFloors, demonstration: true, ...this.#options.floors };
    const start = createClient(
      environment,
      floors,
      this.#options.stored?.(client) ?? nothingStored,
      this.#options.sightings?.(client),
    );
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

  desk(client: number): Desk {
    return this.desks[client - 1]!;
  }

  /** The clients that are in this phase. */
  inPhase(phase: ClientState['phase']): number[] {
    return this.epoch.everyone.filter((client) => this.desk(client).state.phase === phase);
  }

  /** Starts a client's process again, from what its disk holds. */
  restart(client: number, stored: StoredSession = this.desk(client)): void {
    const desk = this.desk(client);
    const floors = { ...defaultFloors, demonstration: true, ...this.#options.floors };
    const start = createClient(desk.environment, floors, { record: stored.record, mark: stored.mark });
    desk.state = start.state;
    for (const effect of start.effects) this.#carryOut(client, desk, effect);
  }

  begin(round: number, model: Model = testModel(this.epoch, round)): Outcome {
    return this.run({ kind: 'begin', round, model });
  }

  run(event: CoordinatorEvent): Outcome {
    this.#gone = new Set();
    this.#outcome = undefined;
    this.stepCoordinator(event);
    this.settle();
    return this.#ended();
  }

  #ended(): Outcome {
    return this.#outcome ?? {};
  }

  /** Delivers everything; lets the coordinator's timer fire whenever nobody has anything left to do. */
  settle(): void {
    for (let turns = 0; turns < 1000; turns += 1) {
      this.deliver();
      if (this.#outcome !== undefined || this.#awaited === undefined) return;
      this.stepCoordinator({ kind: 'timeout', phase: this.#awaited });
    }
    throw new Error('the room does not come to rest');
  }

  deliver(): void {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) next();
  }

  stepCoordinator(event: CoordinatorEvent): void {
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
          break;
        case 'refused':
          this.refusals.push({
            at: 0,
            reason: effect.reason,
            ...(effect.client === undefined ? {} : { from: effect.client }),
          });
          break;
        case 'persist':
        case 'report':
          break;
      }
    }
  }

  stepClient(client: number, event: ClientEvent): readonly ClientEffect[] {
    const desk = this.desk(client);
    const step = clientStep(desk.state, event, desk.environment);
    desk.state = step.state;
    for (const effect of step.effects) this.#carryOut(client, desk, effect);
    return step.effects;
  }

  #carryOut(client: number, desk: Desk, effect: ClientEffect): void {
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
        if (this.#options.withholdVectors === true) return;
        const vector = this.#options.vector?.(client, this.epoch) ?? testVector(this.epoch, client);
        this.#queue.push(() => this.stepClient(client, { kind: 'vector', round: effect.round, vector }));
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

  /** Why a client left its last attempt. */
  reasonOf(client: number): string | undefined {
    const abort = this.desk(client).effects.findLast((effect) => effect.kind === 'abort');
    return abort?.kind === 'abort' ? (abort.error.details as { reason?: string }).reason : undefined;
  }

  /** The clients whose own coins have them train in the round under way. */
  selected(): number[] {
    return this.epoch.everyone.filter((client) => this.desk(client).record?.selected === true);
  }

  /** The messages of a type that a client has sent. */
  sentBy(client: number, type: MessageType): Uint8Array[] {
    return this.desk(client).effects.flatMap((effect) =>
      effect.kind === 'send' && typeOf(effect.bytes) === type ? [effect.bytes] : [],
    );
  }
}

export function typeOf(bytes: Uint8Array): MessageType {
  const type = peekType(bytes);
  if (!type.ok) throw new Error(`not a message: ${type.reason}`);
  return type.value;
}
