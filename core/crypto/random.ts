/**
 * The system's random generator: the source of every key, self mask, polynomial, nonce and coin. Machines take a
 * RandomSource so that simulation and tests can inject another; a run's seed never reaches one.
 */
import { randomFillSync } from 'node:crypto';

export interface RandomSource {
  /** `length` fresh bytes that nobody else can predict. */
  bytes(length: number): Uint8Array<ArrayBuffer>;
}

export const systemRandom: RandomSource = {
  bytes: (length) => randomFillSync(new Uint8Array(length)),
};
