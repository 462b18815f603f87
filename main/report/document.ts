/** A whole report of a run as one page (page.ts). */
import type { RunResult } from '../../core/contract/run-result.ts';
import type { Language } from '../../renderer/messages/formats.ts';
import { type ReportContext, reportContext } from './context.ts';
import { versionOf } from '../../core/results/figures.ts';
import { markup } from './markup.ts';
import { htmlPage } from './page.ts';
import { confusionSection } from './sections/confusion.ts';
import { costsSection } from './sections/costs.ts';
import { curvesSection } from './sections/curves.ts';
import { eventsSection } from './sections/events.ts';
import { masthead } from './sections/opening.ts';
import { peopleSection } from './sections/people.ts';
import { protectionsSection } from './sections/protections.ts';
import { colophon, provenanceSection } from './sections/provenance.ts';
import { resultsSection } from './sections/results.ts';
import { roundsSection } from './sections/rounds.ts';
import { settingsSection } from './sections/settings.ts';

export async function renderReport(
  result: RunResult,
  options: { readonly language: Language; readonly files: ReportContext['files'] },
): Promise<string> {
  const context = reportContext(result, options.language, options.files);
  const { t, formats, run } = context;
  const title = t('report.title', {
    kind: t(`report.${result.kind}`),
    dataset: run.kind === 'session' ? run.session.title : run.dataset.name,
    date: formats.moment(result.startedAt),
  });
  const body = markup`${masthead(context)}<main>
${resultsSection(context)}${peopleSection(context)}${curvesSection(context)}${roundsSection(context)}${eventsSection(context)}${confusionSection(context)}${costsSection(context)}${protectionsSection(context)}${settingsSection(context)}${provenanceSection(context)}</main>
${colophon(context)}`;
  return htmlPage({ language: options.language, title, version: versionOf(run), body });
}
