import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pruned } from '../../../core/attacks/pruning.ts';
import { attackForTest } from '../../support/attack-run.ts';

describe('pruned()', () => {
  it('keeps so many of the largest values, and no more where several are equal', () => {
    const update = Float32Array.of(1, -5, 2, 2, -2, 0);
    assert.deepEqual([...pruned(update, 0.5)], [0, -5, 2, 2, 0, 0]);
    assert.deepEqual([...pruned(update, 1)], [...update]);
    assert.deepEqual([...pruned(update, 0.001)], [0, -5, 0, 0, 0, 0]);
  });
});

describe('pruning', () => {
  it('brings images back from a tenth and a twentieth of an update, blurred from a hundredth', async () => {
    const { findings, series, row, images } = await attackForTest('pruning', { settings: { clients: 4 } });
    assert.equal(findings.results.recovered!.value, 1);
    assert.ok(findings.results.psnr!.value > 60);
    const [percents, decibels] = [0, 1].map((axis) => series[0]!.points.map((point) => point[axis]!));
    assert.deepEqual(percents, [1, 5, 10, 100]);
    assert.deepEqual(
      decibels,
      [...decibels!].sort((one, other) => one - other),
    );
    assert.ok(Number(row('keep-5')['psnr']) > 25);
    const rest = Number(row('keep-1')['psnr']);
    assert.ok(rest > findings.results.psnr!.baselines.nearestOther! && rest < 25, String(rest));
    assert.equal(images.filter(({ role }) => role === 'other').length, 4);
  });

  it('counts what was sent', async () => {
    const settings = { clients: 1, keep: 0.01, series: false };
    const { facts, results } = (await attackForTest('pruning', { settings })).findings;
    assert.equal(facts['sent'], Math.round(0.01 * Number(facts['parameters'])));
    assert.equal(results.labelAccuracy!.value, 1);
  });

  it('draws noise where the pruned update is masked', async () => {
    const { findings } = await attackForTest('pruning', {
      settings: { clients: 2, series: false },
      protection: { masks: true },
    });
    assert.deepEqual([findings.outcome, findings.results.recovered!.value], ['stopped', 0]);
  });
});
