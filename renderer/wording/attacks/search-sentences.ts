/** What attacks that search for the images behind an update say alike. */
import type { AttackReport } from '../../../core/contract/attacks/attack-report.ts';
import type { Texts } from '../../messages/translate.ts';
import { metricValue } from './figures.ts';
import { countOf, epsilonSentence, isBounded, sentences, similarityOfNoise } from './update-sentences.ts';

/** Of updates that are masked, signed or noisy, and of those whose images nobody here knows; undefined: of none of these. */
export function sentenceOfSearch(report: AttackReport, { t }: Texts): string | undefined {
  const { facts, outcome, protection } = report;
  if (outcome === 'stopped') {
    if (facts['masked'] === true) return t('attack.closed-form.stopped.masked');
    if (protection.noise > 0)
      return t(isBounded(report) ? 'attack.closed-form.stopped.bound' : 'attack.closed-form.stopped.noise');
    return undefined;
  }
  if (facts['truth'] === false)
    return t(`attack.closed-form.exact.${outcome}`, { count: countOf(report, 'came') });
  if (outcome === 'leaks') {
    if (protection.noise > 0) return t('attack.closed-form.leaks.noise');
    return facts['signed'] === true ? t('attack.closed-form.leaks.signed') : undefined;
  }
  return protection.noise > 0 ? t('attack.closed-form.partly.noise') : undefined;
}

/** Where nobody here knows the images; undefined where they are known. */
export function evidenceWithoutTruth(report: AttackReport, texts: Texts): string | undefined {
  if (report.facts['truth'] !== false) return undefined;
  const [came, count] = [countOf(report, 'came'), countOf(report, 'images')];
  const value = metricValue('recovered', report.results.recovered?.baselines.randomNoise ?? 0, texts);
  const exact = texts.t('attack.closed-form.evidence.exact', { came, count, value });
  return sentences([exact, epsilonSentence(report, texts)]);
}

/** What the same search makes of noise; undefined where nothing is masked. */
export function whatIsMasked(report: AttackReport, texts: Texts): string | undefined {
  return report.facts['masked'] === true
    ? texts.t('attack.closed-form.evidence.masked', { value: similarityOfNoise(report, texts) })
    : undefined;
}
