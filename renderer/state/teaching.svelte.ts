/** Teaching the room's model this person's hand, for as long as the page shows it: started, given up, switched back. */
import type { Drawing } from '../../core/contract/results.ts';
import { ComputeError, ComputeWorker } from '../compute/compute-worker.ts';
import { type LabelledDigits, teach, type Taught } from '../compute/teaching.ts';
import type { AppState } from './app.svelte.ts';
import type { Classifier } from './classifier.svelte.ts';

/** Of this person's part of the session: so many are as quickly done as a drawing is drawn. */
const mostOthers = 256;

export class Teaching {
  /** Share of it, 0 .. 1; null while nothing is taught. */
  progress = $state<number | null>(null);
  taught = $state.raw<Taught | null>(null);
  /** Whose answers are shown. */
  shown = $state<'room' | 'taught'>('room');
  readonly #app: AppState;
  readonly #classifier: Classifier;
  readonly #activity: string;
  #worker: ComputeWorker | null = null;

  /** activity: of which images of one's own may be had. */
  constructor(app: AppState, classifier: Classifier, activity: string) {
    this.#app = app;
    this.#classifier = classifier;
    this.#activity = activity;
  }

  /** A failure is told in a toast. */
  async start(drawings: readonly Drawing[]): Promise<void> {
    const { known } = this.#classifier;
    if (known === null || this.progress !== null || drawings.length === 0) return;
    this.progress = 0;
    const worker = new ComputeWorker();
    this.#worker = worker;
    try {
      const others = await this.#others();
      const taught = await teach(
        known,
        { drawings: digitsOf(drawings), others },
        {
          worker,
          onProgress: ({ examplesDone, examplesTotal }) => {
            this.progress = examplesDone / examplesTotal;
          },
        },
      );
      this.taught = taught;
      await this.show('taught');
    } catch (error) {
      const given = error instanceof ComputeError && error.code === 'closed';
      if (!given)
        this.#app.toast(this.#app.texts.t('part.teach.failed'), { kind: 'problem', topic: 'teach' });
    }
    this.#worker = null;
    this.progress = null;
  }

  /** Gives up: what was taught before stays. */
  stop(): void {
    this.#worker?.close();
  }

  async show(which: 'room' | 'taught'): Promise<void> {
    const { taught } = this;
    if (which === 'taught' && taught === null) return;
    this.shown = which;
    await this.#classifier.use(which === 'room' ? null : taught!.weights);
  }

  /** None where the host does not have them any more: then the drawings are all there is. */
  async #others(): Promise<LabelledDigits> {
    try {
      return await this.#app.call('ownImages', { activity: this.#activity, count: mostOthers });
    } catch {
      return { pixels: new Uint8Array(0), labels: [] };
    }
  }
}

function digitsOf(drawings: readonly Drawing[]): LabelledDigits {
  const pixels = new Uint8Array(drawings.length * 784);
  for (const [place, drawing] of drawings.entries()) pixels.set(drawing.pixels, place * 784);
  return { pixels, labels: drawings.map(({ label }) => label) };
}
