/** What noised rounds tell of a client, for results and screens; and the clipping norm from one round to the next. */
import type { RoundPrivacy } from '../contract/run-result.ts';
import { nextClippingNorm } from '../privacy/adaptive-clipping.ts';
import { meanNoise, plannedEpsilon, type PrivacyPlan } from '../privacy/mechanism.ts';
import type { NoisedRound, NoisedUpdate } from '../secagg/noised-sum.ts';

/** vectors: that a client present all the time has sent by now. */
export function roundPrivacy(
  plan: PrivacyPlan,
  { survivors, clippingNorm, vectors }: NoisedRound & { readonly vectors: number },
  { updateNorm, withinNorm }: Pick<NoisedUpdate, 'updateNorm' | 'withinNorm'>,
): RoundPrivacy {
  const { norm, excess } = meanNoise(plan, survivors);
  return {
    epsilon: plannedEpsilon(plan, vectors).epsilon,
    delta: plan.delta,
    honest: plan.honest,
    excess,
    clippingNorm,
    noiseNorm: norm * clippingNorm,
    updateNorm,
    withinNorm,
  };
}

/** C of the round after one with this privacy. */
export function clippingNormAfter(
  { adaptive }: Pick<PrivacyPlan, 'adaptive'>,
  { clippingNorm, withinNorm }: Pick<RoundPrivacy, 'clippingNorm' | 'withinNorm'>,
): number {
  return adaptive === null || withinNorm === null
    ? clippingNorm
    : nextClippingNorm(clippingNorm, withinNorm, adaptive);
}

/** Expected L2 norm of the noise that one client adds to what it sends, in the units of updates. */
export function ownNoiseNorm(
  { variance, clipUnits, vectorLength }: PrivacyPlan,
  clippingNorm: number,
): number {
  return (Math.sqrt(variance * vectorLength) * clippingNorm) / clipUnits;
}
