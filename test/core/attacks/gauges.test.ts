import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { outcomeOf, stoppedNeedle, type Goal } from '../../../core/attacks/gauges.ts';

const psnr = (value: number): Goal => ({
  metric: { value, baselines: { black: 10, nearestOther: 16 } },
  threshold: 25,
  side: 'above',
});
const error = (value: number): Goal => ({
  metric: { value, baselines: { black: 0.2, classMean: 0.1 } },
  threshold: 0.05,
  side: 'below',
});

describe('outcomeOf()', () => {
  it('leaks at the threshold, partly above the best baseline, stopped below it', () => {
    assert.deepEqual(
      [25, 24, 16.1, 16, 3].map((value) => outcomeOf(psnr(value))),
      ['leaks', 'partly', 'partly', 'stopped', 'stopped'],
    );
    assert.deepEqual(
      [0.05, 0.07, 0.1, 0.3].map((value) => outcomeOf(error(value))),
      ['leaks', 'partly', 'stopped', 'stopped'],
    );
  });
  it('is partly where only another figure beats its baselines', () => {
    assert.equal(outcomeOf(psnr(12), [error(0.09)]), 'partly');
    assert.equal(outcomeOf(psnr(12), [error(0.11)]), 'stopped');
  });
});

describe('stoppedNeedle()', () => {
  it('goes from 0 at the threshold to 1 at the best baseline', () => {
    assert.deepEqual(
      [60, 25, 20.5, 16, 2].map((value) => stoppedNeedle(psnr(value))),
      [0, 0, 0.5, 1, 1],
    );
    assert.deepEqual(
      [0.01, 0.05, 0.1, 0.4].map((value) => stoppedNeedle(error(value))),
      [0, 0, 1, 1],
    );
  });
  it('knows no middle where a baseline reaches the threshold by itself', () => {
    const easy = (value: number): Goal => ({
      metric: { value, baselines: { black: 30 } },
      threshold: 25,
      side: 'above',
    });
    assert.deepEqual([stoppedNeedle(easy(24)), stoppedNeedle(easy(26))], [1, 0]);
  });
});
