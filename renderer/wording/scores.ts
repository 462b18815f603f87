/** The rows of a results table: what is compared, with its images, scores, reference and time. */
import type { ComparisonRow, RunResult } from '../../core/contract/run-result.ts';
import {
  clientCount,
  type FederatedRun,
  isReferenceExperiment,
  majorityBaseline,
  protectionsOf,
  referenceAccuracies,
  runOf,
} from '../../core/results/figures.ts';
import type { Texts } from '../messages/translate.ts';
import { rowOf } from './finding.ts';

export interface ScoreLine {
  /** What was trained on: all images in one place, one client's, those of all; 'guess': nothing. */
  readonly what: ComparisonRow['name'] | 'guess';
  readonly name: string;
  readonly detail: string;
  readonly images: string;
  readonly accuracy: number;
  readonly f1Weighted: number;
  readonly reference: number | undefined;
  readonly time: string;
}

/** Empty where no round ended. */
export function scoreLines(result: RunResult, texts: Texts): readonly ScoreLine[] {
  return result.kind === 'comparison'
    ? result.rows.filter((row) => row.curve.length > 0).map((row) => comparisonLine(row, result, texts))
    : runLines(runOf(result), texts);
}

/** Where the axis of the scores begins, in steps of 0.05; it ends at 1. */
export function scoreAxisStart(lines: readonly Pick<ScoreLine, 'accuracy' | 'reference'>[]): number {
  const scores = lines.flatMap(({ accuracy, reference }) =>
    reference === undefined ? [accuracy] : [accuracy, reference],
  );
  return Math.max(0, Math.floor((Math.min(1, ...scores) - 0.004) * 20) / 20);
}

function comparisonLine(
  row: ComparisonRow,
  result: Extract<RunResult, { kind: 'comparison' }>,
  texts: Texts,
): ScoreLine {
  const { t, formats } = texts;
  const run = result.simulation;
  const all = rowOf(result, 'centralised');
  const share = formats.percent(all === undefined ? 1 / clientCount(run) : row.examples / all.examples);
  const common = {
    what: row.name,
    images: formats.number(row.examples),
    accuracy: row.accuracy,
    f1Weighted: row.f1Weighted,
    reference: isReferenceExperiment(run) ? referenceAccuracies[row.name] : undefined,
    time: formats.duration(row.seconds),
  };
  const count = row.curve.length;
  switch (row.name) {
    case 'centralised':
      return {
        ...common,
        name: t('results.centralised'),
        detail: t('results.centralised.detail', { count }),
      };
    case 'single-client':
      return {
        ...common,
        name: t('results.single-client'),
        detail: t('results.single-client.detail', { share, count }),
      };
    case 'federated':
      return {
        ...common,
        ...federatedWords(run, count, texts),
        images: spreadImages(row.examples, run, texts),
      };
  }
}

/** A run of its own stands beside what guessing gets. */
function runLines(run: FederatedRun, texts: Texts): readonly ScoreLine[] {
  const { t, formats } = texts;
  const last = run.rounds.at(-1);
  if (last === undefined || run.final === null) return [];
  return [
    {
      what: 'federated',
      ...federatedWords(run, run.rounds.length, texts),
      images: imagesOf(run, last.reported?.examples ?? null, texts),
      accuracy: run.final.accuracy,
      f1Weighted: run.final.f1Weighted,
      reference: isReferenceExperiment(run) ? referenceAccuracies.federated : undefined,
      time: formats.duration(
        run.kind === 'simulation'
          ? run.seconds
          : run.rounds.reduce((sum, round) => sum + round.ms.total, 0) / 1000,
      ),
    },
    {
      what: 'guess',
      name: t('results.majority'),
      detail: t('results.majority.detail'),
      images: '–',
      ...majorityBaseline(last, run.dataset.classNames.length),
      reference: undefined,
      time: '–',
    },
  ];
}

/** Training images of all together; of a session those of the last sum, where it counts images. */
function imagesOf(run: FederatedRun, summed: number | null, { formats }: Texts): string {
  if (run.kind === 'session')
    return run.settings.weights === 'exact' && summed !== null ? formats.number(summed) : '–';
  const { dataset, settings } = run;
  return formats.number(
    Math.min(dataset.train, settings.clients * (settings.examplesPerClient ?? dataset.train)),
  );
}

function federatedWords(run: FederatedRun, rounds: number, { t }: Texts): Pick<ScoreLine, 'name' | 'detail'> {
  const protections = protectionsOf(run.settings);
  return {
    name: t(protections === 'none' ? 'results.federated' : `results.federated.${protections}`),
    detail: t(run.kind === 'session' ? 'results.session.detail' : 'results.federated.detail', {
      clients: clientCount(run),
      count: rounds,
    }),
  };
}

/** "20 × 3,000" where all have as many. */
function spreadImages(examples: number, run: FederatedRun, { formats }: Texts): string {
  const clients = clientCount(run);
  const each = examples / clients;
  return run.settings.partition === 'iid' && Number.isInteger(each)
    ? `${formats.number(clients)}\u00a0×\u00a0${formats.number(each)}`
    : formats.number(examples);
}
