/** A session from the lobby to the model: what everyone ends with, what is kept, what is sent, what is never sent. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { toHex } from '../../../core/bytes/bytes.ts';
import { dealExamples, parsePartition } from '../../../core/datasets/partition.ts';
import { decodeCanonical } from '../../../core/wire/canonical-cbor.ts';
import { headerBytes, readHeader } from '../../../core/wire/header.ts';
import type { Body } from '../../../core/wire/messages.ts';
import { loadDataset } from '../../../main/data/load.ts';
import type { Store } from '../../../main/storage/store.ts';
import {
  agreeable,
  type CoordinatorMachine,
  type ParticipantMachine,
  SessionRoom,
} from '../../support/session-room.ts';

const names = ['Ada', 'Grace', 'Emmy', 'Sofia'];

/** The public keys of all adverts that a database holds. */
function advertisedKeys(store: Store, id: string): string[] {
  return [...store.messages(id)]
    .filter(({ type }) => type === 'key-advert')
    .flatMap(({ bytes }) => {
      const header = readHeader(bytes);
      assert.ok(header.ok);
      const body = decodeCanonical(
        bytes.subarray(headerBytes, headerBytes + header.value.bodyBytes),
      ) as Body<'key-advert'>;
      return [toHex(body.channelKey), toHex(body.maskKey)];
    });
}

describe('a whole session', () => {
  let room: SessionRoom;
  let coordinator: CoordinatorMachine;
  let participants: ParticipantMachine[];
  /** All that each has sent, above TLS. */
  const sent = new Map<string, Uint8Array[]>(names.map((name) => [name, []]));

  before(async () => {
    room = await SessionRoom.open();
    room.wire = { fromMember: (name, bytes) => sent.get(name)?.push(bytes) };
    coordinator = await room.coordinate();
    participants = await room.joinAll(names, { person: agreeable });
    await coordinator.log.until(
      (event) => event.type === 'lobby' && (event['participants'] as unknown[]).length === names.length,
    );
    coordinator.session.closeLobby();
    await coordinator.log.until('roster');
    coordinator.session.confirmWords(true);
    await coordinator.outcome;
    await Promise.all(participants.map(({ outcome }) => outcome));
  });
  after(() => room.close());

  it('ends with the model of the simulation with the same seed, bit for bit, on every machine', async () => {
    const { outcome, final } = await coordinator.outcome;
    assert.equal(outcome, 'finished');
    assert.equal(final?.modelSha256, await room.simulate());
    for (const { outcome: ended, store } of participants) {
      const { final: own } = await ended;
      assert.deepEqual(own, final);
      assert.deepEqual(store.model(own.modelSha256), coordinator.store.model(final.modelSha256));
      assert.equal(store.roundSummaries(coordinator.id).at(-1)?.modelHash, final.modelSha256);
    }
  });

  it('shows the same words, digest and count on all machines', () => {
    const shown = [coordinator, ...participants].map(({ log }) => log.all('roster'));
    for (const rosters of shown) {
      assert.equal(rosters.length, 1);
      const { words, digest, participants: count } = rosters[0]!;
      assert.equal((words as string[]).length, 4);
      assert.deepEqual(
        { words, digest, count },
        { words: shown[0]![0]!['words'], digest: shown[0]![0]!['digest'], count: 4 },
      );
    }
    const numbers = participants.map(({ log }) => log.last('roster')?.['own']).sort();
    assert.deepEqual(numbers, [1, 2, 3, 4]);
  });

  it("writes the whole session into the coordinator's database", () => {
    const { store, id } = coordinator;
    const row = store.session(id);
    assert.deepEqual([row?.state, row?.endedReason, row?.identitiesCompared], ['finished', 'finished', true]);
    const [epoch, ...more] = store.epochs(id);
    assert.deepEqual([more.length, epoch?.compared, epoch?.members.length], [0, true, 4]);
    assert.deepEqual(
      [...store.completedRounds(id)].map(({ round, result }) => [round, result.clients.masked]),
      [
        [1, 4],
        [2, 4],
      ],
    );
    assert.deepEqual(
      store.attempts(id).map(({ round, attempt, outcome }) => [round, attempt, outcome]),
      [
        [1, 1, 'sum'],
        [2, 1, 'sum'],
      ],
    );
    assert.deepEqual(
      store.phases(id).map(({ round, phase, answered }) => `${round} ${phase} ${answered}`),
      [1, 2].flatMap((round) =>
        ['advertise-keys', 'share-keys', 'masked-input', 'statement', 'unmask'].map(
          (phase) => `${round} ${phase} 4`,
        ),
      ),
    );
    for (const kind of ['verified', 'aggregated'])
      assert.ok(store.events(id).some(({ event }) => event.kind === kind));
    const accuracy = store.metrics(id).filter(({ name }) => name === 'accuracy');
    assert.deepEqual(
      accuracy.map(({ round }) => round),
      [1, 2],
    );
    const types = [...store.messages(id)].map(({ type, sender }) => `${type} ${sender === 0 ? 'out' : 'in'}`);
    for (const [type, count] of [
      ['closed-lobby out', 1],
      ['nonce-opening in', 4],
      ['opened-nonces out', 1],
      ['announcement out', 2],
      ['key-advert in', 8],
      ['key-adverts out', 2],
      ['masked-input in', 8],
      ['statement-request out', 2],
      ['statement in', 8],
      ['signed-statements out', 2],
      ['result out', 2],
    ] as const)
      assert.equal(types.filter((found) => found === type).length, count, type);
    assert.ok(!types.some((type) => type.startsWith('reveal')), 'shares are kept');
  });

  it("writes its part into every participant's database", () => {
    for (const { store } of participants) {
      const { id } = coordinator;
      const row = store.session(id);
      assert.deepEqual([row?.role, row?.state, row?.identitiesCompared], ['participant', 'finished', true]);
      assert.equal(store.epochs(id).length, 1);
      assert.deepEqual(
        store.roundSummaries(id).map(({ round }) => round),
        [1, 2],
      );
      const { record } = store.clientSession(id);
      assert.deepEqual([record?.round, record?.closed, record?.signed.length], [2, 2, 2]);
      const kinds = store.events(id).map(({ event }) => event.kind);
      for (const kind of ['advertised', 'shared', 'masked', 'signed', 'revealed'])
        assert.equal(kinds.filter((found) => found === kind).length, 2, kind);
      const types = [...store.messages(id)].map(({ type }) => type);
      for (const type of ['announcement', 'key-advert', 'masked-input', 'statement', 'result'])
        assert.equal(types.filter((found) => found === type).length, 2, type);
      assert.equal(store.recallVector(id, 2), undefined, 'a vector is kept past its round');
    }
  });

  it('never sends a row of a training image, as bytes, as floats or scaled', async () => {
    const { train } = await loadDataset(room.data);
    const parts = dealExamples(parsePartition('iid'), {
      labels: train.labels,
      clients: names.length,
      examplesPerClient: 40,
      seed: 5,
    });
    const { width, height } = train;
    const rowAt = (image: number, row: number): Uint8Array =>
      train.images.subarray((image * height + row) * width, (image * height + row + 1) * width);
    const forms = (row: Uint8Array): Uint8Array[] => [
      row,
      new Uint8Array(Float32Array.from(row).buffer),
      new Uint8Array(Float32Array.from(row, (value) => value / 255).buffer),
    ];
    const holds = (haystack: Buffer, part: Uint32Array): boolean =>
      [...part].some((image) =>
        Array.from({ length: height }, (_, row) => rowAt(image, row)).some((row) =>
          forms(row).some((needle) => haystack.includes(Buffer.from(needle))),
        ),
      );
    for (const [index, { log }] of participants.entries()) {
      const haystack = Buffer.concat(sent.get(names[index]!)!);
      assert.ok(haystack.length > 100_000, 'nothing was listened to');
      const part = parts[Number(log.last('roster')?.['own']) - 1]!;
      assert.equal(holds(haystack, part), false, names[index]);
      // the search finds what is there
      const planted = forms(rowAt(part[7]!, 3))[2]!;
      assert.equal(holds(Buffer.concat([haystack, planted]), part), true);
    }
  });

  it('shares no public key with another session of the same seed', async () => {
    const again = await SessionRoom.open();
    try {
      const { coordinator: other, participants: others } = await again.startSession(names);
      assert.equal((await other.outcome).final?.modelSha256, (await coordinator.outcome).final?.modelSha256);
      await Promise.all(others.map(({ outcome }) => outcome));
      const first = advertisedKeys(coordinator.store, coordinator.id);
      const second = advertisedKeys(other.store, other.id);
      // 4 members, 2 rounds, 2 keys
      assert.deepEqual([first.length, second.length], [16, 16]);
      assert.equal(new Set([...first, ...second]).size, 32);
      assert.equal(other.store.session(other.id)?.identitiesCompared, false);
      for (const { store } of others) assert.equal(store.session(other.id)?.identitiesCompared, false);
    } finally {
      await again.close();
    }
  });
});
