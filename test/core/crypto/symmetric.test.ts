/** The symmetric primitives against published vectors: SHA-256, HKDF, AES-256-GCM, AES-256-CTR. */
import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex, utf8 } from '../../../core/bytes/bytes.ts';
import { openAes256Gcm, sealAes256Gcm } from '../../../core/crypto/aead.ts';
import { sha256 } from '../../../core/crypto/hash.ts';
import { hkdfSha256 } from '../../../core/crypto/hkdf.ts';
import { aesCtrKeystream } from '../../../core/crypto/keystream.ts';

const counting = (first: number, length: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, index) => first + index);

test('sha256(): FIPS 180-4 examples, and parts hash as their concatenation', () => {
  assert.equal(toHex(sha256()), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  assert.equal(toHex(sha256(utf8('abc'))), abc);
  assert.equal(toHex(sha256(utf8('a'), utf8(''), utf8('bc'))), abc);
});

// RFC 5869, appendix A.1 to A.3: every case with SHA-256
const hkdfCases = [
  {
    secret: new Uint8Array(22).fill(0x0b),
    salt: counting(0, 13),
    info: counting(0xf0, 10),
    expected: '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
  },
  {
    secret: counting(0, 80),
    salt: counting(0x60, 80),
    info: counting(0xb0, 80),
    expected:
      'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09' +
      'da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87',
  },
  {
    secret: new Uint8Array(22).fill(0x0b),
    salt: new Uint8Array(0),
    info: new Uint8Array(0),
    expected: '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
  },
];

for (const [index, { secret, salt, info, expected }] of hkdfCases.entries()) {
  test(`hkdfSha256(): RFC 5869, A.${index + 1}`, () => {
    assert.equal(toHex(hkdfSha256(secret, info, expected.length / 2, salt)), expected);
  });
}

test('hkdfSha256() uses an empty salt unless one is given', () => {
  assert.equal(toHex(hkdfSha256(hkdfCases[2]!.secret, new Uint8Array(0), 42)), hkdfCases[2]!.expected);
});

// McGrew, Viega: The Galois/Counter Mode of Operation (submitted to NIST), appendix B, test cases 13 to 16
const gcmKey = 'feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308';
const gcmPlaintext =
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525' +
  'b16aedf5aa0de657ba637b391aafd255';
const gcmCiphertext =
  '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838' +
  'c5f61e6393ba7a0abcc9f662898015ad';
const gcmCases = [
  {
    name: 13,
    key: '00'.repeat(32),
    nonce: '00'.repeat(12),
    data: '',
    plaintext: '',
    sealed: '530f8afbc74536b9a963b4f1c4cb738b',
  },
  {
    name: 14,
    key: '00'.repeat(32),
    nonce: '00'.repeat(12),
    data: '',
    plaintext: '00'.repeat(16),
    sealed: 'cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919',
  },
  {
    name: 15,
    key: gcmKey,
    nonce: 'cafebabefacedbaddecaf888',
    data: '',
    plaintext: gcmPlaintext,
    sealed: `${gcmCiphertext}b094dac5d93471bdec1a502270e3cc6c`,
  },
  {
    name: 16,
    key: gcmKey,
    nonce: 'cafebabefacedbaddecaf888',
    data: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    plaintext: gcmPlaintext.slice(0, 120),
    sealed: `${gcmCiphertext.slice(0, 120)}76fc6ece0f4e1768cddf8853bb2d551b`,
  },
];

for (const { name, key, nonce, data, plaintext, sealed } of gcmCases) {
  test(`sealAes256Gcm(), openAes256Gcm(): GCM test case ${name}`, () => {
    const found = sealAes256Gcm(fromHex(key), fromHex(nonce), fromHex(data), fromHex(plaintext));
    assert.equal(toHex(found), sealed);
    const opened = openAes256Gcm(fromHex(key), fromHex(nonce), fromHex(data), fromHex(sealed));
    assert.deepEqual(opened, fromHex(plaintext));
  });
}

test('openAes256Gcm() opens nothing once any byte of key, nonce, data or message differs', () => {
  const { key, nonce, data, sealed } = gcmCases[3]!;
  const parts = [fromHex(key), fromHex(nonce), fromHex(data), fromHex(sealed)] as const;
  parts.forEach((part, which) => {
    for (let index = 0; index < part.length; index += 1) {
      const altered = [...parts] as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
      altered[which] = part.with(index, part[index]! ^ (1 << (index % 8)));
      assert.equal(openAes256Gcm(...altered), undefined, `part ${which}, byte ${index}`);
    }
  });
});

test('openAes256Gcm() opens nothing cut short or lengthened: no short tags', () => {
  const { key, nonce, data, sealed } = gcmCases[3]!;
  const whole = fromHex(sealed);
  for (let length = 0; length < whole.length; length += 1) {
    const cut = whole.subarray(0, length);
    assert.equal(openAes256Gcm(fromHex(key), fromHex(nonce), fromHex(data), cut), undefined);
  }
  const longer = Uint8Array.of(...whole, 0);
  assert.equal(openAes256Gcm(fromHex(key), fromHex(nonce), fromHex(data), longer), undefined);
});

test('sealAes256Gcm(), openAes256Gcm() refuse nonces that have not 12 bytes, and keys that have not 32', () => {
  const nothing = new Uint8Array(0);
  for (const length of [0, 8, 16]) {
    assert.throws(
      () => sealAes256Gcm(new Uint8Array(32), new Uint8Array(length), nothing, nothing),
      RangeError,
    );
    assert.throws(
      () => openAes256Gcm(new Uint8Array(32), new Uint8Array(length), nothing, new Uint8Array(16)),
      RangeError,
    );
  }
  assert.throws(() => sealAes256Gcm(new Uint8Array(16), new Uint8Array(12), nothing, nothing), RangeError);
});

test('aesCtrKeystream(): NIST SP 800-38A, F.5.5, CTR-AES256', () => {
  const key = fromHex('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4');
  const plaintext = fromHex(
    '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51' +
      '30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710',
  );
  const keystream = aesCtrKeystream(key, 64, counting(0xf0, 16));
  assert.equal(
    toHex(plaintext.map((byte, index) => byte ^ keystream[index]!)),
    '601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5' +
      '2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6',
  );
});

test('aesCtrKeystream() is the encryption of the counters 0, 1, 2, ... as 16 bytes, big-endian', () => {
  const key = counting(7, 32);
  const counters = new Uint8Array(16 * 300);
  for (let block = 0; block < 300; block += 1)
    new DataView(counters.buffer).setUint32(16 * block + 12, block);
  const ecb = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  assert.deepEqual(aesCtrKeystream(key, counters.length), Uint8Array.from(ecb.update(counters)));
});

test('aesCtrKeystream(): a shorter one is the start of a longer one, and fits a Uint32Array', () => {
  const key = counting(7, 32);
  const long = aesCtrKeystream(key, 100);
  fc.assert(
    fc.property(fc.nat({ max: 100 }), (length) => {
      const short = aesCtrKeystream(key, length);
      assert.equal(short.byteOffset % 4, 0);
      assert.deepEqual(short, long.slice(0, length));
    }),
  );
});

test('aesCtrKeystream() is uniform in every bit of a mask word (false alarm 3.2 * 10^-5)', () => {
  // The key is fixed, so this always gives the same answer; the probability is that of a random key failing.
  const words = new Uint32Array(aesCtrKeystream(counting(1, 32), 4 * 2 ** 16).buffer);
  for (let bit = 0; bit < 32; bit += 1) {
    const ones = words.reduce((count, word) => count + ((word >>> bit) & 1), 0);
    // 4.9 standard deviations of 2^16 fair coins: 10^-6 for each of the 32 bits
    assert.ok(Math.abs(ones - 2 ** 15) < 4.9 * Math.sqrt(2 ** 16 / 4), `bit ${bit}: ${ones}`);
  }
});
