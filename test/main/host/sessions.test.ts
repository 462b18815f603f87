/** Sessions over real sockets as activities: what a screen sees, what it decides, and what closing the window does. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { HostRoom, type Machine } from '../../support/host-room.ts';
import { inLobby, told } from '../../support/session-log.ts';
import { SessionRoom } from '../../support/session-room.ts';

describe('sessions as activities', () => {
  let room: SessionRoom;
  let host: HostRoom;
  before(async () => {
    room = await SessionRoom.open();
    host = new HostRoom(room);
  });
  after(async () => {
    await host.close();
    await room.close();
  });

  async function lobby(name: string, rounds: number, count = 3): Promise<[Machine, Machine[]]> {
    const coordinator = await host.coordinate(name, { rounds });
    const participants = await Promise.all(
      Array.from({ length: count }, (_, index) => host.join(`${name}-${index}`)),
    );
    await coordinator.log.until(inLobby(count));
    return [coordinator, participants];
  }

  async function agree(coordinator: Machine, participants: readonly Machine[]): Promise<void> {
    coordinator.do({ do: 'close-lobby' });
    for (const participant of participants) {
      await participant.log.until(() => participant.activity.watched.question === 'words');
      participant.do({ do: 'answer-words', agreed: true });
    }
    await coordinator.log.until(() => coordinator.activity.watched.stage === 'words');
    coordinator.do({ do: 'confirm-words', agreed: true });
  }

  it('from the lobby to the model: what everyone sees is the same, and all of it is stored', async () => {
    const [coordinator, participants] = await lobby('whole', 2);
    const { watched } = coordinator.activity;
    assert.equal(watched.stage, 'lobby');
    assert.equal(watched.prepared?.dataset.train, 400);
    assert.equal(watched.prepared.threshold, null);
    assert.match(watched.stored ?? '', /^session-[0-9a-f]{32}$/);
    for (const { activity, service } of participants) {
      const { settings, title, own } = activity.watched;
      assert.deepEqual([settings.rounds, settings.examplesPerClient, title], [2, 40, 'Test session']);
      assert.equal(own?.connected, true);
      assert.equal(service.model(), undefined);
      assert.equal(service.ownImages?.(8), undefined);
    }
    assert.equal(coordinator.service.model(), undefined);

    // what does not fit the stage changes nothing
    coordinator.do({ do: 'confirm-words', agreed: false });
    coordinator.do({ do: 'start' });
    participants[0]!.do({ do: 'answer-words', agreed: false });
    participants[0]!.do({ do: 'remove', fingerprint: '0'.repeat(64) });
    await agree(coordinator, participants);

    await coordinator.log.until('finished');
    const ended = coordinator.activity.watched;
    assert.deepEqual(
      [ended.stage, ended.outcome?.outcome, ended.outcome?.identitiesCompared, ended.finished.length],
      ['ended', 'finished', true, 2],
    );
    assert.deepEqual([ended.prepared?.threshold, ended.prepared?.participants], [3, 3]);
    assert.equal(ended.roster?.answered, true);
    for (const { activity, service, log } of participants) {
      await log.until('finished');
      const own = activity.watched;
      assert.deepEqual(own.roster?.words, ended.roster.words);
      assert.equal(own.roster.answered, true);
      assert.deepEqual(own.outcome?.final, ended.outcome?.final);
      assert.deepEqual(service.model(), coordinator.service.model());
      assert.equal(own.stored, ended.stored);
      assert.equal(own.own?.data?.examples, 40);
      assert.equal(own.own.sent.vectors, 2);
      assert.deepEqual([own.prepared?.threshold, own.prepared?.participants], [3, 3]);
      // by class in turn, out of its own part
      const shown = service.ownImages?.(6);
      assert.deepEqual(shown?.labels, [0, 1, 2, 3, 0, 1]);
      assert.equal(shown.pixels.length, 6 * 144);
    }
  });

  it("the leader's no to the words leads back to the lobby, with other words the next time", async () => {
    const [coordinator, participants] = await lobby('doubt', 1);
    coordinator.do({ do: 'close-lobby' });
    const first = await coordinator.log.until('roster');
    coordinator.do({ do: 'confirm-words', agreed: false });
    await coordinator.log.until(
      (event) => inLobby(3)(event) && event['open'] === true && event['epoch'] === 2,
    );
    const { stage, roster, problem } = coordinator.activity.watched;
    assert.deepEqual([stage, roster, problem?.code], ['lobby', null, 'words-differ']);
    for (const { log, activity } of participants) {
      await log.until(told('roster-list', { epoch: 2 }));
      assert.deepEqual([activity.watched.stage, activity.watched.question], ['lobby', null]);
    }
    await agree(coordinator, participants);
    const second = await coordinator.log.until(told('roster', { epoch: 2 }));
    assert.notDeepEqual(second['words'], first['words']);
    assert.equal((await coordinator.log.until('finished'))['outcome'], 'finished');
  });

  it('in step mode every phase waits for the leader; a window closed meanwhile loses nothing but the attempt', async () => {
    const [coordinator, participants] = await lobby('steps', 2);
    coordinator.do({ do: 'pace', pace: 'step' });
    assert.equal(coordinator.activity.watched.pace, 'step');
    await agree(coordinator, participants);
    const phases = ['advertise-keys', 'share-keys', 'masked-input', 'statement', 'unmask'];
    const walk = async (machine: Machine, round: number, attempt: number, until = 5): Promise<void> => {
      await machine.log.until(told('round-started', { round, attempt }));
      for (const phase of phases.slice(0, until)) {
        await machine.log.until(() => machine.activity.watched.held === phase);
        // nobody is asked before
        assert.ok(machine.log.all(told('phase', { round, attempt, phase })).length === 0, phase);
        machine.do({ do: 'next' });
        await machine.log.until(told('phase', { round, attempt, phase }));
      }
    };
    await walk(coordinator, 1, 1);
    await coordinator.log.until(told('round', { round: 1 }));
    await walk(coordinator, 2, 1, 3);
    await coordinator.log.until(() => coordinator.activity.watched.held === 'statement');
    const session = coordinator.activity.watched.stored!.slice('session-'.length);
    const { store } = coordinator.services;
    // the vectors are in, and nobody has been asked to sign
    assert.deepEqual(store.coordinatorRecord(session), { round: 2, attempt: 1, signed: null, closed: 1 });
    await coordinator.service.close();

    const again = await host.resume(coordinator.services, session);
    again.do({ do: 'pace', pace: 'step' });
    await walk(again, 2, 2, 2);
    again.do({ do: 'pace', pace: 'full' });
    assert.equal((await again.log.until('finished'))['outcome'], 'finished');
    assert.equal(again.activity.watched.held, null);
    for (const { log } of participants) assert.equal((await log.until('finished'))['outcome'], 'finished');
    const [, second] = store.roundSummaries(session);
    assert.equal(second?.result.attempts, 2);
    assert.deepEqual(second.result.clients, { advertised: 3, shared: 3, masked: 3, unmasked: 3 });
  });

  it('closing the window of the coordinator leaves the session: it goes on where it was', async () => {
    const [coordinator, participants] = await lobby('closed', 3);
    await agree(coordinator, participants);
    await coordinator.log.until(told('round', { round: 1 }));
    await coordinator.service.close();
    const { stage, outcome, stored } = coordinator.activity.watched;
    assert.deepEqual([stage, outcome?.outcome], ['ended', 'unfinished']);
    const session = stored!.slice('session-'.length);
    assert.equal(coordinator.services.store.session(session)?.state, 'running');
    for (const { log, activity } of participants) {
      await log.until(told('note', { code: 'coordinator-away' }));
      await log.until(told('disconnected', { reason: 'closing' }));
      assert.equal(activity.watched.stage, 'running');
    }
    const again = await host.resume(coordinator.services, session);
    const listening = await again.log.until('listening');
    assert.deepEqual([listening['link'], listening['resumed']], [room.link, true]);
    assert.equal((await again.log.until('finished'))['outcome'], 'finished');
    assert.equal(again.activity.watched.settings.rounds, 3);
    for (const { log, service } of participants) {
      assert.equal((await log.until('finished'))['outcome'], 'finished');
      assert.deepEqual(service.model(), again.service.model());
    }
    const done = coordinator.services.store.roundSummaries(session);
    assert.deepEqual(
      done.map(({ round }) => round),
      [1, 2, 3],
    );
  });

  it("closing a participant's window leaves the connection: joined again, the member goes on without the words", async () => {
    const [coordinator, participants] = await lobby('away', 200);
    await agree(coordinator, participants);
    await coordinator.log.until(told('round', { round: 1 }));
    const gone = participants[2]!;
    await gone.service.close();
    assert.equal(gone.activity.watched.outcome?.outcome, 'unfinished');
    const number = gone.activity.watched.roster!.own!;
    const lost = coordinator.log.events.length;
    await coordinator.log.until(told('connection', { connected: false }));
    // with what was chosen when it was joined
    const back = await host.resume(gone.services, gone.activity.watched.stored!.slice('session-'.length));
    const roster = await back.log.until('roster');
    assert.deepEqual([roster['own'], roster['confirmed']], [number, true]);
    assert.equal(back.activity.watched.stage, 'running');
    assert.deepEqual(roster['words'], gone.activity.watched.roster?.words);
    await coordinator.log.until(
      (event) => event.type === 'round' && (event['dropped'] as number[]).length === 0,
      { from: lost },
    );
    await back.log.until('round');
    assert.equal(back.log.all('question').length, 0);

    coordinator.do({ do: 'stop' });
    for (const { log } of [coordinator, back, ...participants.slice(0, 2)])
      assert.equal((await log.until('finished'))['outcome'], 'stopped');
  });

  it('what goes wrong is told, with what to do, and ends the activity', async () => {
    await assert.rejects(host.coordinate('refused', { masks: false }), { code: 'invalid-setting' });
    const coordinator = await host.coordinate('strict', { rounds: 1 });
    const stranger = await host.join('stranger', { data: { kind: 'dealt' } });
    const error = await stranger.log.until('error');
    assert.equal(error['code'], 'data-does-not-fit');
    assert.notEqual(error['hint'], '');
    await stranger.log.until('finished');
    const { stage, problem, outcome } = stranger.activity.watched;
    assert.deepEqual(
      [stage, problem?.code, outcome?.outcome],
      ['ended', 'data-does-not-fit', 'data-does-not-fit'],
    );
    // an invitation that is none never becomes an activity
    const link = room.link;
    room.link = 'masquerade://nowhere';
    await assert.rejects(host.join('lost'), { code: 'invalid-setting' });
    room.link = link;
    // a guest that leaves the lobby
    const guest = await host.join('guest');
    await coordinator.log.until(inLobby(1));
    guest.do({ do: 'stop' });
    assert.equal((await guest.log.until('finished'))['outcome'], 'left');
    coordinator.do({ do: 'stop' });
    assert.equal((await coordinator.log.until('finished'))['outcome'], 'stopped');
  });
});
