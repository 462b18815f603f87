/**
 * The interface's own scheme, app://masquerade/..., instead of file:// (which would let a page read files): answers with
 * the files of one folder, by a list of kinds, and with pages that main makes itself. Every answer carries the content
 * security policy.
 *
 * The origin of such an address is 'null' to Node's URL, so scheme and host are compared by themselves.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { policyOf } from '../host/worker-policy.ts';

export const SCHEME = 'app';
export const AUTHORITY = 'masquerade';
export const START_PAGE = `${SCHEME}://${AUTHORITY}/index.html`;

/** Nothing from elsewhere, and nothing inline but style attributes, which the interface's charts set. */
export const INTERFACE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Kinds of files that the interface is made of; others are not there. */
const kinds: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

export function isInterfaceAddress(address: string): boolean {
  const url = parse(address);
  return url !== undefined && isOurs(url);
}

/** Under it, or undefined where the address leaves the folder or is no address of the interface's. */
export function fileOf(address: string, folder: string): string | undefined {
  const url = parse(address);
  if (url === undefined || !isOurs(url)) return undefined;
  let name: string;
  try {
    name = decodeURIComponent(url.pathname);
  } catch {
    return undefined;
  }
  // what only one system takes for a separator, a drive or a stream of a file is refused on all
  if (/[\\:\0]/.test(name)) return undefined;
  const file = path.resolve(folder, `.${name === '/' ? '/index.html' : name}`);
  const within = path.relative(path.resolve(folder), file);
  return within === '' || within.startsWith('..') || path.isAbsolute(within) ? undefined : file;
}

export interface MadePage {
  readonly html: string;
  readonly policy: string;
}

export interface Served {
  /** Where the interface was built. */
  readonly folder: string;
  /** Pages made by main, by their path ('/shell/unlock'). */
  readonly made: (path: string) => MadePage | undefined;
  /** Style sheets that made pages name, by their path. */
  readonly styles: (path: string) => string | undefined;
}

/** For protocol.handle(). */
export async function answerRequest(
  request: { readonly method: string; readonly url: string },
  served: Served,
): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refused(405);
  const url = parse(request.url);
  if (url === undefined || !isOurs(url)) return refused(400);
  const made = served.made(url.pathname);
  if (made !== undefined) return answer(made.html, kinds['.html']!, made.policy);
  const file = served.styles(url.pathname) ?? fileOf(request.url, served.folder);
  const kind = file === undefined ? undefined : kinds[path.extname(file)];
  if (file === undefined || kind === undefined) return refused(404);
  try {
    const place = `/${path.relative(served.folder, file).replaceAll(path.sep, '/')}`;
    return answer(await readFile(file), kind, policyOf(place, INTERFACE_POLICY));
  } catch {
    return refused(404);
  }
}

function answer(body: string | Uint8Array<ArrayBuffer>, kind: string, policy: string): Response {
  return new Response(body, {
    headers: {
      'Content-Type': kind,
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
      'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
    },
  });
}

function refused(status: number): Response {
  return new Response(null, { status, headers: { 'Content-Security-Policy': "default-src 'none'" } });
}

function isOurs(url: URL): boolean {
  return (
    url.protocol === `${SCHEME}:` &&
    url.hostname === AUTHORITY &&
    url.port === '' &&
    url.username === '' &&
    url.password === ''
  );
}

function parse(address: string): URL | undefined {
  return URL.canParse(address) ? new URL(address) : undefined;
}
