import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Latest } from '../../../main/watching/latest.ts';

describe('Latest', () => {
  it('tells the first value at once, then the latest so often, and the last one always', async () => {
    const told: number[] = [];
    const latest = new Latest<number>(60, (value) => told.push(value));
    for (const value of [1, 2, 3]) latest.offer(value);
    assert.deepEqual(told, [1]);
    await wait(100);
    assert.deepEqual(told, [1, 3]);
    await wait(100);
    assert.deepEqual(told, [1, 3]);
  });

  it('tells at once what waits when it is asked to, and never what it was told to forget', async () => {
    const told: number[] = [];
    const latest = new Latest<number>(60, (value) => told.push(value));
    latest.offer(0);
    latest.offer(1);
    latest.flush();
    latest.flush();
    assert.deepEqual(told, [0, 1]);
    latest.offer(2);
    latest.stop();
    await wait(100);
    assert.deepEqual(told, [0, 1]);
  });
});
