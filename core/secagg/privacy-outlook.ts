/**
 * What differential privacy will come to before anything starts: epsilon, how long the noise in a mean update is, whether
 * that ruins learning, and what would help.
 *
 * **When noise ruins learning.** Updates add up over R rounds, to R clipping norms at most; noise adds up at random, to
 * sqrt(R) times that of one round. What counts is therefore the noise's length over sqrt(R), in clipping norms. Measured
 * on MNIST with 20 clients, 5 rounds, C = 1, one seed, test accuracy (without noise):
 *
 * | noise / sqrt(R)  | 0.5  | 0.7  | 1.6  | 2.0  | 4.8  | 6.6  | 16   |
 * | mlp (0.881)      | 0.86 |      | 0.86 |      | 0.83 |      | 0.46 |
 * | cnn-light (0.72) |      | 0.69 |      | 0.54 |      | 0.11 |      |
 */
import type { PrivacyOutlook } from '../contract/privacy-outlook.ts';
import { isFederationError } from '../errors/federation-error.ts';
import { noiseForEpsilon } from '../privacy/accountant.ts';
import { meanNoise, plannedEpsilon, type PrivacyPlan } from '../privacy/mechanism.ts';
import { COMPLETE_GRAPH_LIMIT, SPARSE_GRAPH_LIMIT } from './graph-security.ts';
import { planGraph, type PlannedSettings } from './plan-parameters.ts';
import { planNoise } from './privacy-plan.ts';

/** Up to this much, in clipping norms over sqrt(R), noise costs little. */
const LITTLE = 1;
/** From this much on, nothing is learnt worth the rounds. */
const RUIN = 5;
/** Sizes of sparse rooms that are tried: each takes a while. */
const SPARSE_STEP = 50;

export function privacyOutlook(settings: PlannedSettings, plan: PrivacyPlan): PrivacyOutlook {
  const { delta, honest, noiseMultiplier, rounds } = plan;
  const { epsilon } = plannedEpsilon(plan);
  const { norm, excess } = meanNoise(plan);
  const burden = norm / Math.sqrt(rounds);
  const harm = burden <= LITTLE ? 'little' : burden <= RUIN ? 'much' : 'ruin';
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
            parameters: parametersFor(plan, burden),
            fewerRounds: fewerRounds(plan, epsilon),
          },
  };
}

/** The fewest participants, more than now, with whom noise costs little; null where none of those possible are enough. */
function participantsFor(settings: PlannedSettings, plan: PrivacyPlan): number | null {
  for (const clients of roomsAbove(plan.clients)) {
    try {
      const { threshold: _threshold, ...others } = settings;
      const larger = { ...others, clients, graph: 'auto' } as const;
      const ground = { ...plan, ...larger, ...planGraph(larger) };
      const quantile = plan.adaptive?.quantile ?? null;
      if (meanNoise(planNoise(ground, { ...plan, quantile })).norm <= LITTLE * Math.sqrt(plan.rounds))
        return clients;
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

/** The largest model for which noise costs little: its length grows with the root of their number. */
function parametersFor({ parameterCount }: PrivacyPlan, burden: number): number {
  return Math.floor(parameterCount * (LITTLE / burden) ** 2);
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
