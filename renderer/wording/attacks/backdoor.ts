/** One poisoned update: what it says in sentences. */
import type { AttackReport } from '../../../core/contract/attacks/attack-report.ts';
import type { BackdoorRule } from '../../../core/contract/attacks/backdoor.ts';
import type { Texts } from '../../messages/translate.ts';
import type { AttackWording } from './attack-wording.ts';
import { metricValue } from './figures.ts';
import { countOf, sentences } from './update-sentences.ts';

export const backdoorWording: AttackWording = {
  attacker: (_, { t }) => t('attack.backdoor.attacker'),
  sees: (_, { t }) => t('attack.backdoor.sees'),
  may: ({ settings }, { t }) => t('attack.backdoor.may', { scale: Number(settings['scale']) }),
  target: ({ settings }, { t }) =>
    t('attack.backdoor.target', {
      clients: Number(settings['clients']),
      examples: Number(settings['examples']),
      target: Number(settings['target']),
    }),
  verdict: (report, texts) => ({ sentence: sentence(report, texts), evidence: evidence(report, texts) }),
  short: ({ results }, texts) => texts.t('attack.backdoor.short', sharesOf(results, texts)),
};

/** '99.8 %', and without the cheater '1.1 %'. */
function sharesOf(
  { backdoorSuccess }: AttackReport['results'],
  texts: Texts,
): { readonly success: string; readonly clean: string } {
  return {
    success: metricValue('backdoorSuccess', backdoorSuccess?.value ?? 0, texts),
    clean: metricValue('backdoorSuccess', backdoorSuccess?.baselines.untouched ?? 0, texts),
  };
}

function sentence(report: AttackReport, texts: Texts): string {
  const { t } = texts;
  const { outcome, facts, results } = report;
  const rule = String(facts['rule']) as BackdoorRule;
  const { success } = sharesOf(results, texts);
  const target = String(facts['target']);
  const named = { rule: t(`attack.backdoor.rule.${rule}`), success, target };
  const plain = { success, target };
  switch (outcome) {
    case 'leaks':
      if (facts['masks'] === true)
        return t(rule === 'mean' ? 'attack.backdoor.leaks.masks' : 'attack.backdoor.leaks.clients', plain);
      return rule === 'mean'
        ? t('attack.backdoor.leaks.mean', { ...plain, clients: countOf(report, 'clients') })
        : t('attack.backdoor.leaks.rule', named);
    case 'partly':
      return t('attack.backdoor.partly', named);
    case 'stopped':
      return rule === 'mean' ? t('attack.backdoor.stopped.mean', plain) : t('attack.backdoor.stopped', named);
  }
}

function evidence(report: AttackReport, texts: Texts): string {
  const { t } = texts;
  const { facts, results, outcome } = report;
  const { testAccuracy } = results;
  const after = countOf(report, 'after');
  const accepted = facts['accepted'] === true ? 'accepted' : 'rejected';
  return sentences([
    t('attack.backdoor.evidence', {
      clean: sharesOf(results, texts).clean,
      accuracy: metricValue('testAccuracy', testAccuracy?.value ?? 0, texts),
      cleanAccuracy: metricValue('testAccuracy', testAccuracy?.baselines.untouched ?? 0, texts),
    }),
    after > 0 && outcome !== 'stopped'
      ? t('attack.backdoor.evidence.lasting', {
          count: after,
          lasting: metricValue('backdoorSuccess', countOf(report, 'lasting'), texts),
        })
      : undefined,
    facts['masks'] === true ? t(`attack.backdoor.evidence.masks.${accepted}`) : undefined,
    outcome === 'stopped' && facts['rule'] !== 'mean' ? t('attack.backdoor.evidence.stopped') : undefined,
  ]);
}
