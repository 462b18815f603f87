/** A new epoch, with other members under the same numbers, must not go on with anything of the one before. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClientState } from '../../core/secagg/client-state.ts';
import type { Sightings } from '../../core/secagg/client-session.ts';
import { survivorsDigest } from '../../core/secagg/context.ts';
import { toHex } from '../../core/bytes/bytes.ts';
import { TestRoom, type RoomOptions, exactSum, testModel } from '../support/secagg-room.ts';

const options = { clients: 6, settings: { signatures: true } } satisfies RoomOptions;
/** Test identity 7 in the place of 6, and the others on other numbers. */
const others = [2, 1, 3, 4, 5, 7];

function sightingsOf(state: ClientState): Sightings {
  return state.phase === 'barred' ? new Map() : state.session.sightings;
}

/** The next epoch of a room's session: its people keep what their disks and memories hold. */
function nextEpoch(room: TestRoom, people = others): TestRoom {
  const deskOf = (client: number) => (people[client - 1]! <= 6 ? room.desk(people[client - 1]!) : undefined);
  const next = new TestRoom({
    ...options,
    people,
    stored: (client) => ({ record: deskOf(client)?.record, mark: deskOf(client)?.mark }),
    sightings: (client) => sightingsOf(deskOf(client)?.state ?? room.desk(1).state),
  });
  next.desks.forEach((desk, index) => {
    desk.kept = deskOf(index + 1)?.kept;
  });
  return next;
}

test('a round that was begun in one epoch does not go on in the next', () => {
  const room = new TestRoom(options);
  const model = testModel(room.epoch, 1);
  room.dropAt = new Map([
    [5, 'masked-input'],
    [6, 'masked-input'],
  ]);
  assert.equal(room.begin(1, model).retry, 'allowed');
  const next = nextEpoch(room);
  next.coordinator = {
    phase: 'idle',
    record: { round: 1, attempt: 1, signed: null, closed: 0 },
    retry: { model, rule: 'allowed' },
  };
  assert.equal(next.run({ kind: 'retry' }).aggregate, undefined);
  for (const client of [1, 2, 3, 4, 5]) {
    assert.equal(next.reasonOf(client), 'epoch-differs');
    assert.equal(next.sentBy(client, 'key-advert').length, 0);
  }
  // a new round does, with everyone
  const { aggregate } = next.run({ kind: 'begin', round: 2, model });
  assert.deepEqual([...(aggregate?.sum ?? [])], exactSum(next.epoch, [1, 2, 3, 4, 5, 6]));
});

test('the survivors that a client remembers are people, not numbers', () => {
  const room = new TestRoom(options);
  room.begin(1);
  const [signed] = room.desk(1).record!.signed;
  const numbers = [1, 2, 3, 4, 5, 6];
  assert.equal(signed!.survivors, toHex(survivorsDigest(room.epoch.rosterDigest, numbers, 6)));
  const next = nextEpoch(room);
  assert.notEqual(signed!.survivors, toHex(survivorsDigest(next.epoch.rosterDigest, numbers, 6)));
});

test('a sum over a model in one epoch counts in the next', () => {
  const room = new TestRoom(options);
  const model = testModel(room.epoch, 1);
  room.begin(1, model);
  const next = nextEpoch(room);
  assert.equal(next.run({ kind: 'begin', round: 2, model }).aggregate, undefined);
  assert.equal(next.reasonOf(1), 'model-already-summed');
});

test('a restored machine is noticed in a later epoch, where it has another number', () => {
  const room = new TestRoom(options);
  room.begin(1);
  const image = { ...room.desk(1).record!, round: 0, attempt: 0, signed: [] };
  const next = nextEpoch(room);
  // test identity 1 is member 2 now
  next.restart(2, { record: image, mark: image.token });
  assert.equal(next.desk(2).state.phase, 'idle');
  next.stepClient(3, { kind: 'member-returned', member: 2 });
  next.deliver();
  assert.equal(next.reasonOf(2), 'state-lost');
  // the one that has its number now is none the wiser
  assert.equal(next.desk(1).state.phase, 'idle');
});

test('a sighting from an earlier epoch bars nobody whose record is sound', () => {
  const room = new TestRoom(options);
  room.begin(1);
  const next = nextEpoch(room);
  for (const member of [1, 2, 4, 5]) next.stepClient(3, { kind: 'member-returned', member });
  next.deliver();
  assert.deepEqual(next.inPhase('idle'), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(next.refusals, []);
  // nobody has seen anything of who is new
  next.stepClient(3, { kind: 'member-returned', member: 6 });
  assert.deepEqual(next.refusals, [{ at: 3, reason: 'not-expected' }]);
});

test('more rounds than were confirmed are refused', () => {
  const room = new TestRoom({ ...options, settings: { signatures: true, rounds: 2 } });
  assert.ok(room.begin(2).aggregate !== undefined);
  room.run({ kind: 'publish', model: testModel(room.epoch, 3) });
  assert.equal(room.run({ kind: 'begin', round: 3, model: testModel(room.epoch, 3) }).aggregate, undefined);
  for (const client of room.epoch.everyone) {
    assert.equal(room.reasonOf(client), 'rounds-exceeded');
    assert.equal(room.sentBy(client, 'key-advert').length, 1);
  }
});
