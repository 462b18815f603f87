/** The top of a report: what was run, the finding, and whatever a reader must know before the figures. */
import type { SessionResult } from '../../../core/contract/session-result.ts';
import type { ReportContext } from '../context.ts';
import { type FederatedRun, isPartial, protectionsOf, ranges } from '../figures.ts';
import { findingOf } from '../finding.ts';
import { type Glyph, glyph, mark } from '../glyphs.ts';
import { type Markup, markup } from '../markup.ts';

/** More than this share of clipped values is worth a warning. */
const clippedWarning = 1e-4;

export function masthead(context: ReportContext): Markup {
  const { t, formats, run } = context;
  const kind = t(`report.${context.result.kind}`);
  const themes = ['system', 'light', 'dark'] as const;
  return markup`<header class="masthead">
<span class="brand">${mark(40)}<span><b>Masquerade</b><span class="label">${kind}, <time datetime="${context.result.startedAt}">${formats.moment(context.result.startedAt)}</time></span></span></span>
<fieldset class="theme"><legend class="visually-hidden">${t('report.theme')}</legend>${themes.map(
    (theme) =>
      markup`<label><input type="radio" name="theme" id="theme-${theme}"${theme === 'system' ? markup` checked` : ''}><span>${t(`report.theme.${theme}`)}</span></label>`,
  )}</fieldset>
</header>
<div class="opening">
<p class="label">${context.session !== undefined && markup`${kept(context.session, context)}<br>`}${t('report.subtitle', { dataset: run.dataset.name, model: run.model.name, parameters: run.model.parameters })}</p>
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
  const { t, run } = context;
  const { settings, rounds } = run;
  const banner: Banner = (kind, title, text) =>
    markup`<div class="banner ${kind}" role="note">${glyph(kind === 'clear' ? 'clear' : 'warning', 24)}<p><b>${title}</b> ${text}</p></div>
`;
  const found: Markup[] = [];
  if (isPartial(run)) {
    const kind = rounds.length === 0 ? 'banner.empty' : 'banner.partial';
    found.push(banner('refused', t(kind), partialText(run, context)));
  }
  found.push(...sessionBanners(context, banner));
  const wrong = rounds
    .filter((round) => 'exactSum' in round && round.exactSum === false)
    .map((round) => round.round);
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
          bound: context.formats.fixed(run.resolved?.clipBound ?? 0, 4),
        }),
      ),
    );
  return found;
}

type Banner = (kind: 'refused' | 'clear', title: string, text: string) => Markup;

/** Whose session, and on whose machine this was kept. */
function kept({ session }: SessionResult, { t }: ReportContext): string {
  const { title, role, own, members } = session;
  const name = members.find(({ number }) => number === own)?.name;
  if (role === 'coordinator') return t('report.kept.coordinator', { title });
  return name === undefined
    ? t('report.kept.participant', { title })
    : t('report.kept.by', { title, name, number: own ?? 0 });
}

/** What ended the run early, and what the figures are then. */
function partialText({ ended, rounds, kind }: FederatedRun, { t }: ReportContext): string {
  const where = rounds.length === 0 ? 'banner.empty' : 'banner.partial';
  if (ended === 'cancelled') return t(`${where}.cancelled`);
  if (kind === 'session' && (ended === 'stopped' || ended === 'left' || ended === 'unfinished'))
    return t(`${where}.${ended}`);
  return t(`${where}.aborted`, { code: String(ended) });
}

/** What whoever reads a session's figures must know of the people behind them. */
function sessionBanners({ t, session }: ReportContext, banner: Banner): readonly Markup[] {
  if (session === undefined) return [];
  const { demonstration, identitiesCompared, members, role } = session.session;
  const found: Markup[] = [];
  if (members.length > 0 && !identitiesCompared)
    found.push(banner('clear', t('banner.not-compared'), t(`banner.not-compared.${role}`)));
  if (demonstration) found.push(banner('clear', t('banner.demonstration'), t('banner.demonstration.text')));
  return found;
}
