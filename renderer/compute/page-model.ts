/** A trained model in this page: what it takes a drawing for, by the room's weights or by those that a person taught it. */
import type { TrainedModelBytes } from '../../core/contract/host.ts';
import type { LabelledImages } from '../../core/datasets/dataset.ts';
import { digitSide } from '../../core/datasets/drawing.ts';
import { ComputeWorker } from './compute-worker.ts';

export interface PageAnswer {
  /** [classes] */
  readonly probabilities: readonly number[];
  /** From the question to the answer. */
  readonly ms: number;
}

/** Digits as drawings and MNIST have them; without labels where nobody knows them. */
export function digitImages(pixels: Uint8Array, labels?: Uint8Array): LabelledImages {
  const count = pixels.length / (digitSide * digitSide);
  return {
    images: pixels,
    labels: labels ?? new Uint8Array(count),
    count,
    height: digitSide,
    width: digitSide,
    channels: 1,
  };
}

/** [d]; a copy, as what came over a socket need not lie where floats may. */
export function weightsOf({ weights }: TrainedModelBytes): Float32Array {
  return new Float32Array(weights.slice().buffer);
}

export class PageModel {
  readonly classNames: readonly string[];
  /** Which instructions its engine uses. */
  readonly variant: string;
  readonly #worker: ComputeWorker;

  private constructor(worker: ComputeWorker, classNames: readonly string[], variant: string) {
    this.#worker = worker;
    this.classNames = classNames;
    this.variant = variant;
  }

  /** Throws ComputeError where the page's engine does not run the model; the worker is closed then. */
  static async open(model: TrainedModelBytes, worker = new ComputeWorker()): Promise<PageModel> {
    try {
      const { topology, classNames } = model;
      const { variant } = await worker.call('plan', { topology, data: digitImages(new Uint8Array(0)) });
      await worker.call('load', { weights: weightsOf(model) });
      return new PageModel(worker, classNames, variant);
    } catch (error) {
      worker.close();
      throw error;
    }
  }

  /** [d]: answers from now on are by these. */
  async use(weights: Float32Array): Promise<void> {
    await this.#worker.call('load', { weights });
  }

  /** pixels: [784]. Throws ComputeError. */
  async read(pixels: Uint8Array): Promise<PageAnswer> {
    const asked = performance.now();
    const probabilities = await this.#worker.call('predict', { images: digitImages(pixels) });
    return { probabilities: [...probabilities], ms: performance.now() - asked };
  }

  close(): void {
    this.#worker.close();
  }
}
