/**
 * Dirichlet draws as normalised gamma draws: Marsaglia, Tsang 2000, "A simple method for generating gamma variables",
 * with its section 6 for shapes below 1. Kept as logarithms: with a small shape most gammas are below the smallest
 * float64, and a vector of zeros could not be normalised.
 */
import type { RandomStream } from '../random/stream.ts';

/**
 * Shares that sum to 1, one per concentration (not negative, not all 0; 0 gives share 0). A share below about 1e-308
 * of the largest becomes 0.
 */
export function drawDirichlet(concentration: readonly number[], stream: RandomStream): Float64Array {
  const logarithms = concentration.map((shape) => (shape > 0 ? drawLogGamma(shape, stream) : -Infinity));
  const largest = Math.max(...logarithms);
  const shares = Float64Array.from(logarithms, (logarithm) => Math.exp(logarithm - largest));
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}

/** The natural logarithm of a gamma draw of this shape (above 0) and scale 1. */
export function drawLogGamma(shape: number, stream: RandomStream): number {
  if (shape < 1) return drawLogGamma(shape + 1, stream) + Math.log(drawOpenUniform(stream)) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = drawNormal(stream);
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    if (Math.log(drawOpenUniform(stream)) < 0.5 * x * x + d - d * v + d * Math.log(v)) return Math.log(d * v);
  }
}

/** Standard normal (Box, Muller 1958); the second of each pair is not kept, so that no state hides here. */
function drawNormal(stream: RandomStream): number {
  return Math.sqrt(-2 * Math.log(drawOpenUniform(stream))) * Math.cos(2 * Math.PI * stream.nextFloat());
}

/** Uniform in (0, 1): never 0, whose logarithm is infinite. */
function drawOpenUniform(stream: RandomStream): number {
  return (stream.nextUint32() + 0.5) / 2 ** 32;
}
