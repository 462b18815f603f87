/** A member's side of closing the lobby (lobby.ts says why), as a pure state machine. */
import { equalBytes } from '../bytes/bytes.ts';
import { importPublicIdentity } from '../crypto/rsa.ts';
import { coordinatorKeyring } from '../joining/credentials.ts';
import {
  type Expectation,
  type Keyring,
  type Opened,
  openMessage,
  peekType,
  sealMessage,
} from '../wire/envelope.ts';
import { messageLimits } from '../wire/limits.ts';
import type { MessageType } from '../wire/messages.ts';
import { type Checked, type Refusal, refused } from '../wire/refusal.ts';
import {
  type LobbyReason,
  drawNumber,
  draws,
  lobbyDigest,
  nonceCommitment,
  openingsFit,
  rosterOf,
} from './lobby.ts';
import { type Roster, hasDistinctIdentities, rosterKeyring } from './roster.ts';

export interface LobbyMemberEnvironment {
  readonly session: Uint8Array;
  /** The epoch that the lobby closes for: 1, 2, ... */
  readonly epoch: number;
  /** The coordinator's identity, known from joining. */
  readonly coordinator: Uint8Array;
  readonly transportKey: Uint8Array;
  /** Own identity. */
  readonly publicKey: Uint8Array;
  sign(...parts: readonly Uint8Array[]): Uint8Array;
  /** Own nonces, one per draw, fresh for this epoch; committed to before the lobby closes. */
  readonly nonces: readonly Uint8Array[];
  /** Digest of the parameters that this member would confirm for so many members. May throw where there are none. */
  parametersDigest(members: number): Uint8Array;
  readonly demonstration: boolean;
}

interface SeenLobby {
  readonly draw: number;
  readonly roster: Roster;
  readonly keyring: Keyring;
  /** Own number in this roster. */
  readonly client: number;
  readonly commitments: readonly Uint8Array[];
}

export type LobbyMemberState =
  | { readonly phase: 'joined' }
  /** Waits for everyone's acknowledgements. */
  | { readonly phase: 'acknowledged'; readonly seen: SeenLobby }
  /** Has opened its nonce; waits for everyone's. */
  | { readonly phase: 'opened'; readonly seen: SeenLobby }
  | { readonly phase: 'closed' }
  | { readonly phase: 'left'; readonly reason: LobbyReason };

export type LobbyMemberEffect =
  | { readonly kind: 'send'; readonly bytes: Uint8Array }
  /** Roster and nonces for `createEpoch` and the words. */
  | {
      readonly kind: 'closed';
      readonly roster: Roster;
      readonly client: number;
      readonly nonces: readonly Uint8Array[];
    }
  | { readonly kind: 'refused'; readonly reason: Refusal | 'not-expected' }
  | { readonly kind: 'left'; readonly reason: LobbyReason };

export interface LobbyMemberStep {
  readonly state: LobbyMemberState;
  readonly effects: readonly LobbyMemberEffect[];
}

const limits = messageLimits({
  clients: 500,
  publicKeyBytes: 0,
  signatureBytes: 512,
  ciphertextBytes: 0,
  vectorBytes: 0,
  weightsBytes: 0,
});

/** What a member does about bytes from the coordinator. */
export function lobbyMemberStep(
  state: LobbyMemberState,
  bytes: Uint8Array,
  environment: LobbyMemberEnvironment,
): LobbyMemberStep {
  const type = peekType(bytes);
  if (!type.ok) return ignored(state, type.reason);
  if (state.phase === 'closed' || state.phase === 'left') return ignored(state, 'not-expected');
  if (type.value === 'closed-lobby') return receiveLobby(state, bytes, environment);
  if (type.value === 'lobby-acknowledgements' && state.phase === 'acknowledged') {
    return receiveAcknowledgements(state.seen, bytes, environment);
  }
  if (type.value === 'opened-nonces' && state.phase === 'opened') {
    return receiveNonces(state.seen, bytes, environment);
  }
  return ignored(state, 'wrong-phase');
}

type WaitingState = Exclude<LobbyMemberState, { phase: 'closed' | 'left' }>;

function receiveLobby(
  state: WaitingState,
  bytes: Uint8Array,
  environment: LobbyMemberEnvironment,
): LobbyMemberStep {
  const { session } = environment;
  const previous = state.phase === 'joined' ? undefined : state.seen;
  const draw = (previous?.draw ?? 0) + 1;
  // a fifth draw would have the number of the next epoch's first
  if (draw > draws) return ignored(state, 'future-round');
  const opened = open('closed-lobby', bytes, draw, coordinatorAlone(environment.coordinator), environment);
  if (!opened.ok) return ignored(state, opened.reason);

  const { commitments } = opened.value.body;
  const roster = rosterOf(session, opened.value.body);
  if (roster === undefined || !isConfirmable(roster, previous?.roster, environment))
    return leave('roster-refused');
  const index = roster.members.findIndex((member) => equalBytes(member.publicKey, environment.publicKey));
  const client = index + 1;
  const own = commitments[client];
  const nonce = environment.nonces[draw - 1]!;
  const number = drawNumber(environment.epoch, draw);
  const committed = nonceCommitment(session, environment.publicKey, number, nonce);
  if (index < 0 || own === undefined || !equalBytes(own, committed)) return leave('not-included');
  const keyring = soundKeyring(roster);
  if (keyring === undefined) return leave('roster-refused');
  const seen = { draw, roster, keyring, client, commitments: commitments.map((bytes) => bytes.slice()) };
  const lobby = lobbyDigest(roster, number, seen.commitments);
  return {
    state: { phase: 'acknowledged', seen },
    effects: [send('lobby-acknowledgement', { lobby }, seen, environment)],
  };
}

/** The coordinator that was joined, the parameters that would be confirmed, no identity twice, nobody new. */
function isConfirmable(
  roster: Roster,
  previous: Roster | undefined,
  environment: LobbyMemberEnvironment,
): boolean {
  return (
    equalBytes(roster.coordinator, environment.coordinator) &&
    equalBytes(roster.transportKey, environment.transportKey) &&
    hasConfirmableParameters(roster, environment) &&
    roster.demonstration === environment.demonstration &&
    hasDistinctIdentities(roster) &&
    (previous === undefined || isShortened(roster, previous))
  );
}

function hasConfirmableParameters(roster: Roster, environment: LobbyMemberEnvironment): boolean {
  try {
    return equalBytes(roster.parametersDigest, environment.parametersDigest(roster.members.length));
  } catch {
    return false;
  }
}

/** True when `roster` is `previous` with at least one member removed. */
function isShortened(roster: Roster, previous: Roster): boolean {
  if (roster.members.length >= previous.members.length) return false;
  let at = 0;
  for (const member of previous.members) {
    const kept = roster.members[at];
    if (kept?.name === member.name && equalBytes(kept.publicKey, member.publicKey)) at += 1;
  }
  return at === roster.members.length;
}

/** Everyone has acknowledged what this member saw: only now it opens its nonce. */
function receiveAcknowledgements(
  seen: SeenLobby,
  bytes: Uint8Array,
  environment: LobbyMemberEnvironment,
): LobbyMemberStep {
  const opened = open('lobby-acknowledgements', bytes, seen.draw, seen.keyring, environment);
  if (!opened.ok) return ignored({ phase: 'acknowledged', seen }, opened.reason);
  const { acknowledgements } = opened.value.body;
  const number = drawNumber(environment.epoch, seen.draw);
  const lobby = lobbyDigest(seen.roster, number, seen.commitments);
  const complete =
    acknowledgements.length === seen.roster.members.length &&
    acknowledgements.every((relayed, index) => {
      const signed = open('lobby-acknowledgement', relayed, seen.draw, seen.keyring, environment, index + 1);
      return signed.ok && equalBytes(signed.value.body.lobby, lobby);
    });
  if (!complete) return leave('acknowledgement-differs');
  const nonce = environment.nonces[seen.draw - 1]!;
  return {
    state: { phase: 'opened', seen },
    effects: [send('nonce-opening', { nonce }, seen, environment)],
  };
}

function receiveNonces(
  seen: SeenLobby,
  bytes: Uint8Array,
  environment: LobbyMemberEnvironment,
): LobbyMemberStep {
  const opened = open('opened-nonces', bytes, seen.draw, seen.keyring, environment);
  if (!opened.ok) return ignored({ phase: 'opened', seen }, opened.reason);
  const nonces = opened.value.body.nonces.map((nonce) => nonce.slice());
  const number = drawNumber(environment.epoch, seen.draw);
  if (!openingsFit(seen.roster, number, seen.commitments, nonces)) return leave('opening-differs');
  return {
    state: { phase: 'closed' },
    effects: [{ kind: 'closed', roster: seen.roster, client: seen.client, nonces }],
  };
}

function open<Type extends MessageType>(
  type: Type,
  bytes: Uint8Array,
  draw: number,
  keyring: Keyring | undefined,
  { session, epoch }: LobbyMemberEnvironment,
  sender = 0,
): Checked<Opened<Type>> {
  if (keyring === undefined) return refused('unknown-sender');
  const expected: Expectation<Type> = {
    type,
    session,
    round: 0,
    attempt: drawNumber(epoch, draw),
    sender,
    maxBytes: limits[type],
  };
  return openMessage(bytes, expected, keyring);
}

function send<Type extends 'lobby-acknowledgement' | 'nonce-opening'>(
  type: Type,
  body: Parameters<typeof sealMessage<Type>>[2],
  { draw, client }: SeenLobby,
  environment: LobbyMemberEnvironment,
): LobbyMemberEffect {
  const { session, epoch } = environment;
  const position = { session, round: 0, attempt: drawNumber(epoch, draw) };
  return {
    kind: 'send',
    bytes: sealMessage(type, position, body, {
      sender: client,
      sign: (...parts) => environment.sign(...parts),
    }),
  };
}

/** Before the roster is known, only the coordinator can be verified; undefined when its key is not a sound RSA key. */
function coordinatorAlone(publicKey: Uint8Array): Keyring | undefined {
  try {
    return coordinatorKeyring(importPublicIdentity(publicKey));
  } catch {
    return undefined;
  }
}

/** Undefined when an identity in the roster is not a sound RSA key. */
function soundKeyring(roster: Roster): Keyring | undefined {
  try {
    return rosterKeyring(roster);
  } catch {
    return undefined;
  }
}

function ignored(state: LobbyMemberState, reason: Refusal | 'not-expected'): LobbyMemberStep {
  return { state, effects: [{ kind: 'refused', reason }] };
}

function leave(reason: LobbyReason): LobbyMemberStep {
  return { state: { phase: 'left', reason }, effects: [{ kind: 'left', reason }] };
}
