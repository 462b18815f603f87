/** The engine 'tensorflow' where TensorFlow is set up: its own optimisers and layers against those of tf.js. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { FederationError } from '../../../../core/errors/federation-error.ts';
import type { Engine, ModelTopology, TrainingTask } from '../../../../core/model/engine.ts';
import { initialWeights } from '../../../../core/model/initial-weights.ts';
import { createWasmEngine } from '../../../../core/model/wasm/engine.ts';
import { streamState } from '../../../../core/random/stream.ts';
import { readTensorflowRecord, tensorflowCommand } from '../../../../main/compute/tensorflow-facts.ts';
import { tensorflowEngine } from '../../../../main/compute/tensorflow.ts';
import { randomImages, relativeError } from '../reference.ts';

const record = await readTensorflowRecord();
const skip = record === undefined ? `TensorFlow is not set up here: ${tensorflowCommand}` : false;

const shape = { height: 9, width: 8, channels: 2 };
const train = randomImages(shape, 3, 60, 1);
const data = { train, test: randomImages(shape, 3, 30, 2) };

/** Every layer that has a call of its own, with and without bias and relu, and one that has not. */
const topology: ModelTopology = {
  class_name: 'Sequential',
  config: {
    name: 'quick',
    layers: [
      {
        class_name: 'Conv2D',
        config: {
          name: 'same',
          filters: 4,
          kernel_size: [3, 2],
          strides: [1, 2],
          padding: 'same',
          activation: 'relu',
          batch_input_shape: [null, 9, 8, 2],
        },
      },
      { class_name: 'Conv2D', config: { name: 'valid', filters: 5, kernel_size: 2, use_bias: false } },
      { class_name: 'ReLU', config: { name: 'rectifier' } },
      { class_name: 'MaxPooling2D', config: { name: 'pool', pool_size: [2, 2], padding: 'same' } },
      { class_name: 'Conv2D', config: { name: 'elu', filters: 4, kernel_size: 1, activation: 'elu' } },
      { class_name: 'Flatten', config: { name: 'flatten' } },
      { class_name: 'Dropout', config: { name: 'dropout', rate: 0.3 } },
      { class_name: 'Dense', config: { name: 'dense', units: 6, activation: 'relu' } },
      { class_name: 'Dense', config: { name: 'plain', units: 5, use_bias: false } },
      { class_name: 'Activation', config: { name: 'activation', activation: 'relu' } },
      { class_name: 'Dense', config: { name: 'output', units: 3, activation: 'softmax' } },
    ],
  },
};
const weights = initialWeights(topology, 4).map((value, index) => value + 0.01 * ((index % 5) - 2));

const task = (changes: Partial<TrainingTask> = {}): TrainingTask => ({
  weights,
  indices: Uint32Array.from({ length: 30 }, (_, index) => 2 * index),
  epochs: 3,
  batchSize: 8,
  optimiser: { kind: 'adam', learningRate: 0.01 },
  proximalMu: 0,
  shuffleState: streamState(1, 'shuffle'),
  dropoutState: streamState(1, 'dropout'),
  ...changes,
});

async function trained(engine: Engine, changes: Partial<TrainingTask>): Promise<Float32Array> {
  const model = await engine.plan(topology, data, { batchSize: 8 });
  const result = await model.train(task(changes));
  model.dispose();
  return result.weights;
}

describe('the tensorflow engine', { skip }, () => {
  const tasks: Readonly<Record<string, Partial<TrainingTask>>> = {
    Adam: {},
    'Adam with the FedProx term': { proximalMu: 0.5 },
    SGD: { optimiser: { kind: 'sgd', learningRate: 0.1, momentum: 0 } },
    'SGD with momentum': { optimiser: { kind: 'sgd', learningRate: 0.05, momentum: 0.9 } },
    'label smoothing': { loss: { kind: 'cross-entropy', labelSmoothing: 0.2 } },
    'squared error': { loss: { kind: 'squared-error' } },
    'the focal loss': { loss: { kind: 'focal', gamma: 2 } },
  };
  for (const [name, changes] of Object.entries(tasks))
    it(`trains with ${name} to the weights of the wasm engine, but for rounding`, async () => {
      const found = await trained(await tensorflowEngine(), changes);
      const expected = await trained(createWasmEngine(), changes);
      assert.notDeepEqual(expected, weights);
      const error = relativeError(found, expected);
      assert.ok(error < 1e-4, `weights differ by ${error}`);
    });

  it('gives the same weights again, bit for bit, whatever ran before', async () => {
    const model = await (await tensorflowEngine()).plan(topology, data, { batchSize: 8 });
    const once = await model.train(task());
    await model.train(task({ optimiser: { kind: 'sgd', learningRate: 0.1, momentum: 0.5 }, epochs: 1 }));
    await model.evaluate({ weights, start: 0, end: 30 });
    assert.deepEqual(await model.train(task()), once);
    model.dispose();
  });

  it('leaves no tensor behind, and changes no weights that it was handed', async () => {
    const model = await (await tensorflowEngine()).plan(topology, data, { batchSize: 8 });
    const before = weights.slice();
    await model.train(task());
    const { numTensors, numBytes } = tf.memory();
    for (const changes of Object.values(tasks)) await model.train(task({ ...changes, everyEpoch: true }));
    await model.predict(weights, data.test);
    assert.deepEqual([tf.memory().numTensors, tf.memory().numBytes], [numTensors, numBytes]);
    assert.deepEqual(weights, before);
    model.dispose();
  });

  it('is named by its version and its threads', async () => {
    assert.equal((await tensorflowEngine()).variant, `TensorFlow ${record?.tensorflow}, 1 thread`);
  });
});

describe('tensorflowEngine()', () => {
  it('says what sets TensorFlow up where it is not', async () => {
    await assert.rejects(tensorflowEngine(pathToFileURL('/nowhere/tensorflow/')), (error) => {
      assert.ok(error instanceof FederationError && error.code === 'engine-missing');
      assert.match(error.message, /must be set up on this machine, and is not/);
      return true;
    });
  });
});
