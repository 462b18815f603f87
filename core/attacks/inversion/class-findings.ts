/** What an inversion of a model's classes comes to: figures of the runs with what needs no attack, pictures and table. */
import type { AttackFindings, AttackStep, Metric } from '../../contract/attacks/attack-report.ts';
import type { BaselineName } from '../../contract/attacks/names.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { randomStream } from '../../random/stream.ts';
import type { AttackInput } from '../attack.ts';
import { outcomeOf, reached, stoppedNeedle } from '../gauges.ts';
import type { Judge } from '../metrics/judge.ts';
import { distanceTo } from './class-distance.ts';
import { baselinePictures, nearestPictures, rebuiltPictures } from './class-pictures.ts';
import type { ClassSettings, Found } from './classes.ts';
import {
  type Candidate,
  figuresOf,
  type Figures,
  type ImageScore,
  inversionBaselines,
  type InversionBaseline,
  metricOf,
  rowOfFigures,
} from './score.ts';
import { streamLabel, type Subject } from './subject.ts';

/** Share of the images that the judge must read as their class for the classes to count as shown. */
const threshold = 0.5;

export interface Concluded {
  readonly subject: Subject;
  readonly judge: Judge;
  readonly found: Found;
  readonly byBaseline: Readonly<Record<InversionBaseline, readonly Candidate[]>>;
  /** Of the runs, then of the baselines in their order. */
  readonly scores: readonly ImageScore[];
}

/** Shows the last pictures and the table, and says what was found. */
export function* concludeClasses(
  { dataset, seed, material }: AttackInput<unknown>,
  { variant, steps, tries }: ClassSettings,
  { subject, judge, found, byBaseline, scores }: Concluded,
): Generator<AttackStep, AttackFindings, void> {
  const { runs, best } = found;
  const classes = subject.labels.length;
  const scoresOf = (name: InversionBaseline): readonly ImageScore[] => {
    const start = runs.length + inversionBaselines.indexOf(name) * classes;
    return scores.slice(start, start + classes);
  };
  // The reference counts all its runs; whoever looks for something takes the best of each class.
  const counted = variant === 'reference' ? runs.map((_, run) => run) : best;
  const candidates = counted.map((run) => runs[run]!);
  const own = counted.map((run) => scores[run]!);
  const figures: Record<InversionBaseline, Figures> = {
    black: figuresOf(scoresOf('black')),
    globalMean: figuresOf(scoresOf('globalMean')),
    classMean: figuresOf(scoresOf('classMean')),
    randomNoise: figuresOf(scoresOf('randomNoise')),
  };
  const attack = figuresOf(own);

  const bestScores = best.map((run) => scores[run]!);
  const taken = best.map((run) => runs[run]!);
  yield { kind: 'images', images: rebuiltPictures(dataset, subject, taken, bestScores) };
  yield { kind: 'images', images: nearestPictures(dataset, bestScores) };
  for (const name of inversionBaselines)
    yield {
      kind: 'images',
      images: baselinePictures(dataset, subject, name, byBaseline[name], scoresOf(name)),
    };
  yield {
    kind: 'rows',
    rows: [
      rowOfFigures('attack', attack),
      ...inversionBaselines.map((name) => rowOfFigures(name, figures[name])),
    ],
  };

  const stream = randomStream(seed, 'attack', streamLabel, 'intervals');
  const metric = (figure: keyof Figures, names: readonly InversionBaseline[], extra = {}): Metric => {
    const baselines: Partial<Record<BaselineName, number>> = { ...extra };
    for (const name of names) baselines[name] = figures[name][figure];
    return metricOf(figure, candidates, own, baselines, stream);
  };
  // The mean of a class needs images of the class: it is shown beside the rest, and is no baseline of being recognised.
  const withoutImages = ['black', 'globalMean', 'randomNoise'] as const;
  const chance = { chance: 1 / classes };
  const judged = metric('judged', withoutImages, chance);
  const judgeSays = metric('judge', withoutImages, chance);
  const goal = { metric: judged, threshold, side: 'above' } as const;
  return {
    results: {
      judged,
      judge: judgeSays,
      confidence: metric('confidence', inversionBaselines),
      maeNearest: metric('maeNearest', inversionBaselines),
      maeMean: metric('maeMean', inversionBaselines),
      correlation: metric('correlation', inversionBaselines),
    },
    success: reached(goal),
    outcome: outcomeOf(goal, [{ metric: judgeSays, side: 'above' }]),
    threshold: { metric: 'judged', value: threshold, side: 'above' },
    gauges: { stopped: stoppedNeedle(goal), epsilon: null, delta: null },
    facts: {
      variant,
      steps,
      tries,
      runs: runs.length,
      counted: counted.length,
      classes,
      made: material.model !== undefined,
      members: subject.members?.length ?? 0,
      accuracy: subject.accuracy,
      judgeAccuracy: judge.accuracy,
      nearestMean: attack.nearestMean,
      ...nearnessToMembers(dataset, subject, taken, bestScores, scoresOf('black')),
      classMeanJudged: figures.classMean.judged,
      classMeanJudge: figures.classMean.judge,
    },
  };
}

/**
 * Mean absolute errors of the images taken, to images that the model learnt from and to others of their classes, and the
 * same of an all black image, as images of one set may have less ink; none where it is unknown what the model learnt from.
 */
function nearnessToMembers(
  { train }: Dataset,
  { labels, members }: Subject,
  taken: readonly Candidate[],
  scores: readonly ImageScore[],
  blackScores: readonly ImageScore[],
): Readonly<Record<string, number>> {
  if (members === undefined) return {};
  const errors: Nearness[] = [];
  const ofBlack: Nearness[] = [];
  for (const [index, { pixels, wanted }] of taken.entries()) {
    const label = labels[wanted]!;
    const own = Array.from(members.filter((place) => train.labels[place] === label));
    const all = train.labels.reduce((count, other) => count + Number(other === label), 0);
    if (own.length === 0 || own.length === all) continue;
    const apart = (image: Float32Array, mean: number): Nearness => {
      const member = distanceTo(train, own, image).mean;
      return { member, stranger: (mean * all - member * own.length) / (all - own.length) };
    };
    errors.push(apart(pixels, scores[index]!.distance.mean));
    ofBlack.push(apart(new Float32Array(pixels.length), blackScores[wanted]!.distance.mean));
  }
  if (errors.length === 0) return {};
  const meanOf = (list: readonly Nearness[], which: keyof Nearness): number =>
    list.reduce((sum, error) => sum + error[which], 0) / list.length;
  return {
    memberError: meanOf(errors, 'member'),
    strangerError: meanOf(errors, 'stranger'),
    blackMemberError: meanOf(ofBlack, 'member'),
    blackStrangerError: meanOf(ofBlack, 'stranger'),
  };
}

interface Nearness {
  readonly member: number;
  readonly stranger: number;
}
