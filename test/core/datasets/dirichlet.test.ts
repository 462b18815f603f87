/**
 * Statistical tests with a fixed seed: they fail always or never. The probability given is that of failing if the
 * seed were drawn anew and the code were right.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawDirichlet, drawLogGamma } from '../../../core/datasets/dirichlet.ts';
import { randomStream } from '../../../core/random/stream.ts';

const DRAWS = 20_000;

test('drawLogGamma() has the mean digamma(shape) and the variance trigamma(shape) (false alarm below 1e-5)', () => {
  // scipy.special.digamma and polygamma(1, .) of scipy.
  const known = [
    { shape: 0.05, mean: -20.4978449, variance: 401.5323574 },
    { shape: 0.5, mean: -1.96351003, variance: 4.9348022 },
    { shape: 1, mean: -0.57721566, variance: 1.64493407 },
    { shape: 3, mean: 0.92278434, variance: 0.39493407 },
    { shape: 40, mean: 3.67632739, variance: 0.0253151 },
  ];
  for (const { shape, mean, variance } of known) {
    const stream = randomStream(11, 'gamma', shape);
    const draws = Array.from({ length: DRAWS }, () => drawLogGamma(shape, stream));
    const found = draws.reduce((sum, value) => sum + value, 0) / DRAWS;
    const spread = draws.reduce((sum, value) => sum + (value - found) ** 2, 0) / DRAWS;
    // Five standard deviations of the mean of 20,000 draws (6e-7); the fourth moment of a log gamma is at most 9
    // times its squared variance, so that of the spread is at most sqrt(8 / 20,000): five are 10 % (6e-7).
    assert.ok(Math.abs(found - mean) < 5 * Math.sqrt(variance / DRAWS), `mean of shape ${shape}: ${found}`);
    assert.ok(Math.abs(spread / variance - 1) < 0.1, `variance of shape ${shape}: ${spread}`);
  }
});

test('drawLogGamma() of shape 1 is exponential (Kolmogorov-Smirnov, false alarm below 1e-7)', () => {
  const stream = randomStream(12, 'gamma');
  const draws = Float64Array.from({ length: DRAWS }, () => Math.exp(drawLogGamma(1, stream))).sort();
  const distances = draws.map((value, index) => {
    const expected = 1 - Math.exp(-value);
    return Math.max(Math.abs(expected - index / DRAWS), Math.abs(expected - (index + 1) / DRAWS));
  });
  // P(sqrt(n) D > 2.9) is about 2 exp(-2 * 2.9^2) = 1e-7.
  assert.ok(Math.sqrt(DRAWS) * Math.max(...distances) < 2.9);
});

test('drawDirichlet() has the first and second moments of a Dirichlet (false alarm below 1e-5)', () => {
  const concentration = [0.02, 0.3, 1, 2.5];
  const total = concentration.reduce((sum, value) => sum + value, 0);
  const stream = randomStream(13, 'dirichlet');
  const draws = Array.from({ length: DRAWS }, () => drawDirichlet(concentration, stream));
  concentration.forEach((value, index) => {
    const first = draws.reduce((sum, draw) => sum + draw[index]!, 0) / DRAWS;
    const second = draws.reduce((sum, draw) => sum + draw[index]! ** 2, 0) / DRAWS;
    // Means of values in [0, 1]: Hoeffding gives 2 exp(-2 * 20,000 * 0.02^2) = 2.3e-7 for each of the eight.
    assert.ok(Math.abs(first - value / total) < 0.02);
    assert.ok(Math.abs(second - (value * (value + 1)) / (total * (total + 1))) < 0.02);
  });
});

test('drawDirichlet() gives shares that sum to 1, even where every gamma is below the smallest float', () => {
  const stream = randomStream(14, 'dirichlet');
  for (const shape of [1e-6, 1e-3, 1, 1e5]) {
    const shares = drawDirichlet([shape, shape, 0, shape], stream);
    assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-12);
    assert.equal(shares[2], 0);
  }
});
