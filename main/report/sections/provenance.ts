/** Versions, machine, hashes, data and licences: what somebody needs to check a result or get it again. */
import { isMnist } from '../../../core/results/figures.ts';
import { provenanceLines } from '../../../renderer/wording/provenance.ts';
import { card, type ReportContext } from '../context.ts';
import { type Markup, markup } from '../markup.ts';

export function provenanceSection(context: ReportContext): Markup {
  return card(
    'provenance',
    context.t('provenance.heading'),
    markup`<dl class="provenance">${provenanceLines(context.result, context).map(
      ({
        name,
        value,
        code,
      }) => markup`<div><dt>${name}</dt><dd>${code ? markup`<code>${value}</code>` : value}</dd></div>
`,
    )}</dl>`,
  );
}

export function colophon(context: ReportContext): Markup {
  const { t, files, run } = context;
  return markup`<footer class="colophon"><p>${t('report.columns', { csv: files.csv, json: files.json })}</p>
<p>${isMnist(run) && `${t('provenance.mnist')} `}${t('provenance.fonts')}</p></footer>
`;
}
