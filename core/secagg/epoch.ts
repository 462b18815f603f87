/**
 * An epoch: one roster, one set of parameters, one graph, from one confirmation of the words to the next. T and the
 * graph change only with it. The graph is seeded by the roster and by everyone's nonces, never by the coordinator.
 */
import { utf8 } from '../bytes/bytes.ts';
import { sha256 } from '../crypto/hash.ts';
import { type KeyAgreement, keyAgreement } from '../crypto/key-agreement.ts';
import type { ClientSet } from '../wire/client-set.ts';
import type { Keyring } from '../wire/envelope.ts';
import { type MessageLimits, messageLimits } from '../wire/limits.ts';
import { neighbourhoods } from './graph.ts';
import { ciphertextBytes } from './key-schedule.ts';
import { packedBytes } from './packing.ts';
import { type RoundParameters, parametersDigest } from './parameters.ts';
import { type Roster, rosterDigest, rosterKeyring, unsignedKeyring } from './roster.ts';

const graphTag = utf8('masquerade/graph/v1');

export interface Epoch {
  readonly roster: Roster;
  readonly rosterDigest: Uint8Array;
  readonly parameters: RoundParameters;
  readonly parametersDigest: Uint8Array;
  /** N(v) by client; on the complete graph all clients, v included. */
  readonly neighbours: (client: number) => ClientSet;
  readonly everyone: ClientSet;
  readonly keyring: Keyring;
  readonly agreement: KeyAgreement;
  readonly limits: MessageLimits;
}

/** The seed of the graph: SHA-256 of the roster digest and of all opened nonces, the coordinator's first. */
export function graphSeed(roster: Uint8Array, nonces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return sha256(graphTag, roster, ...nonces);
}

/**
 * The epoch of a roster. `nonces`: what everyone opened, the coordinator's first, 32 bytes each.
 * Throws FederationError 'identity-key-refused' for a public key that is not a sound RSA key, and 'internal' when the
 * roster was made for other parameters.
 */
export function createEpoch(
  roster: Roster,
  parameters: RoundParameters,
  nonces: readonly Uint8Array[],
): Epoch {
  const digest = rosterDigest(roster);
  const n = roster.members.length;
  const everyone = Array.from({ length: n }, (_, index) => index + 1);
  const sparse =
    parameters.graph === 'sparse'
      ? neighbourhoods(n, parameters.neighbours, graphSeed(digest, nonces))
      : undefined;
  const agreement = keyAgreement(parameters.keyAgreement);
  return {
    roster,
    rosterDigest: digest,
    parameters,
    parametersDigest: parametersDigest(parameters),
    neighbours: (client) => sparse?.[client - 1] ?? everyone,
    everyone,
    keyring: parameters.signatures ? rosterKeyring(roster) : unsignedKeyring(roster),
    agreement,
    limits: messageLimits({
      clients: n,
      publicKeyBytes: agreement.publicKeyBytes,
      signatureBytes: parameters.signatures ? maxSignatureBytes : 0,
      ciphertextBytes,
      vectorBytes: vectorBytes(parameters),
      weightsBytes: 4 * parameters.vectorLength,
    }),
  };
}

/** RSA of 4096 bits, the largest that is accepted. */
const maxSignatureBytes = 512;

/** Bytes of one client's vector on the wire. */
export function vectorBytes(parameters: RoundParameters): number {
  return parameters.quantisation
    ? packedBytes(parameters.vectorLength, parameters.bits)
    : 4 * parameters.vectorLength;
}
