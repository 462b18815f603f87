/**
 * A phase whose beginning waits for a person: what is to be done then, what has come meanwhile, and how long it took.
 */
import type { CoordinatorEffect } from '../../core/secagg/coordinator-events.ts';
import type { Phase } from '../../core/wire/messages.ts';

export interface Held {
  readonly phase: Phase;
  /** From the first on that leads to somebody being asked. */
  readonly effects: readonly CoordinatorEffect[];
}

export interface KeptMessage {
  readonly client: number;
  readonly bytes: Uint8Array;
}

/** Messages of one member that are kept meanwhile: an honest one has no more to say. */
const mostKept = 4;

export class PhaseHold {
  #held: (Held & { readonly messages: KeptMessage[]; readonly sinceMs: number }) | undefined;
  /** When it was last, by performance.now(). */
  #last = { fromMs: 0, untilMs: 0 };
  #totalMs = 0;

  /** That is held now. */
  get phase(): Phase | undefined {
    return this.#held?.phase;
  }

  /** How long phases have been held in all, ms. */
  get totalMs(): number {
    return this.#totalMs + (this.#held === undefined ? 0 : performance.now() - this.#held.sinceMs);
  }

  begin(held: Held): void {
    this.#held = { ...held, messages: [], sinceMs: performance.now() };
  }

  /** False when that member has sent too much already. */
  keep(client: number, bytes: Uint8Array): boolean {
    const messages = this.#held?.messages ?? [];
    if (messages.filter((kept) => kept.client === client).length >= mostKept) return false;
    messages.push({ client, bytes });
    return true;
  }

  /** What is to be done now; undefined when nothing was held. */
  end(): (Held & { readonly messages: readonly KeptMessage[] }) | undefined {
    const held = this.#held;
    if (held === undefined) return undefined;
    this.#held = undefined;
    this.#last = { fromMs: held.sinceMs, untilMs: performance.now() };
    this.#totalMs += this.#last.untilMs - this.#last.fromMs;
    return held;
  }

  /** How long somebody has been away, as if no time had passed while a phase was held. */
  withoutHeld(awayMs: number): number {
    if (awayMs === 0 || !Number.isFinite(awayMs)) return awayMs;
    const { fromMs, untilMs } = this.#last;
    const lostAtMs = performance.now() - awayMs;
    return Math.max(1, awayMs - Math.max(0, untilMs - Math.max(fromMs, lostAtMs)));
  }
}

/** Of effects that begin a phase, what is to be held; undefined for others. */
export function heldOf(effects: readonly CoordinatorEffect[]): Held | undefined {
  const asks = effects.find((effect) => effect.kind === 'await');
  const first = effects.findIndex(({ kind }) => kind === 'persist' || kind === 'send');
  return asks === undefined || first < 0 ? undefined : { phase: asks.phase, effects: effects.slice(first) };
}
