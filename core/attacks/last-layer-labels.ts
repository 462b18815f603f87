/**
 * Which classes a client trained on, from the update of its last layer's bias alone: under softmax and cross-entropy, one
 * step of rate r moves the bias of class c by r sum_i (y_ic - p_ic), up only where c is a label (Zhao et al. 2020, iDLG,
 * section 3, for one image; Wainakh et al. 2021, LLG, for several). It needs no picture of anything.
 */
import type { Metric } from '../contract/attacks/attack-report.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { ClientOptimiser, Engine, ModelTopology } from '../model/engine.ts';
import type { RandomStream } from '../random/generator.ts';
import type { TargetModel } from './attack.ts';
import { elementsOf, shapeOf } from './pictures.ts';
import { densePlaces } from './topologies.ts';

export interface LabelPlan {
  /** Images that the update was made from. */
  readonly count: number;
  /** Learning rate over images of a step, times steps; undefined where the optimiser is none that keeps proportions. */
  readonly rate: number | undefined;
  /** [classes] what the model gives each class before, on images like the victim's; the attacker asks the model itself. */
  readonly expected: ArrayLike<number>;
}

/** [classes] how many images of each, summing to count. Undefined where the last layer has no bias. */
export function labelCounts(
  update: ArrayLike<number>,
  topology: ModelTopology,
  { count, rate, expected }: LabelPlan,
): readonly number[] | undefined {
  const last = densePlaces(topology).at(-1);
  if (last?.units !== expected.length) return undefined;
  const moved = Array.from({ length: last.units }, (_, label) => update[last.biasAt + label]!);
  const wanted = moved.map((move, label) =>
    rate === undefined ? Math.max(move, 0) : Math.max(count * expected[label]! + move / rate, 0),
  );
  return shareOut(wanted, count);
}

/** Whole numbers near the wanted ones, in their proportions, that sum to count (largest remainders). */
function shareOut(wanted: readonly number[], count: number): number[] {
  const sum = wanted.reduce((total, value) => total + value, 0);
  const exact = wanted.map((value) => (sum > 0 ? (value / sum) * count : count / wanted.length));
  const shares = exact.map(Math.floor);
  const order = exact
    .map((value, label) => ({ label, rest: value - Math.floor(value) }))
    .sort((one, other) => other.rest - one.rest || one.label - other.label);
  const missing = count - shares.reduce((total, value) => total + value, 0);
  for (const { label } of order.slice(0, missing)) shares[label]! += 1;
  return shares;
}

/** Share of the labels that were named, each as often as it occurs. */
function labelAccuracy(counts: readonly number[], labels: readonly number[]): number {
  const left = [...counts];
  let right = 0;
  for (const label of labels) {
    if (!(left[label]! > 0)) continue;
    left[label]! -= 1;
    right += 1;
  }
  return right / labels.length;
}

const guesses = 400;

/** The same of labels drawn at random: with several images, some are right by chance. */
function labelAccuracyByChance(labels: readonly number[], classes: number, stream: RandomStream): number {
  if (labels.length === 1) return 1 / classes;
  let sum = 0;
  for (let guess = 0; guess < guesses; guess += 1) {
    const counts = new Array<number>(classes).fill(0);
    for (const _ of labels) counts[stream.nextBelow(classes)]! += 1;
    sum += labelAccuracy(counts, labels);
  }
  return sum / guesses;
}

/** Images of the attacker's own, of the data set's test images, on which it asks what the model expects. */
const asked = 200;

/** [classes] the mean of what the model gives each class on images of the kind. */
export async function expectedShares(
  engine: Engine,
  { test, classNames }: Dataset,
  { topology, weights }: TargetModel,
): Promise<Float64Array> {
  const count = Math.min(asked, test.count);
  const model = await engine.plan(topology, { train: test, test }, { batchSize: 1 });
  try {
    const images = test.images.subarray(0, count * elementsOf(test));
    const probabilities = await model.predict(weights, { ...shapeOf(test), images, count });
    const classes = classNames.length;
    const shares = new Float64Array(classes);
    for (const [index, value] of probabilities.entries()) shares[index % classes]! += value / count;
    return shares;
  } finally {
    model.dispose();
  }
}

/** How far one step of a client's moves a bias for an image; undefined where its optimiser keeps no proportions. */
export function labelRate(
  optimiser: ClientOptimiser,
  {
    epochs,
    batchSize,
    count,
  }: { readonly epochs: number; readonly batchSize: number; readonly count: number },
): number | undefined {
  return optimiser.kind === 'sgd' && optimiser.momentum === 0
    ? (optimiser.learningRate * epochs) / Math.min(batchSize, count)
    : undefined;
}

/** labelAccuracy beside chance. Undefined where the last layer has no bias. */
export function labelMetric(
  update: ArrayLike<number>,
  topology: ModelTopology,
  plan: LabelPlan,
  { labels, stream }: { readonly labels: readonly number[]; readonly stream: RandomStream },
): Metric | undefined {
  const counts = labelCounts(update, topology, plan);
  return counts && metricOfCounts(counts, { labels, stream });
}

/** labelAccuracy of so many labels of each class, however they were found. */
export function metricOfCounts(
  counts: readonly number[],
  { labels, stream }: { readonly labels: readonly number[]; readonly stream: RandomStream },
): Metric {
  const chance = labelAccuracyByChance(labels, counts.length, stream);
  return { value: labelAccuracy(counts, labels), baselines: { chance } };
}
