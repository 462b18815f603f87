/** Epochs: who waits, when a new roster forms, what a participant refuses whatever the coordinator says. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { People } from '../../../main/coordinator/people.ts';
import { told } from '../../support/session-log.ts';
import { nobody, SessionRoom } from '../../support/session-room.ts';

const names = ['Ada', 'Grace', 'Emmy', 'Sofia', 'Mary'];
const waiting = (count: number) => (event: Readonly<Record<string, unknown>>) =>
  event['type'] === 'lobby' &&
  (event['participants'] as { number: number | null }[]).filter(({ number }) => number === null).length ===
    count;

describe('epochs', () => {
  let room: SessionRoom;
  before(async () => {
    room = await SessionRoom.open();
  });
  after(() => room.close());

  it('form of three changes together; fewer wait; words are new, rounds go on counting, T changes only then', async () => {
    const { coordinator, participants } = await room.startSession(names, { rounds: 4 });
    const { session, log, store, id } = coordinator;
    await log.until(told('round-started', { round: 1 }));
    session.pause();
    const newcomers = await room.joinAll(['Late-1', 'Late-2'], { person: nobody });
    for (const newcomer of newcomers) await newcomer.log.until(told('waiting', { reason: 'running' }));
    await log.until(waiting(2));
    await log.until(told('round', { round: 1 }));
    // two changes: batched
    session.resume();
    await log.until(told('round-started', { round: 2 }));
    session.pause();
    assert.equal(log.all('roster').length, 1);
    // a member that leaves is a dropout until then
    participants[4]!.session.leave();
    assert.equal((await participants[4]!.outcome).outcome, 'left');
    await log.until(told('round', { round: 2 }));
    session.resume();
    await log.until(told('roster', { epoch: 2 }));
    const { outcome, rounds } = await coordinator.outcome;
    assert.equal(outcome, 'finished');
    assert.deepEqual(
      rounds.map(({ round }) => round),
      [1, 2, 3, 4],
    );
    const [first, second] = store.epochs(id);
    assert.deepEqual([first?.members.length, second?.members.length], [5, 6]);
    const thresholds = store.epochs(id).map(({ parameters }) => {
      const { threshold } = JSON.parse(parameters) as { threshold: number };
      return threshold;
    });
    assert.deepEqual(thresholds, [4, 5]);
    assert.deepEqual(
      store.roundSummaries(id).map(({ epoch }) => epoch),
      [1, 1, 2, 2],
    );
    const [before, later] = log.all('roster');
    assert.notDeepEqual(before!['words'], later!['words']);
    for (const machine of [...participants.slice(0, 4), ...newcomers]) {
      assert.equal((await machine.outcome).outcome, 'finished');
      assert.deepEqual(machine.log.last('roster')?.['words'], later!['words']);
    }
    // numbers of the new roster, one of each
    const numbers = [...participants.slice(0, 4), ...newcomers].map(
      ({ log: own }) => own.last('roster')?.['own'],
    );
    assert.deepEqual(numbers.sort(), [1, 2, 3, 4, 5, 6]);
    for (const { store: own } of participants.slice(0, 4)) assert.equal(own.epochs(id).length, 2);
  });

  describe('of a coordinator that does not wait for three changes', () => {
    const { prototype } = People;
    const { changesWaiting, changesInto } = prototype;
    afterEach(() => {
      Object.assign(prototype, { changesWaiting, changesInto });
    });

    it('are refused by every member, whose sums could be compared', async () => {
      const { coordinator, participants } = await room.startSession(
        names.slice(0, 4).map((name) => `${name}-2`),
        { rounds: 3 },
        { store: await room.store('lying-coordinator') },
      );
      const { session, log } = coordinator;
      await log.until(told('round-started', { round: 1 }));
      session.pause();
      const newcomer = await room.join('Late', { person: nobody });
      await newcomer.log.until('waiting');
      await log.until(waiting(1));
      await log.until(told('round', { round: 1 }));
      Object.assign(prototype, { changesWaiting: () => 3, changesInto: () => 3 });
      session.resume();
      for (const { log: own } of participants)
        assert.equal((await own.until('error'))['code'], 'too-few-changes');
      // none of them confirms, so that no round begins in it
      await log.until(told('confirmation', { name: 'Late' }));
      assert.equal(log.all(told('round-started', { round: 2 })).length, 0);
      const called = log.events.findIndex(told('roster', { epoch: 2 }));
      const confirmed = log.events.slice(called).filter(({ type }) => type === 'confirmation');
      assert.deepEqual(
        confirmed.map(({ name }) => name),
        ['Late'],
      );
      session.stop();
      assert.equal((await coordinator.outcome).outcome, 'stopped');
      for (const { store } of participants) assert.equal(store.epochs(coordinator.id).length, 1);
    });
  });
});
