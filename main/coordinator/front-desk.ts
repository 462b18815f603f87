/**
 * Receives whoever connects: proves its identity by the hello, tells it the plan, lets it into the lobby or the queue for
 * the next epoch, recognises members that come back, and hands messages of the protocol on. Whoever sends what does not
 * belong is refused, and after too many of these turned away; nobody else notices.
 */
import { equalBytes } from '../../core/bytes/bytes.ts';
import { type Identity, importPublicIdentity, type PublicIdentity } from '../../core/crypto/rsa.ts';
import { guestKeyring } from '../../core/joining/credentials.ts';
import { sanitiseName, uniqueName } from '../../core/joining/display-name.ts';
import { openMessage, peekType } from '../../core/wire/envelope.ts';
import { joiningLimits } from '../../core/wire/limits.ts';
import { type Body, guestSender, type MessageType } from '../../core/wire/messages.ts';
import type { CloseReason, Connection, ListenerHandlers } from '../network/transport.ts';
import type { Lobby } from './lobby.ts';
import type { Outbox } from './outbox.ts';
import type { People, Person } from './people.ts';

/** Whom the desk tells. */
export interface FrontDeskHost {
  entered(person: Person): void;
  confirmed(person: Person, answer: Body<'confirmation'>): void;
  repeatAnswered(person: Person, answer: Body<'repeat-answer'>): void;
  voted(person: Person, vote: Body<'vote'>): void;
  departed(person: Person): void;
  /** fresh: its process has just started. */
  connected(person: Person, fresh: boolean): void;
  disconnected(person: Person, reason: CloseReason): void;
  /** A message of the lobby or of a round. */
  message(person: Person, bytes: Uint8Array): void;
  refused(who: string, reason: string): void;
}

export interface FrontDeskOptions {
  readonly session: Uint8Array;
  readonly identity: Identity;
  /** The session's plan as JSON. */
  readonly plan: string;
  readonly people: People;
  readonly outbox: Outbox;
  readonly lobby: Lobby;
  readonly host: FrontDeskHost;
  /** This machine cannot go on. */
  readonly failed: (error: unknown) => void;
}

/** How long an earlier connection of the same identity has to show that it is alive. */
const aliveWithinMs = 3_000;
/** Refused messages of one connection after which it is closed. */
const mostRefusals = 50;
/** Messages a second from one connection, and how many at once: several times what the protocol needs. */
const messagesPerSecond = 50;
const messageBurst = 300;

interface Visit {
  person: Person | undefined;
  refusals: number;
  allowance: number;
  countedAt: number;
}

export class FrontDesk {
  readonly #options: FrontDeskOptions;
  readonly #visits = new Map<Connection, Visit>();

  constructor(options: FrontDeskOptions) {
    this.#options = options;
  }

  readonly handlers: ListenerHandlers = {
    connected: (connection) => {
      this.#visits.set(connection, {
        person: undefined,
        refusals: 0,
        allowance: messageBurst,
        countedAt: performance.now(),
      });
    },
    message: (connection, bytes) => {
      this.#receive(connection, bytes);
    },
    closed: (connection, reason) => {
      const person = this.#visits.get(connection)?.person;
      this.#visits.delete(connection);
      if (person?.connection !== connection) return;
      person.connection = undefined;
      person.lostAt = performance.now();
      this.#options.host.disconnected(person, reason);
    },
    turnedAway: (address, reason) => {
      this.#options.host.refused(address, reason);
    },
  };

  #receive(connection: Connection, bytes: Uint8Array): void {
    const visit = this.#visits.get(connection);
    if (visit === undefined) return;
    if (!this.#withinAllowance(visit)) return this.#turnAway(connection, visit, 'too-many-messages');
    const type = peekType(bytes);
    if (!type.ok) return this.#refuse(connection, visit, type.reason);
    const { person } = visit;
    if (person === undefined) {
      if (type.value === 'hello')
        void this.#greet(connection, visit, bytes).catch((error: unknown) => {
          this.#options.failed(error);
        });
      else this.#turnAway(connection, visit, 'no-hello');
      return;
    }
    this.#receiveFrom(person, type.value, connection, visit, bytes);
  }

  #receiveFrom(
    person: Person,
    type: MessageType,
    connection: Connection,
    visit: Visit,
    bytes: Uint8Array,
  ): void {
    const { host } = this.#options;
    const open = <Type extends MessageType>(expected: Type): Body<Type> | undefined => {
      const opened = this.#open(expected, bytes, person.identity);
      if (opened.ok) return opened.value.body;
      this.#refuse(connection, visit, opened.reason);
      return undefined;
    };
    switch (type) {
      case 'entry': {
        const body = open('entry');
        if (body !== undefined) this.#enter(person, body, connection, visit);
        return;
      }
      case 'confirmation': {
        const body = open('confirmation');
        if (body !== undefined) host.confirmed(person, body);
        return;
      }
      case 'repeat-answer': {
        const body = open('repeat-answer');
        if (body !== undefined) host.repeatAnswered(person, body);
        return;
      }
      case 'vote': {
        const body = open('vote');
        if (body !== undefined) host.voted(person, body);
        return;
      }
      case 'departure':
        if (open('departure') === undefined) return;
        host.departed(person);
        return;
      case 'hello':
        this.#refuse(connection, visit, 'replayed');
        return;
      default:
        host.message(person, bytes);
    }
  }

  /** Bytes of a person that the protocol refused. */
  refusedMessage(person: Person, reason: string): void {
    const { connection } = person;
    const visit = connection && this.#visits.get(connection);
    if (connection && visit) this.#refuse(connection, visit, reason);
  }

  // Greeting

  async #greet(connection: Connection, visit: Visit, bytes: Uint8Array): Promise<void> {
    const { people, outbox, lobby, host, plan, identity: own } = this.#options;
    const identity = soundIdentity(connection.claimedIdentity);
    if (identity === undefined) {
      this.#turnAway(connection, visit, 'identity-refused');
      return;
    }
    const hello = this.#open('hello', bytes, identity);
    if (!hello.ok) {
      this.#turnAway(connection, visit, hello.reason);
      return;
    }
    const { exporter, fresh } = hello.value.body;
    // the signature over this connection's exporter: a hello of another connection is worth nothing here
    if (!equalBytes(exporter, connection.exporter)) {
      this.#turnAway(connection, visit, 'wrong-session');
      return;
    }
    if (equalBytes(identity.spki, own.publicKey.spki)) {
      this.#turnAway(connection, visit, 'coordinator-as-participant');
      return;
    }
    const gone = people.goneBecause(identity);
    if (gone !== undefined) {
      this.#turnAway(connection, visit, gone);
      return;
    }
    const earlier = people.get(identity);
    if (earlier?.connection !== undefined && (await this.#isInUse(earlier, connection))) {
      host.refused(earlier.name, 'identity-in-use');
      connection.close('identity-in-use');
      return;
    }
    if (!this.#visits.has(connection)) return; // gone meanwhile
    if (earlier === undefined && lobby.locked) {
      this.#turnAway(connection, visit, 'locked');
      return;
    }
    const person = earlier ?? people.add(identity, '');
    visit.person = person;
    person.connection = connection;
    // a process that has just started has forgotten the nonces that it had committed to
    if (fresh) person.entry = undefined;
    connection.admit();
    const isMember = people.numberOf(person) > 0;
    connection.send(
      outbox.seal('welcome', {
        exporter: connection.exporter,
        plan,
        epoch: lobby.nextEpoch,
        standing: isMember ? 'member' : 'guest',
      }),
    );
    host.connected(person, fresh);
  }

  /** The same identity twice is refused while the first is alive; a connection that has died makes way. */
  async #isInUse(person: Person, newcomer: Connection): Promise<boolean> {
    const earlier = person.connection;
    if (earlier === undefined || earlier === newcomer) return false;
    if (await earlier.isAlive(aliveWithinMs)) return true;
    if (person.connection === earlier) person.connection = undefined;
    this.#visits.delete(earlier);
    earlier.close('silent');
    return false;
  }

  #enter(person: Person, body: Body<'entry'>, connection: Connection, visit: Visit): void {
    const { people, lobby, host } = this.#options;
    if (body.epoch !== lobby.nextEpoch) return this.#refuse(connection, visit, 'stale-round');
    // again after a restart, which has forgotten its nonces: until the list is closed nobody knows any other's, so there
    // is nothing to grind for, and a draw under way keeps the commitments that it began with
    if (people.numberOf(person) === 0 && lobby.locked) return this.#refuse(connection, visit, 'locked');
    if (person.entry?.epoch === body.epoch && sameBytes(person.entry.commitments, body.commitments)) return;
    const taken = people.all().flatMap((other) => (other === person ? [] : [other.name]));
    person.name = uniqueName(sanitiseName(body.name, 'Participant'), taken);
    person.entry = { epoch: body.epoch, commitments: body.commitments.map((bytes) => bytes.slice()) };
    host.entered(person);
  }

  #open<Type extends MessageType>(
    type: Type,
    bytes: Uint8Array,
    identity: PublicIdentity,
  ): ReturnType<typeof openMessage<Type>> {
    const { session } = this.#options;
    const expected = { type, session, round: 0, attempt: 0, sender: guestSender } as const;
    return openMessage(bytes, { ...expected, maxBytes: joiningLimits[type] }, guestKeyring(identity));
  }

  // Refusing

  #withinAllowance(visit: Visit): boolean {
    const now = performance.now();
    visit.allowance = Math.min(
      messageBurst,
      visit.allowance + ((now - visit.countedAt) / 1000) * messagesPerSecond,
    );
    visit.countedAt = now;
    visit.allowance -= 1;
    return visit.allowance >= 0;
  }

  #refuse(connection: Connection, visit: Visit, reason: string): void {
    visit.refusals += 1;
    this.#options.host.refused(nameOf(visit, connection), reason);
    if (visit.refusals > mostRefusals) connection.close('misbehaved');
  }

  #turnAway(connection: Connection, visit: Visit, reason: string): void {
    this.#options.host.refused(nameOf(visit, connection), reason);
    connection.close(
      reason === 'locked' || reason === 'removed' || reason === 'left' ? 'refused' : 'misbehaved',
    );
  }
}

/** Whoever has not entered has no name. */
function nameOf({ person }: Visit, { remoteAddress }: Connection): string {
  return person === undefined || person.name === '' ? remoteAddress : person.name;
}

function sameBytes(one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean {
  return one.length === other.length && one.every((bytes, index) => equalBytes(bytes, other[index]!));
}

function soundIdentity(spki: Uint8Array): PublicIdentity | undefined {
  try {
    return importPublicIdentity(spki);
  } catch {
    return undefined;
  }
}
