import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { collectGarbage } from '../../../main/compute/collect-garbage.ts';

const megabyte = 2 ** 20;
const heldMegabytes = (): number => process.memoryUsage().arrayBuffers / megabyte;

/** Of buffers that nobody holds any more, a megabyte each. */
function leaveBehind(megabytes: number): void {
  for (let index = 0; index < megabytes; index += 1) new Uint8Array(megabyte).fill(1);
}

/** What is freed is counted a little later. Waits without a byte of garbage, so that V8 has no reason of its own to collect. */
function isHeldBelow(megabytes: number): boolean {
  const nothing = new Int32Array(new SharedArrayBuffer(4));
  for (let attempt = 0; attempt < 500 && heldMegabytes() >= megabytes; attempt += 1)
    Atomics.wait(nothing, 0, 0, 10);
  return heldMegabytes() < megabytes;
}

describe('collectGarbage()', () => {
  it('frees what jobs left behind once it has piled up, and leaves less than that alone', () => {
    collectGarbage();
    const before = heldMegabytes();
    leaveBehind(8);
    collectGarbage();
    assert.ok(heldMegabytes() > before + 7);
    leaveBehind(8);
    collectGarbage();
    assert.ok(isHeldBelow(before + 2));
  });
});
