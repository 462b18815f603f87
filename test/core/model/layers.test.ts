/** The catalogue against tf.js: shapes, weights and gradients of every layer that is offered. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { readArchitecture, type Architecture } from '../../../core/model/architecture.ts';
import type { LabelledImages } from '../../../core/datasets/dataset.ts';
import type { ModelTopology } from '../../../core/model/engine.ts';
import { trainableLayers } from '../../../core/model/layers/catalogue.ts';
import { canonicalArchitecture } from '../../../core/model/model-hash.ts';
import { movingStatistics } from '../../../core/model/moving-statistics.ts';
import { parseTopology } from '../../../core/model/topology.ts';
import { buildNetwork } from '../../../core/model/tfjs/network.ts';
import { lossGradients } from '../../../core/model/tfjs/training.ts';
import { useWasmBackend } from '../../../core/model/wasm/backend.ts';
import { createWasmEngine } from '../../../core/model/wasm/engine.ts';
import { randomStream } from '../../../core/random/stream.ts';
import { anyWindow, imageSizes, windowModel } from './engines/window-models.ts';
import { caseData, layerCases } from './layer-cases.ts';
import {
  randomImages,
  randomWeights,
  referenceGradient,
  referenceInputGradient,
  relativeError,
  withVariances,
} from './reference.ts';

async function topologyOf(build: () => LayersModel): Promise<ModelTopology> {
  await tf.setBackend('cpu');
  const model = build();
  const topology = model.toJSON(undefined, false) as unknown as ModelTopology;
  const architecture = readArchitecture(topology);
  for (const layer of architecture.layers) {
    const reference = model.getLayer(layer.name);
    assert.deepEqual([null, ...layer.output], reference.outputShape, `output of ${layer.label}`);
    const shapes = reference.getWeights().map((weight) => weight.shape);
    assert.deepEqual(
      layer.weights.map((weight) => weight.shape),
      shapes,
      `weights of ${layer.label}`,
    );
  }
  model.dispose();
  return topology;
}

/** The wasm engine's gradients of the model, with respect to weights and to images, against the reference's. */
async function checkGradients(
  topology: ModelTopology,
  images: LabelledImages,
  rows: Uint32Array,
  draw: (count: number, seed: number) => Float32Array,
): Promise<void> {
  await useWasmBackend();
  const network = await buildNetwork(topology);
  const statistics = movingStatistics(topology);
  const weights = withVariances(draw(network.parameterCount, 2), statistics);
  network.setWeights(weights);
  const found = tf.tidy(() => {
    const { gradients } = lossGradients(network, images, rows, undefined);
    assert.deepEqual(Object.keys(gradients).sort(), network.trained.map(({ name }) => name).sort());
    return network.variables.map(({ name, size }) =>
      (gradients[name]?.dataSync<'float32'>() ?? new Float32Array(size)).slice(),
    );
  });
  const names = withWeights(network.architecture);
  network.dispose();
  await checkInputGradients(topology, names, images, weights);
  const { gradient } = await referenceGradient(topology, names, weights, images, rows);
  assert.equal(found.length, gradient.length);
  assert.ok(gradient.some((part) => part.some((value) => value !== 0)));
  for (const [index, expected] of gradient.entries()) {
    const error = relativeError(found[index]!, expected);
    assert.ok(error < 5e-5, `gradient ${index} differs by ${error} in ${JSON.stringify(topology)}`);
  }
}

async function checkInputGradients(
  topology: ModelTopology,
  names: readonly string[],
  images: LabelledImages,
  weights: Float32Array,
): Promise<void> {
  const model = await createWasmEngine().plan(topology, { train: images, test: images }, { batchSize: 8 });
  const task = {
    weights,
    count: images.count,
    images: Float32Array.from(images.images, (byte) => byte / 255),
    targets: Float32Array.from(
      { length: 3 * images.count },
      (_, at) => [0.7, -0.2, 0.4][((at * 5) % 7) % 3]!,
    ),
  };
  const { gradient } = await model.inputGradient(task);
  model.dispose();
  const expected = await referenceInputGradient(topology, names, weights, task.images, task.targets);
  const error = relativeError(gradient, expected);
  assert.ok(error < 5e-5, `input gradient differs by ${error} in ${JSON.stringify(topology)}`);
}

const withWeights = (architecture: Architecture): string[] =>
  architecture.layers.filter((layer) => layer.weights.length > 0).map((layer) => layer.name);

describe('the catalogue of layers', () => {
  after(() => {
    tf.disposeVariables();
  });

  it('has a case here for every layer it offers', () => {
    assert.deepEqual(Object.keys(layerCases).sort(), [...trainableLayers].sort());
  });

  for (const [className, cases] of Object.entries(layerCases))
    for (const [name, build] of Object.entries(cases))
      it(`${className} (${name}): shapes are tf.js's, the wasm engine's gradients those of plain JavaScript`, async () => {
        const topology = await topologyOf(build);
        const read = parseTopology(JSON.stringify(topology), 'test', caseData);
        assert.equal(canonicalArchitecture(read), canonicalArchitecture(topology));

        await checkGradients(
          topology,
          randomImages(caseData, 3, 6, 1),
          Uint32Array.of(4, 0, 5, 3, 1),
          randomWeights,
        );
      });

  it("gives the reference's gradients for random windows, shapes and batches, with ties in pooling and dead units", async () => {
    let checked = 0;
    await fc.assert(
      fc.asyncProperty(
        imageSizes,
        fc.array(anyWindow, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 5 }),
        async (image, windows, batch) => {
          const topology = windowModel(image, windows);
          if (createWasmEngine().refusal(topology) !== undefined) return;
          checked += 1;
          // Black and white pixels and weights in halves: sums are exact, so that equal maxima are equal on both sides.
          const images = randomImages(image, 3, batch, batch, 2);
          await checkGradients(
            topology,
            images,
            Uint32Array.from({ length: batch }, (_, row) => row),
            halves,
          );
        },
      ),
      { numRuns: 60, seed: 7 },
    );
    assert.ok(checked > 30, `only ${checked} models fitted their images`);
  });
});

/** -0.5, 0 or 0.5. */
function halves(count: number, seed: number): Float32Array {
  const stream = randomStream(seed, 'halves');
  return Float32Array.from({ length: count }, () => (stream.nextBelow(3) - 1) / 2);
}
