import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { canUpdate, type Updater, Updates } from '../../../main/electron/updates.ts';

function fakeUpdater(isUpdateAvailable: boolean) {
  const did: string[] = [];
  const updater: Updater = {
    autoDownload: true,
    autoInstallOnAppQuit: false,
    checkForUpdates: () => {
      did.push('check');
      return Promise.resolve({ isUpdateAvailable, updateInfo: { version: '2.0.0' } });
    },
    downloadUpdate: () => {
      did.push(updater.autoDownload ? 'fetch unasked' : 'fetch');
      return Promise.resolve([]);
    },
  };
  return { updater, did };
}

describe('Updates', () => {
  it('never loads the updater unless it is switched on', async () => {
    const updates = new Updates({
      load: () => assert.fail('loaded'),
      offer: () => assert.fail('offered'),
      log: () => undefined,
    });
    await updates.setOn(false);
    await updates.setOn(false);
  });

  it('looks once each time it is switched on, and fetches what a person wants', async () => {
    const { updater, did } = fakeUpdater(true);
    const offered: string[] = [];
    const updates = new Updates({
      load: () => Promise.resolve(updater),
      offer: (version) => {
        offered.push(version);
        return Promise.resolve(offered.length === 2);
      },
      log: () => undefined,
    });
    await updates.setOn(true);
    await updates.setOn(true);
    assert.deepEqual(did, ['check']);
    await updates.setOn(false);
    await updates.setOn(true);
    assert.deepEqual(did, ['check', 'check', 'fetch']);
    assert.deepEqual(offered, ['2.0.0', '2.0.0']);
  });

  it('offers nothing where there is nothing new', async () => {
    const { updater, did } = fakeUpdater(false);
    const updates = new Updates({
      load: () => Promise.resolve(updater),
      offer: () => assert.fail('offered'),
      log: () => undefined,
    });
    await updates.setOn(true);
    assert.deepEqual(did, ['check']);
  });

  it('says nothing but a line in the log where there is no network', async () => {
    const lines: string[] = [];
    const updates = new Updates({
      load: () => Promise.reject(new Error('no network')),
      offer: () => assert.fail('offered'),
      log: (line) => lines.push(line),
    });
    await updates.setOn(true);
    assert.deepEqual(lines, ['cannot look for a new version: no network']);
  });
});

describe('canUpdate()', () => {
  it('is true of a package that says where to look, alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'masquerade-updates-'));
    assert.equal(canUpdate(true, folder), false);
    await writeFile(join(folder, 'app-update.yml'), 'provider: generic\n');
    assert.equal(canUpdate(true, folder), true);
    assert.equal(canUpdate(false, folder), false);
    await rm(folder, { recursive: true });
  });
});
