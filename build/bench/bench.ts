/**
 * `npm run bench [-- secagg|training] [options]`: what things cost on this machine, each beside a baseline of the same
 * run. Never part of the tests: times belong to a machine and a moment.
 */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { RunSettings } from '../../core/contract/run-settings.ts';
import { benchSecagg } from './secagg.ts';
import { formatTable, machine, type BenchPart } from './table.ts';
import { benchTraining } from './training.ts';

interface BenchOptions {
  readonly json?: true;
  readonly clients?: readonly number[];
  readonly drop?: readonly number[];
  readonly parameters: number;
  readonly keyAgreement: RunSettings['keyAgreement'];
  readonly repeat: number;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}

function numbers(text: string): number[] {
  const values = text.split(',').map(Number);
  if (values.some((value) => !Number.isFinite(value)))
    throw new InvalidArgumentError('It must be numbers, with commas.');
  return values;
}

const program = new Command('bench')
  .description('measures what secure aggregation and training cost on this machine')
  .argument('[part]', 'secagg or training; both by default')
  .option('--json', 'one JSON object')
  .option('--clients <list>', 'secagg: only these numbers of clients (20, 100, 200, 500)', numbers)
  .option('--drop <list>', 'secagg: only these shares dropping out (0, 0.1, 0.2, 0.3)', numbers)
  .option('--parameters <d>', 'secagg: parameters of the model', wholeNumber, 241_546)
  .addOption(
    new Option('--key-agreement <name>', 'secagg: the group').choices(['x25519', 'modp14']).default('x25519'),
  )
  .option('--repeat <n>', 'training: runs of each engine', wholeNumber, 5)
  .action(async (part: string | undefined, options: BenchOptions) => {
    if (part !== undefined && part !== 'secagg' && part !== 'training')
      program.error(`Cannot measure ${part}: it must be secagg or training.`);
    const onProgress = (text: string): void => void process.stderr.write(`${text} ...\n`);
    const parts: BenchPart[] = [];
    if (part !== 'training')
      parts.push(await benchSecagg({ ...options, clients: options.clients, drop: options.drop, onProgress }));
    if (part !== 'secagg') parts.push(await benchTraining({ repeat: options.repeat, onProgress }));
    print(parts, options.json === true);
  });

function print(parts: readonly BenchPart[], json: boolean): void {
  const about = { ...machine(), at: new Date().toISOString() };
  if (json) {
    const [only] = parts;
    const result = parts.length === 1 ? { ...about, ...only } : { ...about, parts };
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    return;
  }
  process.stdout.write(`${about.processor}, ${about.cores} cores, Node ${about.node}, ${about.at}\n`);
  for (const { name, about: sentence, rows } of parts)
    process.stdout.write(`\n${name}. ${sentence}\n${formatTable(rows)}\n`);
}

await program.parseAsync();
