/**
 * A participant's place in a session: its entry in a lobby, the draw, the words that its person compares, then its
 * client machine for as long as the epoch lasts; again after a restart or for a later epoch.
 */
import { equalBytes, toHex } from '../../core/bytes/bytes.ts';
import type { SessionEventBody } from '../../core/contract/session-event.ts';
import { isNoised } from '../../core/contract/run-settings.ts';
import { fingerprint } from '../../core/crypto/fingerprint.ts';
import { systemRandom } from '../../core/crypto/random.ts';
import { signPss } from '../../core/crypto/rsa.ts';
import { FederationError } from '../../core/errors/federation-error.ts';
import type { ClientEvent } from '../../core/secagg/client-events.ts';
import type { Sightings } from '../../core/secagg/client-session.ts';
import { createEpoch, type Epoch } from '../../core/secagg/epoch.ts';
import { defaultFloors } from '../../core/secagg/floors.ts';
import { drawNonces, nonceCommitments } from '../../core/secagg/lobby.ts';
import {
  lobbyMemberStep,
  type LobbyMemberState,
  type LobbyMemberStep,
} from '../../core/secagg/lobby-member.ts';
import { ownNoiseNorm } from '../../core/fedavg/round-privacy.ts';
import { parametersDigest } from '../../core/secagg/parameters.ts';
import { privacyPlanOf } from '../../core/secagg/privacy-plan.ts';
import { identitySigner, type Roster } from '../../core/secagg/roster.ts';
import { peekType } from '../../core/wire/envelope.ts';
import type { Body, MessageType } from '../../core/wire/messages.ts';
import { freshEpochRow, rosterEvent, rosterOfRow } from '../session/epoch-record.ts';
import { historyRow } from '../session/history.ts';
import { dealtParts, memberParameters, mostImages } from '../session/member-plan.ts';
import { shareOf } from '../session/own-data.ts';
import type { EpochRow } from '../storage/store.ts';
import { type ChargedVector, MemberMachine } from './member-machine.ts';
import type { ModelShelf } from './model-shelf.ts';
import type { Meeting, ParticipantSessionOptions } from './participant-options.ts';
import type { Prepared } from './preparation.ts';
import { PrivacyLedger } from './privacy-ledger.ts';
import { dataEvents, fewestChanges, lobbyError, maskedEvent, roundEvent } from './telling.ts';

export interface MembershipHost {
  /** Sealed as this person. */
  send<Type extends MessageType>(type: Type, body: Body<Type>): void;
  sendBytes(bytes: Uint8Array): void;
  emit(event: SessionEventBody): void;
  fail(error: unknown): void;
  /** Aborted when the session ends here. */
  readonly leaving: AbortSignal;
}

/** Where this participant stands. */
type Place =
  | { readonly kind: 'outside' }
  | {
      readonly kind: 'lobby';
      readonly epoch: number;
      readonly nonces: readonly Uint8Array[];
      readonly state: LobbyMemberState;
    }
  /** The words are on screen, and the person has not answered. */
  | { readonly kind: 'words' }
  | {
      readonly kind: 'member';
      readonly number: number;
      readonly epoch: Epoch;
      readonly client: number;
      readonly machine: MemberMachine;
    };

export class Membership {
  readonly #options: ParticipantSessionOptions;
  readonly #meeting: Meeting;
  readonly #prepared: Prepared;
  readonly #shelf: ModelShelf;
  readonly #host: MembershipHost;
  #place: Place = { kind: 'outside' };
  /** What was seen in the epoch before the lobby or words of now. */
  #sightings: Sightings | undefined;
  /**
   * For the next lobby that closes. A member goes on in its epoch until then. So does whoever comes back in the midst of
   * a draw, with nonces that may have been opened: if the coordinator lost that draw, another begins.
   */
  #nextEntry: { readonly epoch: number; readonly nonces: readonly Uint8Array[] } | undefined;
  #lastNumber = 1;

  constructor(
    options: ParticipantSessionOptions,
    meeting: Meeting,
    prepared: Prepared,
    shelf: ModelShelf,
    host: MembershipHost,
  ) {
    this.#options = options;
    this.#meeting = meeting;
    this.#prepared = prepared;
    this.#shelf = shelf;
    this.#host = host;
  }

  /** Of the epoch that rounds belong to. */
  get epochNumber(): number {
    return this.#lastNumber;
  }

  /** A restarted process is again the member that it was. */
  restore(row: EpochRow | undefined): void {
    if (row === undefined) return;
    const { session, coordinator, transportKey } = this.#meeting;
    const { basis } = this.#prepared;
    const keys = { session, coordinator: coordinator.spki, transportKey };
    const parameters = memberParameters(basis, row.members.length);
    const epoch = createEpoch(rosterOfRow(row, keys, basis), parameters, row.nonces);
    const own = this.#options.identity.publicKey.spki;
    const client = row.members.findIndex(({ publicKey }) => equalBytes(publicKey, own)) + 1;
    if (client === 0 || toHex(epoch.rosterDigest) !== row.rosterDigest) return;
    if (row.confirmedAt === null) void this.#askWords(epoch, client, row.epoch, row.nonces);
    else {
      this.#showRoster(epoch, client, row.epoch, row.nonces, true);
      this.#take(epoch, client, row.epoch);
    }
  }

  /** After a welcome: takes up the attempt under way, or asks to be let in. epoch: whose lobby is open or next. */
  welcomed(epoch: number, standing: 'guest' | 'member'): void {
    if (standing === 'guest') this.enter(epoch);
    else if (this.#place.kind === 'member') this.#place.machine.step({ kind: 'reconnected' });
    else if (this.#place.kind === 'outside') this.#host.fail(stateLost());
  }

  /** Asks to be in the lobby of an epoch, committing to nonces once. */
  enter(epoch: number): void {
    const { session } = this.#meeting;
    const { identity, name } = this.#options;
    const place = this.#place;
    const inDraw = place.kind === 'lobby' && place.epoch === epoch && place.state.phase !== 'joined';
    if (place.kind === 'member' || inDraw) {
      if (this.#nextEntry?.epoch !== epoch) this.#nextEntry = { epoch, nonces: drawNonces(systemRandom) };
    } else if (place.kind !== 'lobby' || place.epoch !== epoch) {
      this.#nextEntry = undefined;
      this.#place = { kind: 'lobby', epoch, nonces: drawNonces(systemRandom), state: { phase: 'joined' } };
    }
    const { nonces } = this.#nextEntry ?? (this.#place as Extract<Place, { kind: 'lobby' }>);
    const commitments = nonceCommitments(session, identity.publicKey.spki, epoch, nonces);
    this.#host.send('entry', { name, epoch, commitments });
  }

  /** A message of a round, from the coordinator. */
  receive(bytes: Uint8Array): void {
    if (this.#place.kind === 'member') this.#place.machine.step({ kind: 'message', bytes });
  }

  step(event: ClientEvent): void {
    if (this.#place.kind === 'member') this.#place.machine.step(event);
  }

  close(): void {
    if (this.#place.kind === 'member') this.#place.machine.close();
  }

  // The lobby's end

  lobbyMessage(bytes: Uint8Array): void {
    this.#stepIntoLobby(bytes);
    const place = this.#place;
    if (place.kind !== 'lobby') return;
    const { state, effects } = this.#lobbyStep(place, bytes);
    this.#place = { ...place, state };
    for (const effect of effects) {
      if (effect.kind === 'send') this.#host.sendBytes(effect.bytes);
      else if (effect.kind === 'closed')
        this.#closed(effect.roster, effect.client, effect.nonces, place.epoch);
      else if (effect.kind === 'left') this.#host.emit(lobbyError(effect.reason));
    }
  }

  #lobbyStep(place: Extract<Place, { kind: 'lobby' }>, bytes: Uint8Array): LobbyMemberStep {
    const { session, coordinator, transportKey } = this.#meeting;
    const { identity } = this.#options;
    const { basis } = this.#prepared;
    return lobbyMemberStep(place.state, bytes, {
      session,
      epoch: place.epoch,
      coordinator: coordinator.spki,
      transportKey,
      publicKey: identity.publicKey.spki,
      sign: (...parts) => signPss(identity, ...parts),
      nonces: place.nonces,
      parametersDigest: (members) => parametersDigest(memberParameters(basis, members)),
      demonstration: basis.plan.demonstration,
    });
  }

  /** The list that this machine has entered for is closed: what it was in before is over. */
  #stepIntoLobby(bytes: Uint8Array): void {
    const type = peekType(bytes);
    const place = this.#place;
    const entry = this.#nextEntry;
    if (entry === undefined || !type.ok || type.value !== 'closed-lobby') return;
    const next = { kind: 'lobby', ...entry, state: { phase: 'joined' } } as const;
    const { state } = this.#lobbyStep(next, bytes);
    if (state.phase === 'left' && place.kind === 'member') this.#host.emit(lobbyError(state.reason));
    // a further draw of the list before, or nothing that the coordinator signed
    if (state.phase !== 'acknowledged') return;
    if (place.kind === 'member') {
      this.#sightings = place.machine.sightings;
      place.machine.close();
    }
    this.#place = next;
    this.#nextEntry = undefined;
  }

  #closed(roster: Roster, client: number, nonces: readonly Uint8Array[], number: number): void {
    const { store } = this.#options;
    const { id } = this.#meeting;
    if (this.#nextEntry !== undefined && this.#nextEntry.epoch <= number) this.#nextEntry = undefined;
    // an epoch in which no round began is no epoch whose sums could be compared
    const played = store.clientSession(id).record?.roster;
    const before = store.epochs(id).find(({ rosterDigest }) => rosterDigest === played);
    if (before !== undefined && changesBetween(before, roster) < this.#fewestChanges) {
      this.#host.emit(lobbyError('too-few-changes'));
      this.#place = { kind: 'outside' };
      return;
    }
    const parameters = memberParameters(this.#prepared.basis, roster.members.length);
    const epoch = createEpoch(roster, parameters, nonces);
    store.saveEpoch(freshEpochRow(epoch, number, nonces, new Date().toISOString()));
    void this.#askWords(epoch, client, number, nonces);
  }

  // The words

  async #askWords(
    epoch: Epoch,
    client: number,
    number: number,
    nonces: readonly Uint8Array[],
  ): Promise<void> {
    const { store, person } = this.#options;
    const { id } = this.#meeting;
    const { leaving, emit, send, fail } = this.#host;
    const place: Place = { kind: 'words' };
    this.#place = place;
    try {
      const words = this.#showRoster(epoch, client, number, nonces);
      const question = { words, participants: epoch.roster.members.length };
      const { agreed, compared } = await person.compareWords(question, leaving);
      // the lobby may have been closed anew meanwhile
      if (this.#place !== place || leaving.aborted) return;
      if (agreed) {
        store.confirmEpoch(id, number, new Date().toISOString(), compared);
        store.updateSession(id, { state: 'running', ...(compared ? {} : { identitiesCompared: false }) });
        this.#take(epoch, client, number);
      } else {
        this.#place = { kind: 'outside' };
        emit(lobbyError('words-differ'));
      }
      send('confirmation', { roster: epoch.rosterDigest, agreed, compared });
    } catch (error) {
      if (!leaving.aborted) fail(error);
    }
  }

  #showRoster(
    epoch: Epoch,
    client: number,
    number: number,
    nonces: readonly Uint8Array[],
    confirmed = false,
  ): readonly string[] {
    const event = rosterEvent(epoch, number, nonces, client, confirmed);
    this.#host.emit(event);
    return event.words;
  }

  // The rounds

  #take(epoch: Epoch, client: number, number: number): void {
    const { store, identity, agreeToDemonstration } = this.#options;
    const { id } = this.#meeting;
    const { basis, architecture, pool, data } = this.#prepared;
    const { emit, fail, sendBytes } = this.#host;
    const members = epoch.roster.members.length;
    const most = mostImages(basis, members);
    const share = shareOf(data, dealtParts(basis, members)?.[client - 1], most);
    const { indices } = share;
    for (const event of dataEvents(share, most, this.#prepared)) emit(event);
    this.#options.observer?.ownData(indices);
    const ledger = this.#openLedger(epoch);
    const machine = new MemberMachine({
      environment: {
        epoch,
        client,
        signer: identitySigner(client, identity),
        random: systemRandom,
        architecture,
      },
      floors: {
        ...defaultFloors,
        demonstration: agreeToDemonstration && basis.plan.demonstration,
        tolerate: basis.plan.settings.tolerate,
      },
      stored: store.clientSession(id),
      sightings: this.#sightings,
      indices,
      pool,
      host: {
        send: (bytes) => {
          this.#keep(bytes, client);
          const told = maskedEvent(bytes);
          if (told !== undefined) emit(told);
          sendBytes(bytes);
        },
        vectorSent: (sent) => {
          this.#options.observer?.vectorSent(sent);
        },
        accepted: (bytes) => {
          this.#keep(bytes, 0);
          const told = roundEvent(bytes, epoch.parameters.rounds);
          if (told !== undefined) emit(told);
        },
        persist: (record) => {
          store.saveClientRecord(record);
        },
        charge: (charged) => this.#charge(charged, ledger, epoch),
        keepVector: (round, vector) => {
          store.keepVector(id, round, vector);
        },
        recallVector: (round) => store.recallVector(id, round),
        discardVector: (round) => {
          store.discardVector(id, round);
        },
        report: (event) => {
          store.appendEvents([{ session: id, at: new Date().toISOString(), event }]);
          emit({ type: 'protocol', event });
        },
        training: (round, examplesDone, examplesTotal, examplesPerSecond) => {
          emit({ type: 'training', round, examplesDone, examplesTotal, examplesPerSecond });
        },
        modelCame: (round, hash, weights) => {
          this.#shelf.modelCame(round - 1, hash, weights);
        },
        leftAttempt: (error) => {
          const { message, details } = error;
          const reason = 'reason' in details ? details.reason : error.code;
          emit({ type: 'note', text: message, code: 'left-attempt', detail: { reason } });
          // out of the whole session, unless it comes back with what it has signed: nobody is to wait meanwhile
          if (error.code === 'client-barred') fail(error);
        },
        failed: fail,
      },
    });
    if (machine.barred !== undefined) {
      fail(machine.barred);
      return;
    }
    this.#lastNumber = number;
    this.#place = { kind: 'member', number, epoch, client, machine };
  }

  /** Undefined without differential privacy. Tells what the rounds that are left come to. */
  #openLedger(epoch: Epoch): PrivacyLedger | undefined {
    const plan = privacyPlanOf(epoch.parameters);
    if (plan === undefined) return undefined;
    const { store, identity, privacyBudget: budget } = this.#options;
    const { id: session } = this.#meeting;
    const { data } = this.#prepared;
    const ledger = new PrivacyLedger({
      store,
      identity: toHex(fingerprint(identity.publicKey.spki)),
      data,
      session,
      plan,
      budget,
    });
    const begun = store.clientSession(session).record?.round ?? 0;
    const left = plan.rounds - begun;
    if (left > 0) this.#host.emit(ledger.planned(left));
    return ledger;
  }

  /** On disk when it returns true. */
  #charge(charged: ChargedVector, ledger: PrivacyLedger | undefined, epoch: Epoch): boolean {
    const { round, attempt, digest, updateNorm, clippingNorm } = charged;
    const plan = privacyPlanOf(epoch.parameters);
    if (ledger === undefined || plan === undefined) throw new TypeError('there is no noise to charge for');
    const { privacyBudget: budget } = this.#options;
    const { delta } = plan;
    const failed = ledger.charge(round, attempt, digest);
    if (failed !== undefined && budget !== undefined) {
      const { spent, after } = failed.refused.error.details;
      this.#host.emit({ type: 'budget-reached', round, spent, epsilon: after, delta, budget });
    } else
      this.#host.emit({
        type: 'privacy-charged',
        round,
        epsilon: ledger.spent,
        delta,
        budget: budget ?? null,
        updateNorm: updateNorm ?? null,
        clippingNorm,
        noiseNorm: ownNoiseNorm(plan, clippingNorm),
      });
    return failed === undefined;
  }

  /** Under noise sums over rosters that differ by one can be told apart no better than it allows. */
  get #fewestChanges(): number {
    return isNoised(this.#prepared.basis.plan.settings) ? 1 : fewestChanges;
  }

  #keep(bytes: Uint8Array, sender: number): void {
    const place = this.#place;
    if (place.kind !== 'member') return;
    const signatureBytes = place.epoch.keyring.signatureBytes(sender);
    if (signatureBytes === undefined) return;
    const row = historyRow(bytes, { session: this.#meeting.id, epoch: place.number, signatureBytes });
    if (row !== undefined) this.#options.store.appendMessages([row]);
  }
}

/** Joins and leaves from one roster to the next. */
function changesBetween(before: Pick<Roster, 'members'>, after: Roster): number {
  const keys = ({ members }: Pick<Roster, 'members'>): Set<string> =>
    new Set(members.map(({ publicKey }) => toHex(publicKey)));
  return keys(before).symmetricDifference(keys(after)).size;
}

function stateLost(): FederationError<'client-barred'> {
  return new FederationError(
    'client-barred',
    'Cannot take part in this session any more: you are a member of it, but what this machine has signed in it is not on disk (lost, or restored from a copy).',
    { details: { reason: 'state-lost' }, blame: 'machine', action: 'abort' },
  );
}
