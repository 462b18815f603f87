/** `masquerade attack suite`: every attack under every switch over several seeds, as one page of figures. */
import { appendFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import { type AttackName, attackNames } from '../../core/contract/attacks/names.ts';
import { textsOf } from '../../renderer/messages/translate.ts';
import { AttackStopped } from '../attacks/run-attack-process.ts';
import { runSuite, suiteItems, type SuiteRun } from '../attacks/suite.ts';
import { summariseSuite } from '../attacks/suite-figures.ts';
import { suitePage } from '../attacks/suite-page.ts';
import { callerPath } from '../files/caller-path.ts';
import { fileError, fileUnreadable, readTextFile, writeWholeFile } from '../files/files.ts';
import { describeEnvironment } from '../simulation/workbench.ts';
import { type CommandContext, toJson } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { wholeNumber } from './session-options.ts';

interface SuiteOptions {
  readonly seeds: number;
  readonly jobs: number;
  readonly only?: readonly AttackName[];
  readonly quick?: true;
  readonly json?: true;
  readonly out?: string;
  readonly resume?: string;
}

export function addSuiteCommand(attack: Command, context: CommandContext): void {
  attack
    .command('suite')
    .description('every attack under every switch over several seeds: one page of figures, in English')
    .option('--seeds <number>', 'runs of each, with seeds 1, 2, ... (default: 5)', wholeNumber(1, 100), 5)
    .option('--only <names>', 'these attacks alone, with commas between them', names)
    .option('--quick', 'short settings, which only tell whether everything runs')
    .option(
      '--jobs <number>',
      'attacks side by side (default: one per core)',
      wholeNumber(1, 64),
      availableParallelism(),
    )
    .option('--out <file>', 'writes the page (Markdown) into this file; it is printed when left out')
    .option('--resume <file>', 'keeps finished runs in this file, and does not run again what is in it')
    .option('--json', 'prints the figures as one JSON object')
    .action((options: SuiteOptions) => suite(options, context));
}

function names(text: string): readonly AttackName[] {
  return text.split(',').map((given) => {
    const name = attackNames.find((known) => known === given.trim());
    if (name === undefined) throw new InvalidArgumentError(`It must be of ${attackNames.join(', ')}.`);
    return name;
  });
}

async function suite(options: SuiteOptions, context: CommandContext): Promise<void> {
  const { terminal, signal, version, print, setExitCode } = context;
  const { seeds, jobs, quick = false } = options;
  const resume = options.resume === undefined ? undefined : callerPath(options.resume);
  const known = resume === undefined ? [] : await readRuns(resume);
  const items = suiteItems(options.only ?? attackNames, seeds, quick);
  const texts = textsOf('en', 'terminal');
  const startedAt = performance.now();
  let first: number | undefined;
  let runs: readonly SuiteRun[];
  try {
    runs = await runSuite({
      items,
      known,
      jobs,
      version,
      signal,
      onRun: async (run, { done, total }) => {
        if (resume !== undefined) await keepRun(resume, run);
        first ??= done - 1;
        const each = (performance.now() - startedAt) / 1000 / (done - first);
        const label = `${run.attack}, ${run.case}, seed ${run.seed}`;
        const said =
          run.report === undefined
            ? `failed: ${run.failed}`
            : `${run.report.outcome}, ${texts.formats.duration(run.report.seconds)}`;
        terminal.line(`${String(done).padStart(String(total).length)}/${total}  ${label}: ${said}`);
        terminal.progress({ label, share: done / total, secondsLeft: each * (total - done), texts });
      },
    });
  } catch (error) {
    if (!(error instanceof AttackStopped)) throw error;
    terminal.clear();
    terminal.line(
      resume === undefined
        ? 'Cancelled: nothing is kept without --resume FILE.'
        : `Cancelled: finished runs are kept in ${resume}.`,
    );
    setExitCode(exitCodes.cancelled);
    return;
  }
  terminal.clear();
  const attacks = summariseSuite(runs);
  const environment = describeEnvironment(version);
  const at = new Date().toISOString();
  if (options.json) print(toJson({ version, environment, at, seeds, quick, jobs, attacks }));
  if (options.out !== undefined || options.json === undefined) {
    const page = suitePage({ attacks, environment, seeds, quick, jobs, command: commandOf(options), at });
    if (options.out === undefined) print(page.trimEnd());
    else await writeWholeFile(callerPath(options.out), page);
  }
  if (runs.some(({ failed }) => failed !== undefined)) setExitCode(exitCodes.fault);
}

function commandOf({ seeds, only, quick }: SuiteOptions): string {
  const parts = [
    `--seeds ${seeds}`,
    ...(only === undefined ? [] : [`--only ${only.join(',')}`]),
    ...(quick ? ['--quick'] : []),
  ];
  return `masquerade attack suite ${parts.join(' ')}`;
}

async function readRuns(path: string): Promise<readonly SuiteRun[]> {
  let text: string;
  try {
    text = await readTextFile(path);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as SuiteRun;
    } catch (cause) {
      throw fileUnreadable(path, `line ${index + 1} is no finished run`, cause);
    }
  });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'file-not-found';
}

async function keepRun(path: string, run: SuiteRun): Promise<void> {
  try {
    await appendFile(path, `${JSON.stringify(run)}\n`);
  } catch (cause) {
    throw fileError(path, cause);
  }
}
