/**
 * The two needles. The first is about what was tried: did this attack stop? The second is about what was proved: would
 * every attack stop? Only differential privacy gives such a bound here, and masks for the one update that they cover;
 * that something was tried and failed moves the first needle alone.
 *
 * How much an epsilon is worth: up to 1 strong, up to 10 reasonable, beyond weak to none (Ponomareva et al. 2023, "How to
 * DP-fy ML", section 5.2).
 */
import type { AttackDescription } from '../../../core/contract/attacks/description.ts';
import type { AttackReport } from '../../../core/contract/attacks/attack-report.ts';
import type { Texts } from '../../messages/translate.ts';
import { baselineText, bestBaseline, epsilonText, metricValue } from './figures.ts';

export interface Needle {
  /** 0: no, 1: yes. */
  readonly turn: number;
  readonly answer: string;
  readonly note: string;
}

export const strongEpsilon = 1;
export const reasonableEpsilon = 10;
/** Beyond this factor nobody can imagine odds. */
const mostOdds = 10_000;
/** A needle never lies on its stop. */
const [least, most] = [0.05, 0.95];
/** The grey middle of a dial, between no and yes. */
export const middle = [0.345, 0.655] as const;

type Gauged = Pick<AttackReport, 'attack' | 'outcome' | 'gauges' | 'results' | 'threshold' | 'protection'>;

export function thisAttack(report: Gauged, texts: Texts): Needle {
  const { outcome, gauges, results, threshold } = report;
  const { t } = texts;
  const figure = results[threshold.metric];
  const answer = { leaks: 'no', partly: 'partly', stopped: 'yes' } as const;
  const turn = Math.min(most, Math.max(least, gauges.stopped));
  if (figure === undefined) return { turn, answer: t(`lab.gauge.this.${answer[outcome]}`), note: '' };
  const value = metricValue(threshold.metric, figure.value, texts);
  const best = bestBaseline(threshold.metric, figure);
  const note =
    best === undefined
      ? value
      : best.name === 'untouched'
        ? t('lab.gauge.compared', {
            value,
            name: baselineText(best.name, null, texts, report.attack),
            baseline: metricValue(threshold.metric, best.value, texts),
          })
        : outcome === 'stopped'
          ? t('lab.gauge.under', { value })
          : t('lab.gauge.over', { value, baseline: metricValue(threshold.metric, best.value, texts) });
  return { turn, answer: t(`lab.gauge.this.${answer[outcome]}`), note };
}

export function everyAttack(
  report: Gauged,
  { seat }: Pick<AttackDescription, 'seat'>,
  { t, formats }: Texts,
): Needle {
  const { outcome, gauges, protection } = report;
  const { epsilon } = gauges;
  if (seat === 'reads-update' && protection.masks && outcome !== 'leaks')
    return { turn: 0.9, answer: t('lab.gauge.every.masks'), note: t('lab.gauge.every.masks.note') };
  if (epsilon !== null) {
    const shown = epsilonText(epsilon, formats);
    const odds = Math.exp(epsilon);
    const factor = odds < 10 ? formats.fixed(odds, 1) : formats.number(Math.round(odds));
    const note =
      odds > mostOdds
        ? t('lab.gauge.epsilon.huge', { epsilon: shown })
        : t('lab.gauge.epsilon.odds', { epsilon: shown, factor });
    const answer = epsilon <= strongEpsilon ? 'yes' : epsilon <= reasonableEpsilon ? 'partly' : 'hardly';
    return { turn: turnOfEpsilon(epsilon), answer: t(`lab.gauge.every.${answer}`), note };
  }
  // one that got through settles it; of one that did not, nothing follows for the next
  if (outcome === 'leaks' || seat !== 'cheats') {
    const note = seat === 'cheats' ? t('lab.gauge.every.leaked') : t('lab.gauge.every.none');
    return { turn: least, answer: t('lab.gauge.every.no'), note };
  }
  return { turn: 0.5, answer: t('lab.gauge.every.untold'), note: t('lab.gauge.every.untold.note') };
}

/** 0 .. 1, so that what is strong lies in the dial's yes, what is reasonable in its middle, and what is weak in its no. */
export function turnOfEpsilon(epsilon: number): number {
  // a logistic curve of the logarithm through (strong, middle's end) and (reasonable, middle's beginning)
  const odds = (turn: number): number => Math.log((most - least) / (turn - least) - 1);
  const [atStrong, atReasonable] = [odds(middle[1]), odds(middle[0])];
  const slope = (atReasonable - atStrong) / (Math.log(reasonableEpsilon) - Math.log(strongEpsilon));
  const x = atStrong + slope * (Math.log(Math.max(epsilon, Number.MIN_VALUE)) - Math.log(strongEpsilon));
  return least + (most - least) / (1 + Math.exp(x));
}
