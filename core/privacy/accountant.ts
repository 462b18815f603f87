/**
 * What rounds of Gaussian noise come to: Renyi differential privacy, composed over rounds and turned into (epsilon, delta).
 *
 * - A round is a Gaussian mechanism of noise multiplier z (standard deviation over sensitivity) to which each client
 *   contributes with probability q, by a coin that nobody else sees. Neighbours are a sum with and without one client's
 *   contribution ("zero-out"): what is protected is everything that one client holds.
 * - q = 1: D_a = a / 2z^2 at every order a > 1. q < 1: Mironov, Talwar, Zhang 2019, section 3.3, the exact sum at whole
 *   orders, and at others an integral. Never q^2 a / 2z^2, which is no bound (2.30 instead of 8.67 for q = 0.01, z = 0.6,
 *   1,000 rounds).
 * - Discrete Gaussians of variance s^2 >= z^2 D^2, whole vectors of norm <= D: with q = 1 the same holds at every order
 *   (Canonne, Kamath, Steinke 2020, theorem 4). With q < 1 it holds at whole orders k, as E[(P_1/P_0)^k] under P_0 is
 *   e^(k (k-1) |x|^2 / 2s^2) exactly, shifts by k x being whole; between them the chord is taken, which costs up to 5 %.
 * - The sum of h discrete Gaussians is none itself. sumExcess() bounds what that costs (Kairouz, Liu, Steinke 2021).
 * - Conversion: Canonne, Kamath, Steinke 2020, proposition 12 (Balle et al. 2020, theorem 21), as in Opacus and TensorFlow
 *   Privacy: epsilon = D_a + log(1 - 1/a) - (log delta + log a) / (a - 1), at the order where that is least.
 */
import { invalidSetting } from '../errors/federation-error.ts';

/** What an accountant needs to know of one round. */
export interface GaussianRound {
  /** q: 0 < q <= 1. */
  readonly samplingRate: number;
  /** z: standard deviation of the noise that is certain, over the sensitivity. */
  readonly noiseMultiplier: number;
  /** Distributed discrete noise: its sumExcess(). Left out for one continuous Gaussian. */
  readonly excess?: number;
}

export interface Spent {
  /** Infinity when nothing bounds it. */
  readonly epsilon: number;
  /** The order at which epsilon is least. */
  readonly order: number;
}

const range = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, index) => from + index * step);

/** Orders at which a curve is kept: fine where little noise puts the least epsilon, wide where much noise does. */
export const rdpOrders: readonly number[] = [
  ...range(1.01, 1.99, 0.01),
  ...range(2, 10.9, 0.1).map((order) => Math.round(10 * order) / 10),
  ...range(11, 128, 1),
  ...range(136, 256, 8),
  ...range(288, 512, 32),
  768,
  1024,
];
const LARGEST_ORDER = 1024;

/**
 * Renyi divergence of order a > 1 between a round with and without one client, the larger of both directions (Mironov et
 * al. 2019, theorem 5 and section 3.1).
 */
export function rdpOfGaussian(round: GaussianRound, order: number): number {
  const { samplingRate, noiseMultiplier, excess } = round;
  if (samplingRate === 1) return order / (2 * noiseMultiplier ** 2) + excessAt(excess, order);
  return logMomentAt(round, order) / (order - 1) + excessAt(excess, order);
}

function logMomentAt({ samplingRate, noiseMultiplier, excess }: GaussianRound, order: number): number {
  if (Number.isInteger(order)) return logMoment(samplingRate, noiseMultiplier, order);
  return excess === undefined && noiseMultiplier >= LEAST_INTEGRATED
    ? logMomentIntegral(samplingRate, noiseMultiplier, order)
    : logMomentChord(samplingRate, noiseMultiplier, order);
}

/**
 * log A_a for a whole order a >= 2, A_a = sum over k of C(a, k) (1-q)^(a-k) q^k e^((k^2 - k) / 2z^2). The binomial weights
 * sum to 1, so that A_a - 1 is the sum over k >= 2 of the weights times e^(..) - 1: no small difference of large numbers.
 */
function logMoment(samplingRate: number, noiseMultiplier: number, order: number): number {
  const terms: number[] = [];
  for (let k = 2; k <= order; k += 1) {
    const exponent = (k * k - k) / (2 * noiseMultiplier ** 2);
    const weight =
      logFactorials[order]! -
      logFactorials[k]! -
      logFactorials[order - k]! +
      k * Math.log(samplingRate) +
      (order - k) * Math.log1p(-samplingRate);
    // log(e^x - 1) = x + log(1 - e^-x)
    terms.push(weight + exponent + Math.log(-Math.expm1(-exponent)));
  }
  const largest = Math.max(...terms);
  const logExcess = largest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - largest), 0));
  // log(1 + e^x)
  return logExcess > 0 ? logExcess + Math.log1p(Math.exp(-logExcess)) : Math.log1p(Math.exp(logExcess));
}

/** A log moment is convex in its order and 0 at order 1: the chord between the whole orders next to it lies above it. */
function logMomentChord(samplingRate: number, noiseMultiplier: number, order: number): number {
  const below = Math.floor(order);
  const share = order - below;
  const left = below === 1 ? 0 : logMoment(samplingRate, noiseMultiplier, below);
  return (1 - share) * left + share * logMoment(samplingRate, noiseMultiplier, below + 1);
}

/** Below, the integral takes too many points, and epsilon is in the hundreds anyway: the chord will do. */
const LEAST_INTEGRATED = 0.1;

/**
 * log of the integral over x of N(x; 0, z^2) (1 - q + q e^((2x - 1) / 2z^2))^a, by the trapezoid rule. The integrand is
 * analytic for |Im x| < pi z^2 and vanishes at both ends, so that steps of at most z^2 / 2 and z / 4 leave a relative
 * error below e^-38 (Trefethen, Weideman 2014, theorem 5.1). It has its mass within 12 z of 0 and of a.
 */
function logMomentIntegral(samplingRate: number, noiseMultiplier: number, order: number): number {
  const variance = noiseMultiplier ** 2;
  const step = Math.min(variance / 2, noiseMultiplier / 4);
  const from = -12 * noiseMultiplier;
  const points = Math.ceil((order + 24 * noiseMultiplier) / step);
  const logRate = Math.log(samplingRate);
  const logRest = Math.log1p(-samplingRate);
  const logarithms = new Float64Array(points + 1);
  for (let index = 0; index <= points; index += 1) {
    const x = from + index * step;
    const present = logRate + (2 * x - 1) / (2 * variance);
    const larger = Math.max(present, logRest);
    const mixture = larger + Math.log1p(Math.exp(Math.min(present, logRest) - larger));
    logarithms[index] = order * mixture - (x * x) / (2 * variance);
  }
  const largest = logarithms.reduce((left, right) => Math.max(left, right));
  const sum = logarithms.reduce((total, logarithm) => total + Math.exp(logarithm - largest), 0);
  return largest + Math.log(sum) + Math.log(step / (noiseMultiplier * Math.sqrt(2 * Math.PI)));
}

/** ln 0!, ln 1!, ... */
const logFactorials: readonly number[] = (() => {
  const logarithms = [0];
  for (let value = 1; value <= LARGEST_ORDER; value += 1)
    logarithms.push(logarithms[value - 1]! + Math.log(value));
  return logarithms;
})();

/**
 * Bound on |log P(x)/Q(x)| at any x of Z^d, where P is the sum of `summands` discrete Gaussians of that variance and Q the
 * one discrete Gaussian of as much variance as all of them: d tau, tau = 10 sum over k = 1 .. h-1 of
 * e^(-2 pi^2 s^2 k/(k+1)), for s^2 >= 1/2 (Kairouz, Liu, Steinke 2021, theorem on sums of discrete Gaussians).
 *
 * Adding one more of variance s^2 to k of them multiplies Q by the mass that a Gaussian of variance s^2 k/(k+1) has on a
 * shifted grid, which by Poisson summation differs from that on another shift by less than the factor
 * 1 + 5 e^(-2 pi^2 s^2 k/(k+1)). With s >= 3 and h <= 500, tau < 3e-38: not above 1e-32 for any model here, and charged.
 */
export function sumExcess(dimensions: number, variance: number, summands: number): number {
  if (variance < 0.5) return Infinity;
  let tau = 0;
  for (let k = 1; k < summands; k += 1) tau += 10 * Math.exp((-2 * Math.PI ** 2 * variance * k) / (k + 1));
  return dimensions * tau;
}

/**
 * What an excess E adds to D_a. Any round is a mixture (1-q) P_0 + q P_1, and its moment a sum of mixture^a P_0^(1-a);
 * replacing P by Q changes the first factor by at most e^(a E), the second by at most e^((a-1) E).
 */
function excessAt(excess: number | undefined, order: number): number {
  return excess === undefined ? 0 : ((2 * order - 1) / (order - 1)) * excess;
}

/** Renyi divergences at rdpOrders, added up over rounds of any kind: composition is their sum (Mironov 2017). */
export class PrivacyLedgerCurve {
  readonly #divergences: Float64Array = new Float64Array(rdpOrders.length);

  /** Adds so many rounds of one kind. Throws 'invalid-setting' when a round is none. */
  add(round: GaussianRound, rounds = 1): this {
    checkRound(round);
    const curve = curveOf(round);
    for (let index = 0; index < curve.length; index += 1) this.#divergences[index]! += rounds * curve[index]!;
    return this;
  }

  /** Least epsilon with (epsilon, delta) over the orders kept. */
  spent(delta: number): Spent {
    checkDelta(delta);
    let best: Spent = { epsilon: Infinity, order: NaN };
    rdpOrders.forEach((order, index) => {
      const epsilon = toEpsilon(this.#divergences[index]!, order, delta);
      if (epsilon < best.epsilon) best = { epsilon, order };
    });
    return this.#divergences.every((value) => value === 0) ? { epsilon: 0, order: LARGEST_ORDER } : best;
  }
}

/** The last few kinds of rounds: a ledger holds hundreds of the same. */
const curves = new Map<string, Float64Array>();
const CURVES_KEPT = 16;

function curveOf(round: GaussianRound): Float64Array {
  const key = `${round.samplingRate} ${round.noiseMultiplier} ${round.excess ?? 'continuous'}`;
  const known = curves.get(key);
  if (known !== undefined) return known;
  const curve = Float64Array.from(rdpOrders, (order) => rdpOfGaussian(round, order));
  const [oldest] = curves.keys();
  if (oldest !== undefined && curves.size >= CURVES_KEPT) curves.delete(oldest);
  curves.set(key, curve);
  return curve;
}

function toEpsilon(divergence: number, order: number, delta: number): number {
  const epsilon = divergence + Math.log1p(-1 / order) - (Math.log(delta) + Math.log(order)) / (order - 1);
  return Math.max(0, epsilon);
}

export interface GaussianRounds extends GaussianRound {
  readonly rounds: number;
  /** 0 < delta < 1. */
  readonly delta: number;
}

/** Epsilon of so many equal rounds. Throws 'invalid-setting'. */
export function epsilonOfGaussian({ rounds, delta, ...round }: GaussianRounds): Spent {
  checkRounds(rounds);
  return new PrivacyLedgerCurve().add(round, rounds).spent(delta);
}

const LEAST_NOISE = 1e-3;
const MOST_NOISE = 1e6;

/**
 * The least noise multiplier, to a part in a million and never too little, with which so many rounds stay within epsilon.
 * Throws 'invalid-setting' where no noise up to 10^6 would do.
 */
export function noiseForEpsilon({
  epsilon,
  ...rounds
}: Omit<GaussianRounds, 'noiseMultiplier'> & { readonly epsilon: number }): number {
  const within = (noiseMultiplier: number): boolean =>
    epsilonOfGaussian({ ...rounds, noiseMultiplier }).epsilon <= epsilon;
  if (!(epsilon > 0) || !within(MOST_NOISE)) {
    throw invalidSetting('epsilon', epsilon, `above what noise of 10^6 times the sensitivity gives`);
  }
  let tooLittle = LEAST_NOISE;
  let enough = MOST_NOISE;
  if (within(tooLittle)) return tooLittle;
  while (enough > tooLittle * (1 + 1e-6)) {
    const middle = Math.sqrt(tooLittle * enough);
    if (within(middle)) enough = middle;
    else tooLittle = middle;
  }
  return enough;
}

function checkRound({ samplingRate, noiseMultiplier, excess = 0 }: GaussianRound): void {
  if (!(samplingRate > 0 && samplingRate <= 1)) {
    throw invalidSetting('samplingRate', samplingRate, 'above 0 and at most 1');
  }
  if (!(noiseMultiplier > 0 && noiseMultiplier < Infinity)) {
    throw invalidSetting('noiseMultiplier', noiseMultiplier, 'above 0');
  }
  if (!(excess >= 0)) throw invalidSetting('excess', excess, 'at least 0');
}

function checkRounds(rounds: number): void {
  if (!Number.isInteger(rounds) || rounds < 1)
    throw invalidSetting('rounds', rounds, 'a whole number from 1');
}

function checkDelta(delta: number): void {
  if (!(delta > 0 && delta < 1)) throw invalidSetting('delta', delta, 'above 0 and below 1');
}
