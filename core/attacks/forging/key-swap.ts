/**
 * The person in the middle: what signatures on public keys are for. Without them nothing stops a coordinator from handing
 * one person keys of its own for everybody else.
 */
import { concatBytes } from '../../bytes/bytes.ts';
import { sha256 } from '../../crypto/hash.ts';
import type { KeyPair } from '../../crypto/key-agreement.ts';
import { advertDigest } from '../../secagg/context.ts';
import {
  type AdvertisedKeys,
  channelKey,
  ciphertextBytes,
  decryptShares,
  pairwiseMaskKey,
  pairwiseSign,
} from '../../secagg/key-schedule.ts';
import { addMask, reduce } from '../../secagg/masks.ts';
import { unpackBits } from '../../secagg/packing.ts';
import { rebuildSecret } from '../../secagg/shamir.ts';
import { encodeClientSet } from '../../wire/client-set.ts';
import { sealMessage } from '../../wire/envelope.ts';
import { readMessage, resealed } from '../live-protocol/rewriting.ts';
import { inNameOf } from './coordinator.ts';
import { isSame, type Played, played, type Session, type Stage, victim } from './stage.ts';

/**
 * Keys of the coordinator's own in the place of everybody else's, for the victim alone: its shares can be read then, and
 * every mask on its vector is known. Passes when the vector is.
 */
export function swapKeys(stage: Stage): Played {
  const session = stage.open();
  const { room } = session;
  const { epoch } = room;
  const mine = new Map(
    epoch.everyone.map((client) => {
      const { random } = room.desk(client).environment;
      return [
        client,
        { channel: epoch.agreement.generate(random), mask: epoch.agreement.generate(random) },
      ] as const;
    }),
  );
  const seen: { adverts?: readonly Uint8Array[]; shares?: Uint8Array; vector?: Uint8Array } = {};
  room.tamper = {
    toClient: (client, bytes, type) => {
      if (type !== 'key-adverts') return [bytes];
      if (client !== victim) return [];
      const swapped = resealed(epoch, type, bytes, inNameOf(0, session), {
        body: ({ adverts }) => ({
          adverts: adverts.map((advert, index) =>
            index + 1 === victim ? advert : withKeys(advert, index + 1, mine.get(index + 1)!, session),
          ),
        }),
      });
      seen.adverts = readMessage(epoch, type, swapped).body.adverts;
      return [swapped];
    },
    toCoordinator: (client, bytes, type) => {
      if (client === victim && type === 'encrypted-shares') seen.shares = bytes;
      if (client === victim && type === 'masked-input') seen.vector = bytes;
      return client === victim && type !== 'key-advert' ? [] : [bytes];
    },
  };
  room.stepCoordinator({ kind: 'begin', round: 1, model: stage.model(1) });
  room.deliver();
  if (seen.adverts !== undefined && seen.shares !== undefined) {
    room.stepClient(victim, { kind: 'message', bytes: unreadableShares(session) });
    room.deliver();
  }
  const { adverts, shares: dealt, vector } = seen;
  const read =
    adverts !== undefined && dealt !== undefined && vector !== undefined
      ? unmasked(session, mine, { adverts, dealt, vector })
      : undefined;
  return played(stage, session, isSame(read, session.vectors(victim, 1)));
}

interface OwnKeys {
  readonly channel: KeyPair;
  readonly mask: KeyPair;
}

function withKeys(advert: Uint8Array, client: number, keys: OwnKeys, session: Session): Uint8Array {
  return resealed(session.room.epoch, 'key-advert', advert, inNameOf(client, session), {
    body: (body) => ({ ...body, channelKey: keys.channel.publicKey, maskKey: keys.mask.publicKey }),
  });
}

/** U2 for the victim: everybody, with shares that it cannot read and will report as missing. */
function unreadableShares(session: Session): Uint8Array {
  const { epoch } = session.room;
  const { everyone, roster } = epoch;
  const inbox = new Uint8Array(ciphertextBytes * (everyone.length - 1));
  const body = {
    u2: encodeClientSet(everyone, everyone.length),
    digests: concatBytes(...everyone.map(() => sha256(inbox))),
  };
  const position = { session: roster.session, round: 1, attempt: 1 };
  return sealMessage('relayed-shares', position, body, inNameOf(0, session), inbox);
}

function unmasked(
  { room }: Session,
  mine: ReadonlyMap<number, OwnKeys>,
  seen: {
    readonly adverts: readonly Uint8Array[];
    readonly dealt: Uint8Array;
    readonly vector: Uint8Array;
  },
): Uint32Array | undefined {
  const { epoch } = room;
  const { agreement, parameters } = epoch;
  const keys = seen.adverts.map((bytes, index): AdvertisedKeys => {
    const { body, signedPart } = readMessage(epoch, 'key-advert', bytes);
    return { ...body, client: index + 1, digest: advertDigest(signedPart) };
  });
  const own = keys[victim - 1]!;
  const { context } = readMessage(epoch, 'key-advert', seen.adverts[victim - 1]!).body;
  const { ciphertexts } = readMessage(epoch, 'encrypted-shares', seen.dealt).body;
  const others = keys.filter(({ client }) => client !== victim);
  const read = others.flatMap((holder, index) => {
    const agreed = agreement.agree(mine.get(holder.client)!.channel.secretKey, own.channelKey);
    const ciphertext = ciphertexts.subarray(ciphertextBytes * index, ciphertextBytes * (index + 1));
    const pair =
      agreed && decryptShares(channelKey(agreed, context, own, holder), context, own, holder, ciphertext);
    return pair === undefined ? [] : [{ x: epoch.sharePoint(victim, holder.client), share: pair.selfMask }];
  });
  if (read.length < parameters.neighbourThreshold) return undefined;
  const { attachment } = readMessage(epoch, 'masked-input', seen.vector);
  const vector = unpackBits(attachment, parameters.vectorLength, parameters.bits)!;
  addMask(vector, rebuildSecret(read, parameters.neighbourThreshold), -1);
  for (const peer of others) {
    const agreed = agreement.agree(mine.get(peer.client)!.mask.secretKey, own.maskKey)!;
    const sign = pairwiseSign(victim, peer.client);
    addMask(vector, pairwiseMaskKey(agreed, context, own, peer), sign === 1 ? -1 : 1);
  }
  reduce(vector, parameters.bits);
  return vector;
}
