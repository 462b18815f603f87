import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FederationError } from '../../../core/errors/federation-error.ts';
import {
  PrivacyLedgerCurve,
  epsilonOfGaussian,
  noiseForEpsilon,
  rdpOfGaussian,
  rdpOrders,
  sumExcess,
} from '../../../core/privacy/accountant.ts';
import { probabilities } from './statistics.ts';

const delta = 1e-5;

function near(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected} +- ${tolerance}`);
}

/** Composite Simpson rule. */
function integral(f: (x: number) => number, from: number, to: number, intervals = 20_000): number {
  const step = (to - from) / intervals;
  let sum = f(from) + f(to);
  for (let index = 1; index < intervals; index += 1)
    sum += f(from + index * step) * (index % 2 === 1 ? 4 : 2);
  return (sum * step) / 3;
}

/** Logarithm of the integral of e^f. */
function logIntegral(f: (x: number) => number, from: number, to: number): number {
  let largest = -Infinity;
  for (let index = 0; index <= 1000; index += 1)
    largest = Math.max(largest, f(from + (index * (to - from)) / 1000));
  return largest + Math.log(integral((x) => Math.exp(f(x) - largest), from, to));
}

const density = (x: number, deviation: number): number =>
  Math.exp(-((x / deviation) ** 2) / 2) / (deviation * Math.sqrt(2 * Math.PI));

/** Phi(x) by integration: 12 digits. */
const normal = (x: number): number =>
  0.5 + (x < 0 ? -1 : 1) * integral((t) => density(t, 1), 0, Math.abs(x), 2000);

/** Delta of one Gaussian mechanism, exactly (Balle, Wang 2018, theorem 8). */
function exactDelta(noiseMultiplier: number, epsilon: number): number {
  const shift = 1 / (2 * noiseMultiplier);
  return (
    normal(shift - epsilon * noiseMultiplier) - Math.exp(epsilon) * normal(-shift - epsilon * noiseMultiplier)
  );
}

describe('epsilonOfGaussian', () => {
  // Known answers at delta 10^-5; 8.67 where the shortcut gives 2.30.
  const known = [
    { samplingRate: 1, noiseMultiplier: 1, rounds: 1, epsilon: 4.73 },
    { samplingRate: 0.1, noiseMultiplier: 1, rounds: 30, epsilon: 4.85 },
    { samplingRate: 0.01, noiseMultiplier: 1, rounds: 1000, epsilon: 2.1 },
    { samplingRate: 0.01, noiseMultiplier: 0.6, rounds: 1000, epsilon: 8.67 },
    { samplingRate: 1, noiseMultiplier: 1, rounds: 5, epsilon: 12.3 },
  ];
  for (const { epsilon, ...rounds } of known) {
    it(`gives ${epsilon} for q ${rounds.samplingRate}, z ${rounds.noiseMultiplier}, ${rounds.rounds} rounds`, () => {
      near(epsilonOfGaussian({ ...rounds, delta }).epsilon, epsilon, 0.01);
    });
  }

  it('is no less than the exact epsilon of a Gaussian mechanism, and at most a fifth more', () => {
    for (const noiseMultiplier of [0.3, 0.5, 1, 2, 5, 20]) {
      const { epsilon } = epsilonOfGaussian({ samplingRate: 1, noiseMultiplier, rounds: 1, delta });
      assert.ok(exactDelta(noiseMultiplier, epsilon) <= delta, `z ${noiseMultiplier}`);
      assert.ok(exactDelta(noiseMultiplier, epsilon / 1.2) > delta, `z ${noiseMultiplier}`);
    }
  });

  it('takes the sum of T full rounds as one of noise z / sqrt(T)', () => {
    const many = epsilonOfGaussian({ samplingRate: 1, noiseMultiplier: 3, rounds: 9, delta });
    const one = epsilonOfGaussian({ samplingRate: 1, noiseMultiplier: 1, rounds: 1, delta });
    near(many.epsilon, one.epsilon, 1e-9);
  });

  it('grows with q and the rounds, and falls with z and delta', () => {
    const base = { samplingRate: 0.2, noiseMultiplier: 1.5, rounds: 20, delta };
    const { epsilon } = epsilonOfGaussian(base);
    assert.ok(epsilonOfGaussian({ ...base, samplingRate: 0.3 }).epsilon > epsilon);
    assert.ok(epsilonOfGaussian({ ...base, samplingRate: 1 }).epsilon > epsilon);
    assert.ok(epsilonOfGaussian({ ...base, rounds: 21 }).epsilon > epsilon);
    assert.ok(epsilonOfGaussian({ ...base, noiseMultiplier: 1.6 }).epsilon < epsilon);
    assert.ok(epsilonOfGaussian({ ...base, delta: 1e-4 }).epsilon < epsilon);
  });

  it('refuses what is no mechanism, naming the field', () => {
    const base = { samplingRate: 1, noiseMultiplier: 1, rounds: 1, delta };
    const wrong = [
      ['samplingRate', 0],
      ['samplingRate', 1.1],
      ['noiseMultiplier', 0],
      ['noiseMultiplier', Number.NaN],
      ['rounds', 0],
      ['rounds', 1.5],
      ['delta', 0],
      ['delta', 1],
      ['excess', -1],
    ] as const;
    for (const [field, value] of wrong) {
      assert.throws(
        () => epsilonOfGaussian({ ...base, [field]: value }),
        (error) =>
          error instanceof FederationError &&
          error.code === 'invalid-setting' &&
          error.message.includes(field),
      );
    }
  });
});

describe('rdpOfGaussian', () => {
  it('is the Renyi divergence by numerical integration, to 1 %, and never below it', () => {
    for (const samplingRate of [0.01, 0.1, 0.5, 0.9, 1]) {
      for (const noiseMultiplier of [0.6, 1, 3, 10]) {
        for (const order of [1.25, 2, 2.7, 3, 7.3, 8, 20, 32]) {
          const logRatio = (x: number): number =>
            Math.log(1 - samplingRate + samplingRate * Math.exp((2 * x - 1) / (2 * noiseMultiplier ** 2)));
          const from = -15 * noiseMultiplier;
          const to = order + 15 * noiseMultiplier;
          const logMoment = (power: number): number =>
            logIntegral((x) => power * logRatio(x) - (x / noiseMultiplier) ** 2 / 2, from, to) -
            Math.log(noiseMultiplier * Math.sqrt(2 * Math.PI));
          const removed = logMoment(order) / (order - 1);
          const added = logMoment(1 - order) / (order - 1);
          const rdp = rdpOfGaussian({ samplingRate, noiseMultiplier }, order);
          const about = `q ${samplingRate}, z ${noiseMultiplier}, order ${order}`;
          assert.ok(Math.abs(rdp / removed - 1) < 0.01, `${rdp} for ${removed}: ${about}`);
          // and both directions are covered
          assert.ok(rdp >= removed * (1 - 1e-6), `${rdp} below ${removed}: ${about}`);
          assert.ok(rdp >= added * (1 - 1e-6), `${rdp} for ${added}: ${about}`);
        }
      }
    }
  });

  it('is that of the discrete Gaussian at whole orders, exactly, and not below it at others', () => {
    // s^2 = 9, a shift of 4: z = 3/4
    const variance = 9;
    const shift = 4;
    const probability = probabilities(variance);
    for (const samplingRate of [0.05, 0.4, 1]) {
      for (const order of [1.5, 2, 2.5, 3, 4.7, 6]) {
        let moment = 0;
        for (let x = -60; x <= 90; x += 1) {
          const without = probability(x);
          const mixture = (1 - samplingRate) * without + samplingRate * probability(x - shift);
          moment += Math.exp(order * Math.log(mixture) + (1 - order) * Math.log(without));
        }
        const divergence = Math.log(moment) / (order - 1);
        const rdp = rdpOfGaussian({ samplingRate, noiseMultiplier: 3 / 4, excess: 0 }, order);
        if (Number.isInteger(order)) near(rdp / divergence, 1, 1e-9);
        assert.ok(rdp >= divergence * (1 - 1e-12), `q ${samplingRate}, order ${order}`);
      }
    }
  });

  it('is not the shortcut q^2 a / 2z^2, which tells too little', () => {
    const [samplingRate, noiseMultiplier, rounds] = [0.01, 0.6, 1000];
    const shortcut = Math.min(
      ...rdpOrders.map(
        (order) =>
          (rounds * samplingRate ** 2 * order) / (2 * noiseMultiplier ** 2) +
          Math.log1p(-1 / order) -
          (Math.log(delta) + Math.log(order)) / (order - 1),
      ),
    );
    const { epsilon } = epsilonOfGaussian({ samplingRate, noiseMultiplier, rounds, delta });
    assert.ok(shortcut < 2.4 && epsilon > 8.6, `${shortcut}, ${epsilon}`);
  });

  it('is finite and in order at every order kept, however much or little noise there is', () => {
    for (const noiseMultiplier of [0.01, 0.05, 1, 100, 10_000]) {
      for (const samplingRate of [1e-4, 0.5, 1]) {
        const curve = rdpOrders.map((order) =>
          rdpOfGaussian({ samplingRate, noiseMultiplier, excess: 0 }, order),
        );
        curve.forEach((value, index) => {
          assert.ok(Number.isFinite(value) && value >= 0);
          // Renyi divergence does not fall with its order
          if (index > 0) assert.ok(value >= curve[index - 1]! * (1 - 1e-9), `order ${rdpOrders[index]}`);
        });
      }
    }
  });
});

describe('sumExcess', () => {
  it('bounds how far the sum of discrete Gaussians is from one, computed by convolution', () => {
    for (const variance of [0.5, 1, 2]) {
      const probability = probabilities(variance);
      const reach = 40;
      let sum = Array.from({ length: 2 * reach + 1 }, (_, index) => probability(index - reach));
      const one = sum;
      for (let summands = 2; summands <= 5; summands += 1) {
        const next = new Array<number>(2 * reach + 1).fill(0);
        for (let x = -reach; x <= reach; x += 1) {
          for (let y = -reach; y <= reach; y += 1) {
            if (Math.abs(x - y) <= reach) next[x + reach]! += sum[y + reach]! * one[x - y + reach]!;
          }
        }
        sum = next;
        const ideal = probabilities(summands * variance);
        let largest = 0;
        for (let x = -8; x <= 8; x += 1)
          largest = Math.max(largest, Math.abs(Math.log(sum[x + reach]! / ideal(x))));
        const bound = sumExcess(1, variance, summands);
        assert.ok(largest <= bound, `${largest} > ${bound}`);
        // not an empty promise: of the same order where there is one term
        if (summands === 2) assert.ok(largest > bound / 20, `${largest} far below ${bound}`);
      }
    }
  });

  it('is below 10^-32 for every model here with s >= 3, counted all the same', () => {
    const excess = sumExcess(241_547, 9, 500);
    assert.ok(excess > 0 && excess < 1e-32, `${excess}`);
    assert.equal(sumExcess(241_547, 9, 1), 0);
    assert.equal(sumExcess(10, 0.4, 2), Infinity);
    const round = { samplingRate: 1, noiseMultiplier: 1 };
    // (2a - 1) / (a - 1) times
    near(rdpOfGaussian({ ...round, excess: 0.1 }, 3) - rdpOfGaussian(round, 3), 0.25, 1e-12);
    const without = epsilonOfGaussian({ ...round, rounds: 5, delta }).epsilon;
    assert.ok(epsilonOfGaussian({ ...round, excess: 0.01, rounds: 5, delta }).epsilon > without + 0.1);
  });
});

describe('PrivacyLedgerCurve', () => {
  it('composes rounds of any kind in any order', () => {
    const strong = { samplingRate: 1, noiseMultiplier: 4 };
    const weak = { samplingRate: 0.1, noiseMultiplier: 1, excess: 0 };
    const together = new PrivacyLedgerCurve().add(strong, 3).add(weak, 2).spent(delta);
    const mixed = new PrivacyLedgerCurve();
    for (const round of [weak, strong, strong, weak, strong]) mixed.add(round);
    near(mixed.spent(delta).epsilon, together.epsilon, 1e-12);
    const alone = [new PrivacyLedgerCurve().add(strong, 3), new PrivacyLedgerCurve().add(weak, 2)];
    const [first, second] = alone.map((curve) => curve.spent(delta).epsilon);
    assert.ok(together.epsilon > Math.max(first!, second!) && together.epsilon < first! + second!);
  });

  it('has spent nothing before the first round', () => {
    assert.equal(new PrivacyLedgerCurve().spent(delta).epsilon, 0);
  });
});

describe('noiseForEpsilon', () => {
  it('gives the least noise that stays within epsilon', () => {
    for (const samplingRate of [0.1, 1]) {
      for (const epsilon of [0.5, 2, 8, 50]) {
        const rounds = { samplingRate, rounds: 20, delta };
        const noiseMultiplier = noiseForEpsilon({ ...rounds, epsilon });
        assert.ok(epsilonOfGaussian({ ...rounds, noiseMultiplier }).epsilon <= epsilon);
        assert.ok(
          epsilonOfGaussian({ ...rounds, noiseMultiplier: noiseMultiplier * 0.9999 }).epsilon > epsilon,
        );
      }
    }
  });

  it('refuses an epsilon that no noise reaches', () => {
    for (const epsilon of [0, -1, 1e-5, Number.NaN]) {
      assert.throws(
        () => noiseForEpsilon({ samplingRate: 1, rounds: 1, delta, epsilon }),
        (error) => error instanceof FederationError && error.code === 'invalid-setting',
      );
    }
  });
});
