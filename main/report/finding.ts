/** The finding: one sentence computed from the numbers, and the few that support it. */
import type {
  ComparisonResult,
  ComparisonRow,
  RunResult,
  SimulationResult,
} from '../../core/contract/run-result.ts';
import type { Texts } from '../../renderer/messages/translate.ts';
import { isPartial, majorityBaseline, protectionsOf } from './figures.ts';

interface Finding {
  readonly headline: string;
  readonly support: readonly string[];
}

/** Beyond this many points a difference is no longer "within". */
const closePoints = 5;

export function findingOf(result: RunResult, texts: Texts): Finding {
  const simulation = result.kind === 'comparison' ? result.simulation : result;
  const headline = partialHeadline(simulation, texts) ?? wholeHeadline(result, simulation, texts);
  return {
    headline,
    support: [...baselines(result, simulation, texts), ...protectionSentences(simulation, texts)],
  };
}

function partialHeadline(simulation: SimulationResult, { t, formats }: Texts): string | undefined {
  if (!isPartial(simulation)) return undefined;
  const done = simulation.rounds.length;
  const { rounds } = simulation.settings;
  const accuracy = formats.percent(simulation.final.accuracy);
  if (simulation.ended === 'cancelled')
    return done === 0 ? t('finding.cancelled-early') : t('finding.cancelled', { done, rounds, accuracy });
  return done === 0
    ? t('finding.aborted-early')
    : t('finding.aborted', { round: done + 1, rounds, accuracy });
}

function wholeHeadline(result: RunResult, simulation: SimulationResult, texts: Texts): string {
  const { t, formats } = texts;
  const comparison = result.kind === 'comparison' ? comparisonHeadline(result, texts) : undefined;
  if (comparison !== undefined) return comparison;
  const who = t('finding.clients', { number: numberWord(simulation.settings.clients, texts) });
  if (simulation.ended === 'target' && simulation.settings.target !== undefined)
    return t('finding.target', {
      who,
      target: formats.percent(simulation.settings.target),
      count: simulation.rounds.length,
    });
  return t('finding.simulation', { who, accuracy: formats.percent(simulation.final.accuracy) });
}

/** undefined when a row is missing, as in a comparison that ended early. */
function comparisonHeadline(result: ComparisonResult, texts: Texts): string | undefined {
  const { t } = texts;
  const centralised = rowOf(result, 'centralised');
  const alone = rowOf(result, 'single-client');
  const together = rowOf(result, 'federated');
  if (centralised === undefined || together === undefined) return undefined;
  const who = clientsWithShare(result, texts);
  const points = (difference: number): string => t('points', { count: pointsOf(difference) });
  if (alone !== undefined && pointsOf(alone.accuracy - together.accuracy) > 0)
    return t('finding.worse-than-alone', { who, points: points(alone.accuracy - together.accuracy) });
  const gap = centralised.accuracy - together.accuracy;
  if (pointsOf(gap) === 0) return t('finding.level', { who });
  if (gap < 0) return t('finding.ahead', { who, points: points(-gap) });
  return t(pointsOf(gap) <= closePoints ? 'finding.within' : 'finding.behind', { who, points: points(gap) });
}

export function rowOf(result: ComparisonResult, name: ComparisonRow['name']): ComparisonRow | undefined {
  return result.rows.find((row) => row.name === name);
}

/** "Twenty clients with 5 % each"; with unequal data when the partition is not uniform. */
function clientsWithShare(result: ComparisonResult, texts: Texts): string {
  const { t, formats } = texts;
  const number = numberWord(result.simulation.settings.clients, texts);
  const alone = rowOf(result, 'single-client');
  const all = rowOf(result, 'centralised');
  if (result.simulation.settings.partition !== 'iid' || alone === undefined || all === undefined)
    return t('finding.unequal', { number });
  return t('finding.equal-share', { number, share: formats.percent(alone.examples / all.examples) });
}

/** Difference of two shares in points, to one decimal. */
function pointsOf(difference: number): number {
  return Math.round(difference * 1000) / 10;
}

/** In words up to twenty, as a sentence begins with it. */
function numberWord(count: number, { t, formats }: Texts): string {
  return t('number-words').split(',')[count] ?? formats.number(count);
}

function baselines(
  result: RunResult,
  simulation: SimulationResult,
  { t, formats }: Texts,
): readonly string[] {
  const sentences: string[] = [];
  if (result.kind === 'comparison') {
    const centralised = rowOf(result, 'centralised');
    const alone = rowOf(result, 'single-client');
    if (isPartial(simulation) && centralised !== undefined)
      sentences.push(t('finding.centralised', { accuracy: formats.percent(centralised.accuracy) }));
    if (alone !== undefined)
      sentences.push(
        t('finding.alone', { examples: alone.examples, accuracy: formats.percent(alone.accuracy) }),
      );
    return sentences;
  }
  const last = simulation.rounds.at(-1);
  if (last !== undefined) {
    const majority = majorityBaseline(last, simulation.dataset.classNames.length);
    sentences.push(t('finding.majority', { accuracy: formats.percent(majority.accuracy) }));
  }
  return sentences;
}

function protectionSentences(simulation: SimulationResult, { t }: Texts): readonly string[] {
  if (simulation.rounds.length === 0) return [];
  const protections = protectionsOf(simulation.settings);
  const sentences = protections === 'none' ? [] : [t(`finding.${protections}`)];
  const checked = simulation.rounds.filter((round) => round.exactSum !== null);
  const wrong = checked.filter((round) => round.exactSum === false).length;
  const left = simulation.rounds.reduce((sum, round) => sum + round.dropped.length, 0);
  if (left > 0) sentences.push(t('finding.left', { count: left }));
  if (wrong > 0) sentences.push(t('finding.not-exact', { count: wrong }));
  else if (simulation.settings.masks && checked.length > 0 && checked.length === simulation.rounds.length)
    sentences.push(t(left > 0 ? 'finding.exact-despite' : 'finding.exact'));
  return sentences;
}
