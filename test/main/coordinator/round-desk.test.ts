/** The desk between the coordinator machine and the network: deadlines, floods, history, and phases that are held. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { mostRefusalsTold, offlineGraceMs } from '../../../main/coordinator/round-desk.ts';
import { DeskRoom } from '../../support/desk-room.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { exactSum, typeOf } from '../../support/secagg-room.ts';

const rule = { fixedMs: undefined, longestMs: 60_000, shortestMs: 100 };
const everyone = [1, 2, 3, 4, 5];

let clock: FakeClock;
beforeEach(() => {
  clock = new FakeClock();
});
afterEach(() => {
  clock.end();
});

function openRoom(settings = {}): DeskRoom {
  return new DeskRoom({ clients: everyone.length, settings }, rule);
}

describe('deadlines', () => {
  it('are those that first attempts lead to: a retry, which sends vectors that are there already, says nothing', async () => {
    const room = openRoom();
    let trained = false;
    room.silent = (client, type) =>
      (type === 'masked-input' && client <= 2 && !trained) || (type === 'statement' && client > 2);
    const first = room.begin(1);
    room.settle();
    // too many train for 500 ms for a quorum without them
    await clock.pass(500);
    trained = true;
    for (const client of [1, 2]) room.desk.receive(client, room.lastSent(client, 'masked-input'));
    room.settle();
    await clock.pass(60_000);
    const outcome = await first;
    assert.ok(outcome.kind === 'abort' && outcome.retry === 'same-survivors');
    room.silent = () => false;
    const second = room.retry();
    room.settle();
    assert.equal((await second).kind, 'aggregate');
    const waits = room.started.filter(({ phase }) => phase === 'masked-input');
    assert.deepEqual(
      waits.map(({ attempt, deadlineMs }) => [attempt, deadlineMs]),
      [
        // when nobody knows better; then four times what a quorum, and what the slowest took
        [1, 60_000],
        [1, 2_000],
        [2, 2_000],
        // until a quorum of it is there, at once
        [2, 100],
      ],
    );
    room.desk.publish({ hash: new Uint8Array(32), weights: new Uint8Array(0) });
    void room.begin(2);
    room.settle();
    const next = room.started.find(({ phase, round }) => phase === 'masked-input' && round === 2);
    assert.equal(next?.deadlineMs, 2_000);
    room.desk.close();
  });
});

describe('members that started anew', () => {
  const waitFor = (room: DeskRoom, silentFrom: number): ReturnType<DeskRoom['begin']> => {
    room.silent = (client, type) => type === 'encrypted-shares' && client >= silentFrom;
    const attempt = room.begin(1);
    room.settle();
    return attempt;
  };

  it('are not waited for in an attempt whose keys they have lost, and are in the next one', async () => {
    const room = openRoom();
    const attempt = waitFor(room, 4);
    room.desk.connectionChanged(4, true, true);
    await clock.pass(1_000);
    assert.ok(room.desk.busy);
    room.desk.connectionChanged(5, true, true);
    await clock.pass(1);
    const outcome = await attempt;
    assert.ok(outcome.kind === 'abort' && outcome.error.code === 'attempt-aborted');
    room.silent = () => false;
    const again = room.retry();
    room.settle();
    assert.equal((await again).kind, 'aggregate');
    room.desk.close();
  });

  it('are waited for where they have lost nothing: the process is the same, or nothing is masked', async () => {
    for (const [settings, startedAnew] of [
      [{}, false],
      [{ masks: false }, true],
    ] as const) {
      const room = openRoom(settings);
      room.silent = (client, type) => type === 'masked-input' && client >= 4;
      void room.begin(1);
      room.settle();
      for (const client of [4, 5]) room.desk.connectionChanged(client, true, startedAnew);
      await clock.pass(30_000);
      assert.ok(room.desk.busy, String(startedAnew));
      room.desk.close();
    }
  });
});

describe('what is refused', () => {
  it('is told so often of one member in an attempt, and no more; of the others as ever; again in the next', () => {
    const room = openRoom();
    room.silent = (_client, type) => type === 'encrypted-shares';
    void room.begin(1);
    room.settle();
    const garbage = (client: number): Uint8Array => Uint8Array.of(0xff, client);
    for (let count = 0; count < mostRefusalsTold + 15; count += 1) room.desk.receive(2, garbage(2));
    for (let count = 0; count < 3; count += 1) room.desk.receive(3, garbage(3));
    const told = (client: number): number =>
      room.reports.filter((event) => event.kind === 'refused' && event.client === client).length;
    assert.deepEqual([told(2), told(3)], [mostRefusalsTold, 3]);
    // whoever decides about the connection hears of all of them
    assert.equal(room.refusals.filter(({ client }) => client === 2).length, mostRefusalsTold + 15);
    room.desk.cancel();
    void room.retry();
    room.settle();
    room.desk.receive(2, garbage(2));
    assert.equal(told(2), mostRefusalsTold + 1);
    room.desk.close();
  });

  it('is no part of the history, which holds what was sent and what was accepted, once', () => {
    const room = openRoom();
    room.silent = (client, type) => type === 'encrypted-shares' && client === 5;
    void room.begin(1);
    room.settle();
    const shares = room.lastSent(1, 'encrypted-shares');
    const missing = room.lastSent(5, 'encrypted-shares');
    const altered = missing.slice();
    altered[altered.length - 1]! ^= 1;
    // a replay, another's, one that does not fit its commitment's place, then the true one, too late for a second
    room.desk.receive(1, shares);
    room.desk.receive(4, missing);
    room.desk.receive(5, Uint8Array.of(1, 2, 3));
    room.desk.receive(5, missing);
    room.settle();
    const fromMembers = room.kept.filter(({ sender }) => sender > 0);
    const counts = new Map<string, number>();
    for (const { sender, bytes } of fromMembers) {
      const key = `${sender} ${typeOf(bytes)}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    assert.ok([...counts.values()].every((count) => count === 1));
    assert.equal(counts.size, everyone.length * 5);
    // whoever looks on is told of every vector that is in the sum
    assert.deepEqual(room.added.map(({ client }) => client).sort(), everyone);
    const { vectorBytes } = room.clients.epoch;
    assert.ok(room.added.every(({ packed }) => packed.length === vectorBytes));
    assert.ok(fromMembers.every(({ bytes }) => bytes !== altered));
    assert.deepEqual(
      room.refusals.map(({ client }) => client),
      [1, 4, 5],
    );
    room.desk.close();
  });
});

describe('a phase that is held', () => {
  it('waits for a person, with nothing sent and nothing written down that says that somebody was asked', async () => {
    const room = openRoom();
    room.stepping = true;
    const attempt = room.begin(1);
    assert.deepEqual([room.sent, room.records, room.held], [[], [], ['advertise-keys']]);
    const phases = ['advertise-keys', 'share-keys', 'masked-input', 'statement', 'unmask'] as const;
    for (const phase of phases) {
      assert.equal(room.held.at(-1), phase);
      // the record says that statements were asked for only once they are
      assert.equal(room.records.at(-1)?.signed ?? null, null);
      const sent = room.sent.length;
      await clock.pass(10 * 60_000);
      assert.equal(room.sent.length, sent);
      if (phase === 'unmask') break;
      room.desk.release();
      assert.equal(room.held.at(-1), null);
      if (phase === 'statement') break;
      room.settle();
    }
    room.settle();
    assert.deepEqual(room.records.at(-1)?.signed, everyone);
    assert.equal(room.held.at(-1), 'unmask');
    room.desk.release();
    room.settle();
    const outcome = await attempt;
    assert.ok(outcome.kind === 'aggregate');
    assert.deepEqual([...outcome.aggregate.sum], exactSum(room.clients.epoch, everyone));
    // no phase counts the time in which it was held
    assert.deepEqual(
      room.ended.map(({ phase, ms, answered }) => [phase, ms, answered]),
      phases.map((phase) => [phase, 0, everyone.length]),
    );
    assert.ok(room.desk.heldMs >= 40 * 60_000);
  });

  it('has its whole deadline from the moment on in which it is let go', async () => {
    const room = openRoom();
    room.stepping = true;
    room.silent = (client, type) => client === 5 && type === 'encrypted-shares';
    void room.begin(1);
    room.desk.release();
    room.settle();
    await clock.pass(30 * 60_000);
    room.desk.release();
    room.settle();
    const { deadlineMs } = room.started.findLast(({ phase }) => phase === 'share-keys')!;
    await clock.pass(deadlineMs - 10);
    assert.equal(room.held.at(-1), null);
    await clock.pass(20);
    assert.equal(room.held.at(-1), 'masked-input');
    room.desk.close();
  });

  it('stops the time that lost members have to be back: all of it is left to those lost meanwhile', async () => {
    for (const { alsoLostMeanwhile, leftMs } of [
      { alsoLostMeanwhile: false, leftMs: offlineGraceMs - 5_000 },
      { alsoLostMeanwhile: true, leftMs: offlineGraceMs },
    ]) {
      const room = new DeskRoom({ clients: 8 }, { ...rule, fixedMs: 10 * 60_000 });
      room.silent = (client, type) =>
        (client === 1 && type === 'key-advert') || (room.lostAt.has(client) && type === 'encrypted-shares');
      void room.begin(1);
      room.settle();
      room.lostAt.set(8, performance.now());
      await clock.pass(5_000);
      room.stepping = true;
      room.desk.receive(1, room.lastSent(1, 'key-advert'));
      assert.equal(room.held.at(-1), 'share-keys');
      await clock.pass(20 * 60_000);
      if (alsoLostMeanwhile) room.lostAt.set(7, performance.now());
      await clock.pass(20 * 60_000);
      room.desk.release();
      room.settle();
      await clock.pass(leftMs - 100);
      assert.equal(room.held.at(-1), null);
      await clock.pass(200);
      // nobody that is missing is there: the deadline is not waited out
      assert.equal(room.held.at(-1), 'masked-input');
      room.desk.close();
    }
  });

  it('takes up afterwards what members said meanwhile: whoever left is not waited for', async () => {
    const room = openRoom();
    room.stepping = true;
    const attempt = room.begin(1);
    room.desk.release();
    room.settle();
    assert.equal(room.held.at(-1), 'share-keys');
    room.clients.stepClient(5, { kind: 'cancel' });
    room.settle();
    assert.equal(room.reports.filter(({ kind }) => kind === 'dropped').length, 0);
    room.stepping = false;
    room.desk.release();
    room.settle();
    const outcome = await attempt;
    assert.ok(outcome.kind === 'aggregate');
    assert.deepEqual(outcome.aggregate.u3, [1, 2, 3, 4]);
    assert.equal(room.ended.find(({ phase }) => phase === 'share-keys')?.ms, 0);
  });

  it('keeps only so much of what a member sends meanwhile, and nothing of a member that is back', () => {
    const room = openRoom();
    room.stepping = true;
    void room.begin(1);
    const withdrawal = Uint8Array.of(1);
    for (let count = 0; count < 50; count += 1) room.desk.receive(2, withdrawal);
    assert.equal(room.refusals.length, 46);
    room.desk.connectionChanged(3, true);
    assert.deepEqual(room.sent, []);
    room.desk.release();
    assert.equal(room.refusals.length, 50);
    assert.deepEqual(
      room.sent.map(({ client }) => client),
      everyone,
    );
    room.desk.close();
  });

  it('is cancelled without a word of what it would have asked', async () => {
    const room = openRoom();
    room.stepping = true;
    const attempt = room.begin(1);
    for (let phase = 0; phase < 3; phase += 1) {
      room.desk.release();
      room.settle();
    }
    assert.equal(room.held.at(-1), 'statement');
    room.desk.cancel();
    const outcome = await attempt;
    assert.ok(outcome.kind === 'abort' && outcome.error.code === 'attempt-aborted');
    assert.equal(room.held.at(-1), null);
    assert.ok(room.sent.every(({ type }) => type !== 'statement-request'));
    assert.equal(room.records.at(-1)?.signed, null);
  });

  it('is one when nothing is masked: the vectors', async () => {
    const room = openRoom({ masks: false });
    room.stepping = true;
    const attempt = room.begin(1);
    assert.deepEqual(room.held, ['masked-input']);
    room.desk.release();
    room.settle();
    assert.equal((await attempt).kind, 'aggregate');
    assert.deepEqual(room.held, ['masked-input', null]);
  });
});
