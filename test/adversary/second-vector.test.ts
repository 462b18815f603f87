/** Two different vectors of one client in one round give away their difference. No client sends a second one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sealMessage } from '../../core/wire/envelope.ts';
import type { MessageType } from '../../core/wire/messages.ts';
import { lie, reseal } from '../support/attack.ts';
import { TestRoom, testModel, testSigner, testVector } from '../support/secagg-room.ts';

const options = { clients: 6, settings: { signatures: true } };

/** A room whose coordinator ends round 1 for everyone with a result, while client 1 still waits for a message. */
function endedEarly(blocked: MessageType): TestRoom {
  let trainings = 0;
  const room = new TestRoom({
    ...options,
    vector: (client, epoch) => testVector(epoch, client, (trainings += 1)),
  });
  lie(room, blocked, [1], () => []);
  const model = testModel(room.epoch, 1);
  room.stepCoordinator({ kind: 'begin', round: 1, model });
  room.deliver();
  room.tamper = {};
  const position = { session: room.epoch.roster.session, round: 1, attempt: 1 };
  const result = sealMessage(
    'result',
    position,
    { model: model.hash, modelBytes: 0 },
    testSigner(room.epoch, 0),
  );
  for (const client of room.epoch.everyone) room.stepClient(client, { kind: 'message', bytes: result });
  assert.equal(room.desk(1).state.phase, 'idle');
  return room;
}

for (const blocked of ['key-adverts', 'relayed-shares', 'statement-request', 'signed-statements'] as const) {
  test(`a result before ${blocked} ends the round for good: no further attempt is taken up`, () => {
    const room = endedEarly(blocked);
    assert.equal(room.desk(1).record?.closed, 1);
    const sent = room.epoch.everyone.map((client) => room.sentBy(client, 'masked-input').length);
    const record = { round: 1, attempt: 1, signed: null, closed: 0 };
    const retry = { model: testModel(room.epoch, 1), rule: 'allowed' } as const;
    for (let attempts = 1; attempts <= 2; attempts += 1) {
      room.coordinator = { phase: 'idle', record: { ...record, attempt: attempts }, retry };
      assert.equal(room.run({ kind: 'retry' }).aggregate, undefined);
      // nor after a restart
      room.restart(1);
    }
    const refusals = room.refusals.filter(({ at, reason }) => at === 1 && reason === 'stale-round');
    assert.equal(refusals.length, 2);
    assert.deepEqual(
      room.epoch.everyone.map((client) => room.sentBy(client, 'masked-input').length),
      sent,
    );
    assert.equal(room.sentBy(1, 'key-advert').length, 1);
  });
}

test('the mark is on disk before the round is reported as finished', () => {
  const room = endedEarly('statement-request');
  const kinds = room.desk(1).effects.map((effect) => effect.kind);
  const finished = kinds.indexOf('finished');
  const flushed = room
    .desk(1)
    .effects.slice(0, finished)
    .findLast((effect) => effect.kind === 'persist');
  assert.equal(flushed?.record.closed, 1);
});

test('a vector, or word that it is lost, that comes after its round is refused', () => {
  const room = new TestRoom({ ...options, withholdVectors: true });
  const model = testModel(room.epoch, 1);
  for (const round of [1, 2]) {
    room.stepCoordinator({ kind: 'begin', round, model });
    room.deliver();
    assert.deepEqual(room.inPhase('train'), room.epoch.everyone);
    if (round === 1) room.stepCoordinator({ kind: 'cancel' });
  }
  const before = room.desk(1).state;
  const vector = testVector(room.epoch, 1);
  for (const event of [
    { kind: 'vector', round: 1, vector },
    { kind: 'vector-lost', round: 1 },
    { kind: 'vector', round: 3, vector },
  ] as const) {
    const effects = room.stepClient(1, event);
    assert.deepEqual(effects, [{ kind: 'refused', reason: 'not-expected' }]);
    assert.equal(room.desk(1).state, before);
  }
  room.stepClient(1, { kind: 'vector', round: 2, vector });
  assert.equal(room.desk(1).state.phase, 'masked-input');
});

test('a model that is not as long as its parameters need is refused, announced or as a result', () => {
  for (const length of [4, 16]) {
    const weights = new Uint8Array(length);
    const announced = new TestRoom(options);
    lie(announced, 'announcement', [1], (bytes) => [
      reseal(announced.epoch, 'announcement', bytes, {
        body: (body) => ({ ...body, modelBytes: length }),
        attachment: () => weights,
      }),
    ]);
    announced.begin(1);
    // with more bytes than any model of these parameters the message itself is too large
    const refusal = announced.refusals.find(({ at }) => at === 1)?.reason;
    if (refusal === undefined) assert.equal(announced.reasonOf(1), 'model-malformed');
    assert.equal(announced.sentBy(1, 'key-advert').length, 0);

    const ended = new TestRoom(options);
    ended.begin(1);
    lie(ended, 'result', [1], (bytes) => [
      reseal(ended.epoch, 'result', bytes, {
        body: (body) => ({ ...body, modelBytes: length }),
        attachment: () => weights,
      }),
    ]);
    ended.run({ kind: 'publish', model: testModel(ended.epoch, 2) });
    assert.ok(ended.desk(1).effects.every((effect) => effect.kind !== 'finished'));
    assert.equal(ended.reasonOf(1), 'model-malformed');
    assert.ok(ended.desk(2).effects.some((effect) => effect.kind === 'finished'));
  }
});
