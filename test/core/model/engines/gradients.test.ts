/**
 * Every engine against the same model in float64: gradients by weights and by images, probabilities and losses, of every
 * layer of the catalogue and of models drawn at random, with ties in pooling and dead units.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { parameterShapes, readArchitecture, sizeOf } from '../../../../core/model/architecture.ts';
import type { LabelledImages } from '../../../../core/datasets/dataset.ts';
import type { Engine, EngineName, ModelTopology, TrainableModel } from '../../../../core/model/engine.ts';
import { presetNames, presetTopology } from '../../../../core/model/presets.ts';
import { randomStream, streamState } from '../../../../core/random/stream.ts';
import { cut } from '../compiled/support.ts';
import { caseData, layerCases } from '../layer-cases.ts';
import { randomImages, randomWeights, relativeError } from '../reference.ts';
import { oneHot, truth } from './float64.ts';
import { forEveryEngine } from './present.ts';
import { windowCases, windowModel } from './window-models.ts';

/** Of a tensor's largest entry. tf.js adds up in float32, one product after the other, what may cancel. */
const limits: Readonly<Record<EngineName, number>> = { compiled: 1e-5, tensorflow: 5e-5, wasm: 5e-5 };

/** What the compiled engine leaves to the others; of the rest, every engine must train each layer. */
const notCompiled = [
  'Conv2DTranspose',
  'DepthwiseConv2D',
  'SeparableConv2D',
  'PReLU',
  'Softmax',
  'GroupNormalization',
  'LayerNormalization',
];
const promised = (engine: EngineName): readonly string[] =>
  Object.keys(cases).filter((className) => engine !== 'compiled' || !notCompiled.includes(className));

/** All but batch normalisation, which is not differentiated in float64: ../layers.test.ts holds it against tf.js. */
const { BatchNormalization: _, ...cases } = layerCases;

/** Gradients in training are not those of the model as it predicts. */
const draws = (topology: ModelTopology): boolean =>
  readArchitecture(topology).layers.some(
    ({ className, config }) => className === 'Dropout' && config['rate'] !== 0,
  );

async function topologyOf(build: () => LayersModel): Promise<ModelTopology> {
  await tf.setBackend('cpu');
  const model = build();
  const topology = model.toJSON(undefined, false) as unknown as ModelTopology;
  model.dispose();
  return topology;
}

/** By a step of plain gradient descent so long that rounding of the weights does not show. */
async function weightGradient(
  model: TrainableModel,
  weights: Float32Array,
  rows: Uint32Array,
): Promise<Float32Array> {
  const learningRate = 2 ** 10;
  const { weights: moved } = await model.train({
    weights,
    indices: rows,
    epochs: 1,
    batchSize: rows.length,
    optimiser: { kind: 'sgd', learningRate, momentum: 0 },
    proximalMu: 0,
    shuffleState: streamState(1, 'shuffle', 1, 1),
    dropoutState: streamState(1, 'dropout', 1, 1),
  });
  return moved.map((weight, at) => (weights[at]! - weight) / learningRate);
}

/** The model's refusal, or that its numbers are the truth. */
async function check(
  engine: Engine,
  topology: ModelTopology,
  images: LabelledImages,
  weights: Float32Array,
): Promise<'trained' | 'refused'> {
  const refusal = engine.refusal(topology);
  const batchSize = images.count;
  if (refusal !== undefined) {
    assert.match(refusal, /[Ll]ayer "[^"]+" \(\w+\)|model/, refusal);
    const planned = engine.plan(topology, { train: images, test: images }, { batchSize });
    await assert.rejects(planned, { code: 'model-refused' });
    return 'refused';
  }
  const model = await engine.plan(topology, { train: images, test: images }, { batchSize });
  const { classes } = readArchitecture(topology);
  const rows = Uint32Array.from({ length: images.count }, (_, row) => row);
  const pixels = Float32Array.from(images.images, (byte) => byte / 255);
  const labels = oneHot(images, rows, classes);
  const limit = limits[engine.name];
  const about = JSON.stringify(topology);
  const close = (found: Float32Array, expected: Float32Array, what: string): void => {
    const error = relativeError(found, expected);
    assert.ok(error <= limit, `${what} off by ${error} in ${about}`);
  };

  const hard = truth(topology, weights, pixels, labels);
  close(await model.predict(weights, images), hard.probabilities, 'probabilities');
  const { lossSum, count } = await model.evaluate({ weights, start: 0, end: images.count });
  assert.ok(Math.abs(lossSum / count - hard.loss) <= limit * Math.max(1, hard.loss), `loss in ${about}`);
  if (!draws(topology)) {
    const found = cut(
      await weightGradient(model, weights, rows),
      parameterShapes(topology).map(({ shape }) => shape),
    );
    for (const [index, expected] of hard.weightGradients.entries())
      close(found[index]!, expected, `gradient ${index}`);
    assert.ok(hard.weightGradients.some((part) => part.some((value) => value !== 0)));
  }

  const targets = labels.map((label) => 0.8 * label + 0.2 / classes);
  const soft = truth(topology, weights, pixels, targets);
  const task = { weights, count: images.count, images: pixels, targets };
  const { gradient, losses } = await model.inputGradient(task);
  close(gradient, soft.inputGradient, 'gradient at the images');
  const meanLoss = losses.reduce((sum, loss) => sum + loss, 0) / images.count;
  assert.ok(Math.abs(meanLoss - soft.loss) <= limit * Math.max(1, soft.loss), `soft loss in ${about}`);
  model.dispose();
  return 'trained';
}

/** -0.5, 0 or 0.5: sums are exact, so that equal maxima are equal on both sides. */
function halves(count: number, seed: number): Float32Array {
  const stream = randomStream(seed, 'halves');
  return Float32Array.from({ length: count }, () => (stream.nextBelow(3) - 1) / 2);
}

const parametersOf = (topology: ModelTopology): number =>
  parameterShapes(topology).reduce((total, { shape }) => total + sizeOf(shape), 0);

forEveryEngine('gradients', (engine) => {
  const trained = new Set<string>();
  for (const [className, builds] of Object.entries(cases))
    for (const [name, build] of Object.entries(builds))
      it(`${className} (${name}): the truth's, or refused by name`, async () => {
        const topology = await topologyOf(build);
        if (engine.refusal(topology) === undefined) trained.add(className);
        const images = randomImages(caseData, caseData.classes, 5, 1);
        await check(engine, topology, images, randomWeights(parametersOf(topology), 2));
      });

  it('trains every layer that it promises', () => {
    const missing = promised(engine.name).filter((className) => !trained.has(className));
    assert.deepEqual(missing, []);
  });

  for (const name of presetNames)
    it(`the preset ${name}`, async () => {
      const shape = { height: 20, width: 22, channels: 1 };
      const topology = presetTopology(name, { ...shape, classes: 4 });
      const weights = randomWeights(parametersOf(topology), 3).map((weight) => weight / 8);
      assert.equal(await check(engine, topology, randomImages(shape, 4, 2, 5), weights), 'trained');
    });

  it('random windows, shapes and batches, with ties in pooling and dead units', async () => {
    let checked = 0;
    await fc.assert(
      fc.asyncProperty(windowCases, async ({ image, windows, batch }) => {
        const topology = windowModel(image, windows);
        if (fitsNowhere(topology)) return;
        // Black and white pixels: sums of halves stay exact.
        const images = randomImages(image, 3, batch, batch, 2);
        const outcome = await check(engine, topology, images, halves(parametersOf(topology), 2));
        if (outcome === 'trained') checked += 1;
      }),
      { numRuns: engine.name === 'compiled' ? 200 : 60, seed: 7 },
    );
    assert.ok(checked > 10, `only ${checked} models were trained`);
  });
});

/** Windows larger than what is left of the image. */
function fitsNowhere(topology: ModelTopology): boolean {
  try {
    readArchitecture(topology);
    return false;
  } catch {
    return true;
  }
}
