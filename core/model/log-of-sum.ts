/**
 * log(sum of e^logit) over logits[start .. end), in float64: where softmax comes from, as an image's class has probability
 * e^(logit - this). The largest logit is subtracted first, so that nothing overflows.
 */
export function logOfSum(logits: Float32Array, start: number, end: number): number {
  let largest = -Infinity;
  for (let at = start; at < end; at += 1) largest = Math.max(largest, logits[at]!);
  let powers = 0;
  for (let at = start; at < end; at += 1) powers += Math.exp(logits[at]! - largest);
  return largest + Math.log(powers);
}
