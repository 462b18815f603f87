/** Somebody else at the coordinator's address, between joining and coming back: refused before anything is said. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { parseInvitation } from '../../../core/joining/join-link.ts';
import { openListener } from '../../../main/network/listener.ts';
import { makeTransportKeys, transportKeysFrom } from '../../../main/network/session-certificate.ts';
import type { Listener, TransportKeys } from '../../../main/network/transport.ts';
import { testIdentity } from '../../support/identities.ts';
import { told } from '../../support/session-log.ts';
import { nobody, type ParticipantMachine, SessionRoom } from '../../support/session-room.ts';

const subject = { name: 'Test session', at: new Date() };
const refusal = { code: 'not-let-in', details: { reason: 'another-coordinator' } };

describe('an impostor at the address of a coordinator that was there before', () => {
  let room: SessionRoom;
  before(async () => {
    room = await SessionRoom.open();
  });
  after(() => room.close());

  /** Listens there, and keeps what is sent to it. */
  async function pose(transport: TransportKeys): Promise<{ listener: Listener; heard: Uint8Array[] }> {
    const heard: Uint8Array[] = [];
    const listener = await openListener({
      transport,
      host: '127.0.0.1',
      port: parseInvitation(room.link).endpoints[0]!.port,
      maxMessageBytes: 1_000_000,
      handlers: {
        connected: () => undefined,
        message: (_connection, bytes) => {
          heard.push(bytes);
        },
        closed: () => undefined,
        turnedAway: () => undefined,
      },
    });
    return { listener, heard };
  }

  const impostors = [
    { name: 'with another TLS key', keysOf: () => makeTransportKeys(testIdentity(7), subject) },
    {
      name: 'with the stolen TLS key and another identity',
      keysOf: (stolen: Uint8Array) => Promise.resolve(transportKeysFrom(stolen, testIdentity(7), subject)),
    },
  ];
  for (const [index, { name, keysOf }] of impostors.entries())
    it(`${name} is refused by who comes back, and by who joins again; the session goes on without it`, async () => {
      const store = await room.store(`coordinator-${index}`);
      const coordinator = await room.coordinate({ rounds: 5 }, { startWhenFull: 4, store });
      const members = await room.joinAll(
        [0, 1, 2, 3].map((number) => `${index}-${number}`),
        { person: nobody },
      );
      await coordinator.log.until(told('round', { round: 1 }));
      const stolen = (await store.transportPrivateKey(coordinator.id))!;
      const { link } = room;
      // one leaves the connection for now; the others stay and try again by themselves
      const [first, ...others] = members as [ParticipantMachine, ...ParticipantMachine[]];
      first.session.leaveForNow();
      assert.equal((await first.outcome).outcome, 'unfinished');
      coordinator.session.leaveForNow();
      await coordinator.outcome;

      const { listener, heard } = await pose(await keysOf(stolen));
      const again = await room.join(`${index}-0`, first);
      for (const { outcome } of [again, ...others]) await assert.rejects(outcome, refusal);
      assert.equal(heard.length, 0);
      await listener.close(0);

      // on their disks nothing has ended: all of them come back to the true one
      const back = await room.coordinate({}, { resume: coordinator.id, store });
      assert.equal(room.link, link);
      const returned = await Promise.all(
        members.map((member, number) => room.join(`${index}-${number}`, member)),
      );
      const { outcome, rounds } = await back.outcome;
      assert.deepEqual([outcome, rounds.length], ['finished', 5]);
      for (const { outcome: ended } of returned) assert.equal((await ended).outcome, 'finished');
    });
});
