/**
 * `npm run bench [-- secagg|training|profile|memory|federated|wire|quantisation|privacy|network|interface] [options]`: what things cost on this machine, each beside a
 * baseline of the same run. Never part of the tests: times belong to a machine and a moment.
 */
import { loadavg } from 'node:os';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import type { RunSettings } from '../../core/contract/run-settings.ts';
import { benchFederated } from './federated.ts';
import { benchInterface } from './interface.ts';
import { benchMemory } from './memory.ts';
import { benchNetwork } from './network.ts';
import { benchPrivacy } from './privacy.ts';
import { benchProfile } from './profile.ts';
import { benchQuantisation } from './quantisation.ts';
import { benchSecagg } from './secagg.ts';
import { BenchError, formatTable, machine, mostSeeds, type BenchPart } from './table.ts';
import { benchTraining } from './training.ts';
import { benchWire } from './wire.ts';

interface BenchOptions {
  readonly json?: true;
  readonly clients?: readonly number[];
  readonly drop?: readonly number[];
  readonly parameters: number;
  readonly keyAgreement: RunSettings['keyAgreement'];
  readonly repeat: number;
  readonly seeds: number;
  readonly participants: number;
  readonly rounds: number;
  readonly examplesPerClient: number;
  readonly model?: string;
  readonly batch: readonly number[];
  readonly layers?: true;
  readonly against?: 'pytorch';
  readonly engines?: readonly string[];
  readonly work?: readonly string[];
  readonly seconds: number;
  readonly steps: number;
  readonly crowd: number;
  readonly watchedRounds: number;
}

const onProgress = (text: string): void => void process.stderr.write(`${text} ...\n`);

/** By name, in the order in which all of them run. */
const parts: Readonly<Record<string, (options: BenchOptions) => Promise<BenchPart>>> = {
  secagg: ({ clients, drop, parameters, keyAgreement }) =>
    benchSecagg({ clients, drop, parameters, keyAgreement, onProgress }),
  training: ({ repeat, model = 'cnn', batch, layers = false, against, engines, work, seconds }) =>
    benchTraining({
      repeat,
      models: model.split(','),
      batches: batch,
      layers,
      against,
      engines,
      works: work,
      seconds,
      onProgress,
    }),
  profile: ({ repeat, model = 'cnn', batch }) =>
    benchProfile({ repeat, model, batch: batch[0]!, onProgress }),
  memory: ({ steps, model = 'cnn' }) => benchMemory({ steps, model, onProgress }),
  federated: ({ against }) => benchFederated({ version: packageJson.version, against, onProgress }),
  wire: ({ repeat }) => benchWire({ repeat, onProgress }),
  quantisation: ({ seeds }) => benchQuantisation({ seeds, version: packageJson.version, onProgress }),
  privacy: ({ repeat, model }) => benchPrivacy({ seeds: repeat, model, onProgress }),
  network: ({ participants, rounds, examplesPerClient, model = 'cnn', crowd }) =>
    benchNetwork({
      participants,
      rounds,
      examplesPerClient,
      model,
      crowd,
      version: packageJson.version,
      onProgress,
    }),
  interface: ({ repeat, watchedRounds }) => benchInterface({ repeat, rounds: watchedRounds, onProgress }),
};

function wholeNumber(lowest: number, highest = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= lowest && value <= highest) return value;
    const to = highest === Number.MAX_SAFE_INTEGER ? '' : ` to ${highest}`;
    throw new InvalidArgumentError(`It must be a whole number from ${lowest}${to}.`);
  };
}

function numbers(text: string): number[] {
  const values = text.split(',').map(Number);
  if (values.some((value) => !Number.isFinite(value)))
    throw new InvalidArgumentError('It must be numbers, with commas.');
  return values;
}

function wholeNumbers(lowest: number): (text: string) => number[] {
  return (text) => text.split(',').map(wholeNumber(lowest));
}

const words = (text: string): string[] => text.split(',');

const program = new Command('bench')
  .description('measures what Masquerade costs on this machine, each part beside a baseline of the same run')
  .addArgument(new Argument('[part]', 'all by default').choices(Object.keys(parts)))
  .option('--json', 'one JSON object')
  .option('--clients <list>', 'secagg: only these numbers of clients (20, 100, 200, 500)', numbers)
  .option('--drop <list>', 'secagg: only these shares dropping out (0, 0.1, 0.2, 0.3)', numbers)
  .option('--parameters <d>', 'secagg: parameters of the model', wholeNumber(1), 241_546)
  .addOption(
    new Option('--key-agreement <name>', 'secagg: the group').choices(['x25519', 'modp14']).default('x25519'),
  )
  .option(
    '--repeat <n>',
    'training, profile, wire, interface: runs, or samples, of each; privacy: seeds',
    wholeNumber(1),
    5,
  )
  .option('--seeds <n>', 'quantisation: pairs of runs', wholeNumber(2, mostSeeds), 10)
  .option('--participants <n>', 'network: processes that take part', wholeNumber(3, 200), 20)
  .option('--rounds <n>', 'network: rounds', wholeNumber(1, 1_000), 5)
  .option('--examples-per-client <n>', 'network: images of each', wholeNumber(1, 60_000), 3_000)
  .option(
    '--model <name>',
    'training, profile, memory, network: a named model, cnn by default (training: several with commas, or all); privacy: only settings of that model',
  )
  .option('--batch <list>', 'training, profile: images of a step', wholeNumbers(1), [32])
  .option('--layers', 'training: a model for every kind of layer instead')
  .addOption(
    new Option(
      '--against <rival>',
      'training, federated: beside it, where $PYTHON or python3 has torch',
    ).choices(['pytorch']),
  )
  .option('--engines <list>', 'training: only these beside compiled (wasm, tensorflow, ...)', words)
  .option('--work <list>', 'training: only this (train, evaluate, input-gradient)', words)
  .option('--seconds <s>', 'training: processor time of each run', Number, 1)
  .option('--steps <n>', 'memory: steps of training', wholeNumber(1), 10_000)
  .option('--crowd <n>', 'network: connections of the second row; 0 leaves it out', wholeNumber(0, 500), 500)
  .option(
    '--watched-rounds <n>',
    'interface: rounds over which memory is watched',
    wholeNumber(2, 10_000),
    200,
  )
  .action(async (part: string | undefined, options: BenchOptions) => {
    const chosen = part === undefined ? Object.values(parts) : [parts[part]!];
    const results: BenchPart[] = [];
    const loadBefore = loadNow();
    try {
      for (const run of chosen) results.push(await run(options));
    } catch (error) {
      if (error instanceof BenchError) program.error(error.message);
      throw error;
    }
    print(results, options.json === true, loadBefore);
  });

/** How many processes wanted a core over the last minute, in the mean. */
function loadNow(): number {
  return Number(loadavg()[0]!.toFixed(1));
}

function print(results: readonly BenchPart[], json: boolean, loadBefore: number): void {
  const given = process.argv.slice(2).filter((argument) => argument !== '--json');
  const command = ['npm run bench --', ...given].join(' ').replace(/ --$/, '');
  const about = { ...machine(), at: new Date().toISOString(), command, loadBefore, loadAfter: loadNow() };
  if (json) {
    const [only] = results;
    const result = results.length === 1 ? { ...about, ...only } : { ...about, parts: results };
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    return;
  }
  process.stdout.write(
    `${about.processor}, ${about.cores} cores, Node ${about.node}, ${about.at}, load ${loadBefore} before and ${about.loadAfter} after\n`,
  );
  for (const { name, about: sentence, rows, summary } of results) {
    process.stdout.write(`\n${name}. ${sentence}\n${formatTable(rows)}\n`);
    if (summary) process.stdout.write(`${formatTable([summary])}\n`);
  }
}

await program.parseAsync();
