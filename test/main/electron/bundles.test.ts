/**
 * The bundles as they are shipped, run without Electron: the host's and the compute processes' are worker threads here,
 * each with a stand-in for process.parentPort; main's own classes connect them.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { buildDesktop } from '../../../build/electron/bundle.ts';
import { initialWeights } from '../../../core/model/initial-weights.ts';
import { presetTopology } from '../../../core/model/presets.ts';
import type { FromProcess } from '../../../main/compute/channel.ts';
import { openChannel } from '../../support/electron-ports.ts';
import { forkThread, openHostThread } from '../../support/host-thread.ts';
import { smallData, testCount, writeSmallData } from '../compute/small-data.ts';

/** In the source tree, as the bundles find their packages there. */
const application = fileURLToPath(
  new URL(`../../../build/out/electron-test-${process.pid}/`, import.meta.url),
);
const bundleAt = (name: string): string => join(application, 'main/bundle', name);

describe('the bundles', () => {
  let data = '';
  let folder = '';

  before(async () => {
    await buildDesktop(application);
    folder = await mkdtemp(join(tmpdir(), 'masquerade-bundles-'));
    data = await writeSmallData();
  });
  after(async () => {
    await Promise.all([application, folder, data].map((path) => rm(path, { recursive: true, force: true })));
  });

  it('are files of their own: they need no package beside Electron and SQLite', async () => {
    for (const name of ['main', 'host', 'compute', 'preload', 'unlock-preload']) {
      const text = await readFile(bundleAt(`${name}.cjs`), 'utf8');
      const required = [...text.matchAll(/\brequire\(["'`]([^"'`]+)["'`]\)/g)].map(
        ([, module = '']) => module,
      );
      const others = required.filter((module) => !builtinModules.includes(module.replace(/^node:/, '')));
      const expected = { host: ['better-sqlite3'], compute: [] }[name] ?? ['electron'];
      assert.deepEqual([...new Set(others)], expected, name);
    }
    assert.ok(existsSync(join(application, 'build/out/interface/index.html')));
  });

  it('expose to the page exactly what the contract names', async () => {
    const exposed: Record<string, unknown> = {};
    const ipc: string[] = [];
    const electron = {
      contextBridge: {
        exposeInMainWorld: (name: string, what: unknown) => {
          exposed[name] = what;
        },
      },
      ipcRenderer: { send: (channel: string) => ipc.push(channel), on: () => undefined },
    };
    vm.runInNewContext(await readFile(bundleAt('preload.cjs'), 'utf8'), {
      require: (name: string) => {
        assert.equal(name, 'electron');
        return electron;
      },
    });
    assert.deepEqual(Object.keys(exposed), ['masquerade']);
    const bridge = exposed['masquerade'] as Readonly<Record<string, unknown>>;
    assert.deepEqual(Object.keys(bridge).sort(), ['onMessage', 'send']);
    assert.ok(Object.values(bridge).every((member) => typeof member === 'function'));
    assert.deepEqual(ipc, ['masquerade:host']);
  });

  it('run the host: it opens a data folder, answers a window, and closes in good order', async () => {
    const host = await openHostThread(
      bundleAt,
      {
        folder,
        secret: { kind: 'operating-system', key: new Uint8Array(32).fill(7) },
        withoutPassphrase: { kind: 'wrapping-key' },
        version: '9.9.9',
        language: 'fr',
        update: false,
      },
      ({ what }) => Promise.resolve(what === 'choose-folder' ? data : null),
    );
    const about = await host.call('about', {});
    assert.equal(about.version, '9.9.9');
    assert.equal(about.shell, 'electron');
    assert.equal(about.language, 'fr');
    assert.equal(about.protection, 'operating-system');
    assert.ok(existsSync(join(folder, 'masquerade.sqlite')));

    assert.deepEqual(await host.call('chooseFolder', {}), { path: data });
    assert.equal((await host.call('describeData', { source: data })).test, testCount);
    assert.equal((await host.call('describeData', { source: 'mnist' })).train, 60_000);

    host.go('/join?link=x');
    await host.call('savePreferences', { theme: 'dark' });
    assert.deepEqual(
      host.pushes.find(({ push }) => push === 'go'),
      { push: 'go', to: '/join?link=x' },
    );

    // training goes on in processes that main started for the host, over ports of their own
    const run = await host.simulate({
      dataset: data,
      clients: 4,
      rounds: 2,
      epochs: 1,
      model: 'cnn-light',
      examplesPerClient: 40,
      processes: 2,
    });
    assert.deepEqual([run.title, run.clients, run.roundsDone, run.ended], ['A run', 4, 2, null]);

    // so do attacks, whose code a compute process loads when it is asked for one
    const { run: attack } = await host.call('startAttack', {
      attack: 'closed-form',
      target: { kind: 'fresh' },
      protection: { signature: false, masks: false, noise: 0 },
      settings: { batch: 2, judge: false },
      seed: 1,
    });
    let view = await host.call('watchAttack', { run: attack });
    while (view.stage === 'running') {
      await wait(50);
      view = await host.call('watchAttack', { run: attack });
    }
    assert.equal(view.problem, null);
    const { id, report } = view.finished!;
    assert.ok(report.outcome === 'leaks' && report.images.every(({ pixels }) => pixels.length === 784));
    const page = await host.call('exportAttacks', { ids: [id], format: 'csv', language: 'fr' });
    assert.ok('saved' in page);
    await host.close();
  });

  for (const engine of ['compiled', 'wasm'] as const)
    it(`evaluate in a compute process with the engine ${engine}`, async () => {
      const topology = presetTopology('cnn-light', smallData);
      const weights = initialWeights(topology, 1);
      const { thread, postMessage } = forkThread(bundleAt('compute.cjs'));
      const { port1, port2 } = openChannel();
      postMessage({ kind: 'owner' }, [port1]);
      port2.postMessage({ kind: 'assignment', engine, dataset: data, topology, batchSize: 32 });
      const parts = [
        { start: 0, end: 100 },
        { start: 100, end: testCount },
      ];
      port2.postMessage({ kind: 'job', id: 1, job: { kind: 'evaluate', weights, parts } });
      const answer = await new Promise<FromProcess>((resolve) => port2.once('message', resolve));
      port2.close();
      await thread.terminate();
      assert.ok(answer.kind === 'done' && answer.result.kind === 'evaluated', JSON.stringify(answer));
      assert.deepEqual(
        answer.result.results.map(({ count }) => count),
        [100, testCount - 100],
      );
    });
});
