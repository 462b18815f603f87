/** Membership inference: what it says in sentences. */
import type { AttackReport } from '../../../core/contract/attacks/attack-report.ts';
import type { Texts } from '../../messages/translate.ts';
import type { AttackWording } from './attack-wording.ts';
import { metricValue } from './figures.ts';
import { countOf, sentences } from './update-sentences.ts';

export const membershipInferenceWording: AttackWording = {
  attacker: (_, { t }) => t('attack.membership-inference.attacker'),
  sees: (_, { t }) => t('attack.membership-inference.sees'),
  may: (_, { t }) => t('attack.membership-inference.may'),
  target: ({ target, settings }, { t }) =>
    target.kind === 'model'
      ? t('attack.membership-inference.target.model')
      : t('attack.membership-inference.target.fresh', { count: Number(settings['members']) }),
  verdict: (report, texts) => ({ sentence: sentence(report, texts), evidence: evidence(report, texts) }),
  short: ({ results }, texts) =>
    texts.t('attack.membership-inference.short', {
      value: metricValue('truePositivesAt1', results.truePositivesAt1?.value ?? 0, texts),
    }),
};

function sentence({ outcome, results }: AttackReport, texts: Texts): string {
  const { t } = texts;
  if (outcome !== 'leaks') return t(`attack.membership-inference.${outcome}`);
  const value = metricValue('truePositivesAt1', results.truePositivesAt1?.value ?? 0, texts);
  return t('attack.membership-inference.leaks', { value });
}

function evidence(report: AttackReport, texts: Texts): string {
  const { t } = texts;
  const { results, facts } = report;
  const { truePositivesAt1, auc } = results;
  const found = (value: number | undefined): string => metricValue('truePositivesAt1', value ?? 0, texts);
  const area = (value: number | undefined): string => metricValue('auc', value ?? 0, texts);
  const aucChance = area(auc?.baselines.chance);
  return sentences([
    t('attack.membership-inference.evidence', {
      value: found(truePositivesAt1?.value),
      from: found(truePositivesAt1?.interval?.[0]),
      to: found(truePositivesAt1?.interval?.[1]),
      chance: found(truePositivesAt1?.baselines.chance),
      auc: area(auc?.value),
      aucFrom: area(auc?.interval?.[0]),
      aucTo: area(auc?.interval?.[1]),
      aucChance,
    }),
    t('attack.membership-inference.evidence.accuracy', {
      members: metricValue('testAccuracy', Number(facts['memberAccuracy']), texts),
      strangers: metricValue('testAccuracy', Number(facts['strangerAccuracy']), texts),
    }),
    facts['made'] === false
      ? t('attack.membership-inference.evidence.sizes', {
          smallest: countOf(report, 'smallest'),
          smallestAuc: area(Number(facts['smallestAuc'])),
          largest: countOf(report, 'largest'),
          largestAuc: area(Number(facts['largestAuc'])),
          aucChance,
        })
      : undefined,
    t('attack.membership-inference.evidence.lower'),
  ]);
}
