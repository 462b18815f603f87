/**
 * Batch normalisation while training: each engine against plain loops in float64 over the attacks' own derivatives, which
 * share no code with the engines; and what becomes of the moving statistics.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  differentiableNetwork,
  weightGradients,
} from '../../../core/attacks/differentiation/differentiable-network.ts';
import { constant } from '../../../core/attacks/differentiation/value.ts';
import { parameterCount, readArchitecture } from '../../../core/model/architecture.ts';
import { createCompiledEngine } from '../../../core/model/compiled/engine.ts';
import type { Engine, ModelTopology, TrainingTask } from '../../../core/model/engine.ts';
import { movingStatistics, soundVariances } from '../../../core/model/moving-statistics.ts';
import { createWasmEngine } from '../../../core/model/wasm/engine.ts';
import { randomStream, shuffle, streamState } from '../../../core/random/stream.ts';
import { modules, modulesWithoutRelaxed } from './compiled/support.ts';
import { randomImages, randomWeights, relativeError, withVariances } from './reference.ts';

const shape = { height: 6, width: 5, channels: 1 };
const classes = 3;
const train = randomImages(shape, classes, 40, 1);
const test = randomImages(shape, classes, 30, 2);
const momentum = 0.8;
const epsilon = 0.01;

const layers = [
  {
    class_name: 'Conv2D',
    config: { name: 'conv', filters: 3, kernel_size: 3, batch_input_shape: [null, 6, 5, 1] },
  },
  { class_name: 'BatchNormalization', config: { name: 'normal_1', momentum, epsilon } },
  { class_name: 'Activation', config: { name: 'relu', activation: 'relu' } },
  { class_name: 'Flatten', config: { name: 'flatten' } },
  { class_name: 'Dense', config: { name: 'dense', units: 7 } },
  { class_name: 'BatchNormalization', config: { name: 'normal_2', momentum, epsilon } },
  { class_name: 'Dense', config: { name: 'output', units: classes, activation: 'softmax' } },
];
const topology: ModelTopology = { class_name: 'Sequential', config: { name: 'normalised', layers } };
const parameters = parameterCount(topology);
const statistics = movingStatistics(topology);
const start = withVariances(randomWeights(parameters, 3), statistics);

const engines: readonly Engine[] = [
  createWasmEngine(),
  createCompiledEngine(modules),
  createCompiledEngine(modulesWithoutRelaxed),
];

const task = (changes: Partial<TrainingTask> = {}): TrainingTask => ({
  weights: start,
  indices: Uint32Array.of(0, 3, 4, 7, 9, 12, 20, 21, 22, 39),
  epochs: 2,
  batchSize: 4,
  optimiser: { kind: 'sgd', learningRate: 0.05, momentum: 0 },
  proximalMu: 0,
  shuffleState: streamState(1, 'shuffle', 1, 1),
  dropoutState: streamState(1, 'dropout', 1, 1),
  ...changes,
});

/** SGD in float64, and the moving statistics by their definition. */
function plainTraining({ weights, indices, epochs, batchSize, proximalMu }: TrainingTask): Float32Array {
  const network = differentiableNetwork(topology, 'batch');
  const { layers: placed } = readArchitecture(topology);
  const normalised = placed.flatMap(({ className }, position) =>
    className === 'BatchNormalization' ? [position] : [],
  );
  const trained = (at: number): boolean => !statistics.some(({ start, end }) => at >= start && at < end);
  const w = Float64Array.from(weights);
  const order = indices.slice();
  const stream = randomStream(1, 'shuffle', 1, 1);
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    shuffle(order, stream);
    for (let from = 0; from < order.length; from += batchSize) {
      const rows = order.subarray(from, from + batchSize);
      const pixels = Float64Array.from(
        [...rows].flatMap((row) => [...train.images.subarray(row * 30, row * 30 + 30)]),
        (byte) => byte / 255,
      );
      const images = constant(pixels, [rows.length, 6, 5, 1]);
      const labels = new Float64Array(rows.length * classes);
      for (const [index, row] of rows.entries()) labels[index * classes + train.labels[row]!] = 1;
      const variables = network.weights(w);
      const found = weightGradients(network, variables, images, constant(labels, [rows.length, classes]));
      const gradient = found.flatMap(({ data }) => [...data]);
      const moments = normalised.flatMap((position) => {
        const { data, shape: sides } = network.layerOutput(variables, images, position - 1);
        return momentsOf(data, sides.at(-1)!);
      });
      for (let at = 0; at < w.length; at += 1)
        if (trained(at)) w[at]! -= 0.05 * (gradient[at]! + proximalMu * (w[at]! - weights[at]!));
      for (const [index, { start: first, end }] of statistics.entries())
        for (let at = first; at < end; at += 1)
          w[at] = momentum * w[at]! + (1 - momentum) * moments[index]![at - first]!;
    }
  }
  return Float32Array.from(w);
}

/** Mean and variance of every channel, which is the last axis. */
function momentsOf(data: Float64Array, channels: number): [mean: Float64Array, variance: Float64Array] {
  const mean = new Float64Array(channels);
  const variance = new Float64Array(channels);
  const share = channels / data.length;
  for (const [at, value] of data.entries()) mean[at % channels]! += share * value;
  for (const [at, value] of data.entries())
    variance[at % channels]! += share * (value - mean[at % channels]!) ** 2;
  return [mean, variance];
}

for (const engine of engines)
  describe(`batch normalisation on the engine ${engine.name} (${engine.variant})`, () => {
    const plan = () => engine.plan(topology, { train, test }, { batchSize: 4 });

    for (const [name, changes] of [
      ['SGD', {}],
      ['the FedProx term, which leaves moving statistics alone', { proximalMu: 0.5 }],
      ['a batch of one image at the end', { indices: Uint32Array.of(5, 6, 7, 8, 9), epochs: 3 }],
    ] as const)
      it(`trains as plain loops do: ${name}`, async () => {
        const model = await plan();
        const { weights } = await model.train(task(changes));
        model.dispose();
        const expected = plainTraining(task(changes));
        const error = relativeError(weights, expected);
        assert.ok(error < 2e-5, `weights differ by ${error}`);
        for (const { start: from, end } of statistics)
          assert.ok(weights.subarray(from, end).every((value, index) => value !== start[from + index]));
      });

    it('gives moving statistics that no optimiser has touched: the same under Adam without a step', async () => {
      const model = await plan();
      const still = await model.train(task({ optimiser: { kind: 'adam', learningRate: 1e-30 } }));
      const sgd = await model.train(task({ optimiser: { kind: 'sgd', learningRate: 1e-30, momentum: 0.9 } }));
      model.dispose();
      assert.deepEqual(still.weights, sgd.weights);
      for (const { start: from, end, statistic } of statistics) {
        const moved = still.weights.subarray(from, end);
        assert.ok(moved.every((value, index) => value !== start[from + index]));
        if (statistic === 'variance') assert.ok(moved.every((value) => value >= 0));
      }
    });

    it('evaluates each image by the moving statistics, whatever is evaluated beside it', async () => {
      const model = await plan();
      const all = await model.predict(start, test);
      const alone = await model.predict(start, { ...test, count: 1, images: test.images.slice(0, 30) });
      assert.ok(relativeError(alone, all.subarray(0, classes)) < 1e-6);
      const network = differentiableNetwork(topology, 'moving');
      const pixels = Float64Array.from(test.images, (byte) => byte / 255);
      const { data } = network.logits(network.weights(start), constant(pixels, [30, 6, 5, 1]));
      model.dispose();
      for (let image = 0; image < 30; image += 1) {
        const powers = [...data.subarray(image * classes, (image + 1) * classes)].map(Math.exp);
        const sum = powers.reduce((total, power) => total + power, 0);
        for (const [index, power] of powers.entries())
          assert.ok(Math.abs(all[image * classes + index]! - power / sum) < 1e-5);
      }
    });

    it('takes a variance below zero for zero', async () => {
      const { start: from, end } = statistics.at(-1)!;
      const below = start.slice().fill(-0.25, from, end);
      const zero = start.slice().fill(0, from, end);
      assert.deepEqual(soundVariances(below, statistics), zero);
      assert.equal(soundVariances(zero, statistics), zero);
      const model = await plan();
      assert.deepEqual(await model.predict(below, test), await model.predict(zero, test));
      assert.deepEqual(
        await model.train(task({ weights: below })),
        await model.train(task({ weights: zero })),
      );
      model.dispose();
    });

    it('gives the same weights again, whatever ran before', async () => {
      const model = await plan();
      const once = await model.train(task());
      await model.evaluate({ weights: start, start: 0, end: 30 });
      await model.train(task({ epochs: 1, indices: Uint32Array.of(1, 2, 3, 5) }));
      assert.deepEqual(await model.train(task()), once);
      model.dispose();
    });
  });
