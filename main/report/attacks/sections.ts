/** One attack in a report, from its verdict down to what somebody needs to run it again. */
import type { AttackImage, AttackReport } from '../../../core/contract/attacks/attack-report.ts';
import { attackCatalogue } from '../../../core/contract/attacks/catalogue.ts';
import type { BaselineName, MetricName } from '../../../core/contract/attacks/names.ts';
import type { Texts } from '../../../renderer/messages/translate.ts';
import { columnText, rowText, settingText } from '../../../renderer/wording/attacks/attack-texts.ts';
import {
  baselineText,
  metricText,
  metricValue,
  thresholdText,
} from '../../../renderer/wording/attacks/figures.ts';
import { everyAttack, type Needle, thisAttack } from '../../../renderer/wording/attacks/gauges.ts';
import { wordingOf } from '../../../renderer/wording/attacks/wordings.ts';
import {
  attackTitle,
  type PictureRow,
  pictureRows,
  pictureRowText,
  splitRows,
} from '../../attacks/picture-rows.ts';
import { pngOf } from '../../attacks/png.ts';
import { cellValue, settingValueText } from '../../attacks/cell-words.ts';
import { protectionText } from '../../attacks/protection-words.ts';
import { askedOf } from '../../attacks/result-json.ts';
import { table } from '../context.ts';
import { type Markup, markup, trustedMarkup } from '../markup.ts';
import { seriesCharts } from './series-chart.ts';

/** Private images that a page shows; a batch of 256 would be a page of its own. */
const mostColumns = 10;

export function attackSection(report: AttackReport, number: number, texts: Texts): Markup {
  const { t } = texts;
  const { attack } = report;
  const { sentence, evidence } = wordingOf(attack).verdict(report, texts);
  const id = `attack-${number}`;
  const part = (heading: string, content: Markup | undefined): Markup | false =>
    content !== undefined &&
    markup`<h3>${heading}</h3>
${content}
`;
  return markup`<section class="card attack" id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${attackTitle(attack, texts)}</h2>
<p class="label">${t(`attack.${attack}.question`)} ${t(`attack.${attack}.method`)}</p>
<p class="sentence"><span class="answer">${sentence}</span> ${evidence}</p>
${part(t('lab.page.pictures'), pictures(report, texts))}${part(t('lab.page.figures'), figures(report, texts))}${part(t('lab.page.gauges'), needles(report, texts))}${part(t('lab.page.table'), rowsTable(report, texts))}${part(t('lab.page.series'), seriesCharts(report, texts))}${part(t('lab.page.attacker'), attacker(report, texts))}${part(t('lab.page.settings'), provenance(report, texts))}</section>
`;
}

function pictures(report: AttackReport, texts: Texts): Markup | undefined {
  const { t } = texts;
  const { rows, alone } = splitRows(pictureRows(report.images));
  const indices = [...new Set(rows.flatMap((row) => [...row.images.keys()]))].sort(
    (one, other) => one - other,
  );
  if (indices.length === 0) return undefined;
  const shown = indices.slice(0, mostColumns);
  const left = indices.length - shown.length;
  const cells = (row: PictureRow, name: string): readonly Markup[] =>
    shown.map((index) => {
      const image = row.images.get(index);
      return markup`<td>${image !== undefined && picture(report, image, name, texts)}</td>`;
    });
  return markup`<div class="scroll" role="region" tabindex="0" aria-label="${t('report.scroll', { name: t('lab.page.pictures') })}"><table class="pictures">
<caption><span class="visually-hidden">${t('lab.candidates')}</span></caption>
<tbody>
${rows
  .filter((row) => shown.some((index) => row.images.has(index)))
  .map((row) => {
    const name = pictureRowText(report.attack, row, texts);
    return markup`<tr><th scope="row">${name}</th>${cells(row, name)}</tr>
`;
  })}</tbody>
</table></div>${
    alone.length > 0 &&
    markup`<ul class="alone" aria-label="${t('lab.page.without')}">${alone.map((row) => {
      const name = pictureRowText(report.attack, row, texts);
      return markup`<li>${picture(report, row.image, name, texts)}<span class="label">${name}</span></li>
`;
    })}</ul>`
  }${left > 0 && markup`<p class="label">${t('lab.page.pictures.more', { count: left })}</p>`}`;
}

function picture({ attack }: AttackReport, image: AttackImage, name: string, texts: Texts): Markup {
  const { t } = texts;
  const { metric } = attackCatalogue[attack].axis;
  const value = image.value === null ? undefined : metricValue(metric, image.value, texts);
  const number = image.index + 1;
  const alt =
    value === undefined
      ? t('lab.page.picture.alt', { name, number })
      : t('lab.page.picture.alt.value', { name, number, value });
  const source = trustedMarkup(`data:image/png;base64,${Buffer.from(pngOf(image)).toString('base64')}`);
  const kind = image.masked ? 'masked' : image.role;
  return markup`<img class="${kind}" src="${source}" width="${image.width}" height="${image.height}" alt="${alt}">${value !== undefined && markup`<span class="label" aria-hidden="true">${value}</span>`}`;
}

/** Every figure with what it would be without any attack. */
function figures({ results, threshold, success }: AttackReport, texts: Texts): Markup {
  const { t } = texts;
  const entries = Object.entries(results) as [MetricName, NonNullable<AttackReport['results'][MetricName]>][];
  const rows = entries.map(([metric, { value, interval, baselines }]) => [
    metricText(metric, texts),
    markup`<b>${metricValue(metric, value, texts)}</b>${
      interval !== undefined &&
      markup`<br><span class="label">${t('lab.interval', {
        from: metricValue(metric, interval[0], texts),
        to: metricValue(metric, interval[1], texts),
      })}</span>`
    }`,
    (Object.entries(baselines) as [BaselineName, number][])
      .map(([name, figure]) =>
        t('lab.baseline.value', {
          name: baselineText(name, null, texts),
          value: metricValue(metric, figure, texts),
        }),
      )
      .join('; '),
  ]);
  const reached = t(success ? 'lab.page.success.yes' : 'lab.page.success.no', {
    threshold: thresholdText(threshold, texts),
  });
  return table(
    {
      caption: t('named-value', { name: t('lab.page.success'), value: reached }),
      name: t('lab.page.figures'),
      columns: [
        { heading: t('lab.figures.metric') },
        { heading: t('lab.figures.value'), number: true },
        { heading: t('lab.page.without') },
      ],
      rows,
    },
    texts,
  );
}

function needles(report: AttackReport, texts: Texts): Markup {
  const { t } = texts;
  const { delta, epsilon } = report.gauges;
  const every = everyAttack(report, attackCatalogue[report.attack], texts);
  const note =
    epsilon === null || delta === null
      ? every.note
      : t('lab.page.guarantee.delta', { bound: every.note, delta: String(delta) });
  return markup`<dl class="needles">${needle(t('lab.gauge.this'), thisAttack(report, texts))}${needle(t('lab.gauge.every'), { ...every, note })}</dl>`;
}

function needle(question: string, { turn, answer, note }: Needle): Markup {
  const x = (8 + turn * 184).toFixed(1);
  return markup`<div><dt>${question}</dt><dd>${trustedMarkup(
    `<svg width="200" height="16" viewBox="0 0 200 16" aria-hidden="true"><path d="M8 8H192" stroke="var(--line-strong)" stroke-width="2"/><path d="M8 3V13M192 3V13" stroke="var(--line-strong)"/><path d="M${x} 1l5 7l-5 7l-5 -7z" fill="var(--ink)"/></svg>`,
  )}<b>${answer}</b> <span class="label">${note}</span></dd></div>
`;
}

function rowsTable({ attack, rows }: AttackReport, texts: Texts): Markup | undefined {
  if (rows.length === 0) return undefined;
  const { t } = texts;
  const columns = [...new Set(rows.flatMap(({ cells }) => Object.keys(cells)))];
  return table(
    {
      caption: t('lab.table'),
      name: t('lab.page.table'),
      columns: [
        { heading: t('lab.column.name') },
        ...columns.map((cell) => ({
          heading: columnText(attack, cell, texts),
          number: rows.every(({ cells }) => cells[cell] === undefined || typeof cells[cell] === 'number'),
        })),
      ],
      rows: rows.map(({ name, cells }) => [
        rowText(attack, name, texts),
        ...columns.map((cell) => cellValue(attack, cell, cells[cell], texts)),
      ]),
    },
    texts,
  );
}

function attacker(report: AttackReport, texts: Texts): Markup {
  const { t } = texts;
  const asked = askedOf(report);
  const wording = wordingOf(report.attack);
  return definitions('attacker', [
    [t('lab.page.attacker'), wording.attacker(asked, texts)],
    [t('lab.sees'), wording.sees(asked, texts)],
    [t('lab.may'), wording.may(asked, texts)],
    [t('lab.target'), `${wording.target(asked, texts)} (${report.target.description})`],
    [t('lab.page.protection'), protectionText(report.protection, texts)],
  ]);
}

function provenance(report: AttackReport, texts: Texts): Markup {
  const { t, formats } = texts;
  const { attack, settings, seed, seconds, engine, version, startedAt } = report;
  return definitions('provenance', [
    ...Object.entries(settings).map(
      ([name, value]) =>
        [settingText(attack, name, texts), settingValueText(attack, name, value, texts)] as const,
    ),
    [t('lab.page.seed'), String(seed)],
    [t('lab.page.took'), formats.duration(seconds)],
    [t('lab.page.engine'), engine],
    [t('lab.page.when'), formats.moment(startedAt)],
    [t('lab.page.version'), `Masquerade ${version}`],
    [t('lab.page.source'), attackCatalogue[attack].source],
  ]);
}

function definitions(className: string, lines: readonly (readonly [string, string])[]): Markup {
  return markup`<dl class="${className}">${lines.map(
    ([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>
`,
  )}</dl>`;
}
