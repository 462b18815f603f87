/** Who is in a session: guests of the lobby, members of the current roster, newcomers that wait for the next epoch. */
import { toHex } from '../../core/bytes/bytes.ts';
import { fingerprint, formatFingerprint } from '../../core/crypto/fingerprint.ts';
import { importPublicIdentity, type PublicIdentity } from '../../core/crypto/rsa.ts';
import type { LobbyParticipant } from '../../core/contract/session-event.ts';
import type { Roster } from '../../core/secagg/roster.ts';
import type { Connection } from '../network/transport.ts';

export interface Person {
  /** SHA-256 of the public key, hexadecimal. */
  readonly fingerprint: string;
  readonly identity: PublicIdentity;
  readonly known: boolean;
  name: string;
  connection: Connection | undefined;
  /** When it was last there, by performance.now(). */
  lostAt: number;
  /** Its entry for the lobby of an epoch. */
  entry: { readonly epoch: number; readonly commitments: readonly Uint8Array[] } | undefined;
  /** Its answer to the words of the current epoch. */
  confirmation: { readonly agreed: boolean; readonly compared: boolean } | undefined;
  /** Has left, or was removed: it stays in the roster until the next epoch, and is not let in again if removed. */
  gone: 'left' | 'removed' | undefined;
}

export class People {
  readonly #byFingerprint = new Map<string, Person>();
  /** Who had left or was removed before this process began. */
  readonly #departed: ReadonlyMap<string, 'left' | 'removed'>;
  /** Met in an earlier epoch or session of this machine. */
  readonly #isKnown: (fingerprint: string) => boolean;
  /** Fingerprints of the current roster; client v is element v - 1. */
  #roster: readonly string[] = [];

  constructor(
    departed: ReadonlyMap<string, 'left' | 'removed'> = new Map(),
    isKnown: (fingerprint: string) => boolean = () => false,
  ) {
    this.#departed = departed;
    this.#isKnown = isKnown;
  }

  /** Why an identity is out of the session for good; undefined when it is not. */
  goneBecause(identity: PublicIdentity): 'left' | 'removed' | undefined {
    const text = toHex(fingerprint(identity.spki));
    return this.#byFingerprint.get(text)?.gone ?? this.#departed.get(text);
  }

  get(identity: PublicIdentity): Person | undefined {
    return this.#byFingerprint.get(toHex(fingerprint(identity.spki)));
  }

  add(identity: PublicIdentity, name: string): Person {
    const text = toHex(fingerprint(identity.spki));
    const person: Person = {
      fingerprint: text,
      identity,
      known: this.#isKnown(text),
      name,
      connection: undefined,
      lostAt: performance.now(),
      entry: undefined,
      confirmation: undefined,
      gone: this.#departed.get(text),
    };
    this.#byFingerprint.set(person.fingerprint, person);
    return person;
  }

  /** Throws 'identity-key-refused' for a key that is not a sound identity's. */
  addKey(publicKey: Uint8Array, name: string): Person {
    return this.add(importPublicIdentity(publicKey), name);
  }

  byFingerprint(text: string): Person | undefined {
    return this.#byFingerprint.get(text);
  }

  byKey(publicKey: Uint8Array): Person | undefined {
    return this.#byFingerprint.get(toHex(fingerprint(publicKey)));
  }

  all(): readonly Person[] {
    return [...this.#byFingerprint.values()];
  }

  /** Those who are there and have not left. */
  present(): readonly Person[] {
    return this.all().filter(({ connection, gone }) => connection !== undefined && gone === undefined);
  }

  forget(person: Person): void {
    this.#byFingerprint.delete(person.fingerprint);
  }

  // the current roster

  takeRoster(roster: Roster | undefined): void {
    this.#roster = (roster?.members ?? []).map(({ publicKey }) => toHex(fingerprint(publicKey)));
    for (const person of this.all()) person.confirmation = undefined;
  }

  member(number: number): Person | undefined {
    const text = this.#roster[number - 1];
    return text === undefined ? undefined : this.#byFingerprint.get(text);
  }

  /** Number in the current roster; 0 for others. */
  numberOf(person: Person): number {
    return this.#roster.indexOf(person.fingerprint) + 1;
  }

  members(): readonly Person[] {
    return this.#roster.flatMap((text) => this.#byFingerprint.get(text) ?? []);
  }

  connectedMembers(): readonly Person[] {
    return this.members().filter(({ connection }) => connection !== undefined);
  }

  /** Those with an entry for this epoch's lobby who are there, in the order in which they came. */
  guests(epoch: number): readonly Person[] {
    return this.present().filter(({ entry }) => entry?.epoch === epoch);
  }

  /** Newcomers that wait for this epoch, and members that have left: what makes it worth its words. */
  changesWaiting(epoch: number): number {
    const newcomers = this.guests(epoch).filter((person) => this.numberOf(person) === 0);
    const leavers = this.members().filter(({ gone }) => gone !== undefined);
    return newcomers.length + leavers.length;
  }

  /** How many would join and leave, were the roster made of those who have entered for this epoch. */
  changesInto(epoch: number): number {
    const entered = new Set(this.guests(epoch).map(({ fingerprint: text }) => text));
    return entered.symmetricDifference(new Set(this.#roster)).size;
  }

  describe(person: Person): LobbyParticipant {
    return {
      name: person.name,
      fingerprint: formatFingerprint(fingerprint(person.identity.spki)),
      connected: person.connection !== undefined,
      known: person.known,
      number: this.numberOf(person) || null,
      confirmed: person.confirmation?.agreed ?? null,
    };
  }
}
