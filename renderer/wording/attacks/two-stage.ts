/** The same on a CNN, in two stages: what it says in sentences. */
import type { AttackReport } from '../../../core/contract/attacks/attack-report.ts';
import type { Texts } from '../../messages/translate.ts';
import type { AttackWording } from './attack-wording.ts';
import { sentenceOfSearch, whatIsMasked } from './search-sentences.ts';
import {
  countOf,
  epsilonSentence,
  evidenceWithoutTruth,
  ranksOf,
  seesUpdate,
  sentences,
  shortOfUpdate,
  similarityOf,
} from './update-sentences.ts';

export const twoStageWording: AttackWording = {
  attacker: (_, { t }) => t('attack.closed-form.attacker'),
  sees: ({ protection }, texts) => seesUpdate(protection, texts),
  may: (_, { t }) => t('attack.closed-form.may'),
  target({ target, settings }, { t }) {
    if (target.kind === 'update') return t('attack.two-stage.target.update', { client: target.client });
    const images = t('attack.two-stage.images', { count: Number(settings['batch']) });
    return target.kind === 'model'
      ? t('attack.two-stage.target.model', { images })
      : t('attack.two-stage.target.fresh', { images, network: String(settings['model']) });
  },
  verdict: (report, texts) => ({ sentence: sentence(report, texts), evidence: evidence(report, texts) }),
  short: shortOfUpdate,
};

function sentence(report: AttackReport, texts: Texts): string {
  const shared = sentenceOfSearch(report, texts);
  if (shared !== undefined) return shared;
  const { t } = texts;
  const { facts } = report;
  const [came, count] = [countOf(report, 'came'), countOf(report, 'images')];
  switch (report.outcome) {
    case 'leaks':
      if (count > 1) return t('attack.two-stage.leaks.some', { came, count });
      return countOf(report, 'drawings') > 0
        ? t('attack.two-stage.leaks.drawing')
        : t('attack.two-stage.leaks.one');
    case 'partly':
      if (countOf(report, 'examples') > 1) return t('attack.two-stage.partly.mixed');
      return facts['dropout'] === true && facts['deeper'] !== true
        ? t('attack.two-stage.partly.dropout')
        : t('attack.two-stage.partly');
    case 'stopped':
      if (facts['optimizer'] === 'adam' || countOf(report, 'steps') > 1)
        return t('attack.two-stage.stopped.many');
      return countOf(report, 'examples') > 1
        ? t('attack.two-stage.stopped.mixed')
        : t('attack.closed-form.stopped');
  }
}

function evidence(report: AttackReport, texts: Texts): string {
  const { t } = texts;
  const { facts, outcome } = report;
  const without = evidenceWithoutTruth(report, texts);
  if (without !== undefined) return without;
  const [came, count] = [countOf(report, 'came'), countOf(report, 'images')];
  const ranks = facts['ranksTell'] === true && outcome !== 'leaks' ? ranksOf(report, texts) : undefined;
  return sentences([
    featuresSentence(report, texts),
    t('attack.closed-form.evidence', { came, count, ...similarityOf(report, texts) }),
    ranks && t('attack.closed-form.evidence.rank', ranks),
    whatIsMasked(report, texts),
    facts['signed'] === true && outcome === 'leaks' ? t('attack.closed-form.evidence.signed') : undefined,
    epsilonSentence(report, texts),
  ]);
}

/** Of one image and one clean step only: else what came back is no feature for sure. */
function featuresSentence(report: AttackReport, { t, formats }: Texts): string | undefined {
  const { facts, protection } = report;
  const clean = facts['masked'] !== true && protection.noise === 0 && facts['optimizer'] === 'sgd';
  if (!clean || countOf(report, 'examples') !== 1 || countOf(report, 'steps') !== 1) return undefined;
  const known = formats.number(countOf(report, 'known'));
  const features = formats.number(countOf(report, 'features'));
  if (facts['deeper'] === true) return t('attack.two-stage.evidence.deeper', { features });
  if (facts['dropout'] !== true) return t('attack.two-stage.evidence.all', { features });
  return t('attack.two-stage.evidence.features', { known, features });
}
