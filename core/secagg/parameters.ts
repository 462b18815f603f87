/**
 * The parameters of an epoch's rounds: everything that changes what a client computes. Their digest is part of the
 * roster (and so of the words that people compare) and of every round's context, so that clients who were told
 * different parameters derive different keys and can never be summed together.
 *
 * core/secagg/plan-parameters.ts derives them from settings; core/secagg/floors.ts is what each client checks of them
 * without trusting who derived them.
 */
import { z } from 'zod';
import { utf8 } from '../bytes/bytes.ts';
import { tolerances } from '../contract/run-settings.ts';
import { sha256 } from '../crypto/hash.ts';
import { encodeCanonical } from '../wire/canonical-cbor.ts';
import { weightModes } from './quantise.ts';

const digestTag = utf8('masquerade/parameters/v1');

const count = z.int().min(1).max(0xffffffff);
const positive = z.number().positive();
const momentum = z.number().min(0).lt(1);

const clientOptimiser = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('adam'), learningRate: positive }),
  z.strictObject({ kind: z.literal('sgd'), learningRate: positive, momentum }),
]);

/** The plain cross-entropy by its name, any other loss with its numbers: one form each, as the digest is of the form. */
const loss = z.union([
  z.literal('categorical-crossentropy'),
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('cross-entropy'), labelSmoothing: z.number().gt(0).lt(1) }),
    z.strictObject({ kind: z.literal('squared-error') }),
    z.strictObject({ kind: z.literal('focal'), gamma: z.number().min(0) }),
  ]),
]);

const serverOptimiser = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('average') }),
  z.strictObject({ kind: z.literal('momentum'), learningRate: positive, momentum }),
  z.strictObject({
    kind: z.literal('adam'),
    learningRate: positive,
    beta1: momentum,
    beta2: momentum,
    tau: positive,
  }),
]);

const units = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

/** Noise that every client adds itself, as core/privacy/mechanism.ts plans it. A unit is a step of the grid that updates are rounded to. */
const noise = z.strictObject({
  /** z: standard deviation of what h survivors add, over the sensitivity. */
  noiseMultiplier: positive,
  /** C: L2 norm to which updates are scaled down; the first round's where it adapts. */
  clippingNorm: positive,
  /** At which epsilon is told. */
  delta: z.number().gt(0).lt(1),
  /** h: survivors whose noise counts; the others are taken to collude. */
  honest: z.int().min(1).max(500),
  /** C_int: what every C is in units, so that the noise is the same for all. */
  clipUnits: units,
  /** K: the slot of adaptive clipping holds + or - so many units; 0 without it. */
  countUnits: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  /** D^2 + K^2: largest squared L2 norm of a client's vector before noise, however it was rounded. */
  squaredSensitivity: units,
  /** s^2 of a client's noise in every element, in square units. */
  variance: units,
  /** core/privacy/adaptive-clipping.ts; null: C stays. */
  adaptive: z
    .strictObject({
      quantile: z.number().gt(0).lt(1),
      learningRate: positive,
      countNoise: positive,
    })
    .nullable(),
});

export const roundParametersSchema = z.strictObject({
  /** n */
  clients: z.int().min(3).max(500),
  /** T: fewest that must answer in every phase, and sign. */
  threshold: z.int().min(1).max(500),
  graph: z.enum(['complete', 'sparse']),
  /** k = |N(v)|: n on the complete graph, where a client is its own neighbour. */
  neighbours: z.int().min(2).max(500),
  /** t: shares that give a secret; T on the complete graph. */
  neighbourThreshold: z.int().min(1).max(500),
  /** What the sparse graph is laid out for, % corrupt/dropping out; null on the complete graph. */
  tolerate: z.enum(tolerances).nullable(),

  /** d: parameters of the model. */
  parameterCount: count,
  /** Elements of a masked vector: the update and the slots of core/secagg/vector-layout.ts. */
  vectorLength: count,
  /** Width of a masked element. */
  bits: z.int().min(1).max(32),
  /** S: units per 1 of update. */
  scale: positive,
  /** R: coordinates of an update are clipped to +-R. */
  clipBound: positive,
  /** W: the largest weight. */
  weightCap: z
    .int()
    .min(1)
    .max(2 ** 30),
  /** Largest mean loss that a client reports. */
  lossBound: positive,
  weights: z.enum(weightModes),

  rounds: count,
  epochs: count,
  batch: count,
  /** What clients train with (core/model/losses.ts). */
  loss,
  optimiser: clientOptimiser,
  /** mu of FedProx; 0: off. */
  proximalMu: z.number().min(0),
  serverOptimiser,
  /** Chance that a client trains in a round, by its own coin. */
  fraction: z.number().positive().max(1),
  seed: z.int().min(0).max(0xffffffff),
  data: z.strictObject({
    /** Name of the data set, or of where it comes from. */
    dataset: z.string(),
    /** Digest of its files; empty when everyone brings their own. */
    digest: z.string(),
    partition: z.string(),
    examplesPerClient: count.nullable(),
  }),

  keyAgreement: z.enum(['x25519', 'modp14']),
  masks: z.boolean(),
  signatures: z.boolean(),
  quantisation: z.boolean(),
  /** Noise that every client adds itself (core/privacy/mechanism.ts); null: none. */
  differentialPrivacy: noise.nullable(),
  /** True when the session was openly started as a demonstration, in which protections may be off. */
  demonstration: z.boolean(),
  /** Language of the words that people compare. */
  language: z.enum(['en', 'fr']),
});

export type RoundParameters = Readonly<z.infer<typeof roundParametersSchema>>;
export type NoiseParameters = NonNullable<RoundParameters['differentialPrivacy']>;

/**
 * SHA-256 over the parameters as deterministic CBOR (RFC 8949, section 4.2.1): keys sorted, numbers in their shortest
 * exact form. Throws ZodError when they are not of the schema: a field too many would not be known to both sides.
 */
export function parametersDigest(parameters: RoundParameters): Uint8Array<ArrayBuffer> {
  return sha256(digestTag, encodeCanonical(roundParametersSchema.parse(parameters)));
}
