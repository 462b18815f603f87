import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AttackMaterial, ObservedUpdate } from '../../../core/attacks/attack.ts';
import { pixelsAt, selectImages } from '../../../core/attacks/pictures.ts';
import { modelDataOf, trainVictim } from '../../../core/attacks/victim.ts';
import type { ClientOptimiser } from '../../../core/model/engine.ts';
import { initialWeights } from '../../../core/model/initial-weights.ts';
import { type PresetName, presetTopology } from '../../../core/model/presets.ts';
import { attackForTest, attackGround } from '../../support/attack-run.ts';

const quick = { judge: false };
const sgd: ClientOptimiser = { kind: 'sgd', learningRate: 0.05, momentum: 0 };

/** A client's update of a preset, as a coordinator without masks has it. */
async function observed(
  preset: PresetName,
  images: number,
  optimiser: ClientOptimiser,
  batchSize = images,
): Promise<ObservedUpdate & { readonly truth: NonNullable<ObservedUpdate['truth']> }> {
  const { dataset, engine } = await attackGround();
  const topology = presetTopology(preset, modelDataOf(dataset));
  const weights = initialWeights(topology, 5);
  const truth = selectImages(
    dataset.train,
    Array.from({ length: images }, (_, index) => 3 * index),
  );
  const plan = {
    topology,
    before: weights,
    images: truth,
    batchSize,
    epochs: 1,
    optimiser,
    seed: 1,
    labels: [],
  };
  const { update } = await trainVictim(engine, plan);
  return {
    topology,
    weights,
    update,
    optimiser,
    batchSize,
    epochs: 1,
    examples: images,
    masked: false,
    truth,
  };
}

describe('closed-form, one update of a batch', () => {
  for (const seed of [1, 3, 4])
    it(`brings back 8 of 8, exactly, with their labels (seed ${seed})`, async () => {
      const { findings, images } = await attackForTest('closed-form', { settings: quick, seed });
      const { results, facts, outcome, success } = findings;
      assert.equal(results.recovered!.value, 1);
      assert.equal(facts['came'], 8);
      assert.ok(results.psnr!.value > 60);
      assert.equal(results.rank!.value, 1);
      assert.equal(results.labelAccuracy!.value, 1);
      assert.deepEqual([outcome, success, findings.gauges.stopped], ['leaks', true, 0]);
      for (let index = 0; index < 8; index += 1) {
        const picture = (role: string) => images.find(({ id }) => id === `${role}-${index}`)!;
        assert.deepEqual(picture('rebuilt').pixels, picture('target').pixels);
        assert.equal(picture('rebuilt').label, picture('target').label);
      }
    });

  it('brings back 16 of 16, and no half of 64', async () => {
    const sixteen = await attackForTest('closed-form', { settings: { ...quick, batch: 16 } });
    assert.equal(sixteen.findings.facts['came'], 16);
    const many = await attackForTest('closed-form', { settings: { ...quick, batch: 64 } });
    assert.ok(many.findings.results.recovered!.value < 0.25);
    assert.notEqual(many.findings.outcome, 'leaks');
  });

  it('brings back most of a batch that several steps were taken on', async () => {
    const { findings } = await attackForTest('closed-form', { settings: { ...quick, steps: 4 } });
    assert.ok(findings.results.recovered!.value >= 0.75);
  });

  it('has every baseline beside every figure, and says when it is at what', async () => {
    const { findings, steps, images } = await attackForTest('closed-form', {
      settings: { batch: 4, hidden: 64 },
    });
    for (const metric of ['recovered', 'psnr', 'ssim', 'judge'] as const)
      for (const name of ['black', 'globalMean', 'classMean', 'nearestOther', 'randomNoise'] as const)
        assert.ok(Number.isFinite(findings.results[metric]!.baselines[name]), `${metric} ${name}`);
    assert.ok(findings.results.judge!.value > 0.8);
    assert.ok(findings.results.judge!.baselines.untouched! > 0.8);
    assert.ok(Number(findings.facts['judgeAccuracy']) > 0.85);
    assert.deepEqual(
      images.filter(({ role }) => role === 'baseline').map(({ id }) => id),
      [0, 1, 2, 3].flatMap((index) =>
        ['black', 'globalMean', 'classMean', 'nearestOther', 'randomNoise'].map((name) => `${name}-${index}`),
      ),
    );
    const progress = steps.flatMap((step) => (step.kind === 'progress' ? [step.done] : []));
    assert.deepEqual(
      progress,
      [...progress].sort((one, other) => one - other),
    );
    assert.ok(progress.at(-1)! > 0.99);
  });

  it('gives the same pictures and figures again', async () => {
    const once = await attackForTest('closed-form', { settings: { ...quick, hidden: 64 }, seed: 9 });
    const again = await attackForTest('closed-form', { settings: { ...quick, hidden: 64 }, seed: 9 });
    assert.deepEqual(again.findings, once.findings);
    assert.deepEqual(again.images, once.images);
    const other = await attackForTest('closed-form', { settings: { ...quick, hidden: 64 }, seed: 10 });
    assert.notDeepEqual(other.images, once.images);
  });
});

describe('closed-form under protections', () => {
  it('reads a signed update like any other', async () => {
    const signed = await attackForTest('closed-form', { settings: quick, protection: { signature: true } });
    assert.equal(signed.findings.facts['signed'], true);
    assert.equal(signed.findings.results.recovered!.value, 1);
  });

  it('draws noise from a masked update', async () => {
    const { findings, images } = await attackForTest('closed-form', {
      settings: quick,
      protection: { masks: true, signature: true },
    });
    assert.equal(findings.results.recovered!.value, 0);
    assert.deepEqual([findings.outcome, findings.gauges.stopped], ['stopped', 1]);
    assert.ok(images.filter(({ role }) => role === 'rebuilt').every(({ masked }) => masked));
  });

  it('stops at noise of 0.03 clipping norms, at an epsilon that bounds nothing', async () => {
    const { findings } = await attackForTest('closed-form', { settings: quick, protection: { noise: 0.03 } });
    assert.deepEqual([findings.outcome, findings.gauges.stopped], ['stopped', 1]);
    assert.equal(findings.results.recovered!.value, 0);
    assert.ok(Math.abs(findings.gauges.epsilon! - 713) < 1);
  });

  it('does not get grey levels from one step of Adam, but finds the strokes', async () => {
    const { findings } = await attackForTest('closed-form', { settings: { ...quick, optimizer: 'adam' } });
    assert.equal(findings.results.recovered!.value, 0);
    assert.equal(findings.outcome, 'partly');
    assert.ok(findings.results.rank!.value < 30);
  });
});

describe('closed-form on what a person has chosen', () => {
  it('takes drawings first', async () => {
    const { dataset } = await attackGround();
    const drawings = selectImages(dataset.test, [11, 12]);
    const { findings, images } = await attackForTest('closed-form', {
      settings: { ...quick, batch: 3 },
      material: { drawings },
    });
    assert.equal(findings.facts['drawings'], 2);
    const target = images.find(({ id }) => id === 'target-0')!;
    assert.deepEqual(target.pixels, dataset.test.images.slice(11 * 784, 12 * 784));
    assert.deepEqual(images.find(({ id }) => id === 'rebuilt-0')!.pixels, target.pixels);
  });

  it('reads an update that a client has sent, also through layers that it does not know by heart', async () => {
    const sent = await observed('mlp', 8, sgd);
    const { findings } = await attackForTest('closed-form', {
      settings: quick,
      material: { observed: sent },
    });
    assert.equal(findings.results.recovered!.value, 1);
    assert.equal(findings.facts['truth'], true);
  });

  it('says without the truth only what is beyond doubt', async () => {
    const sent = { ...(await observed('mlp', 8, sgd)), truth: undefined };
    const { findings, images } = await attackForTest('closed-form', { material: { observed: sent } });
    assert.deepEqual(Object.keys(findings.results), ['recovered']);
    assert.equal(findings.results.recovered!.value, 1);
    assert.equal(findings.results.recovered!.baselines.randomNoise, 0);
    assert.equal(findings.threshold.metric, 'recovered');
    assert.ok(images.every(({ role, value }) => role !== 'target' && value === null));
    // public images for a vote: none is the rebuilt one itself
    for (let index = 0; index < 8; index += 1) {
      const of = (id: string) => images.find((image) => image.id === `${id}-${index}`)!;
      assert.equal(of('nearestOther').role, 'baseline');
      const [other, rebuilt] = [of('nearestOther').pixels, of('rebuilt').pixels];
      const error = other.reduce((sum, value, pixel) => sum + (value - rebuilt[pixel]!) ** 2, 0);
      assert.ok(error / rebuilt.length / 255 ** 2 > 10 ** -2.5);
    }
  });

  it('guesses without the truth where rounding took the grey levels, and guesses right', async () => {
    const step = 2 ** -18;
    for (const [images, least] of [
      [8, 7],
      [16, 7],
    ] as const) {
      const sent = await observed('mlp', images, sgd);
      const rounded = { ...sent, update: sent.update.map((value) => step * Math.round(value / step)) };
      const known = await attackForTest('closed-form', {
        settings: quick,
        material: { observed: rounded },
      });
      const right = Number(known.findings.facts['came']);
      assert.ok(right >= least, `${right} of ${images} are within 25 dB`);
      const { findings } = await attackForTest('closed-form', {
        material: { observed: { ...rounded, truth: undefined } },
      });
      const { facts, results, outcome } = findings;
      // beyond doubt are hardly any
      assert.ok(Number(facts['came']) < images / 4, `${facts['came']} of ${images} are beyond doubt`);
      const likely = Number(facts['likely']);
      assert.ok(Math.abs(likely - right) <= images / 4, `${likely} look right, and ${right} are`);
      assert.equal(results.recovered!.value, likely / images);
      assert.equal(results.recovered!.baselines.randomNoise, 0);
      assert.notEqual(outcome, 'stopped');
    }
  });

  it('does not take for images what an epoch of Adam leaves of them', async () => {
    const adam: ClientOptimiser = { kind: 'adam', learningRate: 0.001 };
    for (const [images, batchSize] of [
      [8, 8],
      [300, 32],
    ] as const) {
      const sent = { ...(await observed('mlp', images, adam, batchSize)), truth: undefined };
      const { findings } = await attackForTest('closed-form', { material: { observed: sent } });
      assert.equal(findings.results.recovered!.value, 0);
      assert.equal(findings.outcome, 'stopped');
    }
  });

  it('takes an update that was masked when it was sent for noise', async () => {
    const { truth, ...sent } = await observed('mlp', 8, sgd);
    const masked = {
      ...sent,
      update: sent.update.map((_, index) => ((index * 7919) % 101) - 50),
      masked: true,
    };
    for (const known of [truth, undefined]) {
      const { findings } = await attackForTest('closed-form', {
        settings: quick,
        material: { observed: { ...masked, truth: known } },
      });
      assert.equal(findings.results.recovered!.value, 0);
      assert.equal(findings.outcome, 'stopped');
      assert.equal(findings.facts['masked'], true);
    }
  });

  it('finds nothing exact in an epoch of Adam on many images', async () => {
    const sent = await observed('mlp', 300, { kind: 'adam', learningRate: 0.001 }, 32);
    const { findings } = await attackForTest('closed-form', {
      settings: quick,
      material: { observed: sent },
    });
    assert.equal(findings.facts['images'], 300);
    assert.ok(findings.results.recovered!.value < 0.01);
  });

  it('refuses a network whose first layer with weights is no dense one, and names the layer', async () => {
    const { dataset } = await attackGround();
    const topology = presetTopology('cnn-light', modelDataOf(dataset));
    const weights = initialWeights(topology, 1);
    const material: Partial<AttackMaterial> = { model: { topology, weights } };
    await assert.rejects(attackForTest('closed-form', { material }), {
      code: 'invalid-setting',
      message: /layer "conv2d_1" \(Conv2D\)/,
    });
  });

  it('attacks a model that somebody has trained', async () => {
    const { dataset, engine } = await attackGround();
    const topology = presetTopology('mlp', modelDataOf(dataset));
    const plan = {
      topology,
      before: initialWeights(topology, 2),
      batchSize: 32,
      epochs: 1,
      seed: 1,
      labels: [],
    };
    const images = selectImages(
      dataset.train,
      Array.from({ length: 1000 }, (_, index) => index),
    );
    const optimiser: ClientOptimiser = { kind: 'adam', learningRate: 0.001 };
    const { after: weights } = await trainVictim(engine, { ...plan, images, optimiser });
    const { findings } = await attackForTest('closed-form', {
      settings: quick,
      material: { model: { topology, weights } },
    });
    assert.ok(findings.results.recovered!.value >= 0.75);
    assert.equal(pixelsAt(dataset.train, 0).length, findings.facts['inputs']);
  });
});
