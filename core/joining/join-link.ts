/**
 * Join links: what a QR code and discovery carry, masquerade://join/<CODE>?k=<hash>&a=<host:port>&a=<[v6]:port>.
 *
 * k is all of the TLS key's SHA-256 (base64url), of which the code holds the beginning; each a is another address.
 * Like a code, a link is no secret and admits nobody.
 */
import { FederationError } from '../errors/federation-error.ts';
import {
  JOIN_CODE_CHARACTERS,
  decodeJoinCode,
  encodeJoinCode,
  explainJoinCodeRefusal,
  isIPv4,
  isPort,
} from './join-code.ts';
import { LINK_HASH_BYTES } from './session-name.ts';
import { equalBytes } from '../bytes/bytes.ts';
import { sessionBytes } from '../wire/header.ts';

/** host: an IPv4 or IPv6 address (without brackets) or a name. */
export interface JoinEndpoint {
  readonly host: string;
  readonly port: number;
}

/** What a participant knows beforehand of a session: where it is, and by what key to recognise it. */
export interface Invitation {
  /** Most likely first, each once. */
  readonly endpoints: readonly JoinEndpoint[];
  /** The first 10 bytes of SHA-256 of the TLS key from a code, all 32 from a link. */
  readonly transportKeyHash: Uint8Array;
  /** The session's 16 bytes from a link; from a code their first 10. */
  readonly session: Uint8Array;
}

/** Addresses beyond the code's; a laptop has fewer, and a link must fit a QR code. */
export const MOST_LINK_ADDRESSES = 8;

const LINK_START = 'masquerade://join/';
/** A link ends where text around it goes on: space, quotes, brackets; [ ] and : belong to IPv6 addresses. */
const LINK = /masquerade:\/\/join\/([^\s"'<>(){}?#]*)\??([^\s"'<>(){}#]*)/i;
/** Longer text is not searched. */
const LONGEST_TEXT = 10_000;
const IPV6 = /^[0-9a-f:]{2,39}(?:(?<=:)\d{1,3}(?:\.\d{1,3}){3})?$/i;
const NAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9](?:[a-z0-9-]{0,62}))*\.?$/i;

/**
 * The code and link of a session. The first IPv4 address at a port becomes the code's; without one the code names no
 * address, and only the link can be used. `transportKeyHash`: 32 bytes.
 */
export function makeInvitation(
  endpoints: readonly JoinEndpoint[],
  transportKeyHash: Uint8Array,
): { readonly code: string; readonly link: string } {
  if (transportKeyHash.length !== LINK_HASH_BYTES) {
    throw new RangeError(`the hash of the TLS key must have 32 bytes, and has ${transportKeyHash.length}`);
  }
  const first = endpoints.find(({ host }) => isIPv4(host));
  const port = (first ?? endpoints[0])?.port;
  if (port === undefined) throw new RangeError('an invitation needs an address');
  const code = encodeJoinCode({ host: first?.host, port, transportKeyHash });
  const others = endpoints.filter((endpoint) => endpoint !== first).slice(0, MOST_LINK_ADDRESSES);
  const query = [
    `k=${toBase64Url(transportKeyHash)}`,
    ...others.map((endpoint) => `a=${formatEndpoint(endpoint)}`),
  ];
  return { code, link: `${LINK_START}${code}?${query.join('&')}` };
}

/**
 * Reads what a person typed, pasted or scanned: a code, or a link with or without text around it. Throws
 * FederationError 'invalid-setting' that says what is wrong with it.
 */
export function parseInvitation(text: string): Invitation {
  const link = LINK.exec(text.slice(0, LONGEST_TEXT));
  if (link !== null) return parseLink(link[1]!, link[2]!);
  if (/[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    throw refused('link', text, `it must start with ${LINK_START}, and does not`);
  }
  const code = parseCode(text);
  if (code.host === undefined) {
    throw refused('code', text, 'it names no address: use the link or the QR code instead');
  }
  return {
    endpoints: [{ host: code.host, port: code.port }],
    transportKeyHash: code.transportKeyHash,
    session: code.transportKeyHash,
  };
}

function parseLink(codeText: string, query: string): Invitation {
  const code = parseCode(codeText.replace(/%20/g, ''));
  const endpoints: JoinEndpoint[] = code.host === undefined ? [] : [{ host: code.host, port: code.port }];
  let hash: Uint8Array | undefined;
  // what a messenger or a mail program puts after a link is cut off: full stop, comma, and the like
  for (const field of query.replace(/[.,;!?*_]+$/, '').split('&')) {
    const name = field.slice(0, 2);
    const value = field.slice(2);
    if (name === 'k=' && hash === undefined) {
      hash = fromBase64Url(value);
      if (hash?.length !== LINK_HASH_BYTES) {
        throw refused(
          'link',
          codeText,
          'its part k must be 32 bytes in base64url, and is cut short or altered',
        );
      }
    } else if (name === 'a=') {
      const endpoint = parseEndpoint(value);
      if (endpoint === undefined) {
        throw refused(
          'link',
          codeText,
          `its part a must be an address and a port, and is "${value.slice(0, 80)}"`,
        );
      }
      endpoints.push(endpoint);
    } else if (field !== '') {
      throw refused('link', codeText, `it must have the parts k and a only, and has "${field.slice(0, 20)}"`);
    }
  }
  if (hash === undefined) throw refused('link', codeText, 'it must have a part k, and has none');
  if (!equalBytes(hash.subarray(0, code.transportKeyHash.length), code.transportKeyHash)) {
    throw refused('link', codeText, 'its code and its part k must name one key, and name two');
  }
  if (endpoints.length === 0) throw refused('link', codeText, 'it must name an address, and names none');
  if (endpoints.length > MOST_LINK_ADDRESSES + 1) {
    throw refused(
      'link',
      codeText,
      `it must name at most ${MOST_LINK_ADDRESSES + 1} addresses, and names ${endpoints.length}`,
    );
  }
  const unique = new Map(endpoints.map((endpoint) => [formatEndpoint(endpoint), endpoint]));
  return { endpoints: [...unique.values()], transportKeyHash: hash, session: hash.slice(0, sessionBytes) };
}

function parseCode(text: string): Exclude<ReturnType<typeof decodeJoinCode>, { refused: unknown }> {
  const code = decodeJoinCode(text);
  if ('refused' in code) throw refused('code', text, explainJoinCodeRefusal(code.refused));
  return code;
}

/** "192.168.1.7:7000", "[fd00::7]:7000". */
export function formatEndpoint({ host, port }: JoinEndpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The reverse; undefined when it is not an address or name with a port. */
export function parseEndpoint(text: string): JoinEndpoint | undefined {
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/.exec(text);
  if (match === null) return undefined;
  const [, ipv6, other = '', digits] = match;
  const port = Number(digits);
  if (!isPort(port)) return undefined;
  if (ipv6 !== undefined) return IPV6.test(ipv6) ? { host: ipv6.toLowerCase(), port } : undefined;
  // digits and dots alone are an IPv4 address or nothing: "1.2.3" and "010.0.0.1" are read differently by different systems
  if (/^[\d.]*$/.test(other)) return isIPv4(other) ? { host: other, port } : undefined;
  return NAME.test(other) ? { host: other.toLowerCase(), port } : undefined;
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

/** Undefined for what toBase64Url() would not have written. */
function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(text) || text.length % 4 === 1) return undefined;
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
    character.codePointAt(0)!,
  );
  return toBase64Url(bytes) === text ? bytes : undefined;
}

function refused(what: 'code' | 'link', value: string, reason: string): FederationError<'invalid-setting'> {
  return new FederationError('invalid-setting', `Cannot use the join ${what}, as ${reason}.`, {
    details: {
      field: `join ${what}`,
      value: value.slice(0, 200),
      allowed: `a join code of ${JOIN_CODE_CHARACTERS} characters, or a link that starts with ${LINK_START}`,
    },
    blame: 'user',
    action: 'correct',
  });
}
