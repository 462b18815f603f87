/** Listeners and dialers for tests, with what happened to them as values to wait for. */
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { WebSocket, type ClientOptions } from 'ws';
import { transportKeyHash } from '../../../core/joining/session-name.ts';
import { openDialer, type DialerOptions } from '../../../main/network/dialer.ts';
import { openListener, type ListenerOptions } from '../../../main/network/listener.ts';
import { makeTransportKeys } from '../../../main/network/session-certificate.ts';
import type {
  CloseReason,
  ClosedBy,
  Connection,
  DialFailure,
  Dialer,
  DialerHandlers,
  Listener,
  ListenerHandlers,
  Pin,
  TransportKeys,
} from '../../../main/network/transport.ts';
import { testIdentity } from '../../support/identities.ts';

export const subject = { name: 'Ada', at: new Date() };
export const MOST_BYTES = 4 * 2 ** 20;

/** Keys of a session led by a test identity; made once each. */
const made = new Map<string, Promise<TransportKeys>>();
export function sessionKeys(which = 0, identity = 0): Promise<TransportKeys> {
  const name = `${which} ${identity}`;
  const keys = made.get(name) ?? makeTransportKeys(testIdentity(identity), subject);
  made.set(name, keys);
  return keys;
}

export const pinOf = (keys: TransportKeys, bytes = 32): Pin => ({
  transportKeyHash: transportKeyHash(keys.publicKey).slice(0, bytes),
});

/** Values in the order in which they came; take() waits for the next. */
export class Inbox<T> {
  readonly #values: T[] = [];
  readonly #takers: ((value: T) => void)[] = [];

  put(value: T): void {
    const taker = this.#takers.shift();
    if (taker === undefined) this.#values.push(value);
    else taker(value);
  }

  take(): Promise<T> {
    if (this.#values.length > 0) return Promise.resolve(this.#values.shift()!);
    return new Promise((resolve) => {
      this.#takers.push(resolve);
    });
  }

  async takeMany(count: number): Promise<T[]> {
    const taken: T[] = [];
    while (taken.length < count) taken.push(await this.take());
    return taken;
  }

  get waiting(): number {
    return this.#values.length;
  }
}

export interface TestListener {
  readonly listener: Listener;
  readonly keys: TransportKeys;
  readonly connected: Inbox<Connection>;
  readonly messages: Inbox<{ readonly connection: Connection; readonly bytes: Uint8Array }>;
  readonly closed: Inbox<{
    readonly connection: Connection;
    readonly reason: CloseReason;
    readonly by: ClosedBy;
  }>;
  readonly turnedAway: Inbox<Parameters<ListenerHandlers['turnedAway']>[1]>;
}

/** On 127.0.0.1, closed at the end of the test. */
export async function listen(
  test: TestContext,
  options: Partial<ListenerOptions> & { readonly admit?: boolean } = {},
): Promise<TestListener> {
  const keys = options.transport ?? (await sessionKeys());
  const connected = new Inbox<Connection>();
  const messages: TestListener['messages'] = new Inbox();
  const closed: TestListener['closed'] = new Inbox();
  const turnedAway: TestListener['turnedAway'] = new Inbox();
  const listener = await openListener({
    transport: keys,
    host: '127.0.0.1',
    maxMessageBytes: MOST_BYTES,
    ...options,
    handlers: {
      connected(connection) {
        if (options.admit !== false) connection.admit();
        connected.put(connection);
      },
      message(connection, bytes) {
        messages.put({ connection, bytes });
      },
      closed(connection, reason, by) {
        closed.put({ connection, reason, by });
      },
      turnedAway(_address, reason) {
        turnedAway.put(reason);
      },
    },
  });
  test.after(() => listener.close(100));
  return { listener, keys, connected, messages, closed, turnedAway };
}

export interface TestDialer {
  readonly dialer: Dialer;
  readonly connected: Inbox<{
    readonly connection: Connection;
    readonly peer: Parameters<DialerHandlers['connected']>[1];
  }>;
  readonly messages: Inbox<Uint8Array>;
  readonly disconnected: Inbox<{
    readonly reason: DialFailure | CloseReason;
    readonly retryInMs: number | undefined;
    readonly by: ClosedBy;
  }>;
}

/** Calls 127.0.0.1 at that port, with the pin of those keys. */
export function dial(
  test: TestContext,
  port: number,
  keys: TransportKeys,
  options: Partial<DialerOptions> = {},
): TestDialer {
  const connected: TestDialer['connected'] = new Inbox();
  const messages = new Inbox<Uint8Array>();
  const disconnected: TestDialer['disconnected'] = new Inbox();
  const dialer = openDialer({
    endpoints: [{ host: '127.0.0.1', port }],
    pin: pinOf(keys),
    identity: testIdentity(1).publicKey.spki,
    maxMessageBytes: MOST_BYTES,
    ...options,
    timing: { backoffMs: 20, longestBackoffMs: 200, ...options.timing },
    handlers: {
      connected(connection, peer) {
        connected.put({ connection, peer });
      },
      message(_connection, bytes) {
        messages.put(bytes);
      },
      disconnected(reason, retryInMs, by) {
        disconnected.put({ reason, retryInMs, by });
      },
    },
  });
  test.after(() => dialer.close(100));
  return { dialer, connected, messages, disconnected };
}

/** A TCP connection that knows nothing of TLS. Its errors are expected. */
export async function rawTcp(test: TestContext, port: number): Promise<Socket> {
  const socket = connectTcp(port, '127.0.0.1');
  socket.on('error', () => {});
  test.after(() => socket.destroy());
  // refused on arrival, it may be reset before it has told of being connected
  await new Promise<void>((resolve) => {
    socket.once('connect', resolve).once('close', () => {
      resolve();
    });
  });
  return socket;
}

/** A TLS connection that checks nothing. */
export async function rawTls(
  test: TestContext,
  port: number,
  options: ConnectionOptions = {},
): Promise<TLSSocket> {
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
  test.after(() => socket.destroy());
  await once(socket, 'secureConnect');
  socket.on('error', () => {});
  return socket;
}

/** A WebSocket that checks nothing, as a hostile participant may use. */
export async function rawWebSocket(
  test: TestContext,
  port: number,
  options: ClientOptions = {},
): Promise<{ webSocket: WebSocket; socket: TLSSocket }> {
  const socket = await rawTls(test, port);
  const webSocket = new WebSocket('ws://masquerade/masquerade/v1', 'masquerade.v1', {
    createConnection: () => socket,
    headers: { 'masquerade-identity': Buffer.from('anyone').toString('base64url') },
    perMessageDeflate: false,
    ...options,
  });
  test.after(() => {
    webSocket.terminate();
  });
  webSocket.on('error', () => {});
  await once(webSocket, 'open');
  return { webSocket, socket };
}

/** The close code that a WebSocket gets. */
export async function closeCodeOf(webSocket: WebSocket): Promise<number> {
  const [code] = (await once(webSocket, 'close')) as [number];
  return code;
}

/** When a socket is closed. */
export async function closing(socket: Socket): Promise<void> {
  socket.resume();
  if (socket.closed) return;
  // how it breaks off does not matter: events.once() would reject at an error
  await new Promise<void>((resolve) => {
    socket.once('close', () => {
      resolve();
    });
  });
}
