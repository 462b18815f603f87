/** Whole rounds between honest machines: whoever vanishes, the sum is exactly that of U3, or the round ends by name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Epoch } from '../../../core/secagg/epoch.ts';
import type { Phase } from '../../../core/wire/messages.ts';
import { TestRoom, exactSum, testModel, testVector } from '../../support/secagg-room.ts';

const phases = ['advertise-keys', 'share-keys', 'masked-input', 'statement', 'unmask'] as const;

/** All subsets of 1 .. n with at most `largest` members. */
function* subsets(n: number, largest: number, from = 1): Generator<number[]> {
  yield [];
  if (largest === 0) return;
  for (let first = from; first <= n; first += 1) {
    for (const rest of subsets(n, largest - 1, first + 1)) yield [first, ...rest];
  }
}

/** All ways to give each of these clients a phase. */
function* assignments(clients: readonly number[]): Generator<Map<number, Phase>> {
  const [first, ...rest] = clients;
  if (first === undefined) {
    yield new Map();
    return;
  }
  for (const others of assignments(rest))
    for (const phase of phases) yield new Map([[first, phase], ...others]);
}

function roundWithout(room: TestRoom, dropAt: ReadonlyMap<number, Phase>, round = 1): void {
  room.dropAt = new Map(dropAt);
  const { aggregate, error } = room.begin(round);
  assert.ok(aggregate !== undefined, error?.message);
  const label = JSON.stringify([...dropAt]);
  assert.equal(error, undefined, label);
  const present = (last: Phase): number[] =>
    room.epoch.everyone.filter((client) => {
      const phase = dropAt.get(client);
      return phase === undefined || phases.indexOf(phase as never) > phases.indexOf(last as never);
    });
  assert.deepEqual(aggregate.u1, present('advertise-keys'), label);
  assert.deepEqual(aggregate.u2, present('share-keys'), label);
  assert.deepEqual(aggregate.u3, present('masked-input'), label);
  assert.deepEqual(aggregate.u4, present('unmask'), label);
  assert.deepEqual([...aggregate.sum], exactSum(room.epoch, aggregate.u3), label);
  room.dropAt = new Map();
  room.run({ kind: 'publish', model: testModel(room.epoch, round + 1) });
}

for (const n of [3, 4, 5, 6]) {
  test(`with ${n} clients, for every set of dropouts that leaves T, each at every phase, the sum is that of U3`, () => {
    const room = new TestRoom({ clients: n });
    let round = 0;
    for (const set of subsets(n, n - room.epoch.parameters.threshold)) {
      for (const dropAt of assignments(set)) {
        round += 1;
        roundWithout(room, dropAt, round);
      }
    }
  });
}

test('with 7 clients, for every set of dropouts that leaves T, at every phase, the sum is that of U3', () => {
  const room = new TestRoom({ clients: 7 });
  let round = 0;
  for (const set of subsets(7, 7 - room.epoch.parameters.threshold)) {
    for (const phase of phases) {
      round += 1;
      roundWithout(room, new Map(set.map((client) => [client, phase])), round);
    }
  }
});

for (const n of [8, 9]) {
  test(`with ${n} clients, for every set of dropouts that leaves T, at phases in turn, the sum is that of U3`, () => {
    const room = new TestRoom({ clients: n });
    let round = 0;
    for (const set of subsets(n, n - room.epoch.parameters.threshold)) {
      round += 1;
      const at = (place: number): Phase => phases[(round * (place + 1)) % phases.length]!;
      roundWithout(room, new Map(set.map((client, place) => [client, at(place)])), round);
    }
  });
}

test('with up to 30 clients, random dropouts at random phases that leave T: the sum is that of U3', () => {
  const cases = fc.integer({ min: 10, max: 30 }).chain((n) => {
    const clients = Array.from({ length: n }, (_, index) => index + 1);
    return fc.record({
      n: fc.constant(n),
      gone: fc.subarray(clients, { maxLength: n - Math.floor((2 * n) / 3) - 1 }),
      at: fc.infiniteStream(fc.constantFrom(...phases)),
    });
  });
  fc.assert(
    fc.property(cases, ({ n, gone, at }) => {
      const room = new TestRoom({ clients: n, parameterCount: 2 });
      roundWithout(room, new Map(gone.map((client) => [client, at.next().value!])));
    }),
    { numRuns: 20 },
  );
});

for (const phase of phases) {
  test(`one dropout too many at ${phase} ends in a named abort, from which no secret can be rebuilt`, () => {
    for (const n of [3, 4, 5, 6, 7]) {
      const threshold = Math.floor((2 * n) / 3) + 1;
      for (const set of subsets(n, n - threshold + 1)) {
        if (set.length !== n - threshold + 1) continue;
        const attempt = new TestRoom({ clients: n });
        attempt.dropAt = new Map(set.map((client) => [client, phase]));
        const { aggregate, error, retry } = attempt.begin(1);
        assert.equal(aggregate, undefined);
        assert.deepEqual(error?.details, {
          phase,
          reason: 'below-threshold',
          needed: threshold,
          got: threshold - 1,
        });
        // somebody may have signed only when the statements were asked for
        assert.equal(retry, phase === 'statement' || phase === 'unmask' ? 'same-survivors' : 'allowed');
        const revealing = attempt.epoch.everyone.filter(
          (client) => attempt.sentBy(client, 'reveal').length > 0 && attempt.dropAt.get(client) !== 'unmask',
        );
        assert.ok(revealing.length < threshold, 'fewer than t shares of any secret have left');
        const left = attempt.epoch.everyone.filter((client) => !attempt.dropAt.has(client));
        assert.ok(left.every((client) => attempt.desk(client).state.phase === 'idle'));
      }
    }
  });
}

test('with signatures, MODP keys or both, the sum is that of U3', () => {
  for (const settings of [
    { signatures: true },
    { signatures: true, keyAgreement: 'modp14' },
    { keyAgreement: 'modp14' },
  ] as const) {
    const room = new TestRoom({ clients: 5, settings });
    roundWithout(room, new Map([[2, 'masked-input']]));
    assert.deepEqual(room.refusals, []);
  }
});

test('on the sparse graph, with dropouts at every phase, the sum is that of U3', () => {
  const room = new TestRoom({ clients: 201, parameterCount: 1 });
  const dropAt = new Map(
    phases.flatMap((phase, index) => [[7 * index + 3, phase] as const, [11 * index + 101, phase]]),
  );
  roundWithout(room, dropAt);
  assert.deepEqual(room.refusals, []);
});

test('with masks off, and with quantisation off too, the sum is that of U3 in roster order', () => {
  const plain = new TestRoom({ clients: 5, settings: { masks: false } });
  plain.dropAt = new Map([[4, 'masked-input']]);
  const { aggregate } = plain.begin(1);
  assert.ok(aggregate !== undefined);
  assert.deepEqual(aggregate.u3, [1, 2, 3, 5]);
  assert.deepEqual([...aggregate.sum], exactSum(plain.epoch, aggregate.u3));

  const float = new TestRoom({
    clients: 5,
    settings: { masks: false, quantisation: false },
    vector: (client, { parameters }) => new Float32Array(parameters.vectorLength).fill(0.1 * 3 ** client),
  });
  const vectors = float.epoch.everyone.map((client) => Math.fround(0.1 * 3 ** client));
  assert.equal(
    float.begin(1).aggregate?.sum[0],
    vectors.reduce((sum, value) => sum + value, 0),
  );
});

test('with masks off, vectors are handed over beside the same sum where they are kept, and nowhere else', () => {
  const settings = { masks: false };
  const kept = new TestRoom({ clients: 5, settings, keepsVectors: true });
  kept.dropAt = new Map([[4, 'masked-input']]);
  const { aggregate } = kept.begin(1);
  assert.deepEqual([...(aggregate?.sum ?? [])], exactSum(kept.epoch, [1, 2, 3, 5]));
  assert.deepEqual(
    aggregate?.vectors,
    new Map([1, 2, 3, 5].map((client) => [client, testVector(kept.epoch, client)])),
  );
  const vector = (client: number, { parameters }: Epoch): Float32Array =>
    new Float32Array(parameters.vectorLength).fill(client / 3);
  const float = new TestRoom({
    clients: 3,
    settings: { masks: false, quantisation: false },
    keepsVectors: true,
    vector,
  });
  const floats = new Map([1, 2, 3].map((client) => [client, vector(client, float.epoch)]));
  assert.deepEqual(float.begin(1).aggregate?.vectors, floats);

  for (const options of [
    { clients: 5, settings },
    { clients: 3, settings: { masks: false, quantisation: false }, vector },
    // a masked vector says nothing
    { clients: 5, keepsVectors: true },
  ]) {
    const without = new TestRoom(options).begin(1).aggregate;
    assert.ok(without !== undefined && without.vectors === undefined);
  }
});

test('rounds follow each other with fresh keys, and end for everyone with the new model', () => {
  const room = new TestRoom({ clients: 4 });
  for (const round of [1, 2, 3]) {
    const { aggregate } = room.begin(round);
    assert.ok(aggregate !== undefined);
    assert.equal(aggregate.attempt, 1);
    const model = { hash: new Uint8Array(32).fill(round), weights: new Uint8Array(0) };
    room.run({ kind: 'publish', model });
    assert.deepEqual(room.inPhase('idle'), [1, 2, 3, 4]);
    assert.ok(room.desks.every((desk) => desk.kept === undefined));
  }
  const adverts = room.epoch.everyone.flatMap((client) => room.sentBy(client, 'key-advert'));
  assert.equal(
    new Set(adverts.map((advert) => Buffer.from(advert.subarray(50, 120)).toString('hex'))).size,
    12,
  );
  assert.deepEqual(room.refusals, []);
});

test('a retry before any signature sends the same vectors under fresh keys', () => {
  const room = new TestRoom({ clients: 6 });
  room.dropAt = new Map([
    [1, 'masked-input'],
    [2, 'masked-input'],
  ]);
  assert.equal(room.begin(1).retry, 'allowed');
  room.dropAt = new Map();
  const { aggregate } = room.run({ kind: 'retry' });
  assert.ok(aggregate !== undefined);
  assert.equal(aggregate.attempt, 2);
  assert.deepEqual([...aggregate.sum], exactSum(room.epoch, aggregate.u3));
  const trained = room.desks.map((desk) => desk.effects.filter((effect) => effect.kind === 'train').length);
  assert.deepEqual(trained, [1, 1, 1, 1, 1, 1]);
  const [first, second] = room.sentBy(3, 'masked-input');
  assert.notDeepEqual(first, second);
});

test('a retry after a signature sums the same survivors, whoever else has come back', () => {
  const room = new TestRoom({ clients: 6 });
  room.dropAt = new Map([
    [1, 'masked-input'],
    [2, 'unmask'],
  ]);
  assert.equal(room.begin(1).retry, 'same-survivors');
  room.dropAt = new Map();
  const { aggregate } = room.run({ kind: 'retry' });
  assert.ok(aggregate !== undefined);
  assert.deepEqual(aggregate.u3, [2, 3, 4, 5, 6]);
  assert.deepEqual([...aggregate.sum], exactSum(room.epoch, aggregate.u3));
});

test('a retry after a signature without one of the survivors burns the round', () => {
  for (const phase of ['advertise-keys', 'share-keys', 'masked-input'] as const) {
    const room = new TestRoom({ clients: 9 });
    room.dropAt = new Map([
      [1, 'unmask'],
      [2, 'unmask'],
      [3, 'unmask'],
    ]);
    assert.equal(room.begin(1).retry, 'same-survivors');
    room.dropAt = new Map([[1, phase]]);
    const { error, retry } = room.run({ kind: 'retry' });
    assert.equal((error?.details as { reason: string }).reason, 'survivors-differ');
    assert.equal(retry, 'burnt');
    assert.deepEqual(room.run({ kind: 'retry' }), {});
    assert.equal(room.refusals.at(-1)?.reason, 'not-expected');
  }
});

test("with a fraction below 1 each client's own coin says who trains, and the others send zeros", () => {
  // q (n - c) >= 10 with n = 30, c = 10
  const room = new TestRoom({ clients: 30, settings: { fraction: 0.5 } });
  const { aggregate } = room.begin(1);
  assert.ok(aggregate !== undefined);
  const selected = room.selected();
  // outside 1 .. 29 by chance: 2^-29
  assert.ok(selected.length > 0 && selected.length < 30);
  assert.deepEqual(aggregate.u3.length, 30);
  assert.deepEqual([...aggregate.sum], exactSum(room.epoch, selected));
  const lengths = new Set(
    room.epoch.everyone.map((client) => room.sentBy(client, 'masked-input')[0]!.length),
  );
  assert.equal(lengths.size, 1);
});

test('an unselected client keeps its zeros for a retry: the coin is tossed once per round', () => {
  const room = new TestRoom({ clients: 30, settings: { fraction: 0.5 } });
  room.dropAt = new Map(Array.from({ length: 10 }, (_, index) => [index + 1, 'masked-input'] as const));
  assert.equal(room.begin(1).retry, 'allowed');
  const selected = room.selected();
  room.dropAt = new Map();
  const { aggregate } = room.run({ kind: 'retry' });
  assert.ok(aggregate !== undefined);
  assert.deepEqual(room.selected(), selected);
  assert.ok(room.desks.every((desk) => desk.effects.filter(({ kind }) => kind === 'train').length === 1));
  assert.deepEqual([...aggregate.sum], exactSum(room.epoch, selected));
});

test('a client that comes back after a mere reconnection is sent, and sends, the same bytes again', () => {
  const room = new TestRoom({ clients: 4 });
  let lost = true;
  room.tamper = {
    toCoordinator: (client, bytes, type) => {
      if (client !== 2 || type !== 'masked-input' || !lost) return [bytes];
      lost = false;
      return [];
    },
  };
  room.stepCoordinator({
    kind: 'begin',
    round: 1,
    model: { hash: new Uint8Array(32), weights: new Uint8Array(0) },
  });
  room.deliver();
  room.stepCoordinator({ kind: 'reconnected', client: 2 });
  room.stepClient(2, { kind: 'reconnected' });
  room.deliver();
  const [first, second, ...more] = room.sentBy(2, 'masked-input');
  assert.deepEqual(first, second);
  assert.deepEqual(more, []);
  assert.equal(room.coordinator.phase, 'aggregate');
  // the relayed shares that came a second time change nothing
  assert.deepEqual(room.refusals, [{ at: 2, reason: 'wrong-phase' }]);
});

test('testVector() uses the whole range: the sums above would show a lost carry', () => {
  const room = new TestRoom({ clients: 9 });
  const values = room.epoch.everyone.flatMap((client) => [...testVector(room.epoch, client)]);
  assert.ok(values.some((value) => value >= 2 ** (room.epoch.parameters.bits - 1)));
});
