/** Accuracy, F1 and loss by round, the rows of a comparison together; the same as numbers, folded. */
import type { ComparisonRow } from '../../../core/contract/run-result.ts';
import { lossCaption } from '../../../renderer/wording/settings.ts';
import { lineChart } from '../charts.ts';
import { card, foldable, type ReportContext, table } from '../context.ts';
import { type Markup, markup } from '../markup.ts';

interface Curve {
  readonly kind: ComparisonRow['name'];
  readonly name: string;
  readonly points: readonly {
    readonly accuracy: number;
    readonly f1Weighted: number;
    readonly loss: number;
  }[];
}

const metrics = [
  { key: 'accuracy', name: 'curves.accuracy', caption: 'curves.accuracy.caption', scale: 'score' },
  { key: 'f1Weighted', name: 'curves.f1', caption: 'curves.f1.caption', scale: 'score' },
  { key: 'loss', name: 'curves.loss', caption: 'curves.loss.caption', scale: 'loss' },
] as const;

/** A page holds this many lines of a table; the CSV file holds all. */
const mostRows = 100;

export function curvesSection(context: ReportContext): Markup {
  const { t, formats, comparison, run } = context;
  const curves: readonly Curve[] = (
    comparison === undefined
      ? [{ kind: 'federated' as const, name: t('curves.federated'), points: run.rounds }]
      : comparison.rows.map((row) => ({ kind: row.name, name: t(`curves.${row.name}`), points: row.curve }))
  ).filter((curve) => curve.points.length > 0);
  if (curves.length === 0) return markup``;
  const axis = t(comparison === undefined ? 'curves.axis.round' : 'curves.axis');
  const figures = metrics.map((metric) => {
    const series = curves.map((curve) => ({
      kind: curve.kind,
      name: curve.name,
      values: curve.points.map((point) => point[metric.key]),
    }));
    const alt = t('curves.alt', {
      metric: t(metric.name),
      axis,
      series: series
        .map(({ name, values }) =>
          t('curves.alt.series', {
            name,
            first: formats.score(values[0] ?? 0),
            last: formats.score(values.at(-1) ?? 0),
          }),
        )
        .join(' '),
    });
    const chart = lineChart({ series, alt, axis, scale: metric.scale, format: formats.fixed });
    return markup`<figure><h3>${t(metric.name)}</h3>${chart}<figcaption>${metric.key === 'loss' ? lossCaption(run, context) : t(metric.caption)}</figcaption></figure>
`;
  });
  return card(
    'curves',
    t(comparison === undefined ? 'curves.heading.simulation' : 'curves.heading'),
    markup`<div class="charts">${figures}</div>
${foldable(t('curves.table'), curvesTable(curves, context))}`,
  );
}

function curvesTable(curves: readonly Curve[], context: ReportContext): Markup {
  const { t, formats, comparison } = context;
  const longest = Math.max(...curves.map((curve) => curve.points.length));
  const name = (metric: (typeof metrics)[number], curve: Curve): string =>
    curves.length === 1 ? t(metric.name) : `${t(metric.name)}, ${curve.name}`;
  const value = (number: number | undefined): string => (number === undefined ? '–' : formats.score(number));
  return markup`${table(
    {
      name: t('curves.table'),
      caption: t('curves.table'),
      columns: [
        { heading: t(comparison === undefined ? 'curves.round' : 'curves.epoch-or-round'), number: true },
        ...metrics.flatMap((metric) =>
          curves.map((curve) => ({ heading: name(metric, curve), number: true })),
        ),
      ],
      rows: Array.from({ length: Math.min(longest, mostRows) }, (_, index) => [
        formats.number(index + 1),
        ...metrics.flatMap((metric) => curves.map((curve) => value(curve.points[index]?.[metric.key]))),
      ]),
    },
    context,
  )}${longest > mostRows && markup`<p class="label">${t('rounds.more', { count: longest - mostRows })}</p>`}`;
}
