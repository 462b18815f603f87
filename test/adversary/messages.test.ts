/** Messages swapped, forged, replayed, stale, of another session or contradicting each other; and clients that cheat. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBytes } from '../../core/bytes/bytes.ts';
import { sha256 } from '../../core/crypto/hash.ts';
import { sealMessage } from '../../core/wire/envelope.ts';
import type { MessageType } from '../../core/wire/messages.ts';
import { cheat, lie, read, reseal } from '../support/attack.ts';
import { TestRoom, exactSum, testModel, testSigner } from '../support/secagg-room.ts';

const options = { clients: 6, settings: { signatures: true } };
const fromClients = ['key-advert', 'encrypted-shares', 'masked-input', 'statement', 'reveal'] as const;
const fromCoordinator = [
  'announcement',
  'key-adverts',
  'relayed-shares',
  'statement-request',
  'signed-statements',
] as const;

/** The round ends with the exact sum although `from` was refused for this reason. */
function assertRefusedAndSummed(room: TestRoom, from: number, reason: string): void {
  const { aggregate, error } = room.begin(1);
  assert.ok(
    room.refusals.some((refusal) => refusal.from === from && refusal.reason === reason),
    JSON.stringify(room.refusals),
  );
  assert.ok(aggregate !== undefined, error?.message);
  assert.deepEqual([...aggregate.sum], exactSum(room.epoch, aggregate.u3));
}

for (const type of fromClients) {
  test(`a ${type} of another client, over this client's connection, is refused`, () => {
    const room = new TestRoom(options);
    const seen = new Map<number, Uint8Array>();
    room.tamper = {
      toCoordinator: (client, bytes, sent) => {
        if (sent !== type) return [bytes];
        seen.set(client, bytes);
        return client === 6 ? [seen.get(5)!] : [bytes];
      },
    };
    assertRefusedAndSummed(room, 6, 'wrong-sender');
  });

  test(`a ${type} with a forged signature is refused`, () => {
    const room = new TestRoom(options);
    cheat(room, type, [6], (bytes) => {
      const { relayable } = read(room.epoch, type, bytes);
      return [bytes.with(relayable.length - 1, bytes[relayable.length - 1]! ^ 1)];
    });
    assertRefusedAndSummed(room, 6, 'bad-signature');
  });

  test(`a ${type} sent twice is a replay; another one a contradiction; the first stands`, () => {
    const room = new TestRoom(options);
    cheat(room, type, [1], (bytes) => {
      const another = reseal(room.epoch, type, bytes, { body: (body) => vary(type, body) });
      return [bytes, bytes, another];
    });
    const { aggregate } = room.begin(1);
    const reasons = room.refusals.filter(({ from }) => from === 1).map(({ reason }) => reason);
    assert.deepEqual(reasons, ['replayed', 'contradiction']);
    assert.deepEqual([...(aggregate?.sum ?? [])], exactSum(room.epoch, room.epoch.everyone));
  });

  test(`a ${type} of another session, a future or a past attempt is refused`, () => {
    for (const [change, reason] of [
      [(bytes: Uint8Array) => bytes.with(6, bytes[6]! ^ 1), 'wrong-session'],
      [(bytes: Uint8Array) => bytes.with(26, 2), 'future-round'],
      [(bytes: Uint8Array) => bytes.with(26, 0), 'stale-round'],
      [(bytes: Uint8Array) => bytes.with(22, 2), 'future-round'],
      [(bytes: Uint8Array) => bytes.with(22, 0), 'stale-round'],
    ] as const) {
      const room = new TestRoom({ clients: 6 });
      cheat(room, type, [6], (bytes) => [change(bytes)]);
      assertRefusedAndSummed(room, 6, reason);
    }
  });

  test(`a ${type} that is too large is refused before anything else of it is read`, () => {
    const room = new TestRoom(options);
    cheat(room, type, [6], (bytes) => [concatBytes(bytes, new Uint8Array(room.epoch.limits[type]))]);
    assertRefusedAndSummed(room, 6, 'too-large');
  });

  test(`a stranger's ${type}, or that of a client that did not come this far, is refused`, () => {
    const room = new TestRoom(options);
    room.dropAt = new Map([[6, 'advertise-keys']]);
    cheat(room, type, [1], (bytes) => {
      room.stepCoordinator({ kind: 'message', from: 7, bytes });
      if (type !== 'key-advert') {
        const late = reseal(room.epoch, type, bytes, { signer: 6 });
        room.stepCoordinator({ kind: 'message', from: 6, bytes: late });
      }
      return [bytes];
    });
    const { aggregate } = room.begin(1);
    assert.deepEqual([...(aggregate?.sum ?? [])], exactSum(room.epoch, [1, 2, 3, 4, 5]));
    const expected = type === 'key-advert' ? ['unknown-sender'] : ['unknown-sender', 'unknown-sender'];
    assert.deepEqual(
      room.refusals.map(({ reason }) => reason),
      expected,
    );
  });
}

/** Another body of the same form. */
function vary(type: MessageType, body: unknown): never {
  const fields = body as Record<string, unknown>;
  const name = {
    'key-advert': 'maskKey',
    'encrypted-shares': 'commitment',
    'masked-input': 'u2',
    statement: 'digest',
    reveal: 'shares',
  }[type as 'statement'];
  const value = fields[name] as Uint8Array;
  return { ...fields, [name]: value.with(0, value[0]! ^ 1) } as never;
}

for (const type of fromCoordinator) {
  test(`a ${type} that is forged, of another session or too large changes nothing for a client`, () => {
    const changes: readonly (readonly [string, (bytes: Uint8Array, room: TestRoom) => Uint8Array])[] = [
      ['wrong-session', (bytes) => bytes.with(6, bytes[6]! ^ 1)],
      [
        'bad-signature',
        (bytes, room) => reseal(room.epoch, type, bytes, { signer: 0 }).with(40, bytes[40]! ^ 1),
      ],
      ['too-large', (bytes, room) => concatBytes(bytes, new Uint8Array(room.epoch.limits[type]))],
      ['unknown-version', (bytes) => bytes.with(4, 9)],
      ['bad-magic', (bytes) => bytes.subarray(1)],
      ['truncated', (bytes) => bytes.subarray(0, 30)],
    ];
    for (const [reason, change] of changes) {
      const room = new TestRoom(options);
      // the forgery comes first, the true message after it
      lie(room, type, [1], (bytes) => [change(bytes, room), bytes]);
      const { aggregate } = room.begin(1);
      assert.deepEqual(room.refusals, [{ at: 1, reason }]);
      assert.equal(aggregate?.u4.length, 6);
    }
  });

  test(`a ${type} replayed in the same or a later attempt changes nothing for a client`, () => {
    const room = new TestRoom(options);
    let first: Uint8Array | undefined;
    lie(room, type, [1], (bytes) => {
      first ??= bytes;
      return first === bytes ? [bytes, bytes] : [first, bytes];
    });
    room.begin(1);
    room.run({ kind: 'publish', model: testModel(room.epoch, 2) });
    const { aggregate } = room.begin(2);
    assert.deepEqual([...(aggregate?.sum ?? [])], exactSum(room.epoch, room.epoch.everyone));
    const again = type === 'announcement' ? 'stale-round' : 'wrong-phase';
    assert.deepEqual(room.refusals, [
      { at: 1, reason: again },
      { at: 1, reason: 'stale-round' },
    ]);
  });

  test(`a signed ${type} of another form ends the attempt or is refused, never raises`, () => {
    const bodies: readonly unknown[] = [
      {},
      [],
      5,
      { adverts: [5] },
      { u2: new Uint8Array(500), digests: new Uint8Array(3) },
      { u3: new Uint8Array(1), maskedInputs: [new Uint8Array(4)] },
      { statements: [new Uint8Array(40)] },
      { adverts: [new Uint8Array(40)] },
    ];
    for (const body of bodies) {
      const room = new TestRoom(options);
      lie(room, type, [1], (bytes) => [reseal(room.epoch, type, bytes, { body: () => body as never })]);
      room.begin(1);
      assert.equal(room.sentBy(1, 'reveal').length, 0);
    }
  });
}

test('masked inputs of another length, width or packing are refused, and the sum stays right', () => {
  const changes: readonly ((packed: Uint8Array) => Uint8Array)[] = [
    (packed) => packed.subarray(1),
    (packed) => concatBytes(packed, new Uint8Array(1)),
    () => new Uint8Array(0),
    // bits beyond the last element must be zero
    (packed) => packed.with(-1, packed.at(-1)! | 0x80),
  ];
  for (const change of changes) {
    // 9 elements of 19 bits: 5 bits are left over
    const room = new TestRoom({ ...options, parameterCount: 4 });
    cheat(room, 'masked-input', [6], (bytes) => {
      const { attachment } = read(room.epoch, 'masked-input', bytes);
      const packed = change(attachment);
      return [
        reseal(room.epoch, 'masked-input', bytes, {
          body: (body) => ({ ...body, vector: sha256(packed), vectorBytes: packed.length }),
          attachment: () => packed,
        }),
      ];
    });
    const { aggregate } = room.begin(1);
    assert.ok(
      room.refusals.some(
        ({ from, reason }) => from === 6 && ['bad-attachment', 'too-large'].includes(reason),
      ),
    );
    assert.deepEqual([...(aggregate?.sum ?? [])], exactSum(room.epoch, [1, 2, 3, 4, 5]));
  }
});

test('shares for too few or too many holders, and inputs or statements for other sets, are refused', () => {
  const cases: readonly (readonly [(typeof fromClients)[number], string, (body: never) => unknown])[] = [
    [
      'encrypted-shares',
      'malformed-body',
      (body: { ciphertexts: Uint8Array }) => ({ ...body, ciphertexts: body.ciphertexts.subarray(84) }),
    ],
    [
      'encrypted-shares',
      'malformed-body',
      (body: { ciphertexts: Uint8Array }) => ({
        ...body,
        ciphertexts: concatBytes(body.ciphertexts, new Uint8Array(84)),
      }),
    ],
    ['masked-input', 'wrong-context', (body: object) => ({ ...body, u1: new Uint8Array(32) })],
    ['masked-input', 'wrong-context', (body: object) => ({ ...body, u2: new Uint8Array(32) })],
    ['statement', 'wrong-context', () => ({ digest: new Uint8Array(32) })],
    ['key-advert', 'wrong-context', (body: object) => ({ ...body, context: new Uint8Array(32) })],
  ];
  for (const [type, reason, change] of cases) {
    const room = new TestRoom(options);
    cheat(room, type, [6], (bytes) => [reseal(room.epoch, type, bytes, { body: change as never })]);
    assertRefusedAndSummed(room, 6, reason);
  }
});

test('a client that withdraws cannot come back into the same attempt', () => {
  const room = new TestRoom(options);
  let advert: Uint8Array | undefined;
  cheat(room, 'key-advert', [6], (bytes) => {
    advert = bytes;
    return [];
  });
  room.stepCoordinator({ kind: 'begin', round: 1, model: testModel(room.epoch, 1) });
  while (advert === undefined) room.deliver();
  room.tamper = {};
  room.stepClient(6, { kind: 'cancel' });
  room.stepCoordinator({ kind: 'message', from: 6, bytes: room.sentBy(6, 'withdrawal')[0]! });
  room.stepCoordinator({ kind: 'message', from: 6, bytes: advert });
  assert.deepEqual(
    room.refusals.map(({ reason }) => reason),
    [room.coordinator.phase === 'advertise-keys' ? 'contradiction' : 'wrong-phase'],
  );
});

test('what lies with a client itself leaves it as one neutral code; it alone knows which', () => {
  const causes: readonly (readonly [string, (room: TestRoom) => void])[] = [
    ['cancelled', (room) => room.stepClient(6, { kind: 'cancel' })],
    ['vector-lost', (room) => room.stepClient(6, { kind: 'vector-lost', round: 1 })],
    [
      'vector-refused',
      (room) => room.stepClient(6, { kind: 'vector', round: 1, vector: new Uint32Array(1) }),
    ],
  ];
  const told = causes.map(([reason, cause]) => {
    const room = new TestRoom({ ...options, withholdVectors: true });
    room.stepCoordinator({ kind: 'begin', round: 1, model: testModel(room.epoch, 1) });
    room.deliver();
    cause(room);
    assert.equal(room.reasonOf(6), reason);
    const { body, signedPart } = read(room.epoch, 'withdrawal', room.sentBy(6, 'withdrawal')[0]!);
    assert.equal(body.reason, 'own-doing');
    return signedPart;
  });
  assert.deepEqual(told[1], told[0]);
  assert.deepEqual(told[2], told[0]);
});

test('reasons are codes: other text in a withdrawal or an abort is no body of its type', () => {
  const room = new TestRoom(options);
  const sealed = (type: 'withdrawal' | 'abort', sender: number): Uint8Array => {
    const position = { session: room.epoch.roster.session, round: 1, attempt: 1 };
    return sealMessage(type, position, { reason: 'anything' as never }, testSigner(room.epoch, sender));
  };
  cheat(room, 'key-advert', [6], () => [sealed('withdrawal', 6)]);
  lie(room, 'announcement', [5], (bytes) => [bytes, sealed('abort', 0)]);
  room.begin(1);
  assert.deepEqual(
    room.refusals.filter(({ reason }) => reason === 'malformed-body').map(({ at, from }) => from ?? at),
    [5, 6],
  );
});
