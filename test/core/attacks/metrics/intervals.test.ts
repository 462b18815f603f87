import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  normalCdf,
  normalQuantile,
  studentCdf,
  studentQuantile,
} from '../../../../core/attacks/metrics/distributions.ts';
import {
  areaUnderCurve,
  bestBalancedAccuracy,
  bootstrapMean,
  rocCurve,
  truePositivesAt,
  wilson,
} from '../../../../core/attacks/metrics/intervals.ts';
import { standardNormal } from '../../../../core/random/normal.ts';
import { randomStream } from '../../../../core/random/stream.ts';

const near = (found: number, expected: number, slack: number): void => {
  assert.ok(Math.abs(found - expected) <= slack, `${found} is not ${expected}`);
};
const normals = (seed: number, count: number, mean = 0): number[] => {
  const stream = randomStream(seed, 'normals');
  return Array.from({ length: count }, () => mean + standardNormal(stream));
};

describe('distributions', () => {
  it('give the values of published tables', () => {
    // Abramowitz, Stegun 1964, tables 26.1 and 26.10
    near(normalCdf(1), 0.841344746068543, 1e-12);
    near(normalCdf(-3), 0.00134989803163, 1e-12);
    near(normalCdf(6), 1 - 9.865876450377e-10, 1e-15);
    near(normalQuantile(0.975), 1.959963984540054, 1e-9);
    near(studentQuantile(0.95, 4), 2.131846786, 1e-6);
    near(studentQuantile(0.975, 1), 12.70620474, 1e-5);
    near(studentQuantile(0.995, 30), 2.749995654, 1e-6);
    near(studentCdf(0, 7), 0.5, 1e-12);
    near(studentCdf(-2, 1e6), normalCdf(-2), 1e-6);
  });
});

describe('wilson()', () => {
  it('gives known intervals, and never leaves 0 .. 1', () => {
    // 15 of 50: Newcombe 1998, Statistics in Medicine 17, table I gives 81/263: 0.2553 to 0.3662
    const [low, high] = wilson(81, 263);
    near(low, 0.2553, 5e-5);
    near(high, 0.3662, 5e-5);
    near(wilson(0, 8)[0], 0, 0);
    near(wilson(0, 8)[1], 0.3244, 1e-3);
    assert.equal(wilson(8, 8)[1], 1);
  });
});

describe('bestBalancedAccuracy()', () => {
  it('is one where a threshold parts them, and chance where nothing does', () => {
    assert.equal(bestBalancedAccuracy([3, 4], [1, 2]), 1);
    assert.equal(bestBalancedAccuracy([1, 2], [3, 4]), 0.5);
    assert.equal(bestBalancedAccuracy([1, 1, 1], [1, 1]), 0.5);
    // above 1: two of three members, one of four others
    near(bestBalancedAccuracy([0, 2, 3], [0, 0.5, 1, 2.5]), (2 / 3 + 3 / 4) / 2, 1e-12);
  });

  it('is that of two normal curves', () => {
    // shifted by 1: right at 1/2 in 69.15 of 100 cases; deviation of the estimate below 0.01
    near(bestBalancedAccuracy(normals(5, 4000, 1), normals(6, 4000)), normalCdf(0.5), 0.03);
  });
});

describe('bootstrapMean()', () => {
  it('agrees with the normal interval for many values', () => {
    const values = normals(1, 400, 5);
    const { value, interval } = bootstrapMean(values, randomStream(2, 'bootstrap'));
    near(value, values.reduce((sum, one) => sum + one, 0) / 400, 1e-12);
    near(interval[0], value - 0.098, 0.02);
    near(interval[1], value + 0.098, 0.02);
  });
});

describe('areaUnderCurve()', () => {
  it('equals the count over all pairs, ties halved', () => {
    const members = [1, 2, 2, 3, 5].map(Number);
    const others = [0, 2, 2, 4];
    let wins = 0;
    for (const member of members)
      for (const other of others) wins += member > other ? 1 : member === other ? 0.5 : 0;
    near(areaUnderCurve(members, others).value, wins / 20, 1e-12);
  });
  it('covers the truth in 95 % of repetitions (false alarm: one in a million)', () => {
    const truth = normalCdf(1 / Math.SQRT2);
    let covered = 0;
    for (let run = 0; run < 400; run += 1) {
      const { interval } = areaUnderCurve(normals(2 * run, 80, 1), normals(2 * run + 1, 80));
      if (interval[0] <= truth && truth <= interval[1]) covered += 1;
    }
    // 4.9 deviations of a binomial share of 0.95, and one point for small samples
    assert.ok(covered / 400 > 0.95 - 4.9 * Math.sqrt((0.95 * 0.05) / 400) - 0.01, `${covered}`);
    assert.ok(covered < 400);
  });
});

describe('truePositivesAt()', () => {
  const stream = (): ReturnType<typeof randomStream> => randomStream(9, 'roc');
  it('takes no more false positives than asked, and counts what is strictly above', () => {
    const others = Array.from({ length: 100 }, (_, index) => index);
    assert.equal(truePositivesAt(0.01, [98, 98.5, 99, 100], others, stream(), 10).value, 0.75);
    assert.equal(truePositivesAt(0, [98, 98.5, 99, 100], others, stream(), 10).value, 0.25);
  });
  it('is the rate itself where members are like others', () => {
    const { value, interval } = truePositivesAt(0.1, normals(1, 5000), normals(2, 5000), stream(), 200);
    near(value, 0.1, 0.03);
    assert.ok(interval[0] <= value && value <= interval[1]);
  });
  it('equals the curve of two normals', () => {
    // members one deviation higher: true positives at 1 % are 1 - cdf(2.326 - 1)
    const { value } = truePositivesAt(0.01, normals(1, 20_000, 1), normals(2, 20_000), stream(), 5);
    near(value, 1 - normalCdf(normalQuantile(0.99) - 1), 0.015);
  });
});

describe('rocCurve()', () => {
  it('rises from the corner to the corner', () => {
    const curve = rocCurve(normals(3, 300, 1), normals(4, 300));
    assert.deepEqual(curve.at(-1), [1, 1]);
    for (let index = 1; index < curve.length; index += 1) {
      assert.ok(curve[index]![0] > curve[index - 1]![0]);
      assert.ok(curve[index]![1] >= curve[index - 1]![1]);
    }
  });
});
