/** `masquerade compare`: the results table, all the data in one place, one client alone, and the federation. */
import { join } from 'node:path';
import type { Command } from 'commander';
import type { ComparisonResult, ComparisonRow } from '../../core/contract/run-result.ts';
import { runComparison } from '../simulation/comparison.ts';
import type { CommandContext } from './context.ts';
import { runExperiment, type OutputOptions } from './experiment.ts';
import { addSettingOptions, readSettings } from './settings.ts';
import { formatDuration } from './terminal.ts';

export function addCompareCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('compare')
    .description('the results table: all data in one place, one client alone, all clients masked and signed');
  addSettingOptions(command)
    .option('--out <dir>', 'folder of the report (HTML), CSV and JSON (default: results/<date and time>)')
    .option('--json', 'print the result as one JSON object')
    .addHelpText('after', '\nWithout settings this is the reference experiment: 20 clients, MNIST, 5 rounds.')
    .action(async (options: OutputOptions & Record<string, unknown>) => {
      const settings = await readSettings(options);
      const out = options.out ?? join('results', timestamp(new Date()));
      await runExperiment(settings, runComparison, present, { ...options, out }, context);
    });
}

/** '2026-11-24-101530', local time. */
function timestamp(date: Date): string {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
}

const titles: Readonly<Record<ComparisonRow['name'], string>> = {
  centralised: 'All the data in one place',
  'single-client': 'One client alone',
  federated: 'All clients, federated',
};

function present({ rows, simulation, seconds }: ComparisonResult): string {
  const protections = [
    simulation.settings.masks ? 'masked' : 'not masked',
    simulation.settings.signatures ? 'signed' : 'not signed',
  ].join(' and ');
  const lines = rows.map(({ name, accuracy, f1Weighted, examples, seconds: taken }) =>
    [
      (name === 'federated' ? `${titles[name]}, ${protections}` : titles[name]).padEnd(42),
      examples.toLocaleString('en').padStart(8),
      accuracy.toFixed(4).padStart(10),
      f1Weighted.toFixed(4).padStart(13),
      formatDuration(taken).padStart(8),
    ].join(''),
  );
  return [
    `${'Trained on'.padEnd(42)}${'Images'.padStart(8)}${'Accuracy'.padStart(10)}${'Weighted F1'.padStart(13)}${'Time'.padStart(8)}`,
    ...lines,
    `In all ${formatDuration(seconds)}. Model ${simulation.final.modelSha256}`,
  ].join('\n');
}
