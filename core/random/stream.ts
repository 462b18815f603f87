/**
 * Reproducible pseudo-random streams for everything that a run's seed decides: initialisation, dealing, shuffling,
 * dropout, stochastic rounding. Never for keys, self masks, polynomials, nonces, coins or noise: those come from the
 * system's generator (core/crypto/random.ts).
 *
 * A stream's 128-bit state is the SHA-256 of the seed and of labels that say what it is for, so that streams with
 * different labels are independent and any one can be made without the others.
 */
import { sha256 } from '../crypto/hash.ts';
import { utf8 } from '../bytes/bytes.ts';
import { streamFromState, type RandomStream } from './generator.ts';

export { shuffle, type RandomStream } from './generator.ts';

/** 128 bits that name a stream: for generators that run elsewhere (in the training module, in another process). */
export function streamState(seed: number, ...labels: readonly (string | number)[]): Int32Array {
  const digest = sha256(utf8(JSON.stringify(['masquerade/stream/v1', seed, ...labels])));
  return new Int32Array(digest.buffer, 0, 4).slice();
}

export function randomStream(seed: number, ...labels: readonly (string | number)[]): RandomStream {
  return streamFromState(streamState(seed, ...labels));
}
