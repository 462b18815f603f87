import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { it } from 'node:test';
import { threadCpuMs } from '../../../main/compute/thread-cpu-ms.ts';

/** Some 0.3 ms of work, the same every time. */
function work(): void {
  createHash('sha256').update(new Uint8Array(300_000)).digest();
}

it('threadCpuMs() sees short sections: every one takes time, and they add up to their share of the whole', () => {
  for (let warmUp = 0; warmUp < 50; warmUp += 1) work();
  const sections = 300;
  let inSections = 0;
  let unseen = 0;
  const startedAt = threadCpuMs();
  for (let section = 0; section < sections; section += 1) {
    const before = threadCpuMs();
    work();
    const taken = threadCpuMs() - before;
    inSections += taken;
    if (taken <= 0) unseen += 1;
    work();
    work();
  }
  const share = inSections / (threadCpuMs() - startedAt);
  // Read at ticks of 4 ms only, nine sections in ten would read as nothing.
  assert.ok(unseen < sections / 10, `${unseen} sections of ${sections} took no time`);
  assert.ok(share > 0.25 && share < 0.45, `a third of the work took ${share} of the time`);
});
