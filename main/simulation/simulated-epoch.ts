/**
 * The epoch of a simulation: fresh identities for everyone, a roster in order of the client numbers, nonces, words. As
 * over a network, but that nobody needs to compare the words: all of it happens on one machine.
 */
import type { RunSettings } from '../../core/contract/run-settings.ts';
import { systemRandom } from '../../core/crypto/random.ts';
import { generateIdentity, type Identity } from '../../core/crypto/rsa.ts';
import { rosterWords } from '../../core/crypto/words.ts';
import type { Epoch } from '../../core/secagg/epoch.ts';
import { freshEpoch } from '../../core/secagg/fresh-epoch.ts';
import type { RoundParameters } from '../../core/secagg/parameters.ts';
import type { Signer } from '../../core/wire/envelope.ts';

export interface SimulatedEpoch {
  readonly epoch: Epoch;
  /** The coordinator's first. */
  readonly signers: readonly Signer[];
  readonly words: readonly string[];
}

/** Node's thread pool makes so many keys at once; those that were asked for beyond could not be cancelled. */
const keysAtOnce = 4;

/** Makes identities side by side: the system's key generation runs beside this thread. Rejects once cancelled. */
async function makeIdentities(
  count: number,
  bits: RunSettings['rsaBits'],
  onDone: (done: number) => void,
  signal: AbortSignal | undefined,
): Promise<readonly Identity[]> {
  const identities: Identity[] = [];
  let asked = 0;
  const makeOneByOne = async (): Promise<void> => {
    while (asked < count) {
      asked += 1;
      identities.push(await generateIdentity(bits));
      signal?.throwIfAborted();
      onDone(identities.length);
    }
  };
  signal?.throwIfAborted();
  await Promise.all(Array.from({ length: keysAtOnce }, makeOneByOne));
  return identities;
}

/** onIdentity: how many of the n + 1 identities are made. Without signatures there are none. Rejects once cancelled. */
export async function openSimulatedEpoch(
  parameters: RoundParameters,
  rsaBits: RunSettings['rsaBits'],
  onIdentity: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<SimulatedEpoch> {
  const parties = parameters.clients + 1;
  const identities = parameters.signatures
    ? await makeIdentities(parties, rsaBits, (done) => onIdentity(done, parties), signal)
    : [];
  const { epoch, signers, nonces } = freshEpoch(parameters, identities, systemRandom);
  return { epoch, signers, words: rosterWords(epoch.rosterDigest, nonces, parameters.language) };
}
