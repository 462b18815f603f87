/**
 * Questions to the room: pictures on every participant's screen, one answer a person, the last one counts. Nothing of it is
 * a part of a round, of the session's history, or of what anybody computes; nobody is told how the others answer.
 */
import type { BallotPictures } from '../../core/contract/ballots.ts';
import type { SessionEventBody } from '../../core/contract/session-event.ts';
import type { Body } from '../../core/wire/messages.ts';
import type { Person } from './people.ts';

interface OpenBallot {
  readonly pictures: BallotPictures;
  readonly votes: Map<Person, number>;
  /** Who was sent it. */
  readonly asked: Set<Person>;
}

export interface BallotsHost {
  send(body: Body<'ballot'>, to: readonly Person[]): void;
  /** Whoever is there, in the lobby or in the roster. */
  present(): readonly Person[];
  emit(event: SessionEventBody): void;
}

export class Ballots {
  readonly #host: BallotsHost;
  #number = 0;
  #open: OpenBallot | undefined;

  constructor(host: BallotsHost) {
    this.#host = host;
  }

  /** A question that is open is over with this one. Returns how many people are asked. */
  open(pictures: BallotPictures): number {
    this.#number += 1;
    this.#open = { pictures, votes: new Map(), asked: new Set() };
    for (const person of this.#host.present()) this.came(person);
    this.#tell();
    return this.#open.asked.size;
  }

  close(): void {
    if (this.#open === undefined) return;
    const { pictures, asked } = this.#open;
    const { height, width } = pictures;
    this.#host.send({ ballot: this.#number, height, width, pictures: [] }, [...asked]);
    this.#tell(false);
    this.#open = undefined;
  }

  /** Somebody is there, for the first time or again: the question may have been missed. */
  came(person: Person): void {
    if (this.#open === undefined) return;
    this.#open.asked.add(person);
    const { height, width, pictures } = this.#open.pictures;
    this.#host.send({ ballot: this.#number, height, width, pictures: [...pictures] }, [person]);
  }

  /** An answer to another question, or of a picture that there is not, is dropped. */
  voted(person: Person, { ballot, choice }: Body<'vote'>): void {
    if (this.#open === undefined || ballot !== this.#number) return;
    if (choice >= this.#open.pictures.pictures.length || !this.#open.asked.has(person)) return;
    this.#open.votes.set(person, choice);
    this.#tell();
  }

  #tell(open = true): void {
    if (this.#open === undefined) return;
    const { pictures, votes, asked } = this.#open;
    const counts = pictures.pictures.map(() => 0);
    for (const choice of votes.values()) counts[choice]! += 1;
    this.#host.emit({ type: 'votes', ballot: this.#number, open, counts, asked: asked.size });
  }
}
