/**
 * Derivatives of networks: first ones against tf.js, second ones (what gradient matching descends) against central
 * differences, for every layer of the catalogue; and planted errors that the same check must find.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { activate } from '../../../../core/attacks/differentiation/activations.ts';
import {
  differentiableNetwork,
  weightGradients,
  type DifferentiableNetwork,
} from '../../../../core/attacks/differentiation/differentiable-network.ts';
import { gradients } from '../../../../core/attacks/differentiation/gradients.ts';
import {
  cosineDistance,
  crossEntropy,
  squaredDistance,
} from '../../../../core/attacks/differentiation/losses.ts';
import type { BatchStatistics } from '../../../../core/attacks/differentiation/normalisations.ts';
import { matrixProduct } from '../../../../core/attacks/differentiation/matrix-product.ts';
import { dot, multiply, scale, tanh } from '../../../../core/attacks/differentiation/operations.ts';
import { constant, operation, variable, type Value } from '../../../../core/attacks/differentiation/value.ts';
import { weightsOf } from '../../../../core/model/architecture.ts';
import type { ModelTopology } from '../../../../core/model/engine.ts';
import { trainableLayers } from '../../../../core/model/layers/catalogue.ts';
import { product } from '../../../../core/model/layers/layer-rule.ts';
import { movingStatistics, statisticRanges } from '../../../../core/model/moving-statistics.ts';
import { randomStream } from '../../../../core/random/stream.ts';
import { caseData, layerCases } from '../../model/layer-cases.ts';
import {
  randomImages,
  randomWeights,
  referenceGradient,
  relativeError,
  withVariances,
} from '../../model/reference.ts';
import { directionalError, randomNumbers, type Scalar } from './finite-differences.ts';
import { randomModel } from './random-models.ts';

/** Central differences in float64 come to about 1e-11; a wrong term is of the order of 1. */
const tolerance = 1e-7;

const allCases = Object.entries(layerCases).flatMap(([className, cases]) =>
  Object.entries(cases).map(([name, build]) => ({ title: `${className} (${name})`, className, build })),
);

function written(build: () => LayersModel): ModelTopology {
  const model = build();
  const topology = model.toJSON(undefined, false) as unknown as ModelTopology;
  model.dispose();
  return topology;
}

/**
 * tf.js divides the gradient of an average by the whole window, but the average itself by what of the window lies in the
 * image. Where windows reach into padding, its gradient is not that of its own function, and central differences decide.
 */
function averagesPadding(topology: ModelTopology): boolean {
  return /AveragePooling.*"padding":"same"/.test(JSON.stringify(topology));
}

/** Where training takes statistics of its own. */
const inTraining = (topology: ModelTopology): BatchStatistics[] =>
  movingStatistics(topology).length === 0 ? [] : ['batch'];

function weightsFor({ architecture, parameterCount }: DifferentiableNetwork, seed: number): Float32Array {
  const rules = weightsOf(architecture).map(({ weight }) => weight);
  return withVariances(randomWeights(parameterCount, seed), statisticRanges(rules));
}

/** The distance of a network's weight gradients from those of other images, as a function of images and label logits. */
function matching(network: DifferentiableNetwork, seed: number, distance: typeof squaredDistance): Scalar {
  const stream = randomStream(seed, 'matching');
  const { input, classes } = network.architecture;
  const shapes = [
    [2, ...input],
    [2, classes],
  ];
  const draw = (): Float64Array[] => shapes.map((shape) => randomNumbers(product(shape), stream));
  const weights = network.weights(weightsFor(network, seed));
  const gradientsAt = ([images, labels]: readonly Value[]): Value[] =>
    weightGradients(network, weights, images!, activate('softmax', labels!));
  const others = draw().map((data, index) => constant(data, shapes[index]!));
  const wanted = gradientsAt(others).map(({ data, shape }) => constant(data, shape));
  return { at: draw(), shapes, of: (inputs) => distance(gradientsAt(inputs), wanted) };
}

/** The cross-entropy as a function of images and all weights. */
function lossOf(network: DifferentiableNetwork, seed: number): Scalar {
  const stream = randomStream(seed, 'loss');
  const { input, classes } = network.architecture;
  const weights = network.weights(weightsFor(network, seed));
  const labels = activate('softmax', constant(randomNumbers(2 * classes, stream), [2, classes]));
  return {
    at: [randomNumbers(2 * product(input), stream), ...weights.map(({ data }) => data)],
    shapes: [[2, ...input], ...weights.map(({ shape }) => shape)],
    of: ([images, ...rest]) => crossEntropy(network.logits(rest, images!), labels),
  };
}

describe('differentiableNetwork()', () => {
  it('has a case for every layer that is offered', () => {
    assert.deepEqual(
      [...new Set(allCases.map(({ className }) => className))].sort(),
      [...trainableLayers].sort(),
    );
  });

  for (const { title, build } of allCases)
    it(`${title}: the loss and its weight gradients are tf.js's`, async () => {
      const topology = written(build);
      const network = differentiableNetwork(topology, 'moving');
      const images = randomImages(caseData, caseData.classes, 3, 5);
      const weights = weightsFor(network, 7);
      const rows = Uint32Array.of(0, 1, 2);
      const layers = network.architecture.layers.map((layer) => layer.name);
      const expected = await referenceGradient(topology, layers, weights, images, rows);
      const pixels = constant(
        Float64Array.from(images.images, (byte) => byte / 255),
        [3, caseData.height, caseData.width, caseData.channels],
      );
      const oneHot = new Float64Array(3 * caseData.classes);
      for (const [row, label] of images.labels.entries()) oneHot[row * caseData.classes + label] = 1;
      const labels = constant(oneHot, [3, caseData.classes]);
      const variables = network.weights(weights);
      const loss = crossEntropy(network.logits(variables, pixels), labels);
      assert.ok(Math.abs(loss.number - expected.loss) < 1e-5, `${loss.number} against ${expected.loss}`);
      if (averagesPadding(topology)) return;
      const found = weightGradients(network, variables, pixels, labels);
      assert.equal(found.length, expected.gradient.length);
      for (const [index, { data }] of found.entries()) {
        const error = relativeError(Float32Array.from(data), expected.gradient[index]!);
        assert.ok(error < 2e-5, `gradient ${index} differs by ${error}`);
      }
    });

  for (const { title, build } of allCases)
    it(`${title}: first and second derivatives are those of central differences`, () => {
      const topology = written(build);
      for (const statistics of new Set<BatchStatistics>(['moving', ...inTraining(topology)]))
        assertDerivatives(differentiableNetwork(topology, statistics), 3);
    });

  it('random models of every layer kind: first and second derivatives are those of central differences', () => {
    const seen = new Map<string, number>();
    for (const [index, kind] of trainableLayers.entries())
      for (let model = 0; model < 4; model += 1) {
        const stream = randomStream(index, 'random-model', model);
        const network = differentiableNetwork(
          randomModel(kind, 3, stream),
          model % 2 === 0 ? 'moving' : 'batch',
        );
        assertDerivatives(network, 10 * index + model);
        for (const { className } of network.architecture.layers)
          seen.set(className, (seen.get(className) ?? 0) + 1);
      }
    for (const kind of trainableLayers)
      assert.ok((seen.get(kind) ?? 0) >= 4, `${kind} was seen ${seen.get(kind) ?? 0} times`);
  });

  it('derivatives of derivatives of what is matched (third order of the network) are right too', () => {
    for (const title of [
      'Dense (features)',
      'Conv2D (same, strided)',
      'Activation (mish)',
      'LayerNormalization (whole)',
      'GroupNormalization (three groups)',
      'BatchNormalization (images)',
    ]) {
      const network = differentiableNetwork(
        written(allCases.find((one) => one.title === title)!.build),
        'batch',
      );
      const inner = matching(network, 5, cosineDistance);
      const along = inner.at.map((data) =>
        constant(randomNumbers(data.length, randomStream(5, 'along')), [data.length]),
      );
      const slope: Scalar = {
        ...inner,
        of(inputs) {
          const [byImages, byLabels] = gradients(inner.of(inputs), inputs);
          const [first, second] = [dot(byImages!, along[0]!), dot(byLabels!, along[1]!)];
          return multiply(first, second);
        },
      };
      const error = directionalError(slope, randomStream(5, 'direction'));
      assert.ok(error < tolerance, `${title} differs by ${error}`);
    }
  });

  it('gives what any layer gives: the features before a dense layer, times its kernel, are the logits', () => {
    const network = differentiableNetwork(written(layerCases['Conv2D']!['valid']!), 'batch');
    const weights = network.weights(randomWeights(network.parameterCount, 1));
    const images = constant(new Float64Array(2 * 8 * 7 * 2).fill(0.5), [2, 8, 7, 2]);
    const features = network.layerOutput(weights, images, network.architecture.layers.length - 2);
    const [kernel, bias] = weights.slice(-2);
    const products = matrixProduct(features, kernel!).data;
    for (const [at, logit] of network.logits(weights, images).data.entries())
      assert.ok(Math.abs(logit - products[at]! - bias!.data[at % 3]!) < 1e-12);
    assert.equal(network.layerOutput(weights, images, -1), images);
  });

  it('refuses weights of another model', () => {
    const network = differentiableNetwork(written(layerCases['Conv2D']!['valid']!), 'batch');
    assert.throws(() => network.weights(new Float32Array(3)), /is given 3/);
  });
});

describe('directionalError()', () => {
  /** A dense layer, an activation, a dense layer; the loss's gradient by both kernels matched with another. */
  function matchedWith(activation: (value: Value) => Value): {
    readonly first: Scalar;
    readonly second: Scalar;
  } {
    const stream = randomStream(1, 'planted');
    const kernels = [
      [4, 5],
      [5, 3],
    ].map((shape) => constant(randomNumbers(product(shape), stream), shape));
    const wanted = kernels.map(({ size, shape }) => constant(randomNumbers(size, stream), shape));
    const labels = constant(Float64Array.of(0.2, 0.5, 0.3), [1, 3]);
    const at = [randomNumbers(4, stream)];
    const loss = (image: Value, [one, other]: readonly Value[]): Value =>
      crossEntropy(matrixProduct(activation(matrixProduct(image, one!)), other!), labels);
    return {
      first: { at, shapes: [[1, 4]], of: ([image]) => loss(image!, kernels) },
      second: {
        at,
        shapes: [[1, 4]],
        of([image]) {
          const own = kernels.map(({ data, shape }) => variable(data, shape));
          return squaredDistance(gradients(loss(image!, own), own), wanted);
        },
      },
    };
  }

  it('passes what is right', () => {
    const { first, second } = matchedWith(tanh);
    assert.ok(directionalError(first, randomStream(1, 'one')) < tolerance);
    assert.ok(directionalError(second, randomStream(1, 'two')) < tolerance);
  });

  it('finds a second derivative that is missing though the first is right, as in tf.js', () => {
    /** Its gradient is right, but takes itself for a constant. */
    const broken = (value: Value): Value =>
      operation(
        value.shape,
        [value],
        (result) => result.set(value.data.map(Math.tanh)),
        (gradient) =>
          multiply(
            gradient,
            constant(
              value.data.map((x) => 1 - Math.tanh(x) ** 2),
              value.shape,
            ),
          ),
      );
    const { first, second } = matchedWith(broken);
    assert.ok(directionalError(first, randomStream(1, 'one')) < tolerance);
    assert.ok(directionalError(second, randomStream(1, 'two')) > 1e-3);
  });

  it('finds a second derivative that is one part in ten thousand too large', () => {
    const broken = (value: Value): Value => {
      const result: Value = operation(
        value.shape,
        [value],
        (data) => data.set(value.data.map(Math.tanh)),
        (gradient) => multiply(gradient, almostSquare(result)),
      );
      return result;
    };
    /** 1 - x^2, whose own gradient is 1.0001 times too large. */
    const almostSquare = (value: Value): Value =>
      operation(
        value.shape,
        [value],
        (data) => data.set(value.data.map((x) => 1 - x * x)),
        (gradient) => scale(multiply(gradient, value), -2.0002),
      );
    const { first, second } = matchedWith(broken);
    assert.ok(directionalError(first, randomStream(1, 'one')) < tolerance);
    assert.ok(directionalError(second, randomStream(1, 'two')) > 10 * tolerance);
  });
});

/** The loss by weights and images, and both distances by images and labels, each along a random direction. */
function assertDerivatives(network: DifferentiableNetwork, seed: number): void {
  const stream = randomStream(seed, 'directions');
  const scalars = {
    loss: lossOf(network, seed),
    'squared distance': matching(network, seed, squaredDistance),
    'cosine distance': matching(network, seed, cosineDistance),
  };
  for (const [what, scalar] of Object.entries(scalars)) {
    const error = directionalError(scalar, stream);
    const layers = network.architecture.layers.map(
      ({ label, config }) => `${label} ${JSON.stringify(config)}`,
    );
    assert.ok(error < tolerance, `${what} differs by ${error}:\n${layers.join('\n')}`);
  }
}
