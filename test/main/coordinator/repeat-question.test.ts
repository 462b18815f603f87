/** Whether one more sum over the same model may be made is for every member's person to say. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { RepeatQuestion } from '../../../main/coordinator/repeat-question.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { PeopleRoom } from './people-room.ts';

const model = new Uint8Array(32).fill(1);

describe('RepeatQuestion', () => {
  let clock: FakeClock;
  beforeEach(() => {
    clock = new FakeClock();
  });
  afterEach(() => {
    clock.end();
  });

  /** Answers: of the first members. */
  async function asked(answers: readonly boolean[]): Promise<{ answer: boolean; room: PeopleRoom }> {
    const room = new PeopleRoom();
    const question = new RepeatQuestion(room);
    const answer = question.ask({ model, round: 2 }, 3);
    for (const [index, allowed] of answers.entries())
      question.answered(room.person(room.names[index]!), { model, allowed });
    await clock.pass(61_000);
    return { answer: await answer, room };
  }

  it('is a yes when everyone who is there says yes, and a no with the first no', async () => {
    const { answer, room } = await asked([true, true, true, true]);
    assert.equal(answer, true);
    assert.deepEqual(Object.values(room.received), Array(4).fill(['repeat-request']));
    assert.equal((await asked([true, true, false])).answer, false);
  });

  it('is a yes of T when the others have not answered in time, and a no of fewer', async () => {
    assert.equal((await asked([true, true, true])).answer, true);
    assert.equal((await asked([true, true])).answer, false);
  });

  it('is put again to a member that is back, and only while it is open', async () => {
    const room = new PeopleRoom();
    const [name] = room.names;
    const question = new RepeatQuestion(room);
    question.came(room.person(name!));
    assert.deepEqual(room.received[name!], []);
    const answer = question.ask({ model, round: 2 }, 3);
    question.came(room.person(name!));
    assert.deepEqual(room.received[name!], ['repeat-request', 'repeat-request']);
    room.stopping.abort();
    room.condition.touch();
    assert.equal(await answer, false);
  });

  it('takes no answer about another model', async () => {
    const room = new PeopleRoom();
    const question = new RepeatQuestion(room);
    const answer = question.ask({ model, round: 2 }, 3);
    for (const person of room.people.members())
      question.answered(person, { model: new Uint8Array(32).fill(2), allowed: true });
    await clock.pass(61_000);
    assert.equal(await answer, false);
  });
});
