/** What `simulate` and `compare` share: running with progress on the terminal, then printing, saving, exit codes. */
import type { ComparisonResult, RunResult, SimulationResult } from '../../core/contract/run-result.ts';
import { chosenLoss, type RunSettings } from '../../core/contract/run-settings.ts';
import { type Texts, textsOf } from '../../renderer/messages/translate.ts';
import { engineSentence } from '../../renderer/wording/engines.ts';
import { outlookSentences } from '../../renderer/wording/privacy.ts';
import { lossText } from '../../renderer/wording/settings.ts';
import { invalidSetting } from '../../core/errors/federation-error.ts';
import { statisticCount } from '../../core/model/moving-statistics.ts';
import { privacyOutlook } from '../../core/secagg/privacy-outlook.ts';
import { privacyPlanOf } from '../../core/secagg/privacy-plan.ts';
import { EngineSpeeds } from '../compute/engine-speeds.ts';
import { callerPath } from '../files/caller-path.ts';
import { requireWritableFolder } from '../files/files.ts';
import { writeReport } from '../report/write-report.ts';
import type { RunOptions } from '../simulation/federated.ts';
import { defaultDataFolder } from '../storage/data-folder.ts';
import { CancelledError } from '../simulation/progress.ts';
import { openWorkbench } from '../simulation/open-workbench.ts';
import type { Workbench } from '../simulation/workbench.ts';
import { toJson, type CommandContext } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { openingLine, showProgress } from './show-progress.ts';
import { labelled } from './terminal.ts';

export interface OutputOptions {
  readonly json?: true;
  /** Folder of the report, CSV and JSON; none when left out. */
  readonly out?: string;
}

/** Runs an experiment on a workbench that is closed afterwards, whatever happens. */
export async function runExperiment<Result extends SimulationResult | ComparisonResult>(
  settings: RunSettings,
  run: (bench: Workbench, options: RunOptions) => Promise<Result>,
  present: (result: Result, texts: Texts) => string,
  output: OutputOptions,
  context: CommandContext,
): Promise<void> {
  const { terminal, signal, version, print } = context;
  const texts = textsOf(settings.language, 'terminal');
  const onProgress = showProgress(terminal, texts);
  if (output.out === '') throw invalidSetting('--out', 'empty', 'a folder');
  const folder = output.out === undefined ? undefined : callerPath(output.out);
  if (folder !== undefined) await requireWritableFolder(folder);
  const engineSpeeds = new EngineSpeeds({ folder: defaultDataFolder(), version });
  const replaced = (reason: string): void => {
    onProgress({ kind: 'process-replaced', reason });
  };
  const bench = await openWorkbench(settings, replaced, { engineSpeeds });
  let result: Result;
  try {
    for (const line of describeBench(bench, texts)) terminal.line(line);
    result = await run(bench, { version, onProgress, signal });
  } catch (error) {
    if (!(error instanceof CancelledError) && !signal.aborted) throw error;
    terminal.clear();
    terminal.line(texts.t('terminal.cancelled-early'));
    context.setExitCode(exitCodes.cancelled);
    return;
  } finally {
    await bench.pool.close();
  }
  terminal.clear();
  print(output.json ? toJson(result) : present(result, texts));
  if (folder !== undefined) await saveReport(result, folder, texts, context);
  context.setExitCode(exitCodeOf(result.kind === 'comparison' ? result.simulation : result));
}

async function saveReport(
  result: RunResult,
  folder: string,
  { t }: Texts,
  { terminal }: CommandContext,
): Promise<void> {
  const files = await writeReport(result, folder);
  terminal.line('');
  const lines = labelled([
    [t('terminal.report'), files.html],
    ['CSV', files.csv],
    ['JSON', files.json],
  ]);
  for (const line of lines) terminal.line(line);
}

function exitCodeOf({ ended }: SimulationResult): number {
  if (ended === undefined || ended === 'target') return exitCodes.success;
  return ended === 'cancelled' ? exitCodes.cancelled : exitCodes.aborted;
}

function describeBench(bench: Workbench, texts: Texts): string[] {
  const { t } = texts;
  const { name, train, test } = bench.dataset;
  const { height, width } = train;
  const data = t('terminal.data.value', { name, train: train.count, test: test.count, height, width });
  const model = t('terminal.model.value', { name: bench.modelName, parameters: bench.parameterCount });
  return [
    openingLine(texts, 'terminal.data', data),
    openingLine(texts, 'terminal.model', model),
    ...describeStatistics(bench, texts),
    ...describeLoss(bench, texts),
    openingLine(texts, 'terminal.engine', engineSentence(bench.engine, texts)),
    ...describePrivacy(bench, texts),
  ];
}

/** What batch normalisation means where clients' models are averaged (core/model/layers/normalisations.ts). */
function describeStatistics({ topology }: Workbench, texts: Texts): string[] {
  const count = statisticCount(topology);
  if (count === 0) return [];
  return [openingLine(texts, 'terminal.model', texts.t('terminal.model.statistics', { count }))];
}

/** What is trained with, unless it is the usual. */
function describeLoss({ settings }: Workbench, texts: Texts): string[] {
  const loss = chosenLoss(settings);
  if (loss === undefined) return [];
  const text = texts.t('terminal.loss.value', { loss: lossText(loss, texts) });
  return [openingLine(texts, 'terminal.loss', text)];
}

/** What differential privacy will come to, and what would help where it costs too much. */
function describePrivacy({ settings, parameters }: Workbench, texts: Texts): string[] {
  const plan = privacyPlanOf(parameters);
  if (plan === undefined) return [];
  const { comesTo, warning } = outlookSentences(privacyOutlook(settings, plan), texts);
  const line = openingLine(texts, 'terminal.privacy', comesTo);
  return warning === null ? [line] : [line, `${' '.repeat(line.length - comesTo.length)}${warning}`];
}
