/** The wasm engine's tasks: its optimisers against plain loops over the reference's gradients, and what it refuses. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import type { LabelledImages } from '../../../../core/datasets/dataset.ts';
import type { ModelTopology, TrainingTask } from '../../../../core/model/engine.ts';
import { trainableLayers } from '../../../../core/model/layers/catalogue.ts';
import { dropoutMask } from '../../../../core/model/tfjs/network.ts';
import { createWasmEngine } from '../../../../core/model/wasm/engine.ts';
import { randomStream, shuffle, streamState } from '../../../../core/random/stream.ts';
import {
  randomImages,
  randomWeights,
  referenceGradient,
  referenceInputGradient,
  referenceProbabilities,
  relativeError,
} from '../reference.ts';

const shape = { height: 6, width: 5, channels: 1 };
const train = randomImages(shape, 3, 40, 1);
const test = randomImages(shape, 3, 230, 2);
const layerNames = ['convolution', 'output'];

function smallModel(dropout = 0): ModelTopology {
  const layers = [
    {
      class_name: 'Conv2D',
      config: {
        name: 'convolution',
        filters: 3,
        kernel_size: 3,
        activation: 'relu',
        batch_input_shape: [null, 6, 5, 1],
      },
    },
    { class_name: 'MaxPooling2D', config: { name: 'pool', pool_size: [2, 2] } },
    { class_name: 'Flatten', config: { name: 'flatten' } },
    ...(dropout === 0 ? [] : [{ class_name: 'Dropout', config: { name: 'dropout', rate: dropout } }]),
    { class_name: 'Dense', config: { name: 'output', units: 3, activation: 'softmax' } },
  ];
  return { class_name: 'Sequential', config: { name: 'small', layers } };
}
const parameters = 30 + 21;

const plan = (topology: ModelTopology, images: LabelledImages = train) =>
  createWasmEngine().plan(topology, { train: images, test }, { batchSize: 8 });

const task = (changes: Partial<TrainingTask> = {}): TrainingTask => ({
  weights: randomWeights(parameters, 3),
  indices: Uint32Array.of(0, 3, 4, 7, 9, 12, 20, 21, 22, 39),
  epochs: 2,
  batchSize: 4,
  optimiser: { kind: 'adam', learningRate: 0.01 },
  proximalMu: 0,
  shuffleState: streamState(1, 'shuffle', 1, 1),
  dropoutState: streamState(1, 'dropout', 1, 1),
  ...changes,
});

/** The task in float64 loops; only the gradients are tf.js's. */
async function plainTraining({
  weights,
  indices,
  epochs,
  batchSize,
  optimiser,
  proximalMu,
}: TrainingTask): Promise<Float32Array> {
  const w = Float64Array.from(weights);
  const first = new Float64Array(w.length);
  const second = new Float64Array(w.length);
  const order = indices.slice();
  const stream = randomStream(1, 'shuffle', 1, 1);
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    shuffle(order, stream);
    for (let from = 0; from < order.length; from += batchSize) {
      step += 1;
      const rows = order.subarray(from, from + batchSize);
      const { gradient } = await referenceGradient(
        smallModel(),
        layerNames,
        Float32Array.from(w),
        train,
        rows,
      );
      for (const [index, value] of gradient.flatMap((part) => [...part]).entries()) {
        const g = value + proximalMu * (w[index]! - weights[index]!);
        if (optimiser.kind === 'sgd') {
          first[index] = optimiser.momentum * first[index]! + g;
          w[index] = w[index]! - optimiser.learningRate * first[index];
        } else {
          first[index] = 0.9 * first[index]! + 0.1 * g;
          second[index] = 0.999 * second[index]! + 0.001 * g * g;
          const mean = first[index] / (1 - 0.9 ** step);
          const variance = second[index] / (1 - 0.999 ** step);
          w[index] = w[index]! - (optimiser.learningRate * mean) / (Math.sqrt(variance) + 1e-7);
        }
      }
    }
  }
  return Float32Array.from(w);
}

describe('the wasm engine', () => {
  const tasks: [string, Partial<TrainingTask>][] = [
    ['Adam', {}],
    ['Adam with the FedProx term', { proximalMu: 0.5 }],
    ['SGD', { optimiser: { kind: 'sgd', learningRate: 0.1, momentum: 0 } }],
    [
      'SGD with momentum and the FedProx term',
      { optimiser: { kind: 'sgd', learningRate: 0.05, momentum: 0.9 }, proximalMu: 0.3 },
    ],
  ];
  for (const [name, changes] of tasks)
    it(`trains with ${name} as a plain loop does`, async () => {
      const model = await plan(smallModel());
      const { weights, steps, examples } = await model.train(task(changes));
      model.dispose();
      assert.equal(steps, 6);
      assert.equal(examples, 10);
      const error = relativeError(weights, await plainTraining(task(changes)));
      assert.ok(error < 2e-4, `weights differ by ${error}`);
    });

  it('gives the same weights again, whatever ran before', async () => {
    const model = await plan(smallModel(0.5));
    const once = await model.train(task());
    await model.train(task({ weights: randomWeights(parameters, 9), epochs: 1 }));
    await model.evaluate({ weights: randomWeights(parameters, 9), start: 0, end: 10 });
    assert.deepEqual(await model.train(task()), once);
    const otherMasks = await model.train(task({ dropoutState: streamState(1, 'dropout', 2, 1) }));
    assert.notDeepEqual(otherMasks.weights, once.weights);
    const otherOrder = await model.train(task({ shuffleState: streamState(1, 'shuffle', 2, 1) }));
    assert.notDeepEqual(otherOrder.weights, once.weights);
    model.dispose();
  });

  it('returns the weights of every epoch when asked, and tells every batch', async () => {
    const model = await plan(smallModel());
    const told: number[] = [];
    const { weights, epochWeights } = await model.train(
      task({ everyEpoch: true }),
      ({ examplesDone, examplesTotal }) => {
        assert.equal(examplesTotal, 20);
        told.push(examplesDone);
      },
    );
    assert.deepEqual(told, [4, 8, 10, 14, 18, 20]);
    assert.equal(epochWeights.length, 2);
    assert.deepEqual(epochWeights[1], weights);
    assert.deepEqual((await model.train(task({ epochs: 1 }))).weights, epochWeights[0]);
    model.dispose();
  });

  it("evaluates without dropout: loss and classes are the reference's", async () => {
    const model = await plan(smallModel(0.5));
    const weights = randomWeights(parameters, 4);
    const { lossSum, confusion, count } = await model.evaluate({ weights, start: 20, end: 230 });
    model.dispose();
    assert.equal(count, 210);
    assert.equal(
      confusion.reduce((sum, cases) => sum + cases, 0),
      210,
    );
    for (let label = 0; label < 3; label += 1)
      assert.equal(
        confusion.subarray(label * 3, label * 3 + 3).reduce((sum, cases) => sum + cases, 0),
        test.labels.subarray(20).filter((other) => other === label).length,
      );
    const rows = Uint32Array.from({ length: 210 }, (_, index) => 20 + index);
    const { loss } = await referenceGradient(smallModel(), layerNames, weights, test, rows);
    assert.ok(Math.abs(lossSum / 210 - loss) < 1e-5, `${lossSum / 210} against ${loss}`);
  });

  it("predicts without dropout: probabilities are the reference's, for any number of images", async () => {
    const topology = smallModel(0.5);
    const model = await plan(topology);
    const weights = randomWeights(parameters, 4);
    const found = await model.predict(weights, test);
    assert.equal((await model.predict(weights, { ...test, images: new Uint8Array(0), count: 0 })).length, 0);
    await assert.rejects(model.predict(weights, { ...test, count: 229 }), { code: 'internal' });
    model.dispose();
    const expected = await referenceProbabilities(topology, layerNames, weights, test);
    assert.equal(found.length, 690);
    assert.ok(relativeError(found, expected) < 1e-5);
  });

  it("gives the reference's gradients at the images, with their losses, for any number of them", async () => {
    const topology = smallModel(0.5);
    const model = await plan(topology);
    const count = 130;
    const task = {
      weights: randomWeights(parameters, 4),
      count,
      images: randomWeights(count * 30, 5).map((value) => 0.5 + 1.5 * value),
      targets: Float32Array.from({ length: 3 * count }, (_, at) => (at % 4 === 0 ? 1 : 0.25)),
    };
    const { numTensors } = tf.memory();
    const { gradient, losses, probabilities } = await model.inputGradient(task);
    assert.equal(tf.memory().numTensors, numTensors);
    const none = { ...task, count: 0, images: new Float32Array(), targets: new Float32Array() };
    assert.equal((await model.inputGradient(none)).losses.length, 0);
    const wrong: Partial<typeof task>[] = [
      { count: 129 },
      { targets: task.targets.slice(1) },
      { images: task.images.with(5, Number.NaN) },
      { weights: task.weights.with(5, Number.NaN) },
    ];
    for (const changes of wrong)
      await assert.rejects(model.inputGradient({ ...task, ...changes }), { code: 'internal' });
    model.dispose();
    const expected = await referenceInputGradient(
      topology,
      layerNames,
      task.weights,
      task.images,
      task.targets,
    );
    const error = relativeError(gradient, expected);
    assert.ok(error < 1e-5, `gradient off by ${error}`);
    for (let image = 0; image < count; image += 1) {
      const row = probabilities.subarray(3 * image, 3 * image + 3);
      const loss = row.reduce((sum, p, index) => sum - task.targets[3 * image + index]! * Math.log(p), 0);
      assert.ok(Math.abs(row.reduce((sum, p) => sum + p, 0) - 1) < 1e-5);
      assert.ok(Math.abs(losses[image]! - loss) < 1e-5 * Math.max(1, loss));
    }
  });

  it('leaves no tensor behind, however many steps', async () => {
    const model = await plan(smallModel(0.3));
    await model.train(task({ proximalMu: 0.1 }));
    const { numTensors, numBytes } = tf.memory();
    await model.train(task({ proximalMu: 0.1, epochs: 20, everyEpoch: true }));
    await model.train(task({ optimiser: { kind: 'sgd', learningRate: 0.1, momentum: 0.5 } }));
    await model.predict(randomWeights(parameters, 4), test);
    await model.evaluate({ weights: randomWeights(parameters, 4), start: 0, end: 230 });
    assert.equal(tf.memory().numTensors, numTensors);
    assert.equal(tf.memory().numBytes, numBytes);
    model.dispose();
  });

  it('leaves no tensor behind when training diverges, and says so', async () => {
    const model = await plan(smallModel());
    const { numTensors } = tf.memory();
    const wild = task({ optimiser: { kind: 'sgd', learningRate: 1e30, momentum: 0 }, epochs: 5 });
    await assert.rejects(model.train(wild), { code: 'training-diverged' });
    assert.equal(tf.memory().numTensors, numTensors);
    model.dispose();
  });

  it('refuses tasks that do not fit', async () => {
    const model = await plan(smallModel());
    const wrong: [Partial<TrainingTask>, string][] = [
      [{ epochs: 0 }, 'invalid-setting'],
      [{ batchSize: 1.5 }, 'invalid-setting'],
      [{ indices: new Uint32Array() }, 'invalid-setting'],
      [{ indices: Uint32Array.of(40) }, 'internal'],
      [{ weights: new Float32Array(50) }, 'internal'],
      [{ weights: new Float32Array(parameters).fill(Number.NaN) }, 'internal'],
    ];
    for (const [changes, code] of wrong) await assert.rejects(model.train(task(changes)), { code });
    await assert.rejects(model.evaluate({ weights: randomWeights(parameters, 1), start: 0, end: 231 }), {
      code: 'internal',
    });
    model.dispose();
  });

  it('refuses images and labels that the model is not for', async () => {
    await assert.rejects(plan(smallModel(), randomImages({ ...shape, channels: 3 }, 3, 4, 1)), {
      code: 'model-does-not-fit',
    });
    await assert.rejects(plan(smallModel(), { ...train, labels: train.labels.map(() => 3) }), {
      code: 'model-does-not-fit',
    });
  });

  it('refuses every layer of tf.js that it does not offer, by name, before any training', async () => {
    // Every class that tf.js can read from a file, layers and others (initialisers, activations) alike.
    const classes = Object.keys(tf.serialization.SerializationMap.getMap().classNameMap);
    const others = classes.filter((name) => !trainableLayers.includes(name) && name !== 'InputLayer');
    assert.ok(others.includes('LSTM') && others.includes('GaussianNoise') && others.length > 30);
    for (const className of others) {
      const [first, ...rest] = (smallModel()['config'] as { readonly layers: readonly object[] }).layers;
      const stranger = { class_name: className, config: { name: 'stranger' } };
      const topology = {
        class_name: 'Sequential',
        config: { name: 'model', layers: [first, stranger, ...rest] },
      };
      const refusal = createWasmEngine().refusal(topology);
      assert.match(refusal ?? 'accepted', new RegExp(`layer "stranger" \\(${className}\\)`));
      await assert.rejects(plan(topology), { code: 'model-refused' });
    }
  });

  it('has nothing against a model that it trains', () => {
    assert.equal(createWasmEngine().refusal(smallModel(0.5)), undefined);
  });
});

describe('dropoutMask()', () => {
  it('drops the rate and scales what it keeps, the mean staying 1', () => {
    const mask = dropoutMask(100_000, 0.3, randomStream(1, 'dropout', 1, 1));
    const kept = mask.filter((value) => value !== 0);
    assert.ok(kept.every((value) => value === Math.fround(1 / 0.7)));
    // The standard deviation of the share is 0.00145: out of these bounds with a chance below 10^-10.
    assert.ok(Math.abs(kept.length / mask.length - 0.7) < 0.01);
  });
});
