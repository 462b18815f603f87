/** Softmax and cross-entropy with soft labels, from the logits, in float64: what every engine's input gradient starts from. */
import { logOfSum } from './log-of-sum.ts';

export interface SoftCrossEntropy {
  /** [count] -sum over c of t_c log p_c */
  readonly losses: Float32Array;
  /** [count, classes] p = softmax of the logits */
  readonly probabilities: Float32Array;
  /** [count, classes] dloss/dlogits = p (sum of t) - t: targets need not sum to 1. */
  readonly gradient: Float32Array;
}

/** logits, targets: [count, classes]. */
export function softCrossEntropy(
  logits: Float32Array,
  targets: Float32Array,
  classes: number,
): SoftCrossEntropy {
  const count = logits.length / classes;
  const losses = new Float32Array(count);
  const probabilities = new Float32Array(logits.length);
  const gradient = new Float32Array(logits.length);
  for (let image = 0; image < count; image += 1) {
    const start = image * classes;
    const end = start + classes;
    const log = logOfSum(logits, start, end);
    let targetSum = 0;
    let loss = 0;
    for (let at = start; at < end; at += 1) {
      targetSum += targets[at]!;
      loss += targets[at]! * (log - logits[at]!);
    }
    for (let at = start; at < end; at += 1) {
      const probability = Math.exp(logits[at]! - log);
      probabilities[at] = probability;
      gradient[at] = probability * targetSum - targets[at]!;
    }
    losses[image] = loss;
  }
  return { losses, probabilities, gradient };
}
