/** What the protections of this run do, and what not: two sentences, and where it ran. */
import { card, type ReportContext } from '../context.ts';
import { clientCount, protectionsOf } from '../figures.ts';
import { glyph } from '../glyphs.ts';
import { type Markup, markup } from '../markup.ts';

export function protectionsSection(context: ReportContext): Markup {
  const { t, run } = context;
  const protections = protectionsOf(run.settings);
  const does =
    protections === 'none' || protections === 'signed-only'
      ? t(`protections.do.${protections}`)
      : t(`protections.do.${protections}`, { even: evenWith(context) });
  return card(
    'protections',
    t('protections.heading'),
    markup`<div class="protections"><p>${glyph(run.settings.masks ? 'masked' : 'clear', 26)}<span>${does}</span></p>
<p>${glyph('clear', 26)}<span>${t('protections.not')}</span></p></div>
<p class="label">${t(run.kind === 'session' ? 'protections.session' : 'protections.simulation')}</p>`,
  );
}

/**
 * On the complete graph a third may collude, the coordinator among them; on the sparse one the share that its sizes
 * were computed for.
 */
function evenWith({ t, formats, run }: ReportContext): string {
  const { settings, resolved } = run;
  if (resolved?.graph === 'sparse')
    return t('protections.even.share', {
      share: formats.percent(Number.parseInt(settings.tolerate, 10) / 100),
    });
  const colluders = Math.floor(clientCount(run) / 3) - 1;
  return colluders < 1 ? '' : t('protections.even', { count: colluders });
}
