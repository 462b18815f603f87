/**
 * Unmasking the sum (Bonawitz et al. 2017, figure 4, round 4): self masks of U3 from their seeds, pairwise masks between
 * U3 and who vanished after sharing keys from the vanished clients' mask keys.
 *
 * A rebuilt secret is compared with what its owner committed to. When it does not fit, surplus shares say which shares
 * are wrong; when they do not suffice the round ends. Nobody is blamed: the dealer may have lied, or the holders.
 */
import { equalBytes, eraseBytes } from '../bytes/bytes.ts';
import { eraseSecretKeys } from '../crypto/key-agreement.ts';
import type { ClientSet } from '../wire/client-set.ts';
import { type Result, accepted, refused } from '../wire/refusal.ts';
import { selfMaskCommitment } from './context.ts';
import type { CoordinatorEnvironment } from './coordinator-events.ts';
import type { SharedKeys } from './coordinator-state.ts';
import { type MaskGenerator, pairwiseMaskKey, pairwiseSign } from './key-schedule.ts';
import { addMask } from './masks.ts';
import { type Share, decodeSecret } from './shamir.ts';

/** Shares by holder, then by dealer. */
export type Reveals = ReadonlyMap<number, ReadonlyMap<number, Uint8Array>>;

export interface Unmasked {
  /** Clients of U2 outside U3, whose masks were taken out of the sum. */
  readonly recovered: ClientSet;
}

export interface Unmaskable {
  readonly sum: Uint32Array;
  readonly context: Uint8Array;
  readonly keys: SharedKeys;
  readonly u3: ClientSet;
  readonly reveals: Reveals;
}

/** Takes every mask out of the sum, in place and modulo 2^32; the sum is worthless when it refuses. */
export function unmaskSum(
  masked: Unmaskable,
  environment: CoordinatorEnvironment,
): Result<Unmasked, 'shares-missing' | 'unmasking-failed'> {
  const { sum, context, keys, u3, reveals } = masked;
  const add = environment.addMask ?? addMask;
  const survivors = new Set(u3);
  const recovered: number[] = [];
  for (const dealer of keys.u2) {
    const shares = sharesOf(dealer, reveals, environment);
    const { neighbourThreshold } = environment.epoch.parameters;
    if (shares.length < neighbourThreshold) return refused('shares-missing');
    if (survivors.has(dealer)) {
      const commitment = keys.commitments.get(dealer)!;
      const decoded = decodeSecret(shares, neighbourThreshold, (seed) =>
        equalBytes(selfMaskCommitment(context, dealer, seed), commitment),
      );
      if (decoded === undefined) return refused('unmasking-failed');
      add(sum, decoded.secret, -1);
      eraseBytes(decoded.secret);
    } else {
      const secret = rebuildMaskKey(dealer, shares, keys, environment);
      if (secret === undefined) return refused('unmasking-failed');
      removePairwiseMasks(dealer, secret, survivors, masked, add, environment);
      eraseSecretKeys(secret);
      recovered.push(dealer);
    }
  }
  return accepted({ recovered });
}

function sharesOf(dealer: number, reveals: Reveals, { epoch }: CoordinatorEnvironment): Share[] {
  const shares: Share[] = [];
  for (const [holder, revealed] of reveals) {
    const share = revealed.get(dealer);
    if (share !== undefined) shares.push({ x: epoch.sharePoint(dealer, holder), share });
  }
  return shares;
}

function rebuildMaskKey(
  dealer: number,
  shares: readonly Share[],
  keys: SharedKeys,
  { epoch }: CoordinatorEnvironment,
): Uint8Array | undefined {
  const advertised = keys.maskKeys.get(dealer)!;
  return decodeSecret(shares, epoch.parameters.neighbourThreshold, (secret) => {
    const pair = epoch.agreement.keyPairFromSecret(secret);
    eraseSecretKeys(pair.secretKey);
    return equalBytes(pair.publicKey, advertised);
  })?.secret;
}

/** Each survivor next to the vanished client has added its half of their mask: takes it out again. */
function removePairwiseMasks(
  vanished: number,
  secret: Uint8Array,
  survivors: ReadonlySet<number>,
  { sum, context, keys }: Unmaskable,
  add: MaskGenerator,
  { epoch }: CoordinatorEnvironment,
): void {
  const own = { client: vanished, maskKey: keys.maskKeys.get(vanished)! };
  for (const survivor of epoch.neighbours(vanished)) {
    if (!survivors.has(survivor)) continue;
    const peer = { client: survivor, maskKey: keys.maskKeys.get(survivor)! };
    const agreed = epoch.agreement.agree(secret, peer.maskKey);
    // both keys were checked when they were advertised: an agreement between sound keys is refused with probability 0
    if (agreed === undefined) continue;
    const key = pairwiseMaskKey(agreed, context, own, peer);
    add(sum, key, pairwiseSign(survivor, vanished) === 1 ? -1 : 1);
    eraseBytes(agreed, key);
  }
}
