/** A coordinator that tells different clients different things: model, parameters, roster, U1, U2, U3. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeClientSet } from '../../core/wire/client-set.ts';
import { sealMessage } from '../../core/wire/envelope.ts';
import type { Body } from '../../core/wire/messages.ts';
import { assertLeft, lie, read, reseal } from '../support/attack.ts';
import { TestRoom, exactSum, testModel, testSigner } from '../support/secagg-room.ts';

const options = { clients: 6, settings: { signatures: true } };

function announceDifferently(
  to: readonly number[],
  body: (body: Body<'announcement'>) => Body<'announcement'>,
  attachment?: (weights: Uint8Array) => Uint8Array,
): TestRoom {
  const room = new TestRoom(options);
  lie(room, 'announcement', to, (bytes) => [
    reseal(room.epoch, 'announcement', bytes, { body, ...(attachment === undefined ? {} : { attachment }) }),
  ]);
  room.begin(1);
  return room;
}

test('parameters other than those confirmed, for all but one (no learning rate, say), are refused by each', () => {
  const fooled = [1, 2, 3, 4, 5];
  const room = announceDifferently(fooled, (body) => ({ ...body, parameters: new Uint8Array(32) }));
  assertLeft(room, fooled, 'parameters-differ');
  for (const client of room.epoch.everyone) assert.equal(room.sentBy(client, 'masked-input').length, 0);
});

test('a roster other than the one confirmed, with members removed so that T falls, is refused', () => {
  const room = announceDifferently([1], (body) => ({ ...body, roster: new Uint8Array(32) }));
  assertLeft(room, [1], 'roster-differs');
});

test('clients who confirmed other parameters are in another context: nobody shares keys with them', () => {
  // two epochs under the same session and identities: the coordinator keeps up both sides of the conversation
  const room = new TestRoom(options);
  const other = new TestRoom({ ...options, settings: { ...options.settings, learningRate: 0.5 } });
  const otherAdverts: Uint8Array[] = [];
  other.tamper = {
    toCoordinator: (_client, bytes, type) => {
      if (type === 'key-advert') otherAdverts.push(bytes);
      return [];
    },
  };
  other.stepCoordinator({ kind: 'begin', round: 1, model: testModel(other.epoch, 1) });
  other.deliver();
  lie(room, 'key-adverts', room.epoch.everyone, (bytes, client) => [
    reseal(room.epoch, 'key-adverts', bytes, {
      body: ({ adverts }) => ({
        adverts: adverts.map((advert, index) => (index === client - 1 ? advert : otherAdverts[index]!)),
      }),
    }),
  ]);
  room.begin(1);
  assertLeft(room, room.epoch.everyone, 'context-differs');
  for (const client of room.epoch.everyone) assert.equal(room.sentBy(client, 'encrypted-shares').length, 0);
});

test("another model for some clients ends at the adverts: their context is not the others'", () => {
  const room = new TestRoom(options);
  const model = testModel(room.epoch, 2);
  lie(room, 'announcement', [1], (bytes) => [
    reseal(room.epoch, 'announcement', bytes, {
      body: (body) => ({ ...body, model: model.hash }),
      attachment: () => model.weights,
    }),
  ]);
  // the honest coordinator would refuse client 1's advert; this one relays it
  const own = new Map<number, Uint8Array>();
  room.tamper.toCoordinator = (client, bytes, type) => {
    if (type === 'key-advert') own.set(client, bytes);
    return [bytes];
  };
  const { toClient } = room.tamper;
  room.tamper.toClient = (client, bytes, type) =>
    type === 'key-adverts'
      ? [reseal(room.epoch, 'key-adverts', bytes, { body: () => ({ adverts: [...own.values()] }) })]
      : toClient!(client, bytes, type);
  room.begin(1);
  assert.ok(room.refusals.some(({ from, reason }) => from === 1 && reason === 'wrong-context'));
  assertLeft(room, [2, 3, 4, 5, 6], 'context-differs');
});

test('weights that do not have the announced hash are refused', () => {
  const room = announceDifferently(
    [1],
    (body) => body,
    (weights) => weights.with(3, weights[3]! ^ 1),
  );
  assertLeft(room, [1], 'model-differs');
});

type AdvertList = Body<'key-adverts'>['adverts'];

const falseU1: readonly (readonly [string, string, (adverts: AdvertList, room: TestRoom) => Uint8Array[]])[] =
  [
    ['below T', 'below-threshold', (adverts) => adverts.slice(0, 4)],
    ['without this client', 'not-included', (adverts) => adverts.slice(1)],
    ['with an advert twice', 'relay-refused', (adverts) => [...adverts, adverts[5]!]],
    ['out of order', 'relay-refused', (adverts) => adverts.toReversed()],
    [
      'with an invented client',
      'relay-refused',
      (adverts, room) => {
        const { session } = room.epoch.roster;
        const { body } = read(room.epoch, 'key-advert', adverts[5]!);
        const stranger = testSigner(room.epoch, 9);
        return [...adverts, sealMessage('key-advert', { session, round: 1, attempt: 1 }, body, stranger)];
      },
    ],
    [
      "with an advert signed by another member in its owner's name",
      'relay-refused',
      (adverts, room) => {
        const forged = reseal(room.epoch, 'key-advert', adverts[1]!, { signer: 3 });
        return adverts.with(1, forged);
      },
    ],
    [
      "with this client's own advert replaced by another of its signing",
      'not-included',
      (adverts, room) =>
        adverts.with(
          0,
          reseal(room.epoch, 'key-advert', adverts[0]!, {
            body: (body) => ({ ...body, maskKey: new Uint8Array(32).fill(9) }),
          }),
        ),
    ],
    [
      'with an advert of another attempt',
      'relay-refused',
      (adverts, room) => adverts.with(1, reseal(room.epoch, 'key-advert', adverts[1]!, { attempt: 2 })),
    ],
  ];

for (const [name, reason, change] of falseU1) {
  test(`a U1 ${name} is refused, and nothing is shared`, () => {
    const room = new TestRoom(options);
    lie(room, 'key-adverts', [1], (bytes) => [
      reseal(room.epoch, 'key-adverts', bytes, {
        body: ({ adverts }) => ({ adverts: change(adverts, room) }),
      }),
    ]);
    room.begin(1);
    assertLeft(room, [1], reason);
    assert.equal(room.sentBy(1, 'encrypted-shares').length, 0);
  });
}

test('another U1 for one client gives it another statement: it neither counts nor reveals', () => {
  // client 1 is not told of client 6
  const room = new TestRoom({ ...options, settings: { signatures: true } });
  const { everyone } = room.epoch;
  room.tamper = {
    toClient: (client, bytes, type) => {
      if (client !== 1) return [bytes];
      if (type === 'key-adverts') {
        return [
          reseal(room.epoch, type, bytes, { body: ({ adverts }) => ({ adverts: adverts.slice(0, 5) }) }),
        ];
      }
      return [bytes];
    },
  };
  const { aggregate } = room.begin(1);
  // its shares are not for all of U1: refused, and it counts as a dropout
  assert.ok(room.refusals.some(({ from, reason }) => from === 1 && reason === 'malformed-body'));
  assert.deepEqual(aggregate?.u3, everyone.slice(1));
  assert.deepEqual([...aggregate.sum], exactSum(room.epoch, aggregate.u3));
  assert.equal(room.sentBy(1, 'reveal').length, 0);
});

const falseU2: readonly (readonly [string, string, readonly number[]])[] = [
  ['below T', 'below-threshold', [1, 2, 3, 4]],
  ['without this client', 'not-included', [2, 3, 4, 5, 6]],
  ['without one whose ciphertext it is sent', 'ciphertexts-differ', [1, 2, 3, 4, 5]],
];

for (const [name, reason, u2] of falseU2) {
  test(`a U2 ${name} is refused, and no vector leaves`, () => {
    const room = new TestRoom(options);
    lie(room, 'relayed-shares', [1], (bytes) => [
      reseal(room.epoch, 'relayed-shares', bytes, {
        body: ({ digests }) => ({ u2: encodeClientSet(u2, 6), digests: digests.subarray(0, 32 * u2.length) }),
      }),
    ]);
    room.begin(1);
    assertLeft(room, [1], reason);
    assert.equal(room.sentBy(1, 'masked-input').length, 0);
  });
}

test('a U2 with somebody who is not in U1, or of another form, is refused', () => {
  for (const [u2, reason] of [
    [encodeClientSet([1, 2, 3, 4, 5, 6], 6), 'set-not-within'],
    [Uint8Array.of(0x7f), 'malformed-relay'],
    [new Uint8Array(2), 'malformed-relay'],
  ] as const) {
    const room = new TestRoom(options);
    room.dropAt = new Map([[6, 'advertise-keys']]);
    lie(room, 'relayed-shares', [1], (bytes) => [
      reseal(room.epoch, 'relayed-shares', bytes, { body: () => ({ u2, digests: new Uint8Array(32 * 6) }) }),
    ]);
    room.begin(1);
    assertLeft(room, [1], reason);
  }
});

test('another U2 for one client shows in its masked input, and the sum goes on without it', () => {
  const room = new TestRoom(options);
  lie(room, 'relayed-shares', [1], (bytes) => [
    reseal(room.epoch, 'relayed-shares', bytes, {
      body: ({ digests }) => ({
        u2: encodeClientSet([1, 2, 3, 4, 5], 6),
        // the digest of what it is really sent
        digests: digests.subarray(0, 32 * 5),
      }),
      attachment: (ciphertexts) => ciphertexts,
    }),
  ]);
  const { aggregate } = room.begin(1);
  assertLeft(room, [1], 'ciphertexts-differ');
  assert.deepEqual(aggregate?.u3, [2, 3, 4, 5, 6]);
  assert.deepEqual([...aggregate.sum], exactSum(room.epoch, aggregate.u3));
});

const falseU3: readonly (readonly [string, string, readonly number[], readonly number[]])[] = [
  ['below T', 'below-threshold', [1, 2, 3, 4], []],
  ['without this client', 'not-included', [2, 3, 4, 5, 6], []],
  ['with somebody who is not in U2', 'set-not-within', [1, 2, 3, 4, 5, 6], [6]],
];

for (const [name, reason, u3, dropped] of falseU3) {
  test(`a U3 ${name} is refused, and nothing is signed`, () => {
    const room = new TestRoom(options);
    room.dropAt = new Map(dropped.map((client) => [client, 'share-keys'] as const));
    lie(room, 'statement-request', [1], (bytes) => [
      reseal(room.epoch, 'statement-request', bytes, {
        body: () => ({ u3: encodeClientSet(u3, 6), maskedInputs: [] }),
      }),
    ]);
    room.begin(1);
    assertLeft(room, [1], reason);
    assert.equal(room.sentBy(1, 'statement').length, 0);
  });
}

test('another U3 for some clients: no quorum of T signs either, and nobody reveals both shares of anyone', () => {
  const room = new TestRoom({ clients: 9, settings: { signatures: true } });
  const half = [1, 2, 3, 4];
  lie(room, 'statement-request', half, (bytes) => [
    reseal(room.epoch, 'statement-request', bytes, {
      body: () => ({ u3: encodeClientSet([1, 2, 3, 4, 5, 6, 7, 8], 9), maskedInputs: [] }),
    }),
  ]);
  const { aggregate, error } = room.begin(1);
  assert.equal(aggregate, undefined);
  assert.equal((error?.details as { reason: string }).reason, 'below-threshold');
  for (const client of room.epoch.everyone) assert.equal(room.sentBy(client, 'reveal').length, 0);

  // the coordinator hands each half the statements that it has: too few, or not the client's own
  const statements = room.epoch.everyone.map((client) => room.sentBy(client, 'statement')[0]!);
  assert.equal(statements.length, 9);
});

for (const [name, reason, choose] of [
  ['too few', 'below-threshold', (list: readonly Uint8Array[]) => list.slice(0, 4)],
  ['one signer twice', 'relay-refused', (list: readonly Uint8Array[]) => [...list.slice(0, 4), list[3]!]],
  ['none', 'below-threshold', () => []],
] as const) {
  test(`a quorum of statements with ${name} opens nothing`, () => {
    const room = new TestRoom(options);
    lie(room, 'signed-statements', [1], (bytes) => [
      reseal(room.epoch, 'signed-statements', bytes, {
        body: ({ statements }) => ({ statements: choose(statements) }),
      }),
    ]);
    room.begin(1);
    assertLeft(room, [1], reason);
  });
}

test('a quorum padded with outsiders, forged signatures or statements about something else opens nothing', () => {
  const paddings: readonly (readonly [string, (statement: Uint8Array, room: TestRoom) => Uint8Array])[] = [
    // client 6 is in the roster, but not in U3
    ['relay-refused', (statement, room) => reseal(room.epoch, 'statement', statement, { signer: 6 })],
    ['relay-refused', (statement) => statement.with(-1, statement.at(-1)! ^ 1)],
    [
      'statements-differ',
      (statement, room) =>
        reseal(room.epoch, 'statement', statement, { body: () => ({ digest: new Uint8Array(32) }) }),
    ],
  ];
  for (const [reason, pad] of paddings) {
    const room = new TestRoom(options);
    room.dropAt = new Map([[6, 'masked-input']]);
    lie(room, 'signed-statements', [1], (bytes) => [
      reseal(room.epoch, 'signed-statements', bytes, {
        body: ({ statements }) => ({ statements: [...statements.slice(0, 4), pad(statements[4]!, room)] }),
      }),
    ]);
    room.begin(1);
    assertLeft(room, [1], reason);
  }
});

test('without any statement, or with a second question after one, nothing is signed or revealed twice', () => {
  const room = new TestRoom(options);
  let request: Uint8Array | undefined;
  room.tamper = {
    toClient: (client, bytes, type) => {
      if (client !== 1) return [bytes];
      if (type === 'statement-request') {
        request = bytes;
        // the statement is left out: the coordinator goes straight to the reveal
        const { session } = room.epoch.roster;
        const reveal = sealMessage(
          'signed-statements',
          { session, round: 1, attempt: 1 },
          { statements: [] },
          testSigner(room.epoch, 0),
        );
        return [reveal];
      }
      return [bytes];
    },
  };
  room.begin(1);
  assert.equal(room.sentBy(1, 'reveal').length, 0);
  assert.equal(room.desk(1).state.phase, 'masked-input');
  assert.ok(room.refusals.some(({ at, reason }) => at === 1 && reason === 'wrong-phase'));

  const again = new TestRoom(options);
  again.begin(1);
  const before = again.desk(1).state;
  for (const u3 of [
    [1, 2, 3, 4, 5, 6],
    [1, 2, 3, 4, 5],
  ]) {
    const bytes = reseal(room.epoch, 'statement-request', request!, {
      body: () => ({ u3: encodeClientSet(u3, 6), maskedInputs: [] }),
    });
    again.stepClient(1, { kind: 'message', bytes });
  }
  assert.equal(again.desk(1).state, before);
  assert.equal(again.sentBy(1, 'statement').length, 1);
  assert.equal(again.sentBy(1, 'reveal').length, 1);
});

test('of every dealer a client reveals one share, never both', () => {
  const room = new TestRoom(options);
  room.dropAt = new Map([[6, 'masked-input']]);
  const held = new Map<number, { selfMask: string; maskKey: string }>();
  room.tamper = {
    toCoordinator: (client, bytes, type) => {
      const { state } = room.desk(1);
      if (client === 1 && type === 'masked-input' && state.phase === 'masked-input') {
        for (const [dealer, pair] of state.held.shares) {
          held.set(dealer, {
            selfMask: Buffer.from(pair.selfMask).toString('hex'),
            maskKey: Buffer.from(pair.maskKey).toString('hex'),
          });
        }
      }
      return [bytes];
    },
  };
  room.begin(1);
  const { shares } = read(room.epoch, 'reveal', room.sentBy(1, 'reveal')[0]!).body;
  const revealed = Array.from({ length: 6 }, (_, index) =>
    Buffer.from(shares.subarray(32 * index, 32 * index + 32)).toString('hex'),
  );
  assert.deepEqual(
    revealed,
    [1, 2, 3, 4, 5, 6].map((dealer) =>
      dealer === 6 ? held.get(dealer)?.maskKey : held.get(dealer)?.selfMask,
    ),
  );
});
