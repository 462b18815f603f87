/** What weights reveal: what it says in sentences. */
import type { AttackReport } from '../../../core/contract/attacks/attack-report.ts';
import type { BaselineName, MetricName } from '../../../core/contract/attacks/names.ts';
import type { Texts } from '../../messages/translate.ts';
import type { AskedAttack, AttackWording } from './attack-wording.ts';
import { metricValue } from './figures.ts';
import { countOf, sentences } from './update-sentences.ts';

const variants = ['reference', 'priors', 'pca', 're-identification'] as const;
type Variant = (typeof variants)[number];

export const modelInversionWording: AttackWording = {
  attacker: (_, { t }) => t('attack.model-inversion.attacker'),
  sees: (asked, { t }) =>
    t(variantOf(asked) === 'pca' ? 'attack.model-inversion.sees.pca' : 'attack.model-inversion.sees'),
  may: (_, { t }) => t('attack.model-inversion.may'),
  target(asked, { t }) {
    const variant = variantOf(asked);
    if (asked.target.kind === 'model') return t('attack.model-inversion.target.model');
    return variant === 're-identification'
      ? t('attack.model-inversion.target.re-identification', { people: Number(asked.settings['people']) })
      : t(`attack.model-inversion.target.${variant}`);
  },
  verdict: (report, texts) => ({ sentence: sentence(report, texts), evidence: evidence(report, texts) }),
  short({ results, facts, settings }, texts) {
    const { t } = texts;
    if (variantOf({ settings }) === 're-identification')
      return t('attack.model-inversion.short.people', {
        first: countOf({ facts }, 'first'),
        people: countOf({ facts }, 'people'),
      });
    return t('attack.model-inversion.short', {
      judged: metricValue('judged', results.judged?.value ?? 0, texts),
    });
  },
};

function variantOf({ settings }: Pick<AskedAttack, 'settings'>): Variant {
  return variants.find((variant) => variant === settings['variant']) ?? 'priors';
}

function sentence(report: AttackReport, { t }: Texts): string {
  const { outcome, results } = report;
  const variant = variantOf(report);
  switch (variant) {
    case 'reference': {
      const nearest = results.maeNearest;
      // Only where black is nearer does it show that the error tells nothing.
      const isFooled = nearest !== undefined && nearest.value > (nearest.baselines.black ?? 0);
      return t(
        isFooled ? `attack.model-inversion.reference.${outcome}` : `attack.model-inversion.${outcome}`,
      );
    }
    case 'priors':
      return t(`attack.model-inversion.${outcome}`);
    case 'pca':
    case 're-identification':
      return t(`attack.model-inversion.${variant}.${outcome}`);
  }
}

function evidence(report: AttackReport, texts: Texts): string {
  const { t } = texts;
  const { facts, outcome } = report;
  const variant = variantOf(report);
  const value = (metric: MetricName, baseline?: BaselineName): string => {
    const figure = report.results[metric];
    const number = baseline === undefined ? figure?.value : figure?.baselines[baseline];
    return metricValue(metric, number ?? 0, texts);
  };
  if (variant === 're-identification') {
    const error = (name: string): string => metricValue('mae', Number(facts[name]), texts);
    return sentences([
      t('attack.model-inversion.evidence.rank', {
        first: countOf(report, 'first'),
        people: countOf(report, 'people'),
        candidates: Math.round(Number(facts['candidates'])),
        chance: value('rankedFirst', 'chance'),
      }),
      t('attack.model-inversion.evidence.persons', {
        own: error('ownError'),
        others: error('othersError'),
        digitOwn: error('digitOwnError'),
        digitOthers: error('digitOthersError'),
        black: value('mae', 'black'),
        digitBlack: error('digitBlackOwnError'),
        digitBlackOthers: error('digitBlackOthersError'),
      }),
      t('attack.model-inversion.evidence.people', { count: countOf(report, 'drawings') }),
    ]);
  }
  return sentences([
    variant === 'reference'
      ? t('attack.model-inversion.evidence.errors', {
          nearest: value('maeNearest'),
          blackNearest: value('maeNearest', 'black'),
          mean: value('maeMean'),
          blackMean: value('maeMean', 'black'),
          confidence: value('confidence'),
          blackConfidence: value('confidence', 'black'),
        })
      : undefined,
    t('attack.model-inversion.evidence.judge', {
      judged: value('judged'),
      chance: value('judged', 'chance'),
      classMean: metricValue('judged', Number(facts['classMeanJudged']), texts),
    }),
    variant === 'reference'
      ? undefined
      : t('attack.model-inversion.evidence.confidence', {
          confidence: value('confidence'),
          black: value('confidence', 'black'),
        }),
    outcome === 'stopped' ? undefined : t('attack.model-inversion.evidence.class'),
    facts['memberError'] === undefined
      ? undefined
      : t('attack.model-inversion.evidence.members', {
          member: metricValue('mae', Number(facts['memberError']), texts),
          stranger: metricValue('mae', Number(facts['strangerError']), texts),
          blackMember: metricValue('mae', Number(facts['blackMemberError']), texts),
          blackStranger: metricValue('mae', Number(facts['blackStrangerError']), texts),
        }),
  ]);
}
