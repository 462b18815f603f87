/** The finding: one sentence computed from the numbers, and the few that support it. */
import type { ComparisonResult, ComparisonRow, RunResult } from '../../core/contract/run-result.ts';
import type { Texts } from '../messages/translate.ts';
import {
  clientCount,
  type FederatedRun,
  isPartial,
  majorityBaseline,
  protectionsOf,
  runOf,
} from '../../core/results/figures.ts';

interface Finding {
  readonly headline: string;
  readonly support: readonly string[];
}

/** Beyond this many points a difference is no longer "within". */
const closePoints = 5;

export function findingOf(result: RunResult, texts: Texts): Finding {
  const run = runOf(result);
  const headline = partialHeadline(run, texts) ?? wholeHeadline(result, run, texts);
  return {
    headline,
    support: [...baselines(result, run, texts), ...protectionSentences(run, texts)],
  };
}

function partialHeadline(run: FederatedRun, { t, formats }: Texts): string | undefined {
  const { ended, rounds, final } = run;
  if (!isPartial(run)) return undefined;
  const done = rounds.length;
  const progress = { done, rounds: run.settings.rounds, accuracy: formats.percent(final?.accuracy ?? 0) };
  const by =
    ended === 'cancelled' || ended === 'stopped' || ended === 'unfinished'
      ? ended
      : ended === 'left'
        ? 'gone'
        : undefined;
  if (by !== undefined) return done === 0 ? t(`finding.${by}-early`) : t(`finding.${by}`, progress);
  return done === 0
    ? t('finding.aborted-early')
    : t('finding.aborted', { round: done + 1, rounds: progress.rounds, accuracy: progress.accuracy });
}

function wholeHeadline(result: RunResult, run: FederatedRun, texts: Texts): string {
  const { t, formats } = texts;
  const comparison = result.kind === 'comparison' ? comparisonHeadline(result, texts) : undefined;
  if (comparison !== undefined) return comparison;
  const number = numberWord(clientCount(run), texts);
  const who = t(run.kind === 'session' ? 'finding.participants' : 'finding.clients', { number });
  if (run.ended === 'target' && run.settings.target !== undefined)
    return t('finding.target', {
      who,
      target: formats.percent(run.settings.target),
      count: run.rounds.length,
    });
  return t('finding.simulation', { who, accuracy: formats.percent(run.final?.accuracy ?? 0) });
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
export function pointsOf(difference: number): number {
  return Math.round(difference * 1000) / 10;
}

/** In words up to twenty, as a sentence begins with it. */
function numberWord(count: number, { t, formats }: Texts): string {
  return t('number-words').split(',')[count] ?? formats.number(count);
}

function baselines(result: RunResult, run: FederatedRun, { t, formats }: Texts): readonly string[] {
  const sentences: string[] = [];
  if (result.kind === 'comparison') {
    const centralised = rowOf(result, 'centralised');
    const alone = rowOf(result, 'single-client');
    if (isPartial(run) && centralised !== undefined)
      sentences.push(t('finding.centralised', { accuracy: formats.percent(centralised.accuracy) }));
    if (alone !== undefined)
      sentences.push(
        t('finding.alone', { examples: alone.examples, accuracy: formats.percent(alone.accuracy) }),
      );
    return sentences;
  }
  const last = run.rounds.at(-1);
  if (last !== undefined) {
    const majority = majorityBaseline(last, run.dataset.classNames.length);
    sentences.push(t('finding.majority', { accuracy: formats.percent(majority.accuracy) }));
  }
  return sentences;
}

function protectionSentences(run: FederatedRun, { t }: Texts): readonly string[] {
  if (run.rounds.length === 0) return [];
  const protections = protectionsOf(run.settings);
  const sentences = protections === 'none' ? [] : [t(`finding.${protections}`)];
  const checked = run.rounds.filter((round) => 'exactSum' in round && round.exactSum !== null);
  const wrong = checked.filter((round) => 'exactSum' in round && round.exactSum === false).length;
  const left = run.rounds.reduce((sum, round) => sum + round.dropped.length, 0);
  if (left > 0)
    sentences.push(t(run.kind === 'session' ? 'finding.left.session' : 'finding.left', { count: left }));
  if (wrong > 0) sentences.push(t('finding.not-exact', { count: wrong }));
  else if (run.settings.masks && checked.length > 0 && checked.length === run.rounds.length)
    sentences.push(t(left > 0 ? 'finding.exact-despite' : 'finding.exact'));
  return sentences;
}
