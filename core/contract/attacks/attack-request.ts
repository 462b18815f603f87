/** What is asked of the attack lab: which attack, on what, under which protection. */
import { z } from 'zod';
import { resultIdSchema } from '../results.ts';
import { attackNames } from './names.ts';

/** Largest noise that can be asked for, in clipping norms. */
const largestNoise = 10;

/** How the update under attack was protected before it left its client. */
export const protectionSchema = z.strictObject({
  signature: z.boolean(),
  masks: z.boolean(),
  /** Noise multiplier: clipped to norm C, then Gaussian noise of standard deviation noise * C a coordinate; 0: neither. */
  noise: z.number().min(0).max(largestNoise),
});
export type Protection = Readonly<z.infer<typeof protectionSchema>>;

export const unprotected: Protection = { signature: false, masks: false, noise: 0 };

export const attackTargetSchema = z.discriminatedUnion('kind', [
  /** A fresh model, trained on images of the data set; the person's own drawings come first where there are any. */
  z.strictObject({ kind: z.literal('fresh') }),
  /** The model of an activity (as it is now) or of a past session; victims' images as above. */
  z.strictObject({
    kind: z.literal('model'),
    model: z.union([z.string().regex(/^[a-z]{1,20}-[0-9a-f]{8,40}$/), resultIdSchema]),
  }),
  /** The update that a client of a simulation, or of a session openly started as a demonstration, sent last. */
  z.strictObject({
    kind: z.literal('update'),
    activity: z.string().regex(/^[a-z]{1,20}-[0-9a-f]{8,40}$/),
    client: z.int().min(1).max(500),
  }),
]);
export type AttackTarget = Readonly<z.infer<typeof attackTargetSchema>>;

export type AttackSetting = string | number | boolean;

export const attackRequestSchema = z.strictObject({
  attack: z.enum(attackNames),
  target: attackTargetSchema,
  protection: protectionSchema,
  /** Those that differ from the attack's defaults; checked against its own schema. */
  settings: z.record(z.string().max(40), z.union([z.string().max(100), z.number(), z.boolean()])),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1),
});
export type AttackRequest = Readonly<z.infer<typeof attackRequestSchema>>;
