/** What attacks that rebuild images from updates say alike: what their attacker sees, and figures beside their baselines. */
import type { AttackReport, Metric } from '../../../core/contract/attacks/attack-report.ts';
import type { Protection } from '../../../core/contract/attacks/attack-request.ts';
import type { Texts } from '../../messages/translate.ts';
import { numberText } from './attack-texts.ts';
import { bestBaseline, epsilonText, metricValue, ordinal } from './figures.ts';
import { reasonableEpsilon } from './gauges.ts';

type Reported = Pick<AttackReport, 'results' | 'gauges' | 'facts'>;

export function seesUpdate({ masks, noise, signature }: Protection, texts: Texts): string {
  const { t } = texts;
  const shown = numberText(noise, texts);
  if (masks && noise > 0) return t('attack.closed-form.sees.everything', { noise: shown });
  if (masks) return t('attack.closed-form.sees.masked');
  if (noise > 0) return t('attack.closed-form.sees.noise', { noise: shown });
  return t(signature ? 'attack.closed-form.sees.signed' : 'attack.closed-form.sees.plain');
}

/** A fact that is a number; 0 where it is none. */
export function countOf({ facts }: Pick<AttackReport, 'facts'>, name: string): number {
  return Number(facts[name] ?? 0);
}

/** The median similarity and the best that needs no attack: 'exact', 'the nearest other of its class', '17.5 dB'. */
export function similarityOf(
  { results }: Pick<AttackReport, 'results'>,
  texts: Texts,
): { readonly psnr: string; readonly name: string; readonly value: string } {
  const metric: Metric = results.psnr ?? { value: 0, baselines: {} };
  const best = bestBaseline('psnr', metric);
  const names = {
    black: 'attack.closed-form.baseline.black',
    globalMean: 'attack.closed-form.baseline.globalMean',
    classMean: 'attack.closed-form.baseline.classMean',
    nearestOther: 'attack.closed-form.baseline.nearestOther',
    randomNoise: 'attack.closed-form.baseline.randomNoise',
  } as const;
  const known = best !== undefined && Object.hasOwn(names, best.name) ? best.name : 'black';
  return {
    psnr: metricValue('psnr', metric.value, texts),
    name: texts.t(names[known as keyof typeof names]),
    value: metricValue('psnr', best?.value ?? 0, texts),
  };
}

/** Of the same attack on pure noise. */
export function similarityOfNoise({ results }: Pick<AttackReport, 'results'>, texts: Texts): string {
  return metricValue('psnr', results.psnr?.baselines.randomNoise ?? 0, texts);
}

/** '1st', and by chance '50.5'; undefined where ranks were not measured. */
export function ranksOf(
  { results }: Pick<AttackReport, 'results'>,
  texts: Texts,
): { readonly rank: string; readonly chance: string } | undefined {
  const { rank } = results;
  if (rank === undefined) return undefined;
  const mean = Math.round(rank.value * 10) / 10;
  const shown = Number.isInteger(mean) ? ordinal(mean, texts.formats) : texts.formats.fixed(mean, 1);
  return { rank: shown, chance: texts.formats.fixed(rank.baselines.chance ?? 0, 1) };
}

/** Small enough to say something of every attack; false where there is no bound. */
export function isBounded({ gauges }: Pick<AttackReport, 'gauges'>): boolean {
  return gauges.epsilon !== null && gauges.epsilon <= reasonableEpsilon;
}

/** What epsilon is worth, where there is one. */
export function epsilonSentence(report: Pick<Reported, 'gauges'>, { t, formats }: Texts): string | undefined {
  const { epsilon } = report.gauges;
  if (epsilon === null) return undefined;
  const shown = { epsilon: epsilonText(epsilon, formats) };
  return isBounded(report)
    ? t('attack.closed-form.evidence.bound', shown)
    : t('attack.closed-form.evidence.epsilon', shown);
}

/** Where nobody here knows the private images; undefined where they are known. */
export function sentenceWithoutTruth(report: AttackReport, { t }: Texts): string | undefined {
  const { facts, outcome } = report;
  if (facts['truth'] !== false) return undefined;
  if (outcome === 'stopped')
    return t(
      facts['optimizer'] === 'adam'
        ? 'attack.closed-form.likely.stopped.adam'
        : 'attack.closed-form.likely.stopped',
    );
  const [exact, likely] = [countOf(report, 'came'), likelyOf(report)];
  return exact >= likely
    ? t(`attack.closed-form.exact.${outcome}`, { count: exact })
    : t(`attack.closed-form.likely.${outcome}`, { count: likely });
}

export function evidenceWithoutTruth(report: AttackReport, texts: Texts): string | undefined {
  const { facts, results } = report;
  if (facts['truth'] !== false) return undefined;
  const { t } = texts;
  const [came, agreed] = [countOf(report, 'came'), countOf(report, 'agreed')];
  return sentences([
    t('attack.closed-form.evidence.likely', {
      likely: likelyOf(report),
      count: countOf(report, 'images'),
      value: metricValue('recovered', results.recovered?.baselines.randomNoise ?? 0, texts),
    }),
    agreed > 0 ? t('attack.closed-form.evidence.agreed', { count: agreed }) : undefined,
    came > 0 ? t('attack.closed-form.evidence.exact', { count: came }) : undefined,
    t('attack.closed-form.evidence.guess'),
    epsilonSentence(report, texts),
  ]);
}

/** '3 of 8 recovered'; where nobody here knows the private images, '3 of 8 look like images'. */
export function shortOfUpdate(report: Pick<AttackReport, 'facts'>, { t }: Texts): string {
  const count = countOf(report, 'images');
  return report.facts['truth'] === false
    ? t('attack.closed-form.short.likely', { likely: likelyOf(report), count })
    : t('attack.closed-form.short', { came: countOf(report, 'came'), count });
}

/** Those that are right beyond doubt among them. */
function likelyOf(report: Pick<AttackReport, 'facts'>): number {
  return Math.max(countOf(report, 'likely'), countOf(report, 'came'));
}

/** One after the other; those that are not there left out. */
export function sentences(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}
