/** Whole runs with batch normalisation: the final model is the one that plain arithmetic gives. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { runSettingsSchema, type RunSettings } from '../../../core/contract/run-settings.ts';
import { localTrainingTask } from '../../../core/fedavg/local-update.ts';
import { initialWeights } from '../../../core/model/initial-weights.ts';
import { modelSha256 } from '../../../core/model/model-hash.ts';
import { movingStatistics } from '../../../core/model/moving-statistics.ts';
import { createWasmEngine } from '../../../core/model/wasm/engine.ts';
import { runFederated } from '../../../main/simulation/federated.ts';
import { openWorkbench } from '../../../main/simulation/open-workbench.ts';
import type { Workbench } from '../../../main/simulation/workbench.ts';
import { writeSmallMnist } from '../compute/small-data.ts';

const folder = mkdtempSync(join(tmpdir(), 'batch-normalisation-'));
const path = join(folder, 'model.json');
const layers = [
  {
    class_name: 'Conv2D',
    config: { name: 'conv', filters: 4, kernel_size: 5, strides: 3, batch_input_shape: [null, 28, 28, 1] },
  },
  { class_name: 'BatchNormalization', config: { name: 'normal', momentum: 0.7 } },
  { class_name: 'Activation', config: { name: 'relu', activation: 'relu' } },
  { class_name: 'Flatten', config: { name: 'flatten' } },
  { class_name: 'Dense', config: { name: 'output', units: 10, activation: 'softmax' } },
];
writeFileSync(path, JSON.stringify({ class_name: 'Sequential', config: { name: 'normalised', layers } }));
let dataset = '';
before(async () => {
  dataset = await writeSmallMnist();
});
after(() => {
  for (const made of [folder, dataset]) rmSync(made, { recursive: true });
});

const settings: Partial<RunSettings> = {
  clients: 3,
  rounds: 2,
  model: path,
  engine: 'wasm',
  examplesPerClient: 40,
  processes: 1,
  serverOptimizer: 'momentum',
};

async function withBench<Result>(
  changes: Partial<RunSettings>,
  use: (bench: Workbench) => Promise<Result>,
): Promise<Result> {
  const bench = await openWorkbench(
    runSettingsSchema.parse({ ...settings, dataset, ...changes }),
    () => undefined,
  );
  try {
    return await use(bench);
  } finally {
    await bench.pool.close();
  }
}

const run = (bench: Workbench) =>
  runFederated(bench, {
    version: 'test',
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });

/** FedAvgM by its formula; moving statistics as plain means of the clients' own. Of as many images each. */
async function byHand({ topology, dataset, parameters, parts }: Workbench): Promise<Float32Array> {
  const model = await createWasmEngine().plan(topology, dataset, { batchSize: parameters.batch });
  let weights = initialWeights(topology, parameters.seed);
  const velocity = new Float64Array(weights.length);
  const isStatistic = new Uint8Array(weights.length);
  for (const { start, end } of movingStatistics(topology)) isStatistic.fill(1, start, end);
  for (let round = 1; round <= parameters.rounds; round += 1) {
    const sum = new Float64Array(weights.length);
    for (const [index, part] of parts.entries()) {
      const task = localTrainingTask(parameters, weights, part, index + 1, round);
      const trained = await model.train(task);
      for (const [at, value] of trained.weights.entries()) sum[at]! += Math.fround(value - weights[at]!);
    }
    weights = weights.map((weight, at) => {
      const mean = (sum[at]! * 40) / 120;
      velocity[at] = 0.5 * velocity[at]! + mean;
      return weight + (isStatistic[at] === 1 ? mean : velocity[at]);
    });
  }
  model.dispose();
  return weights;
}

describe('a federation of models with batch normalisation', () => {
  it('ends in the model that plain arithmetic gives: statistics averaged, the rest under server momentum', async () => {
    await withBench({ masks: false, signatures: false, quantisation: false }, async (bench) => {
      const { final } = await run(bench);
      assert.equal(final.modelSha256, modelSha256(bench.topology, await byHand(bench)));
    });
  });

  it('keeps the sum exact under masks, clips no statistic, and leaves trained weights their resolution', async () => {
    const { clipBound, scale } = await withBench({ model: 'cnn-small' }, ({ parameters }) =>
      Promise.resolve(parameters),
    );
    await withBench({}, async (bench) => {
      assert.ok(bench.parameters.clipBound > clipBound);
      assert.ok(bench.parameters.scale >= scale);
      const { rounds } = await run(bench);
      for (const { exactSum, clippedRate, quantisationError } of rounds) {
        assert.equal(exactSum, true);
        assert.equal(clippedRate, 0);
        assert.ok(quantisationError!.largest <= quantisationError!.bound);
      }
    });
  });
});
