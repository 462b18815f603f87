/** The top of a report: what was run, the finding, and whatever a reader must know before the figures. */
import type { ReportContext } from '../context.ts';
import { cautionsOf, keptBy } from '../../../renderer/wording/cautions.ts';
import { findingOf } from '../../../renderer/wording/finding.ts';
import { type Glyph, glyph } from '../glyphs.ts';
import { type Markup, markup } from '../markup.ts';
import { pageHead } from '../page.ts';

export function masthead(context: ReportContext): Markup {
  const { t, run } = context;
  const kind = t(`report.${context.result.kind}`);
  return markup`${pageHead(kind, context.result.startedAt, context)}<div class="opening">
<p class="label">${context.session !== undefined && markup`${keptBy(context.session, context)}<br>`}${t('report.subtitle', { dataset: run.dataset.name, model: run.model.name, parameters: run.model.parameters })}</p>
${finding(context)}
${protectionChips(context)}
</div>
${banners(context)}`;
}

function finding(context: ReportContext): Markup {
  const { headline, support } = findingOf(context.result, context);
  return markup`<h1>${headline}</h1>
<p class="lead">${support.join(' ')}</p>`;
}

function protectionChips({ t, run: { settings } }: ReportContext): Markup {
  const chip = (on: boolean, name: Glyph, label: string): Markup =>
    markup`<li class="chip ${on ? 'on' : 'off'}">${glyph(on ? name : 'clear', 15)}${t('named-value', { name: label, value: t(on ? 'on' : 'off') })}</li>`;
  return markup`<ul class="chips">${chip(settings.masks, 'masked', t('setting.masks'))}${chip(settings.signatures, 'signed', t('setting.signatures'))}</ul>`;
}

function banners(context: ReportContext): readonly Markup[] {
  return cautionsOf(context.run, context).map(
    ({ kind, title, text }) =>
      markup`<div class="banner ${kind}" role="note">${glyph(kind === 'clear' ? 'clear' : 'warning', 24)}<p><b>${title}</b> ${text}</p></div>
`,
  );
}
