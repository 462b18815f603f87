/**
 * What a client holds an announcement to, before it answers: its own epoch and record, a whole model with the digest that
 * everyone signs, a clipping norm that can be computed with, and no second sum over a model unless its person allowed it.
 */
import { equalBytes, readFloat64, toHex } from '../bytes/bytes.ts';
import type { ClientAbortReason } from '../errors/protocol-reasons.ts';
import type { Opened } from '../wire/envelope.ts';
import type { ClientEnvironment } from './client-events.ts';
import { type ClientRecord, maySumModel } from './client-session.ts';
import { modelHash } from './context.ts';
import type { Epoch } from './epoch.ts';

/** Clipping norms that may be announced: far outside of what a model can use, and far inside of what float64 can compute. */
const SMALLEST_CLIPPING_NORM = 1e-30;
const LARGEST_CLIPPING_NORM = 1e30;

/** The rule that an authentic announcement breaks, if any. */
export function brokenAnnouncement(
  { body, attachment }: Opened<'announcement'>,
  record: ClientRecord,
  { epoch, architecture }: ClientEnvironment,
): ClientAbortReason | undefined {
  if (!equalBytes(body.parameters, epoch.parametersDigest)) return 'parameters-differ';
  if (!equalBytes(body.roster, epoch.rosterDigest)) return 'roster-differs';
  if (record.roster !== toHex(epoch.rosterDigest)) return 'epoch-differs';
  if (record.round > epoch.parameters.rounds) return 'rounds-exceeded';
  if (!isModelSized(attachment, epoch)) return 'model-malformed';
  const model = toHex(body.model);
  if (model !== record.model) return 'model-differs';
  const { differentialPrivacy: noise } = epoch.parameters;
  if (noise !== null) {
    const norm = announcedNorm(body.clippingNorm, epoch);
    if (norm === undefined || norm !== (record.clippingNorm ?? noise.clippingNorm))
      return 'parameters-differ';
  } else if (body.clippingNorm !== undefined) return 'parameters-differ';
  if (attachment.length > 0 && !equalBytes(modelHash(architecture, attachment), body.model)) {
    return 'model-differs';
  }
  // with masks off every single update is visible anyway; under noise one more sum is one more charge
  return epoch.parameters.masks && noise === null && !maySumModel(record, record.round, model)
    ? 'model-already-summed'
    : undefined;
}

/**
 * C of the round; undefined where there is none, or where what was announced is none. Whoever announces it cannot weaken the
 * noise by it: that is counted in units of the grid, of which every C has the same number.
 */
export function announcedNorm(announced: Uint8Array | undefined, { parameters }: Epoch): number | undefined {
  const { differentialPrivacy: noise } = parameters;
  if (noise === null) return undefined;
  if (noise.adaptive === null) return announced === undefined ? noise.clippingNorm : undefined;
  const norm = announced === undefined ? NaN : readFloat64(announced);
  return norm >= SMALLEST_CLIPPING_NORM && norm <= LARGEST_CLIPPING_NORM ? norm : undefined;
}

/** A model travels whole or not at all: so a driver never meets weights of another length. */
export function isModelSized(attachment: Uint8Array, { parameters }: Epoch): boolean {
  return attachment.length === 0 || attachment.length === 4 * parameters.parameterCount;
}
