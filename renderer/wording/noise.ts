/** What epsilon means, how far a run under differential privacy has come, and how long its noise is: in words. */
import type { Watched } from '../../core/contract/watched.ts';
import type { Texts } from '../messages/translate.ts';
import { epsilonText } from './privacy.ts';

/** A guess that may be right so often is bounded by next to nothing. */
const nextToNothing = 0.99;

/**
 * How often a guess whether one person's contribution was in it can be right, at even odds: (e^epsilon + delta) / (e^epsilon + 1),
 * from the region of tests that (epsilon, delta) leaves (Kairouz, Oh, Viswanath 2015, theorem 2.1). 0.5 to 1.
 */
export function mostRightGuesses(epsilon: number, delta: number): number {
  // e^-epsilon: e^epsilon of a large one is Infinity
  const small = Math.exp(-epsilon);
  return Math.min(1, (1 + delta * small) / (1 + small));
}

/** A sentence, with chance beside it. */
export function epsilonMeaning(epsilon: number, delta: number, { t, formats }: Texts): string {
  const share = mostRightGuesses(epsilon, delta);
  if (share >= nextToNothing) return t('noise.means.little', { percent: formats.percent(nextToNothing) });
  // never less than it is
  return t('noise.means', { percent: formats.percent(Math.ceil(share * 1000 - 1e-9) / 1000) });
}

/** Of the bar: epsilon so far and after all rounds, as far as either is known; said: for who does not see the chip. */
export function noiseChip(
  { privacy, finished, kind }: Pick<Watched, 'privacy' | 'finished' | 'kind'>,
  texts: Texts,
): { readonly shown: string; readonly said: string } {
  const { t } = texts;
  const now =
    kind === 'participant'
      ? (privacy.charged?.epsilon ?? privacy.plan?.spent)
      : finished.at(-1)?.privacy?.epsilon;
  const planned = privacy.plan === null ? undefined : epsilonText(privacy.plan.epsilon, texts);
  const epsilon = now === undefined || now === null ? undefined : epsilonText(now, texts);
  if (epsilon !== undefined && planned !== undefined) {
    const shown = t('noise.chip.of', { epsilon, planned });
    return { shown, said: t('noise.chip.said', { epsilon, planned }) };
  }
  if (planned !== undefined)
    return { shown: t('noise.chip.planned', { planned }), said: t('noise.chip.said.planned', { planned }) };
  const shown = epsilon === undefined ? t('noise.chip.on') : t('noise.chip', { epsilon });
  return { shown, said: shown };
}
