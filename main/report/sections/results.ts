/** The results table: what is compared has the same size, and no number stands without its baseline. */
import { clientCount } from '../../../core/results/figures.ts';
import { scoreAxisStart, type ScoreLine, scoreLines } from '../../../renderer/wording/scores.ts';
import { placeOnAxis } from '../charts.ts';
import { card, type ReportContext } from '../context.ts';
import { crowd, glyph } from '../glyphs.ts';
import { type Markup, markup } from '../markup.ts';

export function resultsSection(context: ReportContext): Markup {
  const { t, formats, run } = context;
  const lines = scoreLines(context.result, context);
  if (lines.length === 0) return markup``;
  const from = scoreAxisStart(lines);
  const axis = t('results.axis', { from: formats.fixed(from, 2), to: formats.fixed(1, 2) });
  const headings = {
    images: t('results.images'),
    accuracy: t('results.accuracy'),
    f1: t('results.f1'),
    time: t('results.time'),
  };
  const row = (line: ScoreLine): Markup => markup`<tr role="row">
<th scope="row" role="rowheader"><span class="trained-on">${picture(line, context)}<b>${line.name}</b><span class="label">${line.detail}</span></span></th>
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

function picture({ what }: ScoreLine, { run }: ReportContext): Markup {
  switch (what) {
    case 'centralised':
      return glyph('lozenge', 36);
    case 'single-client':
      return glyph('clear', 34);
    case 'federated':
      return crowd(clientCount(run), !run.settings.masks);
    case 'guess':
      return glyph('hollow', 34);
  }
}
