/**
 * Masking a quantised vector (Bonawitz et al. 2017, figure 4, round 2): y = x + PRG(b) + sum of +-PRG(s_uv) over the
 * neighbours in U2, in Z_2^bits.
 */
import { eraseBytes } from '../bytes/bytes.ts';
import { type KeyPair, eraseSecretKeys } from '../crypto/key-agreement.ts';
import type { ClientEnvironment, InputVector } from './client-events.ts';
import type { HeldShares } from './client-state.ts';
import type { Epoch } from './epoch.ts';
import { pairwiseMaskKey, pairwiseSign } from './key-schedule.ts';
import { addMask, reduce } from './masks.ts';
import { packBits } from './packing.ts';

/**
 * The packed masked vector: ceil(vectorLength x bits / 8) bytes. Erases the mask key and the self mask's seed.
 * Undefined when a neighbour's key gives no sound agreement.
 */
export function maskVector(
  vector: Uint32Array,
  held: HeldShares,
  context: Uint8Array,
  maskKeys: KeyPair,
  selfMask: Uint8Array,
  environment: ClientEnvironment,
): Uint8Array | undefined {
  const { epoch, client } = environment;
  const add = environment.addMask ?? addMask;
  const masked = vector.slice();
  const present = new Set(held.u2);
  const own = held.adverts.keys.get(client)!;
  add(masked, selfMask, 1);
  let sound = true;
  for (const peer of held.adverts.keys.values()) {
    if (peer.client === client || !present.has(peer.client)) continue;
    const agreed = epoch.agreement.agree(maskKeys.secretKey, peer.maskKey);
    if (agreed === undefined) {
      sound = false;
      continue;
    }
    const key = pairwiseMaskKey(agreed, context, own, peer);
    add(masked, key, pairwiseSign(client, peer.client));
    eraseBytes(agreed, key);
  }
  eraseSecretKeys(maskKeys.secretKey);
  eraseBytes(selfMask);
  reduce(masked, epoch.parameters.bits);
  const packed = sound ? packBits(masked, epoch.parameters.bits) : undefined;
  masked.fill(0);
  return packed;
}

/** The vector as bytes, for its digest and, where nothing is masked or quantised, for the wire. */
export function vectorAsBytes(vector: InputVector): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}

/** True for a vector of the agreed kind and length, its values finite or within Z_2^bits. */
export function isSoundVector(vector: InputVector, { parameters }: Epoch): boolean {
  if (vector.length !== parameters.vectorLength) return false;
  if (vector instanceof Float32Array) return !parameters.quantisation && vector.every(Number.isFinite);
  if (!parameters.quantisation) return false;
  const limit = 2 ** parameters.bits;
  for (const value of vector) if (value >= limit) return false;
  return true;
}
