/** A coordinator that lies about the model: what it says in sentences. */
import type { AttackReport, Metric } from '../../../core/contract/attacks/attack-report.ts';
import type { Texts } from '../../messages/translate.ts';
import { numberText } from './attack-texts.ts';
import type { AttackWording } from './attack-wording.ts';
import { countOf, epsilonSentence, isBounded, sentences, similarityOf } from './update-sentences.ts';

type Variant = 'imprint' | 'inconsistency' | 'weights';

export const dishonestCoordinatorWording: AttackWording = {
  attacker: (_, { t }) => t('attack.dishonest-coordinator.attacker'),
  sees({ protection }, texts) {
    const { t } = texts;
    if (!protection.masks) return t('attack.dishonest-coordinator.sees.plain');
    return protection.noise > 0
      ? t('attack.dishonest-coordinator.sees.noise', { noise: numberText(protection.noise, texts) })
      : t('attack.dishonest-coordinator.sees.masked');
  },
  may: ({ settings }, { t }) => t(`attack.dishonest-coordinator.may.${variantOf(settings['variant'])}`),
  target({ settings }, { t }) {
    const whose = variantOf(settings['variant']) === 'inconsistency' ? 'victim' : 'sum';
    return t(`attack.dishonest-coordinator.target.${whose}`, {
      clients: Number(settings['clients']),
      batch: Number(settings['batch']),
    });
  },
  verdict: (report, texts) => ({ sentence: sentence(report, texts), evidence: evidence(report, texts) }),
  short: (report, { t }) =>
    report.facts['refused'] === true
      ? t('attack.dishonest-coordinator.short.refused', { count: countOf(report, 'refusers') })
      : t('attack.dishonest-coordinator.short', cameOf(report)),
};

function variantOf(setting: unknown): Variant {
  return setting === 'inconsistency' || setting === 'weights' ? setting : 'imprint';
}

function cameOf(report: Pick<AttackReport, 'facts'>): { readonly came: number; readonly count: number } {
  return { came: countOf(report, 'came'), count: countOf(report, 'images') };
}

function sentence(report: AttackReport, { t }: Texts): string {
  const { facts, outcome, protection } = report;
  const variant = variantOf(facts['variant']);
  if (facts['refused'] === true && variant !== 'weights') {
    return t(`attack.dishonest-coordinator.refused.${variant}`, { count: countOf(report, 'refusers') });
  }
  switch (outcome) {
    case 'leaks':
      return t(`attack.dishonest-coordinator.leaks.${variant}`, cameOf(report));
    case 'partly':
      return t('attack.dishonest-coordinator.partly', cameOf(report));
    case 'stopped':
      if (!(protection.noise > 0)) return t('attack.dishonest-coordinator.stopped');
      return t(`attack.dishonest-coordinator.stopped.${isBounded(report) ? 'bound' : 'noise'}`);
  }
}

function evidence(report: AttackReport, texts: Texts): string {
  const { t, formats } = texts;
  const { facts, outcome } = report;
  const variant = variantOf(facts['variant']);
  const refused = facts['refused'] === true;
  const leaks = outcome !== 'stopped' && !refused;
  return sentences([
    t('attack.dishonest-coordinator.evidence', {
      ...cameOf(report),
      untouched: countOf(report, 'untouchedCame'),
      ...similarityOf({ results: { psnr: withoutUntouched(report.results.psnr) } }, texts),
    }),
    refused ? t('attack.dishonest-coordinator.evidence.refused', { code: String(facts['code']) }) : undefined,
    leaks && variant === 'inconsistency'
      ? t('attack.dishonest-coordinator.evidence.inconsistency', {
          share: formats.percent(countOf(report, 'victimsOwn')),
        })
      : undefined,
    variant === 'imprint' && (leaks || refused)
      ? t('attack.dishonest-coordinator.evidence.imprint')
      : undefined,
    variant === 'weights' ? t('attack.dishonest-coordinator.evidence.weights') : undefined,
    epsilonSentence(report, texts),
  ]);
}

/** The honest model's sum has a place of its own in the sentence. */
function withoutUntouched(psnr: Metric | undefined): Metric {
  const { untouched: _, ...baselines } = psnr?.baselines ?? {};
  return { value: psnr?.value ?? 0, baselines };
}
