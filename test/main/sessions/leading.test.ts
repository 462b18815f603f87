/** What the leader decides while a session runs, and how machines leave it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inLobby, told } from '../../support/session-log.ts';
import { agreeable, nobody, SessionRoom } from '../../support/session-room.ts';

const names = ['Ada', 'Grace', 'Emmy', 'Sofia'];

describe('leading a session', () => {
  let room: SessionRoom;
  before(async () => {
    room = await SessionRoom.open();
  });
  after(() => room.close());

  it('from a locked lobby to a stop: removal, pause, deadline, removal while running, stop', async () => {
    const coordinator = await room.coordinate({ rounds: 500 });
    const { session, log, store, id } = coordinator;
    const fingerprintOf = (name: string): string => {
      const listed = log.last('lobby')?.['participants'] as { name: string; fingerprint: string }[];
      return listed
        .find((person) => person.name === name)!
        .fingerprint.replaceAll(' ', '')
        .toLowerCase();
    };
    const participants = await room.joinAll([...names, 'Mary'], { person: agreeable });
    await log.until(inLobby(5));

    session.setLocked(true);
    const late = await room.join('Late');
    await assert.rejects(late.outcome, { code: 'not-let-in' });
    await log.until(told('turned-away', { reason: 'locked' }));
    session.setLocked(false);

    const removal = log.events.length;
    assert.equal(session.remove(fingerprintOf('Mary')), true);
    assert.equal(session.remove('00'), false);
    await assert.rejects(participants[4]!.outcome, { code: 'not-let-in', details: { reason: 'removed' } });
    await log.until(inLobby(4), { from: removal });
    // whoever was removed stays out
    const again = await room.join('Mary', participants[4]);
    await assert.rejects(again.outcome, { code: 'not-let-in' });

    // a guest that leaves may come back
    const before = log.events.length;
    participants[3]!.session.leave();
    assert.equal((await participants[3]!.outcome).outcome, 'left');
    await log.until(inLobby(3), { from: before });
    participants[3] = await room.join('Sofia', { ...participants[3]!, person: agreeable });
    await log.until(inLobby(4), { from: before });

    session.closeLobby();
    await log.until('roster');
    session.confirmWords(true);
    await log.until(told('round', { round: 1 }));
    session.pause();
    for (const { log: own } of participants.slice(0, 4)) await own.until('paused');
    // the round under way ends, and none begins
    const started = log.all('round-started').length;
    await log.until(told('round', { round: started }));
    session.setDeadline(7_000);
    session.resume();
    await participants[0]!.log.until('resumed');
    await log.until(told('phase', { deadlineMs: 7_000 }));
    assert.equal(log.all('round-started').at(started)?.['round'], started + 1);

    session.remove(fingerprintOf('Sofia'));
    await assert.rejects(participants[3].outcome, { code: 'not-let-in' });
    // she counts as a dropout, her number stays hers
    const without = await log.until(
      (event) => event.type === 'round' && (event['dropped'] as number[]).length === 1,
    );
    assert.deepEqual(without['dropped'], [participants[3].log.last('roster')?.['own']]);

    session.stop();
    const { outcome, rounds } = await coordinator.outcome;
    assert.equal(outcome, 'stopped');
    assert.equal(store.session(id)?.state, 'stopped');
    assert.equal(rounds.length, store.roundSummaries(id).length);
    for (const { outcome: ended, store: own } of participants.slice(0, 3)) {
      const { outcome: told_, final } = await ended;
      assert.equal(told_, 'stopped');
      // they have what was reached
      assert.equal(final?.modelSha256, (await coordinator.outcome).final?.modelSha256);
      assert.equal(own.session(id)?.state, 'stopped');
    }
  });

  it('ends with the first round that reaches the target', async () => {
    const store = await room.store('target-coordinator');
    const { coordinator, participants } = await room.startSession(
      names.slice(0, 3).map((name) => `${name}-2`),
      { rounds: 50, target: 0.3 },
      { store },
    );
    const { outcome, rounds } = await coordinator.outcome;
    assert.equal(outcome, 'target');
    assert.ok(rounds.length < 50 && rounds.at(-1)!.accuracy >= 0.3);
    assert.ok(rounds.slice(0, -1).every(({ accuracy }) => accuracy < 0.3));
    for (const { outcome: ended } of participants) assert.equal((await ended).outcome, 'target');
    assert.equal(store.session(coordinator.id)?.state, 'finished');
  });

  it('stops in an empty lobby, and while the words are drawn', async () => {
    const store = await room.store('idle-coordinator');
    const idle = await room.coordinate({}, { store });
    idle.session.stop();
    assert.deepEqual(await idle.outcome, { outcome: 'stopped', rounds: [], final: null });

    const drawing = await room.coordinate({}, { store });
    // somebody who never answers holds the draw up
    const drawn = Promise.withResolvers<undefined>();
    room.wire.toMember = (name, bytes, type) => {
      if (name !== 'Mute' || type !== 'closed-lobby') return [bytes];
      drawn.resolve(undefined);
      return [];
    };
    const people = await room.joinAll(['Ada-3', 'Grace-3', 'Mute'], { person: nobody });
    await drawing.log.until(inLobby(3));
    drawing.session.closeLobby();
    await drawn.promise;
    drawing.session.stop();
    assert.equal((await drawing.outcome).outcome, 'stopped');
    for (const { outcome } of people) assert.equal((await outcome).outcome, 'stopped');
    room.wire = {};
  });
});
