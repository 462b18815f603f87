/**
 * What a model reads in a drawing that changes: one question at a time, and always the last drawing in the end. The
 * page's own engine answers where it can run the model; until it is there, and for any other model, the host does.
 */
import type { MethodResults, TrainedModelBytes } from '../../core/contract/host.ts';
import { ComputeError } from '../compute/compute-worker.ts';
import { PageModel, weightsOf } from '../compute/page-model.ts';
import type { HostProblem } from '../wording/host-problem.ts';
import { type AppState, HostError } from './app.svelte.ts';

/** Who answers. */
export type Reader =
  | {
      readonly kind: 'page';
      readonly variant: string;
      /** Of the last answer; null before one. */ readonly ms: number | null;
    }
  /** why: what the page's engine has against the model; null where its weights are too many to be sent. */
  | { readonly kind: 'host'; readonly why: HostProblem | null };

export class Classifier {
  /** Of the drawing of now, or of a moment ago; null for an empty pad. */
  answer = $state.raw<MethodResults['classify'] | null>(null);
  /** [784]; null for an empty pad. */
  digit = $state.raw<Uint8Array | null>(null);
  problem = $state.raw<HostProblem | null>(null);
  /** null until it is known. */
  reader = $state.raw<Reader | null>(null);
  /** The room's model, where the page has it; null elsewhere. */
  known = $state.raw<TrainedModelBytes | null>(null);
  readonly #app: AppState;
  readonly #model: string;
  #page: PageModel | null = null;
  #opening = false;
  #closed = false;
  #asking = false;
  /** Grows whenever answers are by other weights: the drawing is asked about anew. */
  #weighed = 0;

  constructor(app: AppState, model: string) {
    this.#app = app;
    this.#model = model;
  }

  /** Once; again where the host was away. */
  async open(): Promise<void> {
    if (this.#opening || this.reader !== null) return;
    this.#opening = true;
    try {
      const known = await this.#app.call('trainedModel', { model: this.#model });
      this.problem = null;
      if (known === null) this.reader = { kind: 'host', why: null };
      else await this.#openPage(known);
    } catch (error) {
      this.problem = problemOf(error);
    }
    this.#opening = false;
  }

  read(digit: Uint8Array | null): void {
    this.digit = digit;
    if (digit === null) this.answer = null;
    else if (!this.#asking) void this.#ask();
  }

  /** [d]: answers from now on are by these; null: by the room's again. */
  async use(weights: Float32Array | null): Promise<void> {
    const { known } = this;
    if (this.#page === null || known === null) return;
    await this.#page.use(weights ?? weightsOf(known));
    this.#weighed += 1;
    if (this.digit !== null && !this.#asking) void this.#ask();
  }

  /** Its thread ends. */
  close(): void {
    this.#closed = true;
    this.#page?.close();
  }

  async #openPage(known: TrainedModelBytes): Promise<void> {
    try {
      const page = await PageModel.open(known);
      if (this.#closed) return page.close();
      this.#page = page;
      this.known = known;
      this.reader = { kind: 'page', variant: page.variant, ms: null };
    } catch (error) {
      this.#leaveToHost(error);
    }
  }

  /** A fault of the page's engine is for the log: the person has answers all the same. */
  #leaveToHost(error: unknown): void {
    this.#page?.close();
    this.#page = null;
    this.known = null;
    const why = problemOf(error);
    this.reader = { kind: 'host', why };
    if (why.code === 'fault')
      void this.#app.call('report', { message: `the page's engine: ${why.message}` }).catch(() => undefined);
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    let asked: { readonly digit: Uint8Array | null; readonly weighed: number } = { digit: null, weighed: 0 };
    while (this.digit !== null && (this.digit !== asked.digit || this.#weighed !== asked.weighed)) {
      asked = { digit: this.digit, weighed: this.#weighed };
      try {
        const answer = await this.#answer(this.digit);
        // the pad may have been emptied meanwhile
        if (this.digit !== null) this.answer = answer;
        this.problem = null;
      } catch (error) {
        this.problem = problemOf(error);
      }
    }
    this.#asking = false;
  }

  async #answer(pixels: Uint8Array): Promise<MethodResults['classify']> {
    const page = this.#page;
    if (page !== null) {
      try {
        const { probabilities, ms } = await page.read(pixels);
        this.reader = { kind: 'page', variant: page.variant, ms };
        return { probabilities, classNames: page.classNames };
      } catch (error) {
        this.#leaveToHost(error);
      }
    }
    return this.#app.call('classify', { model: this.#model, pixels });
  }
}

function problemOf(error: unknown): HostProblem {
  if (error instanceof HostError || error instanceof ComputeError) return error;
  return { code: 'fault', message: error instanceof Error ? error.message : String(error), details: {} };
}
