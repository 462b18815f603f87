/** Versions, machine, hashes, data and licences: what somebody needs to check a result or get it again. */
import type { SimulationResult } from '../../../core/contract/run-result.ts';
import type { SessionResult } from '../../../core/contract/session-result.ts';
import { card, type ReportContext } from '../context.ts';
import { isMnist } from '../figures.ts';
import { type Markup, markup, type MarkupValue } from '../markup.ts';

export function provenanceSection(context: ReportContext): Markup {
  const { t, formats, result, run } = context;
  const { dataset, model, resolved } = run;
  const rows: readonly (readonly [string, MarkupValue])[] = [
    [t('provenance.started'), formats.moment(result.startedAt)],
    [t('provenance.took'), formats.duration(result.seconds)],
    ...(run.kind === 'session' ? sessionRows(run, context) : machineRows(run, context)),
    [t('setting.seed'), String(run.settings.seed)],
    [t('provenance.data'), dataText(context)],
    ...(resolved === null ? [] : graphRows(resolved, context)),
    ...(dataset.digest === '' ? [] : [[t('provenance.data.digest'), hash(dataset.digest)] as const]),
    [t('provenance.architecture'), hash(model.architectureSha256)],
    [
      t('provenance.model'),
      run.rounds.length === 0 || run.final === null
        ? t('provenance.model.none')
        : hash(run.final.modelSha256),
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

type Row = readonly [string, MarkupValue];

function machineRows({ environment, engine }: SimulationResult, { t }: ReportContext): readonly Row[] {
  return [
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
  ];
}

/** Every machine had its own; of the session there is a name and a coordinator. */
function sessionRows({ masquerade, session }: SessionResult, { t }: ReportContext): readonly Row[] {
  return [
    [t('provenance.masquerade'), masquerade],
    [t('provenance.session'), hash(session.id)],
    [t('provenance.coordinator'), hash(session.fingerprint)],
  ];
}

function dataText({ t, run }: ReportContext): string {
  const { name, classNames } = run.dataset;
  const classes = classNames.length;
  if (run.kind === 'session')
    return t(`provenance.data.${run.dataset.mode}`, { name, test: run.dataset.test ?? 0, classes });
  return t('provenance.data.value', { name, train: run.dataset.train, test: run.dataset.test, classes });
}

function graphRows(
  resolved: SimulationResult['resolved'],
  { t, formats, run }: ReportContext,
): readonly Row[] {
  return [
    [
      t('provenance.graph'),
      resolved.graph === 'complete'
        ? t('provenance.graph.complete', { threshold: resolved.threshold })
        : t('provenance.graph.sparse', resolved),
    ],
    [
      t('provenance.quantisation'),
      run.settings.quantisation
        ? t('provenance.quantisation.value', {
            bits: resolved.bits,
            clip: formats.fixed(resolved.clipBound, 4),
          })
        : t('off'),
    ],
  ];
}

export function colophon(context: ReportContext): Markup {
  const { t, files, run } = context;
  return markup`<footer class="colophon"><p>${t('report.columns', { csv: files.csv, json: files.json })}</p>
<p>${isMnist(run) && `${t('provenance.mnist')} `}${t('provenance.fonts')}</p></footer>
`;
}

function hash(value: string): Markup {
  return markup`<code>${value}</code>`;
}
