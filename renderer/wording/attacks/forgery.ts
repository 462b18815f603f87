/** Tricks against the live protocol: what they come to in sentences. */
import type { AttackReport } from '../../../core/contract/attacks/attack-report.ts';
import type { Texts } from '../../messages/translate.ts';
import type { AttackWording } from './attack-wording.ts';
import { countOf } from './update-sentences.ts';

export const forgeryWording: AttackWording = {
  attacker: (_, { t }) => t('attack.forgery.attacker'),
  sees: ({ protection }, { t }) => t(`attack.forgery.sees.${protection.masks ? 'masked' : 'plain'}`),
  may: ({ protection }, { t }) => t(`attack.forgery.may.${protection.signature ? 'signed' : 'unsigned'}`),
  target: ({ settings }, { t }) => t('attack.forgery.target', { clients: Number(settings['clients']) }),
  verdict: (report, texts) => ({ sentence: sentence(report, texts), evidence: evidence(report, texts) }),
  short: (report, { t }) => {
    const { refused, count } = countsOf(report);
    return t('attack.forgery.short', { refused, count });
  },
};

function countsOf({ results, facts }: Pick<AttackReport, 'results' | 'facts'>): {
  readonly refused: number;
  readonly off: number;
  readonly count: number;
} {
  const { value = 0, baselines = {} } = results.refused ?? {};
  return { refused: value, off: baselines.untouched ?? 0, count: countOf({ facts }, 'tricks') };
}

function sentence(report: AttackReport, { t }: Texts): string {
  const { refused, count } = countsOf(report);
  if (report.outcome === 'stopped') return t('attack.forgery.stopped', { count });
  const { masks, signature } = report.protection;
  const got = { got: count - refused, count };
  if (!masks && !signature) return t('attack.forgery.leaks.bare', got);
  if (!signature) return t('attack.forgery.leaks.unsigned', got);
  return masks ? t('attack.forgery.leaks', got) : t('attack.forgery.leaks.unmasked', got);
}

function evidence(report: AttackReport, { t, formats }: Texts): string {
  const shift = formats.percent(Math.round(countOf(report, 'shift') * 1000) / 1000);
  return t('attack.forgery.evidence', { ...countsOf(report), shift });
}
