/** The real command line in a process of its own, on small data: what it prints where, and how it ends. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { SimulationResult } from '../../../core/contract/run-result.ts';
import { exitCodes } from '../../../main/command-line/exit-codes.ts';
import { installedEngines } from '../../../main/compute/engines.ts';
import { parseResultJson } from '../../../main/report/result-file.ts';
import { writeSmallData } from '../compute/small-data.ts';

const entry = fileURLToPath(new URL('../../../main/command-line/masquerade.ts', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

let data = '';
let folder = '';

/** Runs it from the project's folder for a caller in `folder`, as npm does. */
function start(...args: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...args], {
    env: { ...process.env, MASQUERADE_CWD: folder, MASQUERADE_DATA_DIR: join(folder, 'kept') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (out += String(bytes)));
  child.stderr.on('data', (bytes: Buffer) => (err += String(bytes)));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => {
      resolve({ code, out, err });
    });
  });
  return { child, ended };
}

const small = (): string[] =>
  `--dataset ${data} --clients 3 --rounds 1 --model cnn-light --examples-per-client 40 --processes 1 --engine compiled`.split(
    ' ',
  );

describe('masquerade', () => {
  before(async () => {
    data = await writeSmallData();
    folder = await mkdtemp(join(tmpdir(), 'masquerade-caller-'));
  });
  after(async () => {
    await rm(data, { recursive: true });
    await rm(folder, { recursive: true });
  });

  it('prints one JSON object on standard output under --json, all else on standard error', async () => {
    const { code, out, err } = await start('simulate', ...small(), '--json').ended;
    assert.equal(code, exitCodes.success);
    const result = JSON.parse(out) as SimulationResult;
    assert.deepEqual([result.kind, result.rounds.length, result.ended], ['simulation', 1, undefined]);
    assert.equal(result.rounds[0]!.exactSum, true);
    assert.match(err, /cnn-light/);
  });

  it("writes the report, CSV and JSON into --out of the caller's folder, and runs again from that JSON", async () => {
    const first = await start('simulate', ...small(), '--out', 'runs/one', '--json').ended;
    assert.equal(first.code, exitCodes.success);
    const files = await readdir(join(folder, 'runs/one'));
    assert.deepEqual(files.sort(), ['report.csv', 'report.html', 'report.json']);
    const path = join(folder, 'runs/one/report.json');
    const kept = parseResultJson(await readFile(path, 'utf8'), path) as SimulationResult;
    const again = await start('simulate', '--config', 'runs/one/report.json', '--json').ended;
    assert.equal((JSON.parse(again.out) as SimulationResult).final.modelSha256, kept.final.modelSha256);
    const report = await start('report', 'runs/one/report.json', '--out', 'runs/two').ended;
    assert.equal(report.code, exitCodes.success);
    assert.deepEqual((await readdir(join(folder, 'runs/two'))).sort(), files.sort());
  });

  it('measures engines in the data folder where none is named, and tells which trained and why', async () => {
    const { code, out, err } = await start('simulate', ...small(), '--engine', 'auto', '--json').ended;
    assert.equal(code, exitCodes.success);
    const { engine } = JSON.parse(out) as SimulationResult;
    assert.deepEqual(
      [engine.name, engine.reason, engine.plan?.reason],
      ['compiled', { kind: 'fastest' }, 'asked'],
    );
    assert.match(err, /compiled \((relaxed )?SIMD\).*; 1 process, as asked/);
    // on a machine that is very busy there was no time for all of them, and nothing is kept
    const able = (await installedEngines()).length;
    const kept = await readdir(join(folder, 'kept')).catch(() => []);
    assert.deepEqual(kept, engine.speeds?.length === able ? ['engine-speeds.json'] : []);
    const named = await start('simulate', ...small(), '--json').ended;
    assert.deepEqual((JSON.parse(named.out) as SimulationResult).engine.reason, { kind: 'asked' });
  });

  it('leaves nothing half-written where --out cannot be written', async () => {
    await mkdir(join(folder, 'taken'));
    await writeFile(join(folder, 'taken/file'), 'kept');
    const { code } = await start('simulate', ...small(), '--out', 'taken/file').ended;
    assert.equal(code, exitCodes.badInput);
    assert.deepEqual(await readdir(join(folder, 'taken')), ['file']);
    assert.equal(await readFile(join(folder, 'taken/file'), 'utf8'), 'kept');
  });

  it('exits with bad input for options, settings, files and data that must be corrected', async () => {
    await writeFile(join(folder, 'bad.json'), '{ "clients": 2 }');
    await mkdir(join(folder, 'empty'));
    const wrong: readonly (readonly [string, RegExp])[] = [
      ['simulate --colour red', /unknown option '--colour'/],
      ['simulate --config bad.json', /clients in .*bad\.json, as it must be .* from 3 to 500, and is 2/],
      ['simulate --config none.json', /Cannot find .*none\.json/],
      ['simulate --rounds many', /--rounds, as it must be a whole number/],
      ['simulate --optimizer adam --momentum 0.9', /--momentum 0\.9 while --optimizer is adam/],
      ['simulate --dataset empty', /empty as a data set, as it must hold/],
      ['report bad.json', /bad\.json as a result/],
    ];
    for (const [line, message] of wrong) {
      const { code, out, err } = await start(...line.split(' ')).ended;
      assert.equal(code, exitCodes.badInput, line);
      assert.match(err, message);
      assert.equal(out, '', line);
    }
  });

  it('exits by what ended the run: an abort by name, a check that failed', async () => {
    const { code, out } = await start('simulate', ...small(), '--drop', '0.67', '--json').ended;
    assert.equal(code, exitCodes.aborted);
    assert.equal((JSON.parse(out) as SimulationResult).aborted?.reason, 'below-threshold');
    const check = await start('data', 'check', 'empty', '--json').ended;
    assert.equal(check.code, exitCodes.checkFailed);
    assert.equal((JSON.parse(check.out) as { usable: boolean }).usable, false);
    assert.equal((await start('data', 'check', data).ended).code, exitCodes.success);
  });

  it('keeps the finished rounds on Ctrl-C, and says so with 130', async () => {
    const { child, ended } = start(
      'simulate',
      ...small(),
      '--rounds',
      '9999',
      '--json',
      '--out',
      'cancelled',
    );
    let told = '';
    let interrupted = false;
    child.stderr?.on('data', (bytes: Buffer) => {
      told += String(bytes);
      // once: a second Ctrl-C ends at once
      if (interrupted || !/Round 1\b[^]*accuracy/.test(told)) return;
      interrupted = true;
      child.kill('SIGINT');
    });
    const { code, out } = await ended;
    assert.equal(code, exitCodes.cancelled);
    const result = JSON.parse(out) as SimulationResult;
    assert.equal(result.ended, 'cancelled');
    assert.ok(result.rounds.length >= 1 && result.rounds.length < 9999);
    const path = join(folder, 'cancelled/report.json');
    assert.equal(parseResultJson(await readFile(path, 'utf8'), path).kind, 'simulation');
  });

  it('has nothing to keep when it is cancelled before a round, and ends at once', async () => {
    const { child, ended } = start(
      'simulate',
      ...small(),
      '--epochs',
      '1000',
      '--rsa-bits',
      '3072',
      '--json',
    );
    child.stderr?.once('data', () => child.kill('SIGINT'));
    const { code, out } = await ended;
    assert.equal(code, exitCodes.cancelled);
    assert.equal(out, '');
  });

  it('tells its version and its commands', async () => {
    const { out } = await start('--help').ended;
    for (const command of ['simulate', 'compare', 'report', 'identity', 'data'])
      assert.match(out, RegExp(command));
    assert.match((await start('--version').ended).out, /^\d+\.\d+\.\d+\n$/);
  });
});
