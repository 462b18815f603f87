/** The coordinator's side of closing the lobby (lobby.ts says why), as a pure state machine. */
import { equalBytes } from '../bytes/bytes.ts';
import { importPublicIdentity } from '../crypto/rsa.ts';
import { LONGEST_NAME } from '../joining/display-name.ts';
import { type Keyring, type Signer, openMessage, peekType, sealMessage } from '../wire/envelope.ts';
import { messageLimits } from '../wire/limits.ts';
import type { Body, MessageType } from '../wire/messages.ts';
import type { Refusal } from '../wire/refusal.ts';
import {
  type LobbyReason,
  closedLobbyBody,
  drawNumber,
  draws,
  lobbyDigest,
  nonceCommitment,
} from './lobby.ts';
import { type Member, type Roster, rosterKeyring } from './roster.ts';

export interface LobbyCoordinatorEnvironment {
  readonly session: Uint8Array;
  /** The epoch that the lobby closes for: 1, 2, ... */
  readonly epoch: number;
  /** Own identity. */
  readonly publicKey: Uint8Array;
  readonly signer: Signer;
  readonly transportKey: Uint8Array;
  /** Own nonces, one per draw, fresh for this epoch. */
  readonly nonces: readonly Uint8Array[];
  /** May throw for a number of members that no parameters can be made for. */
  parametersDigest(members: number): Uint8Array;
  readonly demonstration: boolean;
}

/** Who is in the lobby when it closes. */
export interface LobbyGuest extends Member {
  /** One per draw of this epoch, sent before the lobby closes. */
  readonly commitments: readonly Uint8Array[];
}

/** Why a guest cannot be in a roster: every member would refuse it, and one guest must not stop everyone. */
export type GuestFault =
  /** Not a name of 1 .. 60 characters in its canonical form (NFC). */
  | 'name-refused'
  /** Not one commitment of 32 bytes for each draw. */
  | 'commitments-refused'
  /** Not a sound RSA key. */
  | 'key-refused'
  /** The coordinator's key, or another guest's. */
  | 'key-taken';

interface Draw {
  /** 1 .. 4 */
  readonly draw: number;
  readonly guests: readonly LobbyGuest[];
  readonly roster: Roster;
  readonly keyring: Keyring;
  readonly commitments: readonly Uint8Array[];
}

export type LobbyCoordinatorState =
  | {
      readonly phase: 'acknowledging';
      readonly current: Draw;
      readonly acknowledgements: ReadonlyMap<number, Uint8Array>;
    }
  | {
      readonly phase: 'opening';
      readonly current: Draw;
      readonly nonces: ReadonlyMap<number, Uint8Array>;
    }
  | { readonly phase: 'closed' }
  | { readonly phase: 'failed'; readonly reason: LobbyReason };

export type LobbyCoordinatorEvent =
  /** Bytes from the member that has this number in the current roster. */
  | { readonly kind: 'message'; readonly from: number; readonly bytes: Uint8Array }
  /** Who has not answered is removed. */
  | { readonly kind: 'timeout' };

export type LobbyCoordinatorEffect =
  /** To everyone in the current roster. */
  | { readonly kind: 'send'; readonly bytes: Uint8Array }
  /** Removed as unfit (guestFault) or for not answering; the others' numbers follow the new roster from here on. */
  | { readonly kind: 'removed'; readonly members: readonly Member[]; readonly roster: Roster }
  | { readonly kind: 'closed'; readonly roster: Roster; readonly nonces: readonly Uint8Array[] }
  | { readonly kind: 'refused'; readonly reason: Refusal | 'not-expected'; readonly from?: number }
  | { readonly kind: 'failed'; readonly reason: LobbyReason };

export interface LobbyCoordinatorStep {
  readonly state: LobbyCoordinatorState;
  readonly effects: readonly LobbyCoordinatorEffect[];
}

const fewestMembers = 3;

const limits = messageLimits({
  clients: 1,
  publicKeyBytes: 0,
  signatureBytes: 512,
  ciphertextBytes: 0,
  vectorBytes: 0,
  weightsBytes: 0,
});

const commitmentBytes = 32;

/** Why a guest cannot be in the roster of this coordinator and the `others`; undefined when it can. Never throws. */
export function guestFault(
  guest: LobbyGuest,
  coordinatorKey: Uint8Array,
  others: readonly Member[] = [],
): GuestFault | undefined {
  const { name, publicKey, commitments } = guest;
  const canonical = name.isWellFormed() && name === name.normalize('NFC');
  if (!canonical || name.length < 1 || name.length > LONGEST_NAME) return 'name-refused';
  if (commitments.length !== draws || commitments.some(({ length }) => length !== commitmentBytes))
    return 'commitments-refused';
  if (!isSoundKey(publicKey)) return 'key-refused';
  const taken = [coordinatorKey, ...others.map((other) => other.publicKey)];
  return taken.some((key) => equalBytes(key, publicKey)) ? 'key-taken' : undefined;
}

function isSoundKey(publicKey: Uint8Array): boolean {
  try {
    importPublicIdentity(publicKey);
    return true;
  } catch {
    return false;
  }
}

/**
 * The leader closes the lobby with these members, in the order of the roster to be. Unfit guests are left out; of two
 * with one key, the later.
 */
export function closeLobby(
  guests: readonly LobbyGuest[],
  environment: LobbyCoordinatorEnvironment,
): LobbyCoordinatorStep {
  const fit: LobbyGuest[] = [];
  const unfit: LobbyGuest[] = [];
  for (const guest of guests)
    (guestFault(guest, environment.publicKey, fit) === undefined ? fit : unfit).push(guest);
  return startDrawWithout(unfit, 1, fit, environment);
}

export function lobbyCoordinatorStep(
  state: LobbyCoordinatorState,
  event: LobbyCoordinatorEvent,
  environment: LobbyCoordinatorEnvironment,
): LobbyCoordinatorStep {
  if (state.phase === 'closed' || state.phase === 'failed') return ignored(state, 'not-expected');
  if (event.kind === 'timeout') return removeMissing(state, environment);
  const type = peekType(event.bytes);
  if (!type.ok) return ignored(state, type.reason, event.from);
  return state.phase === 'acknowledging'
    ? receiveAcknowledgement(state, event.from, event.bytes, environment)
    : receiveOpening(state, event.from, event.bytes, environment);
}

function startDraw(
  draw: number,
  guests: readonly LobbyGuest[],
  environment: LobbyCoordinatorEnvironment,
): LobbyCoordinatorStep {
  if (draw > draws) return fail('draws-exhausted');
  if (guests.length < fewestMembers) return fail('too-few-members');
  const { session, epoch, publicKey, transportKey, demonstration, nonces } = environment;
  const parametersDigest = parametersFor(guests.length, environment);
  if (parametersDigest === undefined) return fail('parameters-impossible');
  const roster: Roster = {
    session,
    coordinator: publicKey,
    transportKey,
    members: membersOf(guests),
    parametersDigest,
    demonstration,
  };
  const commitments = [
    nonceCommitment(session, publicKey, drawNumber(epoch, draw), nonces[draw - 1]!),
    ...guests.map((guest) => guest.commitments[draw - 1]!),
  ];
  const current = { draw, guests, roster, keyring: rosterKeyring(roster), commitments };
  return {
    state: { phase: 'acknowledging', current, acknowledgements: new Map() },
    effects: [send('closed-lobby', closedLobbyBody(roster, commitments), current, environment)],
  };
}

/** As startDraw; first says who is left out, if anyone. */
function startDrawWithout(
  left: readonly LobbyGuest[],
  draw: number,
  guests: readonly LobbyGuest[],
  environment: LobbyCoordinatorEnvironment,
): LobbyCoordinatorStep {
  const next = startDraw(draw, guests, environment);
  if (next.state.phase !== 'acknowledging' || left.length === 0) return next;
  const { roster } = next.state.current;
  return {
    state: next.state,
    effects: [{ kind: 'removed', members: membersOf(left), roster }, ...next.effects],
  };
}

function parametersFor(members: number, environment: LobbyCoordinatorEnvironment): Uint8Array | undefined {
  try {
    return environment.parametersDigest(members);
  } catch {
    return undefined;
  }
}

function membersOf(guests: readonly LobbyGuest[]): Member[] {
  return guests.map(({ name, publicKey }) => ({ name, publicKey }));
}

function receiveAcknowledgement(
  state: Extract<LobbyCoordinatorState, { phase: 'acknowledging' }>,
  from: number,
  bytes: Uint8Array,
  environment: LobbyCoordinatorEnvironment,
): LobbyCoordinatorStep {
  const { current } = state;
  const opened = open('lobby-acknowledgement', from, bytes, current, environment);
  if (!opened.ok) return ignored(state, opened.reason, from);
  if (state.acknowledgements.has(from)) return ignored(state, 'replayed', from);
  const number = drawNumber(environment.epoch, current.draw);
  const lobby = lobbyDigest(current.roster, number, current.commitments);
  if (!equalBytes(opened.value.body.lobby, lobby)) return ignored(state, 'wrong-context', from);
  const acknowledgements = new Map(state.acknowledgements).set(from, bytes);
  if (acknowledgements.size < current.guests.length) {
    return { state: { ...state, acknowledgements }, effects: [] };
  }
  const list = current.guests.map((_, index) => acknowledgements.get(index + 1)!);
  return {
    state: { phase: 'opening', current, nonces: new Map() },
    effects: [send('lobby-acknowledgements', { acknowledgements: list }, current, environment)],
  };
}

function receiveOpening(
  state: Extract<LobbyCoordinatorState, { phase: 'opening' }>,
  from: number,
  bytes: Uint8Array,
  environment: LobbyCoordinatorEnvironment,
): LobbyCoordinatorStep {
  const { current } = state;
  const opened = open('nonce-opening', from, bytes, current, environment);
  if (!opened.ok) return ignored(state, opened.reason, from);
  if (state.nonces.has(from)) return ignored(state, 'replayed', from);
  const { nonce } = opened.value.body;
  const { publicKey } = current.guests[from - 1]!;
  const number = drawNumber(environment.epoch, current.draw);
  const commitment = nonceCommitment(environment.session, publicKey, number, nonce);
  // a changed opening is as good as none: its owner will be removed
  if (!equalBytes(commitment, current.commitments[from]!)) return ignored(state, 'contradiction', from);
  const opening = new Map(state.nonces).set(from, nonce.slice());
  if (opening.size < current.guests.length) return { state: { ...state, nonces: opening }, effects: [] };
  const nonces = [
    environment.nonces[current.draw - 1]!,
    ...current.guests.map((_, index) => opening.get(index + 1)!),
  ];
  return {
    state: { phase: 'closed' },
    effects: [
      send('opened-nonces', { nonces }, current, environment),
      { kind: 'closed', roster: current.roster, nonces },
    ],
  };
}

function removeMissing(
  state: Extract<LobbyCoordinatorState, { phase: 'acknowledging' | 'opening' }>,
  environment: LobbyCoordinatorEnvironment,
): LobbyCoordinatorStep {
  const answered = state.phase === 'acknowledging' ? state.acknowledgements : state.nonces;
  const { draw, guests } = state.current;
  const left = guests.filter((_, index) => answered.has(index + 1));
  const silent = guests.filter((_, index) => !answered.has(index + 1));
  return startDrawWithout(silent, draw + 1, left, environment);
}

function open<Type extends MessageType>(
  type: Type,
  sender: number,
  bytes: Uint8Array,
  { draw, keyring }: Draw,
  { session, epoch }: LobbyCoordinatorEnvironment,
): ReturnType<typeof openMessage<Type>> {
  const position = { session, round: 0, attempt: drawNumber(epoch, draw) };
  return openMessage(bytes, { type, ...position, sender, maxBytes: limits[type] }, keyring);
}

function send<Type extends MessageType>(
  type: Type,
  body: Body<Type>,
  { draw }: Draw,
  { session, epoch, signer }: LobbyCoordinatorEnvironment,
): LobbyCoordinatorEffect {
  const position = { session, round: 0, attempt: drawNumber(epoch, draw) };
  return { kind: 'send', bytes: sealMessage(type, position, body, signer) };
}

function ignored(
  state: LobbyCoordinatorState,
  reason: Refusal | 'not-expected',
  from?: number,
): LobbyCoordinatorStep {
  return { state, effects: [{ kind: 'refused', reason, ...(from === undefined ? {} : { from }) }] };
}

function fail(reason: LobbyReason): LobbyCoordinatorStep {
  return { state: { phase: 'failed', reason }, effects: [{ kind: 'failed', reason }] };
}
