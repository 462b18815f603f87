/** Membership inference: models that know their images by heart, one that was trained on others, and what is refused. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { membershipInference } from '../../../core/attacks/membership-inference.ts';
import { selectImages } from '../../../core/attacks/pictures.ts';
import { modelDataOf, trainVictim } from '../../../core/attacks/victim.ts';
import { initialWeights } from '../../../core/model/initial-weights.ts';
import { presetTopology } from '../../../core/model/presets.ts';
import { attackForTest, attackGround } from '../../support/attack-run.ts';

/** A small network that knows these training images by heart. */
async function learnt(members: readonly number[]) {
  const { dataset, engine } = await attackGround();
  const topology = presetTopology('mlp', modelDataOf(dataset));
  const { after } = await trainVictim(engine, {
    topology,
    before: initialWeights(topology, 2),
    images: selectImages(dataset.train, members),
    ...{ batchSize: 32, epochs: 30, seed: 1, labels: ['test'] },
    optimiser: { kind: 'adam', learningRate: 0.001 },
  });
  return { topology, weights: after };
}

describe('membership-inference', () => {
  it('tells members of small training sets, less the larger they are, each figure beside chance', async () => {
    const { findings, rows, series, images } = await attackForTest('membership-inference', {
      settings: { members: 150 },
    });
    const { results, facts, outcome } = findings;
    const { auc, truePositivesAt1 } = results;
    assert.deepEqual(auc!.baselines, { chance: 0.5 });
    assert.deepEqual(truePositivesAt1!.baselines, { chance: 0.01 });
    assert.ok(auc!.interval![0] > 0.6 && auc!.interval![0] < auc!.value && auc!.value < auc!.interval![1]);
    assert.notEqual(outcome, 'stopped');
    assert.deepEqual([facts['members'], facts['strangers']], [150, 1000]);
    assert.equal(facts['memberAccuracy'], 1);
    assert.ok(Number(facts['strangerAccuracy']) < 0.9);

    assert.deepEqual(
      rows.map(({ name }) => name),
      ['15', '30', '75', '150', '300'],
    );
    const bySize = series.find(({ name }) => name === 'aucBySize')!.points;
    assert.deepEqual(
      bySize.map(([size]) => size),
      [15, 30, 75, 150, 300],
    );
    assert.ok(bySize[0]![1] > bySize.at(-1)![1] + 0.1);
    assert.equal(facts['smallestAuc'], bySize[0]![1]);
    // The curve that is left is that of the size which was asked for.
    const roc = series.find(({ name }) => name === 'roc')!.points;
    assert.deepEqual([roc[0]![0], roc.at(-1)], [0, [1, 1]]);
    const below = roc.slice(1).reduce((sum, [x, y], index) => {
      const [before, height] = roc[index]!;
      return sum + ((x - before) * (y + height)) / 2;
    }, 0);
    assert.ok(Math.abs(below - auc!.value) < 0.03, `${below} and ${auc!.value}`);
    assert.equal(images.length, 10);
  });

  it('finds the members of a model that was made before; nobody where it learnt from others', async () => {
    const members = Array.from({ length: 100 }, (_, index) => 11 * index);
    const others = members.map((place) => place + 30_000);
    const made = await learnt(members);
    const told = async (learntFrom: readonly number[]) =>
      (
        await attackForTest('membership-inference', {
          material: { model: { ...made, learntFrom: Uint32Array.from(learntFrom) } },
        })
      ).findings;
    const right = await told(members);
    assert.ok(right.results.auc!.interval![0] > 0.7);
    assert.deepEqual(
      [right.facts['made'], right.facts['learntFrom'], right.facts['members']],
      [true, 100, 100],
    );
    const wrong = await told(others);
    const [from, to] = wrong.results.auc!.interval!;
    assert.ok(from < 0.5 && to > 0.5, `${from} to ${to}`);
    assert.equal(wrong.outcome, 'stopped');
    assert.equal(wrong.success, false);
  });

  it('gives the same for the same request', async () => {
    const run = async (seed: number) =>
      (await attackForTest('membership-inference', { settings: { members: 50 }, seed })).findings;
    const once = await run(4);
    assert.deepEqual(await run(4), once);
    assert.notDeepEqual((await run(5)).results, once.results);
  });

  it('refuses a model whose members nobody knows, noise, and more members than half of the images', async () => {
    const { dataset, engine } = await attackGround();
    const topology = presetTopology('mlp', modelDataOf(dataset));
    const model = { topology, weights: initialWeights(topology, 1) };
    await assert.rejects(attackForTest('membership-inference', { material: { model } }), {
      code: 'target-unknown',
      message: /fresh model/,
    });
    const few = { ...model, learntFrom: Uint32Array.of(1, 2, 3) };
    await assert.rejects(attackForTest('membership-inference', { material: { model: few } }), {
      code: 'target-unknown',
    });
    await assert.rejects(attackForTest('membership-inference', { protection: { noise: 1 } }), {
      code: 'invalid-setting',
    });
    const small = { ...dataset, train: selectImages(dataset.train, [1, 2, 3, 4, 5, 6, 7, 8]) };
    const attack = membershipInference({
      settings: { members: 50 },
      protection: { signature: false, masks: false, noise: 0 },
      ...{ seed: 1, dataset: small, engine },
      material: { drawings: undefined, model: undefined, observed: undefined },
    });
    await attack.next();
    await assert.rejects(attack.next(), { code: 'invalid-setting', message: /at most 4/ });
  });
});
