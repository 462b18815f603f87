/** Losses of training: their gradients against tf.js's, and both kinds of engine under each of them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { createCompiledEngine } from '../../../core/model/compiled/engine.ts';
import type { TrainingTask } from '../../../core/model/engine.ts';
import { batchLoss, type TrainingLoss } from '../../../core/model/losses.ts';
import { createWasmEngine } from '../../../core/model/wasm/engine.ts';
import { modules, states } from './compiled/support.ts';
import { randomImages, randomWeights, relativeError } from './reference.ts';

const classes = 3;
const shape = { height: 6, width: 5, channels: 1 };
const images = randomImages(shape, classes, 24, 1);
const indices = Uint32Array.of(5, 0, 23, 7, 11, 2, 19, 3);
/** [8, 3]: rows that sum to 1, without which tf.js's gradient of its cross-entropy is not that of its loss. */
const drawn = randomWeights(indices.length * classes, 3).map((value) => value + 0.6);
const soft = drawn.map((value, index) => {
  const first = index - (index % classes);
  return value / drawn.subarray(first, first + classes).reduce((sum, other) => sum + other, 0);
});

const topology = {
  class_name: 'Sequential',
  config: {
    name: 'small',
    layers: [
      {
        class_name: 'Conv2D',
        config: {
          name: 'convolution',
          filters: 4,
          kernel_size: [3, 3],
          activation: 'tanh',
          batch_input_shape: [null, 6, 5, 1],
        },
      },
      { class_name: 'Flatten', config: { name: 'flatten' } },
      { class_name: 'Dense', config: { name: 'output', units: classes, activation: 'softmax' } },
    ],
  },
};
const parameters = 40 + 48 * classes + classes;

const task = (changes: Partial<TrainingTask>): TrainingTask => ({
  weights: randomWeights(parameters, 4),
  indices,
  epochs: 2,
  batchSize: 3,
  optimiser: { kind: 'sgd', learningRate: 0.3, momentum: 0.5 },
  proximalMu: 0,
  shuffleState: states.shuffle,
  dropoutState: states.dropout,
  ...changes,
});

/** tf.js's own way to each loss: of logits and targets [images, classes], the mean over the images. */
const inTensorFlow: readonly (readonly [
  string,
  TrainingLoss,
  (logits: tf.Tensor, targets: tf.Tensor) => tf.Scalar,
])[] = [
  [
    'smoothed cross-entropy',
    { kind: 'cross-entropy', labelSmoothing: 0.2 },
    (logits, targets) => tf.losses.softmaxCrossEntropy(targets, logits, undefined, 0.2),
  ],
  [
    'squared error',
    { kind: 'squared-error' },
    (logits, targets) => tf.losses.meanSquaredError(targets, tf.softmax(logits as tf.Tensor2D)),
  ],
  ...[0, 0.5, 2].map(
    (gamma) =>
      [
        `focal loss, gamma ${gamma}`,
        { kind: 'focal', gamma },
        (logits: tf.Tensor, targets: tf.Tensor) => {
          const p = tf.softmax(logits as tf.Tensor2D);
          const terms = tf.mul(targets, tf.mul(tf.pow(tf.sub(1, p), gamma), tf.log(p)));
          return tf.neg(tf.mean<tf.Scalar>(tf.sum(terms, 1)));
        },
      ] as const,
  ),
];

describe('batchLoss()', () => {
  const places = Uint32Array.of(6, 1, 4, 7);
  const logits = randomWeights(places.length * classes, 6).map((value) => 4 * value);
  for (const [name, loss, reference] of inTensorFlow)
    for (const targets of [undefined, soft])
      it(`agrees with tf.js: ${name}${targets ? ', soft labels' : ''}`, async () => {
        await tf.setBackend('cpu');
        const wanted = targets
          ? tf.tensor2d(
              [...places].flatMap((place) => [...targets.subarray(place * classes, (place + 1) * classes)]),
              [places.length, classes],
            )
          : tf.cast(
              tf.oneHot(
                [...places].map((place) => images.labels[indices[place]!]!),
                classes,
              ),
              'float32',
            );
        const { value, grad } = tf.valueAndGrad((values) => reference(values, wanted))(
          tf.tensor2d(logits, [places.length, classes]),
        );
        const found = batchLoss(task(targets ? { loss, targets } : { loss }), images.labels, places, logits);
        assert.ok(relativeError(found.gradient, grad.dataSync<'float32'>()) < 2e-6);
        const mean = found.losses.reduce((sum, each) => sum + each, 0) / places.length;
        assert.ok(Math.abs(mean - value.dataSync()[0]!) < 2e-6 * Math.max(1, mean));
      });

  it('stays finite where one class is certain, right or wrong', () => {
    for (const [, loss] of inTensorFlow) {
      const found = batchLoss(
        task({ loss }),
        images.labels,
        Uint32Array.of(0),
        Float32Array.of(900, -900, 0),
      );
      assert.ok([...found.gradient, ...found.losses].every(Number.isFinite));
    }
  });
});

describe('train() under a loss of its own', () => {
  const data = { train: images, test: images };
  const engines = [createCompiledEngine(modules), createWasmEngine()];
  const cases: readonly (readonly [string, Partial<TrainingTask>])[] = [
    ...inTensorFlow.map(([name, loss]) => [name, { loss }] as const),
    ['soft labels', { targets: soft }],
    ['soft labels under squared error', { targets: soft, loss: { kind: 'squared-error' } }],
  ];
  for (const [name, changes] of cases)
    it(`gives one model and one loss on both engines, and not that of the cross-entropy: ${name}`, async () => {
      const results = [];
      for (const engine of engines) {
        const model = await engine.plan(topology, data, { batchSize: 3 });
        results.push(await model.train(task(changes)));
        model.dispose();
      }
      const [compiled, wasm] = results as [(typeof results)[0], (typeof results)[0]];
      assert.ok(relativeError(compiled.weights, wasm.weights) < 1e-5);
      assert.ok(Math.abs(compiled.loss - wasm.loss) < 1e-5 * Math.max(1, wasm.loss));
      const model = await engines[0]!.plan(topology, data, { batchSize: 3 });
      const plain = await model.train(task({}));
      // Without a focus, the focal loss is the cross-entropy.
      const isPlain = changes.loss?.kind === 'focal' && changes.loss.gamma === 0;
      assert.equal(relativeError(compiled.weights, plain.weights) < 1e-5, isPlain);
    });

  it('takes labels written as targets for what they are, example by example', async () => {
    const targets = new Float32Array(indices.length * classes);
    for (const [place, row] of indices.entries()) targets[place * classes + images.labels[row]!] = 1;
    for (const engine of engines) {
      const model = await engine.plan(topology, data, { batchSize: 3 });
      const written = await model.train(task({ targets }));
      const plain = await model.train(task({}));
      assert.ok(relativeError(written.weights, plain.weights) < 1e-5);
      assert.ok(Math.abs(written.loss - plain.loss) < 1e-5);
      model.dispose();
    }
  });

  it('refuses what is out of range or does not fit', async () => {
    for (const engine of engines) {
      const model = await engine.plan(topology, data, { batchSize: 3 });
      const refuses = (changes: Partial<TrainingTask>, code: string) =>
        assert.rejects(model.train(task(changes)), { code });
      await refuses({ loss: { kind: 'cross-entropy', labelSmoothing: 1 } }, 'invalid-setting');
      await refuses({ loss: { kind: 'focal', gamma: -1 } }, 'invalid-setting');
      await refuses({ targets: soft.slice(1) }, 'internal');
      await refuses({ targets: soft.with(4, NaN) }, 'internal');
      model.dispose();
    }
  });
});
