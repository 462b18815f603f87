import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { differentiableNetwork } from '../../../core/attacks/differentiation/differentiable-network.ts';
import { constant } from '../../../core/attacks/differentiation/value.ts';
import { pixelsAt, selectImages } from '../../../core/attacks/pictures.ts';
import { denseTopology } from '../../../core/attacks/topologies.ts';
import { convolutionInput } from '../../../core/attacks/two-stage/convolution-input.ts';
import {
  denseFeatures,
  featuresOfOne,
  featuresOfSome,
  type KnownOutput,
} from '../../../core/attacks/two-stage/dense-features.ts';
import { modelDataOf, trainVictim } from '../../../core/attacks/victim.ts';
import { initialWeights } from '../../../core/model/initial-weights.ts';
import { type PresetName, presetTopology } from '../../../core/model/presets.ts';
import { attackForTest, attackGround } from '../../support/attack-run.ts';

const learningRate = 0.1;

/** One step of SGD on so many images, with dropout as clients have it; what the attack reads, and what was there. */
async function clientOf(preset: PresetName, count: number, seed: number) {
  const { dataset, engine } = await attackGround();
  const topology = presetTopology(preset, modelDataOf(dataset));
  const before = initialWeights(topology, seed);
  const images = selectImages(
    dataset.train,
    Array.from({ length: count }, (_, index) => 10 * seed + index),
  );
  const { update } = await trainVictim(engine, {
    topology,
    before,
    images,
    batchSize: count,
    epochs: 1,
    optimiser: { kind: 'sgd', learningRate, momentum: 0 },
    seed,
    labels: [],
  });
  const network = differentiableNetwork(topology, 'batch');
  const weights = network.weights(before);
  const gradient = network.weights(update.map((value) => -value / learningRate));
  const place = denseFeatures(network.architecture)!;
  const pixels = Array.from({ length: count }, (_, index) => Float64Array.from(pixelsAt(images, index)));
  const outputOf = (image: number, layer: number): Float64Array =>
    network.layerOutput(weights, constant(pixels[image]!, [1, 28, 28, 1]), layer).data;
  const [kernel, bias] = [gradient[place.kernel]!.data, gradient[place.kernel + 1]!.data];
  const further = (features: ReturnType<typeof featuresOfOne>): KnownOutput | undefined =>
    convolutionInput(network.architecture, place, features, {
      denseKernel: weights[place.kernel]!.data,
      denseBias: bias,
      kernel: gradient[place.kernel - 2]!.data,
      bias: gradient[place.kernel - 1]!.data,
    });
  return { place, kernel, bias, outputOf, further };
}

function sizeOf(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

/** Of what is known, relative to the length of all. */
function errorOf({ values, known }: KnownOutput, truth: Float64Array): number {
  return sizeOf(values.map((value, at) => known[at]! * (value - truth[at]!))) / sizeOf(truth);
}

const counted = (flags: Float64Array): number => flags.reduce((sum, one) => sum + one, 0);

describe('featuresOfOne()', () => {
  for (const preset of ['cnn', 'cnn-two', 'cnn-light'] as const)
    it(`gives the features of ${preset} that dropout kept, and claims no others`, async () => {
      const { place, kernel, bias, outputOf } = await clientOf(preset, 1, 3);
      assert.equal(place.kept, 2);
      const truth = outputOf(0, place.source);
      const found = featuresOfOne(place, kernel, bias);
      assert.ok(errorOf(found, truth) < 1e-4, `differs by ${errorOf(found, truth)}`);
      const positive = truth.filter((value) => value > 0).length;
      // Of some 600 to 1,100 coins: outside of this with a chance below 10^-8.
      assert.ok(Math.abs(counted(found.known) / positive - 0.5) < 0.12);
    });

  it('knows all of the image where the dense layer reads it', async () => {
    const { place, kernel, bias, outputOf } = await clientOf('mlp', 1, 4);
    assert.deepEqual([place.source, place.kept], [-1, 1]);
    const found = featuresOfOne(place, kernel, bias);
    assert.equal(counted(found.known), 784);
    assert.ok(errorOf(found, outputOf(0, -1)) < 1e-4);
  });
});

describe('convolutionInput()', () => {
  for (const seed of [1, 2, 3])
    it(`gives all that went into the convolution before the dense layer, whatever dropout did (seed ${seed})`, async () => {
      const { place, kernel, bias, outputOf, further } = await clientOf('cnn', 1, seed);
      const found = further(featuresOfOne(place, kernel, bias))!;
      assert.equal(found.source, place.source - 1);
      assert.equal(counted(found.known), 1600);
      const error = errorOf(found, outputOf(0, found.source));
      assert.ok(error < 1e-3, `differs by ${error}`);
    });

  it('says nothing of two images, or where a layer stands between', async () => {
    const two = await clientOf('cnn', 2, 1);
    assert.equal(two.further(featuresOfOne(two.place, two.kernel, two.bias)), undefined);
    const pooled = await clientOf('cnn-two', 1, 1);
    assert.equal(pooled.further(featuresOfOne(pooled.place, pooled.kernel, pooled.bias)), undefined);
  });
});

describe('featuresOfSome()', () => {
  it('puts features first that are one image’s alone', () => {
    const place = { layer: 1, kernel: 0, source: 0, kept: 1, features: 6, units: 5 };
    const [one, other] = [
      [3, 0, 1, 0, 0, 2],
      [0, 4, 0, 0, 1, 1],
    ] as const;
    // units 0 and 3 are fired by one, 1 by the other, 2 by both with opposite signs, 4 by none
    const shares = [
      [0.5, 0],
      [0, -0.2],
      [0.3, -0.4],
      [-0.1, 0],
      [0, 0],
    ] as const;
    const kernel = new Float64Array(30);
    const bias = new Float64Array(5);
    for (const [unit, [ofOne, ofOther]] of shares.entries()) {
      bias[unit] = ofOne + ofOther;
      for (let feature = 0; feature < 6; feature += 1)
        kernel[feature * 5 + unit] = ofOne * one[feature]! + ofOther * other[feature]!;
    }
    const found = featuresOfSome(place, kernel, bias, 3).map(({ values }) =>
      [...values].map((value) => Math.round(1e6 * value) / 1e6 + 0),
    );
    assert.deepEqual(found.slice(0, 2), [[...one], [...other]]);
    assert.equal(found.length, 3);
  });
});

describe('two-stage', () => {
  it('brings an image back through three convolutions and dropout: at least 25 dB', async () => {
    const { findings, images, series } = await attackForTest('two-stage', { seed: 2 });
    const { results, facts, outcome, success } = findings;
    assert.ok(results.psnr!.value >= 25, `${results.psnr!.value} dB`);
    assert.ok(results.psnr!.value > results.psnr!.baselines.nearestOther!);
    assert.equal(results.rank!.value, 1);
    assert.deepEqual([outcome, success, facts['came']], ['leaks', true, 1]);
    assert.deepEqual([facts['deeper'], facts['known'], facts['layer']], [true, 1600, 'max_pooling2d_2']);
    assert.equal(images.find(({ id }) => id === 'rebuilt-0')!.value, results.psnr!.value);
    const loss = series.find(({ name }) => name === 'loss')!.points;
    assert.ok(loss.at(-1)![1] < 0.05 * loss[0]![1]);
  });

  it('of four images at once brings none back, and says so', async () => {
    const { findings, images } = await attackForTest('two-stage', { settings: { batch: 4, steps: 16 } });
    assert.equal(findings.success, false);
    assert.ok(findings.results.psnr!.value < 15);
    assert.deepEqual([findings.facts['images'], findings.facts['deeper']], [4, false]);
    assert.equal(images.filter(({ role }) => role === 'rebuilt').length, 4);
  });

  it('takes the model that it is given', async () => {
    const { dataset } = await attackGround();
    const topology = denseTopology(modelDataOf(dataset), [16]);
    const model = { topology, weights: initialWeights(topology, 9) };
    const settings = { steps: 150 };
    const { findings } = await attackForTest('two-stage', { settings, material: { model } });
    assert.deepEqual([findings.facts['layer'], findings.facts['known']], ['', 784]);
    assert.ok(findings.results.psnr!.value > 20, `${findings.results.psnr!.value} dB`);
  });

  it('refuses a model without a dense layer on a row of features', async () => {
    const layers = [
      {
        class_name: 'Conv2D',
        config: { name: 'all', filters: 10, kernel_size: [28, 28], batch_input_shape: [null, 28, 28, 1] },
      },
      { class_name: 'Flatten', config: { name: 'flatten' } },
      { class_name: 'Activation', config: { name: 'softmax', activation: 'softmax' } },
    ];
    const topology = { class_name: 'Sequential', config: { name: 'none', layers } };
    const weights = initialWeights(topology, 1);
    await assert.rejects(attackForTest('two-stage', { material: { model: { topology, weights } } }), {
      code: 'invalid-setting',
    });
  });

  it('searches once more where it got stuck, and goes on in its progress', async () => {
    const settings = { model: 'cnn-light', steps: 80 };
    const { steps, series } = await attackForTest('two-stage', { settings });
    const progress = steps.filter((step) => step.kind === 'progress');
    const stages = [...new Set(progress.map(({ stage }) => stage))];
    assert.deepEqual(stages, ['victim', 'features', 'optimising', 'again', 'baselines']);
    assert.ok(progress.every(({ done }, index) => index === 0 || done >= progress[index - 1]!.done));
    const loss = series.find(({ name }) => name === 'loss')!.points;
    assert.equal(loss.at(-1)![0], 161);
    assert.ok(loss[81]![1] > 2 * loss[80]![1], 'the second attempt starts from noise');
  });

  it('gives the same for the same request', async () => {
    const settings = { model: 'cnn-light', steps: 10 };
    const once = await attackForTest('two-stage', { settings });
    const again = await attackForTest('two-stage', { settings });
    assert.deepEqual(again.findings, once.findings);
    assert.deepEqual(again.images, once.images);
  });
});
