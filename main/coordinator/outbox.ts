/** What the coordinator says outside of attempts: signed once, sent to everyone whom it is for and who is there. */
import type { SessionRound } from '../../core/contract/session-event.ts';
import type { Identity } from '../../core/crypto/rsa.ts';
import { identitySigner } from '../../core/secagg/roster.ts';
import { sealMessage } from '../../core/wire/envelope.ts';
import type { Body, MessageType } from '../../core/wire/messages.ts';
import type { Person } from './people.ts';

export class Outbox {
  readonly #session: Uint8Array;
  readonly #identity: Identity;

  constructor(session: Uint8Array, identity: Identity) {
    this.#session = session;
    this.#identity = identity;
  }

  seal<Type extends MessageType>(type: Type, body: Body<Type>, attachment?: Uint8Array): Uint8Array {
    const position = { session: this.#session, round: 0, attempt: 0 };
    return sealMessage(type, position, body, identitySigner(0, this.#identity), attachment);
  }

  /** A round's figures, for members. */
  sealReport(result: SessionRound): Uint8Array {
    return this.seal('round-report', { round: result.round, result: JSON.stringify(result) });
  }

  /** The same message to everyone who is there. */
  send<Type extends MessageType>(type: Type, body: Body<Type>, to: readonly Person[]): void {
    const bytes = this.seal(type, body);
    for (const { connection } of to) connection?.send(bytes);
  }

  /** A notice that names no member. */
  notify(kind: Body<'notice'>['kind'], reason: string, to: readonly Person[]): void {
    this.send('notice', { kind, member: 0, reason }, to);
  }
}
