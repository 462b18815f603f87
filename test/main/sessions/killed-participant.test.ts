/** `kill -9` of a participant in every phase by name: the others go on, it comes back, it never votes twice. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { toHex } from '../../../core/bytes/bytes.ts';
import { sha256 } from '../../../core/crypto/hash.ts';
import { step, told, type Told } from '../../support/session-log.ts';
import { type CoordinatorMachine, nobody, SessionRoom } from '../../support/session-room.ts';

/** Events by which a participant's phases are told, in the order of a round. */
const moments: readonly { readonly name: string; readonly at: Readonly<Record<string, unknown>> }[] = [
  { name: 'after its advert', at: { type: 'protocol', kind: 'advertised' } },
  { name: 'after its shares', at: { type: 'protocol', kind: 'shared' } },
  { name: 'while it trains', at: { type: 'training' } },
  { name: 'after its masked input', at: { type: 'protocol', kind: 'masked' } },
  { name: 'after its statement', at: { type: 'protocol', kind: 'signed' } },
  { name: 'after it revealed', at: { type: 'protocol', kind: 'revealed' } },
];

describe('a participant that is killed', () => {
  let room: SessionRoom;
  let coordinator: CoordinatorMachine;
  /** Rounds in which it died, by moment. */
  const diedIn = new Map<string, number>();
  let lastLog: readonly Told[] = [];

  before(async () => {
    room = await SessionRoom.open();
    // paused between rounds whenever the victim is away
    coordinator = await room.coordinate(
      { rounds: moments.length + 1 },
      { startWhenFull: 4, deadlineMs: 8_000, patienceMs: 3_000 },
    );
    await room.joinAll(['Ada', 'Grace', 'Emmy'], { person: nobody });
    for (const { name, at } of moments) {
      const victim = room.startParticipant('victim', ['--yes'], at);
      if (diedIn.size > 0) {
        await victim.log.until('connected');
        await coordinator.log.until(told('connection', { name: 'victim', connected: true }), {
          from: coordinator.log.events.findLastIndex(
            told('connection', { name: 'victim', connected: false }),
          ),
        });
        coordinator.session.resume();
      }
      assert.equal((await victim.ended).signal, 'SIGKILL');
      coordinator.session.pause();
      const last = victim.log.events.at(-1)!;
      diedIn.set(name, Number(last['round']));
    }
    const survivor = room.startParticipant('victim');
    await survivor.log.until('joined');
    await coordinator.log.until(told('connection', { name: 'victim', connected: true }), {
      from: coordinator.log.events.findLastIndex(told('connection', { name: 'victim', connected: false })),
    });
    coordinator.session.resume();
    assert.equal((await coordinator.outcome).outcome, 'finished');
    assert.equal(await survivor.exitCode(), 0);
    lastLog = survivor.log.events;
  });
  after(() => room.close());

  it('costs nobody else the round, whatever the phase', async () => {
    const { rounds } = await coordinator.outcome;
    assert.equal(rounds.length, moments.length + 1);
    assert.ok(rounds.every(({ clients }) => clients.unmasked >= 3));
    assert.equal(new Set(diedIn.values()).size, moments.length);
  });

  it('takes part in the next round after joining again with the same command', async () => {
    // it died in every round but the last, each time at a moment that only a member under way reaches
    assert.deepEqual([...diedIn.values()], [1, 2, 3, 4, 5, 6]);
    assert.ok(lastLog.some(step('revealed', 7)));
    const { rounds } = await coordinator.outcome;
    assert.equal(rounds.at(-1)?.clients.unmasked, 4);
  });

  it('is counted by how far it came', async () => {
    const { rounds } = await coordinator.outcome;
    const number = lastLog.find(({ type }) => type === 'roster')?.['own'];
    const dropped = rounds.map((round) => round.dropped.includes(Number(number)));
    // whoever dies before its masked input is out of the sum, whoever dies later is in it
    assert.deepEqual(dropped.slice(0, 3), [true, true, true]);
    assert.deepEqual(dropped.slice(4), [false, false, false]);
  });

  it('never votes twice: one masked input per attempt, one set of survivors per round', async () => {
    const { store, id } = coordinator;
    const number = Number(lastLog.find(({ type }) => type === 'roster')?.['own']);
    const own = [...store.messages(id)].filter(({ sender }) => sender === number);
    for (const type of ['key-advert', 'masked-input', 'statement']) {
      const places = own
        .filter((message) => message.type === type)
        .map(({ round, attempt }) => `${round} ${attempt}`);
      assert.ok(places.length > 0, type);
      assert.equal(new Set(places).size, places.length, type);
    }
    const adverts = own.filter(({ type }) => type === 'key-advert').map(({ bytes }) => toHex(sha256(bytes)));
    assert.equal(new Set(adverts).size, adverts.length);

    const { record } = (await room.openFolder('victim')).clientSession(id);
    const signedRounds = record!.signed.map(({ round }) => round);
    assert.equal(new Set(signedRounds).size, signedRounds.length);
    const statements = own.filter(({ type }) => type === 'statement').map(({ round }) => round);
    // what it signed was on its disk before it was sent
    for (const round of statements) assert.ok(signedRounds.includes(round), `round ${round}`);
  });
});
