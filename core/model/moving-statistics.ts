/**
 * Which of the flat weights are no trained weights but moving statistics (layers/normalisations.ts says of what, and what
 * they mean under federated averaging).
 *
 * A variance below zero, which noise or rounding can leave, counts as zero wherever weights are used.
 */
import { readArchitecture, sizeOf, weightsOf } from './architecture.ts';
import type { ModelTopology } from './engine.ts';
import type { WeightRule } from './layers/layer-rule.ts';

/** Places start (inclusive) to end (exclusive) of the flat weights. */
export interface StatisticRange {
  readonly start: number;
  readonly end: number;
  readonly statistic: 'mean' | 'variance';
}

/** In the order of the flat weights; none in most models. Throws FederationError 'model-refused'. */
export function movingStatistics(topology: ModelTopology): readonly StatisticRange[] {
  return statisticRanges(weightsOf(readArchitecture(topology)).map(({ weight }) => weight));
}

/** How many of the flat weights are moving statistics. Throws FederationError 'model-refused'. */
export function statisticCount(topology: ModelTopology): number {
  return movingStatistics(topology).reduce((total, { start, end }) => total + end - start, 0);
}

/** weights: all of a model's, in their order. */
export function statisticRanges(weights: readonly WeightRule[]): readonly StatisticRange[] {
  let end = 0;
  return weights.flatMap(({ shape, statistic }) => {
    const start = end;
    end += sizeOf(shape);
    return statistic === undefined ? [] : [{ start, end, statistic }];
  });
}

/** The same weights, none of the variances below zero: the same array where none was. */
export function soundVariances<Weights extends Float32Array>(
  weights: Weights,
  statistics: readonly StatisticRange[],
): Weights {
  const variances = statistics.filter(({ statistic }) => statistic === 'variance');
  if (variances.every(({ start, end }) => weights.subarray(start, end).every((value) => value >= 0)))
    return weights;
  const sound = weights.slice() as Weights;
  for (const { start, end } of variances)
    for (let at = start; at < end; at += 1) sound[at] = Math.max(0, sound[at]!);
  return sound;
}
