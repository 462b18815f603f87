/** `masquerade attack` in processes of its own: what it prints, what it writes, how it ends. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';
import { z } from 'zod';
import { attackTargetSchema, protectionSchema } from '../../../core/contract/attacks/attack-request.ts';
import { attackNames, baselineNames, metricNames } from '../../../core/contract/attacks/names.ts';
import { initialWeights } from '../../../core/model/initial-weights.ts';
import { presetTopology } from '../../../core/model/presets.ts';
import { exitCodes } from '../../../main/command-line/exit-codes.ts';
import { sessionPlanSchema } from '../../../core/contract/session-plan.ts';
import { writeModel } from '../../../main/session/write-model.ts';
import { sessionRow } from '../storage/store-folder.ts';

const entry = fileURLToPath(new URL('../../../main/command-line/masquerade.ts', import.meta.url));
const onLinux = { skip: process.platform === 'linux' ? false : 'needs /proc' };

let folder = '';

function start(...args: readonly string[]) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, 'attack', ...args], {
    env: {
      ...process.env,
      MASQUERADE_CWD: folder,
      MASQUERADE_DATA_DIR: join(folder, 'data'),
      MASQUERADE_STATE_DIR: join(folder, 'state'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (out += String(bytes)));
  child.stderr.on('data', (bytes: Buffer) => (err += String(bytes)));
  const ended = new Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>(
    (resolve) => {
      child.once('close', (code) => {
        resolve({ code, out, err });
      });
    },
  );
  return { child, ended };
}

/** Process ids of the command's children, once there are any. */
async function childrenOf({ pid }: ChildProcess): Promise<readonly number[]> {
  for (;;) {
    const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    const found = text
      .trim()
      .split(' ')
      .filter((part) => part !== '')
      .map(Number);
    if (found.length > 0) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const named = <Name extends string>(names: readonly Name[]) => z.partialRecord(z.enum(names), z.number());

/** What the issue of the lab and docs/command-line.md promise, and nothing else. */
const resultSchema = z.strictObject({
  attack: z.enum(attackNames),
  attacker: z.strictObject({ sees: z.string().min(1), may: z.string().min(1) }),
  target: z.intersection(
    attackTargetSchema.options[0].loose(),
    z.object({ description: z.string().min(1), text: z.string().min(1) }),
  ),
  protection: protectionSchema,
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  seed: z.int(),
  seconds: z.number().positive(),
  results: z
    .partialRecord(
      z.enum(metricNames),
      z.strictObject({
        value: z.number(),
        interval: z.tuple([z.number(), z.number()]).optional(),
        baselines: named(baselineNames).refine((baselines) => Object.keys(baselines).length > 0),
      }),
    )
    .refine((results) => Object.keys(results).length > 0),
  success: z.boolean(),
  threshold: z.strictObject({
    metric: z.enum(metricNames),
    value: z.number(),
    side: z.enum(['above', 'below']),
  }),
  verdict: z.string().min(1),
  images: z.array(
    z.strictObject({
      id: z.string(),
      role: z.enum(['target', 'rebuilt', 'baseline', 'other']),
      index: z.int().min(0),
      name: z.string(),
      width: z.int().positive(),
      height: z.int().positive(),
      channels: z.union([z.literal(1), z.literal(3)]),
      value: z.number().nullable(),
      label: z.int().nullable(),
      masked: z.boolean(),
      file: z.string().optional(),
      png: z.base64().optional(),
    }),
  ),
  evidence: z.string(),
  outcome: z.enum(['leaks', 'partly', 'stopped']),
  gauges: z.strictObject({
    stopped: z.number().min(0).max(1),
    epsilon: z.number().nullable(),
    delta: z.number().nullable(),
  }),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  rows: z.array(
    z.strictObject({
      name: z.string(),
      cells: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    }),
  ),
  series: z.array(z.strictObject({ name: z.string(), points: z.array(z.tuple([z.number(), z.number()])) })),
  engine: z.string().min(1),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  startedAt: z.iso.datetime(),
});

const quick = ['run', 'closed-form', '--batch', '2', '--hidden', '64', '--judge', 'off'];

describe('masquerade attack', () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'masquerade-attack-'));
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  it('prints one JSON object of the shape that is promised, the same for the same seed; under masks nothing leaks', async () => {
    const [one, again, masked] = await Promise.all([
      start(...quick, '--seed', '3', '--json').ended,
      start(...quick, '--seed', '3', '--json').ended,
      start(...quick, '--seed', '3', '--protect', 'masks', '--json').ended,
    ]);
    assert.equal(one.code, exitCodes.success, one.err);
    const result = resultSchema.parse(JSON.parse(one.out));
    assert.deepEqual([result.attack, result.seed, result.settings['batch']], ['closed-form', 3, 2]);
    for (const { png, width, height } of result.images) {
      const read = PNG.sync.read(Buffer.from(png ?? '', 'base64'));
      assert.deepEqual([read.width, read.height], [width, height]);
    }
    assert.ok(result.images.some(({ role }) => role === 'target'));
    assert.ok(result.images.some(({ role }) => role === 'rebuilt'));
    const timeless = (text: string): unknown => ({
      ...resultSchema.parse(JSON.parse(text)),
      seconds: 0,
      startedAt: '',
    });
    assert.deepEqual(timeless(one.out), timeless(again.out));
    const under = resultSchema.parse(JSON.parse(masked.out));
    assert.deepEqual(under.protection, { signature: true, masks: true, noise: 0 });
    assert.deepEqual([result.outcome, under.outcome], ['leaks', 'stopped']);
  });

  it('writes pictures and a sheet, and names the files in the JSON', async () => {
    const { code, out } = await start(
      ...quick,
      '--pictures',
      'pictures',
      '--sheet',
      'out/sheet.png',
      '--json',
    ).ended;
    assert.equal(code, exitCodes.success);
    const { images } = resultSchema.parse(JSON.parse(out));
    const files = images.map(({ file, png }) => {
      assert.equal(png, undefined);
      return file!;
    });
    assert.deepEqual((await readdir(join(folder, 'pictures'))).sort(), [...files].sort());
    assert.equal(new Set(files).size, images.length);
    for (const { file, width } of images)
      assert.equal(PNG.sync.read(await readFile(join(folder, 'pictures', file!))).width, width);
    const sheet = PNG.sync.read(await readFile(join(folder, 'out/sheet.png')));
    assert.ok(sheet.width > 28 && sheet.height > 28);
  });

  it('says who attacks what, a verdict, and every figure beside its baselines, in French too', async () => {
    const { code, out, err } = await start(...quick, '--language', 'fr').ended;
    assert.equal(code, exitCodes.success);
    assert.match(out, /^Oui\./);
    assert.match(out, /Sans attaque/);
    assert.match(out, /dB/);
    assert.match(err, /Voit/);
  });

  it('attacks a model from the files of an export', async () => {
    const shape = { height: 28, width: 28, channels: 1 } as const;
    const topology = presetTopology('mlp', { ...shape, classes: 10 });
    const classNames = Array.from({ length: 10 }, (_, index) => String(index));
    const plan = sessionPlanSchema.parse({
      version: 1,
      title: 'Test',
      settings: {},
      data: { mode: 'dealt', name: 'MNIST', digest: '', classNames, ...shape },
      model: { name: 'mlp', topology },
      demonstration: false,
    });
    const source = {
      roundSummaries: () => [{ modelHash: 'aa', round: 1 }] as never,
      model: () => initialWeights(topology, 5),
    };
    await writeModel(source, sessionRow({ plan: JSON.stringify(plan) }), join(folder, 'model'));
    const { code, out, err } = await start('run', 'closed-form', '--batch', '1', '--model', 'model', '--json')
      .ended;
    assert.equal(code, exitCodes.success, err);
    const { target } = JSON.parse(out) as { target: { kind: string; model: string; description: string } };
    assert.equal(target.kind, 'model');
    assert.match(target.model, /^file-[0-9a-f]{16}$/);
    assert.equal(target.description, join(folder, 'model/model.json'));
  });

  it('exits with bad input for what must be corrected, naming it, before anything runs', async () => {
    await writeFile(join(folder, 'taken'), '');
    const wrong: readonly (readonly [string, RegExp])[] = [
      ['run nonsense', /unknown command 'nonsense'/],
      ['run closed-form --batch 0', /--batch, as it must be a whole number from 1 to 256, and is 0/],
      ['run closed-form --protect armour', /'armour' is invalid/],
      ['run closed-form --model 3fa9', /Cannot find a session 3fa9/],
      ['run closed-form --pictures taken/pictures', /Cannot use .*taken/],
      ['suite --only closed-form,magic', /must be of closed-form, crowd-size/],
    ];
    const ended = await Promise.all(wrong.map(([line]) => start(...line.split(' ')).ended));
    for (const [index, { code, out, err }] of ended.entries()) {
      const [line, message] = wrong[index]!;
      assert.equal(code, exitCodes.badInput, `${line}: ${err}`);
      assert.match(err, message);
      assert.equal(out, '', line);
    }
    const noDrawings = await start('run', 'closed-form', '--drawings').ended;
    assert.equal(noDrawings.code, exitCodes.badInput);
    assert.match(noDrawings.err, /Cannot attack your drawings, as there are none/);
  });

  it('is cancelled at once, with nothing on standard output and no process left', onLinux, async () => {
    const { child, ended } = start(...quick, '--json');
    const [worker] = await childrenOf(child);
    child.kill('SIGINT');
    const { code, out, err } = await ended;
    assert.deepEqual([code, out], [exitCodes.cancelled, '']);
    assert.match(err, /Cancelled/);
    assert.equal(lives(worker!), false);
  });

  it("says so where the attack's process dies, as a failure of the machine", onLinux, async () => {
    const { child, ended } = start(...quick, '--json');
    const [worker] = await childrenOf(child);
    process.kill(worker!, 'SIGKILL');
    const { code, out, err } = await ended;
    assert.deepEqual([code, out], [exitCodes.machineFailed, '']);
    assert.match(err, /Cannot finish the attack, as its process ended \(SIGKILL\)/);
  });

  it('lists every attack', async () => {
    const { out } = await start('list', '--json').ended;
    const list = JSON.parse(out) as readonly { attack: string; question: string; settings: object }[];
    assert.deepEqual(
      list.map(({ attack }) => attack),
      attackNames,
    );
    const lines = (await start('list').ended).out.trim().split('\n');
    assert.equal(lines.length, attackNames.length + 1);
  });
});

describe('masquerade attack suite', () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'masquerade-suite-'));
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  it('measures every switch, writes the page, and runs nothing twice', async () => {
    const args = [
      'suite',
      '--only',
      'pruning',
      '--seeds',
      '2',
      '--quick',
      '--resume',
      'runs.jsonl',
      '--jobs',
      '2',
    ];
    const first = await start(...args, '--out', 'page.md', '--json').ended;
    assert.equal(first.code, exitCodes.success, first.err);
    const { attacks } = JSON.parse(first.out) as {
      attacks: readonly {
        cases: readonly { case: string; runs: number; results: Record<string, object> }[];
      }[];
    };
    const [{ cases }] = attacks as [(typeof attacks)[number]];
    assert.ok(cases.length >= 4);
    for (const { runs, results } of cases) assert.ok(runs === 2 && Object.keys(results).length > 0);
    const kept = await readFile(join(folder, 'runs.jsonl'), 'utf8');
    assert.equal(kept.trim().split('\n').length, 2 * cases.length);
    const page = await readFile(join(folder, 'page.md'), 'utf8');
    assert.match(page, /^# What the attacks measure/);
    assert.match(page, /--seeds 2 --only pruning --quick/);
    assert.match(page, /± /);
    const second = await start(...args).ended;
    assert.equal(await readFile(join(folder, 'runs.jsonl'), 'utf8'), kept);
    const figures = (text: string): string => text.slice(text.indexOf('## '));
    assert.equal(figures(second.out).trim(), figures(page).trim());
  });
});
