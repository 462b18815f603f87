/** Who is told the end of a session, and until when it can be resumed. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { SessionRound } from '../../../core/contract/session-event.ts';
import { Farewell, type FarewellOptions } from '../../../main/coordinator/farewell.ts';
import { FinishedRounds } from '../../../main/coordinator/finished-rounds.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { PeopleRoom } from './people-room.ts';

const last = { round: 2, accuracy: 0.9, f1Weighted: 0.8 } as SessionRound;
const everything = ['round-report', 'final-model', 'notice'];

describe('Farewell', () => {
  let clock: FakeClock;
  beforeEach(() => {
    clock = new FakeClock();
  });
  afterEach(() => {
    clock.end();
  });

  function prepared(): { room: PeopleRoom; farewell: Farewell; ended: string[]; leaving: AbortController } {
    const room = new PeopleRoom();
    const ended: string[] = [];
    const leaving = new AbortController();
    const { people, outbox, news, condition, signal, patienceMs } = room;
    const farewell = new Farewell({
      ...{ people, outbox, news, condition, signal, patienceMs },
      id: '',
      resumed: false,
      leaving: leaving.signal,
      finished: new FinishedRounds([last], 'ab'),
      books: { flush: () => undefined },
      keeper: { model: () => ({ hash: new Uint8Array(32), weights: new Uint8Array(8) }) },
      store: {
        session: () => undefined,
        endSession: (_id: string, state: string, outcome: string) => ended.push(`${state} ${outcome}`),
      },
    } as unknown as FarewellOptions);
    return { room, farewell, ended, leaving };
  }

  it('gives members the model; a finished session has ended once the lost ones have it, too', async () => {
    const { room, farewell, ended } = prepared();
    const [present, lost] = room.names;
    room.goes(lost!);
    const said = farewell.say('target');
    await clock.pass(5_000);
    assert.deepEqual(room.received[present!], everything);
    assert.deepEqual(ended, []);
    room.comes(lost!);
    farewell.tell(room.person(lost!));
    await clock.pass(1);
    assert.deepEqual(room.received[lost!], everything);
    assert.deepEqual(ended, ['finished target']);
    for (const name of room.names) room.goes(name);
    await clock.pass(1);
    await said;
    const [told] = room.events;
    assert.ok(told?.type === 'finished');
    assert.deepEqual(told.final, { round: 2, modelSha256: 'ab', accuracy: 0.9, f1Weighted: 0.8 });
  });

  it('does not wait longer than a moment for members that are lost', async () => {
    const { room, farewell, ended } = prepared();
    room.goes(room.names[0]!);
    void farewell.say('finished');
    await clock.pass(19_000);
    assert.deepEqual(ended, []);
    await clock.pass(2_000);
    assert.deepEqual(ended, ['finished finished']);
  });

  it('leaves a finished session to be resumed when the coordinator leaves before everyone has the model', async () => {
    const { room, farewell, ended, leaving } = prepared();
    room.goes(room.names[0]!);
    const said = farewell.say('finished');
    await clock.pass(1_000);
    leaving.abort();
    room.stopping.abort();
    room.condition.touch();
    await clock.pass(1);
    await said;
    assert.deepEqual(ended, []);
  });

  it('ends any other session at once, by its name', () => {
    for (const [outcome, state] of [
      ['stopped', 'stopped'],
      ['round-burnt', 'aborted'],
    ] as const) {
      const { farewell, ended } = prepared();
      void farewell.say(outcome);
      assert.deepEqual(ended, [`${state} ${outcome}`]);
    }
  });
});
