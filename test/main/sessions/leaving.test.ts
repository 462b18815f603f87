/** Machines that fall silent, and people who press Ctrl-C: who is told, who waits how long, how each process ends. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { step, told, type Told } from '../../support/session-log.ts';
import { nobody, SessionRoom } from '../../support/session-room.ts';

const droppedIn = (event: Told): readonly number[] => event['dropped'] as readonly number[];

describe('leaving a session', () => {
  let room: SessionRoom;
  before(async () => {
    room = await SessionRoom.open();
  });
  after(() => room.close());

  it('a silent machine costs the others the deadline only, and is back when it goes on; Ctrl-C tells the others', async () => {
    const coordinator = await room.coordinate({ rounds: 1_000 }, { startWhenFull: 4, deadlineMs: 2_000 });
    const { session, log } = coordinator;
    const participants = await room.joinAll(['Ada', 'Grace', 'Emmy'], { person: nobody });
    const process = room.startParticipant('sleeper');
    await log.until(told('round', { round: 1 }));
    process.kill('SIGSTOP');
    const without = await log.until((event) => event.type === 'round' && droppedIn(event).length > 0);
    const number = Number(process.log.last('roster')?.['own']);
    assert.deepEqual(without['dropped'], [number]);
    assert.ok((without['ms'] as { total: number }).total < 3 * 2_000 + 2_000);
    process.kill('SIGCONT');
    const from = log.events.length;
    await log.until((event) => event.type === 'round' && droppedIn(event).length === 0, { from });
    assert.equal(process.log.all('disconnected').length, 0);

    // Ctrl-C of a participant: a departure, not a lost connection
    process.kill('SIGINT');
    assert.equal(await process.exitCode(), 130);
    assert.equal(process.log.last('finished')?.['outcome'], 'left');
    await log.until(told('connection', { name: 'sleeper', connected: false, reason: 'closing' }));
    const started = log.events.length;
    await log.until((event) => event.type === 'round' && droppedIn(event).includes(number), {
      from: started,
    });
    // it does not come back into that session
    const again = room.startParticipant('sleeper');
    assert.equal(await again.exitCode(), 2);
    assert.equal(again.log.last('error')?.['code'], 'session-over');
    session.stop();
    assert.equal((await coordinator.outcome).outcome, 'stopped');
    for (const { outcome } of participants) assert.equal((await outcome).outcome, 'stopped');
  });

  it('Ctrl-C of the coordinator tells its members, keeps the finished rounds, and ends with 130', async () => {
    const args = [
      ...room.settingArgs({ rounds: 1_000 }),
      ...['--participants', '3', '--start-when-full', '--data-dir', 'interrupted'],
    ];
    const coordinator = await room.startCoordinator(args);
    const participants = await room.joinAll(['Ada-2', 'Grace-2', 'Emmy-2'], { person: nobody });
    await coordinator.log.until(told('round', { round: 2 }));
    coordinator.kill('SIGINT');
    assert.equal(await coordinator.exitCode(), 130);
    const last = coordinator.log.last('finished');
    assert.equal(last?.['outcome'], 'stopped');
    for (const { outcome } of participants) {
      const ended = await outcome;
      assert.equal(ended.outcome, 'stopped');
      assert.deepEqual(ended.final, last['final']);
    }
    const store = await room.openFolder('interrupted');
    const [row] = store.sessions();
    assert.ok(row !== undefined);
    assert.equal(row.state, 'stopped');
    assert.equal(store.roundSummaries(row.session).length, coordinator.log.all('round').length);
    // nothing is left to resume
    store.close();
    const again = room.start([
      'coordinate',
      '--data-dir',
      'interrupted',
      '--resume',
      '--json',
      ...room.settingArgs(),
    ]);
    assert.equal(await again.exitCode(), 2);
  });

  it('what is typed leads: close, yes, pause, resume, stop; a person compares the words by typing', async () => {
    const coordinator = await room.startCoordinator([
      ...room.settingArgs({ rounds: 1_000 }),
      ...['--data-dir', 'typed'],
    ]);
    const participants = await room.joinAll(['Ada-3', 'Grace-3'], { person: nobody });
    const typing = room.startParticipant('typist', []);
    await coordinator.log.until(
      (event) => event.type === 'lobby' && (event['participants'] as unknown[]).length === 3,
    );
    coordinator.type('close');
    const roster = await typing.log.until('roster');
    assert.deepEqual(roster['words'], (await coordinator.log.until('roster'))['words']);
    typing.type('perhaps');
    typing.type('yes');
    await coordinator.log.until(told('confirmation', { name: 'typist', agreed: true, compared: true }));
    assert.equal(coordinator.log.all('round-started').length, 0);
    coordinator.type('yes');
    await typing.log.until(step('signed', 1));
    coordinator.type('pause');
    await typing.log.until('paused');
    coordinator.type('resume');
    await typing.log.until('resumed');
    coordinator.type('stop');
    assert.equal(await coordinator.exitCode(), 0);
    assert.equal(await typing.exitCode(), 0);
    for (const { outcome } of participants) assert.equal((await outcome).outcome, 'stopped');
    assert.equal(coordinator.log.last('finished')?.['identitiesCompared'], false);
  });
});
