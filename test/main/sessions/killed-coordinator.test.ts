/** `kill -9` of the coordinator in every phase by name: `--resume` goes on, and the model is the undisturbed one. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { toHex } from '../../../core/bytes/bytes.ts';
import { sha256 } from '../../../core/crypto/hash.ts';
import type { Store } from '../../../main/storage/store.ts';
import { told } from '../../support/session-log.ts';
import type { MasqueradeProcess } from '../../support/session-processes.ts';
import { nobody, type ParticipantMachine, SessionRoom } from '../../support/session-room.ts';

const phase = (name: string): Readonly<Record<string, unknown>> => ({ type: 'phase', phase: name });
/** In the order in which they come about: two lives a round, but for the lobby's. */
const moments: readonly { readonly name: string; readonly at: Readonly<Record<string, unknown>> }[] = [
  { name: 'in the lobby', at: { type: 'lobby' } },
  { name: 'with the words on screen', at: { type: 'roster' } },
  { name: 'advertise-keys', at: phase('advertise-keys') },
  { name: 'share-keys', at: phase('share-keys') },
  { name: 'masked-input', at: phase('masked-input') },
  { name: 'statement', at: phase('statement') },
  { name: 'unmask', at: phase('unmask') },
  { name: 'between the sum and the disk', at: { type: 'protocol', kind: 'aggregated' } },
  { name: 'after a round', at: { type: 'round' } },
  { name: 'after the last round', at: { type: 'round', round: 3 } },
];

describe('a coordinator that is killed', () => {
  let room: SessionRoom;
  let participants: ParticipantMachine[];
  let last: MasqueradeProcess;

  before(async () => {
    room = await SessionRoom.open();
    const args = [...room.settingArgs({ rounds: 3 }), '--participants', '4', '--start-when-full'];
    for (const [index, { at }] of moments.entries()) {
      const resumed = index === 0 ? [] : ['--resume'];
      const victim = await room.startCoordinator([...args, ...resumed], at);
      if (index === 0)
        participants = await room.joinAll(['Ada', 'Grace', 'Emmy', 'Sofia'], { person: nobody });
      const { signal, code } = await victim.ended;
      assert.equal(signal, 'SIGKILL', `${moments[index]!.name}: ended with ${code}: ${victim.errors}`);
    }
    last = await room.startCoordinator([...args, '--resume']);
    assert.equal(await last.exitCode(), 0);
  });
  after(() => room.close());

  it('goes on with --resume to the model that an undisturbed session has', async () => {
    const final = last.log.last('finished')?.['final'] as { modelSha256: string };
    assert.equal(final.modelSha256, await room.simulate({ rounds: 3 }));
    for (const { outcome } of participants) {
      const ended = await outcome;
      assert.equal(ended.outcome, 'finished');
      assert.equal(ended.final?.modelSha256, final.modelSha256);
    }
  });

  it('never uses a round and attempt twice, nor keys', () => {
    const [first] = participants;
    const id = first!.store.sessions()[0]!.session;
    for (const { store } of participants) {
      const adverts = [...store.messages(id)].filter(({ type }) => type === 'key-advert');
      // every life of the coordinator began an attempt of its own
      assert.ok(adverts.length >= 6, String(adverts.length));
      assert.equal(new Set(adverts.map(({ round, attempt }) => `${round} ${attempt}`)).size, adverts.length);
      assert.equal(new Set(adverts.map(({ bytes }) => toHex(sha256(bytes)))).size, adverts.length);
      const { record } = store.clientSession(id);
      assert.deepEqual(
        record?.signed.map(({ round }) => round),
        [1, 2, 3],
      );
    }
  });

  it('keeps every round once, with the attempts that led to it', async () => {
    for (const { log } of participants)
      assert.deepEqual(
        log.all('round').map(({ round }) => round),
        [1, 2, 3],
      );
    await participants[0]!.outcome;
    const store = await room.openFolder('coordinator');
    const { session, state } = store.sessions()[0]!;
    assert.equal(state, 'finished');
    assert.deepEqual(
      [...store.completedRounds(session)].map(({ round }) => round),
      [1, 2, 3],
    );
    const sums = store.attempts(session).filter(({ outcome }) => outcome === 'sum');
    assert.ok(sums.length >= 3);
    assert.equal(last.log.all(told('listening', { resumed: true })).length, 1);
  });
});

describe('a coordinator that is lost between the disk and its members', () => {
  let room: SessionRoom;
  before(async () => {
    room = await SessionRoom.open();
  });
  after(() => room.close());

  it('goes on with the next round: the model is written down, and nobody needs to have been told', async () => {
    const store = await room.store('coordinator');
    const completeRound = store.completeRound.bind(store);
    const crash = new Error('lost');
    let crashes = 0;
    const fragile: Store = {
      ...store,
      // once in the middle, and once after the last round
      completeRound: (round) => {
        completeRound(round);
        crashes += 1;
        if (crashes !== 2) throw crash;
      },
    };
    const names = ['Ada', 'Grace', 'Emmy'];
    const first = await room.startSession(names, { rounds: 3 }, { store: fragile });
    await assert.rejects(first.coordinator.outcome, crash);
    const { id } = first.coordinator;
    const second = await room.coordinate({ rounds: 3 }, { store: fragile, resume: id });
    await assert.rejects(second.outcome, crash);
    assert.equal([...store.completedRounds(id)].length, 3);
    const last = await room.coordinate({ rounds: 3 }, { store, resume: id });
    const { outcome, final } = await last.outcome;
    assert.equal(outcome, 'finished');
    assert.equal(last.log.all('round-started').length, 0);
    assert.equal(final?.modelSha256, await room.simulate({ clients: 3, rounds: 3 }));
    for (const { outcome: ended, store: own } of first.participants) {
      assert.deepEqual((await ended).final, final);
      assert.equal(own.roundSummaries(id).at(-1)?.modelHash, final.modelSha256);
    }
    const attempts = store.attempts(id).map(({ round, attempt }) => `${round} ${attempt}`);
    assert.deepEqual(attempts, ['1 1', '2 1', '3 1']);
  });
});
