import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attackForTest } from '../../support/attack-run.ts';

const quick = { victims: 4, clients: 4, rounds: 2, series: false };

describe('privacy-gauges', () => {
  it('leaks without noise, and there is no epsilon', async () => {
    const { findings } = await attackForTest('privacy-gauges', { settings: quick });
    assert.equal(findings.outcome, 'leaks');
    assert.deepEqual([findings.gauges.epsilon, findings.gauges.delta], [null, null]);
    assert.equal(findings.results.testAccuracy!.value, findings.results.testAccuracy!.baselines.untouched);
  });

  it('at 0.03 the attack is dead, the label is read, and epsilon bounds nothing', async () => {
    const { findings } = await attackForTest('privacy-gauges', {
      settings: { ...quick, rounds: 1 },
      protection: { noise: 0.03 },
    });
    assert.deepEqual([findings.outcome, findings.gauges.stopped], ['stopped', 1]);
    assert.equal(findings.results.recovered!.value, 0);
    assert.equal(findings.results.labelAccuracy!.value, 1);
    assert.ok(Math.abs(findings.gauges.epsilon! - 713) < 1);
    assert.equal(findings.gauges.delta, 1e-5);
  });

  it('more rounds cost more epsilon; noise as large as the norm ends learning', async () => {
    const { findings, row } = await attackForTest('privacy-gauges', {
      settings: quick,
      protection: { noise: 1 },
    });
    // 4.73 is the known answer of one round
    assert.ok(findings.gauges.epsilon! > 4.74 && findings.gauges.epsilon! < 9.4);
    const { value, baselines } = findings.results.testAccuracy!;
    assert.ok(value < 0.3 && value < baselines.untouched! - 0.1, `${value} ${baselines.untouched}`);
    assert.equal(row('0')['epsilon'], 'none');
    assert.equal(row('1')['epsilon'], findings.gauges.epsilon);
  });

  it('shows every noise of the table, from nothing on', async () => {
    const { series } = await attackForTest('privacy-gauges', {
      settings: { victims: 2, clients: 2, rounds: 1, hidden: 32 },
      protection: { noise: 0.02 },
    });
    const points = series.find(({ name }) => name === 'psnr')!.points;
    assert.deepEqual(
      points.map(([noise]) => noise),
      [0, 0.003, 0.01, 0.02, 0.03, 0.1, 1],
    );
    assert.ok(points[0]![1] > 60 && points.at(-1)![1] < 20);
  });

  it('gives the same again', async () => {
    const options = { settings: { ...quick, hidden: 32 }, protection: { noise: 0.1 }, seed: 3 };
    const once = await attackForTest('privacy-gauges', options);
    assert.deepEqual((await attackForTest('privacy-gauges', options)).findings, once.findings);
  });
});
