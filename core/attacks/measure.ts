/**
 * How near rebuilt images came to the private ones, with what needs no attack beside every figure. Only here does anybody
 * look at the truth: each rebuilt image is given to the private one that it is nearest to, one to one, the best pairs
 * first. The same is done for what the same attack makes of noise, so that the choice among many favours nobody.
 */
import type { AttackImage, AttackReport, Metric } from '../contract/attacks/attack-report.ts';
import type { BaselineName } from '../contract/attacks/names.ts';
import type { LabelledImages } from '../datasets/dataset.ts';
import { randomStream } from '../random/stream.ts';
import {
  baselinePictures,
  type BaselineImages,
  imageBaselines,
  prepareBaselines,
} from './metrics/baselines.ts';
import { bootstrapMean, wilson } from './metrics/intervals.ts';
import { type Judge, judgeImages } from './metrics/judge.ts';
import { otherCandidates, rankByChance, rankOf } from './metrics/rank.ts';
import { meanSquaredError, psnrOfError, structuralSimilarity } from './metrics/similarity.ts';
import { pictureOf, type PlainImage } from './pictures.ts';

/** dB from which an image counts as recovered. */
export const recoveredFrom = 25;
/** Private images that have a column of pictures. */
const mostColumns = 32;
/** Private images whose baselines are shown as pictures, too: as many as a row of the lab's screen has. */
const mostWithBaselines = 10;
/** Private images whose nearest others, ranks and judgements are looked for: the first ones, for others by the same law. */
const mostCompared = 64;

export type Results = AttackReport['results'];

export interface MeasurePlan {
  readonly targets: readonly PlainImage[];
  /** Where else images of the kind are, and which of them are the victim's. */
  readonly data: LabelledImages;
  readonly own: Iterable<number>;
  readonly seed: number;
  /** The attack's name, and what tells several measurements of a run apart. */
  readonly labels: readonly (string | number)[];
}

/** Of each private image: the rebuilt one that it was given, black where there was none left. */
export interface Pairing {
  readonly images: readonly Float32Array[];
  /** dB */
  readonly psnr: readonly number[];
}

/** More pairs than these: only the nearest few private images of each rebuilt one are looked at. */
const mostPairs = 100_000;
const nearestFew = 8;

interface Pair {
  readonly target: number;
  readonly image: number;
  readonly error: number;
}

/** Best pairs first, one to one; what is left over goes in order. Yields how much is done, 0 .. 1. */
export function* pairUp(
  targets: readonly PlainImage[],
  rebuilt: readonly Float32Array[],
): Generator<number, Pairing, void> {
  const pairs: Pair[] = [];
  for (const [image, candidate] of rebuilt.entries()) {
    const own = targets.map(({ pixels }, target) => ({
      target,
      image,
      error: meanSquaredError(pixels, candidate),
    }));
    if (targets.length * rebuilt.length <= mostPairs) pairs.push(...own);
    else pairs.push(...own.sort((one, other) => one.error - other.error).slice(0, nearestFew));
    yield (image + 1) / rebuilt.length;
  }
  pairs.sort((one, other) => one.error - other.error);
  const images = new Array<Float32Array | undefined>(targets.length).fill(undefined);
  const left = new Set(rebuilt.keys());
  for (const { target, image } of pairs) {
    if (images[target] !== undefined || !left.has(image)) continue;
    images[target] = rebuilt[image]!;
    left.delete(image);
  }
  const spare = [...left].map((image) => rebuilt[image]!);
  const whole = images.map(
    (image, index) => image ?? spare.shift() ?? new Float32Array(targets[index]!.pixels.length),
  );
  const psnr = whole.map((image, index) => psnrOfError(meanSquaredError(image, targets[index]!.pixels)));
  return { images: whole, psnr };
}

/** Measures several attacks against the same private images, with one set of baselines. */
export class Measurement {
  readonly #plan: MeasurePlan;
  /** Of the first ones. */
  readonly #compared: readonly PlainImage[];
  readonly #images: BaselineImages[] = [];
  readonly #others: (readonly Float32Array[])[] = [];

  constructor(plan: MeasurePlan) {
    this.#plan = plan;
    this.#compared = plan.targets.slice(0, mostCompared);
  }

  /** Means of all images, 0.05 s for 60,000 digits, and the nearest others, some 10 ms an image; yields how much is done. */
  *prepare(): Generator<number, void, void> {
    const { data, own } = this.#plan;
    const stream = this.#stream('candidates');
    const baselines = prepareBaselines(data, own, this.#stream('baselines'));
    yield 0;
    for (const target of this.#compared) {
      this.#images.push(baselines.imagesFor(target));
      this.#others.push(otherCandidates(target, data, own, stream));
      yield this.#images.length / this.#compared.length;
    }
  }

  /** The private images, 'target-0' ... */
  targetPictures(): readonly AttackImage[] {
    return this.#plan.targets
      .slice(0, mostColumns)
      .map(({ pixels, label }, index) =>
        pictureOf(
          { id: `target-${index}`, role: 'target', name: 'target', index, label },
          pixels,
          this.#plan.data,
        ),
      );
  }

  /** The rebuilt ones, 'rebuilt-0' ..., each in its private image's column. labels: as the attack says. */
  rebuiltPictures(
    { images, psnr }: Pairing,
    { masked, labelOf }: { readonly masked: boolean; labelOf(image: Float32Array): number | null },
  ): readonly AttackImage[] {
    return images.slice(0, mostColumns).map((image, index) => {
      const about = { id: `rebuilt-${index}`, role: 'rebuilt', name: 'rebuilt', index, masked } as const;
      return pictureOf({ ...about, label: labelOf(image), value: psnr[index]! }, image, this.#plan.data);
    });
  }

  /** Of the first private images, drawings before others, each in its column. After prepare(). */
  baselinePictures(fromNoise: Pairing): readonly AttackImage[] {
    const { targets, data } = this.#plan;
    return this.#images.slice(0, mostWithBaselines).flatMap((known, index) => {
      const images = { ...known, randomNoise: fromNoise.images[index]! };
      return baselinePictures(targets[index]!, images, { index, data, measure: decibels }, imageBaselines);
    });
  }

  /**
   * recovered, psnr (the median), ssim and rank (means); after prepare(). fromNoise: of the same attack on noise; it stands as
   * 'randomNoise' beside each.
   */
  figures(pairing: Pairing, fromNoise: Pairing): Results {
    const { targets, seed, labels, data } = this.#plan;
    const compared = this.#compared.length;
    const similar = (image: Float32Array, { pixels }: PlainImage): number =>
      structuralSimilarity(image, pixels, data);
    const ssim = this.#compared.map((target, index) => similar(pairing.images[index]!, target));
    const ranks = this.#ranks(pairing.images);
    const hits = pairing.psnr.filter((value) => value >= recoveredFrom).length;
    const stream = randomStream(seed, 'attack', ...labels, 'intervals');
    const noiseSsim = this.#compared.map((target, index) => similar(fromNoise.images[index]!, target));
    const share = (values: readonly number[]): number =>
      values.filter((value) => value >= recoveredFrom).length / values.length;
    const interval = (values: readonly number[]): Partial<Metric> =>
      values.length > 1 ? { interval: bootstrapMean(values, stream).interval } : {};
    return {
      recovered: {
        value: hits / targets.length,
        interval: wilson(hits, targets.length),
        baselines: { ...this.#each(decibels, share), randomNoise: share(fromNoise.psnr) },
      },
      psnr: {
        value: medianOf(pairing.psnr),
        baselines: { ...this.#each(decibels, medianOf), randomNoise: medianOf(fromNoise.psnr) },
      },
      ssim: {
        value: meanOf(ssim),
        ...interval(ssim),
        baselines: { ...this.#each(similar, meanOf), randomNoise: meanOf(noiseSsim) },
      },
      rank: {
        value: meanOf(ranks),
        ...interval(ranks),
        baselines: {
          classMean: meanOf(this.#ranks(this.#images.map(({ classMean }) => classMean))),
          randomNoise: meanOf(this.#ranks(fromNoise.images)),
          chance: meanOf(this.#others.slice(0, compared).map(({ length }) => rankByChance(length))),
        },
      },
    };
  }

  /** What an independent judge says of them; after prepare(). */
  async judged(judge: Judge, pairing: Pairing, fromNoise: Pairing): Promise<Results> {
    const labels = this.#compared.map(({ label }) => label);
    const says = async (images: readonly Float32Array[]): Promise<number> =>
      (await judgeImages(judge, images.slice(0, labels.length), labels)).probability;
    const baselines: Partial<Record<BaselineName, number>> = {};
    for (const name of ['black', 'globalMean', 'classMean', 'nearestOther'] as const)
      baselines[name] = await says(this.#images.map((images) => images[name]));
    baselines.randomNoise = await says(fromNoise.images);
    baselines.chance = 1 / judge.classes;
    baselines.untouched = await says(this.#compared.map(({ pixels }) => pixels));
    return { judge: { value: await says(pairing.images), baselines } };
  }

  /**
   * Whether the ranks are better than chance: wrongly true in 1 % of cases at most (of one image: the first of 100).
   */
  ranksTell(pairing: Pairing): boolean {
    const ranks = this.#ranks(pairing.images);
    const chance = meanOf(this.#others.map(({ length }) => rankByChance(length)));
    const deviation = Math.sqrt(((2 * chance - 1) ** 2 - 1) / 12 / ranks.length);
    return meanOf(ranks) <= Math.max(1, chance - oneSided * deviation);
  }

  #ranks(images: readonly Float32Array[]): readonly number[] {
    return this.#compared.map((target, index) => rankOf(images[index]!, target, this.#others[index]!));
  }

  /** A figure of each baseline that is an image. */
  #each(
    measure: (image: Float32Array, target: PlainImage) => number,
    summary: (values: readonly number[]) => number,
  ): Partial<Record<BaselineName, number>> {
    const figure = (name: keyof BaselineImages): number =>
      summary(this.#compared.map((target, index) => measure(this.#images[index]![name], target)));
    return {
      black: figure('black'),
      globalMean: figure('globalMean'),
      classMean: figure('classMean'),
      nearestOther: figure('nearestOther'),
    };
  }

  #stream(label: string): ReturnType<typeof randomStream> {
    return randomStream(this.#plan.seed, 'attack', ...this.#plan.labels, label);
  }
}

/** Deviations that a normal number exceeds in 1 % of cases. */
const oneSided = 2.326;

const decibels = (image: Float32Array, { pixels }: PlainImage): number =>
  psnrOfError(meanSquaredError(image, pixels));

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The middle one, or the mean of the two in the middle. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
