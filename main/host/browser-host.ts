/**
 * The interface in a browser: its files over HTTP, and the host behind them over a WebSocket, both on 127.0.0.1 alone.
 * Who is let in: access.ts. The token is in the link's fragment, which a browser sends to nobody; it is never served.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { fromWireText, toWireText } from '../../core/contract/wire-json.ts';
import { FederationError } from '../../core/errors/federation-error.ts';
import { hasOwnHost, hasOwnOrigin, newToken, offersToken, protocolName } from './access.ts';
import type { Host } from './host.ts';
import { type InterfaceFiles, interfaceFiles } from './interface-files.ts';
import { policyOf } from './worker-policy.ts';

export interface BrowserHostOptions {
  readonly host: Host;
  /** Of the built interface. */
  readonly folder: string;
  /** 0: any that is free. */
  readonly port: number;
}

export interface BrowserHost {
  readonly port: number;
  /** To open in a browser; whoever has it can do what the person at this machine can. */
  readonly link: string;
  /** Settled once a page has connected for the first time. */
  readonly connected: Promise<void>;
  /** No page is connected any more; the host itself goes on. */
  close(): Promise<void>;
}

/** A restored identity's file is below 1 MB, a third more as text. */
const largestMessageBytes = 4 << 20;
/** What a page has not taken in yet; one that hangs must not fill the memory. */
const largestBacklogBytes = 256 << 20;
const mostPages = 32;
const address = '127.0.0.1';

/** Throws 'file-not-found' where the interface is not built, 'invalid-setting' where the port is taken. */
export async function openBrowserHost({ host, folder, port }: BrowserHostOptions): Promise<BrowserHost> {
  const files = await interfaceFiles(folder);
  const token = newToken();
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 16 << 10 });
  const own = await listen(server, port);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: largestMessageBytes,
    perMessageDeflate: false,
    handleProtocols: () => protocolName,
  });
  let hasConnected = (): void => undefined;
  const connected = new Promise<void>((resolve) => {
    hasConnected = resolve;
  });

  server.on('request', (request, response) => {
    void answer(request, response, { files, port: own });
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = refusalOf(request, { port: own, token, pages: sockets.clients.size });
    if (refusal !== undefined) return refuse(socket, refusal);
    sockets.handleUpgrade(request, socket, head, (page) => {
      hasConnected();
      serve(host, page);
    });
  });
  return {
    port: own,
    link: `http://${address}:${own}/#token=${token}`,
    connected,
    async close() {
      for (const page of sockets.clients) page.terminate();
      sockets.close();
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const found = cause.code === 'EADDRINUSE' ? 'taken by another program' : (cause.code ?? cause.message);
      const allowed = 'one that is free and that this user may open';
      reject(
        new FederationError(
          'invalid-setting',
          `Cannot use port ${port}, as it must be ${allowed}, and is ${found}.`,
          {
            details: { field: 'port', value: port, allowed },
            blame: 'user',
            action: 'correct',
            cause,
          },
        ),
      );
    });
    server.listen(port, address, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

// Files

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { files, port }: { readonly files: InterfaceFiles; readonly port: number },
): Promise<void> {
  const refusal = fileRefusal(request, port);
  const [path = ''] = (request.url ?? '').split('?');
  for (const [name, value] of Object.entries(securityHeaders(path, port))) response.setHeader(name, value);
  const file = refusal === undefined ? await files.read(path) : undefined;
  if (file === undefined) {
    end(response, refusal ?? 404);
    return;
  }
  response.setHeader('Content-Type', file.type);
  response.setHeader('Content-Length', file.bytes.length);
  response.setHeader('Cache-Control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-store');
  response.end(request.method === 'HEAD' ? undefined : file.bytes);
}

function fileRefusal(request: IncomingMessage, port: number): number | undefined {
  if (!hasOwnHost(request, port)) return 421;
  if (!hasOwnOrigin(request, port)) return 403;
  return request.method === 'GET' || request.method === 'HEAD' ? undefined : 405;
}

function end(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.setHeader('Cache-Control', 'no-store');
  if (status === 405) response.setHeader('Allow', 'GET, HEAD');
  // what a refused request still sends is not read
  response.setHeader('Connection', 'close');
  response.end();
}

function securityHeaders(path: string, port: number): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self' ws://127.0.0.1:${port} ws://localhost:${port}`,
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'Content-Security-Policy': policyOf(path, policy.join('; ')),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
  };
}

// The socket

function refusalOf(
  request: IncomingMessage,
  { port, token, pages }: { readonly port: number; readonly token: string; readonly pages: number },
): number | undefined {
  if (!hasOwnHost(request, port)) return 421;
  // a page's WebSocket always names its origin; what names none is no page
  if (request.headers.origin === undefined || !hasOwnOrigin(request, port)) return 403;
  if (request.method !== 'GET' || request.url !== '/host') return 404;
  if (!offersToken(request, token)) return 401;
  return pages >= mostPages ? 503 : undefined;
}

function refuse(socket: Duplex, status: number): void {
  socket.on('error', () => undefined);
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function serve(host: Host, page: WebSocket): void {
  const send = (message: unknown): void => {
    if (page.readyState !== page.OPEN) return;
    if (page.bufferedAmount > largestBacklogBytes) page.terminate();
    else page.send(toWireText(message));
  };
  const client = host.connect(send);
  page.on('message', (data: Buffer, isBinary) => {
    const call = isBinary ? undefined : readCall(data.toString('utf8'));
    if (call === undefined) {
      // no page of ours sends such a thing: what it sent behind is not looked at
      page.removeAllListeners('message');
      page.close(1008);
      return;
    }
    void client.call(call.name, call.args).then((result) => {
      send({ id: call.id, result });
    });
  });
  page.on('close', () => {
    client.close();
  });
  // a page that breaks off, or a frame that is too large: it is closed next
  page.on('error', () => undefined);
}

function readCall(
  text: string,
): { readonly id: number; readonly name: unknown; readonly args: unknown } | undefined {
  let message: unknown;
  try {
    message = fromWireText(text);
  } catch {
    return undefined;
  }
  if (typeof message !== 'object' || message === null) return undefined;
  const { id, name, args } = message as Readonly<Record<string, unknown>>;
  return Number.isSafeInteger(id) ? { id: id as number, name, args } : undefined;
}
