/** The room is asked which picture was private, and answers from its own machines. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inLobby, told } from '../../support/session-log.ts';
import { agreeable, SessionRoom } from '../../support/session-room.ts';

const picture = (value: number): Uint8Array => new Uint8Array(4).fill(value);
const pictures = { height: 2, width: 2, pictures: [picture(1), picture(2), picture(3)] };

const counted =
  (...counts: readonly number[]) =>
  (event: Readonly<Record<string, unknown>>): boolean =>
    event['type'] === 'votes' && JSON.stringify(event['counts']) === JSON.stringify(counts);

describe('a ballot', () => {
  let room: SessionRoom;
  before(async () => {
    room = await SessionRoom.open();
  });
  after(() => room.close());

  it('is asked of everyone who is there, counts one answer a person, the last one, and nobody else', async () => {
    const { session, log } = await room.coordinate({ rounds: 1 });
    const [ada, grace] = await room.joinAll(['Ada', 'Grace'], { person: agreeable });
    await log.until(inLobby(2));
    assert.equal(session.openBallot(pictures), 2);
    await ada!.log.until(told('ballot', { ballot: 1, choices: 3 }));
    await grace!.log.until(told('ballot', { ballot: 1, choices: 3 }));

    assert.ok(ada!.session.vote(1, 0));
    await log.until(counted(1, 0, 0));
    ada!.session.vote(1, 2);
    await log.until(counted(0, 0, 1));
    // no picture of that place, and no question of that number
    grace!.session.vote(1, 3);
    grace!.session.vote(2, 1);
    grace!.session.vote(1, 1);
    const last = await log.until(counted(0, 1, 1));
    assert.deepEqual([last['asked'], last['open']], [2, true]);

    // whoever comes later is asked too
    const [emmy] = await room.joinAll(['Emmy'], { person: agreeable });
    await emmy!.log.until(told('ballot', { ballot: 1, choices: 3 }));
    emmy!.session.vote(1, 1);
    await log.until(counted(0, 2, 1));

    session.closeBallot();
    await ada!.log.until(told('ballot', { ballot: 1, choices: 0 }));
    const before = log.all('votes').length;
    ada!.session.vote(1, 0);
    session.openBallot(pictures);
    await ada!.log.until(told('ballot', { ballot: 2, choices: 3 }));
    ada!.session.vote(2, 0);
    await log.until(counted(1, 0, 0), { from: before });
    session.stop();
    await Promise.all([ada!.outcome, grace!.outcome, emmy!.outcome]);
  });
});
