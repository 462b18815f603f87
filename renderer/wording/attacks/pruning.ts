/** Pruning is no defence: what it says in sentences. */
import type { AttackReport } from '../../../core/contract/attacks/attack-report.ts';
import type { AttackSetting } from '../../../core/contract/attacks/attack-request.ts';
import type { Texts } from '../../messages/translate.ts';
import { numberText } from './attack-texts.ts';
import type { AttackWording } from './attack-wording.ts';
import {
  countOf,
  epsilonSentence,
  seesUpdate,
  sentences,
  similarityOf,
  similarityOfNoise,
} from './update-sentences.ts';

export const pruningWording: AttackWording = {
  attacker: (_, { t }) => t('attack.closed-form.attacker'),
  sees({ protection, settings }, texts) {
    if (protection.masks) return seesUpdate(protection, texts);
    const keep = keptShare(settings, texts);
    return protection.noise > 0
      ? texts.t('attack.pruning.sees.noise', { keep, noise: numberText(protection.noise, texts) })
      : texts.t('attack.pruning.sees', { keep });
  },
  may: (_, { t }) => t('attack.closed-form.may'),
  target: ({ settings }, { t }) =>
    t('attack.pruning.target', { count: Number(settings['clients']), units: Number(settings['hidden']) }),
  verdict: (report, texts) => ({ sentence: sentence(report, texts), evidence: evidence(report, texts) }),
  short(report, texts) {
    const [came, count] = [countOf(report, 'came'), countOf(report, 'images')];
    return texts.t('attack.pruning.short', { came, count, keep: keptShare(report.settings, texts) });
  },
};

function keptShare(settings: Readonly<Record<string, AttackSetting>>, { formats }: Texts): string {
  return formats.percent(Number(settings['keep']));
}

function sentence(report: AttackReport, texts: Texts): string {
  const { t } = texts;
  const [came, count] = [countOf(report, 'came'), countOf(report, 'images')];
  const keep = keptShare(report.settings, texts);
  switch (report.outcome) {
    case 'leaks':
      return came < count
        ? t('attack.pruning.leaks.some', { came, count, keep })
        : t('attack.pruning.leaks.all', { count, keep });
    case 'partly':
      return t('attack.pruning.partly');
    case 'stopped':
      return report.protection.masks
        ? t('attack.pruning.stopped.masked')
        : t('attack.pruning.stopped', { keep });
  }
}

function evidence(report: AttackReport, texts: Texts): string {
  const { t } = texts;
  const figures = t('attack.pruning.evidence', {
    sent: countOf(report, 'sent'),
    parameters: countOf(report, 'parameters'),
    came: countOf(report, 'came'),
    count: countOf(report, 'images'),
    ...similarityOf(report, texts),
  });
  const masked = t('attack.pruning.evidence.masked', { value: similarityOfNoise(report, texts) });
  return sentences([figures, report.protection.masks ? masked : undefined, epsilonSentence(report, texts)]);
}
