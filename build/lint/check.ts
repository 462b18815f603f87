/**
 * The gate: format, lint, types, boundaries, dead code. Runs every check even when one fails, so that one run tells
 * everything; exits 1 when any failed. Checks run side by side, as many as there are processors, those that take longest
 * first; what each says is printed whole, in the order of the list. Names of checks as arguments run only those.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

interface Check {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
}

const lint = (name: string, ...paths: readonly string[]): Check => ({
  name,
  script: 'node_modules/eslint/bin/eslint.js',
  args: ['--config', 'build/lint/eslint.config.js', '--max-warnings=0', ...paths],
});

/** By how long they take, the longest first. */
const checks: readonly Check[] = [
  lint('lint of the interface', 'renderer'),
  lint('lint', '.', '--ignore-pattern', 'renderer/'),
  { name: 'types', script: 'node_modules/typescript/bin/tsc', args: ['-p', 'tsconfig.json'] },
  {
    // what lies outside of the interface is checked by the compiler alone
    name: 'components',
    script: 'node_modules/svelte-check/bin/svelte-check',
    args: ['--tsconfig', 'renderer/tsconfig.json', '--fail-on-warnings', '--output', 'human'],
  },
  {
    name: 'format',
    script: 'node_modules/prettier/bin/prettier.cjs',
    args: ['--check', '--log-level=warn', '.'],
  },
  {
    name: 'boundaries',
    script: 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    args: [
      '--config',
      'build/lint/boundaries.cjs',
      '--output-type',
      'err',
      'core',
      'main',
      'renderer',
      'build',
      'test',
    ],
  },
  { name: 'dead code', script: 'node_modules/knip/bin/knip.js', args: [] },
];

interface Outcome {
  readonly passed: boolean;
  readonly said: string;
  readonly seconds: number;
}

/** Resolves when it has ended. */
function run({ script, args }: Check): Promise<Outcome> {
  const started = performance.now();
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // all components in one program, instead of a new one for each: a third of the time
    env: { ...process.env, SVELTE_ESLINT_PARSER_EXPERIMENTAL_TS_SYS_HOOK: '1' },
  });
  const parts: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => {
      parts.push(part);
    });
  return new Promise((resolve) => {
    const end = (passed: boolean, more = ''): void => {
      const said = Buffer.concat(parts).toString() + more;
      resolve({ passed, said, seconds: (performance.now() - started) / 1000 });
    };
    child.on('error', (error) => {
      end(false, `${error.message}\n`);
    });
    child.on('close', (code) => {
      end(code === 0);
    });
  });
}

const only = process.argv.slice(2);
const chosen = checks.filter(({ name }) => only.length === 0 || only.includes(name));
const waiting = [...chosen];
const outcomes = new Map<Check, Outcome>();
let printed = 0;

function printEnded(): void {
  for (; printed < chosen.length; printed += 1) {
    const check = chosen[printed]!;
    const outcome = outcomes.get(check);
    if (outcome === undefined) return;
    const { passed, said, seconds } = outcome;
    process.stdout.write(`${check.name}: ${passed ? 'passed' : 'FAILED'}, ${seconds.toFixed(0)} s\n${said}`);
  }
}

async function work(): Promise<void> {
  for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
    outcomes.set(check, await run(check));
    printEnded();
  }
}

process.stdout.write(`${chosen.map(({ name }) => name).join(', ')} ...\n`);
await Promise.all(Array.from({ length: Math.max(1, availableParallelism()) }, work));
const failed = chosen.filter((check) => outcomes.get(check)?.passed !== true).map(({ name }) => name);
process.stdout.write(failed.length === 0 ? 'All checks pass.\n' : `Failed: ${failed.join(', ')}.\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
