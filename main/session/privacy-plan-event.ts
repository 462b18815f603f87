/** What differential privacy comes to in the epoch that begins, as whoever has no ledger tells it. */
import type { SessionEventBody } from '../../core/contract/session-event.ts';
import { meanNoise, plannedEpsilon } from '../../core/privacy/mechanism.ts';
import type { RoundParameters } from '../../core/secagg/parameters.ts';
import { privacyPlanOf } from '../../core/secagg/privacy-plan.ts';

/** Undefined without differential privacy. */
export function privacyPlanEvent(
  parameters: RoundParameters,
): Extract<SessionEventBody, { type: 'privacy-plan' }> | undefined {
  const plan = privacyPlanOf(parameters);
  return (
    plan && {
      type: 'privacy-plan',
      epsilon: plannedEpsilon(plan).epsilon,
      delta: plan.delta,
      honest: plan.honest,
      noiseNorm: meanNoise(plan).norm,
      spent: null,
      budget: null,
      roundsWithin: null,
    }
  );
}
