/** X25519 against RFC 7748, group 14 against RFC 3526 and plain integer arithmetic; hostile public keys. */
import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes, fromHex, toHex } from '../../../core/bytes/bytes.ts';
import { keyAgreement, type KeyAgreementName } from '../../../core/crypto/key-agreement.ts';
import { MODP_14_PRIME } from '../../../core/crypto/modp-group-14.ts';
import { systemRandom } from '../../../core/crypto/random.ts';

const x25519 = keyAgreement('x25519');
const modp14 = keyAgreement('modp14');
const names: readonly KeyAgreementName[] = ['x25519', 'modp14'];

const secretBytes = fc.uint8Array({ minLength: 32, maxLength: 32 });

for (const name of names) {
  const agreement = keyAgreement(name);

  test(`${name}: both sides agree, on as many bytes as a public key has`, () => {
    const alice = agreement.generate(systemRandom);
    const bob = agreement.generate(systemRandom);
    const shared = agreement.agree(alice.secretKey, bob.publicKey);
    assert.equal(shared?.length, agreement.publicKeyBytes);
    assert.deepEqual(shared, agreement.agree(bob.secretKey, alice.publicKey));
    assert.equal(alice.publicKey.length, agreement.publicKeyBytes);
    assert.equal(alice.secretKey.length, agreement.secretBytes);
  });

  test(`${name}: generate() takes its secret from the given source, whole`, () => {
    const secret = Uint8Array.from({ length: 32 }, (_, index) => 3 * index + 1);
    const pair = agreement.generate({
      bytes(length) {
        assert.equal(length, 32);
        return secret.slice();
      },
    });
    assert.deepEqual(pair, agreement.keyPairFromSecret(secret));
    assert.deepEqual(pair.secretKey, secret);
  });

  test(`${name}: keyPairFromSecret() copies its secret: erasing one leaves the other`, () => {
    const secret = systemRandom.bytes(32);
    const pair = agreement.keyPairFromSecret(secret);
    secret.fill(0);
    assert.notDeepEqual(pair.secretKey, secret);
  });

  test(`${name}: keyPairFromSecret() refuses other lengths than 32`, () => {
    for (const length of [0, 31, 33]) {
      assert.throws(() => agreement.keyPairFromSecret(new Uint8Array(length)), RangeError);
    }
  });

  test(`${name}: agree() refuses public keys of another length`, () => {
    const { publicKey, secretKey } = agreement.generate(systemRandom);
    for (const wrong of [new Uint8Array(0), publicKey.subarray(1), Uint8Array.of(...publicKey, 0)]) {
      assert.equal(agreement.isCanonical(wrong), false);
      assert.equal(agreement.agree(secretKey, wrong), undefined);
    }
  });

  test(`${name}: agree() reads a public key that lies inside a larger message`, () => {
    const alice = agreement.generate(systemRandom);
    const bob = agreement.generate(systemRandom);
    const message = concatBytes(Uint8Array.of(1, 2, 3), bob.publicKey, Uint8Array.of(4));
    assert.deepEqual(
      agreement.agree(alice.secretKey, message.subarray(3, 3 + bob.publicKey.length)),
      agreement.agree(alice.secretKey, bob.publicKey),
    );
  });
}

// X25519

test('x25519: RFC 7748, section 5.2, first vector', () => {
  const shared = x25519.agree(
    fromHex('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4'),
    fromHex('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c'),
  );
  assert.equal(shared && toHex(shared), 'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552');
});

test('x25519: RFC 7748, section 5.2, second vector: its highest bit, to be ignored there, is refused here', () => {
  const secret = fromHex('4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d');
  const point = fromHex('e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493');
  assert.equal(x25519.isCanonical(point), false);
  assert.equal(x25519.agree(secret, point), undefined);
  const shared = x25519.agree(secret, point.with(31, point[31]! & 0x7f));
  assert.equal(shared && toHex(shared), '95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957');
});

test('x25519: RFC 7748, section 5.2, iterated 1 and 1,000 times', () => {
  let secret: Uint8Array = new Uint8Array(32).with(0, 9);
  let point = secret;
  for (let iteration = 1; iteration <= 1000; iteration += 1) {
    const shared: Uint8Array | undefined = x25519.agree(secret, point);
    assert.ok(shared);
    [secret, point] = [shared, secret];
    if (iteration === 1) {
      assert.equal(toHex(secret), '422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079');
    }
  }
  assert.equal(toHex(secret), '684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51');
});

test('x25519: RFC 7748, section 6.1', () => {
  const alice = x25519.keyPairFromSecret(
    fromHex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'),
  );
  const bob = x25519.keyPairFromSecret(
    fromHex('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb'),
  );
  assert.equal(toHex(alice.publicKey), '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a');
  assert.equal(toHex(bob.publicKey), 'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f');
  const shared = x25519.agree(alice.secretKey, bob.publicKey);
  assert.equal(shared && toHex(shared), '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742');
});

const P_25519 = 2n ** 255n - 19n;

function littleEndian(value: bigint): Uint8Array {
  return fromHex(value.toString(16).padStart(64, '0')).reverse();
}

/** https://cr.yp.to/ecdh.html#validate: every 256-bit encoding of a point of order 1, 2, 4 or 8, curve and twist. */
const LOW_ORDER_BELOW_P = [
  0n,
  1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
  P_25519 - 1n,
];
const LOW_ORDER_ENCODINGS = LOW_ORDER_BELOW_P.flatMap((u) => [u, u + P_25519, u + 2n * P_25519]).filter(
  (u) => u < 2n ** 256n,
);

test('x25519: agree() refuses every encoding of a low-order point', () => {
  const { secretKey } = x25519.generate(systemRandom);
  assert.equal(LOW_ORDER_ENCODINGS.length, 12);
  for (const u of LOW_ORDER_ENCODINGS) {
    // the same with the highest bit set, which decoders ignore
    for (const encoding of [littleEndian(u), littleEndian(BigInt.asUintN(256, u | (1n << 255n)))]) {
      assert.equal(x25519.isCanonical(encoding), false, toHex(encoding));
      assert.equal(x25519.agree(secretKey, encoding), undefined, toHex(encoding));
    }
  }
});

test('x25519: the points refused as of low order are: the library finds zero for each', () => {
  const pkcs8 = concatBytes(fromHex('302e020100300506032b656e04220420'), systemRandom.bytes(32));
  const privateKey = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  for (const u of LOW_ORDER_BELOW_P) {
    const spki = concatBytes(fromHex('302a300506032b656e032100'), littleEndian(u));
    const publicKey = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    let shared: Uint8Array = new Uint8Array(32);
    try {
      shared = diffieHellman({ privateKey, publicKey });
    } catch {
      // OpenSSL refuses to return zero
    }
    assert.deepEqual(Uint8Array.from(shared), new Uint8Array(32), String(u));
  }
});

test('x25519: agree() refuses every u from p up, and takes those just below', () => {
  const { secretKey } = x25519.generate(systemRandom);
  for (let excess = 0n; excess < 19n; excess += 1n) {
    assert.equal(x25519.agree(secretKey, littleEndian(P_25519 + excess)), undefined);
  }
  for (let distance = 2n; distance < 20n; distance += 1n) {
    assert.ok(x25519.agree(secretKey, littleEndian(P_25519 - distance)), String(distance));
  }
  // a single byte below 0xff anywhere in the middle puts u below p
  for (let index = 1; index < 31; index += 1) {
    assert.ok(
      x25519.isCanonical(new Uint8Array(32).fill(0xff).with(31, 0x7f).with(index, 0xfe)),
      String(index),
    );
  }
});

test('x25519: agree() refuses any key with the highest bit set, which would be a second name of another', () => {
  const { secretKey } = x25519.generate(systemRandom);
  for (let run = 0; run < 20; run += 1) {
    const { publicKey } = x25519.generate(systemRandom);
    assert.ok(x25519.agree(secretKey, publicKey));
    assert.equal(x25519.agree(secretKey, publicKey.with(31, publicKey[31]! | 0x80)), undefined);
  }
});

test('x25519: any 32 bytes are a secret key, the all-zero ones too', () => {
  const { publicKey, secretKey } = x25519.keyPairFromSecret(new Uint8Array(32));
  assert.ok(x25519.isCanonical(publicKey));
  const peer = x25519.generate(systemRandom);
  assert.deepEqual(x25519.agree(secretKey, peer.publicKey), x25519.agree(peer.secretKey, publicKey));
});

// MODP group 14

const P_14 = BigInt(`0x${toHex(MODP_14_PRIME)}`);

function bigEndian(value: bigint): Uint8Array<ArrayBuffer> {
  return fromHex(value.toString(16).padStart(512, '0'));
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n, square = (square * square) % P_14) {
    if (rest & 1n) result = (result * square) % P_14;
  }
  return result;
}

function fromBigEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes)}`);
}

/** floor(2^bits pi), by Machin's formula pi = 16 arctan(1/5) - 4 arctan(1/239), with 64 guard bits. */
function scaledPi(bits: bigint): bigint {
  const one = 1n << (bits + 64n);
  const inverseArctan = (x: bigint): bigint => {
    let sum = 0n;
    for (let term = one / x, k = 1n, sign = 1n; term > 0n; term /= x * x, k += 2n, sign = -sign)
      sum += (sign * term) / k;
    return sum;
  };
  return (16n * inverseArctan(5n) - 4n * inverseArctan(239n)) >> 64n;
}

test('modp14: the prime is the one of RFC 3526, section 3, by its formula and its size', () => {
  const formula = 2n ** 2048n - 2n ** 1984n - 1n + 2n ** 64n * (scaledPi(1918n) + 124476n);
  assert.equal(P_14, formula);
  assert.equal(P_14.toString(2).length, 2048);
  assert.equal(MODP_14_PRIME.length, 256);
  // 2 is a square, so that it generates the subgroup of order (p - 1) / 2
  assert.equal(power(2n, (P_14 - 1n) / 2n), 1n);
});

test('modp14: public keys and results are those of plain integer arithmetic, 256 bytes big-endian', () => {
  fc.assert(
    fc.property(secretBytes, secretBytes, (a, b) => {
      const alice = modp14.keyPairFromSecret(a);
      const bob = modp14.keyPairFromSecret(b);
      assert.deepEqual(alice.publicKey, bigEndian(power(2n, fromBigEndian(a))));
      const shared = modp14.agree(alice.secretKey, bob.publicKey);
      if (fromBigEndian(a) === 0n || fromBigEndian(b) === 0n) assert.equal(shared, undefined);
      else assert.deepEqual(shared, bigEndian(power(fromBigEndian(bob.publicKey), fromBigEndian(a))));
    }),
    { numRuns: 10, examples: [[new Uint8Array(32).with(31, 1), new Uint8Array(32).with(31, 3)]] },
  );
});

test('modp14: results with leading zeros keep them', () => {
  // 2^1 and 2^3: small numbers in 256 bytes
  const one = new Uint8Array(32).with(31, 1);
  const three = modp14.keyPairFromSecret(new Uint8Array(32).with(31, 3));
  assert.deepEqual(three.publicKey, bigEndian(8n));
  assert.deepEqual(modp14.agree(one, three.publicKey), bigEndian(8n));
});

test('modp14: agree() refuses public keys outside 2 .. p - 2, and takes both ends', () => {
  const { secretKey } = modp14.generate(systemRandom);
  for (const y of [0n, 1n, P_14 - 1n, P_14, P_14 + 1n, 2n ** 2048n - 1n]) {
    assert.equal(modp14.isCanonical(bigEndian(y)), false);
    assert.equal(modp14.agree(secretKey, bigEndian(y)), undefined);
  }
  for (const y of [2n, 3n, P_14 - 2n]) {
    assert.ok(modp14.isCanonical(bigEndian(y)));
    assert.deepEqual(modp14.agree(secretKey, bigEndian(y)), bigEndian(power(y, fromBigEndian(secretKey))));
  }
});

test('modp14: the exponent 0 agrees with nobody, and nobody with its public key', () => {
  const zero = modp14.keyPairFromSecret(new Uint8Array(32));
  const peer = modp14.generate(systemRandom);
  assert.equal(modp14.agree(zero.secretKey, peer.publicKey), undefined);
  assert.equal(modp14.agree(peer.secretKey, zero.publicKey), undefined);
});
