/** The top of a report: what was run, the finding, and whatever a reader must know before the figures. */
import type { ReportContext } from '../context.ts';
import { isPartial, protectionsOf, ranges } from '../figures.ts';
import { findingOf } from '../finding.ts';
import { type Glyph, glyph, mark } from '../glyphs.ts';
import { type Markup, markup } from '../markup.ts';

/** More than this share of clipped values is worth a warning. */
const clippedWarning = 1e-4;

export function masthead(context: ReportContext): Markup {
  const { t, formats, simulation } = context;
  const kind = t(context.comparison === undefined ? 'report.simulation' : 'report.comparison');
  const themes = ['system', 'light', 'dark'] as const;
  return markup`<header class="masthead">
<span class="brand">${mark(40)}<span><b>Masquerade</b><span class="label">${kind}, <time datetime="${context.result.startedAt}">${formats.moment(context.result.startedAt)}</time></span></span></span>
<fieldset class="theme"><legend class="visually-hidden">${t('report.theme')}</legend>${themes.map(
    (theme) =>
      markup`<label><input type="radio" name="theme" id="theme-${theme}"${theme === 'system' ? markup` checked` : ''}><span>${t(`report.theme.${theme}`)}</span></label>`,
  )}</fieldset>
</header>
<div class="opening">
<p class="label">${t('report.subtitle', { dataset: simulation.dataset.name, model: simulation.model.name, parameters: simulation.model.parameters })}</p>
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

function protectionChips({ t, simulation: { settings } }: ReportContext): Markup {
  const chip = (on: boolean, name: Glyph, label: string): Markup =>
    markup`<li class="chip ${on ? 'on' : 'off'}">${glyph(on ? name : 'clear', 15)}${t('named-value', { name: label, value: t(on ? 'on' : 'off') })}</li>`;
  return markup`<ul class="chips">${chip(settings.masks, 'masked', t('setting.masks'))}${chip(settings.signatures, 'signed', t('setting.signatures'))}</ul>`;
}

function banners(context: ReportContext): readonly Markup[] {
  const { t, simulation } = context;
  const { settings, rounds, ended } = simulation;
  const banner = (kind: 'refused' | 'clear', title: string, text: string): Markup =>
    markup`<div class="banner ${kind}" role="note">${glyph(kind === 'clear' ? 'clear' : 'warning', 24)}<p><b>${title}</b> ${text}</p></div>
`;
  const found: Markup[] = [];
  if (isPartial(simulation)) {
    const kind = rounds.length === 0 ? 'banner.empty' : 'banner.partial';
    const text =
      ended === 'cancelled' ? t(`${kind}.cancelled`) : t(`${kind}.aborted`, { code: String(ended) });
    found.push(banner('refused', t(kind), text));
  }
  const wrong = rounds.filter((round) => round.exactSum === false).map((round) => round.round);
  if (wrong.length > 0)
    found.push(
      banner(
        'refused',
        t('banner.not-exact'),
        t('banner.not-exact.text', { rounds: ranges(wrong).join(', ') }),
      ),
    );
  const protections = protectionsOf(settings);
  if (!settings.masks) found.push(banner('clear', t('banner.no-masks'), t('banner.no-masks.text')));
  if (protections === 'none' || protections === 'masked-only')
    found.push(banner('clear', t('banner.no-signatures'), t('banner.no-signatures.text')));
  const clipped = rounds.filter((round) => round.clippedRate > clippedWarning).map((round) => round.round);
  if (clipped.length > 0)
    found.push(
      banner(
        'refused',
        t('banner.clipped'),
        t('banner.clipped.text', {
          rounds: ranges(clipped).join(', '),
          bound: context.formats.fixed(simulation.resolved.clipBound, 4),
        }),
      ),
    );
  return found;
}
