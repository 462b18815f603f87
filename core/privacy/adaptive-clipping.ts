/**
 * A clipping norm that follows the updates: Andrew, Thakkar, McMahan, Ramaswamy 2021, "Differentially Private Learning with
 * Adaptive Clipping". Each client adds whether its update was within C, as one more coordinate under the same noise; the
 * noised share of those within moves C by a factor, towards a quantile of the updates' norms.
 *
 * The count is sent as +-1/2 (theirs, section 2.1: half the sensitivity of 0 or 1), here as +-K units in a vector whose
 * noise has multiplier z for the norm sqrt(D^2 + K^2) of both together. With sigma_b = z sqrt(D^2 + K^2) / 2K, the
 * deviation of the noise in clients, that is their theorem 1: z_update^-2 = z^-2 - (2 sigma_b)^-2.
 *
 * C itself needs no protection, as it is made of noised sums only; and no trust, as sensitivity is in units of the grid.
 */
import { invalidSetting } from '../errors/federation-error.ts';

export interface AdaptiveClipping {
  /** Share of the updates that should be within C, 0 < quantile < 1. */
  readonly quantile: number;
  /** eta_C: C changes by at most this, as a logarithm, in a round. */
  readonly learningRate: number;
  /** sigma_b: deviation of the noise in the count that is certain, in clients; above z/2. */
  readonly countNoise: number;
}

/** The median and a rate of 0.2, theirs. */
export const DEFAULT_ADAPTIVE_CLIPPING = { quantile: 0.5, learningRate: 0.2 } as const;

/**
 * sigma_b when nobody says otherwise: a twentieth of the expected clients, theirs; for small groups twice z, so that z_update
 * is at most z / sqrt(1 - 1/16), 3.3 % more noise.
 */
export function defaultCountNoise(expectedClients: number, noiseMultiplier: number): number {
  return Math.max(expectedClients / 20, 2 * noiseMultiplier);
}

/** K/D for that noise in the count. Throws 'invalid-setting' where no noise would be left for the update. */
export function countShare(noiseMultiplier: number, countNoise: number): number {
  const left = 4 * countNoise * countNoise - noiseMultiplier * noiseMultiplier;
  if (!(left > 0 && left < Infinity)) {
    throw invalidSetting('countNoise', countNoise, `above half of the noise multiplier ${noiseMultiplier}`);
  }
  return noiseMultiplier / Math.sqrt(left);
}

/** z_update: the multiplier of the update's own noise once the count has had its share. */
export function updateNoiseMultiplier(noiseMultiplier: number, countNoise: number): number {
  return 1 / Math.sqrt(noiseMultiplier ** -2 - (2 * countNoise) ** -2);
}

/** The noised share within C, from the sum of so many clients' count slots; may lie outside of 0 .. 1. */
export function noisedShareWithin(countSum: number, countUnits: number, expectedClients: number): number {
  return (countSum / countUnits / expectedClients + 1) / 2;
}

/**
 * C of the next round: times e^(-eta (share - quantile)) (theirs, section 2.2). The share is taken as 0 or 1 where noise put
 * it beyond, so that one round cannot throw C far off.
 */
export function nextClippingNorm(
  clippingNorm: number,
  noisedShare: number,
  { quantile, learningRate }: Pick<AdaptiveClipping, 'quantile' | 'learningRate'>,
): number {
  const share = Math.min(1, Math.max(0, noisedShare));
  return clippingNorm * Math.exp(-learningRate * (share - quantile));
}
