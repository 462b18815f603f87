import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ObservedUpdate } from '../../../core/attacks/attack.ts';
import { selectImages } from '../../../core/attacks/pictures.ts';
import { denseTopology } from '../../../core/attacks/topologies.ts';
import { modelDataOf, trainVictim } from '../../../core/attacks/victim.ts';
import type { ClientOptimiser } from '../../../core/model/engine.ts';
import { initialWeights } from '../../../core/model/initial-weights.ts';
import { attackForTest, attackGround } from '../../support/attack-run.ts';

const sgd: ClientOptimiser = { kind: 'sgd', learningRate: 0.05, momentum: 0 };
/** Quick, and smooth enough for every search. */
const dense = { variant: 'dlg', model: 'mlp-sigmoid', steps: 60 };

/** A client's update of a small dense network, as a coordinator without masks has it. */
async function observed(
  images: number,
  optimiser: ClientOptimiser,
  batchSize = images,
): Promise<ObservedUpdate & { readonly truth: NonNullable<ObservedUpdate['truth']> }> {
  const { dataset, engine } = await attackGround();
  const topology = denseTopology(modelDataOf(dataset), [32]);
  const weights = initialWeights(topology, 5);
  const places = Uint32Array.from({ length: images }, (_, index) => 3 * index);
  const truth = selectImages(dataset.train, places);
  const how = { batchSize, epochs: 1, optimiser };
  const plan = { topology, before: weights, images: truth, ...how, seed: 1, labels: [] };
  const { update } = await trainVictim(engine, plan);
  return { topology, weights, update, ...how, examples: images, masked: false, truth };
}

describe('gradient matching', () => {
  for (const seed of [1, 2])
    it(`brings one image back from a small CNN, above 27 dB, with its class (seed ${seed})`, async () => {
      const { findings, images } = await attackForTest('gradient-matching', {
        settings: { steps: 120 },
        seed,
      });
      const { results, outcome, success, facts } = findings;
      assert.ok(results.psnr!.value > 27, `${results.psnr!.value} dB`);
      assert.ok(results.psnr!.baselines.nearestOther! < 27);
      assert.equal(results.labelAccuracy!.value, 1);
      assert.equal(results.rank!.value, 1);
      assert.deepEqual([outcome, success, facts['came']], ['leaks', true, 1]);
      const rebuilt = images.find(({ id }) => id === 'rebuilt-0')!;
      const target = images.find(({ id }) => id === 'target-0')!;
      assert.equal(rebuilt.label, target.label);
      assert.equal(rebuilt.value, results.psnr!.value);
    });

  it('by DLG: above 34 dB on a dense network with sigmoids', async () => {
    const { findings } = await attackForTest('gradient-matching', { settings: dense });
    assert.ok(findings.results.psnr!.value > 34, `${findings.results.psnr!.value} dB`);
    assert.ok(Number(findings.facts['loss']) < 1e-6);
  });

  it('by DLG, with the class searched for: finds it too', async () => {
    const settings = { ...dense, labels: 'searched', steps: 150 };
    const { findings } = await attackForTest('gradient-matching', { settings });
    assert.equal(findings.results.labelAccuracy!.value, 1);
    assert.ok(findings.results.psnr!.value > 25, `${findings.results.psnr!.value} dB`);
  });

  it('by signs of the gradient alone: comes back as well', async () => {
    const settings = { ...dense, variant: 'cosine', signed: true, steps: 150 };
    const { findings } = await attackForTest('gradient-matching', { settings });
    assert.ok(findings.results.psnr!.value > 25, `${findings.results.psnr!.value} dB`);
  });

  it('a batch of four: at least 18 dB in the middle, none by chance', async () => {
    const settings = { model: 'mlp-sigmoid', batch: 4, steps: 200 };
    const { findings, images } = await attackForTest('gradient-matching', { settings });
    assert.ok(findings.results.psnr!.value > 18, `${findings.results.psnr!.value} dB`);
    assert.ok(findings.results.psnr!.baselines.randomNoise! < 12);
    assert.equal(images.filter(({ role }) => role === 'rebuilt').length, 4);
  });

  it('shows its guess after every step, from noise on, with a loss that falls', async () => {
    const { steps, series } = await attackForTest('gradient-matching', { settings: dense });
    const first = steps.findIndex(({ kind }) => kind === 'images');
    assert.ok(first >= 0 && first < 3, 'targets come before the search');
    const guesses = steps.filter(
      (step) => step.kind === 'images' && step.images.some(({ role }) => role === 'rebuilt'),
    );
    assert.ok(guesses.length > 20);
    const loss = series.find(({ name }) => name === 'loss')!.points;
    const psnr = series.find(({ name }) => name === 'psnr')!.points;
    assert.ok(loss.at(-1)![1] < 1e-4 * loss[0]![1]);
    assert.ok(psnr[0]![1] < 10 && psnr.at(-1)![1] > 30);
    const done = steps.flatMap((step) => (step.kind === 'progress' ? [step.done] : []));
    assert.ok(done.every((share, index) => index === 0 || share >= done[index - 1]!));
    const searching = steps.flatMap((step) =>
      step.kind === 'progress' && step.stage === 'optimising' ? [step.figures] : [],
    );
    assert.ok(searching.every(({ loss: value, psnr: near }) => value !== undefined && near !== undefined));
  });

  it('gives the same for the same request, and something else for another seed', async () => {
    const settings = { ...dense, steps: 10 };
    const once = await attackForTest('gradient-matching', { settings });
    const again = await attackForTest('gradient-matching', { settings });
    assert.deepEqual(again.findings, once.findings);
    assert.deepEqual(again.images, once.images);
    const other = await attackForTest('gradient-matching', { settings, seed: 2 });
    assert.notDeepEqual(other.findings.results, once.findings.results);
  });

  it('a signature hides nothing; noise of one clipping norm does, and has a bound', async () => {
    const signed = await attackForTest('gradient-matching', {
      settings: dense,
      protection: { signature: true },
    });
    assert.deepEqual([signed.findings.outcome, signed.findings.facts['signed']], ['leaks', true]);
    assert.equal(signed.findings.gauges.epsilon, null);
    const noisy = await attackForTest('gradient-matching', { settings: dense, protection: { noise: 1 } });
    assert.equal(noisy.findings.success, false);
    assert.ok(noisy.findings.results.psnr!.value < 15);
    assert.ok(noisy.findings.gauges.epsilon! > 1);
  });

  it('starts from a drawing where there is one', async () => {
    const { dataset } = await attackGround();
    const drawings = selectImages(dataset.test, [7]);
    const { findings, images } = await attackForTest('gradient-matching', {
      settings: dense,
      material: { drawings },
    });
    assert.deepEqual([findings.facts['drawings'], findings.outcome], [1, 'leaks']);
    assert.deepEqual(images.find(({ id }) => id === 'target-0')!.pixels, drawings.images);
  });
});

describe('gradient matching, an update that was sent', () => {
  const settings = { variant: 'dlg', steps: 120 };

  it('of two images in one step of SGD: both come back', async () => {
    const update = await observed(2, sgd);
    const { findings } = await attackForTest('gradient-matching', {
      settings,
      material: { observed: update },
    });
    assert.equal(findings.facts['images'], 2);
    assert.equal(findings.results.recovered!.value, 1);
  });

  it('of many images, or by Adam: is said to have failed, with what stands behind the update', async () => {
    const many = await attackForTest('gradient-matching', {
      settings,
      material: { observed: await observed(60, sgd, 10) },
    });
    const { facts, success } = many.findings;
    assert.deepEqual([success, facts['examples'], facts['images'], facts['steps']], [false, 60, 1, 6]);
    const adam = await attackForTest('gradient-matching', {
      settings: { ...settings, steps: 30 },
      material: { observed: await observed(2, { kind: 'adam', learningRate: 0.001 }) },
    });
    assert.deepEqual([adam.findings.success, adam.findings.facts['optimizer']], [false, 'adam']);
  });

  it('of a real session: says what whole grey levels prove, beside public images to vote among', async () => {
    const update = { ...(await observed(1, sgd)), truth: undefined };
    const { findings, images } = await attackForTest('gradient-matching', {
      settings,
      material: { observed: update },
    });
    assert.deepEqual(findings.results.recovered, { value: 1, baselines: { randomNoise: 0 } });
    assert.deepEqual([findings.outcome, findings.facts['truth']], ['leaks', false]);
    assert.deepEqual(Object.keys(findings.results), ['recovered']);
    assert.deepEqual(
      images.map(({ role }) => role),
      ['rebuilt', 'baseline', 'baseline', 'baseline'],
    );
  });
});
