/**
 * The tasks of every engine: its optimisers against plain float64 loops, FedProx, dropout, what repeats and what does
 * not, evaluation, predictions, gradients at images as attacks ask for them, refusals, and that nothing is left behind.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import { differentiableNetwork } from '../../../../core/attacks/differentiation/differentiable-network.ts';
import type { LabelledImages } from '../../../../core/datasets/dataset.ts';
import type { ModelTopology, TrainableModel, TrainingTask } from '../../../../core/model/engine.ts';
import { initialWeights } from '../../../../core/model/initial-weights.ts';
import { presetTopology } from '../../../../core/model/presets.ts';
import { shuffle, streamFromState } from '../../../../core/random/generator.ts';
import { streamState } from '../../../../core/random/stream.ts';
import { randomImages, randomWeights, relativeError } from '../reference.ts';
import { gradientOf, truth } from './float64.ts';
import { forEveryEngine } from './present.ts';

const shape = { height: 6, width: 5, channels: 1 };
const pixels = 30;
const classes = 3;
const train = randomImages(shape, classes, 40, 1);
const test = randomImages(shape, classes, 230, 2);
const parameters = 30 + 28 + 15;

/** A convolution, a pooling, perhaps dropout, and a dense softmax. */
function smallModel(dropout = 0): ModelTopology {
  const layers = [
    {
      class_name: 'Conv2D',
      config: {
        name: 'convolution',
        filters: 3,
        kernel_size: [3, 3],
        activation: 'relu',
        batch_input_shape: [null, 6, 5, 1],
      },
    },
    { class_name: 'MaxPooling2D', config: { name: 'pool', pool_size: [2, 2] } },
    { class_name: 'Flatten', config: { name: 'flatten' } },
    ...(dropout === 0 ? [] : [{ class_name: 'Dropout', config: { name: 'dropout', rate: dropout } }]),
    { class_name: 'Dense', config: { name: 'hidden', units: 4, activation: 'linear' } },
    { class_name: 'Dense', config: { name: 'output', units: classes, activation: 'softmax' } },
  ];
  return { class_name: 'Sequential', config: { name: 'small', layers } };
}

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

/** The task in float64 loops, without dropout. Adam as Kingma and Ba 2015, algorithm 1, with epsilon 1e-7. */
function plainTraining(given: TrainingTask): { weights: Float32Array; loss: number } {
  const { weights, indices, epochs, batchSize, optimiser, proximalMu } = given;
  const network = differentiableNetwork(smallModel(), 'moving');
  const w = Float64Array.from(weights);
  const first = new Float64Array(w.length);
  const second = new Float64Array(w.length);
  const order = indices.slice();
  const stream = streamFromState(given.shuffleState);
  let step = 0;
  let lossSum = 0;
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    shuffle(order, stream);
    lossSum = 0;
    for (let from = 0; from < order.length; from += batchSize) {
      step += 1;
      const rows = order.subarray(from, from + batchSize);
      const { loss, gradient } = gradientOf(network, w, train, rows);
      lossSum += loss * rows.length;
      for (const [index, value] of gradient.entries()) {
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
  return { weights: Float32Array.from(w), loss: lossSum / order.length };
}

/** Twice, with a turn between: what native code holds is let go in that turn. */
async function collect(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  gc();
  await nextTurn();
  gc();
}

forEveryEngine('tasks', (engine) => {
  const plan = (topology: ModelTopology, images: LabelledImages = train): Promise<TrainableModel> =>
    engine.plan(topology, { train: images, test }, { batchSize: 8 });

  const tasks: readonly (readonly [string, Partial<TrainingTask>])[] = [
    ['Adam', {}],
    ['Adam with the FedProx term', { proximalMu: 0.5 }],
    ['SGD', { optimiser: { kind: 'sgd', learningRate: 0.1, momentum: 0 } }],
    [
      'SGD with momentum and the FedProx term',
      { optimiser: { kind: 'sgd', learningRate: 0.05, momentum: 0.9 }, proximalMu: 0.3 },
    ],
    ['batches of one', { batchSize: 1, epochs: 1 }],
    ['one batch of all, larger than it was planned for', { batchSize: 64 }],
  ];
  for (const [name, changes] of tasks)
    it(`trains with ${name} as a plain loop does, shuffled, the last batch shorter`, async () => {
      const model = await plan(smallModel());
      const given = task(changes);
      const { weights, loss, steps, examples, epochWeights } = await model.train(given);
      model.dispose();
      assert.equal(steps, given.epochs * Math.ceil(10 / given.batchSize));
      assert.equal(examples, 10);
      assert.equal(epochWeights.length, 0);
      const expected = plainTraining(given);
      const error = relativeError(
        weights.map((weight, at) => weight - given.weights[at]!),
        expected.weights.map((weight, at) => weight - given.weights[at]!),
      );
      assert.ok(error < 5e-4, `moves differ by ${error}`);
      assert.ok(Math.abs(loss - expected.loss) < 1e-4 * expected.loss, `${loss} against ${expected.loss}`);
    });

  it('gives the same bits again, whatever ran before, a diverged task included', async () => {
    const fresh = await plan(smallModel(0.5));
    const once = await fresh.train(task());
    const used = await plan(smallModel(0.5));
    await used.train(task({ weights: randomWeights(parameters, 9), epochs: 1, batchSize: 7, proximalMu: 1 }));
    const wild = task({ optimiser: { kind: 'sgd', learningRate: 1e30, momentum: 0 }, epochs: 5 });
    await assert.rejects(used.train(wild), { code: 'training-diverged', blame: 'user' });
    await used.evaluate({ weights: randomWeights(parameters, 9), start: 0, end: 10 });
    assert.deepEqual(await used.train(task()), once);
    const otherMasks = await used.train(task({ dropoutState: streamState(1, 'dropout', 2, 1) }));
    assert.notDeepEqual(otherMasks.weights, once.weights);
    const otherOrder = await used.train(task({ shuffleState: streamState(1, 'shuffle', 2, 1) }));
    assert.notDeepEqual(otherOrder.weights, once.weights);
    fresh.dispose();
    used.dispose();
  });

  it('returns the weights of every epoch when asked, and tells every batch', async () => {
    const model = await plan(smallModel(0.5));
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

  it('drops its share of the values, and scales up what it keeps', async () => {
    const units = 512;
    const rate = 0.3;
    const layers = [
      {
        class_name: 'Dense',
        config: { name: 'ones', units, activation: 'relu', batch_input_shape: [null, pixels] },
      },
      { class_name: 'Dropout', config: { name: 'dropout', rate } },
      { class_name: 'Dense', config: { name: 'output', units: classes, activation: 'softmax' } },
    ];
    const topology: ModelTopology = { class_name: 'Sequential', config: { name: 'dropping', layers } };
    const model = await plan(topology);
    // Every hidden value is 1 and every probability a third: a row of the last kernel moves unless its value is dropped.
    const weights = new Float32Array(pixels * units + units + units * classes + classes);
    weights.fill(1, pixels * units, pixels * units + units);
    const row = Uint32Array.of(0);
    const label = train.labels[0]!;
    const masks = 40;
    let kept = 0;
    for (let draw = 0; draw < masks; draw += 1) {
      const { weights: moved } = await model.train(
        task({
          weights,
          indices: row,
          epochs: 1,
          batchSize: 1,
          optimiser: { kind: 'sgd', learningRate: 1, momentum: 0 },
          dropoutState: streamState(draw, 'dropout', 1, 1),
        }),
      );
      const kernel = moved.subarray(pixels * units + units, -classes);
      for (let unit = 0; unit < units; unit += 1) {
        const move = kernel[unit * classes + label]!;
        if (move === 0) continue;
        kept += 1;
        assert.ok(Math.abs(move - 2 / 3 / (1 - rate)) < 1e-6, `moved by ${move}`);
      }
    }
    model.dispose();
    // The share's standard deviation is 0.0032: out of these bounds with a chance below 10^-9.
    const share = kept / (masks * units);
    assert.ok(Math.abs(share - (1 - rate)) < 0.02, `kept ${share}`);
  });

  it('evaluates any range without dropout: losses and classes are the truth', async () => {
    const model = await plan(smallModel(0.5));
    const weights = randomWeights(parameters, 4);
    for (const [start, end] of [
      [0, 230],
      [17, 123],
      [5, 5],
    ] as const) {
      const { lossSum, confusion, count } = await model.evaluate({ weights, start, end });
      assert.equal(count, end - start);
      const expected = new Uint32Array(classes * classes);
      let loss = 0;
      if (end > start) {
        const found = probabilitiesOf(weights, test, start, end);
        for (let image = 0; image < end - start; image += 1) {
          const row = found.subarray(image * classes, (image + 1) * classes);
          const label = test.labels[start + image]!;
          expected[label * classes + row.indexOf(Math.max(...row))]! += 1;
          loss -= Math.log(row[label]!);
        }
      }
      assert.deepEqual(confusion, expected);
      assert.ok(Math.abs(lossSum - loss) <= 1e-5 * Math.max(1, loss), `${lossSum} against ${loss}`);
    }
    await assert.rejects(model.evaluate({ weights, start: 0, end: 231 }), { code: 'internal' });
    model.dispose();
  });

  it('predicts without dropout, any number of images', async () => {
    const model = await plan(smallModel(0.5));
    const weights = randomWeights(parameters, 4);
    const expected = probabilitiesOf(weights, test, 0, 230);
    for (const count of [230, 1, 0]) {
      const found = await model.predict(weights, {
        ...test,
        images: test.images.subarray(0, count * pixels),
        count,
      });
      assert.equal(found.length, classes * count);
      assert.ok(found.every((value, at) => Math.abs(value - expected[at]!) < 2e-6));
    }
    await assert.rejects(model.predict(weights, { ...test, count: 229 }), { code: 'internal' });
    model.dispose();
  });

  it('gives attacks the gradient at images of any number, whatever ran before, and disturbs nothing', async () => {
    const topology = smallModel(0.5);
    const model = await plan(topology);
    const count = 130;
    const asked = {
      weights: randomWeights(parameters, 4),
      count,
      images: randomWeights(count * pixels, 5).map((value) => 0.5 + 1.5 * value),
      targets: Float32Array.from({ length: classes * count }, (_, at) => (at % classes === 0 ? 0.5 : 0.25)),
    };
    const trained = await model.train(task());
    const { gradient, losses, probabilities } = await model.inputGradient(asked);
    const expected = truth(topology, asked.weights, asked.images, asked.targets);
    const error = relativeError(gradient, expected.inputGradient);
    assert.ok(error < 1e-5, `gradient off by ${error}`);
    assert.ok(relativeError(probabilities, expected.probabilities) < 1e-5);
    for (const [image, loss] of losses.entries()) {
      const row = expected.probabilities.subarray(classes * image, classes * (image + 1));
      const truly = row.reduce((sum, p, at) => sum - asked.targets[classes * image + at]! * Math.log(p), 0);
      assert.ok(Math.abs(loss - truly) < 1e-5 * Math.max(1, truly));
    }
    assert.deepEqual(await model.train(task()), trained);
    assert.deepEqual(await model.inputGradient(asked), { gradient, losses, probabilities });

    // The same array, changed in place: what was prepared for the old weights must not answer.
    asked.weights[3]! += 0.5;
    const changed = truth(topology, asked.weights, asked.images, asked.targets).inputGradient;
    assert.ok(relativeError((await model.inputGradient(asked)).gradient, changed) < 1e-5);

    const none = { ...asked, count: 0, images: new Float32Array(), targets: new Float32Array() };
    assert.equal((await model.inputGradient(none)).losses.length, 0);
    const wrong: readonly Partial<typeof asked>[] = [
      { count: 129 },
      { targets: asked.targets.slice(1) },
      { targets: asked.targets.with(5, Infinity) },
      { images: asked.images.with(5, Number.NaN) },
      { weights: asked.weights.with(5, Number.NaN) },
      { weights: asked.weights.slice(1) },
    ];
    for (const changes of wrong)
      await assert.rejects(model.inputGradient({ ...asked, ...changes }), { code: 'internal' });
    model.dispose();
  });

  it('leaves no tensor and no memory behind, however many steps', async () => {
    const data = { height: 14, width: 14, channels: 1 };
    const images = randomImages(data, 10, 40, 1);
    const topology = presetTopology('mlp', { ...data, classes: 10 });
    const model = await engine.plan(topology, { train: images, test: images }, { batchSize: 4 });
    const weights = initialWeights(topology, 1);
    const indices = Uint32Array.from({ length: 40 }, (_, index) => index);
    const round = async (epochs: number): Promise<void> => {
      await model.train(task({ weights, indices, proximalMu: 0.1, epochs }));
      await model.train(
        task({
          weights,
          indices,
          optimiser: { kind: 'sgd', learningRate: 0.1, momentum: 0.5 },
          everyEpoch: true,
        }),
      );
      await model.evaluate({ weights, start: 0, end: 40 });
      await model.predict(weights, images);
      const count = 2;
      await model.inputGradient({
        weights,
        count,
        images: new Float32Array(count * 196),
        targets: new Float32Array(count * 10).fill(0.1),
      });
    };
    await round(1);
    await collect();
    const before = { ...process.memoryUsage(), ...tf.memory() };
    await round(20);
    await collect();
    const after = { ...process.memoryUsage(), ...tf.memory() };
    assert.equal(after.numTensors, before.numTensors);
    assert.equal(after.numBytes, before.numBytes);
    // A copy of the weights in each of the 200 steps would be 42 MB.
    assert.ok(
      after.arrayBuffers - before.arrayBuffers < 2 ** 22,
      `${before.arrayBuffers} to ${after.arrayBuffers}`,
    );
    assert.ok(after.external - before.external < 2 ** 22, `${before.external} to ${after.external}`);
    model.dispose();
  });

  it('leaves no tensor behind when training diverges, in loss or in weights, and says so', async () => {
    const model = await plan(smallModel());
    await model.train(task());
    const { numTensors } = tf.memory();
    const rate = (learningRate: number) =>
      ({ optimiser: { kind: 'sgd', learningRate, momentum: 0 }, epochs: 5 }) as const;
    await assert.rejects(model.train(task(rate(1e30))), { code: 'training-diverged', blame: 'user' });
    // One step only: the loss is still that of the first weights.
    const large = task().weights.map((weight) => 30 * weight);
    await assert.rejects(model.train(task({ ...rate(3e38), weights: large, epochs: 1, batchSize: 10 })), {
      code: 'training-diverged',
    });
    assert.equal(tf.memory().numTensors, numTensors);
    model.dispose();
  });

  it('refuses tasks that do not fit', async () => {
    const model = await plan(smallModel());
    const wrong: readonly (readonly [Partial<TrainingTask>, string])[] = [
      [{ epochs: 0 }, 'invalid-setting'],
      [{ batchSize: 1.5 }, 'invalid-setting'],
      [{ indices: new Uint32Array() }, 'invalid-setting'],
      [{ indices: Uint32Array.of(40) }, 'internal'],
      [{ weights: new Float32Array(50) }, 'internal'],
      [{ weights: new Float32Array(parameters).fill(Number.NaN) }, 'internal'],
    ];
    for (const [changes, code] of wrong) await assert.rejects(model.train(task(changes)), { code });
    model.dispose();
  });

  it('refuses images and labels that the model is not for', async () => {
    await assert.rejects(plan(smallModel(), randomImages({ ...shape, channels: 3 }, classes, 4, 1)), {
      code: 'model-does-not-fit',
    });
    await assert.rejects(plan(smallModel(), { ...train, labels: train.labels.map(() => classes) }), {
      code: 'model-does-not-fit',
    });
  });

  it('refuses a layer that nothing here knows, by name', async () => {
    const [first, ...rest] = (smallModel()['config'] as { readonly layers: readonly object[] }).layers;
    const stranger = { class_name: 'Stranger', config: { name: 'stranger' } };
    const topology = {
      class_name: 'Sequential',
      config: { name: 'model', layers: [first, stranger, ...rest] },
    };
    assert.match(engine.refusal(topology) ?? 'accepted', /[Ll]ayer "stranger" \(Stranger\)/);
    await assert.rejects(plan(topology), { code: 'model-refused' });
    assert.equal(engine.refusal(smallModel(0.5)), undefined);
  });
});

/** Of the small model, [rows, classes]. */
function probabilitiesOf(
  weights: Float32Array,
  data: LabelledImages,
  start: number,
  end: number,
): Float32Array {
  const count = end - start;
  const values = Float32Array.from(data.images.subarray(start * pixels, end * pixels), (byte) => byte / 255);
  return truth(smallModel(), weights, values, new Float32Array(count * classes).fill(1 / classes))
    .probabilities;
}
