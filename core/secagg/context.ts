/**
 * The context of an attempt: everything that two parties must agree on before a key derived by one fits the other's.
 * A client that was told another model, parameters, roster, round or attempt derives other keys and signs another
 * statement, so that telling different clients different things ends in an abort, never in a sum.
 */
import { uint32Bytes, utf8 } from '../bytes/bytes.ts';
import { sha256 } from '../crypto/hash.ts';
import { protocolVersion } from '../wire/header.ts';
import type { Position } from '../wire/envelope.ts';
import type { ClientSet } from '../wire/client-set.ts';
import { encodeClientSet } from '../wire/client-set.ts';

const contextTag = utf8('masquerade/context/v1');
const advertTag = utf8('masquerade/advert/v1');
const advertsTag = utf8('masquerade/adverts/v1');
const setTag = utf8('masquerade/client-set/v1');
const survivorsTag = utf8('masquerade/survivors/v1');
const statementTag = utf8('masquerade/statement/v1');
const commitmentTag = utf8('masquerade/self-mask-commitment/v1');

export interface ContextFields extends Position {
  readonly rosterDigest: Uint8Array;
  readonly parametersDigest: Uint8Array;
  /** SHA-256 of architecture and weights. */
  readonly model: Uint8Array;
  /** As it was announced, 8 bytes; left out unless it adapts. */
  readonly clippingNorm?: Uint8Array | undefined;
}

/**
 * SHA-256 of version, session, roster digest, round, attempt, parameters digest, model hash and, where the parameters say
 * that there is one, clipping norm: all of fixed length.
 */
export function contextDigest(fields: ContextFields): Uint8Array<ArrayBuffer> {
  return sha256(
    contextTag,
    uint32Bytes(protocolVersion),
    fields.session,
    fields.rosterDigest,
    uint32Bytes(fields.round),
    uint32Bytes(fields.attempt),
    fields.parametersDigest,
    fields.model,
    ...(fields.clippingNorm === undefined ? [] : [fields.clippingNorm]),
  );
}

/**
 * Digest of a signed advert: of its header and body. The signature is left out, as one signer can make several for the
 * same bytes.
 */
export function advertDigest(signedPart: Uint8Array): Uint8Array<ArrayBuffer> {
  return sha256(advertTag, signedPart);
}

/** Digest of U1's signed adverts, from the digests of each by increasing client. */
export function advertsDigest(digests: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return sha256(advertsTag, uint32Bytes(digests.length), ...digests);
}

export function clientSetDigest(clients: ClientSet, n: number): Uint8Array<ArrayBuffer> {
  return sha256(setTag, uint32Bytes(n), encodeClientSet(clients, n));
}

/** What a client remembers of the survivors that it signed: their numbers mean nothing without the roster. */
export function survivorsDigest(roster: Uint8Array, u3: ClientSet, n: number): Uint8Array<ArrayBuffer> {
  return sha256(survivorsTag, roster, clientSetDigest(u3, n));
}

/** The digest that a statement signs: context, U1's adverts, U2, U3. A bitmap is the one form of a sorted set. */
export function statementDigest(
  context: Uint8Array,
  u1Adverts: Uint8Array,
  u2: ClientSet,
  u3: ClientSet,
  n: number,
): Uint8Array<ArrayBuffer> {
  return sha256(
    statementTag,
    context,
    u1Adverts,
    uint32Bytes(n),
    encodeClientSet(u2, n),
    encodeClientSet(u3, n),
  );
}

/** Commitment of a client to the seed of its self mask. */
export function selfMaskCommitment(
  context: Uint8Array,
  client: number,
  seed: Uint8Array,
): Uint8Array<ArrayBuffer> {
  return sha256(commitmentTag, context, uint32Bytes(client), seed);
}

/** SHA-256 of the canonical architecture, then the float32 little-endian weights in layer order. */
export function modelHash(architecture: Uint8Array, weights: Uint8Array): Uint8Array<ArrayBuffer> {
  return sha256(architecture, weights);
}
