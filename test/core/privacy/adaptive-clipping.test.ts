import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FederationError } from '../../../core/errors/federation-error.ts';
import {
  countShare,
  defaultCountNoise,
  nextClippingNorm,
  noisedShareWithin,
  updateNoiseMultiplier,
} from '../../../core/privacy/adaptive-clipping.ts';
import { planPrivacy, privatise, readPrivateSum } from '../../../core/privacy/mechanism.ts';
import { updateSensitivity } from '../../../core/privacy/sensitivity.ts';
import { settingsFor } from './plans.ts';
import { seededRandom } from './seeded-random.ts';
import { ONE_IN_A_MILLION_EITHER_SIDE } from './statistics.ts';

describe('countShare', () => {
  it("splits z as the paper's theorem 1 does: z_update^-2 + (2 sigma_b)^-2 = z^-2", () => {
    for (const noiseMultiplier of [0.5, 1, 4]) {
      for (const countNoise of [noiseMultiplier * 0.6, noiseMultiplier, 5 * noiseMultiplier]) {
        const share = countShare(noiseMultiplier, countNoise);
        // in units of D: noise of deviation z sqrt(1 + share^2)
        const noise = noiseMultiplier * Math.sqrt(1 + share ** 2);
        const forUpdate = updateNoiseMultiplier(noiseMultiplier, countNoise);
        assert.ok(Math.abs(noise - forUpdate) < 1e-9 * noise);
        assert.ok(Math.abs(noise / share - 2 * countNoise) < 1e-9 * noise);
      }
    }
  });

  it('refuses a count that would take all of z', () => {
    for (const countNoise of [0, 0.4, 0.5, Number.NaN])
      assert.throws(() => countShare(1, countNoise), FederationError);
  });
});

describe('adaptive clipping in a plan', () => {
  it('costs 3.3 % more noise at most by default, and is charged: D^2 + K^2', () => {
    for (const clients of [3, 20, 100]) {
      for (const noiseMultiplier of [0.5, 1, 3]) {
        const plan = planPrivacy(settingsFor(clients, { noiseMultiplier, adaptive: true }));
        const sensitivity = updateSensitivity(plan.clipUnits, plan.parameterCount);
        const forUpdate = Math.sqrt(plan.honest * plan.variance) / sensitivity;
        assert.ok(forUpdate > noiseMultiplier && forUpdate < 1.034 * noiseMultiplier, `${forUpdate}`);
        assert.equal(plan.adaptive?.countNoise, defaultCountNoise(clients, noiseMultiplier));
        // noise of h clients in the count, in clients: what was asked for, or a rounding below
        const inCount = Math.sqrt(plan.honest * plan.variance) / (2 * plan.countUnits);
        assert.ok(Math.abs(inCount / plan.adaptive.countNoise - 1) < 0.01);
      }
    }
  });

  it('counts who is within C, up to its noise (false alarm 10^-6); who is left out counts as neither', () => {
    const clients = 100;
    const plan = planPrivacy(
      settingsFor(clients, { parameterCount: 10, noiseMultiplier: 0.2, adaptive: true }),
    );
    const random = seededRandom(30);
    const sum = new Int32Array(plan.vectorLength);
    for (let client = 0; client < clients; client += 1) {
      // 70 of 100 within C = 1
      const update = new Float32Array(10).fill(client < 70 ? 0.1 : 1);
      privatise(update, plan, random).vector.forEach((value, index) => (sum[index]! += value));
    }
    const { shareWithin } = readPrivateSum(sum, plan, clients);
    const deviation = Math.sqrt(clients * plan.variance) / (2 * plan.countUnits) / clients;
    assert.ok(Math.abs(shareWithin! - 0.7) < ONE_IN_A_MILLION_EITHER_SIDE * deviation, `${shareWithin}`);

    const leftOut = privatise(undefined, plan, seededRandom(31)).vector;
    assert.ok(Math.abs(leftOut[10]!) < 7 * Math.sqrt(plan.variance));
  });
});

describe('nextClippingNorm', () => {
  const settings = { quantile: 0.5, learningRate: 0.2 };

  it('moves C by a factor towards the quantile', () => {
    assert.ok(Math.abs(nextClippingNorm(2, 0.75, settings) - 2 * Math.exp(-0.05)) < 1e-12);
    assert.ok(Math.abs(nextClippingNorm(2, 0.25, settings) - 2 * Math.exp(0.05)) < 1e-12);
    assert.equal(nextClippingNorm(2, 0.5, settings), 2);
  });

  it('takes a share beyond 0 .. 1 as 0 or 1', () => {
    assert.equal(nextClippingNorm(1, 40, settings), nextClippingNorm(1, 1, settings));
    assert.equal(nextClippingNorm(1, -40, settings), nextClippingNorm(1, 0, settings));
  });

  it('finds the median of norms from far off, through its noise', () => {
    // norms 1 .. 100: the median is 50
    const random = seededRandom(40);
    const plan = planPrivacy(settingsFor(100, { parameterCount: 1, noiseMultiplier: 1, adaptive: true }));
    for (const start of [0.5, 3000]) {
      let clippingNorm = start;
      for (let round = 0; round < 150; round += 1) {
        const sum = new Int32Array(2);
        for (let norm = 1; norm <= 100; norm += 1)
          privatise(Float32Array.of(norm), plan, random, clippingNorm).vector.forEach(
            (value, index) => (sum[index]! += value),
          );
        clippingNorm = nextClippingNorm(
          clippingNorm,
          readPrivateSum(sum, plan, 100, clippingNorm).shareWithin!,
          settings,
        );
      }
      assert.ok(clippingNorm > 38 && clippingNorm < 65, `${clippingNorm} from ${start}`);
    }
  });

  it('reads a sum of no survivors out of the middle', () => {
    assert.equal(noisedShareWithin(0, 10, 5), 0.5);
    assert.equal(noisedShareWithin(50, 10, 5), 1);
    assert.equal(noisedShareWithin(-50, 10, 5), 0);
  });
});
