/** Drawings as training data of real sessions: alone, beside what is dealt, and never more than anybody may have. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { told } from '../../support/session-log.ts';
import { SessionRoom } from '../../support/session-room.ts';

/** Digits that nobody would draw: a bright row that says which. */
const drawings = (count: number, seed: number) =>
  Array.from({ length: count }, (_, index) => ({
    label: (index + seed) % 10,
    pixels: Uint8Array.from({ length: 784 }, (_pixel, at) => (Math.floor(at / 28) === index % 28 ? 255 : 0)),
  }));

describe('drawings in a session', () => {
  let room: SessionRoom;
  before(async () => {
    room = await SessionRoom.open();
  });
  after(() => room.close());
  const digits = { dataset: 'mnist', rounds: 1 };

  it('are all that a participant needs where everyone brings their own; one is enough', async () => {
    const coordinator = await room.coordinate(
      { ...digits, examplesPerClient: undefined },
      { data: 'own', startWhenFull: 3, store: await room.store('own-coordinator') },
    );
    const none = await room.join('none', { data: undefined, drawings: [] });
    await assert.rejects(none.outcome, { code: 'data-does-not-fit', message: /at least one drawing/ });
    const counts = [1, 12, 40];
    const members = await Promise.all(
      counts.map((count, index) =>
        room.join(`own-${index}`, { data: undefined, drawings: drawings(count, index) }),
      ),
    );
    const { outcome, rounds } = await coordinator.outcome;
    assert.equal(outcome, 'finished');
    assert.equal(rounds[0]?.reported?.examples, 53);
    for (const [index, { log, outcome: ended }] of members.entries()) {
      const data = log.last('data');
      const { examples, drawings: drawn, mode, perClass } = data as unknown as Record<string, unknown>;
      assert.deepEqual([examples, drawn, mode], [counts[index], counts[index], 'own']);
      assert.equal((perClass as number[])[index], Math.ceil(counts[index]! / 10));
      assert.equal((await ended).final?.modelSha256, (await coordinator.outcome).final?.modelSha256);
    }
  });

  it('take the place of dealt images, so that nobody has more than anybody: said, and seen in the sum', async () => {
    const coordinator = await room.coordinate(digits, {
      startWhenFull: 4,
      store: await room.store('dealing'),
    });
    // what was drawn on this machine, on the command line
    const folder = await room.openFolder('drawer');
    for (const { label, pixels } of drawings(15, 3))
      folder.addDrawing({ label, pixels, drawnAt: new Date().toISOString() });
    folder.close();
    const [plain, other, many] = await Promise.all([
      room.join('plain', { data: undefined }),
      room.join('other', { data: 'mnist' }),
      room.join('many', { data: undefined, drawings: drawings(60, 0) }),
    ]);
    const process = room.start([
      ...['join', room.link, '--data-dir', 'drawer', '--name', 'drawer', '--json', '--yes', '--drawings'],
    ]);
    const { outcome, rounds, final } = await coordinator.outcome;
    assert.equal(outcome, 'finished');
    assert.equal(await process.exitCode(), 0);
    assert.deepEqual(
      [plain, other, many, process].map(({ log }) => {
        const data = log.last('data');
        return [data?.['examples'], data?.['drawings']];
      }),
      [
        [40, undefined],
        [40, undefined],
        [40, 40],
        [40, 15],
      ],
    );
    assert.deepEqual(process.log.last('note')?.['detail'], { count: 15, drawings: 15, most: 40 });
    assert.equal(many.log.all(told('note', { code: 'images-left-out' })).length, 1);
    const [left] = many.log.all(told('note', { code: 'drawings-left-out' }));
    assert.deepEqual(left?.['detail'], { count: 20, most: 40 });
    assert.equal(plain.log.all(told('note', { code: 'images-left-out' })).length, 0);
    // each counts as much as without drawings, and the model is another
    assert.equal(rounds[0]?.reported?.examples, 160);
    assert.notEqual(final?.modelSha256, await room.simulate(digits));
  });
});
