import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBytes, uint32Bytes, utf8 } from '../../../core/bytes/bytes.ts';
import { sealAes256Gcm } from '../../../core/crypto/aead.ts';
import { keyAgreement } from '../../../core/crypto/key-agreement.ts';
import {
  type AdvertisedKeys,
  channelKey,
  ciphertextBytes,
  decryptShares,
  encryptShares,
  pairwiseMaskKey,
  pairwiseSign,
} from '../../../core/secagg/key-schedule.ts';
import { repeatableRandom } from '../../support/secagg-room.ts';
import { filler } from '../../support/messages.ts';

const agreement = keyAgreement('x25519');
const context = filler(1, 32);

function party(client: number): { keys: AdvertisedKeys; secret: Uint8Array } {
  const random = repeatableRandom(client);
  const channel = agreement.generate(random);
  const mask = agreement.generate(random);
  const keys = {
    client,
    channelKey: channel.publicKey,
    maskKey: mask.publicKey,
    digest: filler(100 + client, 32),
  };
  return { keys, secret: channel.secretKey };
}

const [ada, grace, eve] = [party(1), party(2), party(3)];
const agreed = agreement.agree(ada.secret, grace.keys.channelKey)!;
const shares = { selfMask: filler(2, 32), maskKey: filler(3, 32) };

test('channelKey() is the same for both ends, and another for each direction, context, peer and pair of keys', () => {
  const key = channelKey(agreed, context, ada.keys, grace.keys);
  const fromGrace = agreement.agree(grace.secret, ada.keys.channelKey)!;
  assert.deepEqual(channelKey(fromGrace, context, ada.keys, grace.keys), key);
  for (const other of [
    channelKey(agreed, context, grace.keys, ada.keys),
    channelKey(agreed, filler(9, 32), ada.keys, grace.keys),
    channelKey(agreed, context, ada.keys, { ...grace.keys, client: 3 }),
    channelKey(agreed, context, { ...ada.keys, client: 3 }, grace.keys),
    channelKey(agreed, context, { ...ada.keys, channelKey: eve.keys.channelKey }, grace.keys),
    channelKey(agreed, context, ada.keys, { ...grace.keys, channelKey: eve.keys.channelKey }),
  ]) {
    assert.notDeepEqual(other, key);
  }
});

test('pairwiseMaskKey() is the same in either order, and bound to context, clients and both keys', () => {
  const key = pairwiseMaskKey(agreed, context, ada.keys, grace.keys);
  assert.deepEqual(pairwiseMaskKey(agreed, context, grace.keys, ada.keys), key);
  for (const other of [
    pairwiseMaskKey(agreed, filler(9, 32), ada.keys, grace.keys),
    pairwiseMaskKey(agreed, context, ada.keys, { ...grace.keys, client: 3 }),
    pairwiseMaskKey(agreed, context, { ...ada.keys, maskKey: eve.keys.maskKey }, grace.keys),
    channelKey(agreed, context, ada.keys, grace.keys),
  ]) {
    assert.notDeepEqual(other, key);
  }
});

test('pairwiseSign() lets the lower client add and the higher subtract', () => {
  assert.equal(pairwiseSign(1, 2), 1);
  assert.equal(pairwiseSign(2, 1), -1);
});

test('decryptShares() reads what encryptShares() sealed, and nothing else', () => {
  const key = channelKey(agreed, context, ada.keys, grace.keys);
  const sealed = encryptShares(key, context, ada.keys, grace.keys, shares);
  assert.equal(sealed.length, ciphertextBytes);
  assert.deepEqual(decryptShares(key, context, ada.keys, grace.keys, sealed), shares);
  for (const opened of [
    decryptShares(filler(5, 32), context, ada.keys, grace.keys, sealed),
    decryptShares(key, filler(5, 32), ada.keys, grace.keys, sealed),
    decryptShares(key, context, eve.keys, grace.keys, sealed),
    decryptShares(key, context, ada.keys, eve.keys, sealed),
    decryptShares(key, context, { ...ada.keys, digest: eve.keys.digest }, grace.keys, sealed),
    decryptShares(key, context, ada.keys, { ...grace.keys, digest: eve.keys.digest }, sealed),
    decryptShares(key, context, ada.keys, grace.keys, sealed.with(7, sealed[7]! ^ 1)),
    decryptShares(key, context, ada.keys, grace.keys, sealed.subarray(1)),
  ]) {
    assert.equal(opened, undefined);
  }
});

test('decryptShares() refuses sealed shares that name another dealer or holder, or are of another length', () => {
  const key = channelKey(agreed, context, ada.keys, grace.keys);
  const associated = concatBytes(
    utf8('masquerade/shares/v1'),
    context,
    uint32Bytes(1),
    uint32Bytes(2),
    ada.keys.digest,
    grace.keys.digest,
  );
  const open = (...plaintext: readonly Uint8Array[]): unknown => {
    const sealed = sealAes256Gcm(key, new Uint8Array(12), associated, concatBytes(...plaintext));
    return decryptShares(key, context, ada.keys, grace.keys, sealed);
  };
  const { selfMask, maskKey } = shares;
  assert.deepEqual(open(uint32Bytes(1), uint32Bytes(2), selfMask, maskKey), shares);
  assert.equal(open(uint32Bytes(3), uint32Bytes(2), selfMask, maskKey), undefined);
  assert.equal(open(uint32Bytes(1), uint32Bytes(3), selfMask, maskKey), undefined);
  assert.equal(open(uint32Bytes(2), uint32Bytes(1), selfMask, maskKey), undefined);
  assert.equal(open(uint32Bytes(1), uint32Bytes(2), selfMask), undefined);
  assert.equal(open(uint32Bytes(1), uint32Bytes(2), selfMask, maskKey, Uint8Array.of(0)), undefined);
});
