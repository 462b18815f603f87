/**
 * Teaching a model somebody's hand: some steps of training in this page, on a thread of their own, from the room's
 * weights. Their drawings are seen as often as images of the session beside them, so that the model does not forget what
 * everybody's digits look like while it learns one person's. Nothing of it leaves the page, and the same drawings give
 * the same weights.
 */
import type { TrainedModelBytes } from '../../core/contract/host.ts';
import type { LabelledImages } from '../../core/datasets/dataset.ts';
import type { TrainingProgress } from './calls.ts';
import { ComputeWorker } from './compute-worker.ts';
import { digitImages, weightsOf } from './page-model.ts';

/** Digits with what they are. */
export interface LabelledDigits {
  /** [count * 784] */
  readonly pixels: Uint8Array;
  readonly labels: readonly number[];
}

/** How many of them a model reads as what they are. */
export interface Score {
  readonly drawings: number;
  readonly others: number;
}

export interface Taught {
  /** [d] */
  readonly weights: Float32Array;
  /** Of those that it was taught with, all of which it saw: not how well it reads new ones. */
  readonly before: Score;
  readonly after: Score;
  readonly drawings: number;
  readonly others: number;
  readonly steps: number;
}

const epochs = 4;
const batchSize = 32;
/** As sessions train by default. */
const learningRate = 0.001;
/** Of a few drawings, each is seen no more often than this in an epoch: more, and it would be learned by heart. */
const mostRepeats = 16;
/** Any that is not zero; always the same. */
const shuffleState = Int32Array.of(0x7465, 0x6163, 0x6869, 0x6e67);
const dropoutState = Int32Array.of(0x6472, 0x6f70, 0x6f75, 0x7421);

/**
 * Drawings first, then the others. indices: what an epoch goes through; drawings are repeated until they are as many as
 * the others, as far as that makes sense.
 */
export function lessonOf(
  drawings: LabelledDigits,
  others: LabelledDigits,
): { readonly data: LabelledImages; readonly indices: Uint32Array } {
  const pixels = new Uint8Array(drawings.pixels.length + others.pixels.length);
  pixels.set(drawings.pixels);
  pixels.set(others.pixels, drawings.pixels.length);
  const data = digitImages(pixels, Uint8Array.from([...drawings.labels, ...others.labels]));
  const [own, beside] = [drawings.labels.length, others.labels.length];
  const repeats = Math.min(mostRepeats, Math.max(1, Math.round(beside / Math.max(1, own))));
  const indices = Uint32Array.from({ length: own * repeats + beside }, (_, place) =>
    place < own * repeats ? place % own : own + place - own * repeats,
  );
  return { data, indices };
}

/** Throws ComputeError; 'closed' where the worker was closed meanwhile, which is how to give up. Closes the worker. */
export async function teach(
  model: TrainedModelBytes,
  lesson: { readonly drawings: LabelledDigits; readonly others: LabelledDigits },
  options: {
    readonly worker?: ComputeWorker;
    readonly onProgress?: (progress: TrainingProgress) => void;
  } = {},
): Promise<Taught> {
  const { worker = new ComputeWorker(), onProgress } = options;
  const { data, indices } = lessonOf(lesson.drawings, lesson.others);
  const drawings = lesson.drawings.labels.length;
  const score = async (): Promise<Score> => {
    const probabilities = await worker.call('predict', { images: data });
    const classes = probabilities.length / data.count;
    const isRight = Array.from({ length: data.count }, (_, image) => {
      const row = probabilities.subarray(image * classes, (image + 1) * classes);
      return row.indexOf(Math.max(...row)) === data.labels[image];
    });
    const right = (flags: readonly boolean[]): number => flags.filter(Boolean).length;
    return { drawings: right(isRight.slice(0, drawings)), others: right(isRight.slice(drawings)) };
  };
  try {
    await worker.call('plan', { topology: model.topology, data });
    await worker.call('load', { weights: weightsOf(model) });
    const before = await score();
    const { weights, steps } = await worker.call(
      'train',
      {
        indices,
        epochs,
        batchSize,
        optimiser: { kind: 'adam', learningRate },
        proximalMu: 0,
        shuffleState,
        dropoutState,
      },
      onProgress,
    );
    await worker.call('load', { weights });
    const after = await score();
    return { weights, before, after, drawings, others: data.count - drawings, steps };
  } finally {
    worker.close();
  }
}
