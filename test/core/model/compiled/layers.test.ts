/** Every layer of the catalogue: trained as tf.js's plain JavaScript backend says, or refused by name. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { readArchitecture } from '../../../../core/model/architecture.ts';
import { createCompiledEngine } from '../../../../core/model/compiled/engine.ts';
import { readGraph } from '../../../../core/model/compiled/read-graph.ts';
import { TrainingStep } from '../../../../core/model/compiled/training-step.ts';
import type { ModelTopology } from '../../../../core/model/engine.ts';
import { trainableLayers } from '../../../../core/model/layers/catalogue.ts';
import { caseData, layerCases } from '../layer-cases.ts';
import {
  randomImages,
  randomWeights,
  referenceGradient,
  referenceInputGradient,
  referenceProbabilities,
  relativeError,
  withVariances,
} from '../reference.ts';
import { compiledModules, cut, modules, states, variants } from './support.ts';

/** The reference takes the logarithm of rounded probabilities; gradients.test.ts and input-gradient.test.ts ask for 1e-5. */
const limit = 5e-5;
const engine = createCompiledEngine(modules);

/** Refused: the other engines train them. */
const unknown = new Set([
  'Conv2DTranspose',
  'PReLU',
  'Activation: softmax',
  // inside a model
  'Softmax',
]);

const images = randomImages(caseData, caseData.classes, 6, 7);
const rows = Uint32Array.of(4, 1, 5);

for (const className of trainableLayers)
  describe(`the layer ${className}`, () => {
    for (const [what, build] of Object.entries(layerCases[className] ?? {}))
      it(`is trained as tf.js says, or refused by name: ${what}`, async () => {
        await tf.setBackend('cpu');
        const topology = build().toJSON(undefined, false) as unknown as ModelTopology;
        if (unknown.has(className) || unknown.has(`${className}: ${what}`)) {
          assert.match(engine.refusal(topology) ?? 'taken', new RegExp(`^Layer ".*" \\(${className}\\) `));
          return;
        }
        const architecture = readArchitecture(topology);
        const withWeights = architecture.layers.filter(({ weights }) => weights.length > 0);
        const names = withWeights.map(({ name }) => name);
        const graph = readGraph(architecture);
        const weights = withVariances(randomWeights(graph.parameterCount, 11), graph.statistics);
        const model = await engine.plan(topology, { train: images, test: images }, { batchSize: 4 });
        const probabilities = await referenceProbabilities(topology, names, weights, images);
        assert.ok(relativeError(await model.predict(weights, images), probabilities) <= limit);

        const pixels = Float32Array.from(images.images, (byte) => byte / 255);
        const targets = randomWeights(images.count * caseData.classes, 5);
        const { gradient } = await model.inputGradient({
          weights,
          count: images.count,
          images: pixels,
          targets,
        });
        const reference = await referenceInputGradient(topology, names, weights, pixels, targets);
        assert.ok(
          relativeError(gradient, reference) <= limit,
          `off by ${relativeError(gradient, reference)}`,
        );

        const { gradient: expected } = await referenceGradient(topology, names, weights, images, rows);
        const shapes = withWeights.flatMap((layer) => layer.weights.map(({ shape }) => shape));
        for (const variant of variants) {
          const step = await TrainingStep.create(compiledModules[variant], graph, {
            batchSize: 4,
            purpose: 'training',
          });
          step.start(weights, states.dropout);
          step.takeBatch(images, rows);
          step.forward(false);
          step.loss();
          step.backward(false);
          for (const [index, found] of cut(step.getGradient(), shapes).entries()) {
            const error = relativeError(found, expected[index]!);
            assert.ok(error <= limit, `gradient ${index} of the ${variant} build off by ${error}`);
          }
        }
      });
  });
