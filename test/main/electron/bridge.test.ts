import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type BridgePort, createBridge, type RendererIpc } from '../../../main/electron/bridge.ts';

function fakeIpc() {
  const asked: string[] = [];
  let give: (event: { readonly ports: readonly BridgePort[] }) => void = () => undefined;
  const ipc: RendererIpc = {
    send: (channel) => asked.push(channel),
    on: (channel, listener) => {
      assert.equal(channel, 'masquerade:host');
      give = listener;
    },
  };
  const newPort = () => {
    const sent: unknown[] = [];
    const port: BridgePort = { postMessage: (message: unknown) => void sent.push(message), onmessage: null };
    return {
      port,
      sent,
      say(data: unknown) {
        (port.onmessage as ((event: { data: unknown }) => void) | null)?.({ data });
      },
    };
  };
  return { ipc, asked, newPort, give: (ports: readonly BridgePort[]) => give({ ports }) };
}

describe('createBridge()', () => {
  it('asks for a port once, and keeps what is said until it is there', () => {
    const { ipc, asked, newPort, give } = fakeIpc();
    const bridge = createBridge(ipc);
    assert.deepEqual(asked, ['masquerade:host']);
    bridge.send({ id: 1 });
    bridge.send({ id: 2 });
    const { port, sent } = newPort();
    give([port]);
    bridge.send({ id: 3 });
    assert.deepEqual(sent, [{ id: 1 }, { id: 2 }, { id: 3 }]);
  });

  it('keeps what comes until the page listens', () => {
    const { ipc, newPort, give } = fakeIpc();
    const bridge = createBridge(ipc);
    const { port, say } = newPort();
    give([port]);
    say('first');
    const heard: unknown[] = [];
    bridge.onMessage((message) => heard.push(message));
    say('second');
    assert.deepEqual(heard, ['first', 'second']);
  });

  it('leaves an old port for a new one', () => {
    const { ipc, newPort, give } = fakeIpc();
    const bridge = createBridge(ipc);
    const heard: unknown[] = [];
    bridge.onMessage((message) => heard.push(message));
    const [old, fresh] = [newPort(), newPort()];
    give([old.port]);
    give([]);
    give([fresh.port]);
    old.say('late');
    fresh.say('now');
    bridge.send('to the new one');
    assert.deepEqual(heard, ['now']);
    assert.deepEqual([old.sent, fresh.sent], [[], ['to the new one']]);
  });
});
