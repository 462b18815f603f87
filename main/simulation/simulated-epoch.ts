/**
 * The epoch of a simulation: fresh identities for everyone, a roster in order of the client numbers, nonces, words. As
 * over a network, but that nobody needs to compare the words: all of it happens on one machine.
 */
import type { RunSettings } from '../../core/contract/run-settings.ts';
import { systemRandom } from '../../core/crypto/random.ts';
import { generateIdentity, type Identity } from '../../core/crypto/rsa.ts';
import { rosterWords } from '../../core/crypto/words.ts';
import { createEpoch, type Epoch } from '../../core/secagg/epoch.ts';
import { parametersDigest, type RoundParameters } from '../../core/secagg/parameters.ts';
import { identitySigner, unsignedSigner, type Roster } from '../../core/secagg/roster.ts';
import type { Signer } from '../../core/wire/envelope.ts';

export interface SimulatedEpoch {
  readonly epoch: Epoch;
  /** The coordinator's first. */
  readonly signers: readonly Signer[];
  readonly words: readonly string[];
}

/** Makes identities two at a time or more: the system's key generation runs beside this thread. */
async function makeIdentities(
  count: number,
  bits: RunSettings['rsaBits'],
  onDone: (done: number) => void,
): Promise<readonly Identity[]> {
  let done = 0;
  return Promise.all(
    Array.from({ length: count }, async () => {
      const identity = await generateIdentity(bits);
      onDone((done += 1));
      return identity;
    }),
  );
}

/** onIdentity: how many of the n + 1 identities are made. Without signatures there are none. */
export async function openSimulatedEpoch(
  parameters: RoundParameters,
  rsaBits: RunSettings['rsaBits'],
  onIdentity: (done: number, total: number) => void,
): Promise<SimulatedEpoch> {
  const parties = parameters.clients + 1;
  const identities = parameters.signatures
    ? await makeIdentities(parties, rsaBits, (done) => {
        onIdentity(done, parties);
      })
    : [];
  const publicKey = (party: number): Uint8Array => identities[party]?.publicKey.spki ?? new Uint8Array(0);
  const roster: Roster = {
    session: systemRandom.bytes(16),
    coordinator: publicKey(0),
    transportKey: new Uint8Array(0),
    members: Array.from({ length: parameters.clients }, (_, index) => ({
      name: `Client ${index + 1}`,
      publicKey: publicKey(index + 1),
    })),
    parametersDigest: parametersDigest(parameters),
    demonstration: parameters.demonstration,
  };
  const nonces = Array.from({ length: parties }, () => systemRandom.bytes(32));
  const epoch = createEpoch(roster, parameters, nonces);
  return {
    epoch,
    signers: Array.from({ length: parties }, (_, party) => {
      const identity = identities[party];
      return identity ? identitySigner(party, identity) : unsignedSigner(party);
    }),
    words: rosterWords(epoch.rosterDigest, nonces, parameters.language),
  };
}
