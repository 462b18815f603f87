import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { dirname, basename } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { runSettingsSchema, type RunSettings } from '../../../core/contract/run-settings.ts';
import { openWorkbench } from '../../../main/simulation/open-workbench.ts';
import type { Workbench } from '../../../main/simulation/workbench.ts';
import { writeSmallData } from '../compute/small-data.ts';

describe('openWorkbench()', () => {
  let folder = '';
  before(async () => {
    folder = await writeSmallData();
  });
  after(() => rm(folder, { recursive: true }));

  const open = (settings: Partial<RunSettings>): Promise<Workbench> =>
    openWorkbench(
      runSettingsSchema.parse({ dataset: folder, model: 'cnn-light', ...settings }),
      () => undefined,
    );

  it('refuses settings that cannot work together before it starts a process', async () => {
    for (const settings of [
      { clients: 4, graph: 'sparse' },
      { clients: 4, threshold: 5 },
      { quantisation: false },
    ] as const)
      await assert.rejects(open(settings), { code: 'invalid-setting' });
    assert.ok(!process.getActiveResourcesInfo().includes('ProcessWrap'));
  });

  it('starts no more processes than there can be work for', async () => {
    const bench = await open({ clients: 3, processes: 256 });
    const { pids, processes } = bench.pool;
    await bench.pool.close();
    // three clients train, and 2,500 test images are five parts of an evaluation
    assert.deepEqual([processes, pids.length], [5, 5]);
    const { name, plan, reason, speeds } = bench.engine;
    assert.deepEqual([name, plan?.reason, reason, speeds], ['compiled', 'work', { kind: 'fastest' }, []]);
  });

  it("reads data and model from the caller's folder", async () => {
    process.env['MASQUERADE_CWD'] = dirname(folder);
    try {
      const bench = await open({ clients: 3, dataset: basename(folder), processes: 1 });
      await bench.pool.close();
      const missing = new RegExp(`no file ${dirname(folder)}.+mine\\.json`);
      await assert.rejects(open({ model: 'mine.json' }), { code: 'invalid-setting', message: missing });
    } finally {
      delete process.env['MASQUERADE_CWD'];
    }
  });
});
