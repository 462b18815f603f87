/** Normal numbers from a reproducible stream: for initial weights and for the noise of experiments, never for real noise. */
import type { RandomStream } from './generator.ts';

/** Mean 0, deviation 1 (Box, Muller 1958); two draws each. */
export function standardNormal(stream: RandomStream): number {
  const radius = Math.sqrt(-2 * Math.log(1 - stream.nextFloat()));
  return radius * Math.cos(2 * Math.PI * stream.nextFloat());
}
