/** One update, your drawing: what it says in sentences. */
import type { AttackReport } from '../../../core/contract/attacks/attack-report.ts';
import type { Texts } from '../../messages/translate.ts';
import type { AttackWording } from './attack-wording.ts';
import {
  countOf,
  epsilonSentence,
  evidenceWithoutTruth,
  isBounded,
  ranksOf,
  seesUpdate,
  sentences,
  sentenceWithoutTruth,
  shortOfUpdate,
  similarityOf,
  similarityOfNoise,
} from './update-sentences.ts';

export const closedFormWording: AttackWording = {
  attacker: (_, { t }) => t('attack.closed-form.attacker'),
  sees: ({ protection }, texts) => seesUpdate(protection, texts),
  may: (_, { t }) => t('attack.closed-form.may'),
  target({ target, settings }, { t }) {
    if (target.kind === 'update') return t('attack.closed-form.target.update', { client: target.client });
    const optimizer = settings['optimizer'] === 'adam' ? 'adam' : 'sgd';
    const made = {
      images: t('attack.closed-form.images', { count: Number(settings['batch']) }),
      steps: t(`attack.closed-form.steps.${optimizer}`, { count: Number(settings['steps']) }),
    };
    return target.kind === 'model'
      ? t('attack.closed-form.target.model', made)
      : t('attack.closed-form.target.fresh', { ...made, units: Number(settings['hidden']) });
  },
  verdict: (report, texts) => ({ sentence: sentence(report, texts), evidence: evidence(report, texts) }),
  short: shortOfUpdate,
};

function sentence(report: AttackReport, texts: Texts): string {
  const { t } = texts;
  const { outcome, facts, protection } = report;
  const [came, count] = [countOf(report, 'came'), countOf(report, 'images')];
  const noisy = protection.noise > 0;
  const without = sentenceWithoutTruth(report, texts);
  if (without !== undefined && outcome !== 'stopped') return without;
  switch (outcome) {
    case 'leaks':
      if (noisy) return t('attack.closed-form.leaks.noise');
      if (facts['signed'] === true) return t('attack.closed-form.leaks.signed');
      if (came < count) return t('attack.closed-form.leaks.some', { came, count });
      return t(
        countOf(report, 'drawings') > 0 ? 'attack.closed-form.leaks.drawing' : 'attack.closed-form.leaks.all',
        {
          count,
        },
      );
    case 'partly':
      if (came > 0) return t('attack.closed-form.partly.some', { came, count });
      if (noisy) return t('attack.closed-form.partly.noise');
      return t(
        facts['optimizer'] === 'adam'
          ? 'attack.closed-form.partly.adam'
          : 'attack.closed-form.partly.strokes',
      );
    case 'stopped':
      if (facts['masked'] === true) return t('attack.closed-form.stopped.masked');
      if (!noisy) return without ?? t('attack.closed-form.stopped');
      return t(isBounded(report) ? 'attack.closed-form.stopped.bound' : 'attack.closed-form.stopped.noise');
  }
}

function evidence(report: AttackReport, texts: Texts): string {
  const { t } = texts;
  const { facts, outcome } = report;
  const [came, count] = [countOf(report, 'came'), countOf(report, 'images')];
  const without = evidenceWithoutTruth(report, texts);
  if (without !== undefined) return without;
  const ranks = facts['ranksTell'] === true && outcome !== 'leaks' ? ranksOf(report, texts) : undefined;
  return sentences([
    t('attack.closed-form.evidence', { came, count, ...similarityOf(report, texts) }),
    ranks && t('attack.closed-form.evidence.rank', ranks),
    facts['masked'] === true
      ? t('attack.closed-form.evidence.masked', { value: similarityOfNoise(report, texts) })
      : undefined,
    facts['signed'] === true && outcome === 'leaks' ? t('attack.closed-form.evidence.signed') : undefined,
    facts['optimizer'] === 'adam' && outcome !== 'leaks' && facts['masked'] !== true
      ? t('attack.closed-form.evidence.adam')
      : undefined,
    epsilonSentence(report, texts),
  ]);
}
