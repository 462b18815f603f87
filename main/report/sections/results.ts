/** The results table: what is compared has the same size, and no number stands without its baseline. */
import type { ComparisonRow } from '../../../core/contract/run-result.ts';
import { placeOnAxis } from '../charts.ts';
import { card, type ReportContext } from '../context.ts';
import { isReferenceExperiment, majorityBaseline, protectionsOf, referenceAccuracies } from '../figures.ts';
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
  const { t, formats, simulation, comparison } = context;
  const lines =
    comparison === undefined
      ? simulationLines(context)
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
  const caption = [t('results.caption', { test: simulation.dataset.test })];
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
  const { t, formats, simulation, comparison } = context;
  const { settings } = simulation;
  const all = comparison && rowOf(comparison, 'centralised');
  const share = formats.percent(all === undefined ? 1 / settings.clients : row.examples / all.examples);
  const common = {
    accuracy: row.accuracy,
    f1Weighted: row.f1Weighted,
    reference: isReferenceExperiment(simulation) ? referenceAccuracies[row.name] : undefined,
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

/** A simulation stands beside what guessing gets. */
function simulationLines(context: ReportContext): readonly Line[] {
  const { t, formats, simulation } = context;
  const { dataset, settings } = simulation;
  const last = simulation.rounds.at(-1);
  if (last === undefined) return [];
  return [
    {
      ...federatedWords(context, simulation.rounds.length),
      images: formats.number(
        Math.min(dataset.train, settings.clients * (settings.examplesPerClient ?? dataset.train)),
      ),
      accuracy: simulation.final.accuracy,
      f1Weighted: simulation.final.f1Weighted,
      reference: isReferenceExperiment(simulation) ? referenceAccuracies.federated : undefined,
      time: formats.duration(simulation.seconds),
    },
    {
      picture: glyph('hollow', 34),
      name: t('results.majority'),
      detail: t('results.majority.detail'),
      images: '–',
      ...majorityBaseline(last, simulation.dataset.classNames.length),
      reference: undefined,
      time: '–',
    },
  ];
}

function federatedWords(
  { t, simulation: { settings } }: ReportContext,
  rounds: number,
): Pick<Line, 'picture' | 'name' | 'detail'> {
  const protections = protectionsOf(settings);
  return {
    picture: crowd(settings.clients, !settings.masks),
    name: t(protections === 'none' ? 'results.federated' : `results.federated.${protections}`),
    detail: t('results.federated.detail', { clients: settings.clients, count: rounds }),
  };
}

/** "20 × 3,000" where all have as many. */
function spreadImages(examples: number, { formats, simulation: { settings } }: ReportContext): string {
  const each = examples / settings.clients;
  return settings.partition === 'iid' && Number.isInteger(each)
    ? `${formats.number(settings.clients)}\u00a0×\u00a0${formats.number(each)}`
    : formats.number(examples);
}
