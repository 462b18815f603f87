/**
 * The participant's end: one connection to the coordinator, made again whenever it is lost.
 *
 * A code pins 80 bits of the coordinator's TLS key; the first connection that passes pins all of the key's hash and the
 * coordinator's identity for good, so that nobody can take its place later.
 */
import { WebSocket } from 'ws';
import { transportKeyHash } from '../../core/joining/session-name.ts';
import {
  LARGEST_WINDOW_BYTES,
  PeerConnection,
  defaultConnectionTiming,
  defaultQueueLimits,
  webSocketOptions,
  type ConnectionTiming,
  type QueueLimits,
} from './connection.ts';
import { identityHeader, IDENTITY_HEADER, PATH, SUBPROTOCOL } from './handshake.ts';
import { callPinned, type Call, type CallTiming, type PinnedSocket } from './pinned-socket.ts';
import { plainAddress } from './addresses.ts';
import type {
  CloseReason,
  ClosedBy,
  DialFailure,
  Dialer,
  DialerHandlers,
  Endpoint,
  Pin,
} from './transport.ts';

export interface DialerTiming extends ConnectionTiming, CallTiming {
  /** From the end of the TLS handshake to the end of the upgrade. */
  readonly upgradeWithinMs: number;
  /** Before the second attempt; doubles with every failure ... */
  readonly backoffMs: number;
  /** ... up to this. What is waited is between half of it and all. */
  readonly longestBackoffMs: number;
}

export const defaultDialerTiming: DialerTiming = {
  ...defaultConnectionTiming,
  connectWithinMs: 10_000,
  staggerMs: 300,
  upgradeWithinMs: 10_000,
  backoffMs: 500,
  longestBackoffMs: 15_000,
};

export interface DialerOptions {
  /** Most likely first; at least one. */
  readonly endpoints: readonly Endpoint[];
  readonly pin: Pin;
  /** The participant's public key, SPKI. */
  readonly identity: Uint8Array;
  /** Largest message that the coordinator may send, below 2^31. */
  readonly maxMessageBytes: number;
  readonly handlers: DialerHandlers;
  readonly timing?: Partial<DialerTiming> | undefined;
  readonly queue?: QueueLimits | undefined;
  /** In [0, 1), for the jitter of waiting times. */
  readonly random?: (() => number) | undefined;
}

/** After these, the same again would come of another attempt. */
const final: ReadonlySet<CloseReason> = new Set(['session-over', 'refused', 'identity-in-use', 'misbehaved']);
const DEFAULT_CLOSE_MS = 2_000;

/** Starts at once. */
export function openDialer(options: DialerOptions): Dialer {
  const { handlers, endpoints } = options;
  const timing: DialerTiming = { ...defaultDialerTiming, ...options.timing };
  const random = options.random ?? Math.random;
  let pin = options.pin;
  let state:
    | { readonly phase: 'calling'; readonly call: Call }
    | { readonly phase: 'upgrading'; readonly webSocket: WebSocket }
    | { readonly phase: 'connected'; readonly connection: PeerConnection; readonly since: number }
    | { readonly phase: 'waiting'; readonly timer: NodeJS.Timeout }
    | { readonly phase: 'over' };
  let failures = 0;
  let waitedMs = 0;
  let nextId = 1;
  let lastEndpoint: Endpoint | undefined;

  const isOver = (): boolean => state.phase === 'over';

  const call = (): void => {
    // the address that worked last first
    const ordered = [...endpoints].sort(
      (one, other) => Number(other === lastEndpoint) - Number(one === lastEndpoint),
    );
    const made = callPinned(ordered, pin, timing);
    state = { phase: 'calling', call: made };
    void made.result.then((result) => {
      if (isOver()) return;
      if ('failures' in result) failed(result.failures);
      else upgrade(result);
    });
  };

  const upgrade = (peer: PinnedSocket): void => {
    const { socket, endpoint } = peer;
    const webSocket = new WebSocket(`ws://masquerade${PATH}`, SUBPROTOCOL, {
      createConnection: () => socket,
      headers: { [IDENTITY_HEADER]: identityHeader(options.identity) },
      ...webSocketOptions(options.maxMessageBytes, timing),
      handshakeTimeout: timing.upgradeWithinMs,
    });
    state = { phase: 'upgrading', webSocket };
    const lost = (): void => {
      socket.destroy();
      if (!isOver()) failed(['handshake-failed']);
    };
    webSocket.on('error', () => {});
    webSocket.once('close', lost);
    webSocket.once('open', () => {
      webSocket.off('close', lost);
      lastEndpoint = endpoint;
      pin = { transportKeyHash: transportKeyHash(peer.transportKey), coordinatorKey: peer.coordinatorKey };
      const connection = new PeerConnection({
        id: nextId++,
        webSocket,
        socket,
        remoteAddress: plainAddress(socket.remoteAddress),
        exporter: peer.exporter,
        claimedIdentity: new Uint8Array(0),
        timing,
        queue: options.queue ?? defaultQueueLimits,
        window: () => LARGEST_WINDOW_BYTES,
        strangerBytes: undefined,
        events: { message: handlers.message, closed: ended },
      });
      state = { phase: 'connected', connection, since: performance.now() };
      handlers.connected(connection, {
        coordinatorKey: peer.coordinatorKey,
        transportKey: peer.transportKey,
      });
    });
  };

  const failed = (reasons: readonly DialFailure[]): void => {
    if (reasons.every((reason) => reason === 'another-coordinator')) {
      end('another-coordinator');
      return;
    }
    const told = (['another-coordinator', 'handshake-failed'] as const).find((reason) =>
      reasons.includes(reason),
    );
    wait(told ?? 'unreachable', 'peer');
  };

  const ended = (_connection: PeerConnection, reason: CloseReason, by: ClosedBy): void => {
    if (state.phase !== 'connected') return;
    if (final.has(reason) || (reason === 'closing' && by === 'here')) {
      end(reason, by);
      return;
    }
    // one that lasted longer than the wait before it counts as success, one that ended at once as another failure
    if (performance.now() - state.since >= waitedMs) failures = 0;
    wait(reason, by);
  };

  const wait = (reason: DialFailure | CloseReason, by: ClosedBy): void => {
    const longest = Math.min(timing.longestBackoffMs, timing.backoffMs * 2 ** Math.min(failures, 30));
    const retryInMs = Math.round(longest * (0.5 + random() / 2));
    failures += 1;
    waitedMs = retryInMs;
    state = { phase: 'waiting', timer: setTimeout(call, retryInMs) };
    handlers.disconnected(reason, retryInMs, by);
  };

  const end = (reason: DialFailure | CloseReason, by: ClosedBy = 'peer'): void => {
    state = { phase: 'over' };
    handlers.disconnected(reason, undefined, by);
  };

  call();
  return {
    retryNow() {
      if (state.phase !== 'waiting') return;
      clearTimeout(state.timer);
      failures = 0;
      call();
    },
    async close(withinMs = DEFAULT_CLOSE_MS) {
      const last = state;
      state = { phase: 'over' };
      switch (last.phase) {
        case 'calling':
          last.call.cancel();
          break;
        case 'upgrading':
          last.webSocket.terminate();
          break;
        case 'connected':
          await last.connection.closeWithin('closing', withinMs);
          break;
        case 'waiting':
          clearTimeout(last.timer);
          break;
        case 'over':
          break;
      }
    },
  };
}
