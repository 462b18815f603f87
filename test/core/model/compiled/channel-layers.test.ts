/**
 * Depthwise and separable convolutions and the three normalisations in the compiled engine, over random shapes, windows,
 * groups and batches: against the attacks' derivatives in float64, which share nothing with it.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { crossEntropy } from '../../../../core/attacks/differentiation/losses.ts';
import { gradients } from '../../../../core/attacks/differentiation/gradients.ts';
import {
  differentiableNetwork,
  weightGradients,
} from '../../../../core/attacks/differentiation/differentiable-network.ts';
import { constant, variable } from '../../../../core/attacks/differentiation/value.ts';
import { readArchitecture } from '../../../../core/model/architecture.ts';
import { createCompiledEngine } from '../../../../core/model/compiled/engine.ts';
import { readGraph } from '../../../../core/model/compiled/read-graph.ts';
import { TrainingStep } from '../../../../core/model/compiled/training-step.ts';
import type { ModelTopology } from '../../../../core/model/engine.ts';
import { randomStream } from '../../../../core/random/stream.ts';
import { randomImages, withVariances } from '../reference.ts';
import {
  cut,
  flatten,
  compiledModules,
  modules,
  randomWeights,
  states,
  topologyOf,
  variants,
  type LayerSpec,
} from './support.ts';

const limit = 1e-5;
const classes = 3;

const side = fc.integer({ min: 1, max: 4 });
const layer = fc.record({
  kind: fc.constantFrom(
    'DepthwiseConv2D',
    'SeparableConv2D',
    'BatchNormalization',
    'GroupNormalization',
    'LayerNormalization',
  ),
  rows: side,
  columns: side,
  stride: fc.integer({ min: 1, max: 3 }),
  padding: fc.constantFrom('valid', 'same'),
  multiplier: fc.integer({ min: 1, max: 3 }),
  filters: fc.integer({ min: 1, max: 18 }),
  group: fc.nat(),
  relu: fc.boolean(),
  bias: fc.boolean(),
});
const model = fc.record({
  image: fc.tuple(
    fc.integer({ min: 3, max: 9 }),
    fc.integer({ min: 3, max: 9 }),
    fc.integer({ min: 1, max: 3 }),
  ),
  channels: fc.integer({ min: 1, max: 19 }),
  front: fc.boolean(),
  layers: fc.array(layer, { minLength: 1, maxLength: 3 }),
  batch: fc.integer({ min: 1, max: 5 }),
  seed: fc.nat({ max: 1000 }),
});
type RandomLayer = typeof layer extends fc.Arbitrary<infer Value> ? Value : never;

function specsOf(random: RandomLayer, channels: number): { specs: LayerSpec[]; channels: number } {
  const { kind, rows, columns, stride, padding, multiplier, filters, relu, bias } = random;
  const after: LayerSpec[] = relu ? [['ReLU']] : [];
  const window = {
    kernel_size: [rows, columns],
    strides: [stride, stride],
    padding,
    depth_multiplier: multiplier,
    use_bias: bias,
  };
  switch (kind) {
    case 'DepthwiseConv2D':
      return { specs: [[kind, window], ...after], channels: channels * multiplier };
    case 'SeparableConv2D':
      return { specs: [[kind, { ...window, filters }], ...after], channels: filters };
    case 'GroupNormalization': {
      const divisors = Array.from({ length: channels }, (_, less) => less + 1).filter(
        (groups) => channels % groups === 0,
      );
      const groups = divisors[random.group % divisors.length]!;
      return { specs: [[kind, { groups, epsilon: 0.01 }], ...after], channels };
    }
    default:
      return { specs: [[kind, { epsilon: 0.01 }], ...after], channels };
  }
}

const engine = createCompiledEngine(modules);

async function check(
  topology: ModelTopology,
  image: readonly [number, number, number],
  batch: number,
  seed: number,
): Promise<void> {
  const [height, width, channels] = image;
  const images = randomImages({ height, width, channels }, classes, batch, seed);
  const architecture = readArchitecture(topology);
  const graph = readGraph(architecture);
  const shapes = architecture.layers.flatMap(({ weights }) => weights.map(({ shape }) => shape));
  const drawn = randomWeights(shapes, randomStream(seed, 'weights'));
  const weights = withVariances(drawn, graph.statistics);
  const pixels = Float64Array.from(images.images, (byte) => byte / 255);
  const oneHot = new Float64Array(batch * classes);
  for (const [row, label] of images.labels.entries()) oneHot[row * classes + label] = 1;
  const labels = constant(oneHot, [batch, classes]);

  const training = differentiableNetwork(topology, 'batch');
  const expected = weightGradients(
    training,
    training.weights(weights),
    constant(pixels, [batch, ...image]),
    labels,
  );
  const rows = Uint32Array.from({ length: batch }, (_, row) => row);
  for (const variant of variants) {
    // Room for more images than come: what lies beyond must not matter.
    const step = await TrainingStep.create(compiledModules[variant], graph, {
      batchSize: batch + 2,
      purpose: 'training',
    });
    for (let again = 0; again < 2; again += 1) {
      step.start(weights, states.dropout);
      step.takeBatch(images, rows);
      step.forward(true);
      step.loss();
      step.backward(true);
      const error = errorOf(
        cut(step.getGradient(), shapes),
        expected.map(({ data }) => data),
      );
      assert.ok(error < limit, `${variant}: gradients off by ${error} in ${JSON.stringify(topology)}`);
    }
  }

  const evaluated = differentiableNetwork(topology, 'moving');
  const seen = variable(pixels, [batch, ...image]);
  const loss = crossEntropy(evaluated.logits(evaluated.weights(weights), seen), labels);
  const [atPixels] = gradients(loss, [seen]);
  const planned = await engine.plan(topology, { train: images, test: images }, { batchSize: batch });
  const { gradient } = await planned.inputGradient({
    weights,
    count: batch,
    images: Float32Array.from(pixels),
    targets: Float32Array.from(oneHot, (share) => share / batch),
  });
  planned.dispose();
  const error = errorOf([gradient], [atPixels!.data]);
  assert.ok(error < limit, `input gradient off by ${error} in ${JSON.stringify(topology)}`);
}

/**
 * The largest difference in a tensor, relative to its largest entry or to a tenth of the largest of all gradients: a factor's
 * gradient is one sum over a whole map, and where that nearly cancels, what is left is as coarse as its terms.
 */
function errorOf(found: readonly Float32Array[], expected: readonly Float64Array[]): number {
  const largestOf = (tensor: Float64Array): number =>
    tensor.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const floor = Math.max(1e-6, 0.1 * Math.max(...expected.map(largestOf)));
  return Math.max(
    ...expected.map((tensor, index) => {
      const differences = tensor.map((value, at) => Math.abs(value - found[index]![at]!));
      assert.ok(differences.every(Number.isFinite));
      return largestOf(differences) / Math.max(floor, largestOf(tensor));
    }),
  );
}

describe('layers by channel in the compiled engine', () => {
  it('have the gradients of float64 for random shapes, windows, groups and batches, in both builds', async () => {
    const checked = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(model, async ({ image, channels, front, layers, batch, seed }) => {
        let width = front ? channels : image[2];
        const specs: LayerSpec[] = front
          ? [['Conv2D', { filters: channels, kernel_size: [2, 2], padding: 'same' }]]
          : [];
        for (const random of layers) {
          const next = specsOf(random, width);
          specs.push(...next.specs);
          width = next.channels;
        }
        const topology = topologyOf({
          input: image,
          layers: [...specs, flatten, ['Dense', { units: classes, activation: 'softmax' }]],
        });
        if (engine.refusal(topology) !== undefined) return;
        for (const { kind } of layers) checked.set(kind, (checked.get(kind) ?? 0) + 1);
        await check(topology, image, batch, seed);
      }),
      { numRuns: 60, seed: 11 },
    );
    for (const kind of [
      'DepthwiseConv2D',
      'SeparableConv2D',
      'BatchNormalization',
      'GroupNormalization',
      'LayerNormalization',
    ])
      assert.ok((checked.get(kind) ?? 0) >= 8, `${kind} was checked ${checked.get(kind) ?? 0} times`);
  });
});
