/** Model inversion in its four ways, with short settings. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { modelInversion } from '../../../core/attacks/model-inversion.ts';
import { pixelsAt, plainImages, selectImages } from '../../../core/attacks/pictures.ts';
import { modelDataOf, trainVictim } from '../../../core/attacks/victim.ts';
import type { AttackFindings } from '../../../core/contract/attacks/attack-report.ts';
import { initialWeights } from '../../../core/model/initial-weights.ts';
import { presetTopology } from '../../../core/model/presets.ts';
import { attackForTest, attackGround } from '../../support/attack-run.ts';

function assertBaselines({ results }: AttackFindings): void {
  for (const [name, metric] of Object.entries(results)) {
    assert.ok(Object.keys(metric.baselines).length >= 4, `baselines of ${name}`);
    for (const value of [metric.value, ...(metric.interval ?? []), ...Object.values(metric.baselines)])
      assert.ok(Number.isFinite(value), name);
  }
}

describe('model-inversion as the reference', () => {
  it('comes to its figures, and shows that an all black image has less error', async () => {
    const settings = { variant: 'reference', iterations: 100, tries: 2 };
    const { findings, rows, images, row } = await attackForTest('model-inversion', { settings });
    const { results, facts } = findings;
    assertBaselines(findings);
    // The reference: 0.058, 0.1309, 95.61 % after 3,000 steps; black: 0.0445 and 0.1315, whatever the attack.
    const { maeNearest, maeMean, confidence } = results;
    assert.ok(Math.abs(maeNearest!.baselines.black! - 0.0445) < 5e-5);
    assert.ok(Math.abs(maeMean!.baselines.black! - 0.1315) < 5e-5);
    assert.ok(Math.abs(maeNearest!.value - 0.058) < 0.008, `${maeNearest!.value}`);
    assert.ok(Math.abs(maeMean!.value - 0.1309) < 0.006, `${maeMean!.value}`);
    assert.ok(confidence!.value > 0.85 && confidence!.value < 0.97, `${confidence!.value}`);
    assert.ok(confidence!.baselines.black! < 0.2);
    assert.ok(maeNearest!.value > maeNearest!.baselines.black!);
    assert.deepEqual([facts['runs'], facts['counted'], facts['members']], [20, 20, 100]);
    assert.deepEqual(
      rows.map(({ name }) => name),
      ['attack', 'black', 'globalMean', 'classMean', 'randomNoise'],
    );
    assert.equal(row('classMean')['correlation'], 1);
    // For every class a private image that the model learnt from, and what came out.
    for (let index = 0; index < 10; index += 1)
      for (const role of ['target', 'rebuilt', 'nearest', 'black', 'classMean'])
        assert.ok(
          images.some(({ id }) => id === `${role}-${index}`),
          `${role}-${index}`,
        );
  });
});

describe('model-inversion with priors', () => {
  it('shows digits that an independent judge reads, of which black, noise and the mean image show none', async () => {
    const { findings, steps } = await attackForTest('model-inversion');
    const { results, facts, outcome, threshold } = findings;
    assertBaselines(findings);
    assert.ok(results.judged!.value >= 0.7, `${results.judged!.value}`);
    assert.ok(results.confidence!.value > 0.85);
    for (const name of ['black', 'globalMean', 'randomNoise', 'chance'] as const)
      assert.ok(results.judged!.baselines[name]! <= 0.2, name);
    assert.deepEqual([outcome, threshold.metric], ['leaks', 'judged']);
    assert.ok(Number(facts['judgeAccuracy']) > 0.9);
    assert.ok(Number(facts['nearestMean']) >= 0.7);
    const progress = steps.flatMap((step) => (step.kind === 'progress' ? [step.done] : []));
    assert.ok(progress.every((done, index) => index === 0 || done >= progress[index - 1]!));
    assert.ok(progress.at(-1)! <= 1);
  });

  it('attacks a model that was made before, with a judge that learnt from no training image', async () => {
    const { dataset, engine } = await attackGround();
    const topology = presetTopology('mlp', modelDataOf(dataset));
    const { after } = await trainVictim(engine, {
      topology,
      before: initialWeights(topology, 3),
      images: selectImages(
        dataset.train,
        Array.from({ length: 1000 }, (_, index) => 5 * index),
      ),
      ...{ batchSize: 32, epochs: 5, seed: 1, labels: ['test'] },
      optimiser: { kind: 'adam', learningRate: 0.001 },
    });
    const { findings, images } = await attackForTest('model-inversion', {
      settings: { iterations: 100, tries: 1 },
      material: { model: { topology, weights: after } },
    });
    assert.equal(findings.facts['made'], true);
    assert.equal(findings.facts['memberError'], undefined);
    assert.ok(findings.results.judged!.value >= 0.4);
    assert.ok(!images.some(({ role }) => role === 'target'));
    for (const variant of ['pca', 're-identification'])
      await assert.rejects(
        attackForTest('model-inversion', {
          settings: { variant },
          material: { model: { topology, weights: after } },
        }),
        { code: 'invalid-setting' },
      );
  });
});

describe('model-inversion with other classes’ components', () => {
  it('shows classes that the components were not learnt from', async () => {
    const { findings, images } = await attackForTest('model-inversion', {
      settings: { variant: 'pca', iterations: 120, tries: 1 },
    });
    assertBaselines(findings);
    assert.equal(findings.facts['classes'], 5);
    assert.deepEqual(
      images.filter(({ role }) => role === 'rebuilt').map(({ label }) => label),
      [0, 1, 2, 3, 4],
    );
    assert.ok(findings.results.judged!.value >= 0.6, `${findings.results.judged!.value}`);
    assert.ok(findings.results.correlation!.value > 0.8);
  });
});

describe('model-inversion where a class is a person', () => {
  it('ranks private images first of 100; where a class is a digit, members are no nearer than others', async () => {
    const { dataset } = await attackGround();
    const drawings = selectImages(dataset.test, [18, 33]);
    const { findings, images, row } = await attackForTest('model-inversion', {
      settings: { variant: 're-identification', people: 10, iterations: 150 },
      material: { drawings },
    });
    const { results, facts, outcome } = findings;
    assertBaselines(findings);
    assert.ok(results.rankedFirst!.value >= 0.8, `${results.rankedFirst!.value}`);
    assert.ok(results.rank!.value < 3);
    assert.ok(results.rankedFirst!.baselines.classMean! <= 0.2);
    assert.ok(Math.abs(results.rankedFirst!.baselines.chance! - 0.01) < 1e-9);
    assert.ok(results.correlation!.value > results.correlation!.baselines.globalMean!);
    assert.equal(outcome, 'leaks');
    // Chance alone strays by 0.1 once in 40,000 (300 images each); a model's memory adds a few hundredths.
    assert.ok(Math.abs(Number(row('digits')['auc']) - 0.5) < 0.1, `${row('digits')['auc']}`);
    assert.ok(Number(row('persons')['auc']) > 0.9);
    assert.equal(facts['drawings'], 2);
    for (const index of [0, 1])
      assert.deepEqual(
        images.find(({ id }) => id === `target-${index}`)!.pixels,
        drawings.images.slice(index * 784, (index + 1) * 784),
      );
  });
});

describe('model-inversion', () => {
  it('gives the same for the same request, masks and signature or none; another seed gives another', async () => {
    const { dataset, engine } = await attackGround();
    const places = Array.from({ length: 3000 }, (_, index) => index);
    const small = {
      ...dataset,
      train: selectImages(dataset.train, places),
      test: selectImages(dataset.test, places.slice(0, 500)),
    };
    const run = async (seed: number, hidden: boolean): Promise<AttackFindings> => {
      const attack = modelInversion({
        settings: { variant: 'priors', iterations: 15, tries: 1, people: 5 },
        protection: { signature: hidden, masks: hidden, noise: 0 },
        ...{ seed, dataset: small, engine },
        material: { drawings: undefined, model: undefined, observed: undefined },
      });
      for (let next = await attack.next(); ; next = await attack.next())
        if (next.done === true) return next.value;
    };
    const once = await run(1, false);
    assert.deepEqual(await run(1, true), once);
    assert.notDeepEqual((await run(2, false)).results, once.results);
  });

  it('refuses noise, which is for updates', async () => {
    await assert.rejects(attackForTest('model-inversion', { protection: { noise: 0.1 } }), {
      code: 'invalid-setting',
    });
  });

  it('refuses a model for other classes than the data set has', async () => {
    const { dataset } = await attackGround();
    const topology = presetTopology('mlp', { ...modelDataOf(dataset), classes: 12 });
    const model = { topology, weights: initialWeights(topology, 1) };
    await assert.rejects(attackForTest('model-inversion', { material: { model } }), {
      code: 'model-does-not-fit',
      message: /number of classes .* must be 10, and is 12/,
    });
  });

  it('never trains the judge on what the victim has learnt from', async () => {
    const { dataset } = await attackGround();
    const { unseenData, firstHalf } = await import('../../../core/attacks/inversion/subject.ts');
    const members = Uint32Array.of(3, firstHalf(dataset.train) - 1);
    const fresh = unseenData(dataset, members);
    assert.ok(fresh.from > members[1]!);
    assert.equal(fresh.dataset, dataset);
    const made = unseenData(dataset, undefined);
    const [first] = plainImages(selectImages(made.dataset.train, [0]));
    assert.deepEqual(first!.pixels, pixelsAt(dataset.test, 0));
    assert.equal(made.to, dataset.test.count);
  });
});
