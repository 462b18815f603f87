/**
 * What inverted images are worth: what the model under attack says of them, and a judge that it could not convince; how
 * near they are to the images of their class, as the reference measures it; and the same of what needs no attack. An
 * error in pixels cannot tell success here, as an all black image has less of it than the reference's results.
 */
import type { AttackRow, Metric } from '../../contract/attacks/attack-report.ts';
import type { BaselineName } from '../../contract/attacks/names.ts';
import type { RandomStream } from '../../random/generator.ts';
import type { Baselines } from '../metrics/baselines.ts';
import { bootstrapMean } from '../metrics/intervals.ts';
import type { Judge } from '../metrics/judge.ts';
import { correlation } from '../metrics/similarity.ts';
import type { ClassDistance, ClassDistances } from './class-distance.ts';
import type { Subject } from './subject.ts';

/** One image and the class of the model that it is to be of. */
export interface Candidate {
  readonly pixels: Float32Array;
  readonly wanted: number;
}

export interface ImageScore {
  /** Of the model under attack, in the wanted class: 0 .. 1. */
  readonly confidence: number;
  /** Of the judge, in the same class. */
  readonly judge: number;
  /** The judge takes it for nothing else. */
  readonly judged: boolean;
  readonly distance: ClassDistance;
  /** With the mean image of the class. */
  readonly correlation: number;
  /** No other class's mean image correlates more. */
  readonly nearestMean: boolean;
}

export interface Scales {
  readonly subject: Subject;
  readonly judge: Judge;
  readonly distances: ClassDistances;
  readonly baselines: Baselines;
}

/** What needs no attack and is an image; the mean of a class is for those who have images of it. */
export const inversionBaselines = ['black', 'globalMean', 'classMean', 'randomNoise'] as const;
export type InversionBaseline = (typeof inversionBaselines)[number] & BaselineName;

/** One for each class of the model. */
export function baselineCandidates(
  { labels }: Subject,
  baselines: Baselines,
  stream: RandomStream,
): Record<InversionBaseline, Candidate[]> {
  const { globalMean } = baselines;
  const each = (draw: (label: number) => Float32Array): Candidate[] =>
    Array.from(labels, (label, wanted) => ({ pixels: draw(label), wanted }));
  return {
    black: each(() => new Float32Array(globalMean.length)),
    globalMean: each(() => globalMean),
    classMean: each((label) => baselines.classMean(label)),
    randomNoise: each(() => globalMean.map(() => stream.nextFloat())),
  };
}

/** Yields how far it is, 0 .. 1, every few images. */
export async function* scoreCandidates(
  candidates: readonly Candidate[],
  { subject, judge, distances, baselines }: Scales,
): AsyncGenerator<number, ImageScore[], void> {
  const { labels } = subject;
  const confidences = await confidencesOf(candidates, subject);
  const judgements = await judge.probabilities(candidates.map(({ pixels }) => pixels));
  const scores: ImageScore[] = [];
  for (const [index, { pixels, wanted }] of candidates.entries()) {
    const label = labels[wanted]!;
    const said = judgements.subarray(index * judge.classes, (index + 1) * judge.classes);
    const own = correlation(pixels, baselines.classMean(label));
    scores.push({
      confidence: confidences[index]!,
      judge: said[label]!,
      judged: said.every((value, other) => other === label || value < said[label]!),
      distance: distances(pixels, label),
      correlation: own,
      nearestMean: labels.every(
        (other) => other === label || correlation(pixels, baselines.classMean(other)) < own,
      ),
    });
    if (index % 8 === 7) yield (index + 1) / candidates.length;
  }
  return scores;
}

async function confidencesOf(
  candidates: readonly Candidate[],
  { model, weights, labels }: Subject,
): Promise<number[]> {
  const count = candidates.length;
  const elements = candidates[0]?.pixels.length ?? 0;
  const images = new Float32Array(count * elements);
  for (const [index, { pixels }] of candidates.entries()) images.set(pixels, index * elements);
  const targets = new Float32Array(count * labels.length);
  const { probabilities } = await model.inputGradient({ weights, count, images, targets });
  return candidates.map(({ wanted }, index) => probabilities[index * labels.length + wanted]!);
}

/** Means over the images. */
export interface Figures {
  readonly judged: number;
  readonly judge: number;
  readonly confidence: number;
  readonly maeNearest: number;
  readonly maeMean: number;
  readonly correlation: number;
  readonly nearestMean: number;
}
type Figure = keyof Figures;

const pick: Readonly<Record<Figure, (score: ImageScore) => number>> = {
  judged: ({ judged }) => Number(judged),
  judge: ({ judge }) => judge,
  confidence: ({ confidence }) => confidence,
  maeNearest: ({ distance }) => distance.nearest,
  maeMean: ({ distance }) => distance.mean,
  correlation: (score) => score.correlation,
  nearestMean: ({ nearestMean }) => Number(nearestMean),
};

export function figuresOf(scores: readonly ImageScore[]): Figures {
  const mean = (figure: Figure): number =>
    scores.reduce((sum, score) => sum + pick[figure](score), 0) / scores.length;
  return {
    judged: mean('judged'),
    judge: mean('judge'),
    confidence: mean('confidence'),
    maeNearest: mean('maeNearest'),
    maeMean: mean('maeMean'),
    correlation: mean('correlation'),
    nearestMean: mean('nearestMean'),
  };
}

/**
 * The mean over all images, with the interval over classes: tries of one class are no independent cases. baselines:
 * figures of each, by name.
 */
export function metricOf(
  figure: Figure,
  candidates: readonly Candidate[],
  scores: readonly ImageScore[],
  baselines: Readonly<Partial<Record<BaselineName, number>>>,
  stream: RandomStream,
): Metric {
  const byClass = new Map<number, number[]>();
  for (const [index, score] of scores.entries()) {
    const { wanted } = candidates[index]!;
    byClass.set(wanted, [...(byClass.get(wanted) ?? []), pick[figure](score)]);
  }
  const means = [...byClass.values()].map((values) => values.reduce((a, b) => a + b, 0) / values.length);
  return {
    value: figuresOf(scores)[figure],
    interval: bootstrapMean(means, stream).interval,
    baselines,
  };
}

/** 'attack' or a baseline's name. */
export function rowOfFigures(name: string, figures: Figures): AttackRow {
  const { judged, judge, confidence, maeNearest, maeMean, correlation: withMean } = figures;
  return { name, cells: { judged, judge, confidence, maeNearest, maeMean, correlation: withMean } };
}
