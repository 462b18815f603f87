/** Holders that reveal wrong shares, and dealers whose shares do not fit together: the right sum or a named abort. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBytes } from '../../core/bytes/bytes.ts';
import { advertDigest } from '../../core/secagg/context.ts';
import {
  type AdvertisedKeys,
  channelKey,
  ciphertextBytes,
  encryptShares,
} from '../../core/secagg/key-schedule.ts';
import { cheat, read, reseal } from '../support/attack.ts';
import { type Outcome, TestRoom, exactSum, repeatableRandom } from '../support/secagg-room.ts';

const clients = 12;
// T = 9: three may vanish, or lie

/** Either the exact sum, or the named abort that blames nobody by number. */
function assertSumOrAbort(room: TestRoom, { aggregate, error, retry }: Outcome): 'sum' | 'abort' {
  if (aggregate !== undefined) {
    assert.deepEqual([...aggregate.sum], exactSum(room.epoch, aggregate.u3));
    return 'sum';
  }
  assert.deepEqual(error?.details, {
    phase: 'unmask',
    reason: 'unmasking-failed',
    needed: 9,
    got: room.epoch.everyone.length - room.dropAt.size,
  });
  assert.equal(retry, 'same-survivors');
  assert.ok(!/client \d/.test(error.message));
  return 'abort';
}

/** Liars spoil the shares that they hold of some dealers. */
function lying(
  liars: readonly number[],
  spoil: (share: Uint8Array, dealer: number, liar: number) => void,
): TestRoom {
  const room = new TestRoom({ clients });
  cheat(room, 'reveal', liars, (bytes, liar) => [
    reseal(room.epoch, 'reveal', bytes, {
      body: ({ dealers, shares }) => {
        const spoilt = shares.slice();
        for (let dealer = 1; dealer <= clients; dealer += 1) {
          spoil(spoilt.subarray(32 * (dealer - 1), 32 * dealer), dealer, liar);
        }
        return { dealers, shares: spoilt };
      },
    }),
  ]);
  return room;
}

const spoilAll = (share: Uint8Array, _dealer: number, liar: number): void => {
  share.forEach((byte, index) => {
    share[index] = byte ^ (liar + index + 1);
  });
};

const spoilOneByte = (share: Uint8Array, _dealer: number, liar: number): void => {
  share[liar] = share[liar]! ^ 1;
};

for (const [name, spoil] of [
  ['every byte', spoilAll],
  ['one byte', spoilOneByte],
] as const) {
  for (const liars of [[2], [1, 2], [3, 7, 12]]) {
    test(`${liars.length} of 12 holders lie about self masks in ${name}: the right sum or a named abort`, () => {
      const room = lying(liars, spoil);
      const ended = assertSumOrAbort(room, room.begin(1));
      // three surplus shares locate one wrong one for sure; who lies in different bytes can be found one after another
      if (liars.length === 1) assert.equal(ended, 'sum');
    });

    test(`${liars.length} of 12 holders lie about a mask key in ${name}: the right sum or a named abort`, () => {
      const room = lying(liars, (share, dealer, liar) => {
        if (dealer === 5) spoil(share, dealer, liar);
      });
      room.dropAt = new Map([[5, 'masked-input']]);
      const ended = assertSumOrAbort(room, room.begin(1));
      if (liars.length === 1) assert.equal(ended, 'sum');
    });
  }
}

test('as many liars as may vanish, all in one byte, end in the abort, never in a wrong sum', () => {
  const room = lying([3, 7, 12], (share) => {
    share[0] = share[0]! ^ 1;
  });
  assert.equal(assertSumOrAbort(room, room.begin(1)), 'abort');
});

test('after an abort for wrong shares the same survivors can be tried again, and nobody was evicted', () => {
  const room = lying([3, 7, 12], spoilAll);
  const first = room.begin(1);
  room.tamper = {};
  if (first.aggregate === undefined) {
    const { aggregate } = room.run({ kind: 'retry' });
    assert.deepEqual(aggregate?.u3, room.epoch.everyone);
    assert.deepEqual([...aggregate.sum], exactSum(room.epoch, aggregate.u3));
  }
});

test('shares left out by liars are missing shares: enough others give the sum', () => {
  const room = new TestRoom({ clients });
  cheat(room, 'reveal', [2, 4], (bytes) => [
    reseal(room.epoch, 'reveal', bytes, {
      body: ({ shares }) => ({ dealers: Uint8Array.of(1, 0), shares: shares.subarray(0, 32) }),
    }),
  ]);
  assert.equal(assertSumOrAbort(room, room.begin(1)), 'sum');
});

test('a dealer whose commitment is false ends the round by name: it, or its holders, may have lied', () => {
  const room = new TestRoom({ clients });
  cheat(room, 'encrypted-shares', [4], (bytes) => [
    reseal(room.epoch, 'encrypted-shares', bytes, {
      body: (body) => ({ ...body, commitment: new Uint8Array(32).fill(1) }),
    }),
  ]);
  assert.equal(assertSumOrAbort(room, room.begin(1)), 'abort');
});

/** A dealer that seals false shares for some holders: it knows its own channel secret, the first key that it drew. */
function inconsistentDealer(dealer: number, fooled: readonly number[]): TestRoom {
  const room = new TestRoom({ clients, random: (client) => repeatableRandom(client, 77) });
  const adverts = new Map<number, AdvertisedKeys>();
  const drawn = repeatableRandom(dealer, 77);
  // its session token comes first
  drawn.bytes(16);
  const pair = room.epoch.agreement.keyPairFromSecret(drawn.bytes(32));
  let context = new Uint8Array(32);
  room.tamper = {
    toCoordinator: (client, bytes, type) => {
      if (type === 'key-advert') {
        const { body, signedPart } = read(room.epoch, type, bytes);
        context = body.context.slice();
        adverts.set(client, { client, ...body, digest: advertDigest(signedPart) });
      }
      if (type !== 'encrypted-shares' || client !== dealer) return [bytes];
      return [
        reseal(room.epoch, type, bytes, {
          body: (body) => {
            const ciphertexts = body.ciphertexts.slice();
            const own = adverts.get(dealer)!;
            for (const holder of fooled) {
              const peer = adverts.get(holder)!;
              const agreed = room.epoch.agreement.agree(pair.secretKey, peer.channelKey)!;
              const sealed = encryptShares(channelKey(agreed, context, own, peer), context, own, peer, {
                selfMask: new Uint8Array(32).fill(holder),
                maskKey: new Uint8Array(32).fill(holder + 1),
              });
              const place = holder < dealer ? holder - 1 : holder - 2;
              ciphertexts.set(sealed, ciphertextBytes * place);
            }
            return { ...body, ciphertexts };
          },
        }),
      ];
    },
  };
  return room;
}

test('a dealer whose shares do not fit together: the right sum while few are false, else a named abort', () => {
  const one = inconsistentDealer(6, [2]);
  assert.equal(assertSumOrAbort(one, one.begin(1)), 'sum');
  const many = inconsistentDealer(6, [1, 2, 3, 4, 5]);
  assert.equal(assertSumOrAbort(many, many.begin(1)), 'abort');
});

test('the same dealer vanishing after it shared keys: its mask key is rebuilt, or the round ends by name', () => {
  const one = inconsistentDealer(6, [2]);
  one.dropAt = new Map([[6, 'masked-input']]);
  assert.equal(assertSumOrAbort(one, one.begin(1)), 'sum');
  const many = inconsistentDealer(6, [1, 2, 3, 4]);
  many.dropAt = new Map([[6, 'masked-input']]);
  assert.equal(assertSumOrAbort(many, many.begin(1)), 'abort');
});

test('reveals of the wrong length, for strangers, or for dealers outside U2 are refused', () => {
  const forms: readonly ((
    dealers: Uint8Array,
    shares: Uint8Array,
  ) => { dealers: Uint8Array; shares: Uint8Array })[] = [
    (dealers, shares) => ({ dealers, shares: shares.subarray(1) }),
    (dealers, shares) => ({ dealers, shares: concatBytes(shares, new Uint8Array(32)) }),
    (_dealers, shares) => ({ dealers: Uint8Array.of(0xff, 0xff), shares }),
    (_dealers, shares) => ({ dealers: Uint8Array.of(0xff), shares }),
    // client 12 is not in U2
    (_dealers, shares) => ({ dealers: Uint8Array.of(0xfe, 0x0f), shares }),
  ];
  for (const form of forms) {
    const room = new TestRoom({ clients });
    room.dropAt = new Map([[12, 'share-keys']]);
    cheat(room, 'reveal', [1], (bytes) => [
      reseal(room.epoch, 'reveal', bytes, { body: ({ dealers, shares }) => form(dealers, shares) }),
    ]);
    const { aggregate } = room.begin(1);
    assert.ok(room.refusals.some(({ from, reason }) => from === 1 && reason === 'malformed-body'));
    assert.equal(aggregate?.u4.length, 10);
    assert.deepEqual([...aggregate.sum], exactSum(room.epoch, aggregate.u3));
  }
});

test('fewer than t shares of one client, though enough have revealed others, end in an abort of their own', () => {
  const room = new TestRoom({ clients });
  cheat(room, 'reveal', [1, 2, 3, 4], (bytes) => [
    reseal(room.epoch, 'reveal', bytes, {
      body: ({ shares }) => ({ dealers: Uint8Array.of(0xfe, 0x0f), shares: shares.subarray(32) }),
    }),
  ]);
  const { error } = room.begin(1);
  assert.equal((error?.details as { reason: string }).reason, 'shares-missing');
});

test('a ciphertext that does not decrypt is reported by its holder, without what it holds, and the sum is right', () => {
  const room = new TestRoom({ clients });
  cheat(room, 'encrypted-shares', [6], (bytes) => [
    reseal(room.epoch, 'encrypted-shares', bytes, {
      body: (body) => {
        const ciphertexts = body.ciphertexts.slice();
        // the places of holders 2 and 7 among 6's peers
        for (const place of [1, 5]) ciphertexts[ciphertextBytes * place]! ^= 1;
        return { ...body, ciphertexts };
      },
    }),
  ]);
  assert.equal(assertSumOrAbort(room, room.begin(1)), 'sum');
  const reports = room.epoch.everyone.flatMap((client) =>
    room
      .desk(client)
      .effects.flatMap((effect) =>
        effect.kind === 'report' && effect.event.kind === 'share-missing' ? [effect.event] : [],
      ),
  );
  const common = { round: 1, attempt: 1, phase: 'share-keys', kind: 'share-missing', detail: { dealer: 6 } };
  assert.deepEqual(reports, [
    { ...common, client: 2 },
    { ...common, client: 7 },
  ]);
});
