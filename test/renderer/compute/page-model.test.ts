import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Dataset } from '../../../core/datasets/dataset.ts';
import type { ModelTopology } from '../../../core/model/engine.ts';
import { initialWeights } from '../../../core/model/initial-weights.ts';
import { presetTopology } from '../../../core/model/presets.ts';
import { loadDataset } from '../../../main/data/load.ts';
import { Classifier } from '../../../main/host/classify.ts';
import type { Answer } from '../../../renderer/compute/calls.ts';
import { ComputeWorker } from '../../../renderer/compute/compute-worker.ts';
import { PageModel } from '../../../renderer/compute/page-model.ts';
import { LocalPort, localWorker } from '../../support/compute-port.ts';

const classNames = Array.from('0123456789');
const shape = { height: 28, width: 28, channels: 1, classes: 10 };
const topology = presetTopology('cnn', shape);
let data: Dataset;

before(async () => {
  data = await loadDataset('mnist');
});

const image = (row: number): Uint8Array => data.test.images.slice(row * 784, (row + 1) * 784);
const bytesOf = (weights: Float32Array): Uint8Array => new Uint8Array(weights.slice().buffer);
const modelOf = (of: ModelTopology, seed: number) => ({
  topology: of,
  weights: bytesOf(initialWeights(of, seed)),
  classNames,
});

describe('PageModel', () => {
  it('reads what the host reads, to the last bit', async () => {
    const host = new Classifier();
    const page = await PageModel.open(modelOf(topology, 3), localWorker());
    const weights = initialWeights(topology, 3);
    for (let row = 0; row < 20; row += 1) {
      const { probabilities } = await page.read(image(row));
      assert.deepEqual(probabilities, await host.classify({ topology, weights, classNames }, image(row)));
    }
    assert.deepEqual(page.classNames, classNames);
    assert.match(page.variant, /SIMD/);
    page.close();
  });

  it('takes weights from wherever they begin in a message', async () => {
    const model = modelOf(topology, 3);
    const shifted = new Uint8Array(model.weights.length + 1);
    shifted.set(model.weights, 1);
    const [page, other] = [
      await PageModel.open(model, localWorker()),
      await PageModel.open({ ...model, weights: shifted.subarray(1) }, localWorker()),
    ];
    assert.deepEqual((await other.read(image(0))).probabilities, (await page.read(image(0))).probabilities);
  });

  it('answers by other weights from when it is told, and by the first ones again', async () => {
    const page = await PageModel.open(modelOf(topology, 3), localWorker());
    const first = (await page.read(image(0))).probabilities;
    await page.use(initialWeights(topology, 4));
    const second = (await page.read(image(0))).probabilities;
    assert.notDeepEqual(second, first);
    await page.use(initialWeights(topology, 3));
    assert.deepEqual((await page.read(image(0))).probabilities, first);
  });

  it('says what the engine has against a model, and ends its thread', async () => {
    const refused: ModelTopology = {
      class_name: 'Sequential',
      config: {
        name: 'refused',
        layers: [
          { class_name: 'Flatten', config: { name: 'flatten', batch_input_shape: [null, 28, 28, 1] } },
          { class_name: 'Dense', config: { name: 'first', units: 4, activation: 'no such activation' } },
          { class_name: 'Dense', config: { name: 'last', units: 10, activation: 'softmax' } },
        ],
      },
    };
    const port = new LocalPort();
    await assert.rejects(
      PageModel.open({ topology: refused, weights: new Uint8Array(0), classNames }, new ComputeWorker(port)),
      { code: 'model-refused' },
    );
    assert.equal(port.terminated, true);
  });
});

describe('ComputeWorker', () => {
  it('rejects what is under way, and all that is asked later, once it is closed', async () => {
    const worker = localWorker();
    const under = worker.call('plan', { topology, data: data.test });
    worker.close();
    await assert.rejects(under, { code: 'closed' });
    await assert.rejects(worker.call('load', { weights: new Float32Array(1) }), { code: 'closed' });
  });

  it('rejects everything where the worker cannot start, and where its modules cannot be fetched', async () => {
    const port = new LocalPort();
    const worker = new ComputeWorker(port);
    const under = worker.call('plan', { topology, data: data.test });
    port.onerror?.({ message: 'refused', preventDefault: () => undefined } as ErrorEvent);
    await assert.rejects(under, { code: 'fault', message: 'refused' });
    assert.equal(port.terminated, true);
    const without = new ComputeWorker(new LocalPort(Promise.reject(new Error('404'))));
    await assert.rejects(without.call('plan', { topology, data: data.test }), {
      code: 'fault',
      message: '404',
    });
  });

  it('refuses calls out of order', async () => {
    const worker = localWorker();
    await assert.rejects(worker.call('predict', { images: data.test }), { code: 'internal' });
    await worker.call('plan', { topology, data: data.test });
    await assert.rejects(worker.call('predict', { images: data.test }), { code: 'internal' });
  });

  it('hears nothing in an answer that nobody waits for', () => {
    const port = new LocalPort();
    new ComputeWorker(port);
    port.onmessage?.({ data: { id: 7, ok: true, value: null } } as MessageEvent<Answer>);
  });
});
