/** Every table: what goes in comes out, also from a store opened again, in memory of its own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { verifyPss, signPss } from '../../../core/crypto/rsa.ts';
import type { EpochRow, Store } from '../../../main/storage/store.ts';
import { testIdentity } from '../../support/identities.ts';
import {
  addTestIdentity,
  at,
  clientRecord,
  completedRound,
  fillSession,
  newFolder,
  open,
  sessionId,
  sessionRow,
  transportPrivateKey,
} from './store-folder.ts';

/** Runs on a fresh store, then checks on the same folder opened again. */
async function acrossRestart<Kept>(
  write: (store: Store) => Kept | Promise<Kept>,
  check: (store: Store, kept: Kept) => void | Promise<void>,
): Promise<void> {
  const folder = newFolder();
  const first = await open(folder);
  const kept = await write(first);
  first.close();
  const second = await open(folder);
  await check(second, kept);
  second.close();
}

const create = (store: Store, change = {}): void => {
  store.createSession(sessionRow(change), { transportPrivateKey });
};

test('identity() makes one identity, once, with its certificate, and finds it again', () =>
  acrossRestart(
    async (store) => {
      const [one, other] = await Promise.all([store.identity(), store.identity()]);
      assert.equal(one.row.fingerprint, other.row.fingerprint);
      return one;
    },
    async (store, { identity, row }) => {
      const again = await store.identity(3072);
      assert.deepEqual(again.row, row);
      assert.equal(row.bits, 2048);
      assert.deepEqual(store.identities(), [row]);
      const text = Uint8Array.of(1, 2, 3);
      assert.ok(verifyPss(identity.publicKey, signPss(again.identity, text), text));
    },
  ));

test('addIdentity() replaces only when asked to, and keeps the one before', () =>
  acrossRestart(
    (store) => {
      const first = addTestIdentity(store, 1).row;
      assert.throws(() => store.addIdentity(testIdentity(2), Uint8Array.of(4), false), {
        code: 'identity-exists',
      });
      store.addIdentity(testIdentity(1), Uint8Array.of(9), false);
      return { first, second: store.addIdentity(testIdentity(2), Uint8Array.of(4), true) };
    },
    async (store, { first, second }) => {
      assert.equal((await store.identity()).row.fingerprint, second.fingerprint);
      assert.deepEqual(store.identities(), [second, first]);
      const earlier = store.storedIdentity(first.fingerprint);
      assert.deepEqual(earlier?.identity.publicKey.spki, testIdentity(1).publicKey.spki);
      assert.equal(store.storedIdentity('00'), undefined);
    },
  ));

test('createSession(), updateSession() and endSession() keep rows as the contract has them', () =>
  acrossRestart(
    (store) => {
      create(store);
      create(store, {
        session: 'ff',
        role: 'participant',
        startedAt: '2026-11-26T00:00:00.000Z',
        port: null,
        demonstration: true,
        identitiesCompared: false,
      });
      store.updateSession(sessionId, { state: 'running', identitiesCompared: false, port: 7, title: 'new' });
      store.updateSession(sessionId, {});
      store.endSession('ff', 'aborted', 'too-few', at);
    },
    async (store) => {
      const changed = {
        ...sessionRow(),
        state: 'running',
        identitiesCompared: false,
        port: 7,
        title: 'new',
      };
      assert.deepEqual(store.session(sessionId), changed);
      assert.deepEqual(
        store.sessions().map(({ session }) => session),
        ['ff', sessionId],
      );
      const ended = store.session('ff');
      assert.deepEqual(
        [ended?.state, ended?.endedReason, ended?.endedAt, ended?.demonstration],
        ['aborted', 'too-few', at, true],
      );
      assert.deepEqual(await store.transportPrivateKey(sessionId), transportPrivateKey);
      assert.equal(await store.transportPrivateKey('ff'), undefined);
      assert.equal(await store.transportPrivateKey('unknown'), undefined);
      assert.equal(store.session('unknown'), undefined);
    },
  ));

test('calls on a session that does not exist, or that exists already, are named mistakes', async () => {
  const store = await open(newFolder());
  create(store);
  const mistakes: readonly (() => void)[] = [
    () => {
      create(store);
    },
    () => {
      store.updateSession('unknown', { title: 't' });
    },
    () => {
      store.endSession('unknown', 'stopped', 'r', at);
    },
    () => {
      store.confirmEpoch('unknown', 1, at, true);
    },
    () => {
      store.completeRound(completedRound(1, { session: 'unknown' }));
    },
    () => {
      store.saveClientRecord(clientRecord({ session: 'unknown' }));
    },
  ];
  for (const mistake of mistakes) assert.throws(mistake, { code: 'internal', blame: 'bug' });
  store.close();
});

test('saveEpoch() and confirmEpoch() keep rosters in order; a confirmed roster is not replaced', () => {
  const epoch: EpochRow = {
    session: sessionId,
    epoch: 1,
    rosterDigest: 'ab'.repeat(32),
    members: Array.from({ length: 12 }, (_, index) => ({
      name: `M${index}`,
      publicKey: testIdentity(index + 1).publicKey.spki,
    })),
    nonces: Array.from({ length: 13 }, (_, index) => new Uint8Array(32).fill(index)),
    parameters: '{"n":12}',
    startedAt: at,
    confirmedAt: null,
    compared: false,
  };
  const smaller = { ...epoch, rosterDigest: 'cd'.repeat(32), members: epoch.members.slice(0, 3) };
  return acrossRestart(
    (store) => {
      create(store);
      store.saveEpoch(epoch);
      store.saveEpoch({ ...epoch, epoch: 2 });
      store.saveEpoch({ ...smaller, epoch: 2 });
      store.confirmEpoch(sessionId, 1, at, true);
      assert.throws(
        () => {
          store.saveEpoch(smaller);
        },
        { code: 'internal' },
      );
      assert.throws(
        () => {
          store.saveEpoch({ ...epoch, epoch: 3, nonces: [new Uint8Array(31)] });
        },
        { code: 'internal' },
      );
    },
    (store) => {
      assert.deepEqual(store.epochs(sessionId), [
        { ...epoch, confirmedAt: at, compared: true },
        { ...smaller, epoch: 2 },
      ]);
    },
  );
});

test('records come back as they were saved, with fields that this store does not know', () => {
  const client = { ...clientRecord({ round: 3, attempt: 2, model: 'ab', repeatable: ['cd'] }), later: [1] };
  const coordinator = { round: 4, attempt: 1, signed: [1, 3], closed: 2, later: { a: 1 } };
  return acrossRestart(
    (store) => {
      create(store);
      assert.deepEqual(store.clientSession(sessionId), { record: undefined, mark: undefined });
      assert.equal(store.coordinatorRecord(sessionId), undefined);
      store.saveClientRecord(clientRecord());
      store.saveClientRecord(client);
      store.saveCoordinatorRecord(sessionId, { ...coordinator, round: 1 });
      store.saveCoordinatorRecord(sessionId, coordinator);
    },
    (store) => {
      assert.deepEqual(store.clientSession(sessionId), { record: client, mark: client.token });
      assert.deepEqual(store.coordinatorRecord(sessionId), coordinator);
    },
  );
});

test('keepVector() and recallVector() give back either type; discardVector() and endSession() erase', () =>
  acrossRestart(
    (store) => {
      create(store);
      // a view that starts off any boundary of a larger type
      const view = new Uint32Array(Uint32Array.of(0, 7, 4_294_967_295).buffer, 4, 2);
      store.keepVector(sessionId, 1, view);
      store.keepVector(sessionId, 2, Float32Array.of(1.5));
      store.keepVector(sessionId, 2, Float32Array.of(-0, Number.MIN_VALUE, 2.5));
      store.keepVector(sessionId, 3, Uint32Array.of(1));
      store.discardVector(sessionId, 3);
    },
    (store) => {
      assert.deepEqual(store.recallVector(sessionId, 1), Uint32Array.of(7, 4_294_967_295));
      assert.deepEqual(store.recallVector(sessionId, 2), Float32Array.of(-0, 0, 2.5));
      assert.equal(store.recallVector(sessionId, 3), undefined);
      store.endSession(sessionId, 'finished', 'finished', at);
      assert.equal(store.recallVector(sessionId, 1), undefined);
    },
  ));

test('completeRound() keeps sums of either type, models, metrics, and the last server state only', () => {
  const rounds = [
    completedRound(1),
    completedRound(2, { sum: Float64Array.of(1e-300, -3.5), serverState: { kind: 'average' } }),
    completedRound(3, { sum: null, serverState: { kind: 'momentum', velocity: Float64Array.of(1, 2, 3) } }),
  ] as const;
  return acrossRestart(
    (store) => {
      create(store);
      assert.equal(store.lastCompletedRound(sessionId), undefined);
      store.completeRound(rounds[0]);
      assert.deepEqual(store.lastCompletedRound(sessionId), rounds[0]);
      store.completeRound(rounds[1]);
      assert.deepEqual(store.lastCompletedRound(sessionId), rounds[1]);
      store.completeRound(rounds[2]);
      // a second time, as after a crash between the sum and its consequences
      store.completeRound({ ...rounds[2], finishedAt: 'later' });
      assert.throws(
        () => {
          store.completeRound({
            ...rounds[2],
            model: { hash: 'other', weights: rounds[2].model.weights },
          });
        },
        { code: 'internal' },
      );
      assert.equal(store.model('other'), undefined);
    },
    (store) => {
      assert.deepEqual(
        [...store.completedRounds(sessionId)],
        [{ ...rounds[0], serverState: null }, { ...rounds[1], serverState: null }, rounds[2]],
      );
      assert.deepEqual(store.lastCompletedRound(sessionId), rounds[2]);
      assert.deepEqual(store.model(rounds[0].model.hash), rounds[0].model.weights);
      assert.equal(store.model('unknown'), undefined);
      const [summary] = store.roundSummaries(sessionId);
      const { sum: _sum, model, serverState: _state, ...rest } = rounds[0];
      assert.deepEqual(summary, { ...rest, modelHash: model.hash });
      const ofFirst = store.metrics(sessionId).filter(({ round }) => round === 1);
      assert.deepEqual(Object.fromEntries(ofFirst.map(({ name, value }) => [name, value])), {
        accuracy: 0.9,
        f1Weighted: 0.89,
        loss: 0.31,
        reportedAccuracy: 0.8,
        reportedExamples: 300,
        reportedLoss: 0.4,
        reportedSelected: 3,
      });
    },
  );
});

test('saveAttempt() and savePhase() keep the last that was said of each', () => {
  const attempt = { session: sessionId, epoch: 1, round: 1, attempt: 1, startedAt: at };
  const phase = { session: sessionId, round: 1, attempt: 1, startedAt: at, awaited: 3, deadlineMs: 1_500 };
  return acrossRestart(
    (store) => {
      create(store);
      store.saveAttempt({ ...attempt, attempt: 2, endedAt: null, outcome: null });
      store.saveAttempt({ ...attempt, endedAt: null, outcome: null });
      store.saveAttempt({ ...attempt, endedAt: at, outcome: 'sum' });
      store.savePhase({ ...phase, phase: 'share-keys', ms: 0.25, answered: 1 });
      store.savePhase({ ...phase, phase: 'advertise-keys', ms: 2, answered: 3 });
      store.savePhase({ ...phase, phase: 'share-keys', ms: 0.5, answered: 2 });
    },
    (store) => {
      assert.deepEqual(store.attempts(sessionId), [
        { ...attempt, endedAt: at, outcome: 'sum' },
        { ...attempt, attempt: 2, endedAt: null, outcome: null },
      ]);
      assert.deepEqual(store.phases(sessionId), [
        { ...phase, phase: 'share-keys', ms: 0.5, answered: 2 },
        { ...phase, phase: 'advertise-keys', ms: 2, answered: 3 },
      ]);
    },
  );
});

test('events and messages come back in order; writes may come between two messages', () => {
  const events = Array.from({ length: 3 }, (_, index) => ({
    session: sessionId,
    at,
    event: {
      round: index,
      attempt: 1,
      phase: 'share-keys',
      kind: 'shared',
      detail: { shares: index, of: 'x' },
      ...(index === 1 ? { client: 5 } : {}),
    } as const,
  }));
  const messages = Array.from({ length: 200 }, (_, index) => ({
    session: sessionId,
    epoch: 1,
    round: 2,
    attempt: 1,
    type: 'advert',
    sender: index === 199 ? 65_535 : index,
    bytes: Uint8Array.of(index, 1, 2),
  }));
  return acrossRestart(
    (store) => {
      create(store);
      store.appendEvents(events);
      store.appendMessages(messages.slice(0, 150));
      store.appendMessages(messages.slice(150));
      store.appendMessages([]);
    },
    (store) => {
      assert.deepEqual(store.events(sessionId), events);
      const seen = [];
      for (const message of store.messages(sessionId)) {
        seen.push(message);
        store.updateSession(sessionId, { title: `${seen.length}` });
      }
      assert.deepEqual(seen, messages);
      assert.deepEqual([...store.messages('unknown')], []);
    },
  );
});

test('seePeer() remembers the first and the last meeting', () =>
  acrossRestart(
    (store) => {
      const { publicKey } = testIdentity(3);
      store.seePeer({ publicKey: publicKey.spki, name: 'Ada', at: '2026-01-02' });
      return store.seePeer({ publicKey: publicKey.spki, name: 'Ada L.', at: '2026-01-05' });
    },
    (store, peer) => {
      assert.deepEqual([peer.name, peer.firstSeen, peer.lastSeen], ['Ada L.', '2026-01-02', '2026-01-05']);
      assert.deepEqual(store.peers(), [peer]);
      assert.deepEqual(store.peer(peer.fingerprint), peer);
      assert.equal(store.peer('00'), undefined);
    },
  ));

test('deleteSession() leaves nothing of the session, and models that others still name', async () => {
  const folder = newFolder();
  const store = await open(folder);
  addTestIdentity(store);
  fillSession(store);
  fillSession(store, { session: 'ee' });
  const { hash } = completedRound(1).model;
  store.completeRound(completedRound(2));
  const only = completedRound(2).model.hash;
  store.deleteSession(sessionId);
  assert.ok(store.model(hash));
  assert.equal(store.model(only), undefined);
  store.deleteSession('ee');
  assert.equal(store.model(hash), undefined);
  store.deleteSession('unknown');
  store.close();

  const database = new Database(folder.database, { readonly: true });
  const tables = database
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all();
  const kept = tables.filter((table) => database.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get());
  database.close();
  assert.deepEqual(kept.sort(), ['identities', 'master_key']);
  assert.equal(tables.length, 26);
});

test('deleteSession() does not let a client that forgot what it signed start afresh', async () => {
  const store = await open(newFolder());
  addTestIdentity(store);
  fillSession(store);
  store.deleteSession(sessionId);
  const { record, mark } = store.clientSession(sessionId);
  assert.equal(record, undefined);
  assert.notEqual(mark, undefined);
  store.close();
});

test('completedRounds() gives one round at a time: what comes meanwhile is there, and writes may come in between', async () => {
  const store = await open(newFolder());
  create(store);
  for (const round of [1, 2]) store.completeRound(completedRound(round));
  const seen: number[] = [];
  for (const { round, model } of store.completedRounds(sessionId)) {
    seen.push(round);
    assert.deepEqual(model, completedRound(round).model);
    if (round === 2) store.completeRound(completedRound(3));
  }
  assert.deepEqual(seen, [1, 2, 3]);
  store.close();
});
