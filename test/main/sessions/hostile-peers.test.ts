/** Whoever connects with a code and keeps to no rule: turned away by name, and the session does not notice. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { toHex } from '../../../core/bytes/bytes.ts';
import { systemRandom } from '../../../core/crypto/random.ts';
import type { Identity } from '../../../core/crypto/rsa.ts';
import { guestSigner } from '../../../core/joining/credentials.ts';
import { parseInvitation } from '../../../core/joining/join-link.ts';
import { drawNonces, nonceCommitments } from '../../../core/secagg/lobby.ts';
import { peekType, sealMessage } from '../../../core/wire/envelope.ts';
import type { Body, MessageType } from '../../../core/wire/messages.ts';
import { openDialer } from '../../../main/network/dialer.ts';
import type { Connection, Dialer } from '../../../main/network/transport.ts';
import { testIdentity } from '../../support/identities.ts';
import { SessionLog, told } from '../../support/session-log.ts';
import {
  type CoordinatorMachine,
  nobody,
  type ParticipantMachine,
  SessionRoom,
} from '../../support/session-room.ts';

/** A peer that sends whatever the test wants it to. */
class HostilePeer {
  readonly log = new SessionLog('hostile peer');
  readonly #identity: Identity;
  readonly #session: Uint8Array;
  readonly #dialer: Dialer;
  connection!: Connection;

  private constructor(link: string, identity: Identity, connected: () => void) {
    const { endpoints, transportKeyHash, session } = parseInvitation(link);
    this.#identity = identity;
    this.#session = session;
    this.#dialer = openDialer({
      endpoints,
      pin: { transportKeyHash },
      identity: identity.publicKey.spki,
      maxMessageBytes: 2 ** 24,
      timing: { backoffMs: 60_000 },
      handlers: {
        connected: (connection) => {
          this.connection = connection;
          connected();
        },
        message: (_connection, bytes) => {
          const type = peekType(bytes);
          this.log.put({ type: type.ok ? type.value : type.reason });
        },
        disconnected: (reason) => {
          this.log.put({ type: 'disconnected', reason });
        },
      },
    });
  }

  /** Connected, and nothing sent yet. */
  static async connect(link: string, identity: Identity): Promise<HostilePeer> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const peer = new HostilePeer(link, identity, () => {
      resolve(undefined);
    });
    peers.push(peer);
    await promise;
    return peer;
  }

  /** Let in like anybody. */
  static async welcome(link: string, identity: Identity): Promise<HostilePeer> {
    const peer = await HostilePeer.connect(link, identity);
    peer.send('hello', { exporter: peer.connection.exporter, fresh: true });
    await peer.log.until('welcome');
    return peer;
  }

  seal<Type extends MessageType>(type: Type, body: Body<Type>, session = this.#session): Uint8Array {
    return sealMessage(type, { session, round: 0, attempt: 0 }, body, guestSigner(this.#identity));
  }

  send<Type extends MessageType>(type: Type, body: Body<Type>, session = this.#session): void {
    this.connection.send(this.seal(type, body, session));
  }

  entry(name: string, epoch = 1): Body<'entry'> {
    const commitments = nonceCommitments(
      this.#session,
      this.#identity.publicKey.spki,
      epoch,
      drawNonces(systemRandom),
    );
    return { name, epoch, commitments: [...commitments] };
  }

  async turnedAway(reason: string): Promise<void> {
    assert.equal((await this.log.until('disconnected'))['reason'], reason);
  }

  close(): Promise<void> {
    return this.#dialer.close(0);
  }
}

const peers: HostilePeer[] = [];

describe('hostile peers', () => {
  let room: SessionRoom;
  let coordinator: CoordinatorMachine;
  let members: ParticipantMachine[];
  let nextIdentity = 10;
  const stranger = (): Identity => testIdentity(nextIdentity++);
  const refused = (reason: string, from = 0): Promise<unknown> =>
    coordinator.log.until(told('turned-away', { reason }), { from });

  before(async () => {
    room = await SessionRoom.open();
    coordinator = await room.coordinate({ rounds: 2 });
    members = await room.joinAll(['Ada', 'Grace', 'Emmy'], { person: nobody });
  });
  after(async () => {
    await Promise.all(peers.map((peer) => peer.close()));
    await room.close();
  });

  describe('before they have proven who they are', () => {
    it('who send anything but a hello are turned away', async () => {
      const peer = await HostilePeer.connect(room.link, stranger());
      peer.send('entry', peer.entry('Eve'));
      await peer.turnedAway('misbehaved');
      await refused('no-hello');
    });

    it('with a hello over the exporter of another connection are turned away', async () => {
      const identity = stranger();
      const first = await HostilePeer.connect(room.link, identity);
      const second = await HostilePeer.connect(room.link, identity);
      second.send('hello', { exporter: first.connection.exporter, fresh: true });
      await second.turnedAway('misbehaved');
      await refused('wrong-session');
    });

    it("with somebody else's name, but not their key, are turned away", async () => {
      const victim = members[0]!.identity;
      const peer = await HostilePeer.connect(room.link, {
        ...stranger(),
        publicKey: victim.publicKey,
      });
      peer.send('hello', { exporter: peer.connection.exporter, fresh: true });
      await peer.turnedAway('misbehaved');
      await refused('bad-signature');
    });

    it('with a valid hello of another session are turned away', async () => {
      const peer = await HostilePeer.connect(room.link, stranger());
      const other = new Uint8Array(16).fill(9);
      peer.send('hello', { exporter: peer.connection.exporter, fresh: true }, other);
      await peer.turnedAway('misbehaved');
    });

    it('who send garbage are turned away', async () => {
      const peer = await HostilePeer.connect(room.link, stranger());
      for (let count = 0; count < 60; count += 1) peer.connection.send(systemRandom.bytes(100));
      await peer.turnedAway('misbehaved');
    });
  });

  describe('that were let in', () => {
    it('with an identity that is there already are refused, while it is alive', async () => {
      const peer = await HostilePeer.connect(room.link, members[1]!.identity);
      peer.send('hello', { exporter: peer.connection.exporter, fresh: true });
      await peer.turnedAway('identity-in-use');
      await refused('identity-in-use');
    });

    it('with the identity of the coordinator are refused', async () => {
      const { identity } = await coordinator.store.identity();
      const peer = await HostilePeer.connect(room.link, identity);
      peer.send('hello', { exporter: peer.connection.exporter, fresh: true });
      await peer.turnedAway('misbehaved');
      await refused('coordinator-as-participant');
    });

    it('with names that are taken, huge or full of controls get a name of their own, or none', async () => {
      const peer = await HostilePeer.welcome(room.link, stranger());
      const from = coordinator.log.events.length;
      peer.send('entry', { ...peer.entry(`Ada\u202e${'\u0301'.repeat(20)}`) });
      const lobby = await coordinator.log.until(
        (event) => event.type === 'lobby' && (event['participants'] as unknown[]).length === 4,
        { from },
      );
      const names = (lobby['participants'] as { name: string }[]).map(({ name }) => name);
      assert.equal(new Set(names).size, 4);
      assert.ok(names.every((name) => name.length <= 60 && !/[\p{Cc}\p{Cf}]/u.test(name)));

      const huge = await HostilePeer.welcome(room.link, stranger());
      huge.send('entry', { ...huge.entry('x'), name: 'x'.repeat(100_000) });
      await refused('too-large');
      huge.send('entry', { ...huge.entry('x'), name: 'x'.repeat(61) });
      await refused('malformed-body');
      // refused messages alone: the connection stays, and a proper entry is accepted
      huge.send('entry', huge.entry('Proper'));
      await coordinator.log.until(
        (event) =>
          event.type === 'lobby' &&
          (event['participants'] as { name: string }[]).some(({ name }) => name === 'Proper'),
      );
      for (const leaving of [peer, huge]) {
        leaving.send('departure', { reason: 'leaving' });
        await leaving.turnedAway('closing');
      }
    });

    it('who send too many refused messages are turned away, and nobody else', async () => {
      const peer = await HostilePeer.welcome(room.link, stranger());
      for (let count = 0; count < 60; count += 1) peer.connection.send(systemRandom.bytes(50 + count));
      await peer.turnedAway('misbehaved');
    });

    it('who flood with valid messages are turned away', async () => {
      const peer = await HostilePeer.welcome(room.link, stranger());
      const bytes = peer.seal('repeat-answer', { model: new Uint8Array(32), allowed: true });
      // nearly all that a connection holds: a slow machine, too, gets them faster than they are forgiven
      for (let count = 0; count < 1_000; count += 1) peer.connection.send(bytes);
      await peer.turnedAway('misbehaved');
      await refused('too-many-messages');
      for (const { log } of members) assert.equal(log.all('disconnected').length, 0);
    });

    it('who enter for another epoch, say hello again, or send what members send are refused', async () => {
      const peer = await HostilePeer.welcome(room.link, stranger());
      let from = coordinator.log.events.length;
      peer.send('entry', peer.entry('Eve', 7));
      await refused('stale-round', from);
      from = coordinator.log.events.length;
      peer.send('hello', { exporter: peer.connection.exporter, fresh: true });
      await refused('replayed', from);
      from = coordinator.log.events.length;
      peer.send('withdrawal', { reason: 'own-doing' });
      peer.send('nonce-opening', { nonce: new Uint8Array(32) });
      peer.send('confirmation', { roster: new Uint8Array(32), agreed: false, compared: true });
      await refused('unknown-sender', from);
      peer.send('departure', { reason: 'leaving' });
      await peer.turnedAway('closing');
    });
  });

  it('leave the session as it was: it starts, latecomers with the code wait, and it ends with its model', async () => {
    for (const { log } of members) assert.equal(log.all('disconnected').length, 0);
    await coordinator.log.until(
      (event) => event.type === 'lobby' && (event['participants'] as unknown[]).length === 3,
      { from: coordinator.log.events.findLastIndex(({ type }) => type === 'turned-away') },
    );
    coordinator.session.pause();
    coordinator.session.closeLobby();
    await coordinator.log.until('roster');
    // a stolen code: after the lobby its holder is nobody
    const late = await HostilePeer.welcome(room.link, stranger());
    await late.log.until('notice');
    late.send('entry', late.entry('Eve', 2));
    late.send('confirmation', {
      roster: Uint8Array.from(Buffer.from(String(coordinator.log.last('roster')?.['digest']), 'hex')),
      agreed: false,
      compared: true,
    });
    coordinator.session.confirmWords(true);
    coordinator.session.resume();
    const { outcome, final } = await coordinator.outcome;
    assert.equal(outcome, 'finished');
    assert.equal(final?.modelSha256, await room.simulate({ clients: 3 }));
    for (const member of members) {
      assert.equal((await member.outcome).final?.modelSha256, final.modelSha256);
      assert.equal(member.log.last('roster')?.['participants'], 3);
    }
    // told that it is over, but not given the model
    await late.turnedAway('session-over');
    assert.equal(late.log.all('final-model').length, 0);
    assert.equal(late.log.all('announcement').length, 0);
    const keys = coordinator.store
      .epochs(coordinator.id)[0]!
      .members.map(({ publicKey }) => toHex(publicKey));
    assert.deepEqual(keys.sort(), members.map(({ identity }) => toHex(identity.publicKey.spki)).sort());
  });
});
