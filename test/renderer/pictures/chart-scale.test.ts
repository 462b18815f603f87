import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attackCatalogue } from '../../../core/contract/attacks/catalogue.ts';
import { axisLayout } from '../../../renderer/pictures/baseline-axis.ts';
import { isShare, linearTicks, scaleOf, thinned } from '../../../renderer/pictures/chart-scale.ts';

describe('linearTicks()', () => {
  it('gives round numbers within the ends', () => {
    assert.deepEqual(linearTicks(0, 1, 4), [0, 0.25, 0.5, 0.75, 1]);
    assert.deepEqual(linearTicks(0, 45, 5), [0, 10, 20, 30, 40]);
    assert.deepEqual(linearTicks(0, 0.3, 3), [0, 0.1, 0.2, 0.3]);
    assert.deepEqual(linearTicks(-2, 2, 4), [-2, -1, 0, 1, 2]);
  });
});

describe('scaleOf()', () => {
  it('spans shares from 0 to 1, whatever there is of them', () => {
    const { from, to, share } = scaleOf([0.2, 0.4], { count: 4, whole: true });
    assert.deepEqual([from, to, share(0.5)], [0, 1, 0.5]);
  });

  it('keeps every value on it, for values of any size and sign', () => {
    for (const values of [[0.01, 0.02], [-3, 7], [1e-6, 2e-6], [5], [0, 0], [1000, 1003], [0.003, 900]]) {
      const scale = scaleOf(values, { count: 4, whole: false });
      for (const value of [...values, ...scale.ticks]) {
        const share = scale.share(value);
        assert.ok(share >= -1e-9 && share <= 1 + 1e-9, `${value} of ${values.join(', ')}: ${share}`);
      }
      assert.ok(scale.ticks.length >= 2, values.join(', '));
    }
  });

  it('goes by powers where the smallest would vanish, and where crowds double', () => {
    const loss = scaleOf([1, 0.1, 0.02, 0.001, 0.5, 0.3, 0.05, 0.2, 0.004], { count: 4, whole: false });
    assert.equal(loss.kind, 'logarithmic');
    assert.ok(Math.abs(loss.share(0.1) - 2 / 3) < 1e-9);
    const crowds = scaleOf([8, 16, 32, 128], { count: 6, whole: false, crowd: true });
    assert.deepEqual(crowds.ticks, [8, 16, 32, 128]);
    assert.equal(crowds.kind, 'logarithmic');
    const rounds = scaleOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], { count: 6, whole: false, crowd: true });
    assert.equal(rounds.kind, 'linear');
  });
});

describe('isShare()', () => {
  it('tells parts of 1 from losses, counts and nothing', () => {
    assert.ok(isShare('recovered', [0, 0.5, 1]));
    assert.ok(!isShare('loss', [0.1, 0.5]));
    assert.ok(!isShare('recovered', [0, 1]));
    assert.ok(!isShare('rounds', [1, 2, 3]));
    assert.ok(!isShare('recovered', []));
  });
});

describe('thinned()', () => {
  it('keeps first and last', () => {
    const many = Array.from({ length: 1000 }, (_, index) => index);
    const few = thinned(many, 10);
    assert.equal(few.length, 10);
    assert.deepEqual([few[0], few.at(-1)], [0, 999]);
    assert.deepEqual(thinned([1, 2], 10), [1, 2]);
  });
});

describe('axisLayout()', () => {
  const { axis } = attackCatalogue['closed-form'];

  it('puts exact copies behind a break, side by side, and all else on a scale', () => {
    const layout = axisLayout({ axis, baselines: [10, 16], values: [100, 30, 100], width: 900 });
    const [inexact, first, second] = layout.attack;
    assert.equal(inexact, layout.x(30));
    assert.ok(layout.exact !== null && first! > layout.exact.broken && second! > first!);
    assert.ok(layout.x(44.9) < layout.exact.broken);
    assert.ok(second! <= layout.right);
  });

  it('stretches so that whatever is not exact is on it', () => {
    const { x, right } = axisLayout({ axis, baselines: [], values: [57], width: 900 });
    assert.ok(x(57) > x(56) && x(57) < right);
  });

  it('keeps many exact copies within its room, and values beyond its ends at its ends', () => {
    const layout = axisLayout({
      axis,
      baselines: [],
      values: Array.from({ length: 64 }, () => 100),
      width: 700,
    });
    assert.ok(Math.min(...layout.attack) > layout.exact!.broken);
    const rates = axisLayout({
      axis: attackCatalogue.backdoor.axis,
      baselines: [0.01, 0.02],
      values: [1.2, -1],
      width: 700,
    });
    assert.equal(rates.exact, null);
    assert.deepEqual(rates.attack, [rates.x(0), rates.x(1)]);
    assert.ok(Math.abs(rates.labels[1]! - rates.labels[0]!) >= 100);
  });
});
