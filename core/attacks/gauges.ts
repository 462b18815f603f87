/**
 * How an attack came out, and the two needles of protection: whether this attack stopped, and what holds against every
 * attack. They are not the same: an attack that fails proves nothing about the next one.
 */
import type { AttackFindings, AttackOutcome, Metric } from '../contract/attacks/attack-report.ts';
import type { MetricName } from '../contract/attacks/names.ts';
import { epsilonOfGaussian } from '../privacy/accountant.ts';
import { bestBaseline } from './metrics/baselines.ts';

/** A figure, its threshold, and on which side of it the attacker wants to be. */
export interface Goal {
  readonly metric: Pick<Metric, 'value' | 'baselines'>;
  readonly threshold: number;
  readonly side: 'above' | 'below';
}

/** Reached: on the attacker's side of the threshold, or on it. */
export function reached({ metric, threshold, side }: Goal): boolean {
  return side === 'above' ? metric.value >= threshold : metric.value <= threshold;
}

/** More than what needs no attack gives. */
function beatsBaselines({ metric, side }: Pick<Goal, 'metric' | 'side'>): boolean {
  const best = bestOf(metric, side);
  return side === 'above' ? metric.value > best : metric.value < best;
}

/**
 * leaks: the goal was reached; partly: not quite, but it or one of the other figures beats every baseline; stopped: none
 * does.
 */
export function outcomeOf(goal: Goal, others: readonly Pick<Goal, 'metric' | 'side'>[] = []): AttackOutcome {
  if (reached(goal)) return 'leaks';
  return [goal, ...others].some(beatsBaselines) ? 'partly' : 'stopped';
}

/** The first needle: 0 where the goal was reached, 1 where the figure is no better than its best baseline. */
export function stoppedNeedle({ metric, threshold, side }: Goal): number {
  const best = bestOf(metric, side);
  const room = side === 'above' ? threshold - best : best - threshold;
  const left = side === 'above' ? threshold - metric.value : metric.value - threshold;
  // A baseline that reaches the threshold by itself leaves nothing between the two.
  if (!(room > 0)) return left > 0 ? 1 : 0;
  return Math.min(Math.max(left / room, 0), 1);
}

/** What an attack wants of a figure of which more is better. */
export interface Aim {
  readonly metric: MetricName;
  /** Reached from here on. */
  readonly from: number;
  /** Makes a run "partly" where it beats every baseline. */
  readonly also?: MetricName;
  /** A picture that points at its own image among a hundred is more than nothing: "partly" at least. */
  readonly pointsAtOwn?: boolean;
}

/** How a run came out by its aim. results: with the aim's metrics. bound: privacyBound(). */
export function conclusionOf(
  results: AttackFindings['results'],
  { metric, from, also, pointsAtOwn = false }: Aim,
  bound: ReturnType<typeof privacyBound>,
): Pick<AttackFindings, 'success' | 'outcome' | 'threshold' | 'gauges'> {
  const goal: Goal = { metric: results[metric]!, threshold: from, side: 'above' };
  const others = also === undefined ? [] : [{ metric: results[also]!, side: 'above' } as const];
  const outcome = outcomeOf(goal, others);
  return {
    success: reached(goal),
    outcome: outcome === 'stopped' && pointsAtOwn ? 'partly' : outcome,
    threshold: { metric, value: from, side: 'above' },
    gauges: { stopped: stoppedNeedle(goal), ...bound },
  };
}

/** Chance that the guarantee fails, as a session of a few hundred people would choose it. */
const delta = 1e-5;

/**
 * The second needle: what holds against every attack on so many rounds of one client's updates, clipped to C and sent with normal
 * noise of deviation noise x C. Neighbours: with and without this client's update. Null where there is no noise.
 */
export function privacyBound(noise: number, rounds = 1): Pick<AttackFindings['gauges'], 'epsilon' | 'delta'> {
  if (!(noise > 0)) return { epsilon: null, delta: null };
  const { epsilon } = epsilonOfGaussian({ samplingRate: 1, noiseMultiplier: noise, rounds, delta });
  return { epsilon, delta };
}

function bestOf({ baselines }: Goal['metric'], side: Goal['side']): number {
  return side === 'above' ? bestBaseline(baselines) : Math.min(...Object.values(baselines));
}
