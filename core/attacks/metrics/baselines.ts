/**
 * What needs no attack at all: the images that stand beside every rebuilt one, and their figures. Whoever has other data
 * of the kind, and never saw an update, can name a black image, the mean of everything, the mean of a class or an image
 * out of a drawer; an attack has found something only where it beats them.
 *
 * Means and the drawer hold images that the victim does not have.
 */
import type { BaselineName } from '../../contract/attacks/names.ts';
import type { AttackImage } from '../../contract/attacks/attack-report.ts';
import type { LabelledImages } from '../../datasets/dataset.ts';
import type { RandomStream } from '../../random/generator.ts';
import { elementsOf, floatsOfBytes, pictureOf, type PlainImage } from '../pictures.ts';

/** Those that are images, in the order in which they are shown. */
export const imageBaselines = ['black', 'globalMean', 'classMean', 'nearestOther', 'randomNoise'] as const;
export type ImageBaseline = (typeof imageBaselines)[number] & BaselineName;

/** For one private image: what each baseline would show in its place, [elements], 0 .. 1. */
export type BaselineImages = Readonly<Record<ImageBaseline, Float32Array>>;

export interface Baselines {
  /** Draws the noise anew at every call; everything else depends on the target alone. */
  imagesFor(target: PlainImage): BaselineImages;
  /** [elements] of a class; the mean of everything where no other image has that class. */
  classMean(label: number): Float32Array;
  readonly globalMean: Float32Array;
}

/**
 * own: which of the data's images are the victim's; stream: for the noise, uniform in 0 .. 1. Goes through the data the first
 * time that it gets it (60,000 digits: about 0.05 s), and through a class for every nearest image.
 */
export function prepareBaselines(
  data: LabelledImages,
  own: Iterable<number>,
  stream: RandomStream,
): Baselines {
  const hidden = new Set(own);
  const { globalMean, classMeans } = meansWithout(data, hidden);
  const classMean = (label: number): Float32Array => classMeans.get(label) ?? globalMean;
  const elements = elementsOf(data);
  return {
    globalMean,
    classMean,
    imagesFor: ({ pixels, label }) => ({
      black: new Float32Array(elements),
      globalMean,
      classMean: classMean(label),
      nearestOther: nearestOther(data, hidden, pixels, label) ?? classMean(label),
      randomNoise: Float32Array.from({ length: elements }, () => stream.nextFloat()),
    }),
  };
}

/** A figure of every baseline: its mean over the private images. targets and images: of the same order and length. */
export function baselineFigures(
  targets: readonly PlainImage[],
  images: readonly BaselineImages[],
  measure: (baseline: Float32Array, target: PlainImage) => number,
): Record<ImageBaseline, number> {
  const figure = (name: ImageBaseline): number =>
    targets.reduce((sum, target, index) => sum + measure(images[index]![name], target), 0) / targets.length;
  const [black, globalMean, classMean] = [figure('black'), figure('globalMean'), figure('classMean')];
  return {
    black,
    globalMean,
    classMean,
    nearestOther: figure('nearestOther'),
    randomNoise: figure('randomNoise'),
  };
}

/** The best of them, where more is better, with its name: what an attack has to beat. */
export function bestBaseline(figures: Readonly<Partial<Record<BaselineName, number>>>): number {
  return Math.max(...Object.values(figures));
}

/** One picture for each baseline of a private image, in its column. ids: 'black-0', ... */
export function baselinePictures(
  target: PlainImage,
  images: BaselineImages,
  {
    index,
    data,
    measure,
  }: {
    readonly index: number;
    readonly data: LabelledImages;
    readonly measure: (baseline: Float32Array, target: PlainImage) => number;
  },
  names: readonly ImageBaseline[] = ['black', 'globalMean', 'classMean', 'nearestOther'],
): readonly AttackImage[] {
  return names.map((name) => {
    const about = { id: `${name}-${index}`, role: 'baseline', index, name } as const;
    const label = name === 'classMean' || name === 'nearestOther' ? target.label : null;
    return pictureOf({ ...about, label, value: measure(images[name], target) }, images[name], data);
  });
}

/** Sums of bytes by class, [elements]: whole numbers, so that what is taken out again leaves no trace. */
type ClassSums = ReadonlyMap<number, { readonly sum: Float64Array; count: number }>;

/** Of all images: found once for as long as the data is held. */
const wholeSums = new WeakMap<LabelledImages, ClassSums>();

function sumsOf(data: LabelledImages): ClassSums {
  const known = wholeSums.get(data);
  if (known !== undefined) return known;
  const sums = new Map<number, { readonly sum: Float64Array; count: number }>();
  for (let index = 0; index < data.count; index += 1) {
    const label = data.labels[index]!;
    let one = sums.get(label);
    if (one === undefined) sums.set(label, (one = { sum: new Float64Array(elementsOf(data)), count: 0 }));
    one.count += 1;
    addImage(one.sum, data, index, 1);
  }
  wholeSums.set(data, sums);
  return sums;
}

function addImage(sum: Float64Array, { images }: LabelledImages, index: number, sign: 1 | -1): void {
  const start = index * sum.length;
  for (let element = 0; element < sum.length; element += 1) sum[element]! += sign * images[start + element]!;
}

function meansWithout(
  data: LabelledImages,
  hidden: ReadonlySet<number>,
): { readonly globalMean: Float32Array; readonly classMeans: ReadonlyMap<number, Float32Array> } {
  const sums = new Map(
    [...sumsOf(data)].map(([label, { sum, count }]) => [label, { sum: sum.slice(), count }]),
  );
  for (const index of hidden) {
    const one = sums.get(data.labels[index]!);
    if (one === undefined) continue;
    one.count -= 1;
    addImage(one.sum, data, index, -1);
  }
  const whole = new Float64Array(elementsOf(data));
  let count = 0;
  for (const one of sums.values()) {
    count += one.count;
    one.sum.forEach((value, element) => (whole[element]! += value));
  }
  const mean = (sum: Float64Array, images: number): Float32Array =>
    Float32Array.from(sum, (value) => value / (255 * Math.max(1, images)));
  const classMeans = new Map(
    [...sums].flatMap(([label, one]) => (one.count > 0 ? [[label, mean(one.sum, one.count)]] : [])),
  );
  return { globalMean: mean(whole, count), classMeans };
}

/** By squared error, so that it is the one of the highest PSNR. */
function nearestOther(
  data: LabelledImages,
  hidden: ReadonlySet<number>,
  target: Float32Array,
  label: number,
): Float32Array | undefined {
  const elements = elementsOf(data);
  const scaled = Float64Array.from(target, (value) => 255 * value);
  let [nearest, found] = [Number.POSITIVE_INFINITY, -1];
  for (let index = 0; index < data.count; index += 1) {
    if (data.labels[index] !== label || hidden.has(index)) continue;
    const start = index * elements;
    let sum = 0;
    for (let element = 0; element < elements && sum < nearest; element += 1)
      sum += (scaled[element]! - data.images[start + element]!) ** 2;
    if (sum < nearest) [nearest, found] = [sum, index];
  }
  return found < 0
    ? undefined
    : floatsOfBytes(data.images.subarray(found * elements, (found + 1) * elements));
}
