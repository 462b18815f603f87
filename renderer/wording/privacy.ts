/** Figures of differential privacy as text. */
import type { RoundPrivacy } from '../../core/contract/run-result.ts';
import type { PrivacyOutlook } from '../../core/contract/privacy-outlook.ts';
import type { Texts } from '../messages/translate.ts';

/** Epsilon to two decimals, and rounded up where it is cut: never less than it is. */
export function epsilonText(epsilon: number, { formats }: Texts): string {
  return formats.fixed(Math.ceil(epsilon * 100 - 1e-9) / 100, 2);
}

/** As it was typed: 0.00001 is 1e-5. */
export function deltaText(delta: number): string {
  return delta < 1e-3 ? delta.toExponential() : String(delta);
}

export function privacyFigures(
  { epsilon, delta, noiseNorm, updateNorm }: RoundPrivacy,
  texts: Texts,
): { readonly epsilon: string; readonly delta: string; readonly noise: string; readonly update: string } {
  return {
    epsilon: epsilonText(epsilon, texts),
    delta: deltaText(delta),
    noise: normText(noiseNorm, texts),
    update: normText(updateNorm, texts),
  };
}

/** Of what all rounds come to. */
export function planFigures(
  {
    epsilon,
    delta,
    noiseNorm,
  }: { readonly epsilon: number; readonly delta: number; readonly noiseNorm: number },
  texts: Texts,
): { readonly epsilon: string; readonly delta: string; readonly noise: string } {
  return {
    epsilon: epsilonText(epsilon, texts),
    delta: deltaText(delta),
    noise: normText(noiseNorm, texts),
  };
}

/** The noise that would cost little, and the epsilon that it leaves. */
export function lessNoiseText(
  { noiseMultiplier, epsilon }: NonNullable<PrivacyOutlook['helps']>['lessNoise'],
  texts: Texts,
): { readonly noise: string; readonly epsilon: string } {
  const decimals = Math.max(0, 1 - Math.floor(Math.log10(noiseMultiplier)));
  return {
    noise: texts.formats.fixed(noiseMultiplier, decimals),
    epsilon: epsilonText(epsilon, texts),
  };
}

/** Said before anything starts: what it comes to, and where noise costs accuracy, what would help; else null. */
export function outlookSentences(
  outlook: PrivacyOutlook,
  texts: Texts,
): { readonly comesTo: string; readonly warning: string | null } {
  const { t } = texts;
  const { harm, helps } = outlook;
  const comesTo = t('terminal.privacy.value', planFigures(outlook, texts));
  if (harm === 'little' || helps === null) return { comesTo, warning: null };
  const { participants, lessNoise, smallerModel } = helps;
  const list = [
    ...(participants === null ? [] : [t('terminal.privacy.people', { count: participants })]),
    t('terminal.privacy.less', lessNoiseText(lessNoise, texts)),
    ...(smallerModel ? [t('terminal.privacy.model')] : []),
  ];
  const either = list.reduce((one, other) => t('terminal.privacy.either', { one, other }));
  return { comesTo, warning: t(`terminal.privacy.${harm}`, { helps: either }) };
}

/** Three digits or so of a length. */
export function normText(norm: number, { formats }: Texts): string {
  const decimals = norm >= 100 ? 0 : norm >= 10 ? 1 : norm >= 1 ? 2 : norm > 0 ? 4 : 0;
  return formats.fixed(norm, decimals);
}
