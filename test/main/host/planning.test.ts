/** What would come of settings, on real MNIST and on a small folder. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { MethodArguments } from '../../../core/contract/host.ts';
import { preferencesSchema } from '../../../core/contract/results.ts';
import type { RunSettings } from '../../../core/contract/run-settings.ts';
import { runSettingsSchema } from '../../../core/contract/run-settings.ts';
import { EngineSpeeds } from '../../../main/compute/engine-speeds.ts';
import { Planner } from '../../../main/host/planning.ts';
import type { HostServices } from '../../../main/host/services.ts';
import { runFederated } from '../../../main/simulation/federated.ts';
import { openWorkbench } from '../../../main/simulation/open-workbench.ts';
import { writeSmallData } from '../compute/small-data.ts';

const speeds: number[] = [];
const speedsFolder = await mkdtemp(join(tmpdir(), 'masquerade-planning-'));
const engineSpeeds = new EngineSpeeds({ folder: speedsFolder, version: 'test' });
after(() => rm(speedsFolder, { recursive: true }));
const services: HostServices = {
  get store(): never {
    throw new Error('a plan needs no store');
  },
  version: 'test',
  preferences: () => preferencesSchema.parse({}),
  drawings: () => [],
  saveResult: () => '',
  imagesPerSecond: () => null,
  measuredSpeed: (speed) => speeds.push(speed),
  engineSpeeds,
  log: () => undefined,
};
const planner = new Planner(services);
after(() => {
  planner.close();
});

const ask = (settings: Partial<RunSettings>, rest: Partial<MethodArguments<'plan'>> = {}) =>
  planner.plan({ settings, purpose: 'simulation', data: 'dealt', demonstration: false, ...rest });

describe('plan()', () => {
  it('says who may leave, how much each has and sends, and measures how long a round takes', async () => {
    const settings: Partial<RunSettings> = { clients: 5, model: 'cnn-light', examplesPerClient: 400 };
    let plan = await ask(settings);
    // the first answer does not wait for ever for the measurement
    for (let again = 0; again < 5 && plan.estimate.secondsPerRound === null; again += 1)
      plan = await ask(settings);
    assert.deepEqual(plan.problems, []);
    assert.deepEqual([plan.threshold, plan.survives, plan.graph, plan.neighbours], [4, 1, 'complete', 5]);
    assert.deepEqual(plan.perClient, { fewest: 400, most: 400 });
    assert.equal(plan.parameters, 34_826);
    assert.deepEqual(
      [plan.dataset.name, plan.dataset.train, plan.dataset.test, plan.dataset.classNames.length],
      ['MNIST', 60_000, 10_000, 10],
    );
    assert.deepEqual([plan.engine?.name, plan.engine?.reason?.kind], ['compiled', 'fastest']);
    assert.ok(plan.engine!.processes >= 1 && plan.engine!.plan!.processes === plan.engine!.processes);
    assert.ok(speeds.length > 0 && speeds.every((speed) => speed > 100));

    const bench = await openWorkbench(runSettingsSchema.parse({ ...settings, rounds: 2 }), () => undefined);
    const { rounds } = await runFederated(bench, {
      version: 'test',
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    await bench.pool.close();
    // to the byte it depends on how numbers are encoded
    const sent = rounds[1]!.bytesUpPerClient.mean;
    assert.ok(Math.abs(plan.estimate.bytesUpPerRound! / sent - 1) < 0.02, `${sent}`);
    // a busy machine is slower or faster than it was a moment ago
    const seconds = rounds[1]!.ms.total / 1000;
    const ratio = plan.estimate.secondsPerRound! / seconds;
    assert.ok(ratio > 0.2 && ratio < 5, `${plan.estimate.secondsPerRound} against ${seconds}`);
  });

  it('names every setting that cannot work, with code and details beside the sentence', async () => {
    const { problems, threshold, survives, dataset } = await ask({
      clients: 6,
      threshold: 3,
      fraction: 0.5,
      quantisation: false,
    });
    assert.deepEqual(
      problems.map(({ field, code }) => [field, code]),
      [
        ['threshold', 'invalid-setting'],
        ['quantisation', 'invalid-setting'],
        ['fraction', 'invalid-setting'],
      ],
    );
    assert.match(problems[0]!.message, /^Cannot use threshold, as it must be in 5 \.\. 6/);
    assert.deepEqual(problems[0]!.details, {
      field: 'threshold',
      value: 3,
      allowed: 'in 5 .. 6 for 6 clients',
    });
    assert.deepEqual([threshold, survives, dataset.name], [null, null, 'MNIST']);
  });

  it('refuses over a network what only a demonstration may leave out, and signatures ever', async () => {
    const off = { signatures: false, masks: false, quantisation: false };
    const fieldsOf = async (demonstration: boolean) =>
      (await ask(off, { purpose: 'session', demonstration })).problems.map(({ field }) => field);
    assert.deepEqual(await fieldsOf(false), ['signatures', 'masks', 'quantisation']);
    assert.deepEqual(await fieldsOf(true), ['signatures']);
    assert.deepEqual((await ask(off)).problems, []);
  });

  it('says what differential privacy will come to, and what would help where noise ruins learning', async () => {
    const { privacy, problems } = await ask({ clients: 20, noiseMultiplier: 1 });
    assert.deepEqual(problems, []);
    assert.ok(Math.abs(privacy!.epsilon - 12.3) < 0.05 && Math.abs(privacy!.noiseNorm - 39) < 0.5);
    assert.deepEqual([privacy?.harm, privacy?.honest, privacy?.helps?.smallerModel], ['ruin', 8, true]);
    assert.equal((await ask({ clients: 20 })).privacy, null);
    // what noise needs is named by its field
    const { problems: wrong } = await ask({ clients: 20, noiseMultiplier: 1, masks: false });
    assert.equal(wrong[0]?.field, 'masks');
  });

  it('takes what everyone brings for unknown', async () => {
    const plan = await ask({ clients: 8 }, { purpose: 'session', data: 'own' });
    assert.deepEqual([plan.perClient, plan.estimate.secondsPerRound], [null, null]);
    assert.deepEqual([plan.threshold, plan.problems.length], [6, 0]);
  });

  it('tells which of data, model, partition and engine is wrong, and what it knows all the same', async () => {
    const wrong: [Partial<RunSettings>, string, string][] = [
      [{ dataset: '/nowhere/at/all' }, 'dataset', 'file-not-found'],
      [{ model: '/nowhere/model.json' }, 'model', 'invalid-setting'],
      [{ clients: 20, examplesPerClient: 30_000 }, 'partition', 'partition-impossible'],
      [{ clients: 20, drop: 0.01 }, 'drop', 'invalid-setting'],
    ];
    for (const [settings, field, code] of wrong) {
      const { problems, dataset } = await ask(settings);
      assert.deepEqual([problems[0]?.field, problems[0]?.code], [field, code]);
      assert.equal(dataset.train, field === 'dataset' ? 0 : 60_000);
    }
  });

  it('reads a folder again when it has changed', async () => {
    const folder = await writeSmallData();
    const before = await ask({ dataset: folder, clients: 3, model: 'mlp' });
    assert.equal(before.dataset.train, 400);
    await rm(folder, { recursive: true });
    const { problems } = await ask({ dataset: folder, clients: 3, model: 'mlp' });
    assert.equal(problems[0]?.field, 'dataset');
  });
});
