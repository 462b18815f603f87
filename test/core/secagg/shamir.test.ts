import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { combine, split } from 'shamir-secret-sharing';
import { concatBytes, equalBytes } from '../../../core/bytes/bytes.ts';
import { systemRandom, type RandomSource } from '../../../core/crypto/random.ts';
import { divide, multiply } from '../../../core/secagg/galois-field.ts';
import { decodeSecret, rebuildSecret, shareSecret, type Share } from '../../../core/secagg/shamir.ts';

/** Multiplication of AES, bit by bit (FIPS 197, section 4.2). */
function slowMultiply(left: number, right: number): number {
  let product = 0;
  let shifted = left;
  for (let bit = 0; bit < 8; bit += 1) {
    if ((right >> bit) & 1) product ^= shifted;
    shifted = (shifted << 1) ^ (shifted & 0x80 ? 0x11b : 0);
  }
  return product;
}

function dealt(secret: Uint8Array, threshold: number, count: number): Share[] {
  return shareSecret(secret, threshold, count, systemRandom).map((share, holder) => ({
    x: holder + 1,
    share,
  }));
}

const isSecret =
  (secret: Uint8Array) =>
  (candidate: Uint8Array): boolean =>
    equalBytes(candidate, secret);

/** Thresholds, counts and an order in which shares arrive. */
const sharing = fc.integer({ min: 1, max: 40 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    threshold: fc.integer({ min: 1, max: count }),
    order: fc.shuffledSubarray(
      Array.from({ length: count }, (_, index) => index),
      { minLength: count },
    ),
    secret: fc.uint8Array({ minLength: 1, maxLength: 33 }),
  }),
);

describe('GF(2^8)', () => {
  it('multiply() is the multiplication of AES, for all pairs, and divide() undoes it', () => {
    for (let left = 0; left < 256; left += 1) {
      for (let right = 0; right < 256; right += 1) {
        const product = multiply(left, right);
        assert.equal(product, slowMultiply(left, right));
        if (right !== 0) assert.equal(divide(product, right), left);
      }
    }
  });

  it('multiply() gives the example of FIPS 197, section 4.2', () => {
    assert.equal(multiply(0x57, 0x83), 0xc1);
  });
});

describe('shareSecret() and rebuildSecret()', () => {
  it('give the secret back from any threshold shares, in any order', () => {
    fc.assert(
      fc.property(sharing, ({ count, threshold, order, secret }) => {
        const shares = dealt(secret, threshold, count);
        const some = order.slice(0, threshold).map((index) => shares[index]!);
        assert.deepEqual([...rebuildSecret(some, threshold)], [...secret]);
      }),
    );
  });

  it('give every set of two out of three and every byte of a secret back', () => {
    for (let byte = 0; byte < 256; byte += 1) {
      const shares = dealt(Uint8Array.of(byte), 2, 3);
      for (const pair of [
        [0, 1],
        [0, 2],
        [1, 2],
        [2, 0],
      ]) {
        assert.equal(
          rebuildSecret(
            pair.map((index) => shares[index]!),
            2,
          )[0],
          byte,
        );
      }
    }
  });

  it("agree with shamir-secret-sharing: it rebuilds from our shares, with x as each share's last byte", async () => {
    for (const [threshold, count] of [
      [2, 2],
      [2, 3],
      [14, 20],
      [67, 100],
      [134, 200],
      [155, 194],
      [255, 255],
    ] as const) {
      const secret = systemRandom.bytes(32);
      const shares = dealt(secret, threshold, count);
      const theirs = shares.slice(-threshold).map(({ x, share }) => concatBytes(share, Uint8Array.of(x)));
      assert.deepEqual([...(await combine(theirs))], [...secret]);
    }
  });

  it('agree with shamir-secret-sharing: we rebuild from its shares', async () => {
    for (const [threshold, count] of [
      [2, 2],
      [14, 20],
      [134, 200],
    ] as const) {
      const secret = systemRandom.bytes(32);
      const theirs = await split(secret, count, threshold);
      const shares = theirs.map((bytes) => ({ x: bytes[bytes.length - 1]!, share: bytes.subarray(0, -1) }));
      assert.deepEqual([...rebuildSecret(shares, threshold)], [...secret]);
    }
  });

  it('place the random coefficients as a polynomial without tricks would, lowest power first', () => {
    const secret = Uint8Array.of(0x11, 0xa7);
    const coefficients = Uint8Array.of(0x02, 0x80, 0x53, 0xca);
    const shares = shareSecret(secret, 3, 5, { bytes: () => coefficients.slice() });
    shares.forEach((share, holder) => {
      const x = holder + 1;
      for (let byte = 0; byte < 2; byte += 1) {
        const linear = slowMultiply(coefficients[byte]!, x);
        const quadratic = slowMultiply(coefficients[2 + byte]!, slowMultiply(x, x));
        assert.equal(share[byte], secret[byte]! ^ linear ^ quadratic);
      }
    });
  });

  it('one share less than the threshold fits every secret equally often (exhaustive: one byte, 2 of 2)', () => {
    for (const secret of [0, 1, 0x5a, 255]) {
      const seen = new Set<number>();
      for (let coefficient = 0; coefficient < 256; coefficient += 1) {
        seen.add(
          shareSecret(Uint8Array.of(secret), 2, 2, { bytes: () => Uint8Array.of(coefficient) })[1]![0]!,
        );
      }
      assert.equal(seen.size, 256);
    }
  });

  it('shareSecret() draws all coefficients in one call and erases them', () => {
    const drawn: Uint8Array[] = [];
    const random: RandomSource = {
      bytes: (length) => {
        const bytes = systemRandom.bytes(length);
        drawn.push(bytes);
        return bytes;
      },
    };
    shareSecret(new Uint8Array(32), 5, 9, random);
    assert.equal(drawn.length, 1);
    assert.equal(drawn[0]!.length, 4 * 32);
    assert.ok(drawn[0]!.every((byte) => byte === 0));
  });

  it('shareSecret() refuses thresholds and counts that cannot be', () => {
    for (const [threshold, count] of [
      [0, 3],
      [4, 3],
      [2, 256],
      [1.5, 3],
      [2, Number.NaN],
    ] as const) {
      assert.throws(() => shareSecret(new Uint8Array(32), threshold, count, systemRandom), RangeError);
    }
  });

  it('rebuildSecret() refuses too few shares, x outside 1 .. 255 or twice, and lengths that differ', () => {
    const [first, second] = dealt(systemRandom.bytes(32), 2, 2);
    const { share } = first!;
    const refused: readonly (readonly Share[])[] = [
      [first!],
      [first!, first!],
      [{ x: 0, share }, second!],
      [{ x: 256, share }, second!],
      [{ x: 1.5, share }, second!],
      [first!, { x: 2, share: share.subarray(1) }],
    ];
    for (const shares of refused) assert.throws(() => rebuildSecret(shares, 2), RangeError);
    assert.throws(() => rebuildSecret([], 0), RangeError);
  });

  it('rebuildSecret() does not take the weights of another set of x', () => {
    const secret = systemRandom.bytes(8);
    const shares = dealt(secret, 3, 6);
    for (const indices of [
      [0, 1, 2],
      [0, 1, 3],
      [2, 1, 0],
      [0, 1, 2],
      [3, 4, 5],
    ]) {
      assert.deepEqual(
        [
          ...rebuildSecret(
            indices.map((index) => shares[index]!),
            3,
          ),
        ],
        [...secret],
      );
    }
  });
});

describe('decodeSecret()', () => {
  /** A sharing, and errors of random places, bytes and values in it. */
  const withErrors = sharing.chain((shared) =>
    fc.record({
      shared: fc.constant(shared),
      liars: fc.integer({ min: 0, max: Math.floor((shared.count - shared.threshold) / 2) }),
      /** For each liar: which bytes are altered (at least one), and by what. */
      patterns: fc.array(
        fc.record({
          mask: fc.uint8Array({ minLength: shared.secret.length, maxLength: shared.secret.length }),
          at: fc.nat({ max: shared.secret.length - 1 }),
          by: fc.integer({ min: 1, max: 255 }),
        }),
        { minLength: shared.count, maxLength: shared.count },
      ),
      sparseErrors: fc.boolean(),
    }),
  );

  it('finds the secret in spite of up to floor((shares - threshold) / 2) wrong shares, wrong in any bytes', () => {
    fc.assert(
      fc.property(withErrors, ({ shared, liars, patterns, sparseErrors }) => {
        const { secret, threshold, count, order } = shared;
        const shares = dealt(secret, threshold, count);
        const wrong = order.slice(0, liars);
        for (const index of wrong) {
          const { mask, at, by } = patterns[index]!;
          const { share } = shares[index]!;
          if (!sparseErrors) mask.forEach((difference, byte) => (share[byte]! ^= difference));
          if (sparseErrors || mask.every((difference) => difference === 0)) share[at]! ^= by;
        }
        const decoded = decodeSecret(shares, threshold, isSecret(secret));
        assert.ok(decoded);
        assert.deepEqual([...decoded.secret], [...secret]);
        for (const x of decoded.wrong) assert.ok(wrong.includes(x - 1), 'an honest share is called wrong');
      }),
      { numRuns: 300 },
    );
  });

  it('names every liar when each errs where the others do', () => {
    const secret = systemRandom.bytes(32);
    const shares = dealt(secret, 14, 20).map(({ x, share }) =>
      x === 1 || x === 7 || x === 20 ? { x, share: share.map((byte) => byte ^ x) } : { x, share },
    );
    const decoded = decodeSecret(shares, 14, isSecret(secret));
    assert.deepEqual(
      decoded?.wrong.toSorted((left, right) => left - right),
      [1, 7, 20],
    );
  });

  it('returns undefined, or the right secret, but never another, when more shares are wrong', () => {
    fc.assert(
      fc.property(sharing, fc.nat({ max: 40 }), ({ secret, threshold, count, order }, more) => {
        const errors = Math.min(count, Math.floor((count - threshold) / 2) + 1 + more);
        const shares = dealt(secret, threshold, count);
        for (const index of order.slice(0, errors)) shares[index]!.share[0]! ^= 1 + (more % 255);
        const decoded = decodeSecret(shares, threshold, isSecret(secret));
        assert.ok(decoded === undefined || equalBytes(decoded.secret, secret));
      }),
    );
  });

  it('returns undefined when one share more than can be located is wrong in every byte', () => {
    const secret = systemRandom.bytes(32);
    const shares = dealt(secret, 134, 200).map(({ x, share }) =>
      x <= 34
        ? { x, share: share.map((byte) => byte ^ (1 + (systemRandom.bytes(1)[0]! % 255))) }
        : { x, share },
    );
    assert.equal(decodeSecret(shares, 134, isSecret(secret)), undefined, '34 wrong of 200');
    assert.equal(decodeSecret(shares.slice(1), 134, isSecret(secret)), undefined, '33 wrong of 199');
    assert.deepEqual(decodeSecret(shares.slice(2), 134, isSecret(secret))?.secret, secret, '32 wrong of 198');
  });

  it('finds 33 wrong shares of 200 at threshold 134, and those of the sparse graph', () => {
    for (const [threshold, count] of [
      [134, 200],
      [64, 90],
      [112, 172],
      [155, 194],
    ] as const) {
      const secret = systemRandom.bytes(32);
      const liars = Math.floor((count - threshold) / 2);
      const shares = dealt(secret, threshold, count).map(({ x, share }) =>
        x <= liars ? { x, share: systemRandom.bytes(share.length) } : { x, share },
      );
      const decoded = decodeSecret(shares, threshold, isSecret(secret));
      assert.ok(decoded);
      assert.deepEqual(decoded.secret, secret);
      assert.equal(decoded.wrong.length, liars);
    }
  });

  it('returns undefined for shares of an inconsistent dealer, and erases what was not accepted', () => {
    const candidates: Uint8Array[] = [];
    const decoded = decodeSecret(dealt(systemRandom.bytes(32), 5, 11), 5, (candidate) => {
      candidates.push(candidate);
      return false;
    });
    assert.equal(decoded, undefined);
    assert.ok(candidates.length > 0);
    assert.ok(candidates.every((candidate) => candidate.every((byte) => byte === 0)));
  });

  it('asks at most once per byte and once before', () => {
    let asked = 0;
    const shares = dealt(systemRandom.bytes(32), 3, 40);
    // In every byte another share is wrong, so that every byte's decoding finds something.
    for (let byte = 0; byte < 18; byte += 1) shares[byte]!.share[byte]! ^= 0xff;
    decodeSecret(shares, 3, () => {
      asked += 1;
      return false;
    });
    assert.equal(asked, 19);
  });
});
