/**
 * The gate: format, lint, types, boundaries, dead code. Runs every check even when one fails, so that one run tells
 * everything; exits 1 when any failed.
 */
import { spawnSync } from 'node:child_process';

const checks: readonly {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
}[] = [
  {
    name: 'format',
    script: 'node_modules/prettier/bin/prettier.cjs',
    args: ['--check', '--log-level=warn', '.'],
  },
  { name: 'types', script: 'node_modules/typescript/bin/tsc', args: ['-p', 'tsconfig.json'] },
  {
    name: 'components',
    script: 'node_modules/svelte-check/bin/svelte-check',
    args: ['--tsconfig', 'tsconfig.json', '--fail-on-warnings', '--output', 'human'],
  },
  {
    name: 'lint',
    script: 'node_modules/eslint/bin/eslint.js',
    args: ['--config', 'build/lint/eslint.config.js', '--max-warnings=0', '.'],
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

const only = process.argv.slice(2);
const failed: string[] = [];
for (const check of checks) {
  if (only.length > 0 && !only.includes(check.name)) continue;
  process.stdout.write(`${check.name} ...\n`);
  const { status } = spawnSync(process.execPath, [check.script, ...check.args], { stdio: 'inherit' });
  if (status !== 0) failed.push(check.name);
}
process.stdout.write(failed.length === 0 ? 'All checks pass.\n' : `Failed: ${failed.join(', ')}.\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
