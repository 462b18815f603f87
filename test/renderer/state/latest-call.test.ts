import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { LatestCall } from '../../../renderer/state/latest-call.ts';

describe('LatestCall', () => {
  it('never has two calls at once, skips what is out of date, and ends with the newest wish', async () => {
    const called: number[] = [];
    let running = 0;
    const latest = new LatestCall<number>(1, async (wish) => {
      running += 1;
      assert.equal(running, 1);
      await sleep(5);
      called.push(wish);
      running -= 1;
    });
    for (let wish = 0; wish < 100; wish += 1) {
      latest.want(wish);
      if (wish % 10 === 0) await sleep(1);
    }
    await sleep(60);
    assert.equal(called.at(-1), 99);
    assert.ok(called.length < 30, `${called.length} calls`);
  });

  it('forgets a wish that is no longer wanted', async () => {
    const called: number[] = [];
    const latest = new LatestCall<number>(1, async (wish) => {
      called.push(wish);
      await sleep(2);
    });
    latest.want(1);
    latest.want(2);
    latest.forget();
    await sleep(20);
    assert.deepEqual(called, [1]);
  });
});
