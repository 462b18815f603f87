/** Names that attacks, their figures and their baselines go by: in JSON, on the command line, and as keys of texts. */

/** The demonstrations, in the order in which a lecture tells them. */
export const attackNames = [
  'closed-form',
  'crowd-size',
  'privacy-gauges',
  'two-stage',
  'model-inversion',
  'dishonest-coordinator',
  'backdoor',
  'forgery',
  'gradient-matching',
  'membership-inference',
  'pruning',
] as const;
export type AttackName = (typeof attackNames)[number];

/** What an attacker holds; 'cheats': may also change what it sends. */
export const attackSeats = ['reads-update', 'reads-sum', 'holds-model', 'cheats'] as const;
export type AttackSeat = (typeof attackSeats)[number];

/** What is measured of an attack's result (core/attacks/metrics says how). */
export const metricNames = [
  /** Share of the private images that came back, 0 .. 1. */
  'recovered',
  /** Of the mean over the private images unless an attack says otherwise, dB. */
  'psnr',
  'ssim',
  /** Mean absolute error, pixels in 0 .. 1; to the target, to the nearest image of the class, to the class on average. */
  'mae',
  'maeNearest',
  'maeMean',
  /** Of the true image among 100 candidates of its class, 1 .. 100. */
  'rank',
  /** Share ranked first. */
  'rankedFirst',
  /** Probability that the independent judge gives the true class. */
  'judge',
  /** Share that the independent judge reads as the true class. */
  'judged',
  'correlation',
  'labelAccuracy',
  /** The target model's own, in what was rebuilt. */
  'confidence',
  'truePositivesAt1',
  'auc',
  'backdoorSuccess',
  'testAccuracy',
  'epsilon',
  'refused',
] as const;
export type MetricName = (typeof metricNames)[number];

/** What needs no attack. */
export const baselineNames = [
  'black',
  'globalMean',
  'classMean',
  'nearestOther',
  'randomNoise',
  'chance',
  /** The same figure without the attack, or without the protection. */
  'untouched',
] as const;
export type BaselineName = (typeof baselineNames)[number];
