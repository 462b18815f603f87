/** The results table: what is compared has the same size, and no number stands without its baseline. */
import type { ComparisonRow } from '../../../core/contract/run-result.ts';
import { placeOnAxis } from '../charts.ts';
import { card, type ReportContext } from '../context.ts';
import {
  clientCount,
  type FederatedRun,
  isReferenceExperiment,
  majorityBaseline,
  protectionsOf,
  referenceAccuracies,
} from '../figures.ts';
import { crowd, glyph } from '../glyphs.ts';
import { type Markup, markup } from '../markup.ts';
import { rowOf } from '../finding.ts';

interface Line {
  readonly picture: Markup;
  readonly name: string;
  readonly detail: string;
  readonly images: string;
  readonly accuracy: number;
  readonly f1Weighted: number;
  readonly reference: number | undefined;
  readonly time: string;
}

export function resultsSection(context: ReportContext): Markup {
  const { t, formats, run, comparison } = context;
  const lines =
    comparison === undefined
      ? runLines(context)
      : comparison.rows.filter((row) => row.curve.length > 0).map((row) => comparisonLine(row, context));
  if (lines.length === 0) return markup``;
  const scores = lines.flatMap((line) => [
    line.accuracy,
    ...(line.reference === undefined ? [] : [line.reference]),
  ]);
  const from = Math.max(0, Math.floor((Math.min(...scores) - 0.004) * 20) / 20);
  const axis = t('results.axis', { from: formats.fixed(from, 2), to: formats.fixed(1, 2) });
  const headings = {
    images: t('results.images'),
    accuracy: t('results.accuracy'),
    f1: t('results.f1'),
    time: t('results.time'),
  };
  const row = (line: Line): Markup => markup`<tr role="row">
<th scope="row" role="rowheader"><span class="trained-on">${line.picture}<b>${line.name}</b><span class="label">${line.detail}</span></span></th>
<td role="cell" class="number" data-label="${headings.images}">${line.images}</td>
<td role="cell" class="number" data-label="${headings.accuracy}"><span class="big">${formats.score(line.accuracy)}</span></td>
<td role="cell" class="number" data-label="${headings.f1}"><span class="big second">${formats.score(line.f1Weighted)}</span></td>
<td role="cell" class="axis" data-label="${axis}"><span>${placeOnAxis(line.accuracy, line.reference, from, 1)}${line.reference !== undefined && markup`<span class="label">${t('results.reference', { value: formats.score(line.reference) })}</span>`}</span></td>
<td role="cell" class="number time" data-label="${headings.time}">${line.time}</td>
</tr>
`;
  const caption = [t('results.caption', { test: run.dataset.test ?? 0 })];
  if (lines.some((line) => line.reference !== undefined)) caption.push(t('results.caption.reference'));
  return card(
    'results',
    t('results.heading'),
    markup`<table class="results" role="table">
<caption>${caption.join(' ')}</caption>
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">${t('results.trained-on')}</th><th scope="col" role="columnheader" class="number">${headings.images}</th><th scope="col" role="columnheader" class="number">${headings.accuracy}</th><th scope="col" role="columnheader" class="number">${headings.f1}</th><th scope="col" role="columnheader" class="axis">${axis}</th><th scope="col" role="columnheader" class="number">${headings.time}</th></tr></thead>
<tbody role="rowgroup">${lines.map(row)}</tbody>
</table>`,
  );
}

function comparisonLine(row: ComparisonRow, context: ReportContext): Line {
  const { t, formats, run, comparison } = context;
  const all = comparison && rowOf(comparison, 'centralised');
  const share = formats.percent(all === undefined ? 1 / clientCount(run) : row.examples / all.examples);
  const common = {
    accuracy: row.accuracy,
    f1Weighted: row.f1Weighted,
    reference: isReferenceExperiment(run) ? referenceAccuracies[row.name] : undefined,
    time: formats.duration(row.seconds),
  };
  switch (row.name) {
    case 'centralised':
      return {
        ...common,
        picture: glyph('lozenge', 36),
        name: t('results.centralised'),
        detail: t('results.centralised.detail', { count: row.curve.length }),
        images: formats.number(row.examples),
      };
    case 'single-client':
      return {
        ...common,
        picture: glyph('clear', 34),
        name: t('results.single-client'),
        detail: t('results.single-client.detail', { share, count: row.curve.length }),
        images: formats.number(row.examples),
      };
    case 'federated':
      return {
        ...common,
        ...federatedWords(context, row.curve.length),
        images: spreadImages(row.examples, context),
      };
  }
}

/** A run of its own stands beside what guessing gets. */
function runLines(context: ReportContext): readonly Line[] {
  const { t, formats, run } = context;
  const last = run.rounds.at(-1);
  if (last === undefined || run.final === null) return [];
  return [
    {
      ...federatedWords(context, run.rounds.length),
      images: imagesOf(run, last.reported.examples, context),
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
      picture: glyph('hollow', 34),
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
function imagesOf(run: FederatedRun, summed: number, { formats }: ReportContext): string {
  if (run.kind === 'session') return run.settings.weights === 'exact' ? formats.number(summed) : '–';
  const { dataset, settings } = run;
  return formats.number(
    Math.min(dataset.train, settings.clients * (settings.examplesPerClient ?? dataset.train)),
  );
}

function federatedWords(
  { t, run }: ReportContext,
  rounds: number,
): Pick<Line, 'picture' | 'name' | 'detail'> {
  const protections = protectionsOf(run.settings);
  const clients = clientCount(run);
  return {
    picture: crowd(clients, !run.settings.masks),
    name: t(protections === 'none' ? 'results.federated' : `results.federated.${protections}`),
    detail: t(run.kind === 'session' ? 'results.session.detail' : 'results.federated.detail', {
      clients,
      count: rounds,
    }),
  };
}

/** "20 × 3,000" where all have as many. */
function spreadImages(examples: number, { formats, run }: ReportContext): string {
  const clients = clientCount(run);
  const each = examples / clients;
  return run.settings.partition === 'iid' && Number.isInteger(each)
    ? `${formats.number(clients)}\u00a0×\u00a0${formats.number(each)}`
    : formats.number(examples);
}
