/**
 * Makes an epoch: the list of those who want to be in it, the draw of the words, the confirmations. What can go wrong
 * on the way has a name; the session decides whether the lobby opens again.
 */
import { toHex } from '../../core/bytes/bytes.ts';
import { systemRandom } from '../../core/crypto/random.ts';
import type { Identity } from '../../core/crypto/rsa.ts';
import { createEpoch, type Epoch } from '../../core/secagg/epoch.ts';
import { drawNonces } from '../../core/secagg/lobby.ts';
import { parametersDigest } from '../../core/secagg/parameters.ts';
import { identitySigner } from '../../core/secagg/roster.ts';
import type { TransportKeys } from '../network/transport.ts';
import type { Condition } from '../session/condition.ts';
import { freshEpochRow } from '../session/epoch-record.ts';
import { memberParameters, type PlanBasis } from '../session/member-plan.ts';
import type { Store } from '../storage/store.ts';
import type { Bookkeeper } from './bookkeeper.ts';
import { LobbyDesk } from './lobby-desk.ts';
import type { Outbox } from './outbox.ts';
import type { People, Person } from './people.ts';

export interface EpochMakerOptions {
  readonly session: Uint8Array;
  readonly identity: Identity;
  readonly transport: TransportKeys;
  readonly basis: PlanBasis;
  readonly store: Store;
  readonly people: People;
  readonly books: Bookkeeper;
  readonly condition: Condition;
  readonly outbox: Outbox;
  readonly signal: AbortSignal;
  /** Closes and starts by itself at so many; undefined: the leader decides. */
  readonly startWhenFull: number | undefined;
  readonly refused: (reason: string) => void;
  /** This machine cannot go on. */
  readonly failed: (error: unknown) => void;
}

export type DrawnEpoch =
  { readonly epoch: Epoch; readonly nonces: readonly Uint8Array[] } | { readonly failed: string };

/** How long members of the epoch before are waited for, whose connections were lost. */
const reunionMs = 15_000;
/** Below, there is no roster. */
const fewestMembers = 3;
/** How long one draw of the lobby waits for everyone's answers. */
const lobbyAnswerMs = 30_000;
/** Everyone checks the acknowledgements of everyone. */
const lobbyAnswerMsPerMember = 200;
/** How long a later epoch's lobby is open for the entries of those who are there. */
const entryMs = 60_000;
/** How long an unattended start waits for everyone's confirmation. */
const confirmationMs = 10 * 60_000;

export class EpochMaker {
  readonly #options: EpochMakerOptions;
  #lobby: LobbyDesk | undefined;
  #closeRequested = false;
  #startForced = false;
  #leaderAgrees = false;
  #leaderDisagrees = false;

  constructor(options: EpochMakerOptions) {
    this.#options = options;
  }

  // What the leader decides

  closeLobby(): void {
    this.#closeRequested = true;
  }

  agree(): void {
    this.#leaderAgrees = true;
  }

  disagree(): void {
    this.#leaderDisagrees = true;
  }

  start(): void {
    this.#startForced = true;
  }

  /** True while the words are drawn. */
  get drawing(): boolean {
    return this.#lobby !== undefined;
  }

  /** True when the bytes belong to a draw under way. */
  receive(person: Person, bytes: Uint8Array): boolean {
    this.#lobby?.receive(person.identity.spki, bytes);
    return this.#lobby !== undefined;
  }

  /**
   * Until the list of this epoch is closed; false when the session is stopped first. before: the members of the epoch
   * that this one follows; then the list closes once everyone who is there has sent an entry, and those of before who
   * have not left are there or have had their time. undefined: the session has not begun, and the leader closes it.
   */
  async waitForList(epoch: number, before: readonly Person[] | undefined): Promise<boolean> {
    const { startWhenFull, people, outbox, condition } = this.#options;
    if (epoch > 1) outbox.send('epoch-call', { epoch }, people.present());
    const full = (): boolean => startWhenFull !== undefined && people.guests(epoch).length >= startWhenFull;
    const everyone = (): boolean => people.present().every(({ entry }) => entry?.epoch === epoch);
    const ended = (): boolean => this.#stopped || this.#closeRequested;
    if (before === undefined) {
      await condition.until(() => ended() || full());
    } else {
      const awaited = before.filter(({ gone }) => gone === undefined);
      const back = (): boolean => awaited.every(({ connection }) => connection !== undefined);
      await condition.until(() => ended() || (back() && everyone()), reunionMs);
      await condition.until(
        () => ended() || (everyone() && people.guests(epoch).length >= fewestMembers),
        entryMs,
      );
    }
    this.#closeRequested = false;
    return !this.#stopped;
  }

  /** The draw of the words among those who are in the lobby now. */
  async draw(epoch: number): Promise<DrawnEpoch> {
    const { session, identity, transport, basis, people, books, outbox, signal, refused, failed } =
      this.#options;
    const guests = people.guests(epoch).map(({ name, identity: { spki }, entry }) => ({
      name,
      publicKey: spki,
      commitments: entry!.commitments,
    }));
    books.epoch = epoch;
    people.takeRoster(undefined);
    const ownBytes = identity.publicKey.bits / 8;
    const lobby = new LobbyDesk(
      {
        session,
        epoch,
        publicKey: identity.publicKey.spki,
        signer: identitySigner(0, identity),
        transportKey: transport.publicKey,
        nonces: drawNonces(systemRandom),
        parametersDigest: (members) => parametersDigest(memberParameters(basis, members)),
        demonstration: basis.plan.demonstration,
      },
      {
        send: (publicKey, bytes) => people.byKey(publicKey)?.connection?.send(bytes),
        keep: (bytes, publicKey) => {
          const bits = publicKey === undefined ? undefined : people.byKey(publicKey)?.identity.bits;
          books.keepSigned(bytes, bits === undefined ? ownBytes : bits / 8);
        },
        removed: (members) => {
          // they may come back for the next epoch
          const dropped = members.flatMap(({ publicKey }) => people.byKey(publicKey) ?? []);
          for (const person of dropped) person.entry = undefined;
          outbox.notify('waiting-for-next-epoch', 'no-answer', dropped);
        },
        refused,
        failed,
      },
      lobbyAnswerMs + lobbyAnswerMsPerMember * guests.length,
    );
    this.#lobby = lobby;
    const stop = (): void => {
      lobby.stop();
    };
    signal.addEventListener('abort', stop);
    const outcome = await lobby.close(guests);
    signal.removeEventListener('abort', stop);
    this.#lobby = undefined;
    books.flush();
    if (outcome.kind !== 'closed') return { failed: outcome.kind === 'failed' ? outcome.reason : 'stopped' };
    const { roster, nonces } = outcome;
    return { epoch: createEpoch(roster, memberParameters(basis, roster.members.length), nonces), nonces };
  }

  /** Writes a drawn epoch down, and whom this machine has met in it. */
  save(epoch: Epoch, number: number, nonces: readonly Uint8Array[]): void {
    const { store } = this.#options;
    const at = new Date().toISOString();
    store.saveEpoch(freshEpochRow(epoch, number, nonces, at));
    for (const { name, publicKey } of epoch.roster.members) store.seePeer({ publicKey, name, at });
  }

  /** 'confirmed', or why not: 'stopped', 'words-differ', 'not-confirmed'. */
  async waitForConfirmations({ parameters }: Epoch, number: number): Promise<string> {
    const { store, session, people, condition, startWhenFull } = this.#options;
    const unattended = startWhenFull !== undefined;
    const id = toHex(session);
    this.#startForced = false;
    this.#leaderAgrees = unattended;
    this.#leaderDisagrees = false;
    const agreed = (): number => people.members().filter(({ confirmation }) => confirmation?.agreed).length;
    const differs = (): boolean =>
      this.#leaderDisagrees || people.members().some(({ confirmation }) => confirmation?.agreed === false);
    const ready = (): boolean =>
      (this.#leaderAgrees && agreed() === people.members().length) ||
      (this.#startForced && agreed() >= parameters.threshold);
    const settled = (): boolean => this.#stopped || differs() || ready();
    /** Nobody leads, enough have agreed, and those who have not are not there. */
    const onlyAbsent = (): boolean =>
      unattended &&
      agreed() >= parameters.threshold &&
      people
        .members()
        .every(({ confirmation, connection }) => confirmation !== undefined || connection === undefined);
    const endsAt = performance.now() + confirmationMs;
    do {
      const leftMs = unattended ? endsAt - performance.now() : undefined;
      await condition.until(() => settled() || onlyAbsent(), leftMs);
      // whoever was just lost gets a moment to be back
    } while (
      !settled() &&
      onlyAbsent() &&
      (await condition.until(() => settled() || !onlyAbsent(), reunionMs))
    );
    if (this.#stopped) return 'stopped';
    if (differs()) return 'words-differ';
    if (!ready() && agreed() < parameters.threshold) return 'not-confirmed';
    const compared =
      !unattended && people.members().every(({ confirmation }) => confirmation?.compared ?? false);
    store.confirmEpoch(id, number, new Date().toISOString(), compared);
    store.updateSession(id, { state: 'running', ...(compared ? {} : { identitiesCompared: false }) });
    return 'confirmed';
  }

  get #stopped(): boolean {
    return this.#options.signal.aborted;
  }
}
