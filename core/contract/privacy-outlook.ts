/** What differential privacy will come to, told before anything starts (core/secagg/privacy-outlook.ts computes it). */
export interface PrivacyOutlook {
  /** After all rounds, of a client that takes part in all of them, at this delta. */
  readonly epsilon: number;
  readonly epsilonOfOneRound: number;
  readonly delta: number;
  /** h: survivors whose noise epsilon counts on; the others are taken to collude. */
  readonly honest: number;
  /** sqrt(n / h): how many times as much noise a sum has as epsilon counts on, when everyone answers. */
  readonly excess: number;
  /** z */
  readonly noiseMultiplier: number;
  /** Expected L2 norm of the noise in a mean update, in clipping norms; the update's own is at most 1. */
  readonly noiseNorm: number;
  /** Of one coordinate of it, over the root of the rounds, in clipping norms: what decides (core/results/noise-harm.ts). */
  readonly noiseBurden: number;
  /** What that does to learning; ruin: hardly more is learnt than by guessing. */
  readonly harm: 'little' | 'much' | 'ruin';
  /** What would make it little; null where it is. */
  readonly helps: {
    /** The fewest participants; null where even 500 are not enough. */
    readonly participants: number | null;
    /** The multiplier at which noise costs little with these participants, and the epsilon that it leaves. */
    readonly lessNoise: { readonly noiseMultiplier: number; readonly epsilon: number };
    /** Whether a model is planned that bears noise worse than a small one. */
    readonly smallerModel: boolean;
  } | null;
}
