/**
 * What differential privacy will come to before anything starts: epsilon, how long the noise in a mean update is, what that
 * does to learning, and what would help.
 */
import type { PrivacyOutlook } from '../contract/privacy-outlook.ts';
import { isFederationError } from '../errors/federation-error.ts';
import { noiseForEpsilon } from '../privacy/accountant.ts';
import { meanNoise, plannedEpsilon, type PrivacyPlan } from '../privacy/mechanism.ts';
import { LITTLE_NOISE, noiseHarm } from '../results/noise-harm.ts';
import { COMPLETE_GRAPH_LIMIT, SPARSE_GRAPH_LIMIT } from './graph-security.ts';
import { planGraph, type PlannedSettings } from './plan-parameters.ts';
import { planNoise } from './privacy-plan.ts';

/** Sizes of sparse rooms that are tried: each takes a while. */
const SPARSE_STEP = 50;

export function privacyOutlook(settings: PlannedSettings, plan: PrivacyPlan): PrivacyOutlook {
  const { delta, honest, noiseMultiplier, rounds } = plan;
  const { epsilon } = plannedEpsilon(plan);
  const { norm, excess } = meanNoise(plan);
  const harm = noiseHarm(norm, rounds);
  return {
    epsilon,
    epsilonOfOneRound: plannedEpsilon(plan, 1).epsilon,
    delta,
    honest,
    excess,
    noiseMultiplier,
    noiseNorm: norm,
    harm,
    helps:
      harm === 'little'
        ? null
        : {
            participants: participantsFor(settings, plan),
            parameters: parametersFor(plan, norm),
            fewerRounds: fewerRounds(plan, epsilon),
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
      const { norm } = meanNoise(planNoise(ground, choice));
      if (noiseHarm(norm, plan.rounds) === 'little') return clients;
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

/** The largest model for which noise costs little: its length grows with the root of their number. */
function parametersFor({ parameterCount, rounds }: PrivacyPlan, norm: number): number {
  return Math.floor(GRID_MARGIN * parameterCount * rounds * (LITTLE_NOISE / norm) ** 2);
}

/** Half of the rounds at the same epsilon, with as much less noise in each; null where there is but one. */
function fewerRounds(
  plan: PrivacyPlan,
  epsilon: number,
): NonNullable<PrivacyOutlook['helps']>['fewerRounds'] {
  const rounds = Math.floor(plan.rounds / 2);
  if (rounds < 1) return null;
  const { delta, round } = plan;
  const { noiseMultiplier: _before, ...costs } = round;
  return { rounds, noiseMultiplier: noiseForEpsilon({ ...costs, rounds, delta, epsilon }) };
}
