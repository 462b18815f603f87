/**
 * Drives the coordinator machine through the attempts of an epoch: its effects go to connections, disk and screen in
 * their order, and connections and timers come back as events. Knows of people only their numbers.
 *
 * Messages that begin a phase can be held until they are let go. What the disk must know before they leave is not written
 * before, so that a crash while they are held loses nothing: nobody was asked, and nothing says that somebody was.
 */
import type { ProtocolEvent } from '../../core/contract/run-result.ts';
import { coordinatorStep, createCoordinator } from '../../core/secagg/coordinator.ts';
import type {
  CoordinatorEffect,
  CoordinatorEnvironment,
  CoordinatorEvent,
  Model,
} from '../../core/secagg/coordinator-events.ts';
import type { CoordinatorRecord, CoordinatorState, RunningSum } from '../../core/secagg/coordinator-state.ts';
import type { AggregateFault } from '../../core/secagg/quantise.ts';
import { peekType } from '../../core/wire/envelope.ts';
import { messageTypes, type Phase } from '../../core/wire/messages.ts';
import type { AttemptOutcome } from '../session/attempt-outcome.ts';
import type { Deadlines } from '../session/deadlines.ts';
import { type CostMeter, type CostPhase, costPhaseOf } from '../simulation/costs.ts';
import { heldOf, PhaseHold } from './phase-hold.ts';

/** What the desk needs of the session around it. */
export interface RoundDeskHost {
  send(client: number, bytes: Uint8Array): void;
  /** How long its connection has been lost, ms: 0 while it is there, Infinity when it has left or was removed. */
  awayMs(client: number): number;
  /** Writes and flushes before it returns. */
  persist(record: CoordinatorRecord): void;
  /** A message that was sent (sender 0), or accepted from a member. */
  keep(bytes: Uint8Array, sender: number): void;
  report(event: ProtocolEvent): void;
  refused(client: number, phase: string, reason: string): void;
  /** A phase has begun, or its deadline has changed. */
  phaseStarted(phase: StartedPhase): void;
  phaseEnded(phase: EndedPhase): void;
  /** A verified vector has been added to the sum. packed: as it came. */
  vectorAdded(client: number, packed: Uint8Array): void;
  /** Whether messages that begin a phase are to be held: a person follows the phases one by one. */
  holds(): boolean;
  /** The messages that begin this phase are held; null: they have been let go. */
  held(phase: Phase | null): void;
  /** This machine cannot go on: what a deadline led to could not be written down. */
  failed(error: unknown): void;
}

export interface StartedPhase {
  readonly round: number;
  readonly attempt: number;
  readonly phase: Phase;
  /** Members that have not answered. */
  readonly awaited: number;
  /** Counted from the phase's beginning. */
  readonly deadlineMs: number;
}

export interface EndedPhase {
  readonly round: number;
  readonly attempt: number;
  readonly phase: Phase;
  /** ISO 8601 */
  readonly startedAt: string;
  readonly ms: number;
  readonly awaited: number;
  readonly answered: number;
  readonly deadlineMs: number;
}

interface Waiting {
  readonly phase: Phase;
  readonly startedAt: string;
  readonly startMs: number;
  readonly awaited: number;
  /** Clients that have not answered. */
  readonly missing: Set<number>;
  lastAnswerMs: number;
  deadlineMs: number;
  timer: NodeJS.Timeout | undefined;
}

/** Members that are all offline are waited for no longer than this after the last sign of life. */
export const offlineGraceMs = 15_000;

/** Refused messages of one member that are told in one attempt: a flood of them fills neither screen nor disk. */
export const mostRefusalsTold = 20;

export class RoundDesk {
  readonly #environment: CoordinatorEnvironment;
  readonly #host: RoundDeskHost;
  readonly #deadlines: Deadlines;
  readonly #threshold: number;
  #state: CoordinatorState;
  #costs: CostMeter | undefined;
  #waiting: Waiting | undefined;
  #offlineTimer: NodeJS.Timeout | undefined;
  #settle: ((outcome: AttemptOutcome) => void) | undefined;
  #position = { round: 0, attempt: 0 };
  readonly #hold = new PhaseHold();
  /** By member, in the attempt under way. */
  readonly #refusals = new Map<number, number>();
  /** Members that are there, and cannot answer in the attempt under way. */
  readonly #startedAnew = new Set<number>();

  /** model: given after a restart, the one that the interrupted round (of the record) began from. */
  constructor(options: {
    readonly environment: CoordinatorEnvironment;
    readonly host: RoundDeskHost;
    readonly deadlines: Deadlines;
    readonly record: CoordinatorRecord | undefined;
    readonly model?: Model | undefined;
  }) {
    this.#environment = options.environment;
    this.#host = options.host;
    this.#deadlines = options.deadlines;
    this.#threshold = options.environment.epoch.parameters.threshold;
    this.#state = createCoordinator(options.record, options.model);
  }

  /** True while an attempt collects messages. */
  get busy(): boolean {
    return this.#settle !== undefined;
  }

  /** The coordinator's sum so far; undefined where there is none. */
  get runningSum(): RunningSum | undefined {
    return 'sum' in this.#state ? this.#state.sum : undefined;
  }

  /** How long messages have been held in all, ms. */
  get heldMs(): number {
    return this.#hold.totalMs;
  }

  /** One attempt, up to the sum or a named abort. */
  attempt(
    start: Extract<CoordinatorEvent, { kind: 'begin' | 'retry' }>,
    costs: CostMeter,
  ): Promise<AttemptOutcome> {
    this.#costs = costs;
    this.#refusals.clear();
    this.#startedAnew.clear();
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#step(start, 'advertise-keys');
    });
  }

  receive(client: number, bytes: Uint8Array): void {
    const phase = costPhaseOf(bytes);
    this.#costs?.sent(client, phase, bytes.length);
    this.#take(client, bytes);
  }

  /** Lets the messages go that are held, if any. */
  release(): void {
    const held = this.#endHold();
    if (held === undefined) return;
    for (const effect of held.effects) this.#carryOut(effect);
    for (const { client, bytes } of held.messages) this.#take(client, bytes);
  }

  /** A member's connection came or went. startedAnew: its process did, too, and has no secrets of this attempt any more. */
  connectionChanged(client: number, connected: boolean, startedAnew = false): void {
    if (startedAnew && this.#cannotAnswer(client)) this.#startedAnew.add(client);
    // what is held goes to everyone; what went before it is of no use any more
    if (connected && this.#hold.phase === undefined) this.#step({ kind: 'reconnected', client }, 'aggregate');
    this.#watchOffline();
  }

  /** Whoever has advertised keys and lost them waits for the next attempt; without masks there are none to lose. */
  #cannotAnswer(client: number): boolean {
    if (!this.#environment.epoch.parameters.masks || this.#waiting === undefined) return false;
    const { phase, missing } = this.#waiting;
    return phase !== 'advertise-keys' || !missing.has(client);
  }

  /** Ends the round for the members: the new model is announced. */
  publish(model: Model): void {
    this.#step({ kind: 'publish', model }, 'aggregate');
  }

  /** Ends the round for the members without a model: no honest clients can have sent this sum. */
  reject(fault: AggregateFault): void {
    this.#step({ kind: 'reject', fault }, 'aggregate');
  }

  /** Ends the attempt under way, if any, by name. */
  cancel(): void {
    this.#endHold();
    if (this.busy) this.#step({ kind: 'cancel' }, 'aggregate');
  }

  /** Takes the rule's new times for the phase under way, too. */
  deadlinesChanged(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#setDeadline(this.#deadlines.atStart(waiting.phase));
    this.#tellPhase(waiting);
  }

  /** Nothing more comes of the attempt under way, if any; its phase is not written down as ended. */
  close(): void {
    this.#settle = undefined;
    clearTimeout(this.#offlineTimer);
    clearTimeout(this.#waiting?.timer);
    this.#waiting = undefined;
    this.#hold.end();
  }

  /** While messages are held nothing goes on but what members tell each other of restarts. */
  #take(client: number, bytes: Uint8Array): void {
    const type = peekType(bytes);
    const held = type.ok && type.value === 'sighting' ? undefined : this.#hold.phase;
    if (held === undefined) this.#step({ kind: 'message', from: client, bytes }, costPhaseOf(bytes));
    else if (!this.#hold.keep(client, bytes)) this.#host.refused(client, held, 'wrong-phase');
  }

  #step(event: CoordinatorEvent, phase: CostPhase): void {
    const run = (): readonly CoordinatorEffect[] => {
      const { state, effects } = coordinatorStep(this.#state, event, this.#environment);
      this.#state = state;
      return effects;
    };
    const effects = this.#costs?.time(0, phase, run) ?? run();
    const isAccepted = event.kind === 'message' && !effects.some(({ kind }) => kind === 'refused');
    if (isAccepted) {
      this.#host.keep(event.bytes, event.from);
      // before the effects, which may begin the next phase
      this.#answered(event.from, event.bytes);
    }
    const held = this.#host.holds() ? heldOf(effects) : undefined;
    for (const effect of held === undefined ? effects : effects.slice(0, -held.effects.length))
      this.#carryOut(effect);
    if (held !== undefined) {
      // the phase before is over
      this.#endWaiting();
      this.#hold.begin(held);
      this.#host.held(held.phase);
    }
    if (isAccepted && phase === 'masked-input') this.#tellVector(event.from, event.bytes);
  }

  #tellVector(client: number, bytes: Uint8Array): void {
    const type = peekType(bytes);
    const { vectorBytes } = this.#environment.epoch;
    if (type.ok && type.value === 'masked-input')
      this.#host.vectorAdded(client, bytes.subarray(bytes.length - vectorBytes));
  }

  #endHold(): ReturnType<PhaseHold['end']> {
    const held = this.#hold.end();
    if (held !== undefined) this.#host.held(null);
    return held;
  }

  #carryOut(effect: CoordinatorEffect): void {
    switch (effect.kind) {
      case 'send': {
        const [first] = effect.to;
        if (first === undefined) return;
        this.#host.keep(effect.bytes, 0);
        const phase = costPhaseOf(effect.bytes);
        for (const client of effect.to) {
          this.#costs?.received(client, phase, effect.bytes.length);
          this.#host.send(client, effect.bytes);
        }
        return;
      }
      case 'persist':
        this.#position = { round: effect.record.round, attempt: effect.record.attempt };
        this.#host.persist(effect.record);
        return;
      case 'await':
        this.#startWaiting(effect.phase, effect.clients);
        return;
      case 'report':
        if (effect.event.kind !== 'refused' || !this.#floods(effect.event.client ?? 0))
          this.#host.report(effect.event);
        return;
      case 'refused':
        this.#refusals.set(effect.client ?? 0, (this.#refusals.get(effect.client ?? 0) ?? 0) + 1);
        if (effect.reason !== 'not-expected')
          this.#host.refused(effect.client ?? 0, this.#state.phase, effect.reason);
        return;
      case 'aggregate':
        this.#finish({ kind: 'aggregate', aggregate: effect.aggregate });
        return;
      case 'abort':
        this.#finish({ kind: 'abort', error: effect.error, retry: effect.retry });
        return;
    }
  }

  #floods(client: number): boolean {
    return (this.#refusals.get(client) ?? 0) > mostRefusalsTold;
  }

  #finish(outcome: AttemptOutcome): void {
    this.#endWaiting();
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(outcome);
  }

  // Waiting for answers

  #startWaiting(phase: Phase, clients: readonly number[]): void {
    this.#endWaiting();
    const deadlineMs = this.#deadlines.atStart(phase);
    this.#waiting = {
      phase,
      startedAt: new Date().toISOString(),
      startMs: performance.now(),
      awaited: clients.length,
      missing: new Set(clients),
      lastAnswerMs: 0,
      deadlineMs,
      timer: undefined,
    };
    this.#tellPhase(this.#waiting);
    this.#setDeadline(clients.length === 0 ? 0 : deadlineMs);
    this.#watchOffline();
  }

  #answered(client: number, bytes: Uint8Array): void {
    const waiting = this.#waiting;
    const type = peekType(bytes);
    if (waiting === undefined || !type.ok) return;
    const answers = messageTypes[type.value].phase === waiting.phase || type.value === 'withdrawal';
    if (!answers || !waiting.missing.delete(client)) return;
    waiting.lastAnswerMs = performance.now() - waiting.startMs;
    const answered = waiting.awaited - waiting.missing.size;
    if (answered === this.#threshold && waiting.missing.size > 0) {
      const deadlineMs = this.#deadlines.afterQuorum(waiting.lastAnswerMs);
      if (deadlineMs < waiting.deadlineMs) {
        this.#setDeadline(deadlineMs);
        this.#tellPhase(waiting);
      }
    }
    this.#watchOffline();
  }

  #tellPhase({ phase, missing, deadlineMs }: Waiting): void {
    this.#host.phaseStarted({ ...this.#position, phase, awaited: missing.size, deadlineMs });
  }

  /** deadlineMs: counted from the beginning of the phase. */
  #setDeadline(deadlineMs: number): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    clearTimeout(waiting.timer);
    waiting.deadlineMs = deadlineMs;
    const leftMs = Math.max(0, deadlineMs - (performance.now() - waiting.startMs));
    waiting.timer = setTimeout(() => {
      this.#giveUp(waiting);
    }, leftMs);
  }

  /** When nobody that is waited for is there, waiting out a long deadline would help nobody. */
  #watchOffline(): void {
    clearTimeout(this.#offlineTimer);
    const waiting = this.#waiting;
    if (waiting === undefined || waiting.missing.size === 0) return;
    const awayMs = Math.min(...[...waiting.missing].map((client) => this.#awayMs(client)));
    if (awayMs === 0) return;
    this.#offlineTimer = setTimeout(
      () => {
        this.#giveUp(waiting);
      },
      Math.max(0, offlineGraceMs - awayMs),
    );
  }

  #awayMs(client: number): number {
    if (this.#startedAnew.has(client)) return Infinity;
    return this.#hold.withoutHeld(this.#host.awayMs(client));
  }

  #giveUp(waiting: Waiting): void {
    if (this.#waiting !== waiting) return;
    const { phase } = waiting;
    try {
      this.#step({ kind: 'timeout', phase }, phase === 'session' ? 'aggregate' : phase);
    } catch (error) {
      this.#host.failed(error);
    }
  }

  #endWaiting(): void {
    clearTimeout(this.#offlineTimer);
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    clearTimeout(waiting.timer);
    const { phase, startedAt, startMs, awaited, missing, deadlineMs, lastAnswerMs } = waiting;
    // a retry sends vectors that were trained before, and a phase that few answered says little about the next one
    if (this.#position.attempt === 1 && awaited - missing.size >= this.#threshold)
      this.#deadlines.ended(phase, lastAnswerMs);
    this.#host.phaseEnded({
      ...this.#position,
      phase,
      startedAt,
      ms: performance.now() - startMs,
      awaited,
      answered: awaited - missing.size,
      deadlineMs,
    });
  }
}
