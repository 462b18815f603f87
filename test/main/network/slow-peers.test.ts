/** Peers that freeze, that do not read, that are many: what they cost, and whom. */
import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { describe, it, type TestContext } from 'node:test';
import { toHex } from '../../../core/bytes/bytes.ts';
import { windowOf } from '../../../main/network/connection.ts';
import { dial, Inbox, listen, pinOf, rawWebSocket, type TestListener } from './peers.ts';

const frozenPeer = new URL('../../support/network-peer.ts', import.meta.url);

/** Signals to stop a process do not exist on Windows. */
const skip = process.platform === 'win32' ? 'no SIGSTOP here' : false;

function startPeer(test: TestContext, room: TestListener): { child: ChildProcess; said: Inbox<unknown> } {
  const said = new Inbox<unknown>();
  const child = fork(frozenPeer, [String(room.listener.port), toHex(pinOf(room.keys).transportKeyHash)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  child.on('message', (message) => {
    said.put(message);
  });
  test.after(() => {
    child.kill('SIGKILL');
  });
  return { child, said };
}

describe('slow and silent peers', () => {
  it('a frozen process is noticed as silent, and comes back when it thaws', { skip }, async (test) => {
    const room = await listen(test, { timing: { pingEveryMs: 300, silentAfterMs: 1_500 } });
    const { child, said } = startPeer(test, room);
    assert.equal(await said.take(), 'connected');
    const there = await room.connected.take();
    assert.ok(await there.isAlive(10_000));
    child.kill('SIGSTOP');
    assert.equal(await there.isAlive(100), false);
    assert.deepEqual(await room.closed.take(), { connection: there, reason: 'silent', by: 'here' });
    child.kill('SIGCONT');
    assert.equal(await said.take(), 'silent');
    assert.equal(await said.take(), 'connected');
    await room.connected.take();
  });

  it('a peer that sends is not silent, whatever it does not answer', async (test) => {
    const room = await listen(test, { timing: { pingEveryMs: 100, silentAfterMs: 500 } });
    // answers no ping
    const { webSocket } = await rawWebSocket(test, room.listener.port, { autoPong: false });
    const there = await room.connected.take();
    const started = performance.now();
    const talk = setInterval(() => {
      webSocket.send(Uint8Array.of(1));
    }, 50);
    test.after(() => {
      clearInterval(talk);
    });
    while (performance.now() - started < 1_000) await room.messages.take();
    assert.equal(room.closed.waiting, 0);
    clearInterval(talk);
    assert.deepEqual(await room.closed.take(), { connection: there, reason: 'silent', by: 'here' });
  });

  it('the dialer notices a listener that has gone silent', async (test) => {
    const room = await listen(test, { timing: { pingEveryMs: 1_000_000, silentAfterMs: 1_000_000 } });
    const peer = dial(test, room.listener.port, room.keys, {
      // its pings are answered late on purpose: never within no time at all
      timing: { pingEveryMs: 1_000_000, silentAfterMs: 100 },
    });
    await peer.connected.take();
    const { reason, by, retryInMs } = await peer.disconnected.take();
    assert.deepEqual([reason, by], ['silent', 'here']);
    assert.ok(retryInMs !== undefined);
    await peer.dialer.close();
  });

  it('heartbeats keep an idle connection, and count as traffic', async (test) => {
    const room = await listen(test, { timing: { pingEveryMs: 20, silentAfterMs: 1_000 } });
    const peer = dial(test, room.listener.port, room.keys, {
      timing: { pingEveryMs: 20, silentAfterMs: 1_000 },
    });
    const [{ connection }, there] = [await peer.connected.take(), await room.connected.take()];
    while (there.traffic.bytesReceived < 200 || connection.traffic.bytesReceived < 200) {
      assert.ok(await there.isAlive(5_000));
    }
    assert.equal(room.closed.waiting + peer.disconnected.waiting, 0);
  });

  it('a peer that does not read ends as congested', async (test) => {
    const room = await listen(test, { timing: { stalledAfterMs: 300, silentAfterMs: 60_000 } });
    const { socket } = await rawWebSocket(test, room.listener.port);
    socket.pause();
    const there = await room.connected.take();
    there.send(new Uint8Array(32 * 2 ** 20));
    assert.deepEqual(await room.closed.take(), { connection: there, reason: 'congested', by: 'here' });
  });

  it('a peer that does not read holds up nobody else', async (test) => {
    const room = await listen(test, {
      limits: { budgetBytes: 2 ** 20 },
      timing: { stalledAfterMs: 60_000, silentAfterMs: 60_000 },
    });
    const stuck = await rawWebSocket(test, room.listener.port);
    stuck.socket.pause();
    const stuckThere = await room.connected.take();
    const peers = Array.from({ length: 3 }, () => dial(test, room.listener.port, room.keys));
    const others = await room.connected.takeMany(3);
    await Promise.all(peers.map((peer) => peer.connected.take()));
    const message = new Uint8Array(2 ** 20);
    for (let count = 0; count < 20; count += 1) {
      for (const connection of [stuckThere, ...others]) connection.send(message);
    }
    for (const peer of peers) {
      assert.deepEqual(
        (await peer.messages.takeMany(20)).map(({ length }) => length),
        Array<number>(20).fill(2 ** 20),
      );
    }
    assert.equal(room.closed.waiting, 0, 'they did not have to wait until the stuck one was dropped');
    stuckThere.close('lost');
  });

  it('a queue past its limit ends as congested; one message of any size may wait', async (test) => {
    const room = await listen(test, { limits: { queue: { bytes: 1_000_000, messages: 5 } } });
    const { socket } = await rawWebSocket(test, room.listener.port);
    socket.pause();
    const there = await room.connected.take();
    const huge = new Uint8Array(16 * 2 ** 20);
    there.send(huge);
    assert.equal(room.closed.waiting, 0);
    there.send(new Uint8Array(1));
    assert.deepEqual(await room.closed.take(), { connection: there, reason: 'congested', by: 'here' });

    const second = await rawWebSocket(test, room.listener.port);
    second.socket.pause();
    const many = await room.connected.take();
    many.send(new Uint8Array(900_000));
    for (let count = 0; count < 5; count += 1) many.send(new Uint8Array(1));
    assert.equal((await room.closed.take()).reason, 'congested');
  });

  it('windowOf() shares the budget, within bounds that make sense', () => {
    assert.equal(windowOf(32 * 2 ** 20, 1), 64 * 1024);
    assert.equal(windowOf(32 * 2 ** 20, 512), 64 * 1024);
    assert.equal(windowOf(32 * 2 ** 20, 1024), 32 * 1024);
    assert.equal(windowOf(1, 1), 16 * 1024);
  });

  it('a broadcast of 1 MB to 100 peers that do not read costs the message once and the budget', async (test) => {
    const count = 100;
    const room = await listen(test, { timing: { stalledAfterMs: 60_000, silentAfterMs: 60_000 } });
    const peers = [];
    for (let made = 0; made < count; made += 1) {
      const peer = await rawWebSocket(test, room.listener.port);
      peer.socket.pause();
      peers.push(peer);
    }
    const connections = await room.connected.takeMany(count);
    const before = process.memoryUsage();
    const message = new Uint8Array(2 ** 20);
    // eight in a row, so that no system's buffers hold them all
    for (let time = 0; time < 8; time += 1) for (const connection of connections) connection.send(message);
    await Promise.all(connections.map((connection) => connection.isAlive(50)));
    const after = process.memoryUsage();
    const grown =
      after.external +
      after.arrayBuffers +
      after.heapUsed -
      before.external -
      before.arrayBuffers -
      before.heapUsed;
    test.diagnostic(
      `grown by ${(grown / 2 ** 20).toFixed(1)} MB, resident ${((after.rss - before.rss) / 2 ** 20).toFixed(1)} MB`,
    );
    // 800 MB if each message were queued to its socket; arrayBuffers counts within external too
    assert.ok(grown < 100 * 2 ** 20, `${grown} bytes`);
    for (const connection of connections) connection.close('lost');
  });
});
