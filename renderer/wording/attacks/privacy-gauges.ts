/** Two gauges for differential privacy: what they say in sentences. */
import type { AttackReport } from '../../../core/contract/attacks/attack-report.ts';
import type { Texts } from '../../messages/translate.ts';
import type { AttackWording } from './attack-wording.ts';
import { epsilonText, metricValue } from './figures.ts';
import { countOf, isBounded, ranksOf, seesUpdate, sentences, similarityOf } from './update-sentences.ts';

export const privacyGaugesWording: AttackWording = {
  attacker: (_, { t }) => t('attack.closed-form.attacker'),
  sees: ({ protection }, texts) => seesUpdate(protection, texts),
  may: (_, { t }) => t('attack.closed-form.may'),
  target: ({ settings }, { t }) =>
    t('attack.privacy-gauges.target', {
      count: Number(settings['victims']),
      clients: Number(settings['clients']),
      rounds: Number(settings['rounds']),
    }),
  verdict: (report, texts) => ({ sentence: sentence(report, texts), evidence: evidence(report, texts) }),
  short(report, texts) {
    const { noise } = report.protection;
    const [came, count] = [countOf(report, 'came'), countOf(report, 'images')];
    const epsilon = countOf(report, 'epsilon');
    return noise > 0
      ? texts.t('attack.privacy-gauges.short', {
          psnr: similarityOf(report, texts).psnr,
          epsilon: epsilonText(epsilon, texts.formats),
        })
      : texts.t('attack.privacy-gauges.short.none', { came, count });
  },
};

function sentence(report: AttackReport, { t }: Texts): string {
  const { outcome, protection, facts } = report;
  if (outcome === 'leaks')
    return t(protection.noise > 0 ? 'attack.privacy-gauges.leaks' : 'attack.privacy-gauges.leaks.none');
  if (facts['masked'] === true) return t('attack.privacy-gauges.stopped.masked');
  if (outcome === 'partly') return t('attack.privacy-gauges.partly');
  return t(isBounded(report) ? 'attack.privacy-gauges.stopped.bound' : 'attack.privacy-gauges.stopped');
}

function evidence(report: AttackReport, texts: Texts): string {
  const { t, formats } = texts;
  const { results, gauges, facts, protection } = report;
  const { labelAccuracy, testAccuracy } = results;
  const share = (value: number | undefined): string => metricValue('testAccuracy', value ?? 0, texts);
  const ranks = facts['ranksTell'] === true && protection.noise > 0 ? ranksOf(report, texts) : undefined;
  const { epsilon, delta } = gauges;
  return sentences([
    t('attack.privacy-gauges.evidence', {
      ...similarityOf(report, texts),
      labels: share(labelAccuracy?.value),
      chance: share(labelAccuracy?.baselines.chance),
    }),
    ranks && t('attack.privacy-gauges.evidence.rank', ranks),
    epsilon === null
      ? t('attack.privacy-gauges.evidence.none')
      : t('attack.privacy-gauges.evidence.epsilon', {
          epsilon: epsilonText(epsilon, formats),
          delta: smallText(delta ?? 0, texts),
        }),
    protection.noise > 0
      ? t('attack.privacy-gauges.evidence.accuracy', {
          accuracy: share(testAccuracy?.value),
          untouched: share(testAccuracy?.baselines.untouched),
          guess: share(testAccuracy?.baselines.chance),
        })
      : undefined,
  ]);
}

/** 0.00001: with as many decimals as it takes. */
function smallText(value: number, { formats }: Texts): string {
  return formats.fixed(value, value > 0 ? Math.max(0, -Math.floor(Math.log10(value))) : 0);
}
