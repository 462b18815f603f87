/**
 * Whoever stands between a simulated room's messages and their delivery, where a person watches: how fast they go, where
 * they wait, and what goes wrong on purpose (faults.ts). It changes when a message is delivered, never what honest
 * machines say: a run under a conductor gives the same model.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Fault, Pace } from '../../core/contract/watch-event.ts';
import type { Delivery, Outgoing } from './delivery.ts';
import { FaultDesk } from './faults.ts';

export interface ConductorEvents {
  /** The messages that begin this phase wait for a person; null: they have been let go. */
  held(phase: string | null): void;
  /** A fault will strike in this round. */
  fault(client: number, fault: Fault, round: number): void;
}

export interface ConductorOptions {
  readonly clients: number;
  readonly rounds: number;
  readonly masks: boolean;
  readonly pace: Pace;
  /** How long the messages that all clients send in one phase take in a pace to follow by eye. */
  readonly phaseMs?: number;
  readonly signal: AbortSignal;
  readonly events: ConductorEvents;
}

/**
 * With five phases, the clients' own vectors and the coordinator's messages, a round then takes some 15 s beside training,
 * whatever the number of clients.
 */
const usualPhaseMs = 2_000;
/** Longest and shortest time between two messages, ms. */
const gapsMs = { longest: 400, shortest: 5 } as const;
/** The coordinator says the same to everyone: that goes faster. */
const broadcastShare = 0.25;
/** The sum can be looked at for so long before the next round begins, ms. */
const betweenRoundsMs = 2_500;

export class Conductor {
  readonly #options: ConductorOptions;
  readonly #faults: FaultDesk;
  readonly #gapMs: number;
  #pace: Pace;
  #paused = false;
  /** The opening of a phase that a person has let go, or that went by without one. */
  #letGo = 0;
  #held: Delivery['begins'];
  /** When the next message may go, on the clock of performance.now(). */
  #nextAt = 0;
  #wake: () => void = () => undefined;

  constructor(options: ConductorOptions) {
    this.#options = options;
    this.#pace = options.pace;
    const { phaseMs = usualPhaseMs, clients } = options;
    this.#gapMs = Math.min(gapsMs.longest, Math.max(gapsMs.shortest, phaseMs / clients));
    this.#faults = new FaultDesk(options);
    options.signal.addEventListener('abort', () => {
      this.wake();
    });
  }

  // what a person does

  get pace(): Pace {
    return this.#pace;
  }

  setPace(pace: Pace): void {
    this.#pace = pace;
    this.#nextAt = 0;
    if (pace !== 'step') this.letGo();
    this.wake();
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Everything waits at the next delivery. */
  setPaused(paused: boolean): void {
    this.#paused = paused;
    this.wake();
  }

  /** Lets go what is held, if anything is. */
  letGo(): void {
    if (this.#held === undefined) return;
    this.#letGo = this.#held.opening;
    this.#held = undefined;
    this.#options.events.held(null);
    this.wake();
  }

  /** Strikes at the client's next message, in this round or the next; nothing where there is none any more. */
  inject(client: number, fault: Fault): void {
    const round = this.#faults.inject(client, fault);
    if (round !== undefined) this.#options.events.fault(client, fault, round);
  }

  // what the room asks

  /** An attempt begins; everyone is back. */
  attemptStarts(round: number): void {
    this.#faults.attemptStarts(round);
  }

  /** What leaves a client in place of the message that it sends: it, another one, or nothing, as it has vanished. */
  outgoing(client: number, message: Outgoing): Uint8Array | undefined {
    return this.#faults.outgoing(client, message);
  }

  /** A client that sends nothing more in this attempt. */
  gone(client: number): void {
    this.#faults.gone(client);
  }

  /** Something new is on its way, or must be looked at again. */
  wake(): void {
    this.#wake();
  }

  /** Lets this process answer others, between any two pieces of work. */
  async breathe(): Promise<void> {
    await nextTurn();
  }

  /** The next that may be delivered, of a list that may grow meanwhile. Rejects with the signal's reason. */
  async next(waiting: readonly Delivery[]): Promise<Delivery> {
    await this.breathe();
    for (;;) {
      this.#options.signal.throwIfAborted();
      const now = performance.now();
      const first = this.#paused
        ? undefined
        : waiting.find((delivery) => this.#faults.readyAt(delivery) <= now);
      if (first !== undefined && !this.#holds(first)) {
        if (now >= this.#nextAt) {
          this.#nextAt = now + this.#gapAfter(first);
          return first;
        }
        await this.#until(this.#nextAt);
      } else if (first === undefined && !this.#paused) {
        await this.#until(Math.min(...waiting.map((delivery) => this.#faults.readyAt(delivery))));
      } else await this.#until(undefined);
    }
  }

  /** A round is over, and another will begin. */
  async betweenRounds(): Promise<void> {
    const until = performance.now() + betweenRoundsMs;
    while (this.#paused || (this.#pace === 'slow' && performance.now() < until)) {
      this.#options.signal.throwIfAborted();
      await this.#until(this.#paused ? undefined : until);
    }
  }

  #holds({ begins }: Delivery): boolean {
    if (begins === undefined || begins.opening <= this.#letGo) return false;
    if (this.#pace !== 'step') {
      this.#letGo = begins.opening;
      return false;
    }
    if (this.#held?.opening !== begins.opening) {
      this.#held = begins;
      this.#options.events.held(begins.phase);
    }
    return true;
  }

  #gapAfter({ to }: Delivery): number {
    if (this.#pace === 'full') return 0;
    return to === 'client' ? this.#gapMs * broadcastShare : this.#gapMs;
  }

  /** Until then, or until something has changed. */
  async #until(at: number | undefined): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer =
        at === undefined ? undefined : setTimeout(resolve, Math.max(1, Math.ceil(at - performance.now())));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => undefined;
  }
}
