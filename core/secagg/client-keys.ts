/**
 * The client's part of "advertise keys" and "share keys" (Bonawitz et al. 2017, figure 4, rounds 0 and 1): its fresh
 * keys, the checks on U1, its shares for each neighbour, and the shares that it gets.
 */
import { equalBytes, eraseBytes } from '../bytes/bytes.ts';
import { sha256 } from '../crypto/hash.ts';
import { type KeyPair, eraseSecretKeys } from '../crypto/key-agreement.ts';
import type { ClientAbortReason } from '../errors/protocol-reasons.ts';
import { decodeClientSet, isSubset } from '../wire/client-set.ts';
import { openMessage } from '../wire/envelope.ts';
import type { Opened } from '../wire/envelope.ts';
import { type Result, accepted, refused } from '../wire/refusal.ts';
import type { ClientEnvironment } from './client-events.ts';
import type { AdvertView, ClientAttempt, HeldShares } from './client-state.ts';
import { advertDigest, advertsDigest } from './context.ts';
import type { Epoch } from './epoch.ts';
import {
  type AdvertisedKeys,
  type SharePair,
  channelKey,
  ciphertextBytes,
  decryptShares,
  encryptShares,
  seedBytes,
} from './key-schedule.ts';
import { shareSecret } from './shamir.ts';

type Checked<Value> = Result<Value, ClientAbortReason>;

/** U1, checked: every advert validly signed by a distinct member for this context, no key twice, this client's own in it. */
export function readAdverts(
  message: Opened<'key-adverts'>,
  attempt: ClientAttempt,
  ownAdvert: Uint8Array,
  environment: ClientEnvironment,
): Checked<AdvertView> {
  const { epoch, client } = environment;
  const neighbourhood = new Set([...epoch.neighbours(client), client]);
  const u1: number[] = [];
  const digests: Uint8Array[] = [];
  const keys = new Map<number, AdvertisedKeys>();
  const seenKeys = new Set<string>();
  for (const bytes of message.body.adverts) {
    const opened = openMessage(
      bytes,
      { type: 'key-advert', ...attempt.position, maxBytes: epoch.limits['key-advert'] },
      epoch.keyring,
    );
    if (!opened.ok) return refused('relay-refused');
    const { header, body, signedPart } = opened.value;
    if (header.sender <= (u1.at(-1) ?? 0)) return refused('relay-refused');
    if (!equalBytes(body.context, attempt.context)) return refused('context-differs');
    for (const key of [body.channelKey, body.maskKey]) {
      if (!epoch.agreement.isCanonical(key)) return refused('key-refused');
      seenKeys.add(String.fromCharCode(...key));
    }
    const digest = advertDigest(signedPart);
    u1.push(header.sender);
    digests.push(digest);
    if (neighbourhood.has(header.sender)) {
      keys.set(header.sender, {
        client: header.sender,
        channelKey: body.channelKey.slice(),
        maskKey: body.maskKey.slice(),
        digest,
      });
    }
  }
  if (seenKeys.size !== 2 * u1.length) return refused('duplicate-key');
  const own = keys.get(client);
  if (own === undefined || !equalBytes(own.digest, ownAdvert)) return refused('not-included');
  if (u1.length < epoch.parameters.threshold) return refused('below-threshold');
  if (!hasEnoughNeighbours(client, new Set(u1), epoch)) return refused('neighbourhood-starved');
  return accepted({ u1, digest: advertsDigest(digests), keys });
}

/** |N(v) within the set| >= t. */
export function hasEnoughNeighbours(client: number, present: ReadonlySet<number>, epoch: Epoch): boolean {
  let count = 0;
  for (const neighbour of epoch.neighbours(client)) if (present.has(neighbour)) count += 1;
  return count >= epoch.parameters.neighbourThreshold;
}

export interface DealtSecrets {
  readonly selfMask: Uint8Array;
  readonly ownShares: SharePair | undefined;
  readonly inboundKeys: ReadonlyMap<number, Uint8Array>;
  /** For the neighbours in U1 but oneself, by increasing client. */
  readonly ciphertexts: Uint8Array;
}

/** Draws the self mask's seed and deals shares of it and of the mask key. Erases the channel key. */
export function dealShares(
  view: AdvertView,
  context: Uint8Array,
  channelKeys: KeyPair,
  maskKeys: KeyPair,
  environment: ClientEnvironment,
): Checked<DealtSecrets> {
  const { epoch, client, random } = environment;
  const { agreement, parameters } = epoch;
  const own = view.keys.get(client)!;
  const holders = epoch.neighbours(client);
  const selfMask = random.bytes(seedBytes);
  const selfMaskShares = shareSecret(selfMask, parameters.neighbourThreshold, holders.length, random);
  const maskKeyShares = shareSecret(
    maskKeys.secretKey,
    parameters.neighbourThreshold,
    holders.length,
    random,
  );
  const inboundKeys = new Map<number, Uint8Array>();
  const ciphertexts = new Uint8Array(ciphertextBytes * peersOf(client, view.keys).length);
  let ownShares: SharePair | undefined;
  const refusedKeys: number[] = [];
  let at = 0;
  holders.forEach((holder, index) => {
    // a share's x is 1 + its holder's place in the dealer's sorted neighbourhood, whether or not the others advertised
    const shares = { selfMask: selfMaskShares[index]!, maskKey: maskKeyShares[index]! };
    if (holder === client) {
      ownShares = { selfMask: shares.selfMask.slice(), maskKey: shares.maskKey.slice() };
      return;
    }
    const peer = view.keys.get(holder);
    if (peer === undefined) return;
    const agreed = agreement.agree(channelKeys.secretKey, peer.channelKey);
    if (agreed === undefined) {
      refusedKeys.push(holder);
      return;
    }
    const outboundKey = channelKey(agreed, context, own, peer);
    inboundKeys.set(holder, channelKey(agreed, context, peer, own));
    ciphertexts.set(encryptShares(outboundKey, context, own, peer, shares), at);
    at += ciphertextBytes;
    eraseBytes(agreed, outboundKey);
  });
  eraseSecretKeys(channelKeys.secretKey);
  eraseBytes(...selfMaskShares, ...maskKeyShares);
  if (refusedKeys.length === 0) return accepted({ selfMask, ownShares, inboundKeys, ciphertexts });
  eraseBytes(selfMask, ...inboundKeys.values());
  eraseSharePair(ownShares);
  return refused('key-refused');
}

/** Neighbours in U1 but oneself, by increasing client. */
function peersOf(client: number, keys: ReadonlyMap<number, AdvertisedKeys>): number[] {
  return [...keys.keys()].filter((peer) => peer !== client);
}

/** U2, checked, and the shares that its members sent to this client. Erases the channel keys unless it refuses. */
export function readShares(
  message: Opened<'relayed-shares'>,
  context: Uint8Array,
  adverts: AdvertView,
  ownShares: SharePair | undefined,
  inboundKeys: ReadonlyMap<number, Uint8Array>,
  environment: ClientEnvironment,
): Checked<HeldShares> {
  const { epoch, client } = environment;
  const u2 = decodeClientSet(message.body.u2, epoch.everyone.length);
  if (u2 === undefined || message.body.digests.length !== 32 * u2.length) return refused('malformed-relay');
  if (!isSubset(u2, adverts.u1)) return refused('set-not-within');
  const place = u2.indexOf(client);
  if (place < 0) return refused('not-included');
  if (u2.length < epoch.parameters.threshold) return refused('below-threshold');
  const present = new Set(u2);
  if (!hasEnoughNeighbours(client, present, epoch)) return refused('neighbourhood-starved');
  const dealers = peersOf(client, adverts.keys).filter((dealer) => present.has(dealer));
  const digest = message.body.digests.subarray(32 * place, 32 * place + 32);
  if (
    message.attachment.length !== ciphertextBytes * dealers.length ||
    !equalBytes(sha256(message.attachment), digest)
  ) {
    return refused('ciphertexts-differ');
  }
  const shares = new Map<number, SharePair>();
  const missing: number[] = [];
  if (ownShares !== undefined) shares.set(client, ownShares);
  const own = adverts.keys.get(client)!;
  dealers.forEach((dealer, index) => {
    const ciphertext = message.attachment.subarray(ciphertextBytes * index, ciphertextBytes * (index + 1));
    const key = inboundKeys.get(dealer)!;
    const opened = decryptShares(key, context, adverts.keys.get(dealer)!, own, ciphertext);
    if (opened === undefined) missing.push(dealer);
    else shares.set(dealer, opened);
  });
  eraseBytes(...inboundKeys.values());
  return accepted({ adverts, u2, shares, missing });
}

export function eraseSharePair(shares: SharePair | undefined): void {
  if (shares !== undefined) eraseBytes(shares.selfMask, shares.maskKey);
}

export function eraseShares(shares: ReadonlyMap<number, SharePair>): void {
  for (const pair of shares.values()) eraseSharePair(pair);
}
