/** Compute processes that are handed images: they train on these very images. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, it } from 'node:test';
import { withTraining } from '../../../core/datasets/added.ts';
import type { LabelledImages } from '../../../core/datasets/dataset.ts';
import type { TrainingTask } from '../../../core/model/engine.ts';
import { initialWeights } from '../../../core/model/initial-weights.ts';
import { streamState } from '../../../core/random/stream.ts';
import { loadEngine } from '../../../main/compute/engines.ts';
import { createComputePool, type PoolOptions } from '../../../main/compute/pool.ts';
import { loadDataset } from '../../../main/data/load.ts';
import { readModel } from '../../../main/simulation/open-workbench.ts';
import { smallData, testCount, writeSmallData } from './small-data.ts';

const folder = await writeSmallData();
after(() => rm(folder, { recursive: true }));

it('createComputePool() trains on added images behind those of a folder, and on a data set that is handed over', async () => {
  const dataset = await loadDataset(folder);
  const { topology } = await readModel('mlp', dataset);
  const engine = await loadEngine('compiled');
  const { height, width, channels } = smallData;
  const added: LabelledImages = {
    images: Uint8Array.from({ length: 3 * 144 }, (_, at) => (at * 37) % 256),
    labels: Uint8Array.of(0, 2, 3),
    count: 3,
    height,
    width,
    channels,
  };
  const task: TrainingTask = {
    weights: initialWeights(topology, 1),
    indices: Uint32Array.of(0, 7, 400, 401, 402),
    epochs: 1,
    batchSize: 2,
    optimiser: { kind: 'sgd', learningRate: 0.01, momentum: 0 },
    proximalMu: 0,
    shuffleState: streamState(1, 'shuffle'),
    dropoutState: streamState(1, 'dropout'),
  };
  const both = withTraining(dataset, added);
  const here = (await loadEngine('compiled')).plan(topology, both, { batchSize: 2 });
  const expected = await (await here).train(task, () => undefined);
  const common = { processes: 1, testCount, topology, engine, batchSize: 2 };
  for (const given of [{ dataset: folder, added }, { dataset: both }] satisfies Partial<PoolOptions>[]) {
    const pool = createComputePool({ ...common, ...given });
    const { result } = await pool.train(task);
    await pool.close();
    assert.deepEqual(result.weights, expected.weights);
    assert.equal(result.examples, 5);
  }
});
