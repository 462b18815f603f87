import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { drawVanishing, vanishingCount } from '../../../main/simulation/vanishing.ts';

describe('vanishingCount()', () => {
  it('is floor(drop x n) of the decimal number, for every share in per cent and all numbers of clients', () => {
    for (let clients = 3; clients <= 500; clients += 1)
      for (let percent = 0; percent <= 100; percent += 1)
        assert.equal(vanishingCount(clients, percent / 100), Math.floor((percent * clients) / 100));
  });
});

describe('drawVanishing()', () => {
  it('draws distinct clients, the same for the same seed, round and attempt', () => {
    const settings = { clients: 100, drop: 0.29, dropAt: 'any', seed: 4 } as const;
    const drawn = drawVanishing(settings, 1, 1);
    assert.equal(drawn.size, 29);
    assert.ok([...drawn.keys()].every((client) => client >= 1 && client <= 100));
    assert.deepEqual(drawVanishing(settings, 1, 1), drawn);
    assert.notDeepEqual(drawVanishing(settings, 1, 2), drawn);
  });
});
