/** One session, several engines: it works, every machine keeps which it was, and the model is the same to rounding. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { euclideanNorm } from '../../../core/fedavg/euclidean-norm.ts';
import type { EngineName } from '../../../core/model/engine.ts';
import { sessionResult } from '../../../main/session/session-result.ts';
import { SessionRoom } from '../../support/session-room.ts';

const names = ['Ada', 'Grace', 'Emmy', 'Sofia'];

describe('a session of several engines', () => {
  let room: SessionRoom;
  before(async () => {
    room = await SessionRoom.open();
  });
  after(() => room.close());

  /** The model after the last round. */
  async function play(suffix: string, engines: readonly EngineName[]): Promise<Float32Array> {
    const store = await room.store(`coordinator${suffix}`);
    const coordinator = await room.coordinate({}, { startWhenFull: names.length, store });
    const participants = await Promise.all(
      names.map((name, index) => room.join(`${name}${suffix}`, { engine: engines[index]! })),
    );
    const { outcome } = await coordinator.outcome;
    assert.equal(outcome, 'finished');
    for (const [index, machine] of participants.entries()) {
      assert.equal((await machine.outcome).outcome, 'finished');
      const row = machine.store.session(coordinator.id)!;
      assert.match(sessionResult(machine.store, row, '1').engine ?? '', RegExp(`^${engines[index]!} \\(`));
    }
    assert.match(sessionResult(store, store.session(coordinator.id)!, '1').engine ?? '', /^compiled \(/);
    return store.model(store.roundSummaries(coordinator.id).at(-1)!.modelHash)!;
  }

  it('ends with the model that one engine would have trained, to rounding', async () => {
    const one = await play('1', ['compiled', 'compiled', 'compiled', 'compiled']);
    const mixed = await play('2', ['compiled', 'wasm', 'compiled', 'wasm']);
    const difference = euclideanNorm(mixed.map((value, index) => value - one[index]!));
    assert.ok(difference > 0, 'both engines round alike');
    assert.ok(difference < 1e-4 * euclideanNorm(one), `${difference / euclideanNorm(one)}`);
  });
});
