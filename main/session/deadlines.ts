/**
 * How long a phase waits for those who have not answered. Fixed when the leader says so. Otherwise it adapts: at first
 * the longest time; then a few times what the slowest needed in the last round; and as soon as a quorum has answered, no
 * longer than a few times what the quorum took. So a slow or silent peer costs the others a bounded wait, and a slow
 * room is not hurried.
 */
import type { Phase } from '../../core/wire/messages.ts';

export interface DeadlineRule {
  /** Every phase waits exactly so long; undefined: adaptive. */
  readonly fixedMs: number | undefined;
  /** Longest wait of any phase. */
  readonly longestMs: number;
  /** Shortest wait, however fast the others are. */
  readonly shortestMs: number;
}

export const defaultDeadlines: DeadlineRule = {
  fixedMs: undefined,
  longestMs: 10 * 60_000,
  shortestMs: 8_000,
};

const patience = 4;

export class Deadlines {
  rule: DeadlineRule;
  /** By phase: what the slowest answer took when the phase last ended, ms. */
  readonly #slowest = new Map<Phase, number>();

  constructor(rule: DeadlineRule = defaultDeadlines) {
    this.rule = rule;
  }

  /** How long the phase waits, counted from its beginning, before anyone has answered. */
  atStart(phase: Phase): number {
    const slowest = this.#slowest.get(phase);
    return slowest === undefined ? (this.rule.fixedMs ?? this.rule.longestMs) : this.#patiently(slowest);
  }

  /** How long it waits, counted from its beginning, once a quorum has answered after `elapsedMs`. */
  afterQuorum(elapsedMs: number): number {
    return this.#patiently(elapsedMs);
  }

  ended(phase: Phase, slowestAnswerMs: number): void {
    this.#slowest.set(phase, slowestAnswerMs);
  }

  #patiently(ms: number): number {
    const { fixedMs, longestMs, shortestMs } = this.rule;
    return fixedMs ?? Math.min(longestMs, Math.max(shortestMs, patience * ms));
  }
}
