/** Gradient matching: what it says in sentences. */
import type { AttackReport } from '../../../core/contract/attacks/attack-report.ts';
import type { Texts } from '../../messages/translate.ts';
import type { AttackWording } from './attack-wording.ts';
import { metricValue } from './figures.ts';
import { sentenceOfSearch, whatIsMasked } from './search-sentences.ts';
import {
  countOf,
  epsilonSentence,
  evidenceWithoutTruth,
  seesUpdate,
  sentences,
  shortOfUpdate,
  similarityOf,
} from './update-sentences.ts';

export const gradientMatchingWording: AttackWording = {
  attacker: (_, { t }) => t('attack.closed-form.attacker'),
  sees: ({ protection }, texts) => seesUpdate(protection, texts),
  may: (_, { t }) => t('attack.closed-form.may'),
  target({ target, settings }, { t }) {
    if (target.kind === 'update')
      return t('attack.gradient-matching.target.update', { client: target.client });
    const images = t('attack.gradient-matching.images', { count: Number(settings['batch']) });
    const network = t(`attack.gradient-matching.network.${networkOf(settings['model'])}`);
    return t('attack.gradient-matching.target.fresh', { images, network });
  },
  verdict: (report, texts) => ({ sentence: sentence(report, texts), evidence: evidence(report, texts) }),
  short: shortOfUpdate,
};

function networkOf(model: unknown): 'mlp-sigmoid' | 'cnn-small' | 'cnn-relu' {
  return model === 'mlp-sigmoid' || model === 'cnn-relu' ? model : 'cnn-small';
}

function sentence(report: AttackReport, texts: Texts): string {
  const shared = sentenceOfSearch(report, texts);
  if (shared !== undefined) return shared;
  const { t } = texts;
  const { facts } = report;
  const [came, count] = [countOf(report, 'came'), countOf(report, 'images')];
  switch (report.outcome) {
    case 'leaks':
      if (came < count) return t('attack.gradient-matching.leaks.some', { came, count });
      return countOf(report, 'drawings') > 0
        ? t('attack.gradient-matching.leaks.drawing', { count })
        : t('attack.gradient-matching.leaks.all', { count });
    case 'partly':
      return came > 0
        ? t('attack.gradient-matching.partly.some', { came, count })
        : t('attack.gradient-matching.partly.strokes');
    case 'stopped':
      if (facts['optimizer'] === 'adam') return t('attack.gradient-matching.stopped.adam');
      if (countOf(report, 'steps') > 1 || countOf(report, 'examples') > count)
        return t('attack.gradient-matching.stopped.many');
      return t('attack.closed-form.stopped');
  }
}

function evidence(report: AttackReport, texts: Texts): string {
  const { t, formats } = texts;
  const { facts, results, outcome } = report;
  const [came, count, examples] = [
    countOf(report, 'came'),
    countOf(report, 'images'),
    countOf(report, 'examples'),
  ];
  const { labelAccuracy: labels } = results;
  const shownLabels = labels && {
    value: metricValue('labelAccuracy', labels.value, texts),
    chance: metricValue('labelAccuracy', labels.baselines.chance ?? 0, texts),
  };
  const without = evidenceWithoutTruth(report, texts);
  if (without !== undefined) return without;
  return sentences([
    t('attack.closed-form.evidence', { came, count, ...similarityOf(report, texts) }),
    examples > count
      ? t('attack.gradient-matching.evidence.many', {
          count,
          examples: formats.number(examples),
          steps: formats.number(countOf(report, 'steps')),
        })
      : undefined,
    shownLabels === undefined || facts['masked'] === true
      ? undefined
      : facts['labels'] === 'searched'
        ? t('attack.gradient-matching.evidence.labels.searched', shownLabels)
        : t('attack.gradient-matching.evidence.labels', shownLabels),
    whatIsMasked(report, texts),
    facts['signed'] === true && outcome === 'leaks' ? t('attack.closed-form.evidence.signed') : undefined,
    epsilonSentence(report, texts),
  ]);
}
