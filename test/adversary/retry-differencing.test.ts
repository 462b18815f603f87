/**
 * A second sum over one round's updates, without client v, would give v's update away by subtraction. However the
 * coordinator asks for it, it does not get it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClientEffect } from '../../core/secagg/client-events.ts';
import type { ClientRecord } from '../../core/secagg/client-session.ts';
import type { Model } from '../../core/secagg/coordinator-events.ts';
import { sealMessage } from '../../core/wire/envelope.ts';
import { lie, read, reseal } from '../support/attack.ts';
import { TestRoom, exactSum, testModel, testSigner, testVector, typeOf } from '../support/secagg-room.ts';

const options = { clients: 6, settings: { signatures: true } };

/** A round that has been summed: all reveals are in the coordinator's hands. */
function summed(): { room: TestRoom; model: Model } {
  const room = new TestRoom(options);
  const model = testModel(room.epoch, 1);
  assert.equal(room.begin(1, model).aggregate?.u3.length, 6);
  return { room, model };
}

/** The coordinator claims that the attempt failed, and forgets what was signed. */
function claimFailure(room: TestRoom, model: Model, round = 1, attempt = 1): void {
  const record = { round, attempt, signed: null, closed: 0 };
  room.coordinator = { phase: 'idle', record, retry: { model, rule: 'allowed' } };
}

function statements(room: TestRoom): number {
  return room.epoch.everyone.reduce((count, client) => count + room.sentBy(client, 'statement').length, 0);
}

test('a new attempt without v, after all reveals: nobody signs, nothing is revealed again', () => {
  const { room, model } = summed();
  claimFailure(room, model);
  room.dropAt = new Map([[4, 'masked-input']]);
  const { aggregate, error } = room.run({ kind: 'retry' });
  assert.equal(aggregate, undefined);
  assert.equal((error?.details as { reason: string }).reason, 'below-threshold');
  for (const client of [1, 2, 3, 5, 6]) {
    assert.equal(room.reasonOf(client), 'survivors-differ');
    assert.equal(room.sentBy(client, 'statement').length, 1);
    assert.equal(room.sentBy(client, 'reveal').length, 1);
  }
});

test('a new attempt with the same survivors gives the same sum, and only that', () => {
  const { room, model } = summed();
  claimFailure(room, model);
  const { aggregate } = room.run({ kind: 'retry' });
  assert.deepEqual([...(aggregate?.sum ?? [])], exactSum(room.epoch, [1, 2, 3, 4, 5, 6]));
});

test('a new round on the same model needs the participant, who allows one', () => {
  const { room, model } = summed();
  claimFailure(room, model, 1, 1);
  room.dropAt = new Map([[4, 'masked-input']]);
  const outcome = room.run({ kind: 'begin', round: 2, model });
  assert.equal(outcome.aggregate, undefined);
  for (const client of room.epoch.everyone) {
    assert.equal(room.reasonOf(client), 'model-already-summed');
    assert.equal(room.sentBy(client, 'key-advert').length, 1);
  }

  // one participant who allows it is not a quorum
  room.stepClient(1, { kind: 'repeat-confirmed', model: model.hash });
  assert.equal(room.run({ kind: 'begin', round: 3, model }).aggregate, undefined);
  for (const client of room.epoch.everyone) {
    room.stepClient(client, { kind: 'repeat-confirmed', model: model.hash });
  }
  room.dropAt = new Map();
  assert.equal(room.run({ kind: 'begin', round: 4, model }).aggregate?.u3.length, 6);
  claimFailure(room, model, 4, 1);
  assert.equal(room.run({ kind: 'begin', round: 5, model }).aggregate, undefined);
  assert.equal(room.reasonOf(1), 'model-already-summed');
});

test('the same round and attempt announced again, or an earlier one, is refused', () => {
  const { room, model } = summed();
  claimFailure(room, model, 1, 0);
  const before = statements(room);
  room.run({ kind: 'retry' });
  assert.equal(statements(room), before);
  assert.deepEqual(new Set(room.refusals.map((refusal) => refusal.reason)), new Set(['stale-round']));
});

test('another model in a further attempt at a round is refused', () => {
  const { room } = summed();
  claimFailure(room, testModel(room.epoch, 9));
  assert.equal(room.run({ kind: 'retry' }).aggregate, undefined);
  for (const client of room.epoch.everyone) {
    assert.equal(room.reasonOf(client), 'model-differs');
    assert.equal(room.sentBy(client, 'key-advert').length, 1);
  }
});

/** Client 1 about to sign: its effects are handed out one by one, as a disk and a network would see them. */
function aboutToSign(): { room: TestRoom; model: Model; request: Uint8Array } {
  const room = new TestRoom(options);
  const model = testModel(room.epoch, 1);
  let request: Uint8Array | undefined;
  lie(room, 'statement-request', [1], (bytes) => {
    request = bytes;
    return [];
  });
  room.stepCoordinator({ kind: 'begin', round: 1, model });
  room.deliver();
  room.tamper = {};
  assert.ok(request !== undefined && room.desk(1).state.phase === 'masked-input');
  return { room, model, request };
}

test('kill -9 at any place around the flush: no signature ever leaves that the disk does not know of', () => {
  for (let place = 0; ; place += 1) {
    const { room, model, request } = aboutToSign();
    const diskBefore: ClientRecord = room.desk(1).record!;
    const effects: readonly ClientEffect[] = room.stepClient(1, { kind: 'message', bytes: request });
    // the process dies after `place` effects: the disk has what was flushed by then, the network what was sent
    const carriedOut = effects.slice(0, place);
    const flushed = carriedOut.findLast((effect) => effect.kind === 'persist');
    const record = flushed?.kind === 'persist' ? flushed.record : diskBefore;
    const sent = carriedOut.some((effect) => effect.kind === 'send' && typeOf(effect.bytes) === 'statement');
    if (sent) assert.equal(record.signed.length, 1, 'flushed before it was sent');

    room.restart(1, { record, mark: record.token });
    claimFailure(room, model);
    room.dropAt = new Map([[4, 'masked-input']]);
    const statementsBefore = room.sentBy(1, 'statement').length;
    room.run({ kind: 'retry' });
    const signedAgain = room.sentBy(1, 'statement').length > statementsBefore;
    assert.equal(signedAgain, record.signed.length === 0, `killed after ${place} effects`);
    if (place === effects.length) break;
  }
});

test('(round, attempt) is flushed before the advert leaves, the vector kept before the masked input leaves', () => {
  const room = new TestRoom(options);
  room.begin(1);
  const kinds = room
    .desk(1)
    .effects.map((effect) => (effect.kind === 'send' ? typeOf(effect.bytes) : effect.kind))
    .filter((kind) => kind !== 'report');
  assert.deepEqual(kinds, [
    'persist',
    'persist',
    'key-advert',
    'encrypted-shares',
    'train',
    'keep-vector',
    'persist',
    'masked-input',
    'persist',
    'statement',
    'reveal',
  ]);
});

test('a restored or emptied folder is noticed by its token: its owner sits the session out', () => {
  for (const restore of ['older record', 'no record', 'older token'] as const) {
    const { room, model } = summed();
    const { record, mark } = room.desk(1);
    assert.ok(record !== undefined && mark !== undefined);
    const backup: ClientRecord = { ...record, signed: [], token: 'a token of an earlier start' };
    room.restart(
      1,
      restore === 'older record'
        ? { record: backup, mark }
        : restore === 'no record'
          ? { record: undefined, mark }
          : { record, mark: backup.token },
    );
    assert.equal(room.reasonOf(1), 'state-lost');
    claimFailure(room, model);
    room.dropAt = new Map([[4, 'masked-input']]);
    const before = room.sentBy(1, 'statement').length;
    room.run({ kind: 'retry' });
    assert.equal(room.sentBy(1, 'statement').length, before);
  }
});

test('a machine restored as a whole is noticed by what other members saw it sign', () => {
  const { room } = summed();
  const { record } = room.desk(1);
  assert.ok(record !== undefined);
  const image = { ...record, round: 0, attempt: 0, signed: [] };
  room.restart(1, { record: image, mark: image.token });
  assert.equal(room.desk(1).state.phase, 'idle');
  room.stepClient(2, { kind: 'member-returned', member: 1 });
  room.deliver();
  assert.equal(room.desk(1).state.phase, 'barred');
  assert.equal(room.reasonOf(1), 'state-lost');
});

test("a sighting bars nobody whose record is sound, and cannot be forged with another's or an altered advert", () => {
  const { room } = summed();
  room.stepClient(2, { kind: 'member-returned', member: 1 });
  room.deliver();
  assert.equal(room.desk(1).state.phase, 'unmask');
  const position = { session: room.epoch.roster.session, round: 0, attempt: 0 };
  const [own] = room.sentBy(1, 'key-advert');
  const forgeries = [
    room.sentBy(2, 'key-advert')[0]!,
    reseal(room.epoch, 'key-advert', own!, { round: 9, signer: 2 }),
    own!.with(22, 9),
  ];
  for (const advert of forgeries) {
    const bytes = sealMessage('sighting', position, { advert }, testSigner(room.epoch, 3));
    room.stepClient(1, { kind: 'message', bytes });
    assert.equal(room.desk(1).state.phase, 'unmask');
  }
});

test('a retry with another vector, or without the kept one, is not sent: the client sits the round out', () => {
  for (const loss of ['lost', 'changed'] as const) {
    const room = new TestRoom(options);
    room.dropAt = new Map([
      [5, 'masked-input'],
      [6, 'masked-input'],
    ]);
    assert.equal(room.begin(1).retry, 'allowed');
    room.desk(1).kept = loss === 'lost' ? undefined : testVector(room.epoch, 1, 1);
    room.dropAt = new Map();
    const { aggregate } = room.run({ kind: 'retry' });
    assert.deepEqual(aggregate?.u3, [2, 3, 4, 5, 6]);
    assert.equal(room.reasonOf(1), 'vector-lost');
    assert.equal(room.sentBy(1, 'masked-input').length, 1);
  }
});

test('the honest coordinator remembers across a crash what was signed, and does not ask for anything else', () => {
  const room = new TestRoom({ ...options, clients: 9 });
  room.dropAt = new Map([
    [1, 'unmask'],
    [2, 'unmask'],
    [3, 'unmask'],
  ]);
  assert.equal(room.begin(1).retry, 'same-survivors');
  const persisted = room.effects.findLast((effect) => effect.kind === 'persist');
  assert.deepEqual(persisted?.record.signed, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const order = room.effects.map((effect) => (effect.kind === 'send' ? typeOf(effect.bytes) : effect.kind));
  assert.ok(order.lastIndexOf('persist') < order.indexOf('statement-request'));
});

test('statements of the first attempt cannot stand for the second', () => {
  const { room, model } = summed();
  const old = room.epoch.everyone.map((client) => room.sentBy(client, 'statement')[0]!);
  claimFailure(room, model);
  lie(room, 'signed-statements', [1], (bytes) => [
    reseal(room.epoch, 'signed-statements', bytes, { body: () => ({ statements: old.slice(0, 5) }) }),
  ]);
  room.run({ kind: 'retry' });
  assert.equal(room.reasonOf(1), 'relay-refused');
  assert.equal(room.sentBy(1, 'reveal').length, 1);
  assert.equal(read(room.epoch, 'statement', old[0]!).header.attempt, 1);
});
