/** What the protections of this run do, and what not: two sentences, and where it ran. */
import { protectionSentence } from '../../../renderer/wording/protections.ts';
import { card, type ReportContext } from '../context.ts';
import { glyph } from '../glyphs.ts';
import { type Markup, markup } from '../markup.ts';

export function protectionsSection(context: ReportContext): Markup {
  const { t, run } = context;
  return card(
    'protections',
    t('protections.heading'),
    markup`<div class="protections"><p>${glyph(run.settings.masks ? 'masked' : 'clear', 26)}<span>${protectionSentence(run, context)}</span></p>
<p>${glyph('clear', 26)}<span>${t('protections.not')}</span></p></div>
<p class="label">${t(run.kind === 'session' ? 'protections.session' : 'protections.simulation')}</p>`,
  );
}
