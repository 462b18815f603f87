import assert from 'node:assert/strict';
import { euclideanNorm } from '../../../core/fedavg/euclidean-norm.ts';
import { describe, it } from 'node:test';
import { MaskedSum, readNoise, readUpdate, type ReadingConditions } from '../../../core/attacks/protect.ts';
import { correlation } from '../../../core/attacks/metrics/similarity.ts';
import { unprotected } from '../../../core/contract/attacks/attack-request.ts';
import { standardNormal } from '../../../core/random/normal.ts';
import { randomStream } from '../../../core/random/stream.ts';

const length = 20_000;
const conditions: ReadingConditions = {
  optimiser: { kind: 'sgd', learningRate: 0.1, momentum: 0 },
  batchSize: 8,
  epochs: 1,
  examples: 8,
  seed: 3,
  labels: ['test'],
};

function someUpdate(seed: number): Float32Array {
  const stream = randomStream(seed, 'update');
  return Float32Array.from({ length }, () => 0.01 * standardNormal(stream));
}
const update = someUpdate(1);
const largest = (values: Iterable<number>): number =>
  [...values].reduce((most, value) => Math.max(most, Math.abs(value)), 0);
describe('readUpdate()', () => {
  it('reads the floats themselves where nothing, or only a signature, protects them', async () => {
    const open = await readUpdate(update, unprotected, conditions);
    const signed = await readUpdate(update, { ...unprotected, signature: true }, conditions);
    assert.deepEqual(open.update, update);
    assert.deepEqual(signed.update, update);
    assert.deepEqual([open.signed, signed.signed, signed.masked], [false, true, false]);
  });

  it('reads numbers under masks that say nothing of the update (false alarm: one in 10 million)', async () => {
    const { update: read, masked } = await readUpdate(update, { ...unprotected, masks: true }, conditions);
    assert.ok(masked);
    // 5.3 deviations of a correlation of independent numbers
    assert.ok(Math.abs(correlation(read, update)) < 5.3 / Math.sqrt(length));
    // Uniform over +-2^(bits-1) units: the mean of the squares is (2^(bits-1))^2 / 3 units
    const half = largest(read);
    const square = read.reduce((sum, value) => sum + (value / half) ** 2, 0) / length;
    assert.ok(Math.abs(square - 1 / 3) < 5.3 * Math.sqrt(4 / 45 / length) + 1e-3);
  });

  it('is repeatable, and masks the zero vector by other keys', async () => {
    const masked = { ...unprotected, masks: true };
    const [one, again] = [
      await readUpdate(update, masked, conditions),
      await readUpdate(update, masked, conditions),
    ];
    assert.deepEqual(one.update, again.update);
    const noise = readNoise(length, conditions);
    assert.ok(Math.abs(correlation(one.update, noise)) < 5.3 / Math.sqrt(length));
  });

  it('clips to C and adds noise of deviation noise x C on every coordinate', async () => {
    const noisy = { ...unprotected, noise: 0.5 };
    const own = await readUpdate(update, noisy, conditions);
    assert.ok(Math.abs(own.clippingNorm! - euclideanNorm(update)) < 1e-9);
    const clippingNorm = euclideanNorm(update) / 4;
    const { update: read } = await readUpdate(update, noisy, { ...conditions, clippingNorm });
    const added = read.map((value, index) => value - update[index]! / 4);
    const deviation = Math.sqrt(added.reduce((sum, value) => sum + value ** 2, 0) / length);
    // 5.3 deviations of a sample's deviation: false alarm one in 10 million
    assert.ok(Math.abs(deviation / (0.5 * clippingNorm) - 1) < 5.3 / Math.sqrt(2 * length));
    assert.ok(Math.abs(correlation(added, update)) < 5.3 / Math.sqrt(length));
  });

  it('refuses an update that is not finite, under masks', async () => {
    const broken = update.slice();
    broken[7] = Number.NaN;
    await assert.rejects(readUpdate(broken, { ...unprotected, masks: true }, conditions), {
      code: 'update-refused',
    });
  });
});

describe('MaskedSum', () => {
  it('does not open while somebody is missing', () => {
    const masked = new MaskedSum(length, 2, conditions);
    masked.add(update);
    assert.throws(() => masked.open(), { code: 'internal' });
  });

  for (const clients of [1, 2, 8])
    it(`opens the exact sum of ${clients} quantised updates`, () => {
      const updates = Array.from({ length: clients }, (_, client) => someUpdate(client + 1));
      const masked = new MaskedSum(length, clients, conditions);
      for (const one of updates) masked.add(one);
      const sum = masked.open();
      const expected = updates[0]!.map((_, index) => updates.reduce((total, one) => total + one[index]!, 0));
      // One unit of each client: 2^-15 of the clip bound of 1
      assert.ok(largest(sum.map((value, index) => value - expected[index]!)) <= (clients * 1.01) / 2 ** 15);
    });
});
