/**
 * Differential privacy for the sum of a round: the distributed discrete Gaussian (Kairouz, Liu, Steinke 2021). Each client
 * clips and rounds its update, adds its part of the noise, and only then masks; what the coordinator unmasks has noise of
 * at least z times the sensitivity, even when n - T clients vanish and c subtract theirs (honest-noise.ts).
 *
 * planPrivacy() derives everything from a session's settings; privatise() is what a client does; readPrivateSum() is
 * what the coordinator makes of the sum.
 *
 * What a plan's whole numbers depend on is computed with + - x / and square roots only, so that every machine gets the same.
 * Epsilons are for people: logarithms may differ in their last digit.
 *
 * Protects everything that one client contributes ("zero-out" neighbours) against whoever sees the models. That a client
 * takes part is known. Against swapping a client's data for other data the multiplier is z/2.
 */
import type { RandomSource } from '../crypto/random.ts';
import { invalidSetting } from '../errors/federation-error.ts';
import {
  type GaussianRound,
  type Spent,
  PrivacyLedgerCurve,
  epsilonOfGaussian,
  sumExcess,
} from './accountant.ts';
import {
  type AdaptiveClipping,
  DEFAULT_ADAPTIVE_CLIPPING,
  countShare,
  defaultCountNoise,
  noisedShareWithin,
} from './adaptive-clipping.ts';
import { sampleDiscreteGaussian } from './discrete-gaussian.ts';
import { type NoiseGraph, honestNoise } from './honest-noise.ts';
import { type Grid, clipAndRound, planGrid, requireWithinSensitivity } from './sensitivity.ts';
import { WordPool } from './word-pool.ts';

export interface PrivacySettings extends NoiseGraph {
  /** d */
  readonly parameterCount: number;
  /** z */
  readonly noiseMultiplier: number;
  /** C of the first round: largest norm of an update, in units of the model's weights. */
  readonly clippingNorm: number;
  readonly delta: number;
  readonly rounds: number;
  /** q: chance that a client trains in a round, by its own secret coin; 1 without coins. */
  readonly fraction: number;
  /** Left out or false: C stays. true: defaults. */
  readonly adaptive?: boolean | Partial<AdaptiveClipping>;
}

export interface PrivacyPlan extends Grid {
  readonly parameterCount: number;
  /** d, and one more for the count slot of adaptive clipping, which is the last. */
  readonly vectorLength: number;
  readonly noiseMultiplier: number;
  readonly clippingNorm: number;
  readonly adaptive: AdaptiveClipping | null;
  readonly delta: number;
  readonly rounds: number;
  readonly fraction: number;
  readonly clients: number;
  /** h: clients whose noise is certain to be in a sum. */
  readonly honest: number;
  /** What each round costs. */
  readonly round: GaussianRound;
}

/** Throws 'invalid-setting', naming the field. */
export function planPrivacy(settings: PrivacySettings): PrivacyPlan {
  const { parameterCount, clients, noiseMultiplier, clippingNorm, delta, rounds, fraction } = settings;
  requireSettings(settings);
  const honest = honestNoise(settings);
  const adaptive = planAdaptive(settings);
  const grid = planGrid({
    parameterCount,
    clients,
    honest,
    noiseMultiplier,
    countShare: adaptive === null ? 0 : countShare(noiseMultiplier, adaptive.countNoise),
  });
  const vectorLength = parameterCount + (adaptive === null ? 0 : 1);
  const excess = sumExcess(vectorLength, grid.variance, honest);
  const round = { samplingRate: fraction, noiseMultiplier, excess };
  return {
    ...grid,
    parameterCount,
    vectorLength,
    noiseMultiplier,
    clippingNorm,
    adaptive,
    delta,
    rounds,
    fraction,
    clients,
    honest,
    round,
  };
}

function planAdaptive({
  adaptive,
  clients,
  fraction,
  noiseMultiplier,
}: PrivacySettings): AdaptiveClipping | null {
  if (adaptive === undefined || adaptive === false) return null;
  const chosen = {
    ...DEFAULT_ADAPTIVE_CLIPPING,
    countNoise: defaultCountNoise(fraction * clients, noiseMultiplier),
    ...(adaptive === true ? {} : adaptive),
  };
  const { quantile, learningRate } = chosen;
  if (!(quantile > 0 && quantile < 1)) throw invalidSetting('quantile', quantile, 'above 0 and below 1');
  if (!(learningRate > 0 && learningRate <= 1))
    throw invalidSetting('clippingRate', learningRate, 'above 0 and at most 1');
  return chosen;
}

function requireSettings(settings: PrivacySettings): void {
  const { parameterCount, noiseMultiplier, clippingNorm, delta, rounds, fraction } = settings;
  const whole = (value: number): boolean => Number.isInteger(value) && value >= 1;
  if (!whole(parameterCount)) throw invalidSetting('parameterCount', parameterCount, 'a whole number from 1');
  if (!whole(rounds)) throw invalidSetting('rounds', rounds, 'a whole number from 1');
  if (!(noiseMultiplier >= 1e-3 && noiseMultiplier <= 1e3))
    throw invalidSetting('noiseMultiplier', noiseMultiplier, 'in 0.001 .. 1000');
  if (!(clippingNorm >= 1e-9 && clippingNorm <= 1e9))
    throw invalidSetting('clippingNorm', clippingNorm, 'in 1e-9 .. 1e9');
  if (!(delta > 0 && delta < 1)) throw invalidSetting('delta', delta, 'above 0 and below 1');
  if (!(fraction > 0 && fraction <= 1)) throw invalidSetting('fraction', fraction, 'above 0 and at most 1');
}

/** Epsilon after so many rounds of the plan; after all of them by default. */
export function plannedEpsilon({ round, delta, rounds }: PrivacyPlan, after = rounds): Spent {
  return after === 0
    ? new PrivacyLedgerCurve().spent(delta)
    : epsilonOfGaussian({ ...round, rounds: after, delta });
}

export interface PrivateVector {
  /** [vectorLength]: noised, to be reduced modulo 2^bits and masked. A retry sends the very same. */
  readonly vector: Int32Array<ArrayBuffer>;
  /** Norm of the update before clipping, in units of the model's weights: for the client's own screen only. */
  readonly norm: number;
}

/**
 * One client's vector for a round: clipped to this round's C, rounded, checked, noised.
 * update: [d]; undefined when the client's coin left it out of the round: noise alone.
 * random: the system's generator in sessions.
 * Throws 'update-refused' when a coordinate is not finite.
 */
export function privatise(
  update: Float32Array | undefined,
  plan: PrivacyPlan,
  random: RandomSource,
  clippingNorm = plan.clippingNorm,
): PrivateVector {
  const { parameterCount, vectorLength, clipUnits, countUnits, variance } = plan;
  if (update !== undefined && update.length !== parameterCount) {
    throw new RangeError(
      `cannot protect an update, as it must have ${parameterCount} coordinates, and has ${update.length}`,
    );
  }
  if (!(clippingNorm > 0 && clippingNorm < Infinity)) {
    throw invalidSetting('clippingNorm', clippingNorm, 'above 0');
  }
  const vector = new Int32Array(vectorLength);
  let norm = 0;
  if (update !== undefined) {
    const words = new WordPool(random, parameterCount);
    norm = clipAndRound(update, clippingNorm, clipUnits, words, vector);
    words.erase();
    requireWithinSensitivity(vector, parameterCount, clipUnits);
    if (countUnits > 0) vector[parameterCount] = norm <= clippingNorm ? countUnits : -countUnits;
  }
  const noise = sampleDiscreteGaussian(vectorLength, variance, random);
  for (let index = 0; index < vectorLength; index += 1) vector[index]! += noise[index]!;
  noise.fill(0);
  return { vector, norm };
}

export interface PrivateMean {
  /** [d] */
  readonly meanUpdate: Float64Array<ArrayBuffer>;
  /** Noised share of the updates that were within C; undefined without adaptive clipping. */
  readonly shareWithin: number | undefined;
}

/**
 * The mean update that a lifted sum [vectorLength] stands for, over the public number of clients: |U3|, or with coins
 * q |U3|, who trained being secret.
 */
export function readPrivateSum(
  sum: Int32Array,
  plan: PrivacyPlan,
  survivors: number,
  clippingNorm = plan.clippingNorm,
): PrivateMean {
  const { parameterCount, clipUnits, countUnits, fraction } = plan;
  const expected = fraction * survivors;
  const factor = clippingNorm / clipUnits / expected;
  const meanUpdate = new Float64Array(parameterCount);
  for (let index = 0; index < parameterCount; index += 1) meanUpdate[index] = sum[index]! * factor;
  const shareWithin =
    countUnits > 0 ? noisedShareWithin(sum[parameterCount]!, countUnits, expected) : undefined;
  return { meanUpdate, shareWithin };
}

/**
 * What the noise does to a mean update. Its norm looks worse than it is: an output of the model with gradient g moves by
 * |g| times the update's norm at most, and by |g| times the noise's deviation in one coordinate, as most of the noise is
 * at right angles to g. So perCoordinate tells how well a model learns, to first order whatever its size
 * (core/results/noise-harm.ts).
 */
export interface MeanNoise {
  /** Standard deviation of a coordinate, in clipping norms. */
  readonly perCoordinate: number;
  /** Its Euclidean norm (root of the mean square), in clipping norms: the mean update's own is at most 1. */
  readonly norm: number;
  /** Its deviation over what privacy needs, sqrt(|U3| / h): the price of trusting h clients only. */
  readonly excess: number;
}

export function meanNoise(plan: PrivacyPlan, survivors = plan.clients): MeanNoise {
  const { variance, clipUnits, parameterCount, fraction, honest } = plan;
  const perCoordinate = Math.sqrt(variance * survivors) / clipUnits / (fraction * survivors);
  return {
    perCoordinate,
    norm: perCoordinate * Math.sqrt(parameterCount),
    excess: Math.sqrt(survivors / honest),
  };
}
