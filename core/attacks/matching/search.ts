/** From random images, downhill on a matching objective: the two searches of gradient matching, one step at a time. */
import type { RandomStream } from '../../random/generator.ts';
import { Adam } from '../optimise/adam.ts';
import { Lbfgs } from '../optimise/lbfgs.ts';
import type { MatchingObjective } from './objective.ts';

export interface Guess {
  /** Images, then logits of labels where they are searched for; the array is used again for the next step. */
  readonly at: Float64Array;
  readonly loss: number;
}

interface SearchPlan {
  readonly objective: MatchingObjective;
  readonly steps: number;
  /** For the random images that it starts from. */
  readonly stream: RandomStream;
}

/** Below it the guess is the image as far as float32 updates tell; of the squared distance, relative. */
const solved = 1e-13;
/** A search that gains less than this part in so many steps is stuck. */
const [stuckGain, stuckSteps] = [0.01, 15];
/** A stuck search with a loss above this is in a dead end, and starts again from other images. */
const deadEnd = 1e-3;

/**
 * Zhu, Liu, Han 2019, algorithm 1: L-BFGS on the squared distance. Departs from it where it is stuck in a dead end: then
 * it starts again, as whoever attacks would, and the lowest end counts.
 */
export function* searchByLbfgs({ objective, steps, stream }: SearchPlan): Generator<Guess, Guess, void> {
  const open = (): Lbfgs =>
    new Lbfgs(randomGuess(objective, stream), (place, gradient) => objective.evaluate(place, gradient));
  let search = open();
  let best: Guess = { at: search.place, loss: search.value };
  let [before, since] = [search.value, 0];
  for (let step = 1; step <= steps; step += 1) {
    const goesOn = search.step();
    if (search.value < best.loss) best = { at: search.place, loss: search.value };
    yield { at: search.place, loss: search.value };
    if (best.loss < solved) break;
    since += 1;
    if (goesOn && since < stuckSteps) continue;
    const stuck = !goesOn || search.value > (1 - stuckGain) * before;
    [before, since] = [search.value, 0];
    if (!stuck) continue;
    if (best.loss < deadEnd) break;
    search = open();
    before = search.value;
  }
  return best;
}

/** Of Adam's steps, falling along a cosine to nothing. */
const learningRate = 0.1;

/**
 * Geiping et al. 2020, section 4: Adam on the angle and the total variation, pixels kept in 0 .. 1 after each step. signed:
 * by the signs of the gradient alone, as their appendix does. Departs from it in the rate, which falls smoothly.
 */
export function* searchByAdam(
  { objective, steps, stream }: SearchPlan,
  signed: boolean,
): Generator<Guess, Guess, void> {
  const at = randomGuess(objective, stream);
  const moved = Float32Array.from(at);
  const gradient = new Float64Array(at.length);
  const slope = new Float32Array(at.length);
  const adam = new Adam(at.length, { learningRate });
  let loss = Number.POSITIVE_INFINITY;
  for (let step = 0; step < steps; step += 1) {
    loss = objective.evaluate(at, gradient);
    yield { at, loss };
    for (const [index, value] of gradient.entries()) slope[index] = signed ? Math.sign(value) : value;
    adam.step(moved, slope, (learningRate / 2) * (1 + Math.cos((Math.PI * step) / steps)));
    for (let index = 0; index < at.length; index += 1) {
      if (index < objective.pixels) moved[index] = Math.min(Math.max(moved[index]!, 0), 1);
      at[index] = moved[index]!;
    }
  }
  return { at, loss };
}

/** Uniform in 0 .. 1, as pixels are; logits of labels start at nothing. */
function randomGuess({ size, pixels }: MatchingObjective, stream: RandomStream): Float64Array {
  return Float64Array.from({ length: size }, (_, index) => (index < pixels ? stream.nextFloat() : 0));
}
