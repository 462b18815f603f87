/** Figures of differential privacy as text. */
import type { RoundPrivacy } from '../../core/contract/run-result.ts';
import type { PrivacyOutlook } from '../../core/contract/privacy-outlook.ts';
import type { Texts } from '../messages/translate.ts';

/** No model with fewer parameters learns anything worth the noise: one layer from 28 x 28 pixels to two classes has more. */
export const fewestParameters = 1_000;

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

/** Said before anything starts: what it comes to, and where noise costs accuracy, what would help; else null. */
export function outlookSentences(
  outlook: PrivacyOutlook,
  texts: Texts,
): { readonly comesTo: string; readonly warning: string | null } {
  const { t, formats } = texts;
  const { harm, helps } = outlook;
  const comesTo = t('terminal.privacy.value', planFigures(outlook, texts));
  if (harm === 'little' || helps === null) return { comesTo, warning: null };
  const { participants, parameters, fewerRounds } = helps;
  const list = [
    ...(participants === null ? [] : [t('terminal.privacy.people', { count: participants })]),
    ...(parameters < fewestParameters ? [] : [t('terminal.privacy.model', { count: parameters })]),
    ...(fewerRounds === null
      ? []
      : [
          t('terminal.privacy.rounds', {
            count: fewerRounds.rounds,
            noise: formats.fixed(fewerRounds.noiseMultiplier, 2),
          }),
        ]),
  ];
  if (list.length === 0) return { comesTo, warning: t(`terminal.privacy.${harm}.alone`) };
  const either = list.reduce((one, other) => t('terminal.privacy.either', { one, other }));
  return { comesTo, warning: t(`terminal.privacy.${harm}`, { helps: either }) };
}

/** Three digits or so of a length. */
export function normText(norm: number, { formats }: Texts): string {
  const decimals = norm >= 100 ? 0 : norm >= 10 ? 1 : norm >= 1 ? 2 : norm > 0 ? 4 : 0;
  return formats.fixed(norm, decimals);
}
