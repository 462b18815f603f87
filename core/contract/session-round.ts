/** What the members of a session are told of a finished round: read strictly, as it comes from another machine. */
import { z } from 'zod';
import type { SessionRound } from './session-event.ts';

const amount = z.number().min(0);
const share = z.number().min(0).max(1);
const count = z.int().min(0).max(0xffffffff);
const bytes = z.strictObject({ mean: amount, max: amount });
const clientNumber = z.int().min(0).max(500);

export const roundPrivacySchema = z.strictObject({
  epsilon: amount,
  delta: share,
  honest: count,
  excess: amount,
  clippingNorm: amount,
  noiseNorm: amount,
  updateNorm: amount,
  // noised: it may lie outside of 0 .. 1
  withinNorm: z.number().nullable(),
});

const sessionRoundSchema = z.strictObject({
  round: count,
  attempts: count,
  accuracy: share,
  f1Weighted: share,
  loss: amount,
  clients: z.strictObject({ advertised: count, shared: count, masked: count, unmasked: count }),
  dropped: z.array(clientNumber).max(500),
  refused: z
    .array(z.strictObject({ client: clientNumber, phase: z.string().max(40), reason: z.string().max(60) }))
    .max(1_000),
  clippedRate: share.nullable(),
  bytesUpPerClient: bytes,
  bytesDownPerClient: bytes,
  ms: z.strictObject({ coordinator: amount, evaluate: amount, total: amount }),
  confusion: z.array(count).max(256 * 256),
  reported: z.strictObject({ loss: amount, accuracy: share, examples: amount, selected: amount }).nullable(),
  privacy: roundPrivacySchema.exactOptional(),
});

/** Undefined for anything else than what sessionRound() of an honest coordinator gives. */
export function readSessionRound(text: string): SessionRound | undefined {
  try {
    const read = sessionRoundSchema.safeParse(JSON.parse(text));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}
