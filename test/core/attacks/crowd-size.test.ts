import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attackForTest } from '../../support/attack-run.ts';

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
