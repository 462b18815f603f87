/**
 * Calls a coordinator: a TLS 1.3 socket on which nothing has been sent before the key at the other end was found to be
 * the pinned one and vouched for by an identity. With several addresses each gets a head start on the next (after
 * RFC 8305), and the first that passes the pin wins: another session's coordinator at an old address does not.
 */
import { timingSafeEqual } from 'node:crypto';
import { connect, type TLSSocket } from 'node:tls';
import { equalBytes } from '../../core/bytes/bytes.ts';
import { transportKeyHash } from '../../core/joining/session-name.ts';
import { exporterOf } from './handshake.ts';
import { verifySessionCertificate } from './session-certificate.ts';
import type { DialFailure, Endpoint, Pin } from './transport.ts';

export interface PinnedSocket {
  readonly socket: TLSSocket;
  readonly endpoint: Endpoint;
  readonly transportKey: Uint8Array;
  readonly coordinatorKey: Uint8Array;
  /** TLS exporter, taken while the handshake's state is there for sure. */
  readonly exporter: Uint8Array;
}

export interface CallTiming {
  /** From the first packet to the end of the handshake, at one endpoint. */
  readonly connectWithinMs: number;
  /** Head start of an endpoint on the next. */
  readonly staggerMs: number;
}

export interface Call {
  /** A socket, or why each endpoint failed, in their order. */
  readonly result: Promise<PinnedSocket | { readonly failures: readonly DialFailure[] }>;
  /** Ends all attempts; the result never comes then. */
  cancel(): void;
}

/** Hashes shorter than that are no pin. */
const LEAST_HASH_BYTES = 10;

/** RangeError for a pin of less than 10 bytes and for no endpoints: programmers' mistakes. */
export function callPinned(endpoints: readonly Endpoint[], pin: Pin, timing: CallTiming): Call {
  if (pin.transportKeyHash.length < LEAST_HASH_BYTES)
    throw new RangeError('a pin must have 10 bytes or more');
  if (endpoints.length === 0) throw new RangeError('a call needs an endpoint');
  const failures = new Array<DialFailure | undefined>(endpoints.length);
  const sockets = new Set<TLSSocket>();
  const { promise, resolve } = Promise.withResolvers<Awaited<Call['result']>>();
  let next = 0;
  let over = false;
  let timer: NodeJS.Timeout | undefined;

  const finish = (result: Awaited<Call['result']> | undefined, winner?: TLSSocket): void => {
    over = true;
    clearTimeout(timer);
    for (const socket of sockets) if (socket !== winner) socket.destroy();
    if (result !== undefined) resolve(result);
  };

  const callNext = (): void => {
    clearTimeout(timer);
    const index = next;
    const endpoint = endpoints[index];
    if (endpoint === undefined) return;
    next += 1;
    const socket = callOne(endpoint, pin, timing.connectWithinMs, (outcome) => {
      if (over) return;
      if (typeof outcome !== 'string') {
        finish({ ...outcome, socket, endpoint }, socket);
        return;
      }
      failures[index] = outcome;
      sockets.delete(socket);
      if (endpoints.every((_, place) => failures[place] !== undefined)) {
        finish({ failures: failures as DialFailure[] });
      } else callNext();
    });
    sockets.add(socket);
    if (next < endpoints.length) timer = setTimeout(callNext, timing.staggerMs);
  };
  callNext();
  return {
    result: promise,
    cancel: () => {
      finish(undefined);
    },
  };
}

type Checked = Pick<PinnedSocket, 'transportKey' | 'coordinatorKey' | 'exporter'>;

/** `done` is called once, never before the socket is returned. */
function callOne(
  endpoint: Endpoint,
  pin: Pin,
  withinMs: number,
  done: (outcome: Checked | DialFailure) => void,
): TLSSocket {
  const socket = connect({
    host: endpoint.host,
    port: endpoint.port,
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    ALPNProtocols: ['http/1.1'],
    // no name is asked for: the pin says who it must be, and an eavesdropper learns nothing
    servername: '',
    // the pin decides, not the authorities that this machine trusts
    rejectUnauthorized: false,
  });
  socket.setNoDelay(true);
  socket.setKeepAlive(true);
  let answered = false;
  let settled = false;
  const settle = (outcome: Checked | DialFailure): void => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    if (typeof outcome === 'string') socket.destroy();
    done(outcome);
  };
  const fail = (): void => {
    settle(answered ? 'handshake-failed' : 'unreachable');
  };
  const timer = setTimeout(fail, withinMs);
  socket.once('connect', () => {
    answered = true;
  });
  socket.once('secureConnect', () => {
    settle(checkPeer(socket, pin));
  });
  // stays for the life of the socket: errors after the handshake show as its closing
  socket.on('error', fail);
  socket.once('close', fail);
  return socket;
}

function checkPeer(socket: TLSSocket, pin: Pin): Checked | DialFailure {
  if (socket.getProtocol() !== 'TLSv1.3' || socket.isSessionReused()) return 'handshake-failed';
  const { raw: leaf, issuerCertificate } = socket.getPeerCertificate(true);
  // the types say that both are there; of a chain that does not fit together, neither need be
  const issuer = (issuerCertificate as { raw: Uint8Array } | undefined)?.raw;
  if ((leaf as Uint8Array | undefined) === undefined || issuer === undefined) return 'another-coordinator';
  const keys = verifySessionCertificate(leaf, issuer);
  if ('failure' in keys) return 'another-coordinator';
  const hash = transportKeyHash(keys.transportKey);
  const isPinned =
    timingSafeEqual(hash.subarray(0, pin.transportKeyHash.length), pin.transportKeyHash) &&
    (pin.coordinatorKey === undefined || equalBytes(pin.coordinatorKey, keys.coordinatorKey));
  return isPinned ? { ...keys, exporter: exporterOf(socket) } : 'another-coordinator';
}
