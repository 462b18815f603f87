/** build/run.mjs in a folder of its own, with a stand-in for npm and for the tasks. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const launcher = fileURLToPath(new URL('../../build/run.mjs', import.meta.url));
/** Longer than it takes to start a process. */
const fakeNpm = `
  import { appendFileSync, mkdirSync } from 'node:fs';
  appendFileSync('npm.log', 'begin ');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700);
  mkdirSync('node_modules', { recursive: true });
  appendFileSync('npm.log', 'end ');`;
const fakeTask = `
  const [what] = process.argv.slice(2);
  if (what === 'caller') console.log(process.env.MASQUERADE_CWD);
  else if (what === 'wait') { process.on('SIGINT', () => process.exit(7)); console.log('ready'); setInterval(() => {}, 1000); }
  else if (what) process.kill(process.pid, what);`;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

let root = '';
const lock = (): string => join(root, 'build/out/set-up.lock');

function start(...args: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [join(root, 'build/run.mjs'), 'check', ...args], {
    env: { ...process.env, npm_execpath: join(root, 'npm.mjs'), INIT_CWD: '/the/caller' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (out += String(data)));
  child.stderr.on('data', (data: Buffer) => (err += String(data)));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => {
      resolve({ code, out, err });
    });
  });
  return { child, ended };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(10);
}

describe('build/run.mjs', () => {
  const folders: string[] = [];
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'masquerade-run-'));
    folders.push(root);
    await mkdir(join(root, 'build/lint'), { recursive: true });
    await copyFile(launcher, join(root, 'build/run.mjs'));
    await writeFile(join(root, 'package-lock.json'), '{}');
    await writeFile(join(root, 'npm.mjs'), fakeNpm);
    await writeFile(join(root, 'build/lint/check.ts'), fakeTask);
  });
  after(async () => {
    for (const folder of folders) await rm(folder, { recursive: true });
  });

  it('installs once when two scripts start at once, and not again; MNIST is not needed to check', async () => {
    const results = await Promise.all([start().ended, start().ended]);
    assert.deepEqual(
      results.map(({ code }) => code),
      [0, 0],
    );
    assert.equal(results.filter(({ err }) => err.includes('Waiting for another set-up to finish')).length, 1);
    assert.equal(await readFile(join(root, 'npm.log'), 'utf8'), 'begin end ');
    const again = await start().ended;
    assert.deepEqual(again, { code: 0, out: '', err: '' });
    assert.equal(existsSync(lock()), false);
  });

  it('takes over a lock whose process is gone', async () => {
    const first = start();
    await until(() => existsSync(join(root, 'npm.log')));
    first.child.kill('SIGKILL');
    await first.ended;
    assert.equal(existsSync(lock()), true);
    const { code, err } = await start().ended;
    assert.equal(code, 0);
    assert.doesNotMatch(err, /Waiting/);
    assert.equal(existsSync(lock()), false);
  });

  it("passes on the caller's folder, and keeps standard output for the task", async () => {
    assert.equal((await start('caller').ended).out, '/the/caller\n');
  });

  it('exits with 130 when the command was interrupted, with 1 and a line when it was killed', async () => {
    assert.equal((await start('SIGINT').ended).code, 130);
    assert.equal((await start('SIGTERM').ended).code, 130);
    const killed = await start('SIGKILL').ended;
    assert.equal(killed.code, 1);
    assert.match(killed.err, /ended by SIGKILL/);
  });

  it('passes an interrupt on, and exits as the command does', async () => {
    const { child, ended } = start('wait');
    let out = '';
    child.stdout?.on('data', (data: Buffer) => (out += String(data)));
    await until(() => out.includes('ready'));
    child.kill('SIGINT');
    assert.equal((await ended).code, 7);
  });
});
