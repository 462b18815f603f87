/**
 * Whether a rebuilt image points at its true one: the place of the private image among 100 candidates of its class,
 * ordered by their distance to what was rebuilt. 1: nearest of all; by chance 50.5. It tells an image of somebody's own
 * from one that looks like everybody's: a class mean does no better than chance.
 */
import type { LabelledImages } from '../../datasets/dataset.ts';
import { type RandomStream, shuffle } from '../../random/generator.ts';
import { pixelsAt, type PlainImage } from '../pictures.ts';
import { meanSquaredError } from './similarity.ts';

/** The true one and 99 others. */
const rankCandidates = 100;

/**
 * Images of the target's class that the victim does not have, drawn without repetition: one fewer than there are
 * candidates, or all that there are. own: which of the data's images are the victim's.
 */
export function otherCandidates(
  target: PlainImage,
  data: LabelledImages,
  own: Iterable<number>,
  stream: RandomStream,
  candidates = rankCandidates,
): readonly Float32Array[] {
  const hidden = new Set(own);
  const places: number[] = [];
  for (let index = 0; index < data.count; index += 1)
    if (data.labels[index] === target.label && !hidden.has(index)) places.push(index);
  const order = Uint32Array.from(places);
  shuffle(order, stream);
  return Array.from(order.subarray(0, candidates - 1), (place) => pixelsAt(data, place));
}

/** 1 .. others + 1; candidates that are equally far share the mean of their places. */
export function rankOf(
  rebuilt: Float32Array,
  target: PlainImage,
  others: readonly Float32Array[],
  distance: (rebuilt: Float32Array, candidate: Float32Array) => number = meanSquaredError,
): number {
  const own = distance(rebuilt, target.pixels);
  let [nearer, equal] = [0, 0];
  for (const other of others) {
    const found = distance(rebuilt, other);
    if (found < own) nearer += 1;
    else if (!(found > own)) equal += 1;
  }
  return 1 + nearer + equal / 2;
}

/** The mean place of the true image among so many others where the order says nothing. */
export function rankByChance(others: number): number {
  return 1 + others / 2;
}
