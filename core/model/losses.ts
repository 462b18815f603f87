/**
 * What training makes small, from the logits, in float64: the same for every engine, which hands its network the gradient.
 * p: softmax of an image's logits; t: its target, 1 at its label and 0 elsewhere unless the task gives others (soft
 * labels). C: the number of classes. A batch's loss is the mean over its images.
 *
 *   cross-entropy  -sum over c of t_c log p_c, with t smoothed to (1 - s) t + s / C (Szegedy et al. 2016)
 *   squared-error  sum over c of (p_c - t_c)^2 / C (Brier 1950)
 *   focal          -sum over c of t_c (1 - p_c)^gamma log p_c (Lin et al. 2017); with gamma 0 the cross-entropy
 */
import { invalidSetting } from '../errors/federation-error.ts';
import type { TrainingTask } from './engine.ts';
import { logOfSum } from './log-of-sum.ts';
import { softCrossEntropy } from './soft-cross-entropy.ts';
import { mistake } from './task-checks.ts';

export type TrainingLoss =
  | { readonly kind: 'cross-entropy'; /** s, 0 .. <1 */ readonly labelSmoothing: number }
  | { readonly kind: 'squared-error' }
  | { readonly kind: 'focal'; /** 0 or more */ readonly gamma: number };

export interface BatchLoss {
  /** [images] each image's own. */
  readonly losses: Float32Array;
  /** [images, classes] of the batch's mean, with respect to the logits. */
  readonly gradient: Float32Array;
}

/**
 * Throws FederationError: 'invalid-setting' for a loss out of range, 'internal' for targets that are not
 * [task.indices.length, classes] or not finite.
 */
export function checkLoss({ loss, targets, indices }: TrainingTask, classes: number): void {
  if (loss?.kind === 'cross-entropy' && !(loss.labelSmoothing >= 0 && loss.labelSmoothing < 1))
    throw invalidSetting('labelSmoothing', loss.labelSmoothing, 'from 0 to below 1');
  if (loss?.kind === 'focal' && !(loss.gamma >= 0 && Number.isFinite(loss.gamma)))
    throw invalidSetting('gamma', loss.gamma, 'a number of 0 or more');
  if (targets === undefined) return;
  if (targets.length !== indices.length * classes || !targets.every(Number.isFinite))
    throw mistake('targets for other examples or classes, or not finite');
}

/** Whether an engine must ask batchLoss(); else the loss is the cross-entropy to the labels, which each has its own way to. */
export function hasOwnLoss({ loss, targets }: TrainingTask): boolean {
  const isPlain = loss === undefined || (loss.kind === 'cross-entropy' && loss.labelSmoothing === 0);
  return targets !== undefined || !isPlain;
}

/**
 * Of the images at these places of task.indices; logits: [places, classes]; labels: of all images that the indices refer
 * to.
 */
export function batchLoss(
  task: TrainingTask,
  labels: Uint8Array,
  places: Uint32Array,
  logits: Float32Array,
): BatchLoss {
  const { loss = { kind: 'cross-entropy', labelSmoothing: 0 } } = task;
  const classes = logits.length / places.length;
  const targets = new Float32Array(logits.length);
  for (const [image, place] of places.entries()) {
    const row = targets.subarray(image * classes, (image + 1) * classes);
    if (task.targets) row.set(task.targets.subarray(place * classes, (place + 1) * classes));
    else row[labels[task.indices[place]!]!] = 1;
  }
  if (loss.kind === 'cross-entropy' && loss.labelSmoothing > 0) {
    const share = loss.labelSmoothing / classes;
    for (const [index, target] of targets.entries())
      targets[index] = (1 - loss.labelSmoothing) * target + share;
  }
  const { losses, gradient } =
    loss.kind === 'cross-entropy'
      ? softCrossEntropy(logits, targets, classes)
      : ofProbabilities(logits, targets, classes, termOf(loss, classes));
  for (const [index, value] of gradient.entries()) gradient[index] = value / places.length;
  return { losses, gradient };
}

/** One class's part of a loss, and its derivative with respect to p times p. */
type Term = (p: number, logP: number, t: number) => { readonly loss: number; readonly slope: number };

function termOf(loss: Exclude<TrainingLoss, { kind: 'cross-entropy' }>, classes: number): Term {
  if (loss.kind === 'squared-error')
    return (p, _logP, t) => ({
      loss: (p - t) ** 2 / classes,
      slope: (2 * (p - t) * p) / classes,
    });
  const { gamma } = loss;
  return (p, logP, t) => {
    const doubt = 1 - p;
    const factor = doubt ** gamma;
    // At p = 1 the first term is 0 for every gamma: its logarithm goes to zero faster than the power below 1 grows.
    const first = gamma === 0 || doubt === 0 ? 0 : gamma * doubt ** (gamma - 1) * p * logP;
    return { loss: -t * factor * logP, slope: t * (first - factor) };
  };
}

/** Through the softmax: dloss/dlogit_i = slope_i - p_i (sum of the slopes). */
function ofProbabilities(
  logits: Float32Array,
  targets: Float32Array,
  classes: number,
  term: Term,
): BatchLoss {
  const losses = new Float32Array(logits.length / classes);
  const gradient = new Float32Array(logits.length);
  for (let image = 0; image < losses.length; image += 1) {
    const at = image * classes;
    const values = logits.subarray(at, at + classes);
    const log = logOfSum(logits, at, at + classes);
    const terms = Array.from(values, (value, index) =>
      term(Math.exp(value - log), value - log, targets[at + index]!),
    );
    const slopes = terms.reduce((sum, { slope }) => sum + slope, 0);
    losses[image] = terms.reduce((sum, { loss }) => sum + loss, 0);
    for (const [index, { slope }] of terms.entries())
      gradient[at + index] = slope - Math.exp(values[index]! - log) * slopes;
  }
  return { losses, gradient };
}
