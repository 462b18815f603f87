/**
 * Closing the lobby: what everyone's words are made from, so that nobody, the coordinator included, can choose them.
 *
 * On joining, every member and the coordinator commit to one 256-bit nonce for each draw. When the lobby closes, the
 * roster and all commitments go to everyone and are acknowledged, signed; nonces are opened only by who has seen
 * everyone's acknowledgement of the same roster and commitments. A member whose opening is missing is removed, and the
 * next draw is opened; three times at most.
 *
 * Why: words made from a plain digest of the roster would fall to a search. Whoever shows two people two rosters would
 * make up identities until both give the same words, 2^22 tries for four words of 2,048. Here both rosters are fixed
 * before any honest nonce is known, so that a cheater has one try per draw.
 *
 * A session may close its lobby again, for a new epoch: everyone commits to fresh nonces, and the draws of all epochs are
 * numbered on (`drawNumber`), in headers, commitments and digests, so that nothing of one epoch's lobby fits another's.
 *
 * Does not protect against invented members that everyone is shown: hence people count as well.
 */
import { equalBytes, uint32Bytes, utf8 } from '../bytes/bytes.ts';
import { sha256 } from '../crypto/hash.ts';
import type { RandomSource } from '../crypto/random.ts';
import type { Body } from '../wire/messages.ts';
import { type Roster, rosterDigest } from './roster.ts';

const commitmentTag = utf8('masquerade/nonce-commitment/v1');
const lobbyTag = utf8('masquerade/lobby/v1');

/** The first draw, and three more after a removal each. */
export const draws = 4;
export const nonceBytes = 32;

/** Why a member leaves a lobby. */
export type LobbyReason =
  /** The list is not of a roster that could be confirmed, or a later one is not the earlier one with members removed. */
  | 'roster-refused'
  /** Its own key or commitment is missing or changed. */
  | 'not-included'
  /** Somebody has not acknowledged this roster and these commitments. */
  | 'acknowledgement-differs'
  /** A nonce does not fit the commitment to it. */
  | 'opening-differs'
  /** A fifth draw would be needed. */
  | 'draws-exhausted'
  /** Fewer than three members are left. */
  | 'too-few-members'
  /** No parameters can be made for so many members. */
  | 'parameters-impossible';

/** The number of a draw (1 .. 4) of an epoch (1, 2, ...) within its session: 1 .. 4, then 5 .. 8, ... */
export function drawNumber(epoch: number, draw: number): number {
  return draws * (epoch - 1) + draw;
}

/** One nonce per draw, drawn on joining. */
export function drawNonces(random: RandomSource): Uint8Array[] {
  return Array.from({ length: draws }, () => random.bytes(nonceBytes));
}

/**
 * Commitment to the nonce of a draw (`draw`: its drawNumber), bound to session and owner: nobody can repeat another's
 * commitment and then its opening.
 */
export function nonceCommitment(
  session: Uint8Array,
  publicKey: Uint8Array,
  draw: number,
  nonce: Uint8Array,
): Uint8Array<ArrayBuffer> {
  return sha256(commitmentTag, session, uint32Bytes(publicKey.length), publicKey, uint32Bytes(draw), nonce);
}

/** Commitments to the nonces of all draws of an epoch: sent on joining, and again before each later epoch. */
export function nonceCommitments(
  session: Uint8Array,
  publicKey: Uint8Array,
  epoch: number,
  nonces: readonly Uint8Array[],
): Uint8Array[] {
  return nonces.map((nonce, index) =>
    nonceCommitment(session, publicKey, drawNumber(epoch, index + 1), nonce),
  );
}

/** What an acknowledgement signs. `draw`: its drawNumber; `commitments`: of this draw, the coordinator's first. */
export function lobbyDigest(
  roster: Roster,
  draw: number,
  commitments: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  return sha256(
    lobbyTag,
    rosterDigest(roster),
    uint32Bytes(draw),
    uint32Bytes(commitments.length),
    ...commitments,
  );
}

/** Public keys in the order of commitments and nonces: the coordinator's first. */
export function partiesOf(roster: Roster): Uint8Array[] {
  return [roster.coordinator, ...roster.members.map((member) => member.publicKey)];
}

/** True when every nonce opens its owner's commitment. `draw`: its drawNumber. */
export function openingsFit(
  roster: Roster,
  draw: number,
  commitments: readonly Uint8Array[],
  nonces: readonly Uint8Array[],
): boolean {
  const parties = partiesOf(roster);
  return (
    nonces.length === parties.length &&
    commitments.length === parties.length &&
    parties.every((publicKey, index) =>
      equalBytes(nonceCommitment(roster.session, publicKey, draw, nonces[index]!), commitments[index]!),
    )
  );
}

/** The roster in a message that closes a lobby; undefined when its lists have different lengths. */
export function rosterOf(session: Uint8Array, body: Body<'closed-lobby'>): Roster | undefined {
  const { names, publicKeys, commitments } = body;
  if (names.length !== publicKeys.length || commitments.length !== names.length + 1) return undefined;
  return {
    session,
    coordinator: body.coordinator.slice(),
    transportKey: body.transportKey.slice(),
    members: names.map((name, index) => ({ name, publicKey: publicKeys[index]!.slice() })),
    parametersDigest: body.parameters.slice(),
    demonstration: body.demonstration,
  };
}

export function closedLobbyBody(roster: Roster, commitments: readonly Uint8Array[]): Body<'closed-lobby'> {
  return {
    coordinator: roster.coordinator,
    transportKey: roster.transportKey,
    names: roster.members.map((member) => member.name),
    publicKeys: roster.members.map((member) => member.publicKey),
    parameters: roster.parametersDigest,
    demonstration: roster.demonstration,
    commitments: [...commitments],
  };
}
