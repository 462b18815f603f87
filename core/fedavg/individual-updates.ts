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
  bestOf,
  clippedMeanOf,
  fewestForKrum,
  meanOf,
  medianNormOf,
  medianOf,
  trimmedMeanOf,
  UpdateDistances,
} from './robust-aggregation.ts';

/**
 * The update that a rule makes of single vectors (Aggregate.vectors), in the place of the sum's mean. Clients that trained on
 * nothing in this round are left out; every other counts the same, however many images it claims. Where fewer than three
 * have trained there is nothing to compare, and the mean stands. Throws TypeError for a rule without vectors.
 */
export function ruledUpdate(...about: Parameters<typeof ruledUpdateInSteps>): SummedUpdate {
  return outcomeOf(ruledUpdateInSteps(...about));
}

/** The same, with other work in between: a hundred updates of a large model take a second or two. */
export function* ruledUpdateInSteps(
  rule: AggregationRule,
  update: SummedUpdate,
  vectors: ReadonlyMap<number, InputVector> | undefined,
  parameters: RoundParameters,
): Generator<void, SummedUpdate> {
  if (rule === 'mean' || update.meanUpdate === undefined) return update;
  if (vectors === undefined) throw new TypeError('a rule over single updates needs them');
  const updates: Float32Array[] = [];
  for (const vector of vectors.values()) {
    const { meanUpdate } = readVector(vector, parameters);
    if (meanUpdate !== undefined) updates.push(Float32Array.from(meanUpdate));
    yield;
  }
  if (updates.length < fewestForKrum) return update;
  return { ...update, meanUpdate: yield* updateInSteps(rule, updates) };
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
  return outcomeOf(updateInSteps(rule, updates));
}

function* updateInSteps(
  rule: AggregationRule,
  updates: readonly Float32Array[],
): Generator<void, Float64Array<ArrayBuffer>> {
  const poisoned = assumedPoisoned(updates.length);
  switch (rule) {
    case 'mean':
      return meanOf(updates);
    case 'median':
      return yield* byCoordinates(updates, medianOf);
    case 'trimmed-mean':
      return yield* byCoordinates(updates, (block) => trimmedMeanOf(block, poisoned));
    case 'krum': {
      const distances = new UpdateDistances(updates);
      while (distances.measure()) yield;
      return bestOf(updates, distances.krumScores(poisoned), 1);
    }
    case 'norm-clipping': {
      const norm = medianNormOf(updates);
      return norm > 0 ? clippedMeanOf(updates, norm) : medianOf(updates);
    }
  }
}

/** Coordinates at a time, for rules that take each by itself: 0.1 s for a hundred updates. */
const blockLength = 16_384;

function* byCoordinates(
  updates: readonly Float32Array[],
  rule: (block: readonly Float32Array[]) => Float64Array<ArrayBuffer>,
): Generator<void, Float64Array<ArrayBuffer>> {
  const result = new Float64Array(updates[0]?.length ?? 0);
  for (let start = 0; start < result.length; start += blockLength) {
    const block = updates.map((update) => update.subarray(start, start + blockLength));
    result.set(rule(block), start);
    yield;
  }
  return result;
}

function outcomeOf<Outcome>(steps: Generator<void, Outcome>): Outcome {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
