/**
 * A room on one machine: the coordinator's and the clients' machines, joined by an in-memory transport. The protocol
 * is the one that runs over a network; what is simulated is the wire, the disk and the clients that vanish.
 *
 * Messages are delivered one by one, in the order sent. When nobody has anything left to do and the coordinator still
 * waits, those it waits for have vanished: its timer fires at once. So a run needs no clock and repeats itself.
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
import type { CoordinatorState } from '../../core/secagg/coordinator-state.ts';
import type { AggregateFault } from '../../core/secagg/quantise.ts';
import { messageTypes, type Phase } from '../../core/wire/messages.ts';
import { peekType } from '../../core/wire/envelope.ts';
import type { CostMeter, CostPhase } from './costs.ts';

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
}

/**
 * Trains for a client that the protocol asks to train; the vector is quantised already. A client that is not selected
 * need not be trained for: on one machine there is nobody from whom time could hide it.
 */
export type Train = (client: number, selected: boolean, costs: CostMeter) => Promise<InputVector>;

export interface RoomOptions {
  readonly coordinator: { readonly state: CoordinatorState; readonly environment: CoordinatorEnvironment };
  /** Client v is element v - 1. */
  readonly clients: readonly { readonly state: ClientState; readonly environment: ClientEnvironment }[];
  readonly train: Train;
  readonly observer: RoomObserver;
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
}

/** False when the coordinator ended the attempt: that is told once, not by every client. */
function leftByItself(error: FederationError): boolean {
  return !('reason' in error.details && error.details.reason === 'ended-by-coordinator');
}

function phaseOf(bytes: Uint8Array): CostPhase {
  const type = peekType(bytes);
  const phase = type.ok ? messageTypes[type.value].phase : 'aggregate';
  return phase === 'session' ? 'aggregate' : phase;
}

export function createRoom(options: RoomOptions): Room {
  const { observer } = options;
  const coordinator = { ...options.coordinator };
  const seats: readonly Seat[] = options.clients.map((client) => ({ ...client, kept: undefined }));
  let vanishing: Vanishing = new Map();
  let vanished = new Set<number>();
  let costs: CostMeter;
  let deliveries: (() => void)[] = [];
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
        const sentIn = phaseOf(effect.bytes);
        for (const client of effect.to) {
          if (vanished.has(client)) continue;
          costs.received(client, sentIn, effect.bytes.length);
          deliveries.push(() => stepClient(client, { kind: 'message', bytes: effect.bytes }, sentIn));
        }
        break;
      }
      case 'await':
        awaited = effect.phase;
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
        const sentIn = phaseOf(effect.bytes);
        if (vanishing.get(client) === sentIn) return vanish(client, seat);
        costs.sent(client, sentIn, effect.bytes.length);
        deliveries.push(() =>
          stepCoordinator({ kind: 'message', from: client, bytes: effect.bytes }, sentIn),
        );
        break;
      }
      case 'train':
        // Who vanishes before sending its vector need not make one.
        if (vanishing.get(client) === 'masked-input') vanish(client, seat);
        else makeVector(client, effect.round, effect.selected);
        break;
      case 'recall-vector': {
        const vector = seat.kept;
        const { round } = effect;
        const event: ClientEvent = vector
          ? { kind: 'vector', round, vector }
          : { kind: 'vector-lost', round };
        deliveries.push(() => stepClient(client, event, 'masked-input'));
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
  }

  function makeVector(client: number, round: number, selected: boolean): void {
    working += 1;
    options
      .train(client, selected, costs)
      .then(
        (vector) =>
          deliveries.push(() => stepClient(client, { kind: 'vector', round, vector }, 'masked-input')),
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
    while (deliveries.length > 0) {
      const batch = deliveries;
      deliveries = [];
      for (const deliver of batch) deliver();
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
      stepCoordinator(start, 'advertise-keys');
      for (;;) {
        deliverAll();
        const ended = endOf();
        if (ended) return ended;
        if (working > 0) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        } else if (awaited)
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
  };
}
