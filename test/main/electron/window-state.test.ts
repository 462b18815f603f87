import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  type Area,
  readSavedState,
  saneState,
  saveState,
  SMALLEST,
} from '../../../main/electron/window-state.ts';

const laptop: Area = { x: 0, y: 25, width: 1440, height: 875 };
const projector: Area = { x: 1440, y: 0, width: 1920, height: 1080 };
const state = (bounds: Area, maximised = false) => ({ bounds, maximised, fullScreen: false });

describe('saneState()', () => {
  it('keeps a window where it stood, on either screen, even partly beside it', () => {
    for (const bounds of [
      { x: 100, y: 60, width: 1000, height: 700 },
      { x: 1800, y: 10, width: 1200, height: 800 },
      { x: -700, y: 60, width: 1000, height: 700 },
    ])
      assert.deepEqual(saneState(state(bounds, true), [laptop, projector]), state(bounds, true));
  });

  it('moves a window to the first screen when its own is gone', () => {
    const { bounds, maximised } = saneState(state({ x: 1800, y: 10, width: 1200, height: 800 }, true), [
      laptop,
    ]);
    assert.deepEqual(bounds, { x: 120, y: 63, width: 1200, height: 800 });
    assert.ok(maximised);
  });

  it('moves a window whose title bar cannot be taken hold of', () => {
    for (const bounds of [
      { x: 100, y: -200, width: 1000, height: 700 },
      { x: 100, y: 890, width: 1000, height: 700 },
      { x: 1400, y: 100, width: 1000, height: 700 },
      { x: -950, y: 100, width: 1000, height: 700 },
    ]) {
      const { x, y } = saneState(state(bounds), [laptop]).bounds;
      assert.ok(x >= 0 && y >= laptop.y && y < 200, JSON.stringify(bounds));
    }
  });

  it('gives a size that fits the screen and that the interface fits into', () => {
    const { bounds } = saneState(state({ x: 0, y: 25, width: 9000, height: 9000 }), [laptop]);
    assert.deepEqual(bounds, laptop);
    const small = saneState(state({ x: 0, y: 25, width: 10, height: 10 }), [laptop]).bounds;
    // ten pixels cannot be held: it goes to the middle
    assert.deepEqual([small.width, small.height], [SMALLEST.width, SMALLEST.height]);
  });

  it('begins in the middle of the first screen, whatever nonsense was saved', () => {
    const first = saneState(undefined, [laptop, projector]);
    assert.deepEqual(first, state({ x: 80, y: 43, width: 1280, height: 840 }));
    for (const saved of [null, 'x', {}, { ...state(laptop), more: 1 }, state({ ...laptop, x: NaN })])
      assert.deepEqual(saneState(saved, [laptop, projector]), first);
  });
});

describe('readSavedState()', () => {
  it('reads what saveState() wrote, and nothing where there is nothing to read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'masquerade-window-'));
    const path = join(folder, 'window.json');
    assert.equal(await readSavedState(path), undefined);
    await saveState(path, state(laptop));
    assert.deepEqual(saneState(await readSavedState(path), [laptop]), state(laptop));
    await writeFile(path, '{');
    assert.equal(await readSavedState(path), undefined);
    await saveState(join(path, 'below-a-file'), state(laptop));
    await rm(folder, { recursive: true });
  });
});
