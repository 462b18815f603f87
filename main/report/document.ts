/**
 * A whole report as one HTML page that needs nothing else: no network, no script, its typefaces inside. The page's
 * own policy allows exactly one style sheet and embedded fonts, so that even markup smuggled in through a name could
 * load and run nothing; names are escaped besides. Light and dark follow the system, or three radio buttons.
 */
import type { RunResult } from '../../core/contract/run-result.ts';
import type { Language } from '../../renderer/messages/formats.ts';
import { type ReportContext, reportContext } from './context.ts';
import { versionOf } from '../../core/results/figures.ts';
import { markup, trustedMarkup } from './markup.ts';
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
import { styleSheet } from './style.ts';

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
  const body = markup`<body>
${masthead(context)}<main>
${resultsSection(context)}${peopleSection(context)}${curvesSection(context)}${roundsSection(context)}${eventsSection(context)}${confusionSection(context)}${costsSection(context)}${protectionsSection(context)}${settingsSection(context)}${provenanceSection(context)}</main>
${colophon(context)}</body>`;
  const { css, policySource } = await styleSheet(body.text);
  const policy = `default-src 'none'; style-src ${policySource}; font-src data:; img-src data:; base-uri 'none'; form-action 'none'`;
  return markup`<!doctype html>
<html lang="${options.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Masquerade ${versionOf(run)}">
<title>${title}</title>
<style>${trustedMarkup(css)}</style>
</head>
${body}
</html>
`.text;
}
