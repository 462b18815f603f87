/**
 * The settings of a run: what `simulate` and `compare` take from the command line or a file, with their ranges.
 * Field names are those of the JSON file and, with dashes, of the command line. What depends on several settings at
 * once (a threshold for so many clients, a graph for so many) is checked where the round's parameters are planned.
 */
import { z } from 'zod';
import type { TrainingLoss } from '../model/losses.ts';
import { engineChoices } from './engines.ts';

export const dropPhases = ['advertise-keys', 'share-keys', 'masked-input', 'statement', 'unmask'] as const;
export type DropPhase = (typeof dropPhases)[number];

/** Columns of the sparse graph's table: % of the clients that may be corrupt / may drop out. */
export const tolerances = ['10/10', '10/20', '20/10', '33/10'] as const;

/**
 * What a coordinator may make of its clients' updates (core/fedavg/robust-aggregation.ts). All but the mean need every
 * single update in the clear: demonstrations with masks off.
 */
export const aggregationRules = ['mean', 'median', 'trimmed-mean', 'krum', 'norm-clipping'] as const;
export type AggregationRule = (typeof aggregationRules)[number];

export type { TrainingLoss };

/** What clients may train with (core/model/losses.ts). */
export const lossKinds = [
  'cross-entropy',
  'squared-error',
  'focal',
] as const satisfies readonly TrainingLoss['kind'][];

/** Of the focal loss, as Lin et al. (2017) train. */
const usualGamma = 2;

const onOff = (what: string) => z.boolean().default(true).describe(`${what}; off only for demonstrations`);

export const runSettingsSchema = z.strictObject({
  clients: z.int().min(3).max(500).default(20).describe('clients that take part'),
  rounds: z.int().min(1).max(10_000).default(5).describe('rounds of training and aggregation'),
  dataset: z
    .string()
    .min(1)
    .default('mnist')
    .describe('mnist, or a folder of IDX files or of images per class'),
  partition: z
    .string()
    .regex(/^(iid|dirichlet:\d+(\.\d+)?|shards:[1-9]\d*)$/)
    .default('iid')
    .describe('how the data is dealt: iid, dirichlet:ALPHA or shards:PER_CLIENT'),
  epochs: z.int().min(1).max(1000).default(1).describe('local epochs a round'),
  batch: z.int().min(1).max(1024).default(32).describe('batch size'),
  learningRate: z.number().positive().max(10).default(0.001).describe('learning rate of the clients'),
  model: z
    .string()
    .min(1)
    .default('cnn')
    .describe('cnn, cnn-two, cnn-light, mlp, or the path of a Keras or tf.js layers JSON file'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1)
    .describe('decides all that may be repeated (dealing, shuffling, dropout, rounding), never a key'),
  threshold: z.int().min(3).max(500).optional().describe('clients that must answer, floor(2n/3) + 1 to n'),
  masks: onOff('secure aggregation'),
  signatures: onOff('RSA signatures'),
  quantisation: z.boolean().default(true).describe('whole numbers instead of floats; needed under masks'),
  keyAgreement: z
    .enum(['x25519', 'modp14'])
    .default('x25519')
    .describe('group of the Diffie-Hellman agreement'),
  graph: z
    .enum(['auto', 'complete', 'sparse'])
    .default('auto')
    .describe('who shares masks with whom; complete up to 200 clients, sparse up to 500'),
  drop: z.number().min(0).max(1).default(0).describe('share of the clients that vanish in every round'),
  dropAt: z
    .enum([...dropPhases, 'any'])
    .default('masked-input')
    .describe('the phase before which they vanish'),
  examplesPerClient: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe('images per client; all of them by default'),
  weights: z
    .enum(['exact', 'bucketed', 'uniform'])
    .default('exact')
    .describe('how much a client counts; uniform under differential privacy'),
  fraction: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe('chance that a client takes part in a round, by its own coin'),
  optimizer: z.enum(['adam', 'sgd']).default('adam').describe("the clients' optimiser"),
  momentum: z.number().min(0).lt(1).default(0).describe('momentum of SGD'),
  prox: z.number().min(0).max(1000).default(0).describe('mu of the FedProx term'),
  loss: z
    .enum(lossKinds)
    .default('cross-entropy')
    .describe('loss that clients train with; test images are judged by the cross-entropy whatever it is'),
  labelSmoothing: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('cross-entropy: share of each label that is spread over all classes'),
  focalGamma: z
    .number()
    .min(0)
    .max(10)
    .default(usualGamma)
    .describe('focal loss: how much less an image counts that is already read right'),
  serverOptimizer: z
    .enum(['average', 'momentum', 'adam'])
    .default('average')
    .describe('what the coordinator does with the mean update'),
  aggregation: z
    .enum(aggregationRules)
    .default('mean')
    .describe('how the coordinator makes one update of all; others than the mean need masks off'),
  target: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe('stop after the first round that reaches this accuracy'),
  tolerate: z
    .enum(tolerances)
    .default('10/10')
    .describe('sparse graph: % of the clients that may be corrupt / may drop out'),
  engine: z
    .enum(engineChoices)
    .optional()
    .describe('training engine; the fastest here that can train the model'),
  rsaBits: z.literal([2048, 3072]).default(2048).describe('size of the identity keys'),
  noiseMultiplier: z
    .number()
    .min(0)
    .max(1000)
    .default(0)
    .describe('differential privacy: noise over the clipping norm; 0 turns it off'),
  clippingNorm: z
    .number()
    .gt(0)
    .max(1_000_000)
    .default(1)
    .describe('differential privacy: longest update (L2 norm) that is not scaled down'),
  delta: z
    .number()
    .gt(0)
    .lt(1)
    .default(1e-5)
    .describe('differential privacy: probability left out of epsilon'),
  adaptiveClipping: z
    .boolean()
    .default(false)
    .describe('differential privacy: the clipping norm follows the updates'),
  clippingQuantile: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.5)
    .describe('share of the updates that an adaptive clipping norm leaves whole'),
  privacyBudget: z
    .number()
    .gt(0)
    .max(1_000_000)
    .optional()
    .describe('largest epsilon of a client, which then sends nothing more; without end by default'),
  language: z.enum(['en', 'fr']).default('en').describe('language of the report'),
  processes: z
    .int()
    .min(1)
    .max(256)
    .optional()
    .describe('compute processes; one per core by default, no more than there is memory or work for'),
});

export type RunSettings = z.infer<typeof runSettingsSchema>;
export type SettingName = keyof RunSettings;

/** True when every client adds noise to what it sends. */
export function isNoised({ noiseMultiplier }: Pick<RunSettings, 'noiseMultiplier'>): boolean {
  return noiseMultiplier > 0;
}

/**
 * The settings as they are run: under differential privacy every client counts the same, as how many images it has is
 * nothing that noise hides.
 */
export function settledSettings(settings: RunSettings): RunSettings {
  return isNoised(settings) ? { ...settings, weights: 'uniform' } : settings;
}

/** The settings of a loss. */
export type LossSettings = Pick<RunSettings, 'loss' | 'labelSmoothing' | 'focalGamma'>;

/** undefined: the plain cross-entropy, which everybody trains with unless told otherwise. */
export function chosenLoss({ loss, labelSmoothing, focalGamma }: LossSettings): TrainingLoss | undefined {
  switch (loss) {
    case 'cross-entropy':
      return labelSmoothing === 0 ? undefined : { kind: loss, labelSmoothing };
    case 'squared-error':
      return { kind: loss };
    case 'focal':
      return { kind: loss, gamma: focalGamma };
  }
}

/** The number of another loss than the chosen one, which would have no effect; `needed`: the loss that it belongs to. */
export function idleLossSetting(
  settings: LossSettings,
): { readonly name: 'labelSmoothing' | 'focalGamma'; readonly needed: TrainingLoss['kind'] } | undefined {
  const { loss, labelSmoothing, focalGamma } = settings;
  if (loss !== 'cross-entropy' && labelSmoothing !== 0)
    return { name: 'labelSmoothing', needed: 'cross-entropy' };
  if (loss !== 'focal' && focalGamma !== usualGamma) return { name: 'focalGamma', needed: 'focal' };
  return undefined;
}
