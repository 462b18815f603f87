/**
 * A million messages that nobody sent, into a running session: by strangers, by a guest, by a member of the roster, and
 * from the coordinator's side to a participant. While they come, one participant's next real message is held back, so
 * that they come in every phase. None may be accepted, nothing may crash, and the session must finish.
 *
 * In one process and past the sockets for speed, through the handlers that sockets call; some thousands over sockets.
 */
import { generateIdentity, type Identity } from '../../core/crypto/rsa.ts';
import { systemRandom } from '../../core/crypto/random.ts';
import type { SessionEvent } from '../../core/contract/session-event.ts';
import { guestSigner } from '../../core/joining/credentials.ts';
import { parseInvitation } from '../../core/joining/join-link.ts';
import { randomStream, type RandomStream } from '../../core/random/stream.ts';
import { sealMessage } from '../../core/wire/envelope.ts';
import { openDialer } from '../../main/network/dialer.ts';
import type { CloseReason, Connection } from '../../main/network/transport.ts';
import { type FuzzRoom, openFuzzRoom } from './fuzz-room.ts';
import { Corpus, mutate, signedByAnother } from './mutations.ts';
import type { SoakOptions, SoakPart } from './part.ts';

const honest = 4;
const rounds = 3;
/** Held messages of a whole session: hello, entry, the lobby's two, the confirmation, and five in each round. */
const gates = 5 + 5 * rounds;
/** Messages between two looks at what else there is to do. */
const burst = 400;
/** Of one connection: it is closed after some fifty refusals. */
const perConnection = 60;
const socketConnections = 60;
/** Signing costs most: one in so many is signed by somebody else. */
const everyNthSigned = 200;
/** What a refused message may lead to. */
const harmless: ReadonlySet<SessionEvent['type']> = new Set(['turned-away', 'note', 'lobby']);

export async function soakFuzz({ seed, messages, onProgress }: SoakOptions): Promise<SoakPart> {
  const outsider = await generateIdentity(2048);
  const fuzz = new Fuzz(randomStream(seed, 'fuzz'), outsider, Math.ceil(messages / gates), onProgress);
  return fuzz.run();
}

class Fuzz {
  readonly #stream: RandomStream;
  readonly #outsider: Identity;
  readonly #perGate: number;
  readonly #onProgress: (text: string) => void;
  readonly #up = new Corpus();
  readonly #down = new Corpus();
  readonly #violations: string[] = [];
  readonly #counts: Record<string, number> = {};
  readonly #roundsSeen = new Set<number>();
  #room: FuzzRoom | undefined;
  #total = 0;
  #gate = 0;
  #reconnections = -1;
  /** A fuzzed message is being handled at the coordinator, or at the participant. */
  #at: 'coordinator' | 'participant' | undefined;
  /** What came of it. */
  #accepted: string | undefined;

  constructor(stream: RandomStream, outsider: Identity, perGate: number, onProgress: (text: string) => void) {
    this.#stream = stream;
    this.#outsider = outsider;
    this.#perGate = perGate;
    this.#onProgress = onProgress;
  }

  async run(): Promise<SoakPart> {
    const startedAt = performance.now();
    this.#room = await openFuzzRoom({
      honest,
      rounds,
      onMessage: (direction, bytes) => {
        (direction === 'up' ? this.#up : this.#down).add(bytes);
      },
      hold: () => this.#fuzzPhase(),
      onCoordinatorEvent: (event) => {
        if (event.type === 'round-started') this.#roundsSeen.add(event.round);
        this.#notice('coordinator', event);
      },
      onParticipantEvent: (event) => {
        if (event.type === 'connected') this.#reconnections += 1;
        if (event.type === 'disconnected') this.#onProgress(`fuzz: disconnected, ${event.reason}`);
        this.#notice('participant', event);
      },
    });
    const { coordinator, participants } = await this.#room.ended;
    this.#room.close();
    if (coordinator.outcome !== 'finished') this.#violated(`the session ended ${coordinator.outcome}`);
    const expected = `finished ${coordinator.final?.modelSha256 ?? '-'}`;
    for (const how of participants) if (how !== expected) this.#violated(`a participant ended ${how}`);
    return {
      name: 'fuzz',
      figures: {
        messages: this.#total,
        seconds: Math.round((performance.now() - startedAt) / 1000),
        outcome: coordinator.outcome,
        typesMutated: new Set([...this.#up.types, ...this.#down.types]).size,
        heldMessages: this.#gate,
        reconnections: this.#reconnections,
        refusedInResults: coordinator.rounds.reduce((sum, { refused }) => sum + refused.length, 0),
        bySender: this.#counts,
      },
      violations: this.#violations,
    };
  }

  /** What is told while a fuzzed message is handled came of it. */
  #notice(at: 'coordinator' | 'participant', event: SessionEvent): void {
    if (this.#at !== at || harmless.has(event.type)) return;
    if (event.type === 'protocol' && event.event.kind === 'refused') return;
    this.#accepted = event.type;
  }

  #violated(what: string): void {
    if (this.#violations.length < 50) this.#violations.push(what);
  }

  /** All that comes while one real message is held. */
  async #fuzzPhase(): Promise<void> {
    this.#gate += 1;
    const endsAt = this.#total + this.#perGate;
    while (this.#total < endsAt && this.#room !== undefined) {
      for (let sent = 0; sent < burst;) sent += this.#fuzzOnce(this.#room);
      await new Promise(setImmediate);
    }
    if (this.#room !== undefined && this.#gate % 5 === 0)
      for (let index = 0; index < socketConnections / 4; index += 1) await this.#fuzzSocket(this.#room);
    this.#onProgress(`fuzz: ${this.#total} messages, ${this.#gate} of ${gates} gates`);
  }

  /** A few messages from somebody; how many. */
  #fuzzOnce(room: FuzzRoom): number {
    const choice = this.#stream.nextFloat();
    if (choice < 0.3) return this.#toParticipant(room);
    if (choice < 0.34) return this.#asStranger(room);
    const traitorSpeaks = this.#roundsSeen.size > 0 && choice < 0.8;
    return this.#asIdentity(room, traitorSpeaks ? room.traitor : this.#outsider, traitorSpeaks);
  }

  /** Any mutated message; directions are mixed up now and then. */
  #message(mine: Corpus, other: Corpus): Uint8Array | undefined {
    const corpus = this.#stream.nextBelow(8) === 0 ? other : mine;
    return this.#stream.nextBelow(everyNthSigned) === 0
      ? signedByAnother(corpus, this.#stream, this.#outsider)
      : mutate(corpus, this.#stream);
  }

  #toParticipant({ target }: FuzzRoom): number {
    const { handlers, connection, store } = target;
    if (handlers === undefined || connection === undefined) return 1;
    for (let index = 0; index < perConnection; index += 1) {
      const bytes = this.#message(this.#down, this.#up);
      if (bytes === undefined) continue;
      const [writes, sent] = [store.writes, target.sent];
      this.#handle('participant', () => {
        handlers.message(connection, bytes);
      });
      if (store.writes !== writes) this.#accepted ??= 'a write';
      if (target.sent !== sent) this.#accepted ??= 'an answer';
      this.#count('coordinator to participant', bytes);
    }
    return perConnection;
  }

  /** Without a hello. */
  #asStranger({ opened }: FuzzRoom): number {
    const bytes = this.#message(this.#up, this.#down);
    if (bytes === undefined) return 1;
    const { handlers } = opened.session;
    const connection = this.#standIn(this.#outsider);
    handlers.connected(connection);
    this.#handle('coordinator', () => {
      handlers.message(connection, bytes);
    });
    this.#count('stranger', bytes);
    connection.finish();
    return 1;
  }

  /** After a sound hello. */
  #asIdentity({ opened, session }: FuzzRoom, identity: Identity, isMember: boolean): number {
    const { handlers } = opened.session;
    const connection = this.#standIn(identity);
    handlers.connected(connection);
    const body = { exporter: connection.exporter, fresh: false };
    handlers.message(
      connection,
      sealMessage('hello', { session, round: 0, attempt: 0 }, body, guestSigner(identity)),
    );
    let sent = 0;
    for (; sent < perConnection && !connection.isClosed; sent += 1) {
      const bytes = this.#message(this.#up, this.#down);
      if (bytes === undefined) continue;
      this.#handle('coordinator', () => {
        handlers.message(connection, bytes);
      });
      this.#count(isMember ? 'member' : 'guest', bytes);
    }
    connection.finish();
    return Math.max(1, sent);
  }

  #handle(at: 'coordinator' | 'participant', work: () => void): void {
    this.#at = at;
    this.#accepted = undefined;
    try {
      work();
    } catch (error) {
      this.#accepted = `an exception: ${String(error)}`;
    }
    this.#at = undefined;
  }

  #count(sender: string, bytes: Uint8Array): void {
    this.#total += 1;
    this.#counts[sender] = (this.#counts[sender] ?? 0) + 1;
    if (this.#accepted !== undefined)
      this.#violated(
        `${sender}: ${this.#accepted} came of ${Buffer.from(bytes.subarray(0, 64)).toString('hex')} (${bytes.length} bytes), gate ${this.#gate}`,
      );
    this.#accepted = undefined;
  }

  /** A connection past the sockets: notes when it is answered. */
  #standIn(identity: Identity): Connection & { readonly isClosed: boolean; finish(): void } {
    const { handlers } = this.#room!.opened.session;
    let isClosed = false;
    const refusals: ReadonlySet<CloseReason> = new Set(['misbehaved', 'refused']);
    const connection = {
      id: this.#total,
      remoteAddress: '192.0.2.1',
      exporter: systemRandom.bytes(32),
      claimedIdentity: identity.publicKey.spki,
      traffic: { bytesSent: 0, bytesReceived: 0 },
      get isClosed() {
        return isClosed;
      },
      send: () => {
        if (this.#at === 'coordinator') this.#accepted = 'an answer';
      },
      admit: () => undefined,
      isAlive: () => Promise.resolve(false),
      close: (reason: CloseReason) => {
        isClosed = true;
        if (this.#at === 'coordinator' && !refusals.has(reason)) this.#accepted = `closed as ${reason}`;
      },
      finish: () => {
        handlers.closed(connection, 'lost', 'peer');
      },
    };
    return connection;
  }

  /** Over a real socket, within what one connection is allowed. */
  #fuzzSocket({ link, session }: FuzzRoom): Promise<void> {
    const invitation = parseInvitation(link);
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        void dialer.close(0).then(resolve);
      };
      const timer = setTimeout(end, 5_000);
      const dialer = openDialer({
        endpoints: invitation.endpoints,
        pin: { transportKeyHash: invitation.transportKeyHash },
        identity: this.#outsider.publicKey.spki,
        maxMessageBytes: 1 << 20,
        handlers: {
          connected: (connection) => {
            const body = { exporter: connection.exporter, fresh: true };
            const position = { session, round: 0, attempt: 0 };
            connection.send(sealMessage('hello', position, body, guestSigner(this.#outsider)));
            for (let index = 0; index < perConnection; index += 1) {
              const bytes = this.#message(this.#up, this.#down);
              if (bytes === undefined) continue;
              connection.send(bytes);
              this.#count('socket', bytes);
            }
          },
          message: () => undefined,
          // turned away, as it must be
          disconnected: end,
        },
      });
    });
  }
}
