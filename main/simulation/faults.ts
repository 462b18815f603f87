/**
 * Faults that a person injects into a client of a simulation: it vanishes, becomes slow, one bit of its message is
 * changed on the way, or an earlier message of its own is played back in place of the right one. Nothing about the
 * outcome is played: the machines get real bytes and do with them what they would over a network.
 */
import type { Fault } from '../../core/contract/watch-event.ts';
import { headerBytes, readHeader } from '../../core/wire/header.ts';
import type { MessageType } from '../../core/wire/messages.ts';
import type { Delivery, Outgoing } from './delivery.ts';

export interface FaultRules {
  readonly clients: number;
  readonly rounds: number;
  readonly masks: boolean;
}

/** How late every message of a slow client is, ms: over a network a deadline would stand in for everyone's patience. */
const lateMs = 3_000;
/** Messages of earlier rounds are kept for playing back, as long as those of all clients together take no more bytes. */
const mostKeptBytes = 32_000_000;

interface Pending {
  readonly fault: Fault;
  /** Not before this round. */
  readonly round: number;
}

interface Desk {
  pending: Pending | undefined;
  /** Messages of this attempt. */
  sent: number;
  /** Its messages of this attempt are over: it has vanished, or what it sent is refused. */
  spent: boolean;
  /** Every message of this round is late. */
  slowInRound: number;
  /** When what it sent last may arrive, so that its messages stay in order. */
  lateUntil: number;
  /** Its latest message of each type. */
  readonly earlier: Map<MessageType, Uint8Array>;
  /** The latest of all. */
  latest: Uint8Array | undefined;
}

export class FaultDesk {
  readonly #rules: FaultRules;
  readonly #desks: readonly Desk[];
  /** When deliveries that are late may arrive. */
  readonly #readyAt = new WeakMap<Delivery, number>();
  #round = 0;

  constructor(rules: FaultRules) {
    this.#rules = rules;
    this.#desks = Array.from({ length: rules.clients }, () => ({
      pending: undefined,
      sent: 0,
      spent: true,
      slowInRound: 0,
      lateUntil: 0,
      earlier: new Map(),
      latest: undefined,
    }));
  }

  /** In which round it will strike; undefined when the client will send nothing any more. */
  inject(client: number, fault: Fault): number | undefined {
    const desk = this.#desks[client - 1];
    if (desk === undefined) return undefined;
    const messages = this.#rules.masks ? 5 : 1;
    // what has never sent anything has nothing to play back in place of its first message
    const needed = fault === 'replay' && desk.latest === undefined ? 2 : 1;
    const soon = !desk.spent && messages - desk.sent >= needed;
    // without masks the first message of a run is also the only one of its round
    const later = this.#round === 0 && needed > messages ? 2 : this.#round + 1;
    const round = soon ? this.#round : later;
    if (round > this.#rules.rounds) return undefined;
    desk.pending = { fault, round };
    return round;
  }

  attemptStarts(round: number): void {
    this.#round = round;
    for (const desk of this.#desks) {
      desk.sent = 0;
      desk.spent = false;
    }
  }

  gone(client: number): void {
    this.#desks[client - 1]!.spent = true;
  }

  /** What leaves the client in place of its message; undefined: it vanishes before. */
  outgoing(client: number, message: Outgoing): Uint8Array | undefined {
    const desk = this.#desks[client - 1]!;
    const bytes = this.#strike(desk, message);
    desk.sent += 1;
    this.#keep(desk, message);
    return bytes;
  }

  #strike(desk: Desk, message: Outgoing): Uint8Array | undefined {
    const { pending } = desk;
    if (pending === undefined || this.#round < pending.round) return message.bytes;
    const earlier = desk.earlier.get(message.type) ?? desk.latest;
    if (pending.fault === 'replay' && earlier === undefined) return message.bytes;
    desk.pending = undefined;
    if (pending.fault === 'slow') desk.slowInRound = this.#round;
    else desk.spent = true;
    switch (pending.fault) {
      case 'drop':
        return undefined;
      case 'slow':
        return message.bytes;
      case 'tamper':
        return withBitFlipped(message.bytes);
      case 'replay':
        return earlier;
    }
  }

  #keep(desk: Desk, { type, bytes }: Outgoing): void {
    const wanted = desk.pending?.fault === 'replay';
    if (!wanted && bytes.length * this.#rules.clients > mostKeptBytes) return;
    desk.earlier.set(type, bytes);
    desk.latest = bytes;
  }

  /** On the clock of performance.now(). */
  readyAt(delivery: Delivery): number {
    if (delivery.to !== 'coordinator') return 0;
    const desk = this.#desks[delivery.client - 1]!;
    if (desk.slowInRound !== this.#round) return 0;
    const known = this.#readyAt.get(delivery);
    if (known !== undefined) return known;
    desk.lateUntil = Math.max(desk.lateUntil, performance.now() + lateMs);
    this.#readyAt.set(delivery, desk.lateUntil);
    return desk.lateUntil;
  }
}

/** A copy with one bit changed in the last byte that the signature covers. */
function withBitFlipped(bytes: Uint8Array): Uint8Array {
  const header = readHeader(bytes);
  if (!header.ok) throw new RangeError(`not a sealed message: ${header.reason}`);
  const changed = bytes.slice();
  changed[headerBytes + header.value.bodyBytes - 1]! ^= 1;
  return changed;
}
