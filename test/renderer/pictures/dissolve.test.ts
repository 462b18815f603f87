import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dissolveOrder, hasChanged } from '../../../renderer/pictures/dissolve.ts';

describe('dissolveOrder()', () => {
  const length = 84 * 84;
  const order = dissolveOrder(length);
  const changed = (share: number): number =>
    Array.from({ length }, (_, index) => hasChanged(order, index, share)).filter(Boolean).length;

  it('changes nothing at first, everything at last, and about as much as the time says between', () => {
    assert.equal(changed(0), 0);
    assert.equal(changed(1), length);
    for (const share of [0.25, 0.5, 0.75])
      assert.ok(Math.abs(changed(share) / length - share) < 0.03, `${share}`);
  });

  it('changes pixels all over the picture at once: every quarter of its rows alike', () => {
    for (let quarter = 0; quarter < 4; quarter += 1) {
      const rows = order.subarray((quarter * length) / 4, ((quarter + 1) * length) / 4);
      const share = rows.filter((value) => value < 0.5).length / rows.length;
      assert.ok(Math.abs(share - 0.5) < 0.05, `${share}`);
    }
  });
});
