/**
 * An epoch: one roster, one set of parameters, one graph, from one confirmation of the words to the next. T and the
 * graph change only with it. The graph is seeded by the roster and by everyone's nonces, never by the coordinator.
 */
import { equalBytes, utf8 } from '../bytes/bytes.ts';
import { sha256 } from '../crypto/hash.ts';
import { type KeyAgreement, keyAgreement } from '../crypto/key-agreement.ts';
import type { ClientSet } from '../wire/client-set.ts';
import type { Keyring } from '../wire/envelope.ts';
import { type MessageLimits, messageLimits } from '../wire/limits.ts';
import { neighbourhoods } from './graph.ts';
import { ciphertextBytes } from './key-schedule.ts';
import { packedBytes } from './packing.ts';
import { type RoundParameters, parametersDigest } from './parameters.ts';
import {
  type Roster,
  hasDistinctIdentities,
  rosterDigest,
  rosterKeyring,
  unsignedKeyring,
} from './roster.ts';

const graphTag = utf8('masquerade/graph/v1');

export interface Epoch {
  readonly roster: Roster;
  readonly rosterDigest: Uint8Array;
  readonly parameters: RoundParameters;
  readonly parametersDigest: Uint8Array;
  /** N(v), strictly increasing; on the complete graph all clients, v included. */
  neighbours(client: number): ClientSet;
  /** The x of the share that a holder has of a dealer's secrets: 1 + its place in N(dealer); 0 when it has none. */
  sharePoint(dealer: number, holder: number): number;
  readonly everyone: ClientSet;
  /** Bytes of every client's vector on the wire. */
  readonly vectorBytes: number;
  readonly keyring: Keyring;
  readonly agreement: KeyAgreement;
  readonly limits: MessageLimits;
}

/** The seed of the graph: SHA-256 of the roster digest and of all opened nonces, the coordinator's first. */
export function graphSeed(roster: Uint8Array, nonces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return sha256(graphTag, roster, ...nonces);
}

/** Why a roster and parameters do not belong together; undefined when they do. To be asked before `createEpoch`. */
export function rosterFault(roster: Roster, parameters: RoundParameters): string | undefined {
  if (roster.members.length !== parameters.clients)
    return 'another number of members than the parameters say';
  if (!equalBytes(roster.parametersDigest, parametersDigest(parameters))) return 'other parameters';
  if (roster.demonstration !== parameters.demonstration) return 'another demonstration flag';
  if (parameters.signatures && !hasDistinctIdentities(roster)) return 'one identity twice';
  return undefined;
}

/**
 * The epoch of a roster. `nonces`: what everyone opened, the coordinator's first, 32 bytes each.
 * Throws RangeError when `rosterFault` finds one, and FederationError 'identity-key-refused' for a public key that is
 * not a sound RSA key.
 */
export function createEpoch(
  roster: Roster,
  parameters: RoundParameters,
  nonces: readonly Uint8Array[],
): Epoch {
  const fault = rosterFault(roster, parameters);
  if (fault !== undefined) throw new RangeError(`cannot make an epoch: the roster has ${fault}`);
  const { clients, vectorLength, parameterCount, bits, quantisation, signatures } = parameters;
  const digest = rosterDigest(roster);
  const everyone = Array.from({ length: clients }, (_, index) => index + 1);
  const lists =
    parameters.graph === 'sparse'
      ? neighbourhoods(clients, parameters.neighbours, graphSeed(digest, nonces))
      : undefined;
  const agreement = keyAgreement(parameters.keyAgreement);
  const vectorBytes = quantisation ? packedBytes(vectorLength, bits) : 4 * vectorLength;
  return {
    roster,
    rosterDigest: digest,
    parameters,
    parametersDigest: roster.parametersDigest,
    neighbours: (client) => lists?.[client - 1] ?? everyone,
    sharePoint: (dealer, holder) => (lists === undefined ? holder : 1 + lists[dealer - 1]!.indexOf(holder)),
    everyone,
    vectorBytes,
    keyring: signatures ? rosterKeyring(roster) : unsignedKeyring(roster),
    agreement,
    limits: messageLimits({
      clients,
      publicKeyBytes: agreement.publicKeyBytes,
      signatureBytes: signatures ? maxSignatureBytes : 0,
      ciphertextBytes,
      vectorBytes,
      weightsBytes: 4 * parameterCount,
    }),
  };
}

/** RSA of 4096 bits, the largest that is accepted. */
const maxSignatureBytes = 512;
