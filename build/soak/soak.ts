/**
 * `npm run soak -- --minutes N [--seed S] [--only PART] [--json]`: long campaigns that no test waits for. The seed decides
 * what is done and when; what then happens also depends on the machine. Exit code 4 when anything that must never happen
 * did.
 */
import { Command, InvalidArgumentError, Option } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { soakCrowd } from './crowd.ts';
import { soakFuzz } from './fuzz.ts';
import { soakKills } from './kills.ts';
import { soakMemory } from './memory.ts';
import type { SoakOptions, SoakPart } from './part.ts';

interface Options {
  readonly minutes: number;
  readonly seed: number;
  readonly messages: number;
  readonly members: number;
  readonly rounds: number;
  readonly only?: string;
  readonly json?: true;
}

const parts: Readonly<Record<string, (options: SoakOptions) => Promise<SoakPart>>> = {
  kills: soakKills,
  fuzz: soakFuzz,
  crowd: soakCrowd,
  memory: soakMemory,
};

function numberFrom(lowest: number, whole: boolean): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (value >= lowest && Number.isFinite(value) && (!whole || Number.isInteger(value))) return value;
    throw new InvalidArgumentError(`It must be a ${whole ? 'whole ' : ''}number from ${lowest}.`);
  };
}

const program = new Command('soak')
  .description('kills, fuzzes, crowds and runs for long, and checks that nothing forbidden ever happens')
  .option(
    '--minutes <n>',
    'how long the kills go on; a session that has begun is played to its end',
    numberFrom(0, false),
    10,
  )
  .option('--seed <n>', 'decides every choice', numberFrom(0, true), 1)
  .option('--messages <n>', 'fuzz: how many', numberFrom(1, true), 1_000_000)
  .option('--members <n>', 'crowd: how many take part', numberFrom(3, true), 500)
  .option('--rounds <n>', 'memory: how many rounds', numberFrom(1, true), 1_000)
  .addOption(new Option('--only <part>', 'this part alone').choices(Object.keys(parts)))
  .option('--json', 'one JSON object')
  .action(async ({ minutes, seed, messages, members, rounds, only, json }: Options) => {
    const onProgress = (text: string): void => void process.stderr.write(`${text}\n`);
    const results: SoakPart[] = [];
    for (const [name, run] of Object.entries(parts))
      if (only === undefined || only === name)
        results.push(
          await run({ minutes, seed, messages, members, rounds, version: packageJson.version, onProgress }),
        );
    print(results, seed, json === true);
    if (results.some(({ violations }) => violations.length > 0)) process.exitCode = 4;
  });

function print(results: readonly SoakPart[], seed: number, json: boolean): void {
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ at: new Date().toISOString(), seed, parts: results }, null, 2)}\n`,
    );
    return;
  }
  for (const { name, figures, violations } of results) {
    process.stdout.write(`\n${name} (seed ${seed})\n`);
    for (const [figure, value] of Object.entries(figures)) {
      if (typeof value !== 'object') process.stdout.write(`  ${figure}: ${value}\n`);
      else {
        const entries = Object.entries(value).map(([key, count]) => `    ${key}: ${count}\n`);
        process.stdout.write(`  ${figure}:\n${entries.join('')}`);
      }
    }
    process.stdout.write(
      `  violations: ${violations.length}\n${violations.map((text) => `    ${text}\n`).join('')}`,
    );
  }
}

await program.parseAsync();
