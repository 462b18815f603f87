/** The compiled engine in Chromium, in the worker that the interface is built with: the same numbers as on Node. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import type { LabelledImages } from '../../core/datasets/dataset.ts';
import { initialWeights } from '../../core/model/initial-weights.ts';
import { presetTopology } from '../../core/model/presets.ts';
import { streamState } from '../../core/random/stream.ts';
import { loadEngine } from '../../main/compute/engines.ts';
import { loadDataset } from '../../main/data/load.ts';
import { type Machine, Room, shell, skip } from '../support/interface-machines.ts';

const assets = fileURLToPath(new URL('../../build/out/interface/assets/worker', import.meta.url));
const topology = presetTopology('cnn', { height: 28, width: 28, channels: 1, classes: 10 });
/** Not a whole number of batches: the last one is shorter. */
const examples = 500;

interface Found {
  readonly variant: string;
  readonly weights: string;
  readonly loss: number;
  readonly accuracy: number;
  readonly steps: number;
  readonly told: number;
  readonly probabilities: string;
}

const base64 = (values: Uint8Array | Float32Array | Int32Array | Uint32Array): string =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');

const seed = 11;
const task = {
  indices: Uint32Array.from({ length: examples }, (_, index) => index),
  epochs: 2,
  batchSize: 32,
  optimiser: { kind: 'adam', learningRate: 0.001 },
  proximalMu: 0.01,
  shuffleState: streamState(seed, 'shuffle'),
  dropoutState: streamState(seed, 'dropout'),
} as const;

/** The same questions as renderer/compute/calls.ts has, asked from the page. */
async function trainInPage(page: Page, data: LabelledImages, weights: Float32Array): Promise<Found> {
  const [name] = readdirSync(assets);
  return page.evaluate(
    async ({ address, model, images, labels, start, indices, shuffle, dropout, given }) => {
      const bytes = (text: string): ArrayBuffer =>
        Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer;
      const text = (values: Float32Array): string => {
        let binary = '';
        for (const byte of new Uint8Array(values.buffer)) binary += String.fromCharCode(byte);
        return btoa(binary);
      };
      const worker = new Worker(address, { type: 'module' });
      let told = 0;
      const ask = (id: number, name: string, args: unknown): Promise<Record<string, unknown>> =>
        new Promise((resolve, reject) => {
          worker.onerror = (event) => {
            reject(new Error(`the worker: ${event.message}`));
          };
          worker.onmessage = ({ data }: MessageEvent<Record<string, unknown>>) => {
            if ('progress' in data) told += 1;
            else if (data['ok'] === true) resolve(data['value'] as Record<string, unknown>);
            else reject(new Error(JSON.stringify(data['problem'])));
          };
          worker.postMessage({ id, name, args });
        });
      const data = {
        images: new Uint8Array(bytes(images)),
        labels: new Uint8Array(bytes(labels)),
        count: given.count,
        height: 28,
        width: 28,
        channels: 1,
      };
      const { variant } = await ask(1, 'plan', { topology: model, data });
      await ask(2, 'load', { weights: new Float32Array(bytes(start)) });
      const trained = await ask(3, 'train', {
        indices: new Uint32Array(bytes(indices)),
        shuffleState: new Int32Array(bytes(shuffle)),
        dropoutState: new Int32Array(bytes(dropout)),
        epochs: given.epochs,
        batchSize: given.batchSize,
        optimiser: given.optimiser,
        proximalMu: given.proximalMu,
      });
      await ask(4, 'load', { weights: trained['weights'] });
      const probabilities = await ask(5, 'predict', { images: data });
      worker.terminate();
      return {
        variant: variant as string,
        weights: text(trained['weights'] as Float32Array),
        loss: trained['loss'] as number,
        accuracy: trained['accuracy'] as number,
        steps: trained['steps'] as number,
        told,
        probabilities: text(probabilities as unknown as Float32Array),
      };
    },
    {
      address: `assets/worker/${name!}`,
      model: topology,
      images: base64(data.images),
      labels: base64(data.labels),
      start: base64(weights),
      indices: base64(task.indices),
      shuffle: base64(task.shuffleState),
      dropout: base64(task.dropoutState),
      given: {
        count: data.count,
        epochs: task.epochs,
        batchSize: task.batchSize,
        optimiser: task.optimiser,
        proximalMu: task.proximalMu,
      },
    },
  );
}

describe('the compiled engine in a browser', { skip }, () => {
  let room: Room;
  let machine: Machine;
  before(async () => {
    room = await Room.open();
    machine = await room.machine('ada');
  });
  after(() => room.close());

  it('trains the CNN and answers as on Node, to the last bit', async () => {
    const { train } = await loadDataset('mnist');
    const data: LabelledImages = {
      ...train,
      images: train.images.slice(0, examples * 784),
      labels: train.labels.slice(0, examples),
      count: examples,
    };
    const weights = initialWeights(topology, seed);
    const found = await trainInPage(machine.page, data, weights);
    const engine = await loadEngine('compiled');
    const model = await engine.plan(topology, { train: data, test: data }, { batchSize: task.batchSize });
    const trained = await model.train({ ...task, weights });
    assert.equal(found.variant, engine.variant);
    assert.equal(found.steps, trained.steps);
    assert.equal(found.weights, base64(trained.weights));
    assert.equal(found.loss, trained.loss);
    assert.equal(found.accuracy, trained.accuracy);
    assert.ok(found.told > 0, 'tells how far it is');
    assert.equal(found.probabilities, base64(await model.predict(trained.weights, data)));
  });

  it(
    'is the only part of the interface that may compile WebAssembly',
    { skip: shell === 'electron' },
    async () => {
      const compiled = machine.page.evaluate(() =>
        WebAssembly.compile(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)).then(() => 'compiled'),
      );
      await assert.rejects(compiled, /unsafe-eval/);
    },
  );
});
