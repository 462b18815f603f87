/** What a participant brings, and what it agrees to: refused before it joins, in words that say what to do. */
import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { idxBytes } from '../../core/datasets/idx-bytes.ts';
import { writeSmallData } from '../compute/small-data.ts';
import { type CoordinatorMachine, nobody, SessionRoom } from '../../support/session-room.ts';

let room: SessionRoom;
before(async () => {
  room = await SessionRoom.open();
});
after(async () => {
  await room.close();
  for (const folder of written) await rm(folder, { recursive: true });
});

const written: string[] = [];

/** Images of a side, of so many classes; seed makes them others. */
async function writeData(side: number, classes: number, seed = 1, count = 60): Promise<string> {
  const folder = await writeSmallData();
  written.push(folder);
  for (const name of ['train', 't10k']) {
    const pixels = Array.from({ length: count * side * side }, (_, at) => (at * 31 * seed) % 251);
    const labels = Array.from({ length: count }, (_, at) => at % classes);
    await writeFile(join(folder, `${name}-images-idx3-ubyte`), idxBytes([count, side, side], pixels));
    await writeFile(join(folder, `${name}-labels-idx1-ubyte`), idxBytes([count], labels));
  }
  return folder;
}

describe('the data that is dealt out', () => {
  let coordinator: CoordinatorMachine;
  before(async () => {
    coordinator = await room.coordinate({}, { store: await room.store('dealing') });
  });
  after(async () => {
    coordinator.session.stop();
    await coordinator.outcome;
  });

  it('must be the very same: another, or none, is refused before joining', async () => {
    const other = await room.join('Ada', { data: await writeData(12, 4) });
    await assert.rejects(other.outcome, { code: 'data-does-not-fit', message: /the very data set/ });
    assert.equal(other.store.session(coordinator.id), undefined);
    const none = await room.join('Grace', { data: undefined });
    await assert.rejects(none.outcome, { code: 'data-does-not-fit', message: /--data FOLDER/ });
    // neither was ever in the lobby
    assert.ok(
      coordinator.log.all('lobby').every(({ participants }) => (participants as unknown[]).length === 0),
    );
  });

  it('is told with exit code 2 on the command line', async () => {
    const started = room.start(['join', room.link, '--data-dir', 'Emmy', '--json', '--yes']);
    assert.equal(await started.exitCode(), 2);
    assert.equal(started.log.last('error')?.['code'], 'data-does-not-fit');
    assert.match(started.errors, /Cannot take part with this data/);
  });
});

describe("everyone's own data", () => {
  it('is trained on as it is; wrong sizes, classes and missing folders are refused', async () => {
    const coordinator = await room.coordinate(
      { rounds: 1, examplesPerClient: undefined },
      { data: 'own', startWhenFull: 3, store: await room.store('own-coordinator') },
    );
    const wrong: readonly (readonly [string | undefined, RegExp])[] = [
      [undefined, /a folder of your own.*--data FOLDER/],
      [await writeData(8, 4), /images of 12 x 12 x 1, and is 8 x 8 x 1/],
      [await writeData(12, 3), /the classes 0, 1, 2, 3, and is 0, 1, 2\./],
    ];
    for (const [index, [data, message]] of wrong.entries()) {
      const refused = await room.join(`wrong-${index}`, { data });
      await assert.rejects(refused.outcome, { code: 'data-does-not-fit', message });
    }
    const counts = [60, 48, 80];
    const members = await Promise.all(
      counts.map(async (count, index) =>
        room.join(`own-${index}`, { data: await writeData(12, 4, index + 2, count) }),
      ),
    );
    const { outcome, rounds } = await coordinator.outcome;
    assert.equal(outcome, 'finished');
    // weights are their counts, and come out of the sum alone
    assert.equal(rounds[0]?.reported?.examples, 188);
    for (const [index, { log, outcome: ended }] of members.entries()) {
      assert.equal((await ended).outcome, 'finished');
      const told = log.last('data');
      assert.deepEqual([told?.['examples'], told?.['mode']], [counts[index], 'own']);
      assert.equal((await ended).final?.modelSha256, (await coordinator.outcome).final?.modelSha256);
    }
    // what the plan says of data: shape and classes, no digest of anybody's
    const plan = JSON.parse(coordinator.store.session(coordinator.id)!.plan) as { data: { digest: string } };
    assert.equal(plan.data.digest, '');
  });
});

describe('demonstrations', () => {
  it('alone may have protections off, and say so before anybody can join', async () => {
    const store = await room.store('demonstrating');
    await assert.rejects(room.coordinate({ masks: false }, { store }), {
      code: 'invalid-setting',
      message: /--demonstration/,
    });
    await assert.rejects(room.coordinate({ signatures: false }, { store, demonstration: true }), {
      code: 'invalid-setting',
    });
    assert.equal(store.sessions().length, 0);
  });

  it('are joined only by those who agree to them', async () => {
    const coordinator = await room.coordinate(
      { rounds: 1, masks: false },
      { demonstration: true, startWhenFull: 3, store: await room.store('demonstration') },
    );
    const cautious = await room.join('cautious', { person: nobody });
    await assert.rejects(cautious.outcome, {
      code: 'demonstration-refused',
      message: /masks are off.*--agree-to-demonstration/,
    });
    const members = await Promise.all(
      ['demo-1', 'demo-2', 'demo-3'].map((name) => room.join(name, { agreeToDemonstration: true })),
    );
    assert.equal((await coordinator.outcome).outcome, 'finished');
    for (const { outcome, log, store } of members) {
      assert.equal((await outcome).outcome, 'finished');
      assert.equal(log.last('joined')?.['demonstration'], true);
      assert.equal(store.session(coordinator.id)?.demonstration, true);
    }
  });

  it('are agreed to on the command line with --agree-to-demonstration; without it, exit code 2 and what is off', async () => {
    const coordinator = await room.coordinate(
      { rounds: 1, masks: false, quantisation: false },
      { demonstration: true, startWhenFull: 3, store: await room.store('typed-demonstration') },
    );
    const cautious = room.startParticipant('typed-cautious');
    assert.equal(await cautious.exitCode(), 2);
    assert.equal(cautious.log.last('error')?.['code'], 'demonstration-refused');
    assert.match(cautious.errors, /masks, quantisation are off.*--agree-to-demonstration/);
    const agreeing = room.startParticipant('typed-agreeing', ['--yes', '--agree-to-demonstration']);
    for (const name of ['typed-1', 'typed-2']) await room.join(name, { agreeToDemonstration: true });
    assert.equal((await coordinator.outcome).outcome, 'finished');
    assert.equal(await agreeing.exitCode(), 0);
    assert.equal(agreeing.log.last('joined')?.['demonstration'], true);
  });
});
