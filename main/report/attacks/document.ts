/** Attacks of the lab as one page (../page.ts): of each its verdict, pictures, figures beside their baselines, the attacker. */
import type { AttackReport } from '../../../core/contract/attacks/attack-report.ts';
import type { Language } from '../../../renderer/messages/formats.ts';
import { type Texts, textsOf } from '../../../renderer/messages/translate.ts';
import { wordingOf } from '../../../renderer/wording/attacks/wordings.ts';
import { attackTitle } from '../../attacks/picture-rows.ts';
import { protectionText } from '../../attacks/protection-words.ts';
import { type Markup, markup } from '../markup.ts';
import { htmlPage, pageHead } from '../page.ts';
import { attackSection } from './sections.ts';

/** reports: one or more. */
export async function renderAttacks(reports: readonly AttackReport[], language: Language): Promise<string> {
  const texts = textsOf(language);
  const { t } = texts;
  const [first] = reports;
  if (first === undefined) throw new RangeError('a page of no attacks');
  const count = reports.length;
  const title = t('lab.page.title', { count, title: attackTitle(first.attack, texts) });
  const latest = reports.reduce(
    (last, { startedAt }) => (startedAt > last ? startedAt : last),
    first.startedAt,
  );
  const body = markup`${pageHead(t('lab.page.kind'), latest, texts)}<div class="opening">
<h1>${count === 1 ? t(`attack.${first.attack}.question`) : t('lab.title')}</h1>
<p class="lead">${t('lab.page.lead')} ${t('lab.page.stopped-is-not-protected')}</p>
</div>
<main>
${count > 1 && contents(reports, texts)}${reports.map((report, index) => attackSection(report, index + 1, texts))}</main>
<footer class="colophon"><p>${t('provenance.fonts')}</p></footer>
`;
  return htmlPage({ language, title, version: first.version, body });
}

function contents(reports: readonly AttackReport[], texts: Texts): Markup {
  const line = (report: AttackReport, index: number): Markup => {
    const { attack, protection } = report;
    const under = texts.t('lab.report.under', { protection: protectionText(protection, texts) });
    return markup`<li><a href="#attack-${index + 1}">${attackTitle(attack, texts)}</a>: ${wordingOf(attack).short(report, texts)} <span class="label">${under}</span></li>
`;
  };
  return markup`<nav class="card" aria-labelledby="contents-heading">
<h2 id="contents-heading">${texts.t('lab.page.contents')}</h2>
<ol class="contents">${reports.map(line)}</ol>
</nav>
`;
}
