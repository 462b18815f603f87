/**
 * An epoch whose members all live in this process: a roster in order of the client numbers, nonces, signers. As over a
 * network, but that nobody needs to compare words: for simulations, and for attacks on the protocol.
 */
import type { RandomSource } from '../crypto/random.ts';
import type { Identity } from '../crypto/rsa.ts';
import type { Signer } from '../wire/envelope.ts';
import { createEpoch, type Epoch } from './epoch.ts';
import { parametersDigest, type RoundParameters } from './parameters.ts';
import { identitySigner, type Roster, unsignedSigner } from './roster.ts';

export interface FreshEpoch {
  readonly epoch: Epoch;
  /** The coordinator's first. */
  readonly signers: readonly Signer[];
  /** What everyone opened, the coordinator's first. */
  readonly nonces: readonly Uint8Array[];
}

/**
 * identities: the coordinator's first, then one for each client; unused where the parameters say that nothing is signed.
 * Throws RangeError when they are too few.
 */
export function freshEpoch(
  parameters: RoundParameters,
  identities: readonly Identity[],
  random: RandomSource,
): FreshEpoch {
  const parties = Array.from({ length: parameters.clients + 1 }, (_, party) => party);
  const identityOf = (party: number): Identity | undefined => {
    if (!parameters.signatures) return undefined;
    const identity = identities[party];
    if (identity === undefined) throw new RangeError(`there is no identity for party ${party}`);
    return identity;
  };
  const publicKey = (party: number): Uint8Array => identityOf(party)?.publicKey.spki ?? new Uint8Array(0);
  const roster: Roster = {
    session: random.bytes(16),
    coordinator: publicKey(0),
    transportKey: new Uint8Array(0),
    members: parties.slice(1).map((client) => ({ name: `Client ${client}`, publicKey: publicKey(client) })),
    parametersDigest: parametersDigest(parameters),
    demonstration: parameters.demonstration,
  };
  const nonces = parties.map(() => random.bytes(32));
  return {
    epoch: createEpoch(roster, parameters, nonces),
    signers: parties.map((party) => {
      const identity = identityOf(party);
      return identity ? identitySigner(party, identity) : unsignedSigner(party);
    }),
    nonces,
  };
}
