import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noiseBurden, noiseHarm } from '../../../core/results/noise-harm.ts';

/** Of the mean: z sqrt(n / h) / n, with h = T - c of n clients (core/privacy/honest-noise.ts). */
const deviation = (z: number, clients: number, honest: number): number =>
  (z * Math.sqrt(clients / honest)) / clients;

describe('noiseHarm()', () => {
  const measured = [
    // [z, clients, h, rounds], of npm run bench -- privacy
    ['the CNN of 100 clients at epsilon 8, which costs two points', [2.02, 100, 34, 10], 'little'],
    ['the large CNN at z = 1', [1, 100, 34, 5], 'little'],
    ['the same CNN at epsilon 4, which costs seven points', [3.67, 100, 34, 10], 'much'],
    ['the linear model of 20 rounds at epsilon 4', [5.19, 100, 34, 20], 'much'],
    ['20 clients, who learn nothing', [2.02, 20, 8, 10], 'ruin'],
    ['20 clients at z = 1 and 5 rounds', [1, 20, 8, 5], 'ruin'],
  ] as const;

  for (const [what, [z, clients, honest, rounds], harm] of measured)
    it(`is ${harm} for ${what}`, () => {
      assert.equal(noiseHarm(noiseBurden(deviation(z, clients, honest), rounds)), harm);
    });

  it('is little without noise', () => {
    assert.equal(noiseHarm(noiseBurden(0, 1)), 'little');
  });
});
