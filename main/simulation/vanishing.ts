/** Which clients vanish in an attempt of a simulated round: decided by the run's seed. */
import { dropPhases, type RunSettings } from '../../core/contract/run-settings.ts';
import { shuffle } from '../../core/random/generator.ts';
import { randomStream } from '../../core/random/stream.ts';
import type { Vanishing } from './room.ts';

/** floor(drop x n), as if computed exactly: 0.29 of 100 are 29, though in floating point the product is below. */
export function vanishingCount(clients: number, drop: number): number {
  return Math.floor(drop * clients + 1e-9);
}

/** vanishingCount() clients, and the phase before whose message each vanishes. They are back in the next attempt. */
export function drawVanishing(
  settings: Pick<RunSettings, 'clients' | 'drop' | 'dropAt' | 'seed'>,
  round: number,
  attempt: number,
): Vanishing {
  const { clients, drop, dropAt, seed } = settings;
  const stream = randomStream(seed, 'drop', round, attempt);
  const everyone = Uint32Array.from({ length: clients }, (_, index) => index + 1);
  shuffle(everyone, stream);
  return new Map(
    [...everyone.subarray(0, vanishingCount(clients, drop))].map((client) => [
      client,
      dropAt === 'any' ? dropPhases[stream.nextBelow(dropPhases.length)]! : dropAt,
    ]),
  );
}
