/**
 * Differential privacy among the parameters of an epoch: what core/privacy/mechanism.ts derives of settings, so that clients
 * and coordinator agree on it to the last unit, and the plan again from parameters.
 */
import { type PrivacyPlan, planPrivacy } from '../privacy/mechanism.ts';
import { toleratedClients } from './graph-security.ts';
import type { NoiseParameters, RoundParameters } from './parameters.ts';
import { colludersTolerated } from './quorum.ts';

/** What a plan is made from beside what is chosen for the noise. */
export type PlanGround = Pick<
  RoundParameters,
  | 'clients'
  | 'threshold'
  | 'graph'
  | 'neighbours'
  | 'neighbourThreshold'
  | 'tolerate'
  | 'parameterCount'
  | 'rounds'
  | 'fraction'
>;

/** What is chosen; quantile: of adaptive clipping, null without it. */
export interface NoiseChoice {
  readonly noiseMultiplier: number;
  readonly clippingNorm: number;
  readonly delta: number;
  readonly quantile: number | null;
}

/** c: a third on the complete graph, on the sparse one what its tolerance says. Throws 'invalid-setting'. */
export function planNoise(ground: PlanGround, choice: NoiseChoice): PrivacyPlan {
  const { clients, tolerate } = ground;
  const { noiseMultiplier, clippingNorm, delta, quantile } = choice;
  return planPrivacy({
    ...ground,
    noiseMultiplier,
    clippingNorm,
    delta,
    colluders: tolerate === null ? colludersTolerated(clients) : toleratedClients(clients, tolerate).corrupt,
    adaptive: quantile !== null && { quantile },
  });
}

/** As it stands in the parameters. */
export function noiseParameters(plan: PrivacyPlan): NoiseParameters {
  const { noiseMultiplier, clippingNorm, delta, honest, clipUnits, countUnits, variance } = plan;
  const { squaredSensitivity, adaptive } = plan;
  return {
    noiseMultiplier,
    clippingNorm,
    delta,
    honest,
    clipUnits,
    countUnits,
    squaredSensitivity,
    variance,
    adaptive: adaptive && { ...adaptive },
  };
}

const plans = new WeakMap<RoundParameters, PrivacyPlan>();

/** Of parameters that have passed the floors; undefined without differential privacy. */
export function privacyPlanOf(parameters: RoundParameters): PrivacyPlan | undefined {
  const { differentialPrivacy: noise } = parameters;
  if (noise === null) return undefined;
  const known = plans.get(parameters);
  if (known !== undefined) return known;
  const plan = planNoise(parameters, { ...noise, quantile: noise.adaptive?.quantile ?? null });
  plans.set(parameters, plan);
  return plan;
}
