/**
 * Who may talk to the browser host. It listens on this machine alone, but every page in every browser of this machine can
 * reach it, and so can every other user. Three things keep them out, each by itself: the Host header must name this very
 * address (a page whose domain was pointed at 127.0.0.1 names its own), the Origin must be the page that we served, and
 * whoever opens the socket must know the token of this start. Does not protect against programs of the same user.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { sha256 } from '../../core/crypto/hash.ts';

export const protocolName = 'masquerade';
const tokenPrefix = 'token.';

/** 256 bits, as it stands in a link and in the name of a WebSocket subprotocol. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** In constant time, whatever the length of what was given. */
export function isToken(given: string, token: string): boolean {
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Uint8Array {
  return sha256(new TextEncoder().encode(text));
}

/** The names under which this machine alone can be reached. */
export function ownHosts(port: number): readonly string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`];
}

export function hasOwnHost({ headers }: IncomingMessage, port: number): boolean {
  return headers.host !== undefined && ownHosts(port).includes(headers.host.toLowerCase());
}

/** Of the page that we served, or of none. */
export function hasOwnOrigin({ headers }: IncomingMessage, port: number): boolean {
  const { origin } = headers;
  return origin === undefined || ownHosts(port).some((host) => origin === `http://${host}`);
}

/** The token in a WebSocket's subprotocols: a browser's WebSocket can send no header of its own. */
export function offersToken({ headers }: IncomingMessage, token: string): boolean {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const given = offered.find((name) => name.startsWith(tokenPrefix));
  return (
    offered.includes(protocolName) && given !== undefined && isToken(given.slice(tokenPrefix.length), token)
  );
}
