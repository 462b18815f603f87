/** The words: compared by people or not, and what becomes of a session when somebody sees others. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { PersonAnswers } from '../../../main/participant/participant-options.ts';
import { told } from '../../support/session-log.ts';
import { agreeable, nobody, SessionRoom } from '../../support/session-room.ts';

const lobbyOf = (count: number, epoch: number) => (event: Readonly<Record<string, unknown>>) =>
  event['type'] === 'lobby' &&
  event['epoch'] === epoch &&
  (event['participants'] as unknown[]).length === count;

describe('the words', () => {
  let room: SessionRoom;
  before(async () => {
    room = await SessionRoom.open();
  });
  after(() => room.close());

  it('stop the start when one person says no; the lobby opens anew, and other words come', async () => {
    const coordinator = await room.coordinate(
      { rounds: 1 },
      { store: await room.store('first-coordinator') },
    );
    let answers = 0;
    const doubtful: PersonAnswers = {
      ...agreeable,
      compareWords: () => Promise.resolve({ agreed: ++answers > 1, compared: true }),
    };
    const participants = [
      ...(await room.joinAll(['Ada', 'Grace', 'Emmy'], { person: agreeable })),
      await room.join('Sofia', { person: doubtful }),
    ];
    await coordinator.log.until(lobbyOf(4, 1));
    coordinator.session.closeLobby();
    await coordinator.log.until('roster');
    coordinator.session.confirmWords(true);
    const error = await coordinator.log.until('error');
    assert.equal(error['code'], 'words-differ');
    assert.match(String(error['message']), /Sofia/);
    const own = await participants[3]!.log.until('error');
    assert.equal(own['code'], 'words-differ');
    assert.equal(coordinator.log.all('round-started').length, 0);

    // those who had agreed, and the one who had not, are all in the next lobby
    await coordinator.log.until(lobbyOf(4, 2));
    coordinator.session.closeLobby();
    await coordinator.log.until(told('roster', { epoch: 2 }));
    coordinator.session.confirmWords(true);
    assert.equal((await coordinator.outcome).outcome, 'finished');
    const [first, second] = coordinator.log.all('roster');
    assert.notDeepEqual(first!['words'], second!['words']);
    for (const { log, outcome, store } of participants) {
      await outcome;
      assert.deepEqual(log.last('roster')?.['words'], second!['words']);
      assert.equal(store.session(coordinator.id)?.identitiesCompared, true);
    }
    assert.equal(coordinator.store.session(coordinator.id)?.identitiesCompared, true);
  });

  it('do not start before the leader agrees; one --yes marks the session for good, here and there', async () => {
    const store = await room.store('second-coordinator');
    const coordinator = await room.coordinate({ rounds: 1 }, { store });
    const people = await room.joinAll(['Ada-2', 'Grace-2'], { person: agreeable });
    const [hasty] = await room.joinAll(['Emmy-2'], { person: nobody });
    await coordinator.log.until(lobbyOf(3, 1));
    coordinator.session.closeLobby();
    for (const name of ['Ada-2', 'Grace-2', 'Emmy-2'])
      await coordinator.log.until(told('confirmation', { name, agreed: true, compared: name !== 'Emmy-2' }));
    assert.equal(coordinator.log.all('round-started').length, 0);
    coordinator.session.confirmWords(true);
    const { outcome } = await coordinator.outcome;
    assert.equal(outcome, 'finished');
    assert.equal(coordinator.log.last('finished')?.['identitiesCompared'], false);
    assert.equal(store.session(coordinator.id)?.identitiesCompared, false);
    await Promise.all([...people, hasty!].map((participant) => participant.outcome));
    assert.equal(hasty!.store.session(coordinator.id)?.identitiesCompared, false);
    assert.equal(hasty!.store.epochs(coordinator.id)[0]?.compared, false);
    // who compared has compared: each machine says what its own person did
    for (const { store: own } of people) assert.equal(own.session(coordinator.id)?.identitiesCompared, true);
  });

  it('let the leader start with those who have confirmed, once they are T; the others count as dropouts', async () => {
    const store = await room.store('third-coordinator');
    const coordinator = await room.coordinate({ rounds: 1 }, { store, deadlineMs: 1_500 });
    const silent: PersonAnswers = {
      ...agreeable,
      compareWords: (_question, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reject(new Error('left'));
          });
        }),
    };
    await room.joinAll(['Ada-3', 'Grace-3', 'Emmy-3'], { person: agreeable });
    const undecided = await room.join('Sofia-3', { person: silent });
    await coordinator.log.until(lobbyOf(4, 1));
    coordinator.session.closeLobby();
    await coordinator.log.until('roster');
    coordinator.session.start();
    const { outcome, rounds } = await coordinator.outcome;
    assert.equal(outcome, 'finished');
    const number = undecided.log.last('roster')?.['own'];
    assert.deepEqual(rounds[0]?.dropped, [number]);
    assert.equal(store.session(coordinator.id)?.identitiesCompared, false);
  });
});
