/** The coordinator's end against strangers that keep to no rule. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { openListener } from '../../../main/network/listener.ts';
import { testIdentity } from '../../support/identities.ts';
import {
  closeCodeOf,
  closing,
  dial,
  listen,
  MOST_BYTES,
  rawTcp,
  rawTls,
  rawWebSocket,
  sessionKeys,
} from './peers.ts';

/** A frame's header by hand (RFC 6455, section 5.2), masked as a client's must be, with a mask of zeros. */
function frameHeader(opcode: number, length: number): Buffer {
  const header = Buffer.alloc(14);
  header[0] = 0x80 | opcode;
  header[1] = 0x80 | 127;
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}

/** An honest participant that is there before, and must not notice. */
async function bystander(test: Parameters<typeof dial>[0], room: Awaited<ReturnType<typeof listen>>) {
  const peer = dial(test, room.listener.port, room.keys);
  const { connection } = await peer.connected.take();
  const there = await room.connected.take();
  return {
    async isUndisturbed() {
      there.send(Uint8Array.of(1, 2, 3));
      assert.deepEqual(await peer.messages.take(), Uint8Array.of(1, 2, 3));
      assert.ok(await connection.isAlive(5_000));
      assert.equal(room.closed.waiting, 0);
    },
  };
}

describe('listener', () => {
  it('refuses TLS 1.2', async (test) => {
    const room = await listen(test);
    await assert.rejects(
      rawTls(test, room.listener.port, { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' }),
      /protocol version/i,
    );
    assert.equal(await room.turnedAway.take(), 'handshake-failed');
  });

  it('speaks TLS 1.3 to whoever asks for nothing else', async (test) => {
    const room = await listen(test);
    const socket = await rawTls(test, room.listener.port);
    assert.equal(socket.getProtocol(), 'TLSv1.3');
  });

  it('resumes no session', async (test) => {
    const room = await listen(test);
    const first = await rawTls(test, room.listener.port);
    // OpenSSL sends its tickets after the handshake, before the answer to a request
    const tickets: Buffer[] = [];
    first.on('session', (ticket) => tickets.push(ticket));
    first.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await closing(first);
    for (const session of tickets) {
      const second = await rawTls(test, room.listener.port, { session });
      assert.equal(second.isSessionReused(), false);
    }
  });

  it('exporters are equal at both ends, and others for every connection', async (test) => {
    const room = await listen(test);
    const seen = new Set<string>();
    for (let time = 0; time < 3; time += 1) {
      const peer = dial(test, room.listener.port, room.keys);
      const [{ connection }, there] = [await peer.connected.take(), await room.connected.take()];
      assert.equal(connection.exporter.length, 32);
      assert.deepEqual(connection.exporter, there.exporter);
      seen.add(Buffer.from(there.exporter).toString('hex'));
    }
    assert.equal(seen.size, 3);
  });

  it('hands on the identity that a participant claims, and its address', async (test) => {
    const room = await listen(test);
    dial(test, room.listener.port, room.keys);
    const there = await room.connected.take();
    assert.deepEqual(there.claimedIdentity, testIdentity(1).publicKey.spki);
    assert.equal(there.remoteAddress, '127.0.0.1');
  });

  it('carries messages of any size up to the limit both ways, whole and in order, in memory of their own', async (test) => {
    const room = await listen(test);
    const peer = dial(test, room.listener.port, room.keys);
    const [{ connection }, there] = [await peer.connected.take(), await room.connected.take()];
    const sizes = [0, 1, 125, 126, 4_000, 65_535, 65_536, 200_000, 1_000_003, MOST_BYTES];
    for (const [index, size] of sizes.entries()) {
      connection.send(new Uint8Array(size).fill(index + 1));
      there.send(new Uint8Array(size).fill(index + 101));
    }
    for (const [index, size] of sizes.entries()) {
      const { bytes } = await room.messages.take();
      assert.ok(Buffer.from(bytes).equals(Buffer.alloc(size, index + 1)), `${size} to the listener`);
      assert.equal(bytes.buffer.byteLength, size);
      const answer = await peer.messages.take();
      assert.ok(Buffer.from(answer).equals(Buffer.alloc(size, index + 101)), `${size} to the dialer`);
    }
  });

  it('counts the same traffic at both ends', async (test) => {
    const room = await listen(test);
    const peer = dial(test, room.listener.port, room.keys);
    const [{ connection }, there] = [await peer.connected.take(), await room.connected.take()];
    for (const size of [10, 1_000, 300_000]) {
      connection.send(new Uint8Array(size));
      there.send(new Uint8Array(size));
    }
    await room.messages.takeMany(3);
    await peer.messages.takeMany(3);
    assert.equal(connection.traffic.bytesSent, there.traffic.bytesReceived);
    assert.equal(there.traffic.bytesSent, connection.traffic.bytesReceived);
    const { bytesSent } = there.traffic;
    assert.ok(bytesSent > 301_010 && bytesSent < 301_010 + 200, String(bytesSent));
  });

  it('refuses a frame that announces a gigabyte before a byte of it comes', async (test) => {
    const room = await listen(test);
    const { socket } = await rawWebSocket(test, room.listener.port);
    const there = await room.connected.take();
    socket.write(frameHeader(2, 2 ** 30));
    assert.deepEqual(await room.closed.take(), { connection: there, reason: 'misbehaved', by: 'here' });
    await closing(socket);
  });

  it('refuses a message one byte above the limit, told as such', async (test) => {
    const room = await listen(test, { maxMessageBytes: 1_000 });
    const { webSocket } = await rawWebSocket(test, room.listener.port);
    await room.connected.take();
    webSocket.send(new Uint8Array(1_001));
    assert.equal((await room.closed.take()).reason, 'misbehaved');
    // the library's own code for too large comes first; both mean the same to a dialer
    assert.ok([1009, 4003].includes(await closeCodeOf(webSocket)));
    assert.equal(room.messages.waiting, 0);
  });

  it('refuses fragments that add up to more than the limit', async (test) => {
    const room = await listen(test, { maxMessageBytes: 1_000 });
    const { webSocket } = await rawWebSocket(test, room.listener.port);
    await room.connected.take();
    webSocket.send(new Uint8Array(600), { fin: false });
    webSocket.send(new Uint8Array(600), { fin: true });
    assert.equal((await room.closed.take()).reason, 'misbehaved');
    assert.equal(room.messages.waiting, 0);
  });

  it('refuses a text frame', async (test) => {
    const room = await listen(test);
    const { webSocket } = await rawWebSocket(test, room.listener.port);
    await room.connected.take();
    webSocket.send('hello');
    assert.equal(await closeCodeOf(webSocket), 4003);
    assert.equal((await room.closed.take()).reason, 'misbehaved');
    assert.equal(room.messages.waiting, 0);
  });

  it('refuses garbage after the upgrade, and unmasked frames', async (test) => {
    const room = await listen(test);
    for (const bytes of [Buffer.alloc(4_096, 0xff), Buffer.of(0x82, 0x01, 0x00)]) {
      const { socket } = await rawWebSocket(test, room.listener.port);
      await room.connected.take();
      socket.write(bytes);
      assert.equal((await room.closed.take()).reason, 'misbehaved');
      await closing(socket);
    }
  });

  it('refuses a stranger that sends more than a stranger needs to', async (test) => {
    const room = await listen(test, { admit: false, limits: { strangerBytes: 10_000 } });
    const { webSocket } = await rawWebSocket(test, room.listener.port);
    await room.connected.take();
    webSocket.send(new Uint8Array(9_000));
    assert.equal((await room.messages.take()).bytes.length, 9_000);
    webSocket.send(new Uint8Array(2_000));
    assert.equal((await room.closed.take()).reason, 'misbehaved');
    assert.equal(room.messages.waiting, 0);
  });

  it('closes who is not admitted in time as unproven, and lets who is stay', async (test) => {
    const room = await listen(test, { admit: false, limits: { admissionMs: 500 } });
    const { webSocket: proven } = await rawWebSocket(test, room.listener.port);
    const there = await room.connected.take();
    there.admit();
    const { webSocket: unproven } = await rawWebSocket(test, room.listener.port);
    assert.equal(await closeCodeOf(unproven), 4002);
    assert.equal((await room.closed.take()).reason, 'unproven');
    assert.equal(proven.readyState, WebSocket.OPEN);
    assert.ok(await there.isAlive(5_000));
  });

  it('turns away garbage and plain HTTP before the handshake', async (test) => {
    const room = await listen(test);
    for (const bytes of [
      'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
      Buffer.alloc(500, 0x5a),
      'SSH-2.0-OpenSSH_9.9\r\n',
    ]) {
      const socket = await rawTcp(test, room.listener.port);
      socket.write(bytes);
      await closing(socket);
      assert.equal(await room.turnedAway.take(), 'not-tls');
    }
  });

  it('turns away garbage and other requests after the handshake', async (test) => {
    const room = await listen(test);
    const identity = 'masquerade-identity: QUJD';
    const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13';
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
    const protocol = 'Sec-WebSocket-Protocol: masquerade.v1';
    const request = (path: string, ...headers: string[]): string =>
      [`GET ${path} HTTP/1.1`, 'Host: x', ...headers, '', ''].join('\r\n');
    for (const [bytes, expected] of [
      [Buffer.alloc(200, 0xff), 'not-websocket'],
      [request('/'), 'not-websocket'],
      [request('/masquerade/v1', identity), 'not-websocket'],
      [request('/other', upgrade, key, protocol, identity), 'not-websocket'],
      [request('/masquerade/v1', upgrade, key, identity), 'not-websocket'],
      [
        request('/masquerade/v1', upgrade, key, protocol, identity, 'Origin: https://example.org'),
        'not-websocket',
      ],
      [request('/masquerade/v1', upgrade, key, protocol), 'misbehaved'],
      [request('/masquerade/v1', upgrade, key, protocol, 'masquerade-identity: *'), 'misbehaved'],
      [
        request('/masquerade/v1', upgrade, key, protocol, `masquerade-identity: ${'A'.repeat(1_368)}`),
        'misbehaved',
      ],
      [
        request('/masquerade/v1', upgrade, key, protocol, identity, `x: ${'y'.repeat(8_000)}`),
        'not-websocket',
      ],
      [request('/masquerade/v1', upgrade, 'Sec-WebSocket-Key: short', protocol, identity), 'not-websocket'],
      ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\nx', 'not-websocket'],
    ] as const) {
      const socket = await rawTls(test, room.listener.port);
      socket.write(bytes);
      await closing(socket);
      assert.equal(await room.turnedAway.take(), expected, bytes.toString().slice(0, 300));
    }
    assert.equal(room.connected.waiting, 0);
  });

  it('ends a handshake that never comes, or comes byte by byte', async (test) => {
    const room = await listen(test, { limits: { handshakeMs: 150 } });
    const silent = await rawTcp(test, room.listener.port);
    const slow = await rawTcp(test, room.listener.port);
    const hello = Buffer.from('16030100ff010000fb0303', 'hex');
    let at = 0;
    const drip = setInterval(() => slow.write(hello.subarray(at, ++at)), 20);
    test.after(() => {
      clearInterval(drip);
    });
    await Promise.all([closing(silent), closing(slow)]);
    clearInterval(drip);
    assert.deepEqual(await room.turnedAway.takeMany(2), ['handshake-failed', 'handshake-failed']);
  });

  it('ends an upgrade request that never comes, or comes byte by byte', async (test) => {
    const room = await listen(test, { limits: { upgradeMs: 150 } });
    const silent = await rawTls(test, room.listener.port);
    const slow = await rawTls(test, room.listener.port);
    slow.write('GET /masquerade/v1 HTTP/1.1\r\n');
    const drip = setInterval(() => slow.write('x: y\r\n'), 20);
    test.after(() => {
      clearInterval(drip);
    });
    await Promise.all([closing(silent), closing(slow)]);
    clearInterval(drip);
    assert.deepEqual(await room.turnedAway.takeMany(2), ['not-websocket', 'not-websocket']);
  });

  it('keeps a flood of strangers from one address within the limit, and who was there before undisturbed', async (test) => {
    const room = await listen(test, { limits: { strangersPerAddress: 20 } });
    const there = await bystander(test, room);
    const flood = await Promise.all(Array.from({ length: 200 }, () => rawTcp(test, room.listener.port)));
    assert.deepEqual(await room.turnedAway.takeMany(180), Array<string>(180).fill('overcrowded'));
    await there.isUndisturbed();
    for (const socket of flood) socket.destroy();
    // their places are free again
    await room.turnedAway.takeMany(20);
    const newcomer = dial(test, room.listener.port, room.keys);
    await newcomer.connected.take();
    await there.isUndisturbed();
  });

  it('keeps all connections within the limit, admitted ones included', async (test) => {
    const room = await listen(test, { limits: { connections: 3 } });
    for (let count = 0; count < 3; count += 1) await rawWebSocket(test, room.listener.port);
    assert.equal(room.listener.connections, 3);
    const socket = await rawTcp(test, room.listener.port);
    await closing(socket);
    assert.equal(await room.turnedAway.take(), 'overcrowded');
  });

  it('counts as strangers only who is not admitted', async (test) => {
    const room = await listen(test, { admit: false, limits: { strangers: 2 } });
    for (let count = 0; count < 4; count += 1) {
      await rawWebSocket(test, room.listener.port);
      (await room.connected.take()).admit();
    }
    for (let count = 0; count < 2; count += 1) await rawTcp(test, room.listener.port);
    await closing(await rawTcp(test, room.listener.port));
    assert.equal(await room.turnedAway.take(), 'overcrowded');
    assert.equal(room.listener.connections, 4);
  });

  it('lets one address come only so fast', async (test) => {
    const room = await listen(test, { limits: { burstPerAddress: 5, perSecondPerAddress: 0 } });
    for (let count = 0; count < 5; count += 1) (await rawTcp(test, room.listener.port)).destroy();
    await room.turnedAway.takeMany(5);
    const socket = await rawTcp(test, room.listener.port);
    await closing(socket);
    assert.equal(await room.turnedAway.take(), 'overcrowded');
  });

  it('is undisturbed by garbage of every kind', async (test) => {
    const room = await listen(test);
    const there = await bystander(test, room);
    for (let length = 1; length < 2_000; length += 97) {
      const socket = await rawTcp(test, room.listener.port);
      socket.end(
        Buffer.from({ length } as ArrayLike<number>).map((_, index) => (index * 167 + length) % 256),
      );
      await closing(socket);
      await room.turnedAway.take();
    }
    await there.isUndisturbed();
  });

  it('ends a flood of pings instead of queueing answers', async (test) => {
    const room = await listen(test);
    const there = await bystander(test, room);
    const { webSocket, socket } = await rawWebSocket(test, room.listener.port);
    const flooded = await room.connected.take();
    socket.pause();
    for (let count = 0; count < 20_000; count += 1) webSocket.ping(Buffer.alloc(125));
    assert.equal((await room.closed.take()).connection, flooded);
    await there.isUndisturbed();
  });

  it('takes a peer that closes its half only as gone', async (test) => {
    const room = await listen(test);
    const { socket } = await rawWebSocket(test, room.listener.port);
    const there = await room.connected.take();
    socket.end();
    assert.deepEqual(await room.closed.take(), { connection: there, reason: 'lost', by: 'peer' });
  });

  it('tells close reasons by their codes, and hears them', async (test) => {
    const room = await listen(test);
    for (const [reason, code] of [
      ['refused', 4007],
      ['session-over', 4008],
      ['identity-in-use', 4006],
      ['closing', 4009],
      ['silent', 4001],
    ] as const) {
      const { webSocket } = await rawWebSocket(test, room.listener.port);
      const there = await room.connected.take();
      there.close(reason);
      assert.equal(await closeCodeOf(webSocket), code);
      assert.deepEqual(await room.closed.take(), { connection: there, reason, by: 'here' });
      const { webSocket: leaving } = await rawWebSocket(test, room.listener.port);
      const left = await room.connected.take();
      leaving.close(code);
      assert.deepEqual(await room.closed.take(), { connection: left, reason, by: 'peer' });
    }
  });

  it('tells of a connection that breaks off as lost', async (test) => {
    const room = await listen(test);
    const { socket } = await rawWebSocket(test, room.listener.port);
    const there = await room.connected.take();
    socket.destroy();
    assert.deepEqual(await room.closed.take(), { connection: there, reason: 'lost', by: 'peer' });
    assert.equal(await there.isAlive(5_000), false);
    there.send(new Uint8Array(10));
    there.close('refused');
    assert.equal(room.closed.waiting, 0);
  });

  it('close() of a connection sends what is queued first, and hands on nothing more', async (test) => {
    const room = await listen(test);
    const peer = dial(test, room.listener.port, room.keys);
    const [{ connection }, there] = [await peer.connected.take(), await room.connected.take()];
    for (let count = 0; count < 5; count += 1) there.send(new Uint8Array(1_000_000));
    there.close('session-over');
    there.send(new Uint8Array(7));
    connection.send(new Uint8Array(3));
    assert.deepEqual(
      (await peer.messages.takeMany(5)).map(({ length }) => length),
      Array<number>(5).fill(1_000_000),
    );
    assert.deepEqual(await peer.disconnected.take(), {
      reason: 'session-over',
      retryInMs: undefined,
      by: 'peer',
    });
    assert.equal(peer.messages.waiting, 0);
    assert.equal(room.messages.waiting, 0);
  });

  it('close() of a connection waits only so long for a peer that does not read or answer', async (test) => {
    const room = await listen(test, { timing: { closeWithinMs: 100 } });
    const { socket } = await rawWebSocket(test, room.listener.port);
    socket.pause();
    const there = await room.connected.take();
    for (let count = 0; count < 10; count += 1) there.send(new Uint8Array(2 ** 20));
    there.close('session-over');
    await room.closed.take();
    await room.listener.close(1_000_000);
  });

  it('close() of the listener sends what is queued, tells everyone, and ends', async (test) => {
    const room = await listen(test);
    const peers = Array.from({ length: 5 }, () => dial(test, room.listener.port, room.keys));
    const there = await room.connected.takeMany(5);
    await Promise.all(peers.map((peer) => peer.connected.take()));
    const stranger = await rawTls(test, room.listener.port);
    for (const connection of there) connection.send(new Uint8Array(500_000));
    await Promise.all([room.listener.close(), closing(stranger)]);
    for (const peer of peers) {
      assert.equal((await peer.messages.take()).length, 500_000);
      const { reason, retryInMs } = await peer.disconnected.take();
      assert.equal(reason, 'closing');
      assert.ok(retryInMs !== undefined);
    }
    assert.equal(room.listener.connections, 0);
    assert.deepEqual(
      (await room.closed.takeMany(5)).map(({ reason, by }) => `${reason} ${by}`),
      Array<string>(5).fill('closing here'),
    );
  });

  it('says where it can be found', async (test) => {
    const keys = await sessionKeys();
    const handlers = { connected() {}, message() {}, closed() {}, turnedAway() {} };
    const listener = await openListener({ transport: keys, maxMessageBytes: 1, handlers });
    test.after(() => listener.close(100));
    assert.ok(listener.addresses.length > 0);
    for (const { port } of listener.addresses) assert.equal(port, listener.port);
    // on all addresses, IPv4 ones told as such though one socket serves both
    const { connection } = await dial(test, listener.port, keys).connected.take();
    assert.equal(connection.remoteAddress, '127.0.0.1');
    const taken = openListener({ transport: keys, port: listener.port, maxMessageBytes: 1, handlers });
    await assert.rejects(taken, { code: 'EADDRINUSE' });
  });
});
