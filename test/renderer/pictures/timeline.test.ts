import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { foldEvent, openWatched } from '../../../core/watching/fold.ts';
import { markPath, timelineLines, timeScale } from '../../../renderer/pictures/timeline.ts';
import { openedBy, scriptedEvents } from '../../support/watched-session.ts';

const script = { clients: 20, rounds: 1, leaving: [2], refused: [9] };
const round = scriptedEvents(script).reduce(foldEvent, openWatched(openedBy(script))).round!;

describe('timelineLines()', () => {
  const lines = timelineLines(round, round.endedMs!, { masks: true, told: true });

  it('has a line for every phase, with a mark for everyone who answered', () => {
    assert.deepEqual(
      lines.map(({ name, count, total }) => [name, count, total]),
      [
        ['advertise-keys', 20, 20],
        ['share-keys', 20, 20],
        ['training', 19, 20],
        ['masked-input', 18, 20],
        ['statement', 18, 18],
        ['unmask', 18, 18],
      ],
    );
  });

  it('counts from the beginning of the round, and never backwards', () => {
    for (const { fromMs, toMs, done } of lines) {
      assert.ok(fromMs !== null && toMs !== null && fromMs >= 0 && toMs >= fromMs);
      assert.ok(done.every((ms) => ms >= fromMs));
    }
  });

  it('marks who was refused and who left where that was seen', () => {
    const kinds = lines.map(({ unusual }) => unusual.map(({ kind }) => kind));
    assert.deepEqual(kinds, [[], [], [], ['refused', 'dropped', 'dropped'], [], []]);
  });

  it('leaves out what nobody can know, and phases that there are not', () => {
    const room = timelineLines(round, round.endedMs!, { masks: true, told: false });
    assert.ok(room.every(({ name }) => name !== 'training'));
    const open = timelineLines(round, round.endedMs!, { masks: false, told: false });
    assert.deepEqual(
      open.map(({ name, family }) => [name, family]),
      [['masked-input', 'clear']],
    );
  });
});

describe('timeScale()', () => {
  it('fits what has passed and what is expected, with four to seven ticks from zero on', () => {
    for (let ms = 100; ms < 200_000_000; ms = Math.ceil(ms * 1.37)) {
      const { toMs, ticksMs } = timeScale(ms, 0);
      assert.ok(toMs >= ms);
      assert.equal(ticksMs[0], 0);
      assert.ok(Math.abs(ticksMs.at(-1)! - toMs) < 1);
      assert.ok(ticksMs.length >= 4 && ticksMs.length <= 7, `${ms}: ${ticksMs.length}`);
    }
    assert.equal(timeScale(1_000, 25_000).toMs, 30_000);
  });

  it('changes rarely while time passes: a dozen times at most in the first five minutes', () => {
    const scales = new Set(Array.from({ length: 3_000 }, (_, index) => timeScale(index * 100, 0).toMs));
    assert.ok(scales.size <= 13, `${scales.size}`);
  });
});

describe('markPath()', () => {
  it('draws one closed shape a mark', () => {
    assert.equal(markPath([1, 2, 3], 10, 5).split('z').length - 1, 3);
    assert.equal(markPath([], 10, 5), '');
  });
});
