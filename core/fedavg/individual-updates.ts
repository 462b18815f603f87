/**
 * The coordinator's part of FedAvg where it looks at each update instead of at their sum alone: demonstrations with masks off
 * (robust-aggregation.ts says what each rule bears). The sum stays what it was, and is checked as ever; what the rule gives
 * takes the place of the mean update, and of nothing else.
 */
import type { AggregationRule } from '../contract/run-settings.ts';
import type { InputVector } from '../secagg/client-events.ts';
import { readFloatSum } from '../secagg/float-vector.ts';
import type { RoundParameters } from '../secagg/parameters.ts';
import { type AggregatedUpdate, centredLift, dequantise } from '../secagg/quantise.ts';
import type { SummedUpdate } from './global-update.ts';
import {
  assumedPoisoned,
  clippedMeanOf,
  fewestForKrum,
  krumOf,
  meanOf,
  medianNormOf,
  medianOf,
  trimmedMeanOf,
} from './robust-aggregation.ts';

/**
 * The update that a rule makes of single vectors (Aggregate.vectors), in the place of the sum's mean. Clients that trained on
 * nothing in this round are left out; every other counts the same, however many images it claims. Where fewer than three
 * have trained there is nothing to compare, and the mean stands. Throws TypeError for a rule without vectors.
 */
export function ruledUpdate(
  rule: AggregationRule,
  update: SummedUpdate,
  vectors: ReadonlyMap<number, InputVector> | undefined,
  parameters: RoundParameters,
): SummedUpdate {
  if (rule === 'mean' || update.meanUpdate === undefined) return update;
  if (vectors === undefined) throw new TypeError('a rule over single updates needs them');
  const updates = [...vectors.values()].flatMap((vector) => {
    const { meanUpdate } = readVector(vector, parameters);
    return meanUpdate === undefined ? [] : [Float32Array.from(meanUpdate)];
  });
  if (updates.length < fewestForKrum) return update;
  return { ...update, meanUpdate: updateByRule(rule, updates) };
}

/** One client's, as a sum over it alone. */
function readVector(vector: InputVector, parameters: RoundParameters): AggregatedUpdate {
  return vector instanceof Float32Array
    ? readFloatSum(Float64Array.from(vector), parameters.parameterCount, parameters.weightCap)
    : dequantise(centredLift(vector, parameters.bits), parameters);
}

/** [d] updates: at least three, [d] each. Norms are clipped to their median. */
export function updateByRule(
  rule: AggregationRule,
  updates: readonly Float32Array[],
): Float64Array<ArrayBuffer> {
  const poisoned = assumedPoisoned(updates.length);
  switch (rule) {
    case 'mean':
      return meanOf(updates);
    case 'median':
      return medianOf(updates);
    case 'trimmed-mean':
      return trimmedMeanOf(updates, poisoned);
    case 'krum':
      return krumOf(updates, poisoned);
    case 'norm-clipping': {
      const norm = medianNormOf(updates);
      return norm > 0 ? clippedMeanOf(updates, norm) : medianOf(updates);
    }
  }
}
