/** A run's report on disk: the page to read, the table to compute with, the result to keep. */
import { join } from 'node:path';
import type { RunResult } from '../../core/contract/run-result.ts';
import type { Language } from '../../renderer/messages/formats.ts';
import { writeWholeFile } from '../files/files.ts';
import { resultCsv } from './csv.ts';
import { runOf } from '../../core/results/figures.ts';
import { resultJson } from './result-file.ts';

interface ReportOptions {
  /** Default: the language of the run's settings. */
  readonly language?: Language;
  /** Name of the files without their endings. Default: 'report'. */
  readonly name?: string;
}

/** Paths of the three files. */
interface ReportFiles {
  readonly html: string;
  readonly csv: string;
  readonly json: string;
}

/**
 * Writes NAME.html, NAME.csv and NAME.json into a folder, which is made if it is missing; files of these names are
 * replaced. All three are made before the first is written, and each is written whole or not at all.
 * Throws 'file-unreadable' or 'file-not-found', naming the path, when the folder cannot be written to.
 */
export async function writeReport(
  result: RunResult,
  directory: string,
  options: ReportOptions = {},
): Promise<ReportFiles> {
  const name = options.name ?? 'report';
  // what draws charts is a third of all code there is: read where there is one to draw
  const { renderReport } = await import('./document.ts');
  const html = await renderReport(result, {
    language: options.language ?? runOf(result).settings.language,
    files: { csv: `${name}.csv`, json: `${name}.json` },
  });
  const files = {
    html: join(directory, `${name}.html`),
    csv: join(directory, `${name}.csv`),
    json: join(directory, `${name}.json`),
  };
  await writeWholeFile(files.json, resultJson(result));
  await writeWholeFile(files.csv, resultCsv(result));
  await writeWholeFile(files.html, html);
  return files;
}
