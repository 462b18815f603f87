/** What Node hands out or keeps of a secret, beside the arrays that our own code erases, is erased as well. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { after, test } from 'node:test';
import type { KeyAgreementName } from '../../../core/crypto/key-agreement.ts';

const original = {
  createDecipheriv: crypto.createDecipheriv,
  createDiffieHellman: crypto.createDiffieHellman,
  createPrivateKey: crypto.createPrivateKey,
  diffieHellman: crypto.diffieHellman,
};
/** Buffers that the library returned, each with what it held then. */
const handedOut: { readonly buffer: Buffer; readonly held: Buffer }[] = [];
let imports = 0;

function watched(buffer: Buffer): Buffer {
  handedOut.push({ buffer, held: Buffer.from(buffer) });
  return buffer;
}

Object.assign(crypto, {
  createDecipheriv: (...parts: Parameters<typeof crypto.createDecipheriv>) => {
    const decipher = original.createDecipheriv(...parts);
    const update = decipher.update.bind(decipher) as (data: Uint8Array) => Buffer;
    return Object.assign(decipher, { update: (data: Uint8Array) => watched(update(data)) });
  },
  createDiffieHellman: (prime: Uint8Array, generator: number) => {
    const group = original.createDiffieHellman(prime, generator);
    const computeSecret = group.computeSecret.bind(group) as (key: Uint8Array) => Buffer;
    return Object.assign(group, { computeSecret: (key: Uint8Array) => watched(computeSecret(key)) });
  },
  createPrivateKey: (...parts: Parameters<typeof crypto.createPrivateKey>) => {
    imports += 1;
    return original.createPrivateKey(...parts);
  },
  diffieHellman: (keys: Parameters<typeof crypto.diffieHellman>[0]) => watched(original.diffieHellman(keys)),
});
syncBuiltinESMExports();
after(() => {
  Object.assign(crypto, original);
  syncBuiltinESMExports();
});

const { openAes256Gcm, sealAes256Gcm } = await import('../../../core/crypto/aead.ts');
const { eraseSecretKeys, keyAgreement } = await import('../../../core/crypto/key-agreement.ts');
const { systemRandom } = await import('../../../core/crypto/random.ts');

function takeHandedOut(): (typeof handedOut)[number][] {
  const taken = handedOut.splice(0);
  assert.ok(taken.length > 0 && taken.every(({ held }) => held.some((byte) => byte !== 0)));
  return taken;
}

function assertErased(buffers: readonly { readonly buffer: Buffer }[]): void {
  assert.ok(buffers.every(({ buffer }) => buffer.every((byte) => byte === 0)));
}

test("openAes256Gcm() leaves no plaintext in the library's buffer, sound or not", () => {
  const [key, nonce, data] = [systemRandom.bytes(32), systemRandom.bytes(12), systemRandom.bytes(8)];
  const plaintext = systemRandom.bytes(72);
  const sealed = sealAes256Gcm(key, nonce, data, plaintext);
  assert.deepEqual(openAes256Gcm(key, nonce, data, sealed), plaintext);
  assertErased(takeHandedOut());
  assert.equal(openAes256Gcm(key, nonce, data, sealed.with(80, sealed[80]! ^ 1)), undefined);
  assertErased(takeHandedOut());
});

for (const name of ['x25519', 'modp14'] satisfies KeyAgreementName[]) {
  test(`agree() of ${name} leaves no result in the library's buffer`, () => {
    const agreement = keyAgreement(name);
    const [one, other] = [agreement.generate(systemRandom), agreement.generate(systemRandom)];
    handedOut.length = 0;
    const agreed = agreement.agree(one.secretKey, other.publicKey);
    const taken = takeHandedOut();
    assert.deepEqual(agreed, Uint8Array.from(taken[0]!.held));
    assertErased(taken);
  });
}

test('eraseSecretKeys() overwrites the bytes and forgets the imported key', () => {
  const agreement = keyAgreement('x25519');
  const pair = agreement.generate(systemRandom);
  const peer = agreement.generate(systemRandom).publicKey;
  const before = imports;
  assert.notEqual(agreement.agree(pair.secretKey, peer), undefined);
  assert.equal(imports, before, 'imported once, when the pair was made');
  eraseSecretKeys(pair.secretKey);
  assert.ok(pair.secretKey.every((byte) => byte === 0));
  agreement.agree(pair.secretKey, peer);
  assert.equal(imports, before + 1);
});
