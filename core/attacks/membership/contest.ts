/** Members against strangers: what a model's loss says of images that it has learnt from and of images that it has not. */
import type {
  AttackFindings,
  AttackImage,
  AttackSeries,
  Metric,
} from '../../contract/attacks/attack-report.ts';
import type { LabelledImages } from '../../datasets/dataset.ts';
import type { TrainableModel } from '../../model/engine.ts';
import type { RandomStream } from '../../random/generator.ts';
import { stoppedNeedle } from '../gauges.ts';
import {
  areaUnderCurve,
  bestBalancedAccuracy,
  type Estimate,
  rocCurve,
  truePositivesAt,
} from '../metrics/intervals.ts';
import { elementsOf, pictureOf, pixelsAt } from '../pictures.ts';

/** An attacker who may be wrong once in a hundred times. */
const falseAlarms = 0.01;
/** Of the true positives: five times what chance gives. */
const threshold = 0.05;
const resamples = 300;
/** Images of one call: below a tenth of a second for the presets. */
const imagesAtOnce = 200;
/** Whom the attacker would name first. */
const shownSuspects = 10;

interface Answers {
  readonly data: LabelledImages;
  /** Cross-entropy of the true class, dropout off. */
  readonly losses: readonly number[];
  /** Share that the model classes right. */
  readonly accuracy: number;
}

export interface Contest {
  readonly members: Answers;
  readonly strangers: Answers;
}

/** Both of at least two images. Yields how far it is, 0 .. 1. */
export async function* holdContest(
  model: TrainableModel,
  weights: Float32Array,
  classes: number,
  data: { readonly members: LabelledImages; readonly strangers: LabelledImages },
): AsyncGenerator<number, Contest, void> {
  const total = data.members.count + data.strangers.count;
  const answers: Answers[] = [];
  let before = 0;
  for (const images of [data.members, data.strangers]) {
    const asking = ask(model, weights, classes, images);
    for (;;) {
      const next = await asking.next();
      if (next.done === true) {
        answers.push(next.value);
        break;
      }
      yield (before + next.value) / total;
    }
    before += images.count;
  }
  return { members: answers[0]!, strangers: answers[1]! };
}

/** Yields how many images have been answered for. Not from probabilities in float32: many are 1 to the last digit. */
async function* ask(
  model: TrainableModel,
  weights: Float32Array,
  classes: number,
  data: LabelledImages,
): AsyncGenerator<number, Answers, void> {
  const elements = elementsOf(data);
  const losses: number[] = [];
  let right = 0;
  for (let start = 0; start < data.count; start += imagesAtOnce) {
    const end = Math.min(start + imagesAtOnce, data.count);
    const bytes = data.images.subarray(start * elements, end * elements);
    const labels = data.labels.subarray(start, end);
    const targets = new Float32Array(labels.length * classes);
    for (const [image, label] of labels.entries()) targets[image * classes + label] = 1;
    const images = Float32Array.from(bytes, (byte) => byte / 255);
    const answer = await model.inputGradient({ weights, count: labels.length, images, targets });
    losses.push(...answer.losses);
    for (const [image, label] of labels.entries()) {
      const row = answer.probabilities.subarray(image * classes, (image + 1) * classes);
      if (row.indexOf(Math.max(...row)) === label) right += 1;
    }
    yield end;
  }
  return { data, losses, accuracy: right / data.count };
}

export interface ContestFigures {
  readonly auc: Estimate;
  readonly truePositivesAt1: Estimate;
}

/** The lower its loss, the more likely a member. */
const scoresOf = ({ losses }: Answers): readonly number[] => losses.map((loss) => -loss);

export function figuresOf({ members, strangers }: Contest, stream: RandomStream): ContestFigures {
  const [own, others] = [scoresOf(members), scoresOf(strangers)];
  return {
    auc: areaUnderCurve(own, others),
    truePositivesAt1: truePositivesAt(falseAlarms, own, others, stream, resamples),
  };
}

/** Share of right guesses at the best threshold, members and strangers being equally likely: 0.5 by chance. */
export function balancedAccuracyOf(contest: Contest): number {
  return bestBalancedAccuracy(scoresOf(contest.members), scoresOf(contest.strangers));
}

/** [false alarms, true positives] over all thresholds. */
export function rocOf({ members, strangers }: Contest): AttackSeries {
  return { name: 'roc', points: rocCurve(scoresOf(members), scoresOf(strangers)) };
}

/** The images of the smallest losses, whoever they belong to: 'member' or 'stranger'. */
export function suspectPictures(contest: Contest): readonly AttackImage[] {
  const { members, strangers } = contest;
  const all = [
    ...members.losses.map((loss, at) => ({ loss, at, name: 'member', data: members.data })),
    ...strangers.losses.map((loss, at) => ({ loss, at, name: 'stranger', data: strangers.data })),
  ].sort((one, other) => one.loss - other.loss);
  return all.slice(0, shownSuspects).map(({ at, name, data }, index) => {
    const about = { id: `suspect-${index}`, role: 'other', name, index, label: data.labels[at]! } as const;
    return pictureOf(about, pixelsAt(data, at), data);
  });
}

/** facts: what the attack knows beside the contest. */
export function findingsOf(
  contest: Contest,
  { auc, truePositivesAt1 }: ContestFigures,
  facts: AttackFindings['facts'],
): AttackFindings {
  const { members, strangers } = contest;
  const truePositives: Metric = { ...truePositivesAt1, baselines: { chance: falseAlarms } };
  const area: Metric = { ...auc, baselines: { chance: 0.5 } };
  const goal = { metric: truePositives, threshold, side: 'above' } as const;
  const success = truePositives.value >= threshold;
  // A figure above chance is none while its interval reaches chance.
  const isMore = auc.interval[0] > 0.5 || truePositivesAt1.interval[0] > falseAlarms;
  return {
    results: { truePositivesAt1: truePositives, auc: area },
    success,
    outcome: success ? 'leaks' : isMore ? 'partly' : 'stopped',
    threshold: { metric: 'truePositivesAt1', value: threshold, side: 'above' },
    gauges: { stopped: stoppedNeedle(goal), epsilon: null, delta: null },
    facts: {
      ...facts,
      members: members.data.count,
      strangers: strangers.data.count,
      memberAccuracy: members.accuracy,
      strangerAccuracy: strangers.accuracy,
      suspects: shownSuspects,
    },
  };
}
