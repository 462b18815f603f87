/**
 * Plays one round with the members of an epoch: attempts until there is a sum or nothing may be tried any more, the new
 * model, its evaluation, all of it on disk before anybody is told.
 */
import type { RoundPrivacy } from '../../core/contract/run-result.ts';
import type { SessionEventBody, SessionRound } from '../../core/contract/session-event.ts';
import { reportedFigures, type SummedUpdate } from '../../core/fedavg/global-update.ts';
import { roundPrivacy } from '../../core/fedavg/round-privacy.ts';
import type { Epoch } from '../../core/secagg/epoch.ts';
import type { Aggregate } from '../../core/secagg/coordinator-events.ts';
import { privacyPlanOf } from '../../core/secagg/privacy-plan.ts';
import { type CostMeter, createCostMeter, meanAndMax } from '../simulation/costs.ts';
import type { Store } from '../storage/store.ts';
import type { Bookkeeper } from './bookkeeper.ts';
import type { Evaluation, ModelKeeper } from './model-keeper.ts';
import { clippingNormOf, roundModel } from './round-model.ts';
import { mostRefusalsTold, type RoundDesk } from './round-desk.ts';
import type { RoundObserver } from './round-observer.ts';

/** Attempts at one round before it is given up: whoever is missing then will not come. */
const mostAttempts = 6;

export type RoundOutcome =
  | { readonly kind: 'done'; readonly result: SessionRound }
  /** Nothing may be tried any more on this model without everyone's confirmation. */
  | { readonly kind: 'burnt' }
  | { readonly kind: 'aborted'; readonly reason: string }
  | { readonly kind: 'stopped' };

export interface RoundPlayerOptions {
  readonly session: string;
  readonly epochNumber: number;
  readonly epoch: Epoch;
  readonly desk: RoundDesk;
  readonly keeper: ModelKeeper;
  readonly store: Store;
  readonly books: Bookkeeper;
  readonly signal: AbortSignal;
  readonly emit: (event: SessionEventBody) => void;
  /** Until T members are there, and all of these survivors; false when that takes too long. */
  readonly enoughMembers: (survivors: readonly number[]) => Promise<boolean>;
  /** Of the last round that is done, in whatever epoch. */
  readonly lastPrivacy: () => RoundPrivacy | undefined;
  /** Tells the members. */
  readonly reportRound: (result: SessionRound) => void;
  readonly observer: RoundObserver | undefined;
}

export interface RefusedInRound {
  readonly client: number;
  readonly phase: string;
  readonly reason: string;
}

export class RoundPlayer {
  readonly #options: RoundPlayerOptions;
  /** Refused messages of the round under way. */
  #refused: RefusedInRound[] = [];

  constructor(options: RoundPlayerOptions) {
    this.#options = options;
  }

  /** Of a flood from one member, the beginning is kept. */
  noteRefused(refused: RefusedInRound): void {
    const earlier = this.#refused.filter(({ client }) => client === refused.client);
    if (earlier.length < mostRefusalsTold) this.#refused.push(refused);
  }

  /** interrupted: the attempt at this round that a crash cut short; undefined for a fresh round. */
  async play(round: number, interrupted: number | undefined): Promise<RoundOutcome> {
    const { epoch, desk, keeper, signal, emit, enoughMembers, observer, lastPrivacy } = this.#options;
    const startedAt = performance.now() - desk.heldMs;
    const costs = createCostMeter(epoch.parameters.clients);
    this.#refused = [];
    const stopped = (): boolean => signal.aborted;
    for (let attempt = (interrupted ?? 0) + 1, tries = 1; ; attempt += 1, tries += 1) {
      if (stopped()) return { kind: 'stopped' };
      if (!(await enoughMembers(this.#survivors(round)))) {
        return { kind: 'aborted', reason: 'below-threshold' };
      }
      if (stopped()) return { kind: 'stopped' };
      emit({ type: 'round-started', round, rounds: epoch.parameters.rounds, attempt });
      const attemptStartedAt = new Date().toISOString();
      this.#saveAttempt(round, attempt, attemptStartedAt, null);
      const start =
        attempt === 1
          ? ({ kind: 'begin', round, model: roundModel(keeper, epoch.parameters, lastPrivacy()) } as const)
          : ({ kind: 'retry' } as const);
      observer?.attemptStarts(round, epoch.parameters, keeper.weights, () => desk.runningSum);
      const outcome = await desk.attempt(start, costs);
      if (outcome.kind === 'aggregate') {
        this.#saveAttempt(round, attempt, attemptStartedAt, 'sum');
        return this.#conclude(outcome.aggregate, costs, startedAt);
      }
      const { code, details } = outcome.error;
      const reason = 'reason' in details ? details.reason : code;
      this.#saveAttempt(round, attempt, attemptStartedAt, reason);
      emit({ type: 'attempt-aborted', round, attempt, reason, retry: outcome.retry });
      if (reason === 'cancelled') return { kind: 'stopped' };
      if (outcome.retry === 'burnt') return { kind: 'burnt' };
      if (tries === mostAttempts) return { kind: 'aborted', reason };
    }
  }

  /** Once statements over them have been asked for in this round, only these may be summed. */
  #survivors(round: number): readonly number[] {
    const record = this.#options.store.coordinatorRecord(this.#options.session);
    return record?.round === round ? (record.signed ?? []) : [];
  }

  /** From the sum to the new model: evaluated, on disk, announced. */
  async #conclude(aggregate: Aggregate, costs: CostMeter, startedAt: number): Promise<RoundOutcome> {
    const { epoch, desk, keeper, store, books, emit, reportRound, session, epochNumber } = this.#options;
    const clippingNorm = clippingNormOf(epoch.parameters, this.#options.lastPrivacy());
    const taken = costs.time(0, 'aggregate', () => keeper.take(aggregate, epoch.parameters, clippingNorm));
    if ('fault' in taken) {
      desk.reject(taken.fault);
      return { kind: 'burnt' };
    }
    this.#options.observer?.summed(taken.update.meanUpdate);
    // not cancelled by a stop: what has been unmasked is written down as the round that it is
    const evaluation = await keeper.evaluate();
    const { round, sum } = aggregate;
    const result = this.#result(
      aggregate,
      taken.update,
      evaluation,
      costs,
      performance.now() - desk.heldMs - startedAt,
    );
    books.flush();
    // before anybody is told: a crash after this goes on with the next round, a crash before it with this one
    store.completeRound({
      session,
      epoch: epochNumber,
      round,
      finishedAt: new Date().toISOString(),
      result,
      sum,
      model: { hash: keeper.hash, weights: keeper.weights },
      serverState: keeper.serverState,
    });
    desk.publish(keeper.model(false));
    books.flush();
    reportRound(result);
    emit({ type: 'round', ...result });
    return { kind: 'done', result };
  }

  #result(
    { u1, u2, u3, u4, round, attempt }: Aggregate,
    update: SummedUpdate,
    evaluation: Evaluation,
    costs: CostMeter,
    totalMs: number,
  ): SessionRound {
    const { everyone, parameters } = this.#options.epoch;
    const plan = privacyPlanOf(parameters);
    const clippingNorm = clippingNormOf(parameters, this.#options.lastPrivacy()) ?? 0;
    const about = { survivors: u3.length, clippingNorm, vectors: round };
    const { clippedRate, reported } = reportedFigures(update);
    const survivors = new Set(u3);
    const clients = costs.clients(u3);
    return {
      round,
      attempts: attempt,
      accuracy: evaluation.accuracy,
      f1Weighted: evaluation.f1Weighted,
      loss: evaluation.loss,
      clients: { advertised: u1.length, shared: u2.length, masked: u3.length, unmasked: u4.length },
      dropped: everyone.filter((client) => !survivors.has(client)),
      refused: this.#refused,
      clippedRate,
      bytesUpPerClient: meanAndMax(clients.map(({ bytesUp }) => bytesUp)),
      bytesDownPerClient: meanAndMax(clients.map(({ bytesDown }) => bytesDown)),
      ms: {
        coordinator: costs.coordinatorMs(),
        evaluate: evaluation.ms,
        total: totalMs,
      },
      confusion: evaluation.confusion,
      reported,
      ...(plan === undefined || !('withinNorm' in update)
        ? {}
        : { privacy: roundPrivacy(plan, about, update) }),
    };
  }

  #saveAttempt(round: number, attempt: number, startedAt: string, outcome: string | null): void {
    const { store, session, epochNumber } = this.#options;
    const endedAt = outcome === null ? null : new Date().toISOString();
    store.saveAttempt({ session, epoch: epochNumber, round, attempt, startedAt, endedAt, outcome });
  }
}
