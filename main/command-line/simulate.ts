/** `masquerade simulate`: federated training on this machine, every protection on unless told otherwise. */
import type { Command } from 'commander';
import type { SimulationResult } from '../../core/contract/run-result.ts';
import { runFederated } from '../simulation/federated.ts';
import type { CommandContext } from './context.ts';
import { runExperiment, type OutputOptions } from './experiment.ts';
import { addSettingOptions, readSettings } from './settings.ts';
import { formatDuration } from './terminal.ts';

export function addSimulateCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('simulate')
    .description('federated training on this machine: every client and the coordinator, every message');
  addSettingOptions(command)
    .option('--out <dir>', 'write a report (HTML), CSV and JSON into this folder')
    .option('--json', 'print the result as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  masquerade simulate --clients 6 --rounds 3 --out results/six
  masquerade simulate --partition dirichlet:0.1 --prox 0.01
  masquerade simulate --config settings.json --json > run.json`,
    )
    .action(async (options: OutputOptions & Record<string, unknown>) => {
      const settings = await readSettings(options);
      await runExperiment(settings, runFederated, present, options, context);
    });
}

function present({ rounds, final, seconds, ended, settings }: SimulationResult): string {
  const last = rounds.length === settings.rounds ? '' : ` of ${settings.rounds}`;
  return [
    `${rounds.length}${last} ${rounds.length === 1 && last === '' ? 'round' : 'rounds'} in ${formatDuration(seconds)}${ended ? `, ended by: ${ended}` : ''}`,
    `Accuracy     ${final.accuracy.toFixed(4)}`,
    `Weighted F1  ${final.f1Weighted.toFixed(4)}`,
    `Model        ${final.modelSha256}`,
  ].join('\n');
}
