import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { TrainedModelBytes } from '../../../core/contract/host.ts';
import type { Dataset } from '../../../core/datasets/dataset.ts';
import { initialWeights } from '../../../core/model/initial-weights.ts';
import { presetTopology } from '../../../core/model/presets.ts';
import { streamState } from '../../../core/random/stream.ts';
import { loadEngine } from '../../../main/compute/engines.ts';
import { loadDataset } from '../../../main/data/load.ts';
import { ComputeWorker } from '../../../renderer/compute/compute-worker.ts';
import { type LabelledDigits, lessonOf, teach } from '../../../renderer/compute/teaching.ts';
import { LocalPort, localWorker } from '../../support/compute-port.ts';

const topology = presetTopology('cnn-light', { height: 28, width: 28, channels: 1, classes: 10 });
let data: Dataset;
let model: TrainedModelBytes;

/** Rows of the test images; mirrored: somebody whose hand the room has never seen. */
function digits(from: number, count: number, mirrored: boolean): LabelledDigits {
  const pixels = data.test.images.slice(from * 784, (from + count) * 784);
  if (mirrored) for (let row = 0; row < pixels.length; row += 28) pixels.subarray(row, row + 28).reverse();
  return { pixels, labels: [...data.test.labels.subarray(from, from + count)] };
}

before(async () => {
  data = await loadDataset('mnist');
  const engine = await loadEngine('compiled');
  const planned = await engine.plan(topology, data, { batchSize: 32 });
  const { weights } = await planned.train({
    weights: initialWeights(topology, 1),
    indices: Uint32Array.from({ length: 4_000 }, (_, index) => index),
    epochs: 2,
    batchSize: 32,
    optimiser: { kind: 'adam', learningRate: 0.001 },
    proximalMu: 0,
    shuffleState: streamState(1, 'shuffle', 1, 1),
    dropoutState: streamState(1, 'dropout', 1, 1),
  });
  model = { topology, weights: new Uint8Array(weights.slice().buffer), classNames: [] };
});

describe('lessonOf()', () => {
  const some = (count: number): LabelledDigits => ({
    pixels: Uint8Array.from({ length: count * 784 }, (_, index) => Math.floor(index / 784) + 1),
    labels: Array.from({ length: count }, (_, index) => index % 10),
  });
  const times = (indices: Uint32Array, index: number): number =>
    indices.filter((other) => other === index).length;

  it('shows drawings as often as the others together, each of the others once', () => {
    const { data: lesson, indices } = lessonOf(some(4), some(40));
    assert.equal(lesson.count, 44);
    for (let drawing = 0; drawing < 4; drawing += 1) assert.equal(times(indices, drawing), 10);
    for (let other = 4; other < 44; other += 1) assert.equal(times(indices, other), 1);
    assert.deepEqual([...lesson.labels.subarray(2, 6)], [2, 3, 0, 1]);
    assert.deepEqual([lesson.images[3 * 784], lesson.images[4 * 784]], [4, 1]);
  });

  it('shows a few drawings sixteen times, and many, or drawings alone, once', () => {
    assert.equal(times(lessonOf(some(1), some(100)).indices, 0), 16);
    assert.equal(times(lessonOf(some(60), some(20)).indices, 59), 1);
    assert.deepEqual([...lessonOf(some(3), some(0)).indices], [0, 1, 2]);
  });
});

describe('teach()', () => {
  it('teaches a hand that the room has not seen, drawings that it did not learn from included, and forgets little', async () => {
    const lesson = { drawings: digits(0, 60, true), others: digits(1_000, 256, false) };
    const told: number[] = [];
    const taught = await teach(model, lesson, {
      worker: localWorker(),
      onProgress: ({ examplesDone, examplesTotal }) => told.push(examplesDone / examplesTotal),
    });
    assert.deepEqual([taught.drawings, taught.others], [60, 256]);
    assert.ok(taught.after.drawings > taught.before.drawings, JSON.stringify(taught.after));
    assert.ok(taught.after.others > 0.9 * taught.before.others, JSON.stringify(taught.after));
    assert.ok(told.length > 0 && told.every((share) => share > 0 && share <= 1));
    const fresh = digits(100, 400, true);
    const worker = localWorker();
    await worker.call('plan', { topology, data: lessonOf(fresh, digits(0, 0, false)).data });
    const right = async (weights: Float32Array): Promise<number> => {
      await worker.call('load', { weights });
      const probabilities = await worker.call('predict', {
        images: lessonOf(fresh, digits(0, 0, false)).data,
      });
      return fresh.labels.filter((label, image) => {
        const row = probabilities.subarray(image * 10, (image + 1) * 10);
        return row.indexOf(Math.max(...row)) === label;
      }).length;
    };
    const [before, after] = [
      await right(new Float32Array(model.weights.slice().buffer)),
      await right(taught.weights),
    ];
    assert.ok(after > before, `${before} of 400 before, ${after} after`);
  });

  it('gives the same weights for the same drawings, leaves the room’s as they are, and ends its thread', async () => {
    const lesson = { drawings: digits(0, 5, true), others: digits(1_000, 64, false) };
    const before = model.weights.slice();
    const port = new LocalPort();
    const first = await teach(model, lesson, { worker: new ComputeWorker(port) });
    const second = await teach(model, lesson, { worker: localWorker() });
    assert.deepEqual(second.weights, first.weights);
    assert.notDeepEqual(new Uint8Array(first.weights.buffer), before);
    assert.deepEqual(model.weights, before);
    assert.equal(port.terminated, true);
  });

  it('is given up by closing its worker', async () => {
    const worker = localWorker();
    const lesson = { drawings: digits(0, 5, true), others: digits(1_000, 64, false) };
    const under = teach(model, lesson, { worker });
    worker.close();
    await assert.rejects(under, { code: 'closed' });
  });
});
