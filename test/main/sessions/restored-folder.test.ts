/** A data folder that was put back, or lost: its owner does not vote in that session, by its own doubt or by others' word. */
import assert from 'node:assert/strict';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readHeader } from '../../../core/wire/header.ts';
import { told } from '../../support/session-log.ts';
import { type CoordinatorMachine, nobody, SessionRoom } from '../../support/session-room.ts';

/** The same files with other content: what a backup program does that writes in place. */
async function overwrite(from: string, to: string): Promise<void> {
  for (const name of await readdir(to)) if (/-(wal|shm)$/.test(name)) await rm(join(to, name));
  for (const name of await readdir(from))
    if (!name.endsWith('.lock')) await writeFile(join(to, name), await readFile(join(from, name)));
}

describe('a participant whose data folder was put back', () => {
  let room: SessionRoom;
  let coordinator: CoordinatorMachine;
  let number = 0;

  before(async () => {
    room = await SessionRoom.open();
    // an identity, and no session yet
    const fresh = await room.openFolder('victim');
    await fresh.identity();
    fresh.close();
    await room.copy('victim', 'copy-before-the-session');

    coordinator = await room.coordinate(
      { rounds: 4 },
      { startWhenFull: 4, deadlineMs: 5_000, patienceMs: 2_000 },
    );
    await room.joinAll(['Ada', 'Grace', 'Emmy'], { person: nobody });
    const first = room.startParticipant('victim', ['--yes'], { type: 'round', round: 1 });
    // no round begins while it is away
    await coordinator.log.until(told('round-started', { round: 1 }));
    coordinator.session.pause();
    assert.equal((await first.ended).signal, 'SIGKILL');
    number = Number(first.log.last('roster')?.['own']);
    await room.copy('victim', 'copy-after-round-1');
    await room.copy('state', 'state-after-round-1');
    const second = room.startParticipant('victim', ['--yes'], { type: 'protocol', kind: 'masked', round: 2 });
    await coordinator.log.until(told('connection', { name: 'victim', connected: true }), {
      from: coordinator.log.events.findLastIndex(told('connection', { name: 'victim', connected: false })),
    });
    coordinator.session.resume();
    assert.equal((await second.ended).signal, 'SIGKILL');
    coordinator.session.pause();
    await coordinator.log.until(told('round', { round: 2 }));
  });
  after(() => room.close());

  const votesSince = (): number =>
    [...coordinator.store.messages(coordinator.id)].filter(
      ({ sender, bytes, round }) => sender === number && round > 2 && readHeader(bytes).ok,
    ).length;

  async function putBack(): Promise<{ code: number | null; reason: unknown }> {
    const returned = room.startParticipant('victim');
    const code = await returned.exitCode();
    return { code, reason: returned.log.last('error')?.['code'] };
  }

  it('does not vote when the folder is a copy at the same path', async () => {
    await rm(room.path('victim'), { recursive: true });
    await cp(room.path('copy-after-round-1'), room.path('victim'), { recursive: true });
    assert.deepEqual(await putBack(), { code: 5, reason: 'client-barred' });
  });

  it('does not vote when the files were put back in place', async () => {
    await overwrite(room.path('copy-after-round-1'), room.path('victim'));
    assert.deepEqual(await putBack(), { code: 5, reason: 'client-barred' });
  });

  it('does not vote when the session is gone from the folder', async () => {
    await overwrite(room.path('copy-before-the-session'), room.path('victim'));
    assert.deepEqual(await putBack(), { code: 5, reason: 'client-barred' });
    await rm(room.path('victim'), { recursive: true });
    await cp(room.path('copy-before-the-session'), room.path('victim'), { recursive: true });
    assert.deepEqual(await putBack(), { code: 5, reason: 'client-barred' });
  });

  it("does not vote when the second place was put back, too: the others' sightings reach it", async () => {
    await rm(room.path('victim'), { recursive: true });
    await cp(room.path('copy-after-round-1'), room.path('victim'), { recursive: true });
    await rm(room.path('state'), { recursive: true });
    await cp(room.path('state-after-round-1'), room.path('state'), { recursive: true });
    // bound to the very file: what a disk image brings back is the file's number too
    await rebind(room);
    const returned = room.startParticipant('victim');
    await returned.log.until('roster');
    assert.equal(await returned.exitCode(), 5);
    assert.equal(returned.log.last('error')?.['code'], 'client-barred');
    coordinator.session.resume();
    const { outcome, rounds } = await coordinator.outcome;
    assert.equal(outcome, 'finished');
    assert.ok(rounds.filter(({ round }) => round > 2).every(({ dropped }) => dropped.includes(number)));
    assert.equal(votesSince(), 0);
  });
});

/** Writes the marks' binding anew for the file as it is now, as if its number were the old one. */
async function rebind(room: SessionRoom): Promise<void> {
  const folder = join(room.path('state'), 'session-marks');
  const { openSessionMarks } = await import('../../../main/storage/session-marks.ts');
  const { machineId } = await import('../../../main/storage/machine-id.ts');
  const store = await room.openFolder('victim');
  const identity = (await store.identity()).row.fingerprint;
  const session = store.sessions()[0]!.session;
  store.close();
  const marks = openSessionMarks({
    stateFolder: room.path('state'),
    machine: machineId(),
    folder: room.path('victim'),
    databasePath: join(room.path('victim'), 'masquerade.sqlite'),
  });
  const before = marks.read(identity, session);
  assert.ok(before !== undefined && !before.isBound, folder);
  marks.write(identity, session, before.digest);
}
