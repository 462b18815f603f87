/** The participant's end: whom it talks to, and how it comes back. */
import assert from 'node:assert/strict';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { createPrivateKey } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import { transportKeysFrom } from '../../../main/network/session-certificate.ts';
import type { TransportKeys } from '../../../main/network/transport.ts';
import { testIdentity } from '../../support/identities.ts';
import { dial, Inbox, listen, pinOf, sessionKeys, subject } from './peers.ts';

/** A TLS server that tells what it was sent after the handshake; nothing, if the dialer does its duty. */
async function impostor(
  test: TestContext,
  keys: TransportKeys,
  certificateChain: string,
  options: TlsOptions = {},
): Promise<{ port: number; handshakes: Inbox<string>; received: () => number }> {
  let bytes = 0;
  const handshakes = new Inbox<string>();
  const key = createPrivateKey({ key: Buffer.from(keys.privateKey), format: 'der', type: 'pkcs8' });
  const server = createTlsServer(
    { key: key.export({ format: 'pem', type: 'pkcs8' }), cert: certificateChain, ...options },
    (socket) => {
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      socket.on('error', () => {});
      socket.once('close', () => {
        handshakes.put('ended');
      });
    },
  );
  server.on('tlsClientError', () => {
    handshakes.put('failed');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => server.close());
  return { port: (server.address() as AddressInfo).port, handshakes, received: () => bytes };
}

/** A port at which nobody listens. */
async function deadPort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const anotherCoordinator = { reason: 'another-coordinator', retryInMs: undefined, by: 'peer' };

describe('dialer', () => {
  it('connects by ten bytes of the pin, and learns both keys', async (test) => {
    const room = await listen(test);
    const peer = dial(test, room.listener.port, room.keys, { pin: pinOf(room.keys, 10) });
    const { connection, peer: learned } = await peer.connected.take();
    assert.deepEqual(learned, {
      coordinatorKey: testIdentity(0).publicKey.spki,
      transportKey: room.keys.publicKey,
    });
    assert.equal(connection.remoteAddress, '127.0.0.1');
  });

  it('gives up at another TLS key, sending it nothing', async (test) => {
    const [ours, theirs] = [await sessionKeys(), await sessionKeys(1)];
    const other = await impostor(test, theirs, theirs.certificateChain);
    for (const bytes of [10, 32]) {
      const peer = dial(test, other.port, ours, { pin: pinOf(ours, bytes) });
      assert.deepEqual(await peer.disconnected.take(), anotherCoordinator);
      await other.handshakes.take();
    }
    assert.equal(other.received(), 0);
  });

  it('gives up at a pin that differs in its last bit', async (test) => {
    const room = await listen(test);
    for (const bytes of [10, 32]) {
      const { transportKeyHash } = pinOf(room.keys, bytes);
      const wrong = Uint8Array.from(transportKeyHash);
      wrong[bytes - 1]! ^= 1;
      const peer = dial(test, room.listener.port, room.keys, { pin: { transportKeyHash: wrong } });
      assert.deepEqual(await peer.disconnected.take(), anotherCoordinator);
    }
    assert.equal(room.connected.waiting, 0);
  });

  it('gives up at the right TLS key vouched for by another identity than before', async (test) => {
    const keys = await sessionKeys();
    const swapped = transportKeysFrom(keys.privateKey, testIdentity(2), subject);
    const room = await listen(test, { transport: swapped });
    const pin = { ...pinOf(keys), coordinatorKey: testIdentity(0).publicKey.spki };
    const peer = dial(test, room.listener.port, keys, { pin });
    assert.deepEqual(await peer.disconnected.take(), anotherCoordinator);
    assert.equal(room.connected.waiting, 0);
  });

  it('gives up at the right TLS key without a chain, or in the name of an identity that did not sign it', async (test) => {
    const [ours, other] = [await sessionKeys(), await sessionKeys(0, 2)];
    const certificates = (keys: TransportKeys): string[] =>
      keys.certificateChain.split(/(?<=-----END CERTIFICATE-----\n)/);
    const [leaf] = certificates(ours);
    const [, otherIssuer] = certificates(other);
    for (const chain of [leaf!, `${leaf!}${otherIssuer!}`]) {
      const server = await impostor(test, ours, chain);
      const peer = dial(test, server.port, ours);
      assert.deepEqual(await peer.disconnected.take(), anotherCoordinator);
      assert.equal(server.received(), 0);
    }
  });

  it('gives up at a certificate swapped between joining and reconnecting, though the code would allow it', async (test) => {
    const keys = await sessionKeys();
    const room = await listen(test, { transport: keys });
    const { port } = room.listener;
    const peer = dial(test, port, keys, { pin: pinOf(keys, 10), timing: { backoffMs: 1 } });
    await peer.connected.take();
    await room.listener.close();
    assert.equal((await peer.disconnected.take()).reason, 'closing');
    const swapped = transportKeysFrom(keys.privateKey, testIdentity(2), subject);
    const impostors = await listen(test, { transport: swapped, port });
    let last = await peer.disconnected.take();
    // attempts made before the impostor was there
    while (last.retryInMs !== undefined) last = await peer.disconnected.take();
    assert.deepEqual(last, anotherCoordinator);
    assert.equal(impostors.connected.waiting, 0);
  });

  it('refuses TLS 1.2, and tries again', async (test) => {
    const keys = await sessionKeys();
    const old = await impostor(test, keys, keys.certificateChain, { maxVersion: 'TLSv1.2' });
    const peer = dial(test, old.port, keys);
    const { reason, retryInMs } = await peer.disconnected.take();
    assert.equal(reason, 'handshake-failed');
    assert.ok(retryInMs !== undefined);
    assert.equal(await old.handshakes.take(), 'failed');
  });

  it('tries again, later and later up to a limit, where nobody answers', async (test) => {
    const keys = await sessionKeys();
    const peer = dial(test, await deadPort(), keys, {
      timing: { backoffMs: 8, longestBackoffMs: 40 },
      random: () => 1,
    });
    const waits = await peer.disconnected.takeMany(5);
    assert.deepEqual(
      waits.map(({ reason, retryInMs }) => [reason, retryInMs]),
      [8, 16, 32, 40, 40].map((wait) => ['unreachable', wait]),
    );
  });

  it('jitters what it waits between half and all', async (test) => {
    const keys = await sessionKeys();
    const port = await deadPort();
    for (const [random, expected] of [
      [0, 50],
      [0.5, 75],
    ] as const) {
      const peer = dial(test, port, keys, {
        timing: { backoffMs: 100, longestBackoffMs: 1_000 },
        random: () => random,
      });
      assert.equal((await peer.disconnected.take()).retryInMs, expected);
    }
  });

  it('retryNow() does not wait', async (test) => {
    const keys = await sessionKeys();
    const port = await deadPort();
    const peer = dial(test, port, keys, { timing: { backoffMs: 1_000_000, longestBackoffMs: 1_000_000 } });
    await peer.disconnected.take();
    const room = await listen(test, { transport: keys, port });
    peer.dialer.retryNow();
    peer.dialer.retryNow();
    await peer.connected.take();
    await room.connected.take();
    assert.equal(room.connected.waiting, 0);
  });

  it('gives up a silent handshake in time', async (test) => {
    const silent = createTcpServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    test.after(() => silent.close());
    const { port } = silent.address() as AddressInfo;
    const peer = dial(test, port, await sessionKeys(), { timing: { connectWithinMs: 50 } });
    assert.equal((await peer.disconnected.take()).reason, 'handshake-failed');
    await peer.dialer.close();
  });

  it('takes whichever address passes the pin: dead, silent and foreign ones beside it', async (test) => {
    const room = await listen(test);
    const foreign = await listen(test, { transport: await sessionKeys(1) });
    const silent = createTcpServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    test.after(() => silent.close());
    const ports = [
      await deadPort(),
      foreign.listener.port,
      (silent.address() as AddressInfo).port,
      room.listener.port,
    ];
    const peer = dial(test, 0, room.keys, {
      endpoints: ports.map((port) => ({ host: '127.0.0.1', port })),
      timing: { staggerMs: 20 },
    });
    await peer.connected.take();
    await room.connected.take();
    assert.equal(peer.disconnected.waiting, 0);
    assert.equal(foreign.connected.waiting, 0);
  });

  it('goes on trying while only some addresses have another coordinator', async (test) => {
    const foreign = await listen(test, { transport: await sessionKeys(1) });
    const peer = dial(test, 0, await sessionKeys(), {
      endpoints: [foreign.listener.port, await deadPort()].map((port) => ({ host: '127.0.0.1', port })),
    });
    const { reason, retryInMs } = await peer.disconnected.take();
    assert.equal(reason, 'another-coordinator');
    assert.ok(retryInMs !== undefined);
  });

  it('comes back when the listener dies and returns at the same port with the same TLS key', async (test) => {
    const keys = await sessionKeys();
    const first = await listen(test, { transport: keys });
    const { port } = first.listener;
    const peer = dial(test, port, keys, { pin: pinOf(keys, 10) });
    const { connection: before } = await peer.connected.take();
    await first.listener.close();
    assert.equal((await peer.disconnected.take()).reason, 'closing');
    // new certificates, as after a restart
    const second = await listen(test, {
      transport: transportKeysFrom(keys.privateKey, testIdentity(0), { ...subject, at: new Date(0) }),
      port,
    });
    const { connection: after } = await peer.connected.take();
    const there = await second.connected.take();
    assert.notDeepEqual(after.exporter, before.exporter);
    assert.ok(after.id > before.id);
    before.send(Uint8Array.of(1));
    after.send(Uint8Array.of(2));
    const { connection, bytes } = await second.messages.take();
    assert.deepEqual([connection, bytes], [there, Uint8Array.of(2)]);
  });

  it('gives up after reasons that would come again, and only then', async (test) => {
    const room = await listen(test);
    for (const reason of ['session-over', 'refused', 'identity-in-use', 'misbehaved'] as const) {
      const peer = dial(test, room.listener.port, room.keys);
      await peer.connected.take();
      (await room.connected.take()).close(reason);
      assert.deepEqual(await peer.disconnected.take(), { reason, retryInMs: undefined, by: 'peer' });
    }
    for (const reason of ['overcrowded', 'unproven', 'congested', 'silent', 'closing'] as const) {
      const peer = dial(test, room.listener.port, room.keys);
      await peer.connected.take();
      (await room.connected.take()).close(reason);
      const told = await peer.disconnected.take();
      assert.equal(told.reason, reason);
      assert.ok(told.retryInMs !== undefined);
      await peer.connected.take();
      await room.connected.take();
      await peer.dialer.close();
    }
  });

  it('gives up when this side closes for good, tries again when it does not', async (test) => {
    const room = await listen(test);
    const leaving = dial(test, room.listener.port, room.keys);
    (await leaving.connected.take()).connection.close('closing');
    assert.deepEqual(await leaving.disconnected.take(), {
      reason: 'closing',
      retryInMs: undefined,
      by: 'here',
    });
    const unsure = dial(test, room.listener.port, room.keys);
    (await unsure.connected.take()).connection.close('silent');
    assert.ok((await unsure.disconnected.take()).retryInMs !== undefined);
    await unsure.connected.take();
  });

  it('refuses a message above its own limit', async (test) => {
    const room = await listen(test);
    const peer = dial(test, room.listener.port, room.keys, { maxMessageBytes: 1_000 });
    await peer.connected.take();
    (await room.connected.take()).send(new Uint8Array(1_001));
    assert.deepEqual(await peer.disconnected.take(), {
      reason: 'misbehaved',
      retryInMs: undefined,
      by: 'here',
    });
    assert.equal((await room.closed.take()).reason, 'misbehaved');
  });

  it('close() sends what is queued, tells the listener, and calls no handler any more', async (test) => {
    const room = await listen(test);
    const peer = dial(test, room.listener.port, room.keys);
    const { connection } = await peer.connected.take();
    connection.send(new Uint8Array(3_000_000));
    await peer.dialer.close();
    assert.equal((await room.messages.take()).bytes.length, 3_000_000);
    const { reason, by } = await room.closed.take();
    assert.deepEqual([reason, by], ['closing', 'peer']);
    assert.equal(peer.disconnected.waiting, 0);
  });

  it('close() ends it in every phase', async (test) => {
    const keys = await sessionKeys();
    const port = await deadPort();
    const calling = dial(test, port, keys);
    await calling.dialer.close();
    const waiting = dial(test, port, keys);
    await waiting.disconnected.take();
    await waiting.dialer.close();
    await waiting.dialer.close();
    waiting.dialer.retryNow();
    const room = await listen(test, { transport: keys, port });
    const witness = dial(test, port, keys);
    await witness.connected.take();
    await room.connected.take();
    assert.equal(room.connected.waiting, 0);
    assert.equal(calling.disconnected.waiting + waiting.disconnected.waiting, 0);
  });
});
