/** `masquerade report`: a report, again or in the other language, from the JSON that a run left. */
import { dirname } from 'node:path';
import type { Command } from 'commander';
import type { Language } from '../../renderer/messages/formats.ts';
import { callerPath } from '../files/caller-path.ts';
import { readTextFile } from '../files/files.ts';
import { parseResultJson } from '../report/result-file.ts';
import { writeReport } from '../report/write-report.ts';
import type { CommandContext } from './context.ts';
import { languageOption } from './language-option.ts';

export function addReportCommand(program: Command, { print }: CommandContext): void {
  program
    .command('report')
    .description('makes the report (HTML), CSV and JSON of a finished run from its JSON')
    .argument('<file>', 'JSON written by --out, or printed by --json')
    .option('--out <dir>', "folder to write into (default: the file's own)")
    .option('--name <name>', 'name of the files, without their endings', 'report')
    .addOption(languageOption("the run's"))
    .action(async (file: string, options: { out?: string; name: string; language?: Language }) => {
      const path = callerPath(file);
      const result = parseResultJson(await readTextFile(path), path);
      const { name, language } = options;
      const folder = options.out === undefined ? dirname(path) : callerPath(options.out);
      const files = await writeReport(result, folder, { name, ...(language ? { language } : {}) });
      print([files.html, files.csv, files.json].join('\n'));
    });
}
