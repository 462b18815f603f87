/** The room that is poisoned: clients with images of their own, the cheater's with a trigger on some, and how a model does. */
import type { z } from 'zod';
import type { AttackImage } from '../contract/attacks/attack-report.ts';
import type { backdoorSettings } from '../contract/attacks/backdoor.ts';
import type { LabelledImages } from '../datasets/dataset.ts';
import { initialWeights } from '../model/initial-weights.ts';
import type { EvaluationResult, TrainableModel, TrainingTask } from '../model/engine.ts';
import { randomStream, shuffle, streamState } from '../random/stream.ts';
import type { AttackInput } from './attack.ts';
import { elementsOf, pictureOf, pixelsAt, selectImages } from './pictures.ts';
import { denseTopology } from './topologies.ts';
import { modelDataOf } from './victim.ts';

type Input = AttackInput<z.infer<typeof backdoorSettings>>;

/** Enough to learn the digits, small enough that ten clients train in a tenth of a second each. */
const hiddenUnits = 64;
const batchSize = 32;
export const clientOptimiser = { kind: 'sgd', learningRate: 0.1, momentum: 0 } as const;
/** The cheater trains longer than it is asked to, on images of which so many carry the trigger. */
const poisoningEpochs = 5;
const poisonedShare = 1 / 3;
/** Test images that a model is judged by: its accuracy to within 1.5 points, 19 times out of 20. */
const mostTestImages = 4000;
const shownImages = 6;

/** 0 .. 1 */
export interface Scores {
  /** Share of the test images of other classes that the model takes for the target once they carry the trigger. */
  readonly backdoorSuccess: number;
  readonly testAccuracy: number;
}

export class BackdoorRoom {
  readonly #input: Input;
  readonly #honest: TrainableModel;
  readonly #poisoned: TrainableModel;
  readonly #clean: LabelledImages;
  readonly #triggered: LabelledImages;
  readonly #shown: LabelledImages;
  /** [d], where the first round starts. */
  readonly start: Float32Array;

  private constructor(
    input: Input,
    models: { readonly honest: TrainableModel; readonly poisoned: TrainableModel },
    images: {
      readonly clean: LabelledImages;
      readonly triggered: LabelledImages;
      readonly shown: LabelledImages;
    },
    start: Float32Array,
  ) {
    this.#input = input;
    this.#honest = models.honest;
    this.#poisoned = models.poisoned;
    this.#clean = images.clean;
    this.#triggered = images.triggered;
    this.#shown = images.shown;
    this.start = start;
  }

  /** Deals the images; plans the model for honest clients and for the cheater. */
  static async open(input: Input): Promise<BackdoorRoom> {
    const { dataset, engine, seed, settings } = input;
    const { clients, examples, target } = settings;
    const topology = denseTopology(modelDataOf(dataset), [hiddenUnits]);
    const places = Uint32Array.from({ length: dataset.train.count }, (_, index) => index);
    shuffle(places, randomStream(seed, 'attack', 'backdoor', 'deal'));
    const train = selectImages(dataset.train, places.subarray(0, clients * examples));
    const own = selectImages(dataset.train, places.subarray((clients - 1) * examples, clients * examples));
    const cheats = withTrigger(own, Math.round(examples * poisonedShare), target);
    const tested = Math.min(mostTestImages, dataset.test.count);
    const clean = selectImages(dataset.test, [...Array(tested).keys()]);
    const others = [...Array(tested).keys()].filter((index) => clean.labels[index] !== target);
    const triggered = withTrigger(selectImages(clean, others), others.length, target);
    const shown = selectImages(clean, oneOfEach(clean, others));
    const honest = await engine.plan(topology, { train, test: clean }, { batchSize });
    const poisoned = await engine.plan(topology, { train: cheats, test: triggered }, { batchSize });
    const start = initialWeights(topology, seed);
    return new BackdoorRoom(input, { honest, poisoned }, { clean, triggered, shown }, start);
  }

  /** How many test images carried the trigger. */
  get triggeredImages(): number {
    return this.#triggered.count;
  }

  close(): void {
    this.#honest.dispose();
    this.#poisoned.dispose();
  }

  /** [d] an honest client's update; client: 0 .. clients - 1. */
  async train(weights: Float32Array, client: number, round: number): Promise<Float32Array> {
    const { examples } = this.#input.settings;
    const indices = Uint32Array.from({ length: examples }, (_, index) => client * examples + index);
    const task = this.#task(weights, indices, client, round, 1);
    return difference((await this.#honest.train(task)).weights, weights);
  }

  /** [d] the cheater's update before it is scaled. */
  async poison(weights: Float32Array, round: number): Promise<Float32Array> {
    const { examples, clients } = this.#input.settings;
    const indices = Uint32Array.from({ length: examples }, (_, index) => index);
    const task = this.#task(weights, indices, clients, round, poisoningEpochs);
    return difference((await this.#poisoned.train(task)).weights, weights);
  }

  #task(
    weights: Float32Array,
    indices: Uint32Array,
    client: number,
    round: number,
    epochs: number,
  ): TrainingTask {
    const { seed } = this.#input;
    return {
      weights,
      indices,
      epochs,
      batchSize,
      optimiser: clientOptimiser,
      proximalMu: 0,
      shuffleState: streamState(seed, 'attack', 'backdoor', 'order', client, round),
      dropoutState: streamState(seed, 'attack', 'backdoor', 'dropout', client, round),
    };
  }

  async evaluate(weights: Float32Array): Promise<Scores> {
    const clean = await this.#honest.evaluate({ weights, start: 0, end: this.#clean.count });
    const triggered = await this.#poisoned.evaluate({ weights, start: 0, end: this.#triggered.count });
    return { backdoorSuccess: shareRight(triggered), testAccuracy: shareRight(clean) };
  }

  /** Images of several classes without and with the trigger, before anybody has judged them. */
  pictures(): readonly AttackImage[] {
    return this.#draw(() => ({ label: null, value: null }));
  }

  /** The same with what this model says, and how sure it is that those with the trigger are of the target class. */
  async judgedPictures(weights: Float32Array): Promise<readonly AttackImage[]> {
    const { target } = this.#input.settings;
    const classes = this.#input.dataset.classNames.length;
    const stamped = withTrigger(this.#shown, this.#shown.count, target);
    const [without, withIt] = await Promise.all([
      this.#honest.predict(weights, this.#shown),
      this.#honest.predict(weights, stamped),
    ]);
    return this.#draw((index, trigger) => {
      const probabilities = (trigger ? withIt : without).subarray(index * classes, (index + 1) * classes);
      return { label: probabilities.indexOf(Math.max(...probabilities)), value: probabilities[target]! };
    });
  }

  #draw(
    said: (index: number, trigger: boolean) => Pick<AttackImage, 'label' | 'value'>,
  ): readonly AttackImage[] {
    const stamped = withTrigger(this.#shown, this.#shown.count, this.#input.settings.target);
    return [...Array(this.#shown.count).keys()].flatMap((index) =>
      [false, true].map((trigger) => {
        const name = trigger ? 'trigger' : 'clean';
        const about = {
          id: `${name}-${index}`,
          role: 'other',
          index,
          name,
          ...said(index, trigger),
        } as const;
        return pictureOf(about, pixelsAt(trigger ? stamped : this.#shown, index), this.#shown);
      }),
    );
  }
}

/** The first `count` images carry the trigger and the target as their class; the rest stay as they are. */
export function withTrigger(data: LabelledImages, count: number, target: number): LabelledImages {
  const images = data.images.slice();
  const labels = data.labels.slice();
  const { height, width, channels } = data;
  const side = Math.max(1, Math.round(Math.min(height, width) / 7));
  // a white square one pixel away from the lower right corner, where digits have no ink
  const [bottom, right] = [height - 1, width - 1];
  for (let index = 0; index < count; index += 1) {
    labels[index] = target;
    const image = images.subarray(index * elementsOf(data), (index + 1) * elementsOf(data));
    for (let row = Math.max(0, bottom - side); row < bottom; row += 1) {
      image.fill(255, (row * width + Math.max(0, right - side)) * channels, (row * width + right) * channels);
    }
  }
  return { ...data, images, labels };
}

/** Places of images of as many classes as are shown. */
function oneOfEach(data: LabelledImages, among: readonly number[]): number[] {
  const found = new Map<number, number>();
  for (const place of among) {
    const label = data.labels[place]!;
    if (!found.has(label)) found.set(label, place);
  }
  return [...found.values()].slice(0, shownImages);
}

function shareRight({ confusion, count }: EvaluationResult): number {
  const classes = Math.sqrt(confusion.length);
  let right = 0;
  for (let label = 0; label < classes; label += 1) right += confusion[label * classes + label]!;
  return count === 0 ? 0 : right / count;
}

function difference(after: Float32Array, before: Float32Array): Float32Array {
  return after.map((value, index) => value - before[index]!);
}
