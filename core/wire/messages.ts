/**
 * Every message: its code, who sends it, in which phase, its body's schema, and what may follow it unsigned.
 *
 * A message on the wire is header, body, signature, attachment. The signature covers a domain tag, the header and the
 * body. An attachment is covered through a digest in the body, so that the signed part can be relayed without it:
 * the model's bytes, a masked vector, the ciphertexts meant for one client.
 *
 * Lists of clients travel as bitmaps (core/wire/client-set.ts).
 */
import { z } from 'zod';
import { largestBallotSide, mostBallotPictures } from '../contract/ballots.ts';
import { coordinatorAbortReasons, withdrawalReasons } from '../errors/protocol-reasons.ts';

/** Phases of a round, with their codes in headers; `session` is for what belongs to no round's phase. */
export const phaseCodes = {
  session: 0,
  'advertise-keys': 1,
  'share-keys': 2,
  'masked-input': 3,
  statement: 4,
  unmask: 5,
  aggregate: 6,
} as const;

export type Phase = keyof typeof phaseCodes;

/** Longest plan and longest report of a round, as text of which every character takes at most 3 bytes. */
export const longestPlanCharacters = 250_000;
export const longestReportCharacters = 400_000;

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be a byte string');
const bytesOf = (length: number) =>
  z.custom<Uint8Array>(
    (value) => value instanceof Uint8Array && value.length === length,
    `must be ${length} bytes`,
  );
const digest = bytesOf(32);
const size = z.int().min(0).max(0xffffffff);
const count = z.int().min(1).max(0xffffffff);

export const messageTypes = {
  /** Opens an attempt. Attachment: the model, or nothing when clients have it already. */
  announcement: {
    code: 1,
    from: 'coordinator',
    phase: 'advertise-keys',
    body: z.strictObject({
      parameters: digest,
      roster: digest,
      model: digest,
      modelBytes: size,
      /** Where it adapts: this round's, as a float64. */
      clippingNorm: bytesOf(8).exactOptional(),
    }),
  },
  /** A client's fresh public keys, bound to the context of the attempt. */
  'key-advert': {
    code: 2,
    from: 'client',
    phase: 'advertise-keys',
    body: z.strictObject({ channelKey: bytes, maskKey: bytes, context: digest }),
  },
  /** U1: the adverts as they were signed, by increasing client. */
  'key-adverts': {
    code: 3,
    from: 'coordinator',
    phase: 'share-keys',
    body: z.strictObject({ adverts: z.array(bytes) }),
  },
  /** Commitment to the self mask's seed, and one ciphertext of fixed length for each neighbour in U1 but oneself. */
  'encrypted-shares': {
    code: 4,
    from: 'client',
    phase: 'share-keys',
    body: z.strictObject({ commitment: digest, ciphertexts: bytes }),
  },
  /** U2, and for each of its clients the digest of the ciphertexts that it is sent: the attachment. */
  'relayed-shares': {
    code: 5,
    from: 'coordinator',
    phase: 'masked-input',
    body: z.strictObject({ u2: bytes, digests: bytes }),
  },
  /** Attachment: the vector, masked and bit-packed, or as float32 when nothing is masked. */
  'masked-input': {
    code: 6,
    from: 'client',
    phase: 'masked-input',
    body: z.strictObject({ vector: digest, vectorBytes: size, u1: digest, u2: digest }),
  },
  /** U3; in the sparse graph also the signed parts of its masked inputs. */
  'statement-request': {
    code: 7,
    from: 'coordinator',
    phase: 'statement',
    body: z.strictObject({ u3: bytes, maskedInputs: z.array(bytes) }),
  },
  /** The digest of a client's statement: what it believes U1's adverts, U2 and U3 to be. */
  statement: {
    code: 8,
    from: 'client',
    phase: 'statement',
    body: z.strictObject({ digest }),
  },
  /** Statements as they were signed, by increasing client. */
  'signed-statements': {
    code: 9,
    from: 'coordinator',
    phase: 'unmask',
    body: z.strictObject({ statements: z.array(bytes) }),
  },
  /** For each dealer one share: of its self mask's seed if it is in U3, of its mask key otherwise. */
  reveal: {
    code: 10,
    from: 'client',
    phase: 'unmask',
    body: z.strictObject({ dealers: bytes, shares: bytes }),
  },
  /** The round has ended. Attachment: the new model, or nothing. */
  result: {
    code: 11,
    from: 'coordinator',
    phase: 'aggregate',
    body: z.strictObject({ model: digest, modelBytes: size }),
  },
  /** The coordinator ends the attempt. */
  abort: {
    code: 12,
    from: 'coordinator',
    phase: 'session',
    body: z.strictObject({ reason: z.enum(coordinatorAbortReasons) }),
  },
  /** A client leaves the attempt, and says which rule was broken. */
  withdrawal: {
    code: 13,
    from: 'client',
    phase: 'session',
    body: z.strictObject({ reason: z.enum(withdrawalReasons) }),
  },
  /** The latest advert that the sender saw of a member that comes back, as that member signed it. */
  sighting: {
    code: 14,
    from: 'client',
    phase: 'session',
    body: z.strictObject({ advert: bytes }),
  },
  /** The lobby is closed: the roster, and for this draw the commitment of each to its nonce, the coordinator's first. */
  'closed-lobby': {
    code: 15,
    from: 'coordinator',
    phase: 'session',
    body: z.strictObject({
      coordinator: bytes,
      transportKey: bytes,
      names: z.array(z.string().min(1).max(60)),
      publicKeys: z.array(bytes),
      parameters: digest,
      demonstration: z.boolean(),
      commitments: z.array(digest),
    }),
  },
  /** A member has seen roster and commitments: their digest. */
  'lobby-acknowledgement': {
    code: 16,
    from: 'client',
    phase: 'session',
    body: z.strictObject({ lobby: digest }),
  },
  /** All acknowledgements as they were signed, by increasing client. */
  'lobby-acknowledgements': {
    code: 17,
    from: 'coordinator',
    phase: 'session',
    body: z.strictObject({ acknowledgements: z.array(bytes) }),
  },
  /** A member opens its nonce, having seen the acknowledgements of everyone. */
  'nonce-opening': {
    code: 18,
    from: 'client',
    phase: 'session',
    body: z.strictObject({ nonce: digest }),
  },
  /** All nonces, the coordinator's first. */
  'opened-nonces': {
    code: 19,
    from: 'coordinator',
    phase: 'session',
    body: z.strictObject({ nonces: z.array(digest) }),
  },

  // Joining and leading a session: between one member (as a guest, whatever its number in a roster) and the coordinator.

  /** First message of a connection: proves the identity by signing the TLS exporter. */
  hello: {
    code: 20,
    from: 'client',
    phase: 'session',
    body: z.strictObject({
      exporter: digest,
      /** True at the first connection of a process, which has forgotten what it held in memory. */
      fresh: z.boolean(),
    }),
  },
  /** Asks to be in the next closed lobby; also when a later epoch is called. */
  entry: {
    code: 21,
    from: 'client',
    phase: 'session',
    body: z.strictObject({
      name: z.string().min(1).max(60),
      epoch: count,
      /** To one nonce for each draw. */
      commitments: z.array(digest).length(4),
    }),
  },
  /** A person has answered the question whether the words and the number of participants are the same everywhere. */
  confirmation: {
    code: 22,
    from: 'client',
    phase: 'session',
    body: z.strictObject({ roster: digest, agreed: z.boolean(), compared: z.boolean() }),
  },
  /** A person has answered whether one more sum over this model may be made. */
  'repeat-answer': {
    code: 23,
    from: 'client',
    phase: 'session',
    body: z.strictObject({ model: digest, allowed: z.boolean() }),
  },
  /** Leaves the session for good. */
  departure: {
    code: 24,
    from: 'client',
    phase: 'session',
    // an empty strictObject would let a Map or a Date pass
    body: z.strictObject({ reason: z.enum(['leaving']) }),
  },
  /** Answers a hello: what this session is about, and what the sender is in it. */
  welcome: {
    code: 25,
    from: 'coordinator',
    phase: 'session',
    body: z.strictObject({
      exporter: digest,
      /** core/contract/session-plan.ts as JSON. */
      plan: z.string().max(longestPlanCharacters),
      /** The epoch whose lobby is open, or will be next. */
      epoch: count,
      standing: z.enum(['guest', 'member']),
    }),
  },
  /** Who is in the lobby. */
  'lobby-list': {
    code: 26,
    from: 'coordinator',
    phase: 'session',
    body: z.strictObject({
      epoch: count,
      names: z.array(z.string().min(1).max(60)),
      /** SHA-256 of each public key, one after the other. */
      fingerprints: bytes,
      locked: z.boolean(),
    }),
  },
  /** A new epoch is due: whoever wants to be in it sends its entry. */
  'epoch-call': { code: 27, from: 'coordinator', phase: 'session', body: z.strictObject({ epoch: count }) },
  /** What the leader did, or what happened to a member. */
  notice: {
    code: 28,
    from: 'coordinator',
    phase: 'session',
    body: z.strictObject({
      kind: z.enum([
        'paused',
        'resumed',
        'removed',
        'waiting-for-next-epoch',
        'member-returned',
        'session-finished',
        'session-stopped',
        'session-aborted',
        'coordinator-leaves',
      ]),
      /** A member's number, where it is about one; else 0. */
      member: z.int().min(0).max(500),
      /** Why, as a code. */
      reason: z.string().max(60),
    }),
  },
  /** The round is burnt: asks each person whether one more sum over this model may be made. */
  'repeat-request': {
    code: 29,
    from: 'coordinator',
    phase: 'session',
    body: z.strictObject({ model: digest, round: count }),
  },
  /** How the new model does on the held-out data: RoundResult as JSON. */
  'round-report': {
    code: 30,
    from: 'coordinator',
    phase: 'session',
    body: z.strictObject({ round: count, result: z.string().max(longestReportCharacters) }),
  },
  /** The session's model at its end. Attachment: its weights. */
  'final-model': {
    code: 31,
    from: 'coordinator',
    phase: 'session',
    body: z.strictObject({ round: size, model: digest, modelBytes: size }),
  },

  // A question to the room, in the attack lab: no part of any round, and nothing that anybody computes depends on it.

  /** Which of these pictures was private? Asked anew with the same number: the same question. No pictures: it is over. */
  ballot: {
    code: 32,
    from: 'coordinator',
    phase: 'session',
    body: z.strictObject({
      ballot: count,
      height: z.int().min(1).max(largestBallotSide),
      width: z.int().min(1).max(largestBallotSide),
      /** One byte a pixel, 0 black to 255 white. */
      pictures: z.array(bytes).max(mostBallotPictures),
    }),
  },
  /** A person's answer: a picture's place, from 0; the last one counts. */
  vote: {
    code: 33,
    from: 'client',
    phase: 'session',
    body: z.strictObject({ ballot: count, choice: z.int().min(0).lt(mostBallotPictures) }),
  },
} as const satisfies Record<
  string,
  { code: number; from: 'coordinator' | 'client'; phase: Phase; body: z.ZodType }
>;

/** Sender of messages that are signed by an identity, whether or not it is in a roster. */
export const guestSender = 0xffff;

export type MessageType = keyof typeof messageTypes;
export type Body<Type extends MessageType> = Readonly<z.infer<(typeof messageTypes)[Type]['body']>>;

const typesByCode = new Map<number, MessageType>(
  (Object.keys(messageTypes) as MessageType[]).map((type) => [messageTypes[type].code, type]),
);

/** The type that a header's code names, if any. */
export function messageTypeOf(code: number): MessageType | undefined {
  return typesByCode.get(code);
}
