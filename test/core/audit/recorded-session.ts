/**
 * A whole session in memory, for tests of its audit: real lobbies, rounds and models by the real machines, recorded as a
 * coordinator's store would.
 */
import assert from 'node:assert/strict';
import { toHex, utf8 } from '../../../core/bytes/bytes.ts';
import type { RoundResult } from '../../../core/contract/run-result.ts';
import type { SessionPlan } from '../../../core/contract/session-plan.ts';
import { sessionPlanSchema } from '../../../core/contract/session-plan.ts';
import { systemRandom } from '../../../core/crypto/random.ts';
import { applyAggregate, readAggregate, reportedFigures } from '../../../core/fedavg/global-update.ts';
import { ruledUpdate } from '../../../core/fedavg/individual-updates.ts';
import { clippingNormAfter, roundPrivacy } from '../../../core/fedavg/round-privacy.ts';
import { type ServerOptimiserState, initialServerState } from '../../../core/fedavg/server-optimiser.ts';
import { sessionOf } from '../../../core/joining/session-name.ts';
import { initialWeights } from '../../../core/model/initial-weights.ts';
import { parameterCount } from '../../../core/model/architecture.ts';
import { canonicalArchitecture } from '../../../core/model/model-hash.ts';
import { movingStatistics } from '../../../core/model/moving-statistics.ts';
import { clientStep, createClient } from '../../../core/secagg/client.ts';
import type { ClientEnvironment, ClientEvent, InputVector } from '../../../core/secagg/client-events.ts';
import type { ClientRecord } from '../../../core/secagg/client-session.ts';
import type { ClientState } from '../../../core/secagg/client-state.ts';
import { modelHash } from '../../../core/secagg/context.ts';
import { coordinatorStep, createCoordinator } from '../../../core/secagg/coordinator.ts';
import type { Aggregate, CoordinatorEvent, Model } from '../../../core/secagg/coordinator-events.ts';
import type { CoordinatorState } from '../../../core/secagg/coordinator-state.ts';
import { type Epoch, createEpoch } from '../../../core/secagg/epoch.ts';
import { defaultFloors } from '../../../core/secagg/floors.ts';
import { floatVector } from '../../../core/secagg/float-vector.ts';
import { drawNonces, nonceCommitments } from '../../../core/secagg/lobby.ts';
import { closeLobby, lobbyCoordinatorStep } from '../../../core/secagg/lobby-coordinator.ts';
import { lobbyMemberStep, type LobbyMemberState } from '../../../core/secagg/lobby-member.ts';
import { type RoundParameters, parametersDigest } from '../../../core/secagg/parameters.ts';
import { planParameters } from '../../../core/secagg/plan-parameters.ts';
import { privatise } from '../../../core/privacy/mechanism.ts';
import { reduce } from '../../../core/secagg/masks.ts';
import { privacyPlanOf } from '../../../core/secagg/privacy-plan.ts';
import { quantise } from '../../../core/secagg/quantise.ts';
import { identitySigner } from '../../../core/secagg/roster.ts';
import { randomStream } from '../../../core/random/stream.ts';
import { headerBytes, readHeader } from '../../../core/wire/header.ts';
import { type Phase, messageTypeOf, messageTypes } from '../../../core/wire/messages.ts';
import type { AuditSource } from '../../../main/audit/write-audit.ts';
import type { CompletedRound, EpochRow, SessionRow, SignedMessageRow } from '../../../main/storage/store.ts';
import { testIdentity } from '../../support/identities.ts';
import { secretsIn } from '../../support/attack.ts';
import { testSigner } from '../../support/secagg-room.ts';

const layer = { use_bias: true, kernel_initializer: { class_name: 'GlorotUniform', config: {} } };
/** 2 x 2 grey pixels, three classes: 15 parameters. */
export const topology: SessionPlan['model']['topology'] = {
  class_name: 'Sequential',
  config: {
    name: 'tiny',
    layers: [
      { class_name: 'Flatten', config: { name: 'flatten', batch_input_shape: [null, 2, 2, 1] } },
      { class_name: 'Dense', config: { name: 'output', units: 3, activation: 'softmax', ...layer } },
    ],
  },
};

const transportKey = utf8('the TLS key of a session in a test');
export const session = sessionOf(transportKey);
const architecture = utf8(canonicalArchitecture(topology));

export interface SessionOptions {
  readonly settings?: Partial<SessionPlan['settings']>;
}

interface Seat {
  readonly environment: ClientEnvironment;
  state: ClientState;
  kept: InputVector | undefined;
}

export class RecordedSession {
  readonly plan: SessionPlan;
  readonly epochs: EpochRow[] = [];
  readonly messages: SignedMessageRow[] = [];
  readonly rounds: CompletedRound[] = [];
  /** Everything that no audit file may hold. */
  readonly secrets: Uint8Array[] = [];
  /** What the epochs' rounds are played in. */
  epoch!: Epoch;
  outcome = 'finished';
  #number = 0;
  #coordinator: CoordinatorState = createCoordinator();
  #seats: Seat[] = [];
  /** By person: what its disk holds. */
  readonly #records = new Map<string, ClientRecord>();
  #weights = Float32Array.from(initialWeights(topology, 7));
  #serverState: ServerOptimiserState | undefined;
  /** C of the next round, once it has begun to adapt. */
  #clippingNorm: number | undefined;

  constructor(options: SessionOptions = {}) {
    const { masks, signatures, quantisation } = options.settings ?? {};
    this.plan = sessionPlanSchema.parse({
      version: 1,
      title: 'Lesson 4',
      settings: { rounds: 4, seed: 7, learningRate: 0.05, serverOptimizer: 'momentum', ...options.settings },
      data: {
        mode: 'dealt',
        name: 'tiny',
        digest: '',
        classNames: ['a', 'b', 'c'],
        height: 2,
        width: 2,
        channels: 1,
      },
      model: { name: 'tiny', topology },
      demonstration: [masks, signatures, quantisation].includes(false),
    });
  }

  parameters(clients: number): RoundParameters {
    const settings = { ...this.plan.settings, clients, dataset: 'tiny' };
    return planParameters(settings, {
      parameterCount: parameterCount(topology),
      largestCount: 40,
      demonstration: this.plan.demonstration,
    });
  }

  #keep(bytes: Uint8Array, signatureBytes: number): void {
    const header = readHeader(bytes);
    assert.ok(header.ok);
    const { round, attempt, sender, bodyBytes, type: code } = header.value;
    const type = messageTypeOf(code)!;
    const end = headerBytes + bodyBytes + signatureBytes;
    this.messages.push({
      session: toHex(session),
      epoch: this.#number,
      round,
      attempt,
      type,
      sender,
      bytes: bytes.slice(0, end),
    });
    if (bytes.length > end && sender > 0) this.secrets.push(bytes.slice(end));
    if (type === 'encrypted-shares' || type === 'reveal')
      this.secrets.push(bytes.slice(headerBytes + 40, end - 256));
  }

  /** Closes the lobby of a new epoch. silent: persons who do not answer in its first draw. */
  openEpoch(people: readonly number[], silent: readonly number[] = []): void {
    this.#number += 1;
    const epoch = this.#number;
    const coordinator = testIdentity(0).publicKey.spki;
    const { demonstration } = this.plan;
    const common = { session, epoch, transportKey, demonstration };
    const digest = (members: number): Uint8Array => parametersDigest(this.parameters(members));
    const joined = (): LobbyMemberState => ({ phase: 'joined' });
    const seats = people.map((person) => {
      const publicKey = testIdentity(person).publicKey.spki;
      const nonces = drawNonces(systemRandom);
      return {
        person,
        nonces,
        state: joined(),
        guest: {
          name: `person ${person}`,
          publicKey,
          commitments: nonceCommitments(session, publicKey, epoch, nonces),
        },
        environment: {
          ...common,
          coordinator,
          publicKey,
          nonces,
          parametersDigest: digest,
          sign: (...parts: readonly Uint8Array[]) =>
            identitySigner(person, testIdentity(person)).sign(...parts),
        },
      };
    });
    const environment = {
      ...common,
      publicKey: coordinator,
      signer: identitySigner(0, testIdentity(0)),
      nonces: drawNonces(systemRandom),
      parametersDigest: digest,
    };
    let step = closeLobby(
      seats.map(({ guest }) => guest),
      environment,
    );
    let present = seats;
    let closed: { roster: Epoch['roster']; nonces: readonly Uint8Array[] } | undefined;
    const answers: { person: number; bytes: Uint8Array }[] = [];
    const carryOut = (): void => {
      for (const effect of step.effects) {
        if (effect.kind === 'removed') {
          const names = new Set(effect.roster.members.map(({ name }) => name));
          present = present.filter(({ guest }) => names.has(guest.name));
        }
        if (effect.kind === 'closed') closed = effect;
        if (effect.kind !== 'send') continue;
        this.#keep(effect.bytes, 256);
        for (const seat of present) {
          const next = lobbyMemberStep(seat.state, effect.bytes, seat.environment);
          seat.state = next.state;
          for (const sent of next.effects) {
            assert.notEqual(sent.kind, 'left');
            if (sent.kind === 'send' && !silent.includes(seat.person))
              answers.push({ person: seat.person, bytes: sent.bytes });
          }
        }
      }
    };
    carryOut();
    while (closed === undefined) {
      const answer = answers.shift();
      if (answer === undefined) step = lobbyCoordinatorStep(step.state, { kind: 'timeout' }, environment);
      else {
        const from = present.findIndex(({ person }) => person === answer.person) + 1;
        step = lobbyCoordinatorStep(step.state, { kind: 'message', from, bytes: answer.bytes }, environment);
        this.#keep(answer.bytes, 256);
      }
      carryOut();
    }
    this.#begin(
      closed,
      present.map(({ person }) => person),
    );
  }

  #begin(
    closed: { roster: Epoch['roster']; nonces: readonly Uint8Array[] },
    people: readonly number[],
  ): void {
    const { roster, nonces } = closed;
    const parameters = this.parameters(people.length);
    this.epoch = createEpoch(roster, parameters, nonces);
    this.epochs.push({
      session: toHex(session),
      epoch: this.#number,
      rosterDigest: toHex(this.epoch.rosterDigest),
      members: roster.members,
      nonces,
      parameters: JSON.stringify(parameters),
      startedAt: '2026-11-25T10:00:00.000Z',
      confirmedAt: '2026-11-25T10:01:00.000Z',
      compared: true,
    });
    this.#coordinator = createCoordinator(this.#coordinator.record);
    const random = {
      bytes: (length: number): Uint8Array<ArrayBuffer> => {
        const bytes = systemRandom.bytes(length);
        if (length >= 16) this.secrets.push(bytes.slice());
        return bytes;
      },
    };
    this.#seats = people.map((person, index) => {
      const signer = this.epoch.parameters.signatures
        ? identitySigner(index + 1, testIdentity(person))
        : testSigner(this.epoch, index + 1);
      const environment = { epoch: this.epoch, client: index + 1, signer, random, architecture };
      const record = this.#records.get(roster.members[index]!.name);
      const floors = { ...defaultFloors, demonstration: true };
      const start = createClient(environment, floors, { record, mark: record?.token });
      const seat = { environment, state: start.state, kept: undefined };
      for (const effect of start.effects)
        if (effect.kind === 'persist') this.#records.set(roster.members[index]!.name, effect.record);
      return seat;
    });
  }

  #model(withWeights: boolean): Model {
    const bytes = new Uint8Array(this.#weights.slice().buffer);
    const { differentialPrivacy: noise } = this.epoch.parameters;
    return {
      hash: modelHash(architecture, bytes),
      weights: withWeights ? bytes : new Uint8Array(0),
      ...(noise?.adaptive ? { clippingNorm: this.#clippingNorm ?? noise.clippingNorm } : {}),
    };
  }

  /** Plays a round: one entry of `vanishing` for each attempt, saying who vanishes before which phase. */
  playRound(round: number, vanishing: readonly ReadonlyMap<number, Phase>[] = [new Map()]): void {
    vanishing.forEach((gone, index) => {
      const event: CoordinatorEvent =
        index === 0 ? { kind: 'begin', round, model: this.#model(true) } : { kind: 'retry' };
      const aggregate = this.#attempt(event, gone);
      if (aggregate !== undefined) this.#conclude(aggregate);
      else assert.ok(index < vanishing.length - 1, 'the last attempt must give a sum');
    });
  }

  /** An attempt alone, without an end: as if the coordinator had been killed. */
  playUnfinished(round: number): void {
    this.#attempt({ kind: 'begin', round, model: this.#model(true) }, new Map([[1, 'share-keys']]), true);
  }

  #attempt(
    event: CoordinatorEvent,
    vanishing: ReadonlyMap<number, Phase>,
    cutShort = false,
  ): Aggregate | undefined {
    const queue: CoordinatorEvent[] = [event];
    const gone = new Set<number>();
    let aggregate: Aggregate | undefined;
    let awaited: Phase | undefined;
    for (let turn = 0; turn < 100_000; turn += 1) {
      const next = queue.shift() ?? (awaited && { kind: 'timeout', phase: awaited });
      if (next === undefined || (cutShort && next.kind === 'timeout')) return aggregate;
      const step = coordinatorStep(this.#coordinator, next, {
        epoch: this.epoch,
        signer: this.#signer(),
        keepsVectors: true,
      });
      this.#coordinator = step.state;
      if (next.kind === 'message' && !step.effects.some(({ kind }) => kind === 'refused'))
        this.#keepOf(next.bytes, next.from);
      for (const effect of step.effects) {
        if (effect.kind === 'await') awaited = effect.phase;
        if (effect.kind === 'aggregate') aggregate = effect.aggregate;
        if (effect.kind === 'aggregate' || effect.kind === 'abort') awaited = undefined;
        if (effect.kind !== 'send') continue;
        this.#keepOf(effect.bytes, 0);
        for (const client of effect.to) {
          if (gone.has(client)) continue;
          for (const bytes of this.#stepClient(client, { kind: 'message', bytes: effect.bytes })) {
            const header = readHeader(bytes);
            assert.ok(header.ok);
            if (vanishing.get(client) === messageTypes[messageTypeOf(header.value.type)!].phase)
              gone.add(client);
            if (!gone.has(client)) queue.push({ kind: 'message', from: client, bytes });
          }
        }
      }
    }
    throw new Error('the attempt does not end');
  }

  #signer() {
    return this.epoch.parameters.signatures ? identitySigner(0, testIdentity(0)) : testSigner(this.epoch, 0);
  }

  #keepOf(bytes: Uint8Array, sender: number): void {
    this.#keep(bytes, this.epoch.keyring.signatureBytes(sender)!);
  }

  /** What a client sends, after all that it asks for has been given to it. */
  #stepClient(client: number, event: ClientEvent): Uint8Array[] {
    const seat = this.#seats[client - 1]!;
    const step = clientStep(seat.state, event, seat.environment);
    seat.state = step.state;
    for (const secret of secretsIn(step.state)) this.secrets.push(secret.slice());
    return step.effects.flatMap((effect) => {
      switch (effect.kind) {
        case 'send':
          return [effect.bytes];
        case 'persist':
          this.#records.set(this.epoch.roster.members[client - 1]!.name, effect.record);
          return [];
        case 'keep-vector':
          seat.kept = effect.vector;
          return [];
        case 'train':
          return this.#stepClient(client, {
            kind: 'vector',
            round: effect.round,
            vector: this.#vector(client, effect.round, effect.clippingNorm),
          });
        case 'charge':
          return this.#stepClient(client, { kind: 'charged', round: effect.round });
        case 'recall-vector':
          return this.#stepClient(
            client,
            seat.kept === undefined
              ? { kind: 'vector-lost', round: effect.round }
              : { kind: 'vector', round: effect.round, vector: seat.kept },
          );
        default:
          return [];
      }
    });
  }

  #vector(client: number, round: number, clippingNorm: number | undefined): InputVector {
    const { parameters } = this.epoch;
    const stream = randomStream(round, 'rounding', client, round);
    const update = Float32Array.from(
      { length: parameters.parameterCount },
      () => (stream.nextFloat() - 0.5) * 0.2,
    );
    const plan = privacyPlanOf(parameters);
    if (plan !== undefined) {
      const { vector } = privatise(update, plan, systemRandom, clippingNorm);
      const words = new Uint32Array(vector.buffer);
      reduce(words, parameters.bits);
      this.secrets.push(new Uint8Array(words.buffer.slice(0)));
      return words;
    }
    const contribution = { update, weight: 10 + client, loss: 1 + 0.1 * client, accuracy: 0.5 };
    this.secrets.push(new Uint8Array(update.buffer));
    if (!parameters.quantisation) return floatVector(contribution, parameters.weightCap);
    const { vector } = quantise(contribution, parameters, stream);
    this.secrets.push(new Uint8Array(vector.buffer.slice(0)));
    return vector;
  }

  #conclude(aggregate: Aggregate): void {
    const { parameters } = this.epoch;
    const { sum, round, attempt, u1, u2, u3, u4 } = aggregate;
    const plan = privacyPlanOf(parameters);
    const clippingNorm = this.#clippingNorm ?? parameters.differentialPrivacy?.clippingNorm ?? 0;
    const about = { survivors: u3.length, clippingNorm, vectors: round };
    const update = readAggregate(sum, parameters, about);
    const privacy =
      plan !== undefined && 'withinNorm' in update ? roundPrivacy(plan, about, update) : undefined;
    if (plan !== undefined && privacy !== undefined) this.#clippingNorm = clippingNormAfter(plan, privacy);
    this.#serverState ??= initialServerState(parameters.serverOptimiser, parameters.parameterCount);
    const ruled = ruledUpdate(this.plan.settings.aggregation, update, aggregate.vectors, parameters);
    const step = applyAggregate(
      ruled,
      parameters,
      this.#weights,
      this.#serverState,
      movingStatistics(topology),
    );
    this.#weights = step.weights;
    this.#serverState = step.state;
    const result: Pick<
      RoundResult,
      | 'round'
      | 'attempts'
      | 'accuracy'
      | 'f1Weighted'
      | 'loss'
      | 'clippedRate'
      | 'clients'
      | 'reported'
      | 'privacy'
    > = {
      round,
      attempts: attempt,
      accuracy: 0.5 + round / 100,
      f1Weighted: 0.5,
      loss: 1 / round,
      clients: { advertised: u1.length, shared: u2.length, masked: u3.length, unmasked: u4.length },
      ...reportedFigures(update),
      ...(privacy && { privacy }),
    };
    this.rounds.push({
      session: toHex(session),
      epoch: this.#number,
      round,
      finishedAt: `2026-11-25T10:${10 + round}:00.000Z`,
      result: result as RoundResult,
      sum,
      model: { hash: toHex(this.#model(false).hash), weights: this.#weights },
      serverState: this.#serverState,
    });
    this.#attempt({ kind: 'publish', model: this.#model(false) }, new Map());
  }

  row(): SessionRow {
    return {
      session: toHex(session),
      role: 'coordinator',
      state: 'finished',
      title: this.plan.title,
      startedAt: '2026-11-25T10:00:00.000Z',
      endedAt: '2026-11-25T11:00:00.000Z',
      endedReason: this.outcome,
      plan: JSON.stringify(this.plan),
      demonstration: this.plan.demonstration,
      identitiesCompared: true,
      link: '',
      port: 1,
      coordinatorKey: testIdentity(0).publicKey.spki,
      transportKey,
      identity: '',
    };
  }

  source(): AuditSource {
    return {
      session: (name) => (name === toHex(session) ? this.row() : undefined),
      epochs: () => this.epochs,
      messages: () => this.messages.values(),
      completedRounds: () => this.rounds,
      sessionEngines: () => ['compiled (relaxed SIMD)', 'wasm (tf.js 4.22.0, SIMD)'],
    };
  }
}

/** Two epochs, four rounds: dropouts in three phases, a retry, a removal from the lobby, a member who leaves. */
export function eventfulSession(): RecordedSession {
  const recorded = new RecordedSession();
  recorded.openEpoch([1, 2, 3, 4, 5, 6], [6]);
  recorded.playRound(1);
  recorded.playRound(2, [new Map([[3, 'masked-input']])]);
  recorded.playRound(3, [
    new Map([
      [1, 'share-keys'],
      [2, 'share-keys'],
    ]),
    new Map([[5, 'statement']]),
  ]);
  recorded.openEpoch([5, 1, 2, 4, 7]);
  recorded.playRound(4, [new Map([[2, 'share-keys']])]);
  return recorded;
}
