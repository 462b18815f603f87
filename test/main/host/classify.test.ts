/** Drawn digits, or here written ones, before models of activities and of past sessions. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { TrainedModelBytes } from '../../../core/contract/host.ts';
import { runSettingsSchema } from '../../../core/contract/run-settings.ts';
import type { Dataset } from '../../../core/datasets/dataset.ts';
import type { ModelTopology } from '../../../core/model/engine.ts';
import { initialWeights } from '../../../core/model/initial-weights.ts';
import { presetTopology } from '../../../core/model/presets.ts';
import { streamState } from '../../../core/random/stream.ts';
import { loadEngine } from '../../../main/compute/engines.ts';
import { loadDataset } from '../../../main/data/load.ts';
import { Activities } from '../../../main/host/activities.ts';
import type { ActivityService } from '../../../main/host/activity.ts';
import { Classifier, classifyMethod, trainedModelMethod } from '../../../main/host/classify.ts';
import type { SessionRow, Store } from '../../../main/storage/store.ts';

const classNames = Array.from('0123456789');
const topology = presetTopology('mlp', { height: 28, width: 28, channels: 1, classes: 10 });
const other = presetTopology('cnn-light', { height: 28, width: 28, channels: 1, classes: 10 });
let data: Dataset;
let weights: Float32Array;

before(async () => {
  data = await loadDataset('mnist');
  const engine = await loadEngine('compiled');
  const model = await engine.plan(topology, data, { batchSize: 32 });
  const trained = await model.train({
    weights: initialWeights(topology, 1),
    indices: Uint32Array.from({ length: 4_000 }, (_, index) => index),
    epochs: 2,
    batchSize: 32,
    optimiser: { kind: 'adam', learningRate: 0.001 },
    proximalMu: 0,
    shuffleState: streamState(1, 'shuffle', 1, 1),
    dropoutState: streamState(1, 'dropout', 1, 1),
  });
  weights = trained.weights;
});

const testImage = (row: number): Uint8Array => data.test.images.slice(row * 784, (row + 1) * 784);
const likeliest = (probabilities: readonly number[]): number =>
  probabilities.indexOf(Math.max(...probabilities));

/** How many of the first 200 test images are taken for what they are. */
async function hits(classify: (pixels: Uint8Array) => Promise<readonly number[]>): Promise<number> {
  let right = 0;
  for (let row = 0; row < 200; row += 1) {
    const probabilities = await classify(testImage(row));
    assert.equal(probabilities.length, 10);
    assert.ok(Math.abs(probabilities.reduce((sum, value) => sum + value, 0) - 1) < 1e-5);
    if (likeliest(probabilities) === data.test.labels[row]) right += 1;
  }
  return right;
}

describe('Classifier', () => {
  it('takes most digits for what they are, by a model that has been trained on others', async () => {
    const classifier = new Classifier();
    const right = await hits((pixels) => classifier.classify({ topology, weights, classNames }, pixels));
    assert.ok(right >= 160, `${right} of 200`);
  });

  it('goes on with another model, and back', async () => {
    const classifier = new Classifier();
    const first = await classifier.classify({ topology, weights, classNames }, testImage(0));
    const untrained = { topology: other, weights: initialWeights(other, 1), classNames };
    assert.notDeepEqual(await classifier.classify(untrained, testImage(0)), first);
    assert.deepEqual(await classifier.classify({ topology, weights, classNames }, testImage(0)), first);
  });

  it('refuses a model of other images', async () => {
    const small = presetTopology('mlp', { height: 12, width: 12, channels: 1, classes: 4 });
    const model = { topology: small, weights: initialWeights(small, 1), classNames };
    await assert.rejects(new Classifier().classify(model, testImage(0)), {
      code: 'no-digits',
      message: /12 x 12 x 1.*28 x 28/,
    });
  });
});

describe('classifyMethod()', () => {
  const session = 'ab'.repeat(16);
  const plan = {
    version: 1,
    title: 'Past',
    settings: {},
    data: { mode: 'dealt', name: 'MNIST', digest: '', classNames, height: 28, width: 28, channels: 1 },
    model: { name: 'mlp', topology },
    demonstration: false,
  };
  const {
    clients: _1,
    dataset: _2,
    model: _3,
    drop: _4,
    dropAt: _5,
    rsaBits: _6,
    ...settings
  } = runSettingsSchema.parse({});
  const row = { session, plan: JSON.stringify({ ...plan, settings }) } as SessionRow;
  const store = (): Store =>
    ({
      session: (id: string) => (id === session ? row : undefined),
      roundSummaries: () => [{ modelHash: 'first' }, { modelHash: 'last' }],
      model: (hash: string) => (hash === 'last' ? weights : undefined),
    }) as unknown as Store;

  function activitiesWith(model: Float32Array | undefined, network: ModelTopology | undefined): Activities {
    const activities = new Activities({ changed: () => undefined, stored: () => undefined });
    const service: ActivityService = {
      command: () => undefined,
      pictures: () => null,
      sumPicture: () => null,
      model: () => model,
      close: () => Promise.resolve(),
      ...(network === undefined ? {} : { network: () => ({ topology: network, classNames }) }),
    };
    void activities.start(
      {
        kind: network === undefined ? 'participant' : 'simulation',
        title: 'Test',
        settings: runSettingsSchema.parse({}),
        demonstration: false,
        pace: 'full',
      },
      (activity) => {
        if (network === undefined) activity.emit({ type: 'stored', result: `session-${session}` });
        return Promise.resolve(service);
      },
    );
    return activities;
  }

  it("asks a past session's model after its last round", async () => {
    const classify = classifyMethod(store(), activitiesWith(undefined, undefined));
    const right = await hits(
      async (pixels) => (await classify({ model: `session-${session}`, pixels })).probabilities,
    );
    assert.ok(right >= 160, `${right} of 200`);
    await assert.rejects(
      async () => classify({ model: `session-${'cd'.repeat(16)}`, pixels: testImage(0) }),
      {
        code: 'no-model',
      },
    );
  });

  for (const network of ['its own', "its session's plan's"] as const)
    it(`asks an activity's model, by a network that is ${network}`, async () => {
      const activities = activitiesWith(weights, network === 'its own' ? topology : undefined);
      await Promise.resolve();
      const id = activities.summaries[0]!.activity;
      const classify = classifyMethod(store(), activities);
      const { probabilities, classNames: names } = await classify({ model: id, pixels: testImage(1) });
      assert.equal(likeliest(probabilities), data.test.labels[1]);
      assert.deepEqual(names, classNames);
    });

  it('says so where there is no model yet, or none was kept', async () => {
    const activities = activitiesWith(undefined, topology);
    await Promise.resolve();
    const classify = classifyMethod(store(), activities);
    for (const model of [activities.summaries[0]!.activity, 'run-12'])
      await assert.rejects(async () => classify({ model, pixels: testImage(0) }), { code: 'no-model' });
  });
});

describe('trainedModelMethod()', () => {
  const activity = (model: Float32Array | undefined): Activities => {
    const activities = new Activities({ changed: () => undefined, stored: () => undefined });
    void activities.start(
      {
        kind: 'simulation',
        title: 'Test',
        settings: runSettingsSchema.parse({}),
        demonstration: false,
        pace: 'full',
      },
      () =>
        Promise.resolve({
          command: () => undefined,
          pictures: () => null,
          sumPicture: () => null,
          model: () => model,
          network: () => ({ topology, classNames }),
          close: () => Promise.resolve(),
        }),
    );
    return activities;
  };
  const store = {} as unknown as Store;
  const ask = async (model: Float32Array | undefined): Promise<TrainedModelBytes | null> => {
    const activities = activity(model);
    await Promise.resolve();
    return trainedModelMethod(store, activities)({ model: activities.summaries[0]!.activity });
  };

  it('gives a copy of the weights as bytes, with what they are of', async () => {
    const own = weights.slice();
    const given = await ask(own);
    assert.deepEqual(given?.topology, topology);
    assert.deepEqual(given.classNames, classNames);
    own.fill(0);
    assert.deepEqual(new Float32Array(given.weights.slice().buffer), weights);
  });

  it('gives none where they are too many to be sent, and says so where there are none', async () => {
    assert.equal(await ask(new Float32Array(4_000_001)), null);
    await assert.rejects(ask(undefined), { code: 'no-model' });
  });
});
