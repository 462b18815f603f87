/**
 * A room on one machine: the coordinator's and the clients' machines, joined by an in-memory transport. The protocol
 * is the one that runs over a network; what is simulated is the wire, the disk and the clients that vanish.
 *
 * Messages are delivered one by one, in the order sent. When nobody has anything left to do and the coordinator still
 * waits, those it waits for have vanished: its timer fires at once. So a run needs no clock and repeats itself. Where a
 * person watches, a conductor decides when each is delivered.
 */
import type { ProtocolEvent } from '../../core/contract/run-result.ts';
import type { DropPhase } from '../../core/contract/run-settings.ts';
import type { FederationError } from '../../core/errors/federation-error.ts';
import type { RetryRule } from '../../core/errors/protocol-reasons.ts';
import { clientStep } from '../../core/secagg/client.ts';
import type {
  ClientEffect,
  ClientEnvironment,
  ClientEvent,
  InputVector,
} from '../../core/secagg/client-events.ts';
import type { ClientState } from '../../core/secagg/client-state.ts';
import { coordinatorStep } from '../../core/secagg/coordinator.ts';
import type {
  Aggregate,
  CoordinatorEffect,
  CoordinatorEnvironment,
  CoordinatorEvent,
  Model,
} from '../../core/secagg/coordinator-events.ts';
import type { CoordinatorState, RunningSum } from '../../core/secagg/coordinator-state.ts';
import type { AggregateFault } from '../../core/secagg/quantise.ts';
import type { MessageType, Phase } from '../../core/wire/messages.ts';
import { peekType } from '../../core/wire/envelope.ts';
import type { Conductor } from './conductor.ts';
import { type CostMeter, type CostPhase, costPhaseOf } from './costs.ts';
import type { Delivery } from './delivery.ts';

/** Who vanishes in an attempt, and before sending the message of which phase. */
export type Vanishing = ReadonlyMap<number, DropPhase>;

export type AttemptOutcome =
  | { readonly kind: 'aggregate'; readonly aggregate: Aggregate }
  | { readonly kind: 'abort'; readonly error: FederationError; readonly retry: RetryRule };

export interface RefusedMessage {
  readonly client: number;
  readonly phase: string;
  readonly reason: string;
}

export interface RoomObserver {
  event(event: ProtocolEvent): void;
  refused(refused: RefusedMessage): void;
  /** The coordinator waits for so many clients' messages of this phase now. */
  awaits?(phase: Phase, clients: number): void;
  /** A client has sent its vector: packed as it goes over the wire, and as it was before it was masked. */
  vectorSent?(client: number, packed: Uint8Array, vector: InputVector): void;
}

/**
 * Trains for a client that the protocol asks to train; the vector is quantised already. A client that is not selected
 * need not be trained for: on one machine there is nobody from whom time could hide it. clippingNorm: under differential
 * privacy.
 */
export type Train = (
  client: number,
  selected: boolean,
  costs: CostMeter,
  clippingNorm: number | undefined,
) => Promise<InputVector>;

export interface RoomOptions {
  readonly coordinator: { readonly state: CoordinatorState; readonly environment: CoordinatorEnvironment };
  /** Client v is element v - 1. */
  readonly clients: readonly { readonly state: ClientState; readonly environment: ClientEnvironment }[];
  readonly train: Train;
  /** Charges a client for a vector under differential privacy; false when that would go past its budget. */
  readonly charge?: (client: number, round: number, digest: string) => boolean;
  readonly observer: RoomObserver;
  /** Without one, everything is delivered at once. */
  readonly conductor?: Conductor | undefined;
}

interface Seat {
  state: ClientState;
  readonly environment: ClientEnvironment;
  /** The vector of this round, for further attempts. */
  kept: InputVector | undefined;
}

export interface Room {
  /** One attempt, up to the sum or a named abort. */
  attempt(
    start: Extract<CoordinatorEvent, { kind: 'begin' | 'retry' }>,
    vanishing: Vanishing,
    costs: CostMeter,
  ): Promise<AttemptOutcome>;
  /** Ends the round: the new model is announced to whoever is still there. */
  publish(model: Model, costs: CostMeter): void;
  /** Ends the round by name, as its sum cannot be one of honest clients. */
  reject(fault: AggregateFault, costs: CostMeter): Extract<AttemptOutcome, { kind: 'abort' }>;
  /** The coordinator's sum so far, to look at at once; undefined outside the phases in which there is one. */
  readonly sum: RunningSum | undefined;
}

/** False when the coordinator ended the attempt: that is told once, not by every client. */
function leftByItself(error: FederationError): boolean {
  return !('reason' in error.details && error.details.reason === 'ended-by-coordinator');
}

/** The coordinator's messages that open a phase of an attempt. */
const openers: readonly MessageType[] = [
  'announcement',
  'key-adverts',
  'relayed-shares',
  'statement-request',
  'signed-statements',
];

function beginsPhase(bytes: Uint8Array): boolean {
  const type = peekType(bytes);
  return type.ok && openers.includes(type.value);
}

export function createRoom(options: RoomOptions): Room {
  const { observer, conductor } = options;
  const coordinator = { ...options.coordinator };
  const { masks } = coordinator.environment.epoch.parameters;
  const seats: readonly Seat[] = options.clients.map((client) => ({ ...client, kept: undefined }));
  let vanishing: Vanishing = new Map();
  let vanished = new Set<number>();
  let costs: CostMeter;
  const deliveries: Delivery[] = [];
  /** How many phases have been opened so far. */
  let openings = 0;
  let position = { round: 0, attempt: 0 };
  /** Vectors that are being made. */
  let working = 0;
  let failure: { readonly cause: unknown } | undefined;
  let wake: () => void = () => undefined;
  let awaited: Phase | undefined;
  let outcome: AttemptOutcome | undefined;

  function stepCoordinator(event: CoordinatorEvent, phase: CostPhase): void {
    const effects = costs.time(0, phase, () => {
      const stepped = coordinatorStep(coordinator.state, event, coordinator.environment);
      coordinator.state = stepped.state;
      return stepped.effects;
    });
    for (const effect of effects) carryOutCoordinator(effect, phase);
  }

  function carryOutCoordinator(effect: CoordinatorEffect, phase: CostPhase): void {
    switch (effect.kind) {
      case 'send': {
        const sentIn = costPhaseOf(effect.bytes);
        const begins = beginsPhase(effect.bytes)
          ? { phase: masks ? sentIn : 'masked-input', opening: openings + 1 }
          : undefined;
        for (const client of effect.to) {
          if (vanished.has(client)) continue;
          costs.received(client, sentIn, effect.bytes.length);
          put({
            to: 'client',
            client,
            begins,
            deliver: () => {
              stepClient(client, { kind: 'message', bytes: effect.bytes }, sentIn);
            },
          });
        }
        break;
      }
      case 'await':
        awaited = effect.phase;
        openings += 1;
        observer.awaits?.(effect.phase, effect.clients.length);
        break;
      case 'aggregate':
        outcome = { kind: 'aggregate', aggregate: effect.aggregate };
        break;
      case 'abort':
        outcome = { kind: 'abort', error: effect.error, retry: effect.retry };
        break;
      case 'refused':
        observer.refused({ client: effect.client ?? 0, phase, reason: effect.reason });
        break;
      case 'report':
        observer.event(effect.event);
        break;
      case 'persist': // the state itself lives as long as the simulation
        break;
    }
  }

  function stepClient(client: number, event: ClientEvent, phase: CostPhase): void {
    if (vanished.has(client)) return;
    const seat = seats[client - 1]!;
    const effects = costs.time(client, phase, () => {
      const stepped = clientStep(seat.state, event, seat.environment);
      seat.state = stepped.state;
      return stepped.effects;
    });
    for (const effect of effects) carryOutClient(client, seat, effect, phase);
  }

  function carryOutClient(client: number, seat: Seat, effect: ClientEffect, phase: CostPhase): void {
    if (vanished.has(client)) return;
    switch (effect.kind) {
      case 'send': {
        const sentIn = costPhaseOf(effect.bytes);
        if (vanishing.get(client) === sentIn) return vanish(client, seat);
        const bytes = leaving(client, effect.bytes);
        if (bytes === undefined) return vanish(client, seat);
        costs.sent(client, sentIn, bytes.length);
        if (sentIn === 'masked-input' && seat.kept !== undefined)
          observer.vectorSent?.(
            client,
            effect.bytes.subarray(-seat.environment.epoch.vectorBytes),
            seat.kept,
          );
        put({
          to: 'coordinator',
          client,
          deliver: () => {
            stepCoordinator({ kind: 'message', from: client, bytes }, sentIn);
          },
        });
        break;
      }
      case 'train':
        // Who vanishes before sending its vector need not make one.
        if (vanishing.get(client) === 'masked-input') vanish(client, seat);
        else makeVector(client, effect.round, effect.selected, effect.clippingNorm);
        break;
      case 'charge': {
        const { round, digest } = effect;
        const charged = options.charge?.(client, round, digest) ?? true;
        stepClient(client, { kind: charged ? 'charged' : 'budget-reached', round }, phase);
        break;
      }
      case 'recall-vector': {
        const vector = seat.kept;
        const { round } = effect;
        const event: ClientEvent = vector
          ? { kind: 'vector', round, vector }
          : { kind: 'vector-lost', round };
        putVector(client, event);
        break;
      }
      case 'keep-vector':
        seat.kept = effect.vector;
        break;
      case 'discard-vector':
        seat.kept = undefined;
        break;
      case 'refused':
        observer.refused({ client, phase, reason: effect.reason });
        break;
      case 'abort':
        if (leftByItself(effect.error)) observer.refused({ client, phase, reason: effect.error.message });
        break;
      case 'report':
        observer.event(effect.event);
        break;
      case 'persist':
      case 'finished':
        break;
    }
  }

  function vanish(client: number, seat: Seat): void {
    seat.state = clientStep(seat.state, { kind: 'cancel' }, seat.environment).state;
    vanished.add(client);
    conductor?.gone(client);
  }

  /** What leaves a client in place of what it sends; undefined: it has vanished. */
  function leaving(client: number, bytes: Uint8Array): Uint8Array | undefined {
    const type = peekType(bytes);
    return conductor === undefined || !type.ok
      ? bytes
      : conductor.outgoing(client, { type: type.value, bytes });
  }

  function put(delivery: Delivery): void {
    deliveries.push(delivery);
    conductor?.wake();
  }

  function putVector(client: number, event: ClientEvent): void {
    const deliver = (): void => {
      stepClient(client, event, 'masked-input');
    };
    put({ to: 'self', client, deliver });
  }

  function makeVector(
    client: number,
    round: number,
    selected: boolean,
    clippingNorm: number | undefined,
  ): void {
    working += 1;
    options
      .train(client, selected, costs, clippingNorm)
      .then(
        (vector) => {
          observer.event({ ...position, phase: 'masked-input', client, kind: 'trained', detail: {} });
          putVector(client, { kind: 'vector', round, vector });
        },
        (cause: unknown) => {
          failure ??= { cause };
        },
      )
      .finally(() => {
        working -= 1;
        wake();
      });
  }

  /** Delivers what there is to deliver, including what that brings about. */
  function deliverAll(): void {
    while (deliveries.length > 0) for (const { deliver } of deliveries.splice(0)) deliver();
  }

  /** The same, one by one, when the conductor says. Rejects when the conductor does. */
  async function conductAll(by: Conductor): Promise<void> {
    while (deliveries.length > 0) {
      const next = await by.next(deliveries);
      deliveries.splice(deliveries.indexOf(next), 1);
      next.deliver();
      if (failure) return;
    }
  }

  /** How the attempt ended, if it did; throws what training threw. */
  function endOf(): AttemptOutcome | undefined {
    if (failure) throw failure.cause;
    return outcome;
  }

  return {
    async attempt(start, vanishes, attemptCosts) {
      vanishing = vanishes;
      vanished = new Set();
      costs = attemptCosts;
      outcome = undefined;
      position =
        start.kind === 'begin'
          ? { round: start.round, attempt: 1 }
          : { ...position, attempt: position.attempt + 1 };
      conductor?.attemptStarts(position.round);
      stepCoordinator(start, 'advertise-keys');
      for (;;) {
        if (conductor === undefined) deliverAll();
        else await conductAll(conductor);
        const ended = endOf();
        if (ended) return ended;
        if (working > 0) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          wake = () => undefined;
        } else if (deliveries.length === 0 && awaited)
          stepCoordinator({ kind: 'timeout', phase: awaited }, awaited === 'session' ? 'aggregate' : awaited);
      }
    },
    reject(fault, rejectCosts) {
      costs = rejectCosts;
      outcome = undefined;
      stepCoordinator({ kind: 'reject', fault }, 'aggregate');
      deliverAll();
      const ended = endOf();
      if (ended?.kind !== 'abort') throw new TypeError('there is no aggregate to reject');
      return ended;
    },
    publish(model, publishCosts) {
      costs = publishCosts;
      stepCoordinator({ kind: 'publish', model }, 'aggregate');
      deliverAll();
    },
    get sum() {
      return 'sum' in coordinator.state ? coordinator.state.sum : undefined;
    },
  };
}
