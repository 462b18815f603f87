/** Identities for attacks on the live protocol, and rooms of people who have agreed to the same parameters. */
import { generateIdentity, type Identity } from '../../crypto/rsa.ts';
import type { RandomSource } from '../../crypto/random.ts';
import type { InputVector } from '../../secagg/client-events.ts';
import type { Floors } from '../../secagg/floors.ts';
import { freshEpoch } from '../../secagg/fresh-epoch.ts';
import type { RoundParameters } from '../../secagg/parameters.ts';
import type { Signer } from '../../wire/envelope.ts';
import { LiveRoom, type Work } from './room.ts';

/** As sessions make them unless told otherwise. */
const identityBits = 2048;
/** Few enough to be watched: each takes a core for a tenth of a second. */
const identitiesAtOnce = 2;

/**
 * So many identities, each yielded as its number is reached; making one takes about a tenth of a second beside this thread.
 * Real keys from the system's generator: nothing that an attack finds depends on them.
 */
export async function* makePeople(count: number): AsyncGenerator<number, readonly Identity[], void> {
  const identities: Identity[] = [];
  while (identities.length < count) {
    const next = Math.min(identitiesAtOnce, count - identities.length);
    const making = Array.from({ length: next }, () => generateIdentity(identityBits));
    identities.push(...(await Promise.all(making)));
    yield identities.length;
  }
  return identities;
}

export interface LiveParty {
  readonly room: LiveRoom;
  /** Of who has that number: a dishonest party signs with its own only. */
  readonly signerOf: (sender: number) => Signer;
}

export interface LivePartyOptions {
  readonly parameters: RoundParameters;
  /** The coordinator's first, then one for each client; none where nothing is signed. */
  readonly identities: readonly Identity[];
  readonly architecture: Uint8Array;
  readonly random: RandomSource;
  readonly vector: (client: number, work: Work) => InputVector | undefined;
  readonly floors?: Partial<Floors>;
}

/** A new session of these people, with everyone at their place. */
export function openParty({ parameters, identities, random, ...rest }: LivePartyOptions): LiveParty {
  const { epoch, signers } = freshEpoch(parameters, identities, random);
  const signerOf = (sender: number): Signer => {
    const signer = signers[sender];
    if (signer === undefined) throw new RangeError(`there is no party ${sender}`);
    return signer;
  };
  return { room: new LiveRoom({ ...rest, epoch, signerOf, random: () => random }), signerOf };
}
