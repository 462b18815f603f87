/** Versions, machine, hashes, data: what somebody needs to check a result or get it again. */
import type { EngineUsed } from '../../core/contract/engines.ts';
import type { RunResult, SimulationResult } from '../../core/contract/run-result.ts';
import type { SessionResult } from '../../core/contract/session-result.ts';
import { type FederatedRun, runOf } from '../../core/results/figures.ts';
import type { Texts } from '../messages/translate.ts';
import { engineSentence, sessionEngine } from './engines.ts';

export interface ProvenanceLine {
  readonly name: string;
  readonly value: string;
  /** A hash or an id: compared letter by letter. */
  readonly code: boolean;
}

const line = (name: string, value: string): ProvenanceLine => ({ name, value, code: false });
const hash = (name: string, value: string): ProvenanceLine => ({ name, value, code: true });

export function provenanceLines(result: RunResult, texts: Texts): readonly ProvenanceLine[] {
  const { t, formats } = texts;
  const run = runOf(result);
  const { dataset, model, resolved } = run;
  return [
    line(t('provenance.started'), formats.moment(result.startedAt)),
    line(t('provenance.took'), formats.duration(result.seconds)),
    ...(run.kind === 'session' ? sessionLines(run, texts) : machineLines(run, texts)),
    line(t('setting.seed'), String(run.settings.seed)),
    line(t('provenance.data'), dataText(run, texts)),
    ...(resolved === null ? [] : graphLines(resolved, run, texts)),
    ...(dataset.digest === '' ? [] : [hash(t('provenance.data.digest'), dataset.digest)]),
    hash(t('provenance.architecture'), model.architectureSha256),
    run.rounds.length === 0 || run.final === null
      ? line(t('provenance.model'), t('provenance.model.none'))
      : hash(t('provenance.model'), run.final.modelSha256),
  ];
}

function machineLines({ environment, engine }: SimulationResult, texts: Texts): readonly ProvenanceLine[] {
  const { t } = texts;
  return [
    line(t('provenance.masquerade'), environment.masquerade),
    line(t('provenance.node'), environment.node),
    line(t('provenance.platform'), environment.platform),
    line(
      t('provenance.processor'),
      t('provenance.processor.cores', { processor: environment.processor, count: environment.cores }),
    ),
    line(
      t('provenance.engine'),
      engine.plan === undefined ? earlierEngine(engine, texts) : engineSentence(engine, texts),
    ),
  ];
}

/** Of a result that does not say why. */
function earlierEngine({ name, variant, processes }: EngineUsed, { t }: Texts): string {
  return t('provenance.engine.value', { engine: name, variant, count: processes });
}

/** Every machine had its own; of the session there is a name and a coordinator. */
function sessionLines(result: SessionResult, texts: Texts): readonly ProvenanceLine[] {
  const { masquerade, session } = result;
  const { t } = texts;
  return [
    line(t('provenance.masquerade'), masquerade),
    hash(t('provenance.session'), session.id),
    hash(t('provenance.coordinator'), session.fingerprint),
    line(t('provenance.engine'), sessionEngine(result, texts)),
  ];
}

function dataText(run: FederatedRun, { t }: Texts): string {
  const { name, classNames } = run.dataset;
  const classes = classNames.length;
  if (run.kind === 'session')
    return t(`provenance.data.${run.dataset.mode}`, { name, test: run.dataset.test ?? 0, classes });
  return t('provenance.data.value', { name, train: run.dataset.train, test: run.dataset.test, classes });
}

function graphLines(
  resolved: SimulationResult['resolved'],
  { settings }: FederatedRun,
  { t, formats }: Texts,
): readonly ProvenanceLine[] {
  return [
    line(
      t('provenance.graph'),
      resolved.graph === 'complete'
        ? t('provenance.graph.complete', { threshold: resolved.threshold })
        : t('provenance.graph.sparse', resolved),
    ),
    line(
      t('provenance.quantisation'),
      settings.quantisation
        ? t('provenance.quantisation.value', {
            bits: resolved.bits,
            clip: formats.fixed(resolved.clipBound, 4),
          })
        : t('off'),
    ),
  ];
}
