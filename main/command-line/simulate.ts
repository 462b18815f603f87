/** `masquerade simulate`: federated training on this machine, every protection on unless told otherwise. */
import type { Command } from 'commander';
import { engineText } from '../../core/contract/engines.ts';
import type { SimulationResult } from '../../core/contract/run-result.ts';
import type { Texts } from '../../renderer/messages/translate.ts';
import { runFederated } from '../simulation/federated.ts';
import type { CommandContext } from './context.ts';
import { runExperiment, type OutputOptions } from './experiment.ts';
import { addSettingOptions, readSettings } from './settings.ts';
import { labelled } from './terminal.ts';

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

function present(
  { rounds, final, seconds, ended, aborted, settings, engine }: SimulationResult,
  { t, formats }: Texts,
): string {
  const time = formats.duration(seconds);
  const done =
    rounds.length === settings.rounds
      ? t('terminal.rounds', { count: rounds.length, time })
      : t('terminal.rounds.partial', { count: rounds.length, rounds: settings.rounds, time });
  const lines = [ended === undefined ? done : t('terminal.ended', { rounds: done, reason: endOf(ended, t) })];
  if (aborted !== undefined && aborted.needed > 0) lines.push(t('terminal.aborted', aborted));
  // the scores of a model that nobody has trained would say nothing
  if (rounds.length === 0) return lines.join('\n');
  const scores = labelled([
    [t('results.accuracy'), formats.score(final.accuracy)],
    [t('results.f1'), formats.score(final.f1Weighted)],
    [t('terminal.model'), final.modelSha256],
    [t('terminal.engine'), engineText(engine)],
  ]);
  return [...lines, ...scores].join('\n');
}

/** In words, or the code of an abort. */
function endOf(ended: string, t: Texts['t']): string {
  return ended === 'target' || ended === 'cancelled' || ended === 'privacy-budget'
    ? t(`terminal.ended.${ended}`)
    : ended;
}
