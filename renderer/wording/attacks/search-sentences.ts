/** What attacks that search for the images behind an update say alike. */
import type { AttackReport } from '../../../core/contract/attacks/attack-report.ts';
import type { Texts } from '../../messages/translate.ts';
import { isBounded, sentenceWithoutTruth, similarityOfNoise } from './update-sentences.ts';

/** Of updates that are masked, signed or noisy, and of those whose images nobody here knows; undefined: of none of these. */
export function sentenceOfSearch(report: AttackReport, texts: Texts): string | undefined {
  const { t } = texts;
  const { facts, outcome, protection } = report;
  if (outcome === 'stopped') {
    if (facts['masked'] === true) return t('attack.closed-form.stopped.masked');
    if (protection.noise > 0)
      return t(isBounded(report) ? 'attack.closed-form.stopped.bound' : 'attack.closed-form.stopped.noise');
    return sentenceWithoutTruth(report, texts);
  }
  const without = sentenceWithoutTruth(report, texts);
  if (without !== undefined) return without;
  if (outcome === 'leaks') {
    if (protection.noise > 0) return t('attack.closed-form.leaks.noise');
    return facts['signed'] === true ? t('attack.closed-form.leaks.signed') : undefined;
  }
  return protection.noise > 0 ? t('attack.closed-form.partly.noise') : undefined;
}

/** What the same search makes of noise; undefined where nothing is masked. */
export function whatIsMasked(report: AttackReport, texts: Texts): string | undefined {
  return report.facts['masked'] === true
    ? texts.t('attack.closed-form.evidence.masked', { value: similarityOfNoise(report, texts) })
    : undefined;
}
