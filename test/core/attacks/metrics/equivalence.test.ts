import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { equivalencePower, testEquivalence } from '../../../../core/attacks/metrics/equivalence.ts';
import { standardNormal } from '../../../../core/random/normal.ts';
import { randomStream } from '../../../../core/random/stream.ts';

const plan = { margin: 0.5, falseAlarm: 0.05 };

/** How often the test says "equivalent" of normal differences. */
function shareCalledEquivalent(mean: number, deviation: number, runs: number, repetitions: number): number {
  const stream = randomStream(1, 'equivalence', mean, runs);
  let called = 0;
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const differences = Array.from({ length: runs }, () => mean + deviation * standardNormal(stream));
    if (testEquivalence(differences, plan).equivalent) called += 1;
  }
  return called / repetitions;
}

describe('testEquivalence()', () => {
  it('says it of differences around zero, and not of those beyond the margin or too few to tell', () => {
    assert.ok(testEquivalence([0.1, -0.1, 0.05, -0.02, 0], plan).equivalent);
    assert.ok(!testEquivalence([0.6, 0.5, 0.7, 0.55, 0.6], plan).equivalent);
    assert.ok(!testEquivalence([2, -2], plan).equivalent);
    assert.throws(() => testEquivalence([0], plan), RangeError);
  });
  it('gives the p-value of the worse of two t tests', () => {
    // differences 0.1, 0.2, 0.3: mean 0.2, error 0.057735, t = 0.3 / 0.057735 = 5.19615, two degrees: 0.0175
    const { pValue, meanDifference } = testEquivalence([0.1, 0.2, 0.3], plan);
    assert.ok(Math.abs(meanDifference - 0.2) < 1e-12);
    // P(T > t) of two degrees is (1 - t / sqrt(2 + t^2)) / 2
    const t = 0.3 / Math.sqrt(0.01 / 3);
    assert.ok(Math.abs(pValue - (1 - t / Math.sqrt(2 + t * t)) / 2) < 1e-9);
  });
  it('alarms falsely no more often than stated, at the margin itself (false alarm: one in a million)', () => {
    const repetitions = 2000;
    const share = shareCalledEquivalent(plan.margin, 0.4, 8, repetitions);
    assert.ok(share < 0.05 + 4.9 * Math.sqrt((0.05 * 0.95) / repetitions), String(share));
    assert.ok(share > 0.05 - 4.9 * Math.sqrt((0.05 * 0.95) / repetitions), String(share));
  });
});

describe('equivalencePower()', () => {
  for (const [mean, deviation, runs] of [
    [0, 0.4, 8],
    [0, 0.3, 5],
    [0.2, 0.3, 10],
    [0, 0.4, 2],
  ] as const)
    it(`is how often the test says so: mean ${mean}, deviation ${deviation}, ${runs} runs`, () => {
      const repetitions = 2000;
      const power = equivalencePower(plan, { runs, deviation, mean });
      const share = shareCalledEquivalent(mean, deviation, runs, repetitions);
      const slack = 4.9 * Math.sqrt((power * (1 - power)) / repetitions) + 1e-3;
      assert.ok(Math.abs(power - share) < slack, `${power} and ${share}`);
    });
});
