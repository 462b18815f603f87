/** An attack's lines of numbers, each as a static chart of its own: loss by step, recovered by crowd. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { AttackReport, AttackSeries } from '../../../core/contract/attacks/attack-report.ts';
import type { Texts } from '../../../renderer/messages/translate.ts';
import { numberText, seriesAxisText, seriesText } from '../../../renderer/wording/attacks/attack-texts.ts';
import { staticSvg } from '../charts.ts';
import { type Markup, markup } from '../markup.ts';

const width = 340;
const height = 200;
/** More points than pixels say nothing more. */
const mostPoints = 300;
/** Above this many points, markers would touch one another. */
const mostMarkers = 25;

/** undefined where there is no line. */
export function seriesCharts({ attack, series }: AttackReport, texts: Texts): Markup | undefined {
  const drawn = series.filter(({ points }) => points.length > 1);
  if (drawn.length === 0) return undefined;
  return markup`<div class="charts">${drawn.map((one) => chart(attack, one, texts))}</div>`;
}

function chart(attack: AttackReport['attack'], { name, points }: AttackSeries, texts: Texts): Markup {
  const title = seriesText(attack, name, texts);
  const shown = thinned(points);
  const figure = Plot.plot({
    document: parseHTML('<!doctype html><html></html>').document,
    className: 'chart',
    width,
    height,
    marginLeft: 52,
    marginBottom: 40,
    marginRight: 14,
    x: { nice: true },
    y: { nice: true },
    marks: [
      Plot.gridY({ stroke: 'var(--line)', strokeOpacity: 1 }),
      Plot.axisY({
        tickSize: 0,
        fontSize: 12,
        fill: 'var(--ink-3)',
        label: null,
        ticks: 5,
        tickFormat: (value: number) => numberText(value, texts),
      }),
      Plot.axisX({
        tickSize: 0,
        fontSize: 12,
        fill: 'var(--ink-3)',
        ticks: 5,
        label: seriesAxisText(attack, name, 'x', texts),
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 34,
        tickFormat: (value: number) => numberText(value, texts),
      }),
      Plot.line(shown, { x: '0', y: '1', stroke: 'var(--ink)', strokeWidth: 2 }),
      Plot.dot(shown.length <= mostMarkers ? shown : [], { x: '0', y: '1', r: 3, fill: 'var(--ink)' }),
    ],
  });
  const [first, last] = [points[0]!, points.at(-1)!];
  const alt = texts.t('lab.chart.alt', {
    name: title,
    first: numberText(first[1], texts),
    last: numberText(last[1], texts),
  });
  return markup`<figure><figcaption><h3>${title}</h3>${seriesAxisText(attack, name, 'y', texts)}</figcaption>
${staticSvg(figure, alt)}</figure>
`;
}

/** Evenly, the first and the last among them. */
function thinned(points: AttackSeries['points']): AttackSeries['points'] {
  if (points.length <= mostPoints) return points;
  return Array.from(
    { length: mostPoints },
    (_, index) => points[Math.round((index * (points.length - 1)) / (mostPoints - 1))]!,
  );
}
