/** How long members that were lost are waited for before an attempt. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { enoughMembers } from '../../../main/coordinator/reunion.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { PeopleRoom } from './people-room.ts';

describe('enoughMembers()', () => {
  let clock: FakeClock;
  beforeEach(() => {
    clock = new FakeClock();
  });
  afterEach(() => {
    clock.end();
  });

  function waiting(room: PeopleRoom, survivors: readonly number[] = []): { answer: boolean | undefined } {
    const told: { answer: boolean | undefined } = { answer: undefined };
    void enoughMembers(room, 3, survivors).then((answer) => {
      told.answer = answer;
    });
    return told;
  }

  it('gives whoever has just been lost a moment, and goes on without', async () => {
    const room = new PeopleRoom();
    room.goes(room.names[3]!);
    const told = waiting(room);
    await clock.pass(19_000);
    assert.equal(told.answer, undefined);
    await clock.pass(2_000);
    assert.equal(told.answer, true);
    assert.deepEqual(room.events, []);
  });

  it('does not wait for whoever has left for good', async () => {
    const room = new PeopleRoom();
    room.goes(room.names[3]!);
    room.person(room.names[3]!).gone = 'left';
    const told = waiting(room);
    await clock.pass(1);
    assert.equal(told.answer, true);
  });

  it('says how many are missing, and is over once they are back or the patience is', async () => {
    for (const isBack of [true, false]) {
      const room = new PeopleRoom();
      for (const name of room.names.slice(2)) room.goes(name);
      const told = waiting(room);
      await clock.pass(21_000);
      assert.deepEqual(
        room.events.map((event) => event.type === 'note' && event.detail),
        [{ present: 2, needed: 3 }],
      );
      if (isBack) room.comes(room.names[2]!);
      await clock.pass(isBack ? 1 : 61_000);
      assert.equal(told.answer, isBack);
    }
  });

  it('waits for every survivor that alone may be summed, though T are there', async () => {
    const room = new PeopleRoom();
    room.goes(room.names[0]!);
    const told = waiting(room, [1, 2, 3]);
    await clock.pass(21_000);
    assert.equal(told.answer, undefined);
    room.comes(room.names[0]!);
    await clock.pass(1);
    assert.equal(told.answer, true);
  });
});
