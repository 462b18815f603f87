/**
 * A fraction of the members trains in each round, by each one's own coin; all of them send, so that nobody can tell who
 * does. "Training" is the weights as they came and a little noise (build/soak/stand-in-training.ts); all else is real.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { standInPreparations } from '../../../build/soak/stand-in-training.ts';
import { nobody, SessionRoom } from '../../support/session-room.ts';

const members = 18;
const rounds = 4;
/** Least for so many: ten honest ones are expected to train. */
const fraction = 0.84;

describe('a session with a fraction below 1', () => {
  let room: SessionRoom;
  before(async () => {
    room = await SessionRoom.open();
  });
  after(() => room.close());

  it('sums over all, of whom some sent nothing: only their number is known', async () => {
    await assert.rejects(
      room.coordinate(
        { fraction: 0.5, examplesPerClient: 20 },
        { startWhenFull: members, store: await room.store('too-few') },
      ),
      { code: 'invalid-setting', message: /fraction/ },
    );
    const coordinator = await room.coordinate(
      { fraction, rounds, examplesPerClient: 20 },
      { startWhenFull: members, store: await room.store('coordinator') },
    );
    const preparations = standInPreparations();
    const names = Array.from({ length: members }, (_, index) => `member-${index}`);
    const sizes = new Set<number>();
    room.wire.fromMember = (_name, bytes) => {
      if (bytes.length > 5_000) sizes.add(bytes.length);
    };
    const people = await Promise.all(
      names.map((name) => room.join(name, { person: nobody, prepare: preparations() })),
    );
    const { outcome, rounds: played } = await coordinator.outcome;
    assert.equal(outcome, 'finished');
    assert.equal(played.length, rounds);
    for (const { clients, reported, dropped } of played) {
      assert.equal(clients.masked, members);
      assert.deepEqual(dropped, []);
      assert.ok(reported !== null && reported.selected >= 1 && reported.selected <= members);
      assert.equal(reported.examples, 20 * reported.selected);
    }
    // all of them in every round: three runs in a million
    assert.ok(played.some(({ reported }) => (reported?.selected ?? members) < members));
    // vectors of who trained and of who did not look the same
    assert.equal(sizes.size, 1);
    let trained = 0;
    for (const { outcome: ended, store } of people) {
      assert.equal((await ended).outcome, 'finished');
      const { record } = store.clientSession(coordinator.id);
      assert.equal(record?.signed.length, rounds);
      if (record.selected) trained += 1;
    }
    // the coins of the last round are on their owners' disks, and only there
    assert.equal(trained, played.at(-1)?.reported?.selected);
  });
});
