/** Differential privacy in lines: what is planned, what each round costs and hides, when nothing is sent any more. */
import type { RoundPrivacy } from '../../core/contract/run-result.ts';
import type { SessionEventOf } from '../../core/contract/session-event.ts';
import {
  deltaText,
  epsilonText,
  normText,
  planFigures,
  privacyFigures,
} from '../../renderer/wording/privacy.ts';
import type { SessionColumn } from './session-column.ts';

export function privacyPlanLines(
  event: SessionEventOf<'privacy-plan'>,
  column: SessionColumn,
): readonly string[] {
  const { t } = column.texts;
  const { budget, roundsWithin, harm } = event;
  return [
    column.label('session.label.privacy', t('terminal.privacy.value', planFigures(event, column.texts))),
    ...(harm === 'little' ? [] : [column.below(t(`terminal.privacy.${harm}.alone`))]),
    ...(budget === null || roundsWithin === null
      ? []
      : [column.below(t('session.privacy.within', { count: roundsWithin, budget }))]),
  ];
}

export function privacyChargedLines(
  event: SessionEventOf<'privacy-charged'>,
  column: SessionColumn,
): readonly string[] {
  const { t, formats } = column.texts;
  const { budget, updateNorm, clippingNorm, noiseNorm } = event;
  const spent = {
    epsilon: epsilonText(event.epsilon, column.texts),
    delta: deltaText(event.delta),
  };
  return [
    column.step(
      'session.step.noise',
      budget === null
        ? t('session.privacy.spent', spent)
        : t('session.privacy.budget', { ...spent, budget: formats.number(budget) }),
    ),
    ...(updateNorm === null
      ? []
      : [
          column.below(
            t('session.privacy.own', {
              norm: normText(updateNorm, column.texts),
              clipping: normText(clippingNorm, column.texts),
              noise: normText(noiseNorm, column.texts),
            }),
          ),
        ]),
  ];
}

export function budgetReachedLine(
  { epsilon, budget, delta }: SessionEventOf<'budget-reached'>,
  column: SessionColumn,
): string {
  const { t, formats } = column.texts;
  return column.label(
    'session.label.privacy',
    t('session.privacy.reached', {
      epsilon: epsilonText(epsilon, column.texts),
      budget: formats.number(budget),
      delta: deltaText(delta),
    }),
  );
}

/** Of a round; none without differential privacy. */
export function noiseLines(privacy: RoundPrivacy | undefined, column: SessionColumn): readonly string[] {
  if (privacy === undefined) return [];
  const text = column.texts.t('session.noise', privacyFigures(privacy, column.texts));
  return [column.step('session.step.noise', text)];
}
