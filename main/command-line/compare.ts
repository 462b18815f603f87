/** `masquerade compare`: the results table, all the data in one place, one client alone, and the federation. */
import { join } from 'node:path';
import type { Command } from 'commander';
import type { ComparisonResult } from '../../core/contract/run-result.ts';
import type { Texts } from '../../renderer/messages/translate.ts';
import { engineText } from '../../core/contract/engines.ts';
import { protectionsOf } from '../../core/results/figures.ts';
import { runComparison } from '../simulation/comparison.ts';
import type { CommandContext } from './context.ts';
import { runExperiment, type OutputOptions } from './experiment.ts';
import { addSettingOptions, readSettings } from './settings.ts';
import { aligned } from './terminal.ts';

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

function present({ rows, simulation, seconds }: ComparisonResult, { t, formats }: Texts): string {
  const protections = protectionsOf(simulation.settings);
  const together =
    protections === 'none' ? 'results.federated' : (`results.federated.${protections}` as const);
  const table = [
    [t('results.trained-on'), t('results.images'), t('results.accuracy'), t('results.f1'), t('results.time')],
    ...rows.map(({ name, accuracy, f1Weighted, examples, seconds: taken }) => [
      t(name === 'federated' ? together : `results.${name}`),
      formats.number(examples),
      formats.score(accuracy),
      formats.score(f1Weighted),
      formats.duration(taken),
    ]),
  ];
  return [
    ...aligned(table),
    t('terminal.in-all', {
      time: formats.duration(seconds),
      digest: simulation.final.modelSha256,
      engine: engineText(simulation.engine),
    }),
  ].join('\n');
}
