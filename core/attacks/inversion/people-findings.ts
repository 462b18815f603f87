/** What re-identification comes to: ranks of the private images, likeness, and the same for a model of digits. */
import type {
  AttackFindings,
  AttackImage,
  AttackRow,
  AttackStep,
  Metric,
} from '../../contract/attacks/attack-report.ts';
import type { BaselineName } from '../../contract/attacks/names.ts';
import type { LabelledImages } from '../../datasets/dataset.ts';
import type { RandomStream } from '../../random/generator.ts';
import { outcomeOf, reached, stoppedNeedle } from '../gauges.ts';
import { baselineFigures, type BaselineImages, type ImageBaseline } from '../metrics/baselines.ts';
import { areaUnderCurve, bootstrapMean, wilson } from '../metrics/intervals.ts';
import { type Judge, judgeImages } from '../metrics/judge.ts';
import { rankByChance, rankOf } from '../metrics/rank.ts';
import { correlation, meanAbsoluteError, structuralSimilarity } from '../metrics/similarity.ts';
import { pictureOf, type PlainImage } from '../pictures.ts';
import type { PeopleSettings } from './re-identification.ts';

/** How near what came out is to images that the model learnt from, and to others of their class. */
export interface Nearness {
  /** Mean absolute errors. */
  readonly own: number;
  readonly others: number;
  /** The probability that it correlates more with one of its own images than with another. */
  readonly auc: number;
  /** That the model learnt from. */
  readonly images: number;
  /** The errors of an all black image. */
  readonly black: { readonly own: number; readonly others: number };
}

export interface PeopleRun {
  readonly settings: PeopleSettings;
  /** One for each person. */
  readonly targets: readonly PlainImage[];
  readonly needsNone: readonly BaselineImages[];
  readonly rebuilt: readonly Float32Array[];
  /** Other images of the same digit. */
  readonly others: readonly (readonly Float32Array[])[];
  /** How many of the people are drawings of this machine; how many images stand for each. */
  readonly drawings: number;
  readonly variations: number;
  readonly digits: Nearness;
  readonly judge: Judge;
}

/** People whose pictures are shown. */
export const shownPeople = 10;
/** Share of the private images that must rank first of 100 for people to count as given away. */
const threshold = 0.5;
/** The nearest other image is chosen by who has the private one: no baseline of a rank. */
type RankBaseline = Exclude<ImageBaseline, 'nearestOther'>;
/** Of being recognised: the class's mean and images of it are for those who have some. */
const judgeBaselines = ['black', 'globalMean', 'randomNoise'] as const;
const shownBaselines = ['black', 'globalMean', 'classMean', 'nearestOther'] as const;

/** values: the judge's, once there is one, by baseline. */
export function columnOfBaselines(
  train: LabelledImages,
  target: PlainImage,
  images: BaselineImages,
  index: number,
  values?: Readonly<Partial<Record<ImageBaseline, number>>>,
): readonly AttackImage[] {
  return shownBaselines.map((name) => {
    const about = { id: `${name}-${index}`, role: 'baseline', name, index } as const;
    const label = name === 'classMean' || name === 'nearestOther' ? target.label : null;
    return pictureOf({ ...about, label, value: values?.[name] ?? null }, images[name], train);
  });
}

export async function* concludePeople(
  train: LabelledImages,
  run: PeopleRun,
  stream: RandomStream,
): AsyncGenerator<AttackStep, AttackFindings, void> {
  const { settings, targets, rebuilt, others, digits, judge, drawings, variations } = run;
  const { people, steps } = settings;
  // A rebuilt image is fainter than a drawing, so that squared errors would name the faintest candidate.
  const rank = (pixels: Float32Array, person: number): number =>
    rankOf(pixels, targets[person]!, others[person]!, (one, other) => 1 - correlation(one, other));
  const ranks = rebuilt.map(rank);
  const first = ranks.filter((place) => place === 1).length;
  const candidates = others.reduce((sum, { length }) => sum + length + 1, 0) / people;

  const ranked = ranksOfBaselines(run, rank);
  const rankedFirst: Metric = {
    value: first / people,
    interval: wilson(first, people),
    baselines: { ...mapped(ranked, (places) => shareFirst(places)), chance: 1 / candidates },
  };
  const ofRank: Metric = {
    ...bootstrapMean(ranks, stream),
    baselines: { ...mapped(ranked, mean), chance: rankByChance(candidates - 1) },
  };
  const judged = await judgedFigures(train, run, stream);
  yield { kind: 'images', images: judged.images };

  const likeness = (measure: (one: Float32Array, other: Float32Array) => number): Metric => ({
    ...bootstrapMean(
      rebuilt.map((pixels, person) => measure(pixels, targets[person]!.pixels)),
      stream,
    ),
    baselines: baselineFigures(targets, run.needsNone, (pixels, target) => measure(pixels, target.pixels)),
  });
  const mae = likeness(meanAbsoluteError);
  const persons = nearnessOfPeople(run, mae.value);
  yield { kind: 'rows', rows: rowsOf(persons, digits) };

  const goal = { metric: rankedFirst, threshold, side: 'above' } as const;
  return {
    results: {
      rankedFirst,
      rank: ofRank,
      correlation: likeness(correlation),
      ssim: likeness((one, other) => structuralSimilarity(one, other, train)),
      mae,
      judge: judged.judge,
      judged: judged.judged,
    },
    success: reached(goal),
    outcome: outcomeOf(goal, [{ metric: ofRank, side: 'below' }]),
    threshold: { metric: 'rankedFirst', value: threshold, side: 'above' },
    gauges: { stopped: stoppedNeedle(goal), epsilon: null, delta: null },
    facts: {
      variant: 're-identification',
      steps,
      people,
      drawings,
      variations,
      first,
      candidates,
      ownError: persons.own,
      othersError: persons.others,
      ownAuc: persons.auc,
      digitImages: digits.images,
      digitOwnError: digits.own,
      digitOthersError: digits.others,
      digitAuc: digits.auc,
      digitBlackOwnError: digits.black.own,
      digitBlackOthersError: digits.black.others,
      judgeAccuracy: judge.accuracy,
      classMeanJudged: judged.classMean,
    },
  };
}

function ranksOfBaselines(
  { needsNone }: PeopleRun,
  rank: (pixels: Float32Array, person: number) => number,
): Readonly<Record<RankBaseline, readonly number[]>> {
  const places = (name: RankBaseline): readonly number[] =>
    needsNone.map((images, person) => rank(images[name], person));
  return {
    black: places('black'),
    globalMean: places('globalMean'),
    classMean: places('classMean'),
    randomNoise: places('randomNoise'),
  };
}

/** What a judge of digits reads in what came out: the digit that the person drew. */
async function judgedFigures(train: LabelledImages, run: PeopleRun, stream: RandomStream) {
  const { judge, rebuilt, targets, needsNone } = run;
  const labels = targets.map(({ label }) => label);
  const probabilityOf = async (images: readonly Float32Array[]): Promise<number[]> => {
    const said = await judge.probabilities(images);
    return labels.map((label, index) => said[index * judge.classes + label]!);
  };
  const chance = 1 / judge.classes;
  const judgeOf: Partial<Record<BaselineName, number>> = { chance };
  const judgedOf: Partial<Record<BaselineName, number>> = { chance };
  for (const name of judgeBaselines) {
    const { probability, share } = await judgeImages(
      judge,
      needsNone.map((images) => images[name]),
      labels,
    );
    judgeOf[name] = probability;
    judgedOf[name] = share;
  }
  const own = await judgeImages(judge, rebuilt, labels);
  const values = await probabilityOf(rebuilt);
  const byBaseline = {
    black: await probabilityOf(needsNone.map(({ black }) => black)),
    globalMean: await probabilityOf(needsNone.map(({ globalMean }) => globalMean)),
    classMean: await probabilityOf(needsNone.map(({ classMean }) => classMean)),
    nearestOther: await probabilityOf(needsNone.map(({ nearestOther }) => nearestOther)),
  };
  const classMean = await judgeImages(
    judge,
    needsNone.map((images) => images.classMean),
    labels,
  );
  const images = targets.slice(0, shownPeople).flatMap((target, index) => [
    pictureOf(
      {
        id: `rebuilt-${index}`,
        role: 'rebuilt',
        name: 'rebuilt',
        index,
        label: target.label,
        value: values[index]!,
      },
      rebuilt[index]!,
      train,
    ),
    ...columnOfBaselines(train, target, needsNone[index]!, index, {
      black: byBaseline.black[index]!,
      globalMean: byBaseline.globalMean[index]!,
      classMean: byBaseline.classMean[index]!,
      nearestOther: byBaseline.nearestOther[index]!,
    }),
  ]);
  const judgeMetric: Metric = { ...bootstrapMean(values, stream), baselines: judgeOf };
  const judgedMetric: Metric = {
    value: own.share,
    interval: wilson(Math.round(own.share * labels.length), labels.length),
    baselines: judgedOf,
  };
  return { judge: judgeMetric, judged: judgedMetric, classMean: classMean.share, images };
}

function nearnessOfPeople({ rebuilt, targets, others }: PeopleRun, own: number): Nearness {
  const errors: number[] = [];
  const black: { own: number[]; others: number[] } = { own: [], others: [] };
  const nothing = new Float32Array(rebuilt[0]!.length);
  const alike: { own: number[]; others: number[] } = { own: [], others: [] };
  for (const [person, pixels] of rebuilt.entries()) {
    alike.own.push(correlation(pixels, targets[person]!.pixels));
    black.own.push(meanAbsoluteError(nothing, targets[person]!.pixels));
    for (const other of others[person]!) {
      errors.push(meanAbsoluteError(pixels, other));
      black.others.push(meanAbsoluteError(nothing, other));
      alike.others.push(correlation(pixels, other));
    }
  }
  const { value: auc } = areaUnderCurve(alike.own, alike.others);
  return {
    own,
    others: mean(errors),
    auc,
    images: rebuilt.length,
    black: { own: mean(black.own), others: mean(black.others) },
  };
}

/** The same figures where a class is a person and where it is a digit, each with what an all black image has; and chance. */
function rowsOf(persons: Nearness, digits: Nearness): readonly AttackRow[] {
  const cells = ({ own, others, auc }: Nearness): AttackRow['cells'] => ({ own, others, auc });
  return [
    { name: 'persons', cells: cells(persons) },
    { name: 'personsBlack', cells: persons.black },
    { name: 'digits', cells: cells(digits) },
    { name: 'digitsBlack', cells: digits.black },
    { name: 'chance', cells: { auc: 0.5 } },
  ];
}

function mapped(
  places: Readonly<Record<RankBaseline, readonly number[]>>,
  figure: (places: readonly number[]) => number,
): Record<RankBaseline, number> {
  return {
    black: figure(places.black),
    globalMean: figure(places.globalMean),
    classMean: figure(places.classMean),
    randomNoise: figure(places.randomNoise),
  };
}

const shareFirst = (places: readonly number[]): number =>
  places.filter((place) => place === 1).length / places.length;

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
