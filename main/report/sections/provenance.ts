/** Versions, machine, hashes, data and licences: what somebody needs to check a result or get it again. */
import { card, type ReportContext } from '../context.ts';
import { isMnist } from '../figures.ts';
import { type Markup, markup, type MarkupValue } from '../markup.ts';

export function provenanceSection(context: ReportContext): Markup {
  const { t, formats, result, simulation } = context;
  const { dataset, engine, environment, model, resolved } = simulation;
  const rows: readonly (readonly [string, MarkupValue])[] = [
    [t('provenance.started'), formats.moment(result.startedAt)],
    [t('provenance.took'), formats.duration(result.seconds)],
    [t('provenance.masquerade'), environment.masquerade],
    [t('provenance.node'), environment.node],
    [t('provenance.platform'), environment.platform],
    [
      t('provenance.processor'),
      t('provenance.processor.cores', { processor: environment.processor, count: environment.cores }),
    ],
    [
      t('provenance.engine'),
      t('provenance.engine.value', { engine: engine.name, variant: engine.variant, count: engine.processes }),
    ],
    [t('setting.seed'), String(simulation.settings.seed)],
    [
      t('provenance.data'),
      t('provenance.data.value', {
        name: dataset.name,
        train: dataset.train,
        test: dataset.test,
        classes: dataset.classNames.length,
      }),
    ],
    [
      t('provenance.graph'),
      resolved.graph === 'complete'
        ? t('provenance.graph.complete', { threshold: resolved.threshold })
        : t('provenance.graph.sparse', resolved),
    ],
    [
      t('provenance.quantisation'),
      simulation.settings.quantisation
        ? t('provenance.quantisation.value', {
            bits: resolved.bits,
            clip: formats.fixed(resolved.clipBound, 4),
          })
        : t('off'),
    ],
    [t('provenance.data.digest'), hash(dataset.digest)],
    [t('provenance.architecture'), hash(model.architectureSha256)],
    [
      t('provenance.model'),
      simulation.rounds.length === 0 ? t('provenance.model.none') : hash(simulation.final.modelSha256),
    ],
  ];
  return card(
    'provenance',
    t('provenance.heading'),
    markup`<dl class="provenance">${rows.map(
      ([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>
`,
    )}</dl>`,
  );
}

export function colophon(context: ReportContext): Markup {
  const { t, files, simulation } = context;
  return markup`<footer class="colophon"><p>${t('report.columns', { csv: files.csv, json: files.json })}</p>
<p>${isMnist(simulation) && `${t('provenance.mnist')} `}${t('provenance.fonts')}</p></footer>
`;
}

function hash(value: string): Markup {
  return markup`<code>${value}</code>`;
}
