/**
 * The coordinator's end: a TLS 1.3 server that speaks WebSocket at one path and nothing else.
 *
 * What a stranger can make it do is bounded at every stage: arriving (arrivals.ts), TLS handshake, upgrade request,
 * proof of identity (each with its deadline), and the bytes it may send until it is admitted. No tickets and no
 * resumption: every connection proves the TLS key anew and has an exporter of its own.
 *
 * Not protected against: floods below TCP, or so many addresses that all places for strangers are taken. Admitted
 * connections go on then, newcomers wait.
 */
import { constants, createPrivateKey } from 'node:crypto';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { WebSocketServer } from 'ws';
import { ownAddresses, plainAddress } from './addresses.ts';
import { createArrivals, defaultArrivalLimits, type ArrivalLimits, type Place } from './arrivals.ts';
import {
  PeerConnection,
  defaultConnectionTiming,
  defaultQueueLimits,
  webSocketOptions,
  windowOf,
  type ConnectionTiming,
  type QueueLimits,
} from './connection.ts';
import { exporterOf, identityFromHeader, IDENTITY_HEADER, PATH, SUBPROTOCOL } from './handshake.ts';
import type { Listener, ListenerHandlers, TransportKeys } from './transport.ts';

export interface ListenerLimits extends ArrivalLimits {
  /** Of the TLS handshake. */
  readonly handshakeMs: number;
  /** From there to the upgrade request. */
  readonly upgradeMs: number;
  /** From there to admit(). */
  readonly admissionMs: number;
  /** That a connection may send before it is admitted. */
  readonly strangerBytes: number;
  /** In flight over all connections. */
  readonly budgetBytes: number;
  readonly queue: QueueLimits;
}

export const defaultListenerLimits: ListenerLimits = {
  ...defaultArrivalLimits,
  handshakeMs: 10_000,
  upgradeMs: 10_000,
  admissionMs: 15_000,
  strangerBytes: 64 * 1024,
  budgetBytes: 32 * 2 ** 20,
  queue: defaultQueueLimits,
};

export interface ListenerOptions {
  readonly transport: TransportKeys;
  /** An address of this machine; all of them, IPv4 and IPv6, unless given. */
  readonly host?: string | undefined;
  /** Any free one unless given. */
  readonly port?: number | undefined;
  /** Largest message that a participant may send, below 2^31. */
  readonly maxMessageBytes: number;
  readonly limits?: Partial<ListenerLimits> | undefined;
  readonly timing?: Partial<ConnectionTiming> | undefined;
  readonly handlers: ListenerHandlers;
}

type Turned = Parameters<ListenerHandlers['turnedAway']>[1];

/** A TCP connection on its way to becoming a Connection. */
interface Visitor {
  readonly address: string;
  readonly place: Place;
  readonly socket: Socket;
  timer: NodeJS.Timeout;
  /** What to say when it goes now; undefined once it is a Connection, or has been told. */
  turned: Turned | undefined;
}

/** Room for the identity (1,366 characters) and the few lines of an upgrade. */
const MOST_HEADER_BYTES = 4096;
const DEFAULT_CLOSE_MS = 2_000;
/** What OpenSSL and BoringSSL say of bytes that are no TLS at all. */
const NOT_TLS =
  /HTTP_REQUEST|HTTPS_PROXY_REQUEST|WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNKNOWN_PROTOCOL|BAD_RECORD_TYPE|INVALID_RECORD_TYPE|UNEXPECTED_MESSAGE/;

/** Rejects with the system's error when the address cannot be listened at (EADDRINUSE, EADDRNOTAVAIL, EACCES). */
export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { handlers } = options;
  const limits: ListenerLimits = { ...defaultListenerLimits, ...options.limits };
  const timing: ConnectionTiming = { ...defaultConnectionTiming, ...options.timing };
  const arrivals = createArrivals(limits, () => performance.now());
  const visitors = new Map<string, Visitor>();
  const connections = new Set<PeerConnection>();
  let nextId = 1;

  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    ...webSocketOptions(options.maxMessageBytes, timing),
    handleProtocols: () => SUBPROTOCOL,
  });

  const arrive = (socket: Socket): void => {
    const address = plainAddress(socket.remoteAddress);
    const place = arrivals.enter(address);
    socket.on('error', () => {});
    if (place === undefined) {
      socket.resetAndDestroy();
      handlers.turnedAway(address, 'overcrowded');
      return;
    }
    const visitor: Visitor = {
      address,
      place,
      socket,
      timer: setTimeout(() => socket.destroy(), limits.handshakeMs),
      turned: 'handshake-failed',
    };
    const key = keyOf(socket);
    visitors.set(key, visitor);
    socket.once('close', () => {
      clearTimeout(visitor.timer);
      visitors.delete(key);
      place.leave();
      if (visitor.turned !== undefined) handlers.turnedAway(address, visitor.turned);
    });
    secure.emit('connection', socket);
  };

  const secure = createSecureServer(options.transport);
  secure.on('secureConnection', (socket: TLSSocket) => {
    const visitor = visitors.get(keyOf(socket));
    if (visitor === undefined || socket.isSessionReused() || socket.getProtocol() !== 'TLSv1.3') {
      socket.destroy();
      return;
    }
    visitor.turned = 'not-websocket';
    clearTimeout(visitor.timer);
    visitor.timer = setTimeout(() => visitor.socket.destroy(), limits.upgradeMs);
  });
  secure.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
    const visitor = visitors.get(keyOf(socket));
    if (visitor !== undefined && NOT_TLS.test(error.code ?? '')) visitor.turned = 'not-tls';
    socket.destroy();
    visitor?.socket.destroy();
  });
  secure.on('clientError', (_error: Error, socket: Duplex) => {
    socket.destroy();
  });
  secure.on('request', (request, response) => {
    // no body is read, nothing about this server is said
    response.writeHead(426, { Connection: 'close', Upgrade: 'websocket' }).end(() => {
      request.socket.destroy();
    });
  });
  secure.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    // an https server hands on nothing else
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
    const socket = stream as TLSSocket;
    const visitor = visitors.get(keyOf(socket));
    const identity = identityFromHeader(request.headers[IDENTITY_HEADER]);
    const isOurs =
      request.url === PATH &&
      request.headers['sec-websocket-protocol'] === SUBPROTOCOL &&
      // a page in a browser, which no participant is
      request.headers.origin === undefined;
    if (visitor === undefined || !isOurs || identity === undefined) {
      if (visitor !== undefined && isOurs) visitor.turned = 'misbehaved';
      refuseUpgrade(socket);
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      clearTimeout(visitor.timer);
      visitor.turned = undefined;
      const connection = new PeerConnection({
        id: nextId++,
        webSocket,
        socket,
        remoteAddress: visitor.address,
        exporter: exporterOf(socket),
        claimedIdentity: identity,
        timing,
        queue: limits.queue,
        window: () => windowOf(limits.budgetBytes, connections.size),
        strangerBytes: limits.strangerBytes,
        events: {
          message: handlers.message,
          admitted() {
            clearTimeout(visitor.timer);
            visitor.place.admit();
          },
          closed(ended, reason, by) {
            clearTimeout(visitor.timer);
            handlers.closed(ended, reason, by);
          },
        },
      });
      connections.add(connection);
      void connection.gone.then(() => connections.delete(connection));
      visitor.timer = setTimeout(() => connection.close('unproven'), limits.admissionMs);
      handlers.connected(connection);
    });
  });

  const server = createServer({ noDelay: true, keepAlive: true }, arrive);
  await listen(server, options.port ?? 0, options.host);
  const { port, address } = server.address() as AddressInfo;

  return {
    port,
    get addresses() {
      const isAny = address === '::' || address === '0.0.0.0';
      const hosts = isAny ? ownAddresses() : [plainAddress(address)];
      return hosts
        .filter((host) => address !== '0.0.0.0' || !host.includes(':'))
        .map((host) => ({ host, port }));
    },
    get connections() {
      return [...connections].filter((connection) => !connection.hasEnded).length;
    },
    async close(withinMs = DEFAULT_CLOSE_MS) {
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      for (const visitor of visitors.values()) {
        if (visitor.turned === undefined) continue;
        visitor.turned = undefined;
        visitor.socket.destroy();
      }
      await Promise.all([...connections].map((connection) => connection.closeWithin('closing', withinMs)));
      await closed;
      secure.close();
    },
  };
}

function createSecureServer(transport: TransportKeys): HttpsServer {
  const privateKey = createPrivateKey({
    key: Buffer.from(transport.privateKey),
    format: 'der',
    type: 'pkcs8',
  });
  return createHttpsServer({
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }),
    cert: transport.certificateChain,
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    ALPNProtocols: ['http/1.1'],
    // OpenSSL still sends tickets then, but such that only a session cache could honour, and there is none
    secureOptions: constants.SSL_OP_NO_TICKET,
    maxHeaderSize: MOST_HEADER_BYTES,
    // the deadlines of this file hold instead
    handshakeTimeout: 0x7fffffff,
    headersTimeout: 0,
    requestTimeout: 0,
  });
}

function refuseUpgrade(socket: TLSSocket): void {
  socket.on('error', () => {});
  socket.end(`HTTP/1.1 400 ${STATUS_CODES[400]!}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => {
    socket.destroy();
  });
}

/** Names a TCP connection: a TLS socket has the ends of the one below it. */
function keyOf(socket: Socket): string {
  return `${socket.remoteAddress ?? ''} ${socket.remotePort ?? ''}`;
}

function listen(server: Server, port: number, host: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const ready = (): void => {
      server.off('error', reject);
      // a connection that could not be accepted (no file descriptor left): the others go on
      server.on('error', () => {});
      resolve();
    };
    if (host === undefined) server.listen(port, ready);
    else server.listen(port, host, ready);
  });
}
