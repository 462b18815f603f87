/**
 * A round whose statements are out and whose survivors cannot come back: it is burnt. One more sum over its model needs
 * every person's word; without a person, or with one "no", the session ends by that name.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { PersonAnswers } from '../../../main/participant/participant-options.ts';
import { told } from '../../support/session-log.ts';
import type { MasqueradeProcess } from '../../support/session-processes.ts';
import { agreeable, nobody, type ParticipantMachine, SessionRoom } from '../../support/session-room.ts';

describe('a burnt round', () => {
  let room: SessionRoom;
  before(async () => {
    room = await SessionRoom.open();
  });
  after(() => room.close());

  /** Coordinator dead once statements are asked for, one survivor dead for good, the coordinator back. */
  async function burn(
    name: string,
    people: readonly PersonAnswers[],
  ): Promise<{ coordinator: MasqueradeProcess; participants: ParticipantMachine[] }> {
    const args = [
      ...room.settingArgs({ rounds: 2 }),
      ...['--participants', '4', '--start-when-full', '--deadline', '2', '--patience', '2'],
      ...['--data-dir', name],
    ];
    const first = await room.startCoordinator(args, { type: 'phase', phase: 'statement' });
    const participants = await Promise.all(
      people.map((person, index) => room.join(`${name}-${index}`, { person })),
    );
    const lost = await room.join(`${name}-lost`, { person: nobody });
    assert.equal((await first.ended).signal, 'SIGKILL');
    // gone without a word
    await lost.log.until('disconnected');
    lost.session.leave();
    await lost.outcome;
    const coordinator = await room.startCoordinator([...args, '--resume']);
    return { coordinator, participants };
  }

  it('ends the session, with exit code 3, when one answer is no: as it always is under --yes', async () => {
    const { coordinator, participants } = await burn('unasked', [agreeable, agreeable, nobody]);
    const aborted = await coordinator.log.until('attempt-aborted');
    assert.deepEqual([aborted['reason'], aborted['retry']], ['survivors-differ', 'burnt']);
    assert.equal(await coordinator.exitCode(), 3);
    assert.equal(coordinator.log.last('finished')?.['outcome'], 'round-burnt');
    assert.equal(coordinator.log.all('round').length, 0);
    for (const { outcome } of participants) assert.equal((await outcome).outcome, 'round-burnt');
  });

  it('is followed by another over the same model when everyone says yes', async () => {
    const { coordinator, participants } = await burn('allowed', [agreeable, agreeable, agreeable]);
    const asked = await coordinator.log.until('repeat-asked');
    assert.deepEqual([asked['round'], asked['needed']], [1, 3]);
    assert.equal(await coordinator.exitCode(), 0);
    assert.deepEqual(
      coordinator.log.all('round').map(({ round }) => round),
      [2],
    );
    for (const { outcome, store, log } of participants) {
      assert.equal((await outcome).outcome, 'finished');
      assert.equal(log.all(told('repeat-question', { round: 1 })).length, 1);
      const { record } = store.clientSession(store.sessions()[0]!.session);
      const [one, other, ...more] = record!.signed;
      // the same model twice, allowed once and used up
      assert.deepEqual([one?.round, other?.round, more.length], [1, 2, 0]);
      assert.equal(one?.model, other?.model);
      assert.notEqual(one?.survivors, other?.survivors);
      assert.deepEqual(record?.repeatable, []);
    }
  });
});
