/** What differential privacy comes to in the epoch that begins, as whoever has no ledger tells it. */
import type { SessionEventBody } from '../../core/contract/session-event.ts';
import { meanNoise, plannedEpsilon, type PrivacyPlan } from '../../core/privacy/mechanism.ts';
import { noiseBurden, noiseHarm } from '../../core/results/noise-harm.ts';
import type { RoundParameters } from '../../core/secagg/parameters.ts';
import { privacyPlanOf } from '../../core/secagg/privacy-plan.ts';

/** The part that is the same for everyone. */
export function noiseOf(
  plan: PrivacyPlan,
): Pick<Extract<SessionEventBody, { type: 'privacy-plan' }>, 'delta' | 'honest' | 'noiseNorm' | 'harm'> {
  const { norm, perCoordinate } = meanNoise(plan);
  const { delta, honest, rounds } = plan;
  return { delta, honest, noiseNorm: norm, harm: noiseHarm(noiseBurden(perCoordinate, rounds)) };
}

/** Undefined without differential privacy. */
export function privacyPlanEvent(
  parameters: RoundParameters,
): Extract<SessionEventBody, { type: 'privacy-plan' }> | undefined {
  const plan = privacyPlanOf(parameters);
  return (
    plan && {
      type: 'privacy-plan',
      epsilon: plannedEpsilon(plan).epsilon,
      ...noiseOf(plan),
      spent: null,
      budget: null,
      roundsWithin: null,
    }
  );
}
