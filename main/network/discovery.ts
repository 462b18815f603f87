/**
 * Sessions on the local network, by DNS-SD over multicast DNS (RFC 6763, RFC 6762): the coordinator announces its join
 * link, participants list what is announced.
 *
 * Nothing announced is trusted: anybody in the room can announce anything, under any title. A person picks a session,
 * the pin in its link decides who is talked to, and the words whether it is the right one. Networks often block
 * multicast: discovery is a convenience beside the code, and its failing is a note, never an error.
 *
 * One socket per IPv4 interface, as a system without a default route (a room without internet) sends multicast nowhere
 * by itself. Packets are read behind a guard: an exception of the library at one that a stranger made must not end the
 * process.
 */
import { createSocket, type Socket } from 'node:dgram';
import { Bonjour, type Browser, type Service } from 'bonjour-service';
import { toHex } from '../../core/bytes/bytes.ts';
import { sanitiseName } from '../../core/joining/display-name.ts';
import { decodeJoinCode } from '../../core/joining/join-code.ts';
import {
  MOST_LINK_ADDRESSES,
  formatEndpoint,
  makeInvitation,
  parseInvitation,
  type JoinEndpoint,
} from '../../core/joining/join-link.ts';
import { plainAddress, readInterfaces } from './addresses.ts';

export interface Announcement {
  /** Shown to the people who browse. */
  readonly title: string;
  /** The session's join link. */
  readonly link: string;
  readonly port: number;
}

export interface FoundSession {
  /** Names it among those found: the session's 16 bytes, hexadecimal. */
  readonly session: string;
  /** Sanitised; may be anything, and the same for several. */
  readonly title: string;
  /** With the addresses that it was heard from. */
  readonly link: string;
  readonly addresses: readonly JoinEndpoint[];
}

export interface DiscoveryHandlers {
  /** Also when its title or addresses have changed. */
  found(session: FoundSession): void;
  lost(session: string): void;
}

export interface DiscoveryOptions {
  /** Something that keeps discovery from working here, once for each kind; reason: the system's code. */
  note?(text: string, reason: string): void;
  /** IPv4 addresses of interfaces to use instead of all that are not internal. */
  readonly interfaces?: readonly string[];
  readonly everyMs?: number;
  readonly port?: number;
}

export interface Discovery {
  stop(): Promise<void>;
}

const SERVICE_TYPE = 'masquerade';
const TXT_VERSION = '1';
const FALLBACK_TITLE = 'Masquerade';
const MDNS_PORT = 5353;
/** How often interfaces and sessions are looked for again. */
const EVERY_MS = 10_000;
/** Looked for so often without an answer, a session is lost. */
const MISSES = 3;
/** More are not listed: nobody runs so many in one room, and anybody can announce them. */
const MOST_FOUND = 100;
const MOST_ADDRESSES = MOST_LINK_ADDRESSES;

/** Announces a session until stopped. Never throws. */
export function announce(announcement: Announcement, options: DiscoveryOptions = {}): Discovery {
  const { code, hash, session } = piecesOf(announcement.link);
  return eachInterface(options, (bonjour) => {
    bonjour.publish({
      name: `masquerade-${session}`,
      // not the computer's own name, which often is its owner's
      host: `masquerade-${session}.local`,
      type: SERVICE_TYPE,
      port: announcement.port,
      // the name holds the session's hash: nobody else has it by chance
      probe: false,
      txt: { v: TXT_VERSION, t: sanitiseName(announcement.title, FALLBACK_TITLE), c: code, k: hash },
    });
    return {};
  });
}

/** Looks for sessions until stopped. Never throws. */
export function browse(handlers: DiscoveryHandlers, options: DiscoveryOptions = {}): Discovery {
  const found = new Map<string, { session: FoundSession; missed: number }>();

  // outside the guard: what handlers throw is not for it to swallow
  const tell = (act: () => void): void => {
    queueMicrotask(act);
  };
  const heard = (service: Service): void => {
    const heardNow = sessionOfService(service);
    if (heardNow === undefined) return;
    const known = found.get(heardNow.session)?.session;
    if (known === undefined && found.size >= MOST_FOUND) return;
    const session = known === undefined ? heardNow : joined(known, heardNow);
    found.set(session.session, { session, missed: 0 });
    if (known?.title !== session.title || known.link !== session.link) tell(() => handlers.found(session));
  };
  const gone = (name: string): void => {
    if (found.delete(name)) tell(() => handlers.lost(name));
  };

  return eachInterface(
    options,
    (bonjour) => {
      let browser: Browser | undefined;
      return {
        look() {
          browser?.stop();
          // a new one each time, as one tells a session that it knows no second time
          browser = bonjour.find({ type: SERVICE_TYPE });
          browser.on('up', heard);
          browser.on('down', (service) => {
            const session = sessionOfService(service);
            if (session !== undefined) gone(session.session);
          });
        },
      };
    },
    () => {
      for (const [name, entry] of found) {
        entry.missed += 1;
        if (entry.missed > MISSES) gone(name);
      }
    },
  );
}

/** What is announced of a link; the code's and the hash's own checks are the reader's business. */
function piecesOf(link: string): { code: string; hash: string; session: string } {
  const { session } = parseInvitation(link);
  const [, code = '', hash = ''] = /join\/([^?]*)\?k=([^&]*)/.exec(link) ?? [];
  return { code, hash, session: toHex(session) };
}

/** What a service announces, if it is a session of this version with a whole link. */
function sessionOfService(service: Service): FoundSession | undefined {
  const txt = (service.txt ?? {}) as Readonly<Record<string, unknown>>;
  const { v, t, c, k } = txt;
  if (v !== TXT_VERSION || typeof c !== 'string' || typeof k !== 'string') return undefined;
  const code = decodeJoinCode(c);
  if ('refused' in code) return undefined;
  const { port } = service;
  const hosts = [
    // where the packet came from reaches it for sure, whatever it says
    plainAddress(service.referer?.address),
    ...(service.addresses ?? []).slice(0, MOST_ADDRESSES).map((address) => plainAddress(address)),
    ...(code.host === undefined ? [] : [code.host]),
  ].filter((host) => host !== '' && !/^fe[89ab]/i.test(host));
  try {
    const { transportKeyHash } = parseInvitation(`masquerade://join/${c}?k=${k}&a=127.0.0.1:${port}`);
    return foundSession(
      typeof t === 'string' ? t : '',
      hosts.map((host) => ({ host, port })),
      transportKeyHash,
    );
  } catch {
    return undefined;
  }
}

/** Throws for what no link can hold. */
function foundSession(
  title: string,
  endpoints: readonly JoinEndpoint[],
  transportKeyHash: Uint8Array,
): FoundSession {
  const unique = new Map(endpoints.map((endpoint) => [formatEndpoint(endpoint), endpoint]));
  const { link } = makeInvitation([...unique.values()].slice(0, MOST_ADDRESSES), transportKeyHash);
  const { endpoints: addresses, session } = parseInvitation(link);
  return { session: toHex(session), title: sanitiseName(title, FALLBACK_TITLE), link, addresses };
}

/** One session heard twice, as on two interfaces: all its addresses. */
function joined(known: FoundSession, heard: FoundSession): FoundSession {
  const { transportKeyHash } = parseInvitation(known.link);
  return foundSession(heard.title, [...known.addresses, ...heard.addresses], transportKeyHash);
}

interface Station {
  readonly bonjour: Bonjour;
  readonly socket: Socket;
  readonly work: { look?(): void };
}

/** Runs something on every interface, those included that come up later. */
function eachInterface(
  options: DiscoveryOptions,
  begin: (bonjour: Bonjour) => Station['work'],
  tick: () => void = () => {},
): Discovery {
  const stations = new Map<string, Station>();
  const said = new Set<string>();
  const note = (error: unknown): void => {
    const reason =
      typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
    if (said.has(reason)) return;
    said.add(reason);
    options.note?.(
      `Sessions on this network cannot be found by themselves (${reason}); the join code and the link work.`,
      reason,
    );
  };
  const quietly = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      note(error);
    }
  };

  const end = (address: string, station: Station): Promise<void> => {
    stations.delete(address);
    return new Promise((resolve) => {
      const close = (): void => {
        quietly(() => {
          station.bonjour.destroy();
        });
        resolve();
      };
      // says goodbye first; not for longer than this, as a network that is gone takes no goodbye
      const timer = setTimeout(close, 500);
      quietly(() => {
        station.bonjour.unpublishAll(() => {
          clearTimeout(timer);
          close();
        });
      });
    });
  };

  const look = (): void => {
    const addresses = options.interfaces ?? outsideIPv4();
    if (addresses.length === 0) note({ code: 'no network' });
    for (const [address, station] of stations) if (!addresses.includes(address)) void end(address, station);
    for (const address of addresses) {
      if (stations.has(address)) continue;
      quietly(() => {
        const socket = guardedSocket(note);
        const multicast = {
          socket,
          interface: address,
          // bound below instead, to all addresses: bound to one, Linux would hand it no multicast
          bind: false,
          port: options.port ?? MDNS_PORT,
        };
        const bonjour = new Bonjour(multicast, note);
        socket.once('listening', () => {
          // the library has done the same, and keeps it to itself when it cannot
          quietly(() => {
            socket.setMulticastInterface(address);
          });
        });
        socket.bind({ port: multicast.port, address: '0.0.0.0' });
        socket.unref();
        stations.set(address, { bonjour, socket, work: begin(bonjour) });
      });
    }
    tick();
    for (const { work } of stations.values()) quietly(() => work.look?.());
  };

  look();
  const timer = setInterval(look, options.everyMs ?? EVERY_MS);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all([...stations].map(([address, station]) => end(address, station)));
    },
  };
}

/** A datagram socket whose errors are notes, and whose receivers cannot throw at what they receive. */
function guardedSocket(note: (error: unknown) => void): Socket {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  const emit = socket.emit.bind(socket) as (event: string | symbol, ...values: unknown[]) => boolean;
  socket.emit = (event: string | symbol, ...values: unknown[]): boolean => {
    if (event === 'error') {
      note(values[0]);
      return true;
    }
    if (event !== 'message') return emit(event, ...values);
    try {
      return emit(event, ...values);
    } catch {
      // a packet that the library cannot read
      return true;
    }
  };
  return socket;
}

function outsideIPv4(): readonly string[] {
  return Object.values(readInterfaces()).flatMap((infos) =>
    (infos ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
      .slice(0, 1)
      .map(({ address }) => address),
  );
}
