/** What `simulate` and `compare` share: running with progress on the terminal, then printing, saving, exit codes. */
import type { RunResult, SimulationResult } from '../../core/contract/run-result.ts';
import type { RunSettings } from '../../core/contract/run-settings.ts';
import { writeReport } from '../report/write-report.ts';
import type { RunOptions } from '../simulation/federated.ts';
import { CancelledError } from '../simulation/progress.ts';
import { openWorkbench } from '../simulation/open-workbench.ts';
import type { Workbench } from '../simulation/workbench.ts';
import { toJson, type CommandContext } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { showProgress } from './show-progress.ts';

export interface OutputOptions {
  readonly json?: true;
  /** Folder of the report, CSV and JSON; none when left out. */
  readonly out?: string;
}

/** Runs an experiment on a workbench that is closed afterwards, whatever happens. */
export async function runExperiment<Result extends RunResult>(
  settings: RunSettings,
  run: (bench: Workbench, options: RunOptions) => Promise<Result>,
  present: (result: Result) => string,
  output: OutputOptions,
  context: CommandContext,
): Promise<void> {
  const { terminal, signal, version, print } = context;
  const onProgress = showProgress(terminal);
  const bench = await openWorkbench(settings, (text) => {
    onProgress({ kind: 'note', text });
  });
  try {
    terminal.line(describeBench(bench));
    const result = await run(bench, { version, onProgress, signal });
    terminal.clear();
    print(output.json ? toJson(result) : present(result));
    if (output.out !== undefined) {
      const files = await writeReport(result, output.out);
      terminal.line(`\nReport  ${files.html}\nCSV     ${files.csv}\nJSON    ${files.json}`);
    }
    context.setExitCode(exitCodeOf(result.kind === 'comparison' ? result.simulation : result));
  } catch (error) {
    if (!(error instanceof CancelledError) && !signal.aborted) throw error;
    terminal.clear();
    terminal.line('Cancelled before the first round ended: there is no result to keep.');
    context.setExitCode(exitCodes.cancelled);
  } finally {
    await bench.pool.close();
  }
}

function exitCodeOf({ ended }: SimulationResult): number {
  if (ended === undefined || ended === 'target') return exitCodes.success;
  return ended === 'cancelled' ? exitCodes.cancelled : exitCodes.aborted;
}

function describeBench({ dataset, modelName, parameterCount, pool, engineNote }: Workbench): string {
  const { train, test } = dataset;
  const count = (value: number): string => value.toLocaleString('en');
  return [
    `Data      ${dataset.name}: ${count(train.count)} training and ${count(test.count)} test images, ${train.height} x ${train.width}`,
    `Model     ${modelName}: ${count(parameterCount)} parameters`,
    `Engine    ${engineNote}, ${pool.processes} ${pool.processes === 1 ? 'process' : 'processes'}`,
  ].join('\n');
}
