import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RandomSource } from '../../../core/crypto/random.ts';
import { FederationError } from '../../../core/errors/federation-error.ts';
import { honestNoise, mostCorruptNeighbours } from '../../../core/privacy/honest-noise.ts';
import {
  type PrivacyPlan,
  meanNoise,
  planPrivacy,
  plannedEpsilon,
  privatise,
  readPrivateSum,
} from '../../../core/privacy/mechanism.ts';
import { updateSensitivity } from '../../../core/privacy/sensitivity.ts';
import { atLeast, sparseTable } from '../../../core/secagg/graph-security.ts';
import { lowBitsMask } from '../../../core/secagg/masks.ts';
import { centredLift } from '../../../core/secagg/quantise.ts';
import { settingsFor, sparseSettings } from './plans.ts';
import { seededRandom } from './seeded-random.ts';
import { ONE_IN_A_MILLION, ONE_IN_A_MILLION_EITHER_SIDE, chiSquareLimit } from './statistics.ts';

const tolerances = ['10/10', '10/20', '20/10', '33/10'] as const;

/** Sum of so many clients' vectors, through the modulus of the masks and back. */
function sumOf(plan: PrivacyPlan, vectors: readonly Int32Array[]): Int32Array {
  const lowBits = lowBitsMask(plan.bits);
  const sum = new Uint32Array(plan.vectorLength);
  for (const vector of vectors)
    vector.forEach((value, index) => (sum[index] = (sum[index]! + value) & lowBits));
  return centredLift(sum, plan.bits);
}

const squares = (values: Iterable<number>): number => {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
};

describe('honestNoise', () => {
  it('is T - c on the complete graph: 2 of 3 and of 4 clients, 8 of 20, 34 of 100', () => {
    const expected = [
      [3, 2],
      [4, 2],
      [20, 8],
      [100, 34],
      [200, 68],
    ] as const;
    for (const [clients, honest] of expected) assert.equal(honestNoise(settingsFor(clients)), honest);
  });

  it('is t - c_max + 1 on the sparse one, c_max exceeded for no client but with probability 2^-41', () => {
    for (const { fewest, most } of sparseTable) {
      for (const clients of [fewest, most]) {
        for (const tolerance of tolerances) {
          const settings = sparseSettings(clients, tolerance);
          const corrupt = mostCorruptNeighbours(settings);
          const exceeded = (bound: number): number =>
            clients * atLeast(clients - 1, settings.colluders, settings.neighbours, bound + 1);
          assert.ok(exceeded(corrupt) <= 2 ** -41);
          assert.ok(exceeded(corrupt - 1) > 2 ** -41);
          const honest = honestNoise(settings);
          assert.equal(honest, settings.neighbourThreshold - corrupt + 1);
          // never more than what is certain of the whole sum
          assert.ok(honest >= 2 && honest <= settings.threshold - settings.colluders);
        }
      }
    }
  });

  it('refuses colluders that leave nobody', () => {
    assert.throws(() => honestNoise({ ...settingsFor(3), colluders: 3 }), FederationError);
  });
});

describe('planPrivacy', () => {
  it('gives epsilon 12.3 for z = 1 and 5 rounds, and the noise of the mean at 20 and 100 clients', () => {
    const plan = planPrivacy(settingsFor(20, { parameterCount: 241_546 }));
    assert.ok(Math.abs(plannedEpsilon(plan).epsilon - 12.3) < 0.01);
    assert.ok(plannedEpsilon(plan, 1).epsilon < plannedEpsilon(plan, 2).epsilon);
    assert.equal(plannedEpsilon(plan, 0).epsilon, 0);
    // sqrt(d |U3| / h) / |U3|, and up to 1.1 % for rounding
    const twenty = meanNoise(plan).norm;
    assert.ok(twenty > 38.8 && twenty < 39.3, `${twenty}`);
    const hundred = meanNoise(planPrivacy(settingsFor(100, { parameterCount: 241_546 })));
    assert.ok(hundred.norm > 8.42 && hundred.norm < 8.53, `${hundred.norm}`);
    assert.ok(Math.abs(hundred.excess - Math.sqrt(100 / 34)) < 1e-12);
  });

  it('keeps h s^2 >= z^2 D^2 and charges for z, with or without a count', () => {
    for (const clients of [3, 20, 100, 200]) {
      for (const noiseMultiplier of [0.3, 1, 4]) {
        for (const adaptive of [false, true]) {
          const plan = planPrivacy(settingsFor(clients, { noiseMultiplier, adaptive }));
          const sensitivity = updateSensitivity(plan.clipUnits, plan.parameterCount);
          assert.equal(plan.squaredSensitivity, sensitivity ** 2 + plan.countUnits ** 2);
          assert.ok(plan.honest * plan.variance >= noiseMultiplier ** 2 * plan.squaredSensitivity);
          assert.equal(plan.round.noiseMultiplier, noiseMultiplier);
          assert.equal(plan.vectorLength, plan.parameterCount + (adaptive ? 1 : 0));
        }
      }
    }
  });

  it('charges less where coins hide who trains, and tells the noise of fewer', () => {
    const all = planPrivacy(settingsFor(100, { rounds: 20 }));
    const some = planPrivacy(settingsFor(100, { rounds: 20, fraction: 0.2 }));
    assert.ok(plannedEpsilon(some).epsilon < plannedEpsilon(all).epsilon / 2);
    assert.ok(Math.abs(meanNoise(some).norm / meanNoise(all).norm - 5) < 1e-9);
  });

  it('refuses settings by name', () => {
    const wrong = {
      parameterCount: 0,
      noiseMultiplier: 0,
      clippingNorm: Number.NaN,
      delta: 1,
      rounds: 0.5,
      fraction: 0,
    };
    for (const [field, value] of Object.entries(wrong)) {
      assert.throws(
        () => planPrivacy(settingsFor(20, { [field]: value })),
        (error) => error instanceof FederationError && error.message.includes(field),
      );
    }
    for (const adaptive of [{ quantile: 0 }, { learningRate: 0 }, { countNoise: 0.4 }]) {
      assert.throws(() => planPrivacy(settingsFor(20, { adaptive })), FederationError);
    }
  });
});

describe('privatise', () => {
  it('leaves noise of at least z^2 D^2 when n - T vanish and c subtract theirs (false alarm 10^-6)', () => {
    // enough coordinates to tell h from h - 1: the estimate's deviation is sqrt(2/d) = 1 %
    const parameterCount = 20_000;
    const cases = [
      settingsFor(4, { parameterCount }),
      settingsFor(20, { parameterCount }),
      settingsFor(20, { parameterCount, noiseMultiplier: 0.4, fraction: 0.9, adaptive: true }),
      { ...sparseSettings(201, '10/10'), parameterCount },
    ];
    cases.forEach((settings, index) => {
      const plan = planPrivacy(settings);
      const { threshold, colluders, graph } = settings;
      // T survive, c of them collude; on the sparse graph those that v cannot be told from
      const survivors = graph === 'complete' ? threshold : plan.honest;
      const subtracted = graph === 'complete' ? colluders : 0;
      const random = seededRandom(100 + index);
      const vectors = Array.from({ length: survivors }, () => privatise(undefined, plan, random).vector);
      const remaining = sumOf(plan, vectors.slice(subtracted));
      const needed = settings.noiseMultiplier ** 2 * plan.squaredSensitivity;
      const ratio = squares(remaining) / plan.vectorLength / needed;
      const lowest = 1 - ONE_IN_A_MILLION * Math.sqrt(2 / plan.vectorLength);
      assert.ok(ratio > lowest, `${ratio} of what is needed`);
      // the test would notice one client's noise missing
      if (plan.honest <= 20) {
        const short = sumOf(plan, vectors.slice(subtracted + 1));
        assert.ok(squares(short) / plan.vectorLength / needed < lowest);
      }
    });
  });

  it('adds to the sum what the clients have, and noise of the stated size (false alarm 3 x 10^-6)', () => {
    const clients = 20;
    const plan = planPrivacy(
      settingsFor(clients, { parameterCount: 5000, clippingNorm: 2, noiseMultiplier: 0.5 }),
    );
    const random = seededRandom(200);
    const updates = Array.from({ length: clients }, (_, client) =>
      Float32Array.from({ length: 5000 }, (_unused, index) => 0.01 * Math.sin(index + client)),
    );
    const privates = updates.map((update) => privatise(update, plan, random));
    const { meanUpdate, shareWithin } = readPrivateSum(
      sumOf(
        plan,
        privates.map(({ vector }) => vector),
      ),
      plan,
      clients,
    );
    assert.equal(shareWithin, undefined);
    assert.ok(
      privates.every(({ norm }, client) => Math.abs(norm - Math.sqrt(squares(updates[client]!))) < 1e-12),
    );
    const error = meanUpdate.map(
      (value, index) => value - updates.reduce((sum, update) => sum + update[index]!, 0) / clients,
    );
    const deviation = 2 * meanNoise(plan).perCoordinate;
    // rounding adds a variance of at most 1/4 unit
    const chiSquare = squares(error) / deviation ** 2;
    assert.ok(chiSquare < chiSquareLimit(5000, ONE_IN_A_MILLION), `${chiSquare}`);
    assert.ok(chiSquare > chiSquareLimit(5000, -ONE_IN_A_MILLION), `${chiSquare}`);
    const mean = error.reduce((sum, value) => sum + value, 0) / 5000;
    assert.ok(Math.abs(mean) < (ONE_IN_A_MILLION_EITHER_SIDE * deviation) / Math.sqrt(5000));
  });

  it('takes the mean over the clients that coins let one expect, not over those who trained', () => {
    const plan = planPrivacy(settingsFor(40, { parameterCount: 1, noiseMultiplier: 0.01, fraction: 0.5 }));
    const random = seededRandom(7);
    // 12 of 30 survivors trained, where 15 were to be expected
    const vectors = Array.from({ length: 30 }, (_, client) =>
      privatise(client < 12 ? Float32Array.of(1) : undefined, plan, random),
    );
    const sum = sumOf(
      plan,
      vectors.map(({ vector }) => vector),
    );
    const { meanUpdate } = readPrivateSum(sum, plan, 30);
    assert.ok(Math.abs(meanUpdate[0]! - 12 / 15) < 9 * meanNoise(plan, 30).perCoordinate);
    assert.ok(meanNoise(plan, 30).perCoordinate < 0.005);
  });

  it('clips to the C of the round: the same units whatever C is', () => {
    const plan = planPrivacy(settingsFor(4, { parameterCount: 100, noiseMultiplier: 0.01 }));
    const update = new Float32Array(100).fill(10);
    const noiseless = (clippingNorm: number): number =>
      Math.sqrt(squares(privatise(update, plan, seededRandom(3), clippingNorm).vector)) / plan.clipUnits;
    for (const clippingNorm of [0.5, 1, 50]) assert.ok(Math.abs(noiseless(clippingNorm) - 1) < 0.2);
    // an update within C keeps its length
    assert.ok(Math.abs(noiseless(200) - 0.5) < 0.2);
  });

  it('does not wrap when all clients send the longest updates the same way', () => {
    const plan = planPrivacy(settingsFor(10, { parameterCount: 1, noiseMultiplier: 0.05 }));
    const random = seededRandom(4);
    const vectors = Array.from({ length: 10 }, () => privatise(Float32Array.of(1e6), plan, random).vector);
    const { meanUpdate } = readPrivateSum(sumOf(plan, vectors), plan, 10);
    assert.ok(Math.abs(meanUpdate[0]! - 1) < 9 * meanNoise(plan).perCoordinate);
  });

  it('draws from the source it is given and from nowhere else', () => {
    const plan = planPrivacy(settingsFor(20, { adaptive: true }));
    const update = Float32Array.from({ length: 1000 }, (_, index) => Math.cos(index));
    const once = privatise(update, plan, seededRandom(5)).vector;
    assert.deepEqual(privatise(update, plan, seededRandom(5)).vector, once);
    assert.notDeepEqual(privatise(update, plan, seededRandom(6)).vector, once);
    // two vectors of one source do not share their noise
    const source: RandomSource = seededRandom(5);
    assert.notDeepEqual(privatise(update, plan, source).vector, privatise(update, plan, source).vector);
  });

  it('refuses what is not finite or of another length', () => {
    const plan = planPrivacy(settingsFor(20, { parameterCount: 3 }));
    assert.throws(() => privatise(Float32Array.of(1, Number.NaN, 2), plan, seededRandom(1)), FederationError);
    assert.throws(() => privatise(Float32Array.of(1, 2), plan, seededRandom(1)), RangeError);
    assert.throws(() => privatise(Float32Array.of(1, 2, 3), plan, seededRandom(1), 0), FederationError);
  });
});
