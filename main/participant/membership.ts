/**
 * A participant's place in a session: its entry in a lobby, the draw, the words that its person compares, then its
 * client machine for as long as the epoch lasts; again after a restart or for a later epoch.
 */
import { equalBytes, toHex } from '../../core/bytes/bytes.ts';
import { isNoised } from '../../core/contract/run-settings.ts';
import { systemRandom } from '../../core/crypto/random.ts';
import { signPss } from '../../core/crypto/rsa.ts';
import { FederationError } from '../../core/errors/federation-error.ts';
import type { ClientEvent } from '../../core/secagg/client-events.ts';
import type { Sightings } from '../../core/secagg/client-session.ts';
import { createEpoch, type Epoch } from '../../core/secagg/epoch.ts';
import { drawNonces, nonceCommitments } from '../../core/secagg/lobby.ts';
import {
  lobbyMemberStep,
  type LobbyMemberState,
  type LobbyMemberStep,
} from '../../core/secagg/lobby-member.ts';
import { parametersDigest } from '../../core/secagg/parameters.ts';
import type { Roster } from '../../core/secagg/roster.ts';
import { peekType } from '../../core/wire/envelope.ts';
import { freshEpochRow, rosterEvent, rosterOfRow } from '../session/epoch-record.ts';
import { memberParameters } from '../session/member-plan.ts';
import type { EpochRow } from '../storage/store.ts';
import { openMember } from './epoch-member.ts';
import type { MemberMachine } from './member-machine.ts';
import type { ParticipantContext } from './participant-context.ts';
import { fewestChanges, lobbyError } from './telling.ts';

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
  | { readonly kind: 'member'; readonly machine: MemberMachine };

export class Membership {
  readonly #context: ParticipantContext;
  #place: Place = { kind: 'outside' };
  /** What was seen in the epoch before the lobby or words of now. */
  #sightings: Sightings | undefined;
  /**
   * For the next lobby that closes. A member goes on in its epoch until then. So does whoever comes back in the midst of
   * a draw, with nonces that may have been opened: if the coordinator lost that draw, another begins.
   */
  #nextEntry: { readonly epoch: number; readonly nonces: readonly Uint8Array[] } | undefined;
  #lastNumber = 1;

  constructor(context: ParticipantContext) {
    this.#context = context;
  }

  /** Of the epoch that rounds belong to. */
  get epochNumber(): number {
    return this.#lastNumber;
  }

  /** A restarted process is again the member that it was. */
  restore(row: EpochRow | undefined): void {
    if (row === undefined) return;
    const { options, meeting, prepared } = this.#context;
    const { session, coordinator, transportKey } = meeting;
    const { basis } = prepared;
    const keys = { session, coordinator: coordinator.spki, transportKey };
    const parameters = memberParameters(basis, row.members.length);
    const epoch = createEpoch(rosterOfRow(row, keys, basis), parameters, row.nonces);
    const own = options.identity.publicKey.spki;
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
    else if (this.#place.kind === 'outside') this.#context.host.fail(stateLost());
  }

  /** Asks to be in the lobby of an epoch, committing to nonces once. */
  enter(epoch: number): void {
    const { options, meeting, host } = this.#context;
    const { identity, name } = options;
    const place = this.#place;
    const inDraw = place.kind === 'lobby' && place.epoch === epoch && place.state.phase !== 'joined';
    if (place.kind === 'member' || inDraw) {
      if (this.#nextEntry?.epoch !== epoch) this.#nextEntry = { epoch, nonces: drawNonces(systemRandom) };
    } else if (place.kind !== 'lobby' || place.epoch !== epoch) {
      this.#nextEntry = undefined;
      this.#place = { kind: 'lobby', epoch, nonces: drawNonces(systemRandom), state: { phase: 'joined' } };
    }
    const { nonces } = this.#nextEntry ?? (this.#place as Extract<Place, { kind: 'lobby' }>);
    const commitments = nonceCommitments(meeting.session, identity.publicKey.spki, epoch, nonces);
    host.send('entry', { name, epoch, commitments });
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
    const { host } = this.#context;
    const place = this.#place;
    if (place.kind !== 'lobby') return;
    const { state, effects } = this.#lobbyStep(place, bytes);
    this.#place = { ...place, state };
    for (const effect of effects) {
      if (effect.kind === 'send') host.sendBytes(effect.bytes);
      else if (effect.kind === 'closed')
        this.#closed(effect.roster, effect.client, effect.nonces, place.epoch);
      else if (effect.kind === 'left') host.emit(lobbyError(effect.reason));
    }
  }

  #lobbyStep(place: Extract<Place, { kind: 'lobby' }>, bytes: Uint8Array): LobbyMemberStep {
    const { options, meeting, prepared } = this.#context;
    const { session, coordinator, transportKey } = meeting;
    const { identity } = options;
    const { basis } = prepared;
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
    if (state.phase === 'left' && place.kind === 'member') this.#context.host.emit(lobbyError(state.reason));
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
    const { options, meeting, prepared, host } = this.#context;
    const { store } = options;
    if (this.#nextEntry !== undefined && this.#nextEntry.epoch <= number) this.#nextEntry = undefined;
    // an epoch in which no round began is no epoch whose sums could be compared
    const played = store.clientSession(meeting.id).record?.roster;
    const before = store.epochs(meeting.id).find(({ rosterDigest }) => rosterDigest === played);
    if (before !== undefined && changesBetween(before, roster) < this.#fewestChanges) {
      host.emit(lobbyError('too-few-changes'));
      this.#place = { kind: 'outside' };
      return;
    }
    const parameters = memberParameters(prepared.basis, roster.members.length);
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
    const { options, meeting, host } = this.#context;
    const { store, person } = options;
    const { id } = meeting;
    const { leaving } = host;
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
        host.emit(lobbyError('words-differ'));
      }
      host.send('confirmation', { roster: epoch.rosterDigest, agreed, compared });
    } catch (error) {
      if (!leaving.aborted) host.fail(error);
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
    this.#context.host.emit(event);
    return event.words;
  }

  // The rounds

  #take(epoch: Epoch, client: number, number: number): void {
    const machine = openMember(this.#context, { epoch, client, number, sightings: this.#sightings });
    if (machine.barred !== undefined) {
      this.#context.host.fail(machine.barred);
      return;
    }
    this.#lastNumber = number;
    this.#place = { kind: 'member', machine };
  }

  /** Under noise sums over rosters that differ by one can be told apart no better than it allows. */
  get #fewestChanges(): number {
    return isNoised(this.#context.prepared.basis.plan.settings) ? 1 : fewestChanges;
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
