import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { durationMs } from '../../../renderer/pictures/motion.ts';

describe('durationMs()', () => {
  it('reads milliseconds and seconds, as minifiers write them, and nothing as none', () => {
    assert.deepEqual([' 180ms', '.18s', '0.9s', '0ms', '0s', ''].map(durationMs), [180, 180, 900, 0, 0, 0]);
  });
});
