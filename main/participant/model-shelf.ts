/** The models that a participant is given: written down with what the coordinator reports of each, checked by their hash. */
import { equalBytes, toHex } from '../../core/bytes/bytes.ts';
import type { FinalModel, SessionRound } from '../../core/contract/session-event.ts';
import { readSessionRound } from '../../core/contract/session-round.ts';
import { coordinatorKeyring } from '../../core/joining/credentials.ts';
import { modelHash } from '../../core/secagg/context.ts';
import { openMessage } from '../../core/wire/envelope.ts';
import { joiningLimits } from '../../core/wire/limits.ts';
import type { Meeting } from './meeting.ts';
import type { OwnObserver, ParticipantStore } from './participant-options.ts';

export interface ModelShelfOptions {
  readonly store: Pick<ParticipantStore, 'completeRound'>;
  readonly meeting: Meeting;
  readonly architecture: Uint8Array;
  /** d */
  readonly parameterCount: number;
  /** The epoch that a round belongs to. */
  readonly epochNumber: () => number;
  readonly observer: OwnObserver | undefined;
}

export class ModelShelf {
  readonly #options: ModelShelfOptions;
  /** Of rounds whose model has not come yet. */
  readonly #reports = new Map<number, SessionRound>();
  #final: FinalModel | null = null;
  #lastReported = 0;

  constructor(options: ModelShelfOptions) {
    this.#options = options;
  }

  get final(): FinalModel | null {
    return this.#final;
  }

  /** What the coordinator tells of a round, once; undefined when it cannot be. */
  reported(round: number, text: string): SessionRound | undefined {
    const result = readSessionRound(text);
    if (result?.round !== round || round <= this.#lastReported) return undefined;
    this.#lastReported = round;
    this.#reports.set(round, result);
    return result;
  }

  /** The model after this round has come, with the next announcement or at the end. weights: [d]. */
  modelCame(round: number, hash: string, weights: Float32Array): void {
    const { store, meeting, epochNumber, observer } = this.#options;
    if (round < 1) return;
    observer?.modelCame(round, weights);
    const result = this.#reports.get(round);
    if (result === undefined) return;
    this.#reports.delete(round);
    store.completeRound({
      session: meeting.id,
      epoch: epochNumber(),
      round,
      finishedAt: new Date().toISOString(),
      result,
      sum: null,
      model: { hash, weights },
      serverState: null,
    });
  }

  /** The session's model at its end. */
  finalCame(bytes: Uint8Array): void {
    const { meeting, architecture, parameterCount } = this.#options;
    const { session, coordinator } = meeting;
    const modelBytes = 4 * parameterCount;
    const maxBytes = joiningLimits['final-model'] + modelBytes;
    const expected = { type: 'final-model', session, round: 0, attempt: 0, maxBytes } as const;
    const opened = openMessage(bytes, expected, coordinatorKeyring(coordinator));
    if (!opened.ok) return;
    const { body, attachment } = opened.value;
    if (attachment.length !== modelBytes || !equalBytes(modelHash(architecture, attachment), body.model))
      return;
    const { round } = body;
    const hash = toHex(body.model);
    const result = this.#reports.get(round);
    this.#final = {
      round,
      modelSha256: hash,
      accuracy: result?.accuracy ?? null,
      f1Weighted: result?.f1Weighted ?? null,
    };
    this.modelCame(round, hash, new Float32Array(attachment.slice().buffer));
  }
}
