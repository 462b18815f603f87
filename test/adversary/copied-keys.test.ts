/** Keys that are copied, weak or used twice, and ciphertexts that are sent back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '../../core/bytes/bytes.ts';
import { sha256 } from '../../core/crypto/hash.ts';
import { ciphertextBytes } from '../../core/secagg/key-schedule.ts';
import { decodeClientSet } from '../../core/wire/client-set.ts';
import type { Body } from '../../core/wire/messages.ts';
import { assertLeft, cheat, lie, read, reseal } from '../support/attack.ts';
import { TestRoom, exactSum } from '../support/secagg-room.ts';

const options = { clients: 6, settings: { signatures: true } };

type Advert = Body<'key-advert'>;
type Twist = (advert: Advert, honest: Advert) => Advert;

const twists: readonly (readonly [string, string, Twist])[] = [
  [
    "another's mask key as its own",
    'duplicate-key',
    (advert, honest) => ({ ...advert, maskKey: honest.maskKey }),
  ],
  [
    "another's channel key as its own",
    'duplicate-key',
    (advert, honest) => ({ ...advert, channelKey: honest.channelKey }),
  ],
  [
    "another's mask key as its channel key",
    'duplicate-key',
    (advert, honest) => ({ ...advert, channelKey: honest.maskKey }),
  ],
  ['one key as both', 'duplicate-key', (advert) => ({ ...advert, channelKey: advert.maskKey })],
  ['the identity', 'key-refused', (advert) => ({ ...advert, maskKey: new Uint8Array(32) })],
  [
    'a point of order 4',
    'key-refused',
    (advert) => ({ ...advert, channelKey: new Uint8Array(32).with(0, 1) }),
  ],
  [
    'a point of order 8',
    'key-refused',
    (advert) => ({
      ...advert,
      maskKey: fromHex('e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800'),
    }),
  ],
  [
    'a non-canonical point',
    'key-refused',
    (advert) => ({ ...advert, maskKey: new Uint8Array(32).fill(255) }),
  ],
  [
    'a key of another length',
    'key-refused',
    (advert) => ({ ...advert, maskKey: new Uint8Array(31).fill(7) }),
  ],
];

for (const [name, reason, twist] of twists) {
  test(`a corrupt client that advertises ${name} is refused, and the others are summed`, () => {
    const room = new TestRoom(options);
    let honest: Advert | undefined;
    room.tamper = {
      toCoordinator: (client, bytes, type) => {
        if (type !== 'key-advert') return [bytes];
        if (client === 1) honest = read(room.epoch, type, bytes).body;
        return client === 6
          ? [reseal(room.epoch, type, bytes, { body: (body) => twist(body, honest!) })]
          : [bytes];
      },
    };
    const { aggregate } = room.begin(1);
    assert.ok(room.refusals.some(({ from, reason: refusal }) => from === 6 && refusal === 'unsound-key'));
    assert.deepEqual([...(aggregate?.sum ?? [])], exactSum(room.epoch, [1, 2, 3, 4, 5]));
  });

  test(`a coordinator that relays an advert with ${name} gets nobody's shares`, () => {
    const room = new TestRoom(options);
    lie(room, 'key-adverts', room.epoch.everyone, (bytes) => [
      reseal(room.epoch, 'key-adverts', bytes, {
        body: ({ adverts }) => {
          const honest = read(room.epoch, 'key-advert', adverts[0]!).body;
          const twisted = reseal(room.epoch, 'key-advert', adverts[5]!, {
            body: (body) => twist(body, honest),
          });
          return { adverts: adverts.with(5, twisted) };
        },
      }),
    ]);
    room.begin(1);
    assertLeft(room, [1, 2, 3, 4, 5, 6], reason);
    for (const client of room.epoch.everyone) assert.equal(room.sentBy(client, 'encrypted-shares').length, 0);
  });
}

test('with MODP keys, 0, 1, p - 1 and p are refused as X25519 keys of low order are', () => {
  const ends = [
    new Uint8Array(256),
    new Uint8Array(256).with(255, 1),
    // p ends in 8 bytes of ones, and so does every number from p - 1 on that is compared here
    new Uint8Array(256).fill(255),
  ];
  for (const key of ends) {
    const room = new TestRoom({ clients: 4, settings: { keyAgreement: 'modp14' } });
    cheat(room, 'key-advert', [4], (bytes) => [
      reseal(room.epoch, 'key-advert', bytes, { body: (body) => ({ ...body, maskKey: key }) }),
    ]);
    const { aggregate } = room.begin(1);
    assert.ok(room.refusals.some(({ from, reason }) => from === 4 && reason === 'unsound-key'));
    assert.deepEqual(aggregate?.u3, [1, 2, 3]);
  }
});

/** Replaces what client 1 gets, under a digest that the coordinator signs for it. */
function withCiphertexts(room: TestRoom, change: (ciphertexts: Uint8Array) => Uint8Array): void {
  lie(room, 'relayed-shares', [1], (bytes) => {
    const { attachment } = read(room.epoch, 'relayed-shares', bytes);
    const changed = change(attachment);
    return [
      reseal(room.epoch, 'relayed-shares', bytes, {
        body: (body) => {
          const digests = body.digests.slice();
          digests.set(sha256(changed), 0);
          return { ...body, digests };
        },
        attachment: () => changed,
      }),
    ];
  });
}

/** The dealers whose shares client 1 revealed. */
function revealedByFirst(room: TestRoom): readonly number[] | undefined {
  const { dealers } = read(room.epoch, 'reveal', room.sentBy(1, 'reveal')[0]!).body;
  return decodeClientSet(dealers, room.epoch.everyone.length);
}

test("a client's own ciphertext reflected to it does not decrypt, and counts as a missing share", () => {
  const room = new TestRoom(options);
  withCiphertexts(room, (ciphertexts) => {
    // what client 1 sent to client 2 comes back as if client 2 had sent it to client 1
    const own = read(room.epoch, 'encrypted-shares', room.sentBy(1, 'encrypted-shares')[0]!).body.ciphertexts;
    const reflected = ciphertexts.slice();
    reflected.set(own.subarray(0, ciphertextBytes), 0);
    return reflected;
  });
  const { aggregate } = room.begin(1);
  assert.deepEqual(revealedByFirst(room), [1, 3, 4, 5, 6]);
  assert.deepEqual([...(aggregate?.sum ?? [])], exactSum(room.epoch, room.epoch.everyone));
});

test('ciphertexts swapped between dealers, meant for another holder, or altered count as missing shares', () => {
  const changes: readonly ((ciphertexts: Uint8Array, room: TestRoom) => Uint8Array)[] = [
    (ciphertexts) => {
      const swapped = ciphertexts.slice();
      swapped.set(ciphertexts.subarray(0, ciphertextBytes), ciphertextBytes);
      swapped.set(ciphertexts.subarray(ciphertextBytes, 2 * ciphertextBytes), 0);
      return swapped;
    },
    (ciphertexts, room) => {
      const sent = (dealer: number): Uint8Array =>
        read(room.epoch, 'encrypted-shares', room.sentBy(dealer, 'encrypted-shares')[0]!).body.ciphertexts;
      const misdirected = ciphertexts.slice();
      // what dealers 2 and 3 meant for client 4
      misdirected.set(sent(2).subarray(2 * ciphertextBytes, 3 * ciphertextBytes), 0);
      misdirected.set(sent(3).subarray(2 * ciphertextBytes, 3 * ciphertextBytes), ciphertextBytes);
      return misdirected;
    },
    (ciphertexts) =>
      ciphertexts.with(3, ciphertexts[3]! ^ 1).with(ciphertextBytes, ciphertexts[ciphertextBytes]! ^ 1),
  ];
  for (const change of changes) {
    const room = new TestRoom(options);
    withCiphertexts(room, (ciphertexts) => change(ciphertexts, room));
    const { aggregate } = room.begin(1);
    assert.deepEqual(revealedByFirst(room), [1, 4, 5, 6]);
    assert.deepEqual([...(aggregate?.sum ?? [])], exactSum(room.epoch, room.epoch.everyone));
  }
});

test('ciphertexts of another number, or not those whose digest was signed, are refused', () => {
  for (const change of [
    (ciphertexts: Uint8Array) => ciphertexts.subarray(0, -1),
    (ciphertexts: Uint8Array) => ciphertexts.subarray(ciphertextBytes),
    () => new Uint8Array(0),
  ]) {
    const room = new TestRoom(options);
    withCiphertexts(room, change);
    room.begin(1);
    assertLeft(room, [1], 'ciphertexts-differ');
  }
  const room = new TestRoom(options);
  lie(room, 'relayed-shares', [1], (bytes) => [bytes.with(-1, bytes.at(-1)! ^ 1)]);
  room.begin(1);
  assertLeft(room, [1], 'ciphertexts-differ');
});
