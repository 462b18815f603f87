/** A disk that is full in the middle of a session: a clear end on that machine, and a session that goes on afterwards. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Database } from 'better-sqlite3';
import { told } from '../../support/session-log.ts';
import { nobody, SessionRoom } from '../../support/session-room.ts';

/** Not a page more than there is now. */
function fill(database: Database): void {
  database.pragma(`max_page_count = ${String(database.pragma('page_count', { simple: true }))}`);
}

function empty(database: Database): void {
  database.pragma('max_page_count = 1000000');
}

describe('a disk that is full', () => {
  let room: SessionRoom;
  before(async () => {
    room = await SessionRoom.open();
  });
  after(() => room.close());

  it("the coordinator's: it stops by that name, and resumes to the undisturbed model when there is room", async () => {
    let database: Database | undefined;
    const store = await room.store('coordinator', (opened) => {
      database = opened;
    });
    const names = ['Ada', 'Grace', 'Emmy'];
    const { coordinator, participants } = await room.startSession(names, { rounds: 4 }, { store });
    await coordinator.log.until(told('round', { round: 1 }));
    fill(database!);
    await assert.rejects(coordinator.outcome, { code: 'disk-full', blame: 'machine' });
    const { id } = coordinator;
    assert.equal(store.session(id)?.state, 'running');
    assert.ok([...store.completedRounds(id)].length >= 1);
    empty(database!);
    const again = await room.coordinate({ rounds: 4 }, { store, resume: id });
    const { outcome, final } = await again.outcome;
    assert.equal(outcome, 'finished');
    assert.equal(final?.modelSha256, await room.simulate({ clients: 3, rounds: 4 }));
    for (const { outcome: ended } of participants)
      assert.equal((await ended).final?.modelSha256, final.modelSha256);
  });

  it("a participant's: it alone stops, and takes part again when there is room", async () => {
    let database: Database | undefined;
    const store = await room.store('full', (opened) => {
      database = opened;
    });
    const coordinator = await room.coordinate(
      { rounds: 1_000 },
      {
        startWhenFull: 4,
        deadlineMs: 3_000,
        patienceMs: 2_000,
        store: await room.store('second-coordinator'),
      },
    );
    await room.joinAll(['Ada-2', 'Grace-2', 'Emmy-2'], { person: nobody });
    const full = await room.join('full', { store });
    const { log } = coordinator;
    await log.until(told('round', { round: 1 }));
    fill(database!);
    await assert.rejects(full.outcome, { code: 'disk-full', blame: 'machine' });
    await log.until((event) => event.type === 'round' && (event['dropped'] as number[]).length === 1);
    empty(database!);
    const back = await room.join('full', { store, identity: full.identity });
    await back.log.until('masked');
    const { record } = store.clientSession(coordinator.id);
    const rounds = record!.signed.map(({ round }) => round);
    assert.equal(new Set(rounds).size, rounds.length);
    coordinator.session.stop();
    assert.equal((await coordinator.outcome).outcome, 'stopped');
    assert.equal((await back.outcome).outcome, 'stopped');
  });
});
