/** The lab's figures in words: what each measures, its value with its unit, and the baseline that it must beat. */
import type { AttackFindings, AttackReport, Metric } from '../../../core/contract/attacks/attack-report.ts';
import type { AttackDescription } from '../../../core/contract/attacks/description.ts';
import type { AttackName, BaselineName, MetricName } from '../../../core/contract/attacks/names.ts';
import type { Formats } from '../../messages/formats.ts';
import type { Texts } from '../../messages/translate.ts';
import { findAttackText } from './attack-texts.ts';

/** dB from which on a picture differs from the true one by less than a grey level: the root mean square is 1 / 1000. */
export const exactFrom = 60;

/** Errors and ranks: the lower, the more the attacker has. */
const lowerIsMore: ReadonlySet<MetricName> = new Set(['mae', 'maeNearest', 'maeMean', 'rank', 'refused']);

/** The attacker has more of what it wants. */
export function isMore(metric: MetricName, value: number, than: number): boolean {
  return lowerIsMore.has(metric) ? value < than : value > than;
}

/** Success on a picture's own axis, before any report says so: as far on the attacker's side as the description asks. */
export function axisThreshold({ metric, threshold }: AttackDescription['axis']): AttackFindings['threshold'] {
  return { metric, value: threshold, side: lowerIsMore.has(metric) ? 'below' : 'above' };
}

export function metricText(metric: MetricName, { t }: Texts): string {
  return t(`lab.metric.${metric}`);
}

export function metricValue(metric: MetricName, value: number, { t, formats }: Texts): string {
  switch (metric) {
    case 'psnr':
      return value >= exactFrom
        ? t('lab.value.exact')
        : t('lab.value.decibels', { value: formats.fixed(value, 1) });
    case 'ssim':
    case 'correlation':
      return formats.fixed(value, 2);
    case 'auc':
      return formats.fixed(value, 3);
    case 'mae':
    case 'maeNearest':
    case 'maeMean':
      return formats.fixed(value, 4);
    case 'rank':
      return Number.isInteger(value) ? ordinal(value, formats) : formats.fixed(value, 1);
    case 'epsilon':
      return epsilonText(value, formats);
    case 'refused':
      return t('lab.value.refused', { count: value });
    case 'recovered':
    case 'rankedFirst':
    case 'judge':
    case 'judged':
    case 'labelAccuracy':
    case 'confidence':
    case 'truePositivesAt1':
    case 'backdoorSuccess':
    case 'testAccuracy':
      return formats.percent(Math.round(value * 1000) / 1000);
  }
}

/** No more digits than the bound deserves: 5,480; 12; 4.7. */
export function epsilonText(epsilon: number, formats: Formats): string {
  if (epsilon >= 1000) return formats.number(Math.round(epsilon / 10) * 10);
  return epsilon >= 10 ? formats.number(Math.round(epsilon)) : formats.fixed(epsilon, epsilon < 1 ? 2 : 1);
}

/** 1st, 2nd; 1er, 2e. */
export function ordinal(value: number, { language, number }: Formats): string {
  if (language === 'fr') return `${number(value)}${value === 1 ? 'er' : 'e'}`;
  const tens = value % 100;
  const ending = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th');
  return `${number(value)}${ending}`;
}

/** label: of the class it shows, where that has a name; attack: what a baseline is called there, where it differs. */
export function baselineText(
  name: BaselineName,
  label: string | null,
  texts: Texts,
  attack?: AttackName,
): string {
  const own = attack === undefined ? undefined : findAttackText(attack, `label.${name}`, texts);
  const { t } = texts;
  if (label === null && own !== undefined) return own;
  if (label !== null && (name === 'classMean' || name === 'nearestOther'))
    return t(`lab.baseline.${name}.of`, { label });
  return t(`lab.baseline.${name}`);
}

/** What comes nearest to the attack's aim without any attack; undefined where a figure has no baseline. */
export function bestBaseline(
  metric: MetricName,
  { baselines }: Metric,
): { readonly name: BaselineName; readonly value: number } | undefined {
  let best: { name: BaselineName; value: number } | undefined;
  for (const [name, value] of Object.entries(baselines) as [BaselineName, number][])
    if (best === undefined || isMore(metric, value, best.value)) best = { name, value };
  return best;
}

/** 'recovered: above 25 dB' */
export function thresholdText({ metric, value, side }: AttackFindings['threshold'], texts: Texts): string {
  const { t } = texts;
  // a threshold is a round number: 25 dB
  const shown =
    metric === 'psnr'
      ? t('lab.value.decibels', { value: texts.formats.number(value) })
      : metricValue(metric, value, texts);
  if (metric === 'psnr' && side === 'above') return t('lab.axis.recovered', { value: shown });
  return t(`lab.axis.${side}`, { value: shown });
}

/** Shown beside the axis, best first; never the axis itself. */
const order: readonly MetricName[] = [
  'ssim',
  'judge',
  'judged',
  'rank',
  'rankedFirst',
  'recovered',
  'labelAccuracy',
  'confidence',
  'auc',
  'truePositivesAt1',
  'backdoorSuccess',
  'testAccuracy',
  'maeMean',
  'maeNearest',
  'mae',
  'correlation',
  'psnr',
  'refused',
];

/** The three figures that say most beside the one on the axis. */
export function furtherFigures(
  { results }: Pick<AttackReport, 'results'>,
  axis: MetricName,
): readonly { readonly metric: MetricName; readonly figure: Metric }[] {
  return order
    .flatMap((metric) => {
      const figure = results[metric];
      return figure === undefined || metric === axis ? [] : [{ metric, figure }];
    })
    .slice(0, 3);
}
