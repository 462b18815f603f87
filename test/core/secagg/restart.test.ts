/** The coordinator's process ends in the middle of a round and starts again from its record: same rule, one sum. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCoordinator } from '../../../core/secagg/coordinator.ts';
import type { CoordinatorRecord } from '../../../core/secagg/coordinator-state.ts';
import type { MessageType } from '../../../core/wire/messages.ts';
import { TestRoom, exactSum, testModel, typeOf } from '../../support/secagg-room.ts';

function recordOf(room: TestRoom): CoordinatorRecord {
  const persisted = room.effects.findLast((effect) => effect.kind === 'persist');
  assert.ok(persisted !== undefined);
  return persisted.record;
}

/** A room of nine whose coordinator dies before it gets any message of this type; client 9 sent no vector. */
function killedAt(blocked: MessageType): TestRoom {
  const room = new TestRoom({ clients: 9 });
  room.dropAt = new Map([[9, 'masked-input']]);
  room.tamper = { toCoordinator: (_client, bytes, type) => (type === blocked ? [] : [bytes]) };
  room.stepCoordinator({ kind: 'begin', round: 1, model: testModel(room.epoch, 1) });
  room.deliver();
  if (blocked === 'statement' || blocked === 'reveal') {
    room.stepCoordinator({ kind: 'timeout', phase: 'masked-input' });
    room.deliver();
  }
  room.tamper = {};
  room.dropAt = new Map();
  return room;
}

for (const [blocked, rule] of [
  ['key-advert', 'allowed'],
  ['encrypted-shares', 'allowed'],
  ['masked-input', 'allowed'],
  ['statement', 'same-survivors'],
  ['reveal', 'same-survivors'],
] as const) {
  test(`killed while it waits for ${blocked}: started again with the model, it may retry (${rule})`, () => {
    const room = killedAt(blocked);
    const record = recordOf(room);
    assert.deepEqual([record.round, record.attempt, record.closed], [1, 1, 0]);
    const model = testModel(room.epoch, 1);
    room.coordinator = createCoordinator(record, model);
    assert.deepEqual(room.coordinator, { phase: 'idle', record, retry: { model, rule } });
    const { aggregate } = room.run({ kind: 'retry' });
    const survivors = rule === 'allowed' ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : [1, 2, 3, 4, 5, 6, 7, 8];
    assert.equal(aggregate?.attempt, 2);
    assert.deepEqual(aggregate.u3, survivors);
    assert.deepEqual([...aggregate.sum], exactSum(room.epoch, survivors));
    assert.deepEqual(
      room.epoch.everyone.filter((client) => room.reasonOf(client) === 'survivors-differ'),
      [],
    );
  });
}

test('U3 is on disk before the question that clients may sign an answer to leaves', () => {
  const room = killedAt('statement');
  const order = room.effects.map((effect) => (effect.kind === 'send' ? typeOf(effect.bytes) : effect.kind));
  const asked = order.indexOf('statement-request');
  const flushed = room.effects.slice(0, asked).findLast((effect) => effect.kind === 'persist');
  assert.deepEqual(flushed?.record.signed, [1, 2, 3, 4, 5, 6, 7, 8]);
});

test('once statements were asked for, other survivors are not tried, even if no statement has come', () => {
  const room = killedAt('statement');
  const { error, retry } = room.run({ kind: 'timeout', phase: 'statement' });
  assert.deepEqual(error?.details, { phase: 'statement', reason: 'below-threshold', needed: 7, got: 0 });
  assert.equal(retry, 'same-survivors');
});

test('without the model, after a fresh start or after a round that has ended, there is nothing to retry', () => {
  const model = testModel(new TestRoom({ clients: 3 }).epoch, 1);
  const room = killedAt('masked-input');
  for (const state of [createCoordinator(recordOf(room)), createCoordinator(undefined, model)]) {
    room.coordinator = state;
    room.stepCoordinator({ kind: 'retry' });
    assert.equal(room.refusals.at(-1)?.reason, 'not-expected');
  }

  const ended = new TestRoom({ clients: 3 });
  ended.begin(1);
  // the sum is out, the result is not: the round can be taken up, and gives the same sum
  const interrupted = createCoordinator(recordOf(ended), testModel(ended.epoch, 1));
  assert.equal(interrupted.phase === 'idle' && interrupted.retry?.rule, 'same-survivors');
  ended.run({ kind: 'publish', model: testModel(ended.epoch, 2) });
  assert.equal(recordOf(ended).closed, 1);
  const finished = createCoordinator(recordOf(ended), testModel(ended.epoch, 1));
  assert.equal(finished.phase === 'idle' && finished.retry, undefined);
  const order = ended.effects.map((effect) => (effect.kind === 'send' ? typeOf(effect.bytes) : effect.kind));
  assert.ok(order.lastIndexOf('persist') < order.indexOf('result'));
});

test('a round after a restart keeps what the record says of earlier ones', () => {
  const room = new TestRoom({ clients: 3 });
  room.begin(1);
  room.run({ kind: 'publish', model: testModel(room.epoch, 2) });
  room.coordinator = createCoordinator(recordOf(room));
  assert.ok(room.begin(2).aggregate !== undefined);
  assert.deepEqual(recordOf(room), { round: 2, attempt: 1, signed: [1, 2, 3], closed: 1 });
});

test('an aggregate that cannot be one ends the round by name, for everyone, and cannot be tried again', () => {
  const room = new TestRoom({ clients: 4 });
  room.begin(1);
  const { error, retry } = room.run({ kind: 'reject', fault: 'weight-sum' });
  assert.equal((error?.details as { reason: string }).reason, 'aggregate-implausible');
  assert.equal(retry, 'burnt');
  assert.deepEqual(room.inPhase('idle'), [1, 2, 3, 4]);
  const told = room.effects.findLast((effect) => effect.kind === 'report');
  assert.deepEqual(told?.event.detail, {
    reason: 'aggregate-implausible',
    retry: 'burnt',
    field: 'weight-sum',
  });
  room.run({ kind: 'retry' });
  assert.equal(room.refusals.at(-1)?.reason, 'not-expected');
});
