import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { selectImages } from '../../../core/attacks/pictures.ts';
import { attackSettings, runAttack } from '../../../core/attacks/run-attack.ts';
import { unprotected } from '../../../core/contract/attacks/attack-request.ts';
import { attackForTest, attackGround } from '../../support/attack-run.ts';

const sum = { masks: true, signature: true };
const quick = { series: false };

describe('crowd-size', () => {
  for (const seed of [1, 2])
    it(`brings all 8 back from the sum of 8 (seed ${seed})`, async () => {
      const { findings } = await attackForTest('crowd-size', { settings: quick, protection: sum, seed });
      assert.equal(findings.results.recovered!.value, 1);
      assert.deepEqual([findings.outcome, findings.facts['masked']], ['leaks', true]);
      // one masked update alone: no nearer than needs no attack
      assert.ok(Number(findings.facts['alonePsnr']) < findings.results.psnr!.baselines.nearestOther!);
    });

  it('brings under a tenth back from the sum of 128', async () => {
    const settings = { ...quick, clients: 128 };
    const { findings, images } = await attackForTest('crowd-size', { settings, protection: sum });
    assert.ok(findings.results.recovered!.value < 0.1);
    assert.notEqual(findings.outcome, 'leaks');
    // a picture would be too small: the first columns only
    assert.equal(images.filter(({ role }) => role === 'target').length, 32);
  });

  it('reads every update where there are no masks', async () => {
    const { findings } = await attackForTest('crowd-size', { settings: { ...quick, clients: 3 } });
    assert.equal(findings.results.recovered!.value, 1);
    assert.equal(findings.facts['masked'], false);
  });

  it('draws nothing from a sum with noise beneath the masks', async () => {
    const { findings } = await attackForTest('crowd-size', {
      settings: quick,
      protection: { ...sum, noise: 0.03 },
    });
    assert.equal(findings.results.recovered!.value, 0);
    assert.equal(findings.outcome, 'stopped');
    assert.ok(Math.abs(findings.gauges.epsilon! - 713) < 1);
  });

  it('shows every crowd of the chart, in order, and one masked update', async () => {
    const settings = { clients: 4, hidden: 32 };
    const { series, row } = await attackForTest('crowd-size', { settings, protection: sum });
    const points = series.find(({ name }) => name === 'recovered')!.points;
    assert.deepEqual(
      points.map(([clients]) => clients),
      [1, 4, 8, 16, 32, 64, 128],
    );
    assert.equal(points[0]![1], 1);
    assert.ok(points.at(-1)![1] < 0.1);
    assert.equal(row('masked')['recovered'], 0);
    assert.equal(row('1')['recovered'], 1);
  });

  it('gives the same again', async () => {
    const options = { settings: { ...quick, hidden: 32, clients: 4 }, protection: sum, seed: 4 };
    const [once, again] = [
      await attackForTest('crowd-size', options),
      await attackForTest('crowd-size', options),
    ];
    assert.deepEqual(again.findings, once.findings);
    assert.deepEqual(again.images, once.images);
  });
});

describe('crowd-size on a small data set', () => {
  it('leaves out crowds that it has no images for, and refuses to be asked for more', async () => {
    const { dataset, engine } = await attackGround();
    const places = Array.from({ length: 24 }, (_, index) => index);
    const small = { ...dataset, train: selectImages(dataset.train, places) };
    const attack = (clients: number): ReturnType<typeof runAttack> =>
      runAttack('crowd-size', {
        settings: attackSettings({ attack: 'crowd-size', settings: { clients, hidden: 32 } }),
        protection: { ...unprotected, masks: true },
        seed: 1,
        dataset: small,
        engine,
        material: { drawings: undefined, model: undefined, observed: undefined },
      });
    const sizes = new Set<number>();
    for await (const step of await attack(4))
      if (step.kind === 'series') for (const [size] of step.series.points) sizes.add(size);
    assert.deepEqual([...sizes], [1, 4, 8, 16]);
    const refused = await attack(21);
    await assert.rejects(
      async () => {
        for (;;) if ((await refused.next()).done === true) return;
      },
      { code: 'invalid-setting', message: /clients.*at most 20/ },
    );
  });
});
