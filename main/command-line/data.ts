/** `masquerade data list | check | describe`: which data sets there are, whether one is whole, what is in it. */
import type { Command } from 'commander';
import type { Language } from '../../renderer/messages/formats.ts';
import { type Texts, textsOf } from '../../renderer/messages/translate.ts';
import { checkDataset, describeDataset, listDatasets, type DatasetDescription } from '../data/describe.ts';
import { toJson, type CommandContext } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { languageOption } from './language-option.ts';
import { aligned } from './terminal.ts';

interface DataOptions {
  readonly json?: true;
  readonly language?: Language;
}

const textsFor = ({ language }: DataOptions): Texts => textsOf(language ?? 'en', 'terminal');

export function addDataCommand(program: Command, context: CommandContext): void {
  const { print } = context;
  const data = program.command('data').description('data sets: list them, check one, describe one');

  data
    .command('list')
    .description('the data sets that come with Masquerade; any folder of IDX files or images works as well')
    .option('--json', 'one JSON array')
    .addOption(languageOption('en'))
    .action((options: DataOptions) => {
      const datasets = listDatasets();
      if (options.json) return print(toJson(datasets));
      const { t } = textsFor(options);
      // MNIST is the only one that comes along
      for (const { source, folder } of datasets)
        print(`${source}  ${t('provenance.mnist')}\n       ${folder ?? t('terminal.dataset.not-installed')}`);
    });

  data
    .command('check')
    .description('reads all of a data set and says whether it can be used, or what is wrong')
    .argument('<source>', 'mnist, or a folder')
    .option('--json', 'one JSON object')
    .addOption(languageOption('en'))
    .addHelpText('after', `\nExit code ${exitCodes.checkFailed} when the data cannot be used.`)
    .action(async (source: string, options: DataOptions) => {
      const check = await checkDataset(source);
      if (!check.usable) context.setExitCode(exitCodes.checkFailed);
      if (options.json) return print(toJson(check));
      const { t } = textsFor(options);
      print(check.usable ? t('terminal.dataset.usable', { source, digest: check.digest }) : check.message);
    });

  data
    .command('describe')
    .description('shape, counts and classes of a data set')
    .argument('<source>', 'mnist, or a folder')
    .option('--json', 'one JSON object')
    .addOption(languageOption('en'))
    .action(async (source: string, options: DataOptions) => {
      const description = await describeDataset(source);
      print(options.json ? toJson(description) : described(description, textsFor(options)));
    });
}

function described(it: DatasetDescription, { t, formats }: Texts): string {
  const { name, train, test, height, width } = it;
  const images = t('terminal.dataset.images', { name, train, test });
  const colour = t(it.channels === 1 ? 'terminal.dataset.grey' : 'terminal.dataset.colour');
  return [
    it.heldOut ? t('terminal.dataset.held-out', { images }) : images,
    t('terminal.dataset.shape', { height, width, colour, classes: it.classes.length }),
    ...aligned([
      [t('terminal.dataset.class'), t('terminal.dataset.training'), t('terminal.dataset.test')],
      ...it.classes.map((row) => [row.name, formats.number(row.train), formats.number(row.test)]),
    ]),
    ...(it.kind === 'mnist' ? [t('provenance.mnist')] : []),
    t('terminal.dataset.digest', { digest: it.digest }),
  ].join('\n');
}
