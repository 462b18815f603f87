/** Members of an epoch with connections that write down what they are sent, and what a session's parts share around them. */
import type { SessionEvent } from '../../../core/contract/session-event.ts';
import { utf8 } from '../../../core/bytes/bytes.ts';
import type { Outbox } from '../../../main/coordinator/outbox.ts';
import { People, type Person } from '../../../main/coordinator/people.ts';
import { SessionNews } from '../../../main/coordinator/session-news.ts';
import type { Connection } from '../../../main/network/transport.ts';
import { Condition } from '../../../main/session/condition.ts';
import { testEpoch } from '../../support/secagg-room.ts';

export const epoch = testEpoch({ clients: 4, settings: { signatures: true } });

export class PeopleRoom {
  readonly people = new People();
  readonly condition = new Condition();
  readonly events: SessionEvent[] = [];
  readonly news: SessionNews;
  readonly stopping = new AbortController();
  readonly signal = this.stopping.signal;
  readonly patienceMs = 60_000;
  /** Types of messages, by the member's name. */
  readonly received: Record<string, string[]> = {};
  /** Seals a message as the name of its type. */
  readonly outbox = {
    seal: (type: string) => utf8(type),
    sealReport: () => utf8('round-report'),
    send: (type: string, _body: unknown, to: readonly Person[]) => {
      for (const { connection } of to) connection?.send(utf8(type));
    },
  } as unknown as Outbox;

  constructor() {
    this.news = new SessionNews(
      '',
      (event) => this.events.push(event),
      () => undefined,
    );
    for (const { name, publicKey } of epoch.roster.members) {
      this.people.addKey(publicKey, name);
      this.received[name] = [];
    }
    this.people.takeRoster(epoch.roster);
    for (const { name } of this.people.members()) this.comes(name);
  }

  get names(): readonly string[] {
    return this.people.members().map(({ name }) => name);
  }

  person(name: string): Person {
    return this.people.members().find((person) => person.name === name)!;
  }

  comes(name: string): void {
    const person = this.person(name);
    person.connection = {
      send: (bytes: Uint8Array) => this.received[name]!.push(Buffer.from(bytes).toString()),
      close: () => {
        this.goes(name);
      },
    } as unknown as Connection;
    this.condition.touch();
  }

  goes(name: string): void {
    const person = this.person(name);
    person.connection = undefined;
    person.lostAt = performance.now();
    this.condition.touch();
  }
}
