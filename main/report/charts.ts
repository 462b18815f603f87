/**
 * Charts as static SVG, drawn by Observable Plot into a document of their own. Colours are tokens, so that a chart
 * follows the page's theme; lines differ in dash and marker too and carry their name at the end: no legend, and
 * nothing told by colour alone. What a chart draws stands beside it as a table or list; its name says the gist.
 */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { ConfusionFigures } from '../../core/results/figures.ts';
import { horizontalTicks, spreadLabels, verticalScale } from '../../core/results/scales.ts';
import { escapeText, type Markup, trustedMarkup } from './markup.ts';

interface Series {
  readonly name: string;
  readonly values: readonly number[];
  readonly kind: 'centralised' | 'single-client' | 'federated';
}

interface LineChart {
  readonly series: readonly Series[];
  /** What it shows, for those who do not see it. */
  readonly alt: string;
  readonly axis: string;
  /** Scores end at 1 at most; losses begin at 0. */
  readonly scale: 'score' | 'loss';
  readonly format: (value: number, decimals: number) => string;
}

const styles = {
  centralised: { stroke: 'var(--ink-2)', strokeWidth: 1.75, symbol: 'square', dash: '1 0' },
  'single-client': { stroke: 'var(--clear)', strokeWidth: 1.75, symbol: 'circle', dash: '5 4' },
  federated: { stroke: 'var(--masked)', strokeWidth: 2.5, symbol: 'diamond', dash: '1 0' },
} as const;

const width = 340;
const height = 224;
const margins = { marginTop: 10, marginBottom: 40, marginLeft: 40, marginRight: 78 };
/** Above this many points, markers would touch one another. */
const mostMarkers = 25;
const labelDistance = 15;

export function lineChart(chart: LineChart): Markup {
  const values = chart.series.flatMap((series) => series.values);
  const longest = Math.max(1, ...chart.series.map((series) => series.values.length));
  const { from, to, ticks, decimals } = verticalScale(values, chart.scale);
  const pixel = (value: number): number =>
    margins.marginTop +
    (1 - (value - from) / (to - from)) * (height - margins.marginTop - margins.marginBottom);
  const ends = spreadLabels(
    chart.series.map((series) => pixel(series.values.at(-1) ?? from)),
    labelDistance,
  );
  const last = Math.max(longest, 2);
  const marks = chart.series.flatMap((series, index) => {
    const style = styles[series.kind];
    const points = series.values.map((value, position) => ({ round: position + 1, value }));
    const end = points.at(-1);
    return [
      Plot.line(points, {
        x: 'round',
        y: 'value',
        stroke: style.stroke,
        strokeWidth: style.strokeWidth,
        strokeDasharray: style.dash,
      }),
      Plot.dot(points.length <= mostMarkers ? points : points.slice(-1), {
        x: 'round',
        y: 'value',
        symbol: style.symbol,
        r: series.kind === 'federated' ? 4.5 : 3.5,
        fill: series.kind === 'single-client' ? 'var(--surface)' : style.stroke,
        stroke: style.stroke,
        strokeWidth: series.kind === 'single-client' ? 1.75 : 0,
      }),
      ...(end === undefined || chart.series.length === 1
        ? []
        : [
            // From a line that ended early to its name.
            Plot.ruleY(end.round < last ? [end] : [], {
              y: 'value',
              x1: 'round',
              x2: last,
              stroke: style.stroke,
              strokeOpacity: 0.6,
              strokeDasharray: '1 4',
            }),
            Plot.text([end], {
              x: last,
              y: 'value',
              text: () => series.name,
              dx: 12,
              dy: (ends[index] ?? 0) - pixel(end.value),
              textAnchor: 'start',
              fill: 'var(--ink)',
              fontWeight: 600,
              fontSize: 12,
            }),
          ]),
    ];
  });
  const figure = Plot.plot({
    document: parseHTML('<!doctype html><html></html>').document,
    className: 'chart',
    width,
    height,
    ...margins,
    marginRight: chart.series.length === 1 ? 14 : margins.marginRight,
    x: { domain: [1, last] },
    y: { domain: [from, to] },
    marks: [
      Plot.gridY(ticks, { stroke: 'var(--line)', strokeOpacity: 1 }),
      Plot.ruleY([from], { stroke: 'var(--line-strong)' }),
      Plot.axisY(ticks, {
        tickSize: 0,
        fontSize: 12,
        fill: 'var(--ink-3)',
        label: null,
        tickFormat: (value: number) => chart.format(value, decimals),
      }),
      Plot.axisX(horizontalTicks(longest), {
        tickSize: 0,
        fontSize: 12,
        fill: 'var(--ink-3)',
        label: chart.axis,
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 34,
        tickFormat: (value: number) => chart.format(value, 0),
      }),
      ...marks,
    ],
  });
  return staticSvg(figure, chart.alt);
}

interface ConfusionChart {
  readonly figures: ConfusionFigures;
  /** Short enough for an axis. */
  readonly names: readonly string[];
  readonly alt: string;
  readonly axes: { readonly actual: string; readonly predicted: string };
}

/** Above this many classes a cell would be too small to see. */
export const mostPicturedClasses = 60;

export function confusionChart({ figures, names, alt, axes }: ConfusionChart): Markup {
  const count = names.length;
  const cell = Math.max(9, Math.min(112, Math.floor(480 / count)));
  const longest = Math.max(...names.map((name) => name.length));
  const fontSize = cell >= 18 ? 12 : 9;
  const rotate = longest * fontSize * 0.6 > cell;
  const labelSpace = Math.ceil(longest * fontSize * 0.56) + 12;
  const worst = Math.max(1, ...figures.errors.map((error) => error.count));
  const indices = names.map((_, index) => index);
  const left = labelSpace + 20;
  const top = (rotate ? labelSpace : fontSize + 8) + 20;
  const figure = Plot.plot({
    document: parseHTML('<!doctype html><html></html>').document,
    className: 'chart',
    width: left + count * cell + 4,
    height: top + count * cell + 4,
    marginLeft: left,
    marginTop: top,
    marginRight: 4,
    marginBottom: 4,
    padding: 0,
    x: { domain: indices, type: 'band' },
    y: { domain: indices, type: 'band' },
    marks: [
      Plot.frame({ stroke: 'var(--line-strong)', fill: 'var(--surface)' }),
      Plot.dot(indices, {
        x: (index: number) => index,
        y: (index: number) => index,
        r: Math.max(1, cell / 16),
        fill: 'var(--line-strong)',
      }),
      Plot.cell([...figures.errors], {
        x: 'predicted',
        y: 'actual',
        inset: 0.5,
        fill: 'var(--ink)',
        fillOpacity: (error: { count: number }) => Number((0.08 + 0.92 * (error.count / worst)).toFixed(3)),
      }),
      ...(cell >= 24
        ? [
            Plot.text([...figures.errors], {
              filter: (error: { count: number }) => error.count >= worst * 0.55 || cell >= 60,
              x: 'predicted',
              y: 'actual',
              text: (error: { count: number }) => String(error.count),
              fill: (error: { count: number }) =>
                error.count >= worst * 0.5 ? 'var(--on-ink)' : 'var(--ink)',
              fontSize: 12,
            }),
          ]
        : []),
      Plot.axisY({
        anchor: 'left',
        tickSize: 0,
        fontSize,
        fill: 'var(--ink-2)',
        label: axes.actual,
        labelAnchor: 'center',
        labelArrow: 'none',
        tickFormat: (index: number) => names[index] ?? '',
      }),
      Plot.axisX({
        anchor: 'top',
        tickSize: 0,
        fontSize,
        fill: 'var(--ink-2)',
        label: axes.predicted,
        labelAnchor: 'center',
        labelArrow: 'none',
        tickRotate: rotate ? -90 : 0,
        tickFormat: (index: number) => names[index] ?? '',
      }),
    ],
  });
  return staticSvg(figure, alt);
}

/** Drops Plot's own style sheet, which the page's policy would refuse, and names the picture. */
export function staticSvg(figure: Element, alt: string): Markup {
  for (const style of figure.querySelectorAll('style')) style.remove();
  for (const part of figure.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
  figure.removeAttribute('font-family');
  const named = `<svg role="img" aria-label="${escapeText(alt)}"`;
  return trustedMarkup(named + figure.outerHTML.slice('<svg'.length));
}

/** A row's place between two ends: filled lozenge for the value, hollow for its reference. */
export function placeOnAxis(value: number, reference: number | undefined, from: number, to: number): Markup {
  const x = (score: number): string =>
    (8 + Math.min(1, Math.max(0, (score - from) / (to - from))) * 134).toFixed(1);
  const hollow =
    reference === undefined
      ? ''
      : `<path d="M${x(reference)} 3.5l5 7.5l-5 7.5l-5 -7.5z" fill="var(--surface)" stroke="var(--ink-2)" stroke-width="1.3"/>`;
  return trustedMarkup(
    `<svg class="place" width="150" height="22" viewBox="0 0 150 22" aria-hidden="true"><path d="M8 11H142" stroke="var(--line-strong)"/>${hollow}<path d="M${x(value)} 3l5 8l-5 8l-5 -8z" fill="var(--ink)"/></svg>`,
  );
}

/** A bar beside a number in a table: share of the column's largest. */
export function bar(share: number, colour: 'masked' | 'ink-2'): Markup {
  const length = (Math.min(1, Math.max(0, share)) * 100).toFixed(1);
  return trustedMarkup(
    `<svg class="bar" width="100%" height="5" aria-hidden="true"><rect width="100%" height="5" rx="1" fill="var(--sunken)"/><rect width="${length}%" height="5" rx="1" fill="var(--${colour})"/></svg>`,
  );
}
