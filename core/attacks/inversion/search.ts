/** The search itself, for any canvas: the images that a model's weights are surest of, many at once. */
import type { TrainableModel } from '../../model/engine.ts';
import { Adam } from '../optimise/adam.ts';
import type { Canvas } from './canvas.ts';

export interface SearchPlan {
  /** Under attack; as an attacker holds it, it answers any image with probabilities and gradients. */
  readonly model: TrainableModel;
  readonly weights: Float32Array;
  readonly classes: number;
  /** The class that each image is to be taken for. */
  readonly wanted: Uint8Array;
  readonly steps: number;
  readonly learningRate: number;
  /** The rate at the end, in shares of the rate at the start; in between it falls evenly. */
  readonly rateAtEnd: number;
  /**
   * sure: cross-entropy, which is content as soon as the model is. ahead: this times the lead of the wanted class's logit
   * over the mean of the others, which always wants more; a canvas with a prior stops it.
   */
  readonly goal: 'sure' | { readonly ahead: number };
}

export interface SearchStep {
  readonly step: number;
  /** Means over the images, of what was shown. */
  readonly loss: number;
  readonly confidence: number;
}

/** Share of the steps, at the end, over which an image's loss is averaged. */
const lastShare = 0.1;

/** Yields after every step. Returns each image's mean loss over the last steps: what an attacker chooses among tries by. */
export async function* searchImages(
  plan: SearchPlan,
  canvas: Canvas,
): AsyncGenerator<SearchStep, Float32Array, void> {
  const { model, weights, classes, wanted, steps, learningRate, rateAtEnd } = plan;
  const targets = targetsOf(plan);
  const adam = new Adam(canvas.values.length, { learningRate });
  const count = wanted.length;
  const lastSteps = Math.max(1, Math.round(lastShare * steps));
  const lastLosses = new Float32Array(count);
  for (let step = 1; step <= steps; step += 1) {
    const done = step / steps;
    const answer = await model.inputGradient({ weights, count, images: canvas.show(), targets });
    adam.step(canvas.values, canvas.pull(answer.gradient), learningRate * (1 - done * (1 - rateAtEnd)));
    canvas.settle(done);
    let loss = 0;
    let confidence = 0;
    for (let image = 0; image < count; image += 1) {
      loss += answer.losses[image]! / count;
      confidence += answer.probabilities[image * classes + wanted[image]!]! / count;
      if (step > steps - lastSteps) lastLosses[image]! += answer.losses[image]! / lastSteps;
    }
    yield { step, loss, confidence };
  }
  return lastLosses;
}

function targetsOf({ wanted, classes, goal }: SearchPlan): Float32Array {
  const [own, others] = goal === 'sure' ? [1, 0] : [goal.ahead, -goal.ahead / (classes - 1)];
  const targets = new Float32Array(wanted.length * classes).fill(others);
  for (const [image, label] of wanted.entries()) targets[image * classes + label] = own;
  return targets;
}
