/** `masquerade data list | check | describe`: which data sets there are, whether one is whole, what is in it. */
import type { Command } from 'commander';
import { checkDataset, describeDataset, listDatasets } from '../data/describe.ts';
import { toJson, type CommandContext } from './context.ts';
import { exitCodes } from './exit-codes.ts';

export function addDataCommand(program: Command, context: CommandContext): void {
  const { print } = context;
  const data = program.command('data').description('data sets: list them, check one, describe one');

  data
    .command('list')
    .description('the data sets that come with Masquerade; any folder of IDX files or images works as well')
    .option('--json', 'one JSON array')
    .action(({ json }: { json?: true }) => {
      const datasets = listDatasets();
      if (json) return print(toJson(datasets));
      for (const { source, name, folder, attribution, licence } of datasets)
        print(
          `${source}  ${name}, ${attribution}, ${licence}\n       ${folder ?? 'not installed: run npm start once'}`,
        );
    });

  data
    .command('check')
    .description('reads all of a data set and says whether it can be used, or what is wrong')
    .argument('<source>', 'mnist, or a folder')
    .option('--json', 'one JSON object')
    .addHelpText('after', `\nExit code ${exitCodes.checkFailed} when the data cannot be used.`)
    .action(async (source: string, { json }: { json?: true }) => {
      const check = await checkDataset(source);
      if (!check.usable) context.setExitCode(exitCodes.checkFailed);
      if (json) return print(toJson(check));
      print(check.usable ? `${source} can be used. Digest ${check.digest}.` : check.message);
    });

  data
    .command('describe')
    .description('shape, counts and classes of a data set')
    .argument('<source>', 'mnist, or a folder')
    .option('--json', 'one JSON object')
    .action(async (source: string, { json }: { json?: true }) => {
      const it = await describeDataset(source);
      if (json) return print(toJson(it));
      const testNote = it.heldOut ? ' (held back from the folder, as it has no test images)' : '';
      print(`${it.name}: ${it.train} training images, ${it.test} test images${testNote}`);
      print(
        `${it.height} x ${it.width} pixels, ${it.channels === 1 ? 'grey' : 'colour'}, ${it.classes.length} classes`,
      );
      const width = Math.max(...it.classes.map(({ name }) => name.length), 'class'.length);
      print(`${'class'.padEnd(width)}  training  test`);
      for (const { name, train, test } of it.classes)
        print(`${name.padEnd(width)}  ${String(train).padStart(8)}  ${String(test).padStart(4)}`);
      if (it.attribution !== undefined) print(`${it.attribution}, ${it.licence ?? ''}`);
      print(`Digest ${it.digest}`);
    });
}
