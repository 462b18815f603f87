/**
 * The settings of a run: what `simulate` and `compare` take from the command line or a file, with their ranges.
 * Field names are those of the JSON file and, with dashes, of the command line.
 */
import { z } from 'zod';

export const dropPhases = ['advertise-keys', 'share-keys', 'masked-input', 'statement', 'unmask'] as const;
export const tolerances = ['10/10', '10/20', '20/10', '33/10'] as const;

export const runSettingsSchema = z.strictObject({
  clients: z.int().min(3).max(500).default(20),
  rounds: z.int().min(1).max(10_000).default(5),
  /** 'mnist', or the path of a folder. */
  dataset: z.string().min(1).default('mnist'),
  /** 'iid', 'dirichlet:ALPHA' or 'shards:PER_CLIENT'. */
  partition: z
    .string()
    .regex(/^(iid|dirichlet:\d+(\.\d+)?|shards:\d+)$/)
    .default('iid'),
  epochs: z.int().min(1).max(1000).default(1),
  batch: z.int().min(1).max(1024).default(32),
  learningRate: z.number().positive().max(10).default(0.001),
  /** A preset's name, or the path of a Keras or tf.js layers JSON file. */
  model: z.string().min(1).default('cnn'),
  seed: z.int().min(0).max(2 ** 32 - 1).default(1),
  /** Default floor(2n/3) + 1. */
  threshold: z.int().min(1).max(500).optional(),
  masks: z.boolean().default(true),
  signatures: z.boolean().default(true),
  quantisation: z.boolean().default(true),
  keyAgreement: z.enum(['x25519', 'modp14']).default('x25519'),
  graph: z.enum(['auto', 'complete', 'sparse']).default('auto'),
  /** Share of the clients that vanish in every round: floor(drop x n), drawn from the seed. */
  drop: z.number().min(0).max(1).default(0),
  dropAt: z.enum([...dropPhases, 'any']).default('masked-input'),
  examplesPerClient: z.int().min(1).max(1_000_000).optional(),
  weights: z.enum(['exact', 'bucketed', 'uniform']).default('exact'),
  fraction: z.number().gt(0).max(1).default(1),
  optimizer: z.enum(['adam', 'sgd']).default('adam'),
  momentum: z.number().min(0).lt(1).default(0),
  prox: z.number().min(0).max(1000).default(0),
  serverOptimizer: z.enum(['average', 'momentum', 'adam']).default('average'),
  /** Stops after the first round whose accuracy reaches it. */
  target: z.number().gt(0).max(1).optional(),
  tolerate: z.enum(tolerances).default('10/10'),
  engine: z.enum(['compiled', 'wasm']).optional(),
  rsaBits: z.union([z.literal(2048), z.literal(3072)]).default(2048),
  language: z.enum(['en', 'fr']).default('en'),
  /** Compute processes; default: one per core. */
  processes: z.int().min(1).max(256).optional(),
});

export type RunSettings = z.infer<typeof runSettingsSchema>;
