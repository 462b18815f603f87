/**
 * The plan of a session: all that a participant must know before it joins, and from which it derives the parameters of
 * an epoch by itself, for whatever number of members the lobby closes with. The coordinator sends it once, as JSON.
 */
import { z } from 'zod';
import { runSettingsSchema } from './run-settings.ts';

/** What depends on the number of members, on one machine only, or on a simulation stays behind. */
const plannedSettings = runSettingsSchema.omit({
  clients: true,
  dataset: true,
  model: true,
  drop: true,
  dropAt: true,
  engine: true,
  rsaBits: true,
  processes: true,
  // everyone's own
  privacyBudget: true,
});

export const sessionPlanSchema = z.strictObject({
  version: z.literal(1),
  /** What the leader calls the session. */
  title: z.string().min(1).max(80),
  settings: plannedSettings,
  data: z.strictObject({
    /** dealt: the coordinator's data set, which everyone has, cut by the partition; own: everyone brings a folder. */
    mode: z.enum(['dealt', 'own']),
    name: z.string().min(1).max(200),
    /** SHA-256 of the data set that is dealt; empty when everyone brings their own. */
    digest: z.string().regex(/^([0-9a-f]{64})?$/),
    classNames: z.array(z.string().max(100)).min(2).max(256),
    height: z.int().min(1).max(4096),
    width: z.int().min(1).max(4096),
    channels: z.union([z.literal(1), z.literal(3)]),
  }),
  model: z.strictObject({
    name: z.string().min(1).max(200),
    /** A tf.js layers topology (core/model/topology.ts reads and checks it). */
    topology: z.record(z.string(), z.unknown()),
  }),
  /** True when protections may be off: everyone must have agreed to a demonstration. */
  demonstration: z.boolean(),
});

export type SessionPlan = Readonly<z.infer<typeof sessionPlanSchema>>;
