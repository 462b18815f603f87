/** How big a crowd: what it says in sentences. */
import type { AttackReport } from '../../../core/contract/attacks/attack-report.ts';
import type { Texts } from '../../messages/translate.ts';
import { numberText } from './attack-texts.ts';
import type { AttackWording } from './attack-wording.ts';
import { bestBaseline, metricValue } from './figures.ts';
import { countOf, epsilonSentence, isBounded, sentences, similarityOf } from './update-sentences.ts';

export const crowdSizeWording: AttackWording = {
  attacker: (_, { t }) => t('attack.closed-form.attacker'),
  sees({ protection, settings }, texts) {
    const count = Number(settings['clients']);
    const noise = numberText(protection.noise, texts);
    if (!protection.masks) return texts.t('attack.crowd-size.sees.each', { count });
    return protection.noise > 0
      ? texts.t('attack.crowd-size.sees.noisy', { count, noise })
      : texts.t('attack.crowd-size.sees.sum', { count });
  },
  may: (_, { t }) => t('attack.closed-form.may'),
  target: ({ settings }, { t }) =>
    t('attack.crowd-size.target', {
      count: Number(settings['clients']),
      units: Number(settings['hidden']),
    }),
  verdict: (report, texts) => ({ sentence: sentence(report, texts), evidence: evidence(report, texts) }),
  short: (report, { t }) =>
    t('attack.crowd-size.short', { came: countOf(report, 'came'), count: countOf(report, 'images') }),
};

function sentence(report: AttackReport, { t }: Texts): string {
  const { outcome, protection } = report;
  const [came, count] = [countOf(report, 'came'), countOf(report, 'images')];
  switch (outcome) {
    case 'leaks':
      if (!protection.masks) return t('attack.crowd-size.leaks.each');
      return came < count
        ? t('attack.crowd-size.leaks.some', { came, count })
        : t('attack.crowd-size.leaks.all', { count });
    case 'partly':
      return came > 0
        ? t('attack.crowd-size.partly', { came, count })
        : t('attack.crowd-size.partly.strokes', { count });
    case 'stopped':
      if (!(protection.noise > 0)) return t('attack.crowd-size.stopped', { count });
      return t(isBounded(report) ? 'attack.crowd-size.stopped.bound' : 'attack.crowd-size.stopped.noise');
  }
}

function evidence(report: AttackReport, texts: Texts): string {
  const { t } = texts;
  const { results, protection } = report;
  const recovered = results.recovered ?? { value: 0, baselines: {} };
  const figures = t('attack.crowd-size.evidence', {
    share: metricValue('recovered', recovered.value, texts),
    base: metricValue('recovered', bestBaseline('recovered', recovered)?.value ?? 0, texts),
    ...similarityOf(report, texts),
  });
  const alone = {
    alone: metricValue('psnr', countOf(report, 'alonePsnr'), texts),
    noise: metricValue('psnr', countOf(report, 'noisePsnr'), texts),
  };
  return sentences([
    figures,
    protection.masks ? t('attack.crowd-size.evidence.masks', alone) : t('attack.crowd-size.evidence.each'),
    epsilonSentence(report, texts),
  ]);
}
