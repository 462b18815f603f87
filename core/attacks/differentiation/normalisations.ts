/**
 * Normalisations as differentiable operations: the input less a mean, over a deviation, times gamma, plus beta. They differ
 * in what a mean is taken over. Variances are those of the values themselves, not estimates of a population's.
 */
import { rectify } from './activations.ts';
import { add, divide, multiply, repeat, scale, square, squareRoot, subtract, sum } from './operations.ts';
import type { Value } from './value.ts';

/** What batch normalisation takes: the batch's own, as a client does that trains, or the moving ones, as in evaluation. */
export type BatchStatistics = 'batch' | 'moving';

/** One number for each group of values, and the groups' numbers to all their values again. */
interface Grouping {
  readonly mean: (value: Value) => Value;
  readonly spread: (statistic: Value) => Value;
}

function normalise(
  input: Value,
  [gamma, beta]: readonly Value[],
  epsilon: number,
  { mean, spread }: Grouping,
): Value {
  const centred = subtract(input, spread(mean(input)));
  return scaled(divide(centred, spread(deviationOf(mean(square(centred)), epsilon))), gamma!, beta!);
}

const deviationOf = (variance: Value, epsilon: number): Value => squareRoot(scale(variance, 1, epsilon));

/** gamma and beta: one for each of the last axis. */
function scaled(normal: Value, gamma: Value, beta: Value): Value {
  const each = (weight: Value): Value => repeat(weight, 1, weight.size, normal.shape);
  return add(multiply(normal, each(gamma)), each(beta));
}

/** Each row of the last axis by itself: layer normalisation (Ba, Kiros, Hinton 2016). */
export function byRow(input: Value, weights: readonly Value[], epsilon: number): Value {
  const width = weights[0]!.size;
  const rows = input.size / width;
  return normalise(input, weights, epsilon, {
    mean: (value) => scale(sum(value, rows, 1, [rows]), 1 / width),
    spread: (statistic) => repeat(statistic, rows, 1, input.shape),
  });
}

/** Each image's pixels and the channels of a group (Wu, He 2018). */
export function byGroup(input: Value, weights: readonly Value[], epsilon: number, groups: number): Value {
  const [batch = 1] = input.shape;
  const size = weights[0]!.size / groups;
  const runs = input.size / size;
  const positions = runs / (batch * groups);
  return normalise(input, weights, epsilon, {
    mean: (value) =>
      scale(sum(sum(value, runs, 1, [runs]), batch, groups, [batch, groups]), 1 / (positions * size)),
    spread: (statistic) => repeat(repeat(statistic, batch, groups, [runs]), runs, 1, input.shape),
  });
}

/** Each channel over the whole batch (Ioffe, Szegedy 2015), as while training. */
export function byBatch(input: Value, weights: readonly Value[], epsilon: number): Value {
  const channels = weights[0]!.size;
  return normalise(input, weights, epsilon, {
    mean: (value) => scale(sum(value, 1, channels, [channels]), channels / input.size),
    spread: (statistic) => repeat(statistic, 1, channels, input.shape),
  });
}

/** Each channel by its moving statistics, which are the third and fourth of the weights; variances below zero count as zero. */
export function byMovingStatistics(
  input: Value,
  [gamma, beta, mean, variance]: readonly Value[],
  epsilon: number,
): Value {
  const each = (weight: Value): Value => repeat(weight, 1, weight.size, input.shape);
  const centred = subtract(input, each(mean!));
  const normal = divide(centred, each(deviationOf(rectify(variance!), epsilon)));
  return scaled(normal, gamma!, beta!);
}
