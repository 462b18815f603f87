/** A coordinator's desk with honest client machines around it, in memory: what it sends, tells and writes down is kept. */
import type { ProtocolEvent } from '../../core/contract/run-result.ts';
import type { CoordinatorRecord } from '../../core/secagg/coordinator-state.ts';
import type { CoordinatorEvent } from '../../core/secagg/coordinator-events.ts';
import type { MessageType, Phase } from '../../core/wire/messages.ts';
import { type EndedPhase, RoundDesk, type StartedPhase } from '../../main/coordinator/round-desk.ts';
import type { AttemptOutcome } from '../../main/session/attempt-outcome.ts';
import { type DeadlineRule, Deadlines } from '../../main/session/deadlines.ts';
import { createCostMeter } from '../../main/simulation/costs.ts';
import { type RoomOptions, testModel, TestRoom, typeOf } from './secagg-room.ts';

export class DeskRoom {
  readonly clients: TestRoom;
  readonly desk: RoundDesk;
  readonly sent: { readonly client: number; readonly type: MessageType }[] = [];
  readonly kept: { readonly sender: number; readonly bytes: Uint8Array }[] = [];
  readonly reports: ProtocolEvent[] = [];
  readonly refusals: { readonly client: number; readonly phase: string; readonly reason: string }[] = [];
  readonly started: StartedPhase[] = [];
  readonly ended: EndedPhase[] = [];
  readonly held: (Phase | null)[] = [];
  readonly added: { readonly client: number; readonly packed: Uint8Array }[] = [];
  readonly records: CoordinatorRecord[] = [];
  /** Members whose messages do not come (any more). */
  silent: (client: number, type: MessageType) => boolean = () => false;
  stepping = false;
  /** When connections were lost, by performance.now(). */
  readonly lostAt = new Map<number, number>();
  #inbox: { readonly client: number; readonly bytes: Uint8Array }[] = [];

  constructor(options: RoomOptions, rule: DeadlineRule) {
    this.clients = new TestRoom(options);
    this.clients.tamper = {
      toCoordinator: (client, bytes, type) => {
        if (!this.silent(client, type)) this.#inbox.push({ client, bytes });
        return [];
      },
    };
    this.desk = new RoundDesk({
      environment: this.clients.environment,
      deadlines: new Deadlines(rule),
      record: undefined,
      host: {
        send: (client, bytes) => {
          this.sent.push({ client, type: typeOf(bytes) });
          if (!this.lostAt.has(client)) this.clients.stepClient(client, { kind: 'message', bytes });
        },
        awayMs: (client) => {
          const lostAt = this.lostAt.get(client);
          return lostAt === undefined ? 0 : Math.max(1, performance.now() - lostAt);
        },
        persist: (record) => {
          this.records.push(record);
        },
        keep: (bytes, sender) => {
          this.kept.push({ sender, bytes });
        },
        report: (event) => {
          this.reports.push(event);
        },
        refused: (client, phase, reason) => {
          this.refusals.push({ client, phase, reason });
        },
        phaseStarted: (phase) => {
          this.started.push(phase);
        },
        phaseEnded: (phase) => {
          this.ended.push(phase);
        },
        vectorAdded: (client, packed) => {
          this.added.push({ client, packed });
        },
        holds: () => this.stepping,
        held: (phase) => {
          this.held.push(phase);
        },
        failed: (error) => {
          throw error;
        },
      },
    });
  }

  begin(round: number): Promise<AttemptOutcome> {
    return this.#attempt({ kind: 'begin', round, model: testModel(this.clients.epoch, round) });
  }

  retry(): Promise<AttemptOutcome> {
    return this.#attempt({ kind: 'retry' });
  }

  #attempt(start: Extract<CoordinatorEvent, { kind: 'begin' | 'retry' }>): Promise<AttemptOutcome> {
    return this.desk.attempt(start, createCostMeter(this.clients.epoch.parameters.clients));
  }

  /** Everything that is under way arrives, until nobody has anything left to do. */
  settle(): void {
    for (;;) {
      this.clients.deliver();
      const inbox = this.#inbox;
      if (inbox.length === 0) return;
      this.#inbox = [];
      for (const { client, bytes } of inbox) this.desk.receive(client, bytes);
    }
  }

  /** What a client sent last of a type, whether or not it came. */
  lastSent(client: number, type: MessageType): Uint8Array {
    return this.clients.sentBy(client, type).at(-1)!;
  }
}
