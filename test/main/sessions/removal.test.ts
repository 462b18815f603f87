/** Whoever was removed or has left stays out when the coordinator's process is another one. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inLobby, told } from '../../support/session-log.ts';
import { agreeable, SessionRoom } from '../../support/session-room.ts';

describe('a removal', () => {
  let room: SessionRoom;
  before(async () => {
    room = await SessionRoom.open();
  });
  after(() => room.close());

  it('is remembered by a coordinator that goes on, of guests and of members; a departure too', async () => {
    const coordinator = await room.coordinate({ rounds: 6 });
    const { session, log, store, id } = coordinator;
    const names = ['Ada', 'Grace', 'Emmy', 'Lise', 'Hedy', 'Sofia', 'Mary', 'Guest'];
    const people = await room.joinAll(names, { person: agreeable });
    await log.until(inLobby(8));
    const listed = log.last('lobby')?.['participants'] as { name: string; fingerprint: string }[];
    const remove = (name: string): void => {
      const { fingerprint } = listed.find((person) => person.name === name)!;
      assert.equal(session.remove(fingerprint.replaceAll(' ', '').toLowerCase()), true);
    };
    remove('Guest');
    await assert.rejects(people[7]!.outcome, { code: 'not-let-in' });
    session.closeLobby();
    await log.until('roster');
    session.confirmWords(true);
    await log.until(told('round', { round: 1 }));
    remove('Mary');
    await assert.rejects(people[6]!.outcome, { code: 'not-let-in' });
    people[5]!.session.leave();
    assert.equal((await people[5]!.outcome).outcome, 'left');
    const dropped = [5, 6].map((index) => Number(people[index]!.log.last('roster')?.['own'])).sort();
    session.leaveForNow();
    assert.equal((await coordinator.outcome).outcome, 'unfinished');

    const again = await room.coordinate({}, { resume: id, store });
    for (const index of [6, 7]) {
      const { store: own, identity } = people[index]!;
      const back = await room.join(names[index]!, { store: own, identity, person: agreeable });
      await assert.rejects(back.outcome, { code: 'not-let-in' });
    }
    await again.log.until(told('turned-away', { reason: 'removed' }));
    const startedAt = performance.now();
    const { outcome, rounds } = await again.outcome;
    assert.equal(outcome, 'finished');
    // nobody waits for those who are out: not the grace of a lost connection, let alone a deadline
    assert.ok(performance.now() - startedAt < 14_000);
    assert.deepEqual(rounds.at(-1)?.dropped, dropped);
    for (const { outcome: ended } of people.slice(0, 5)) assert.equal((await ended).outcome, 'finished');
  });
});
