/**
 * What differential privacy will come to before anything starts: epsilon, how much noise is in a mean update, what that does
 * to learning, and what would help. Fewer rounds at the same epsilon are not among it: each then has as much less noise
 * as there are fewer to average it out (core/results/noise-harm.ts).
 */
import type { PrivacyOutlook } from '../contract/privacy-outlook.ts';
import { isFederationError } from '../errors/federation-error.ts';
import { epsilonOfGaussian } from '../privacy/accountant.ts';
import { meanNoise, plannedEpsilon, type PrivacyPlan } from '../privacy/mechanism.ts';
import { LITTLE_NOISE, noiseBurden, noiseHarm } from '../results/noise-harm.ts';
import { COMPLETE_GRAPH_LIMIT, SPARSE_GRAPH_LIMIT } from './graph-security.ts';
import { planGraph, type PlannedSettings } from './plan-parameters.ts';
import { planNoise } from './privacy-plan.ts';

/** Sizes of sparse rooms that are tried: each takes a while. */
const SPARSE_STEP = 50;
/** The presets that bear noise best have fewer parameters: cnn-small 5,258, linear 7,850. */
const SMALL_MODEL = 10_000;

export function privacyOutlook(settings: PlannedSettings, plan: PrivacyPlan): PrivacyOutlook {
  const { delta, honest, noiseMultiplier, rounds, parameterCount } = plan;
  const { epsilon } = plannedEpsilon(plan);
  const { norm, perCoordinate, excess } = meanNoise(plan);
  const noise = noiseBurden(perCoordinate, rounds);
  const harm = noiseHarm(noise);
  return {
    epsilon,
    epsilonOfOneRound: plannedEpsilon(plan, 1).epsilon,
    delta,
    honest,
    excess,
    noiseMultiplier,
    noiseNorm: norm,
    noiseBurden: noise,
    harm,
    helps:
      harm === 'little'
        ? null
        : {
            participants: participantsFor(settings, plan),
            lessNoise: lessNoise(plan, noise),
            smallerModel: parameterCount > SMALL_MODEL,
          },
  };
}

/** The fewest participants, more than now, with whom noise costs little; null where none of those possible are enough. */
function participantsFor(settings: PlannedSettings, plan: PrivacyPlan): number | null {
  const { noiseMultiplier, clippingNorm, delta, adaptive } = plan;
  const choice = { noiseMultiplier, clippingNorm, delta, quantile: adaptive?.quantile ?? null };
  for (const clients of roomsAbove(plan.clients)) {
    try {
      const { threshold: _threshold, ...others } = settings;
      const larger = { ...others, clients, graph: 'auto' } as const;
      const ground = { ...plan, ...larger, ...planGraph(larger) };
      const { perCoordinate } = meanNoise(planNoise(ground, choice));
      if (noiseHarm(noiseBurden(perCoordinate, plan.rounds)) === 'little') return clients;
    } catch (error) {
      // noise that so many bits do not hold
      if (!isFederationError(error)) throw error;
    }
  }
  return null;
}

function* roomsAbove(clients: number): Generator<number> {
  for (let more = clients + 1; more <= COMPLETE_GRAPH_LIMIT; more += 1) yield more;
  const from = Math.max(clients, COMPLETE_GRAPH_LIMIT);
  for (let more = from + SPARSE_STEP; more <= SPARSE_GRAPH_LIMIT; more += SPARSE_STEP) yield more;
}

/** What rounding adds to the noise differs by so much with the grid that fits the width. */
const GRID_MARGIN = 0.98;

/** The multiplier, to two digits, with which noise costs little in this room, and what it leaves of epsilon. */
function lessNoise(
  { noiseMultiplier, round, rounds, delta }: PrivacyPlan,
  noise: number,
): NonNullable<PrivacyOutlook['helps']>['lessNoise'] {
  const exact = GRID_MARGIN * noiseMultiplier * (LITTLE_NOISE / noise);
  const digit = 10 ** (Math.floor(Math.log10(exact)) - 1);
  const less = Number((Math.floor(exact / digit) * digit).toPrecision(2));
  const { epsilon } = epsilonOfGaussian({ ...round, noiseMultiplier: less, rounds, delta });
  return { noiseMultiplier: less, epsilon };
}
