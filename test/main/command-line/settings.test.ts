import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { allowedValues, checkSettings, readSettings } from '../../../main/command-line/settings.ts';

describe('checkSettings()', () => {
  const refused: readonly (readonly [Readonly<Record<string, unknown>>, RegExp])[] = [
    [{ clients: 2 }, /clients, as it must be a whole number from 3 to 500, and is 2\./],
    [{ clients: 'many' }, /clients.*and is many\./],
    [{ rounds: 1.5 }, /rounds.*whole number/],
    [{ learningRate: 0 }, /learningRate.*above 0/],
    [{ keyAgreement: 'dh' }, /keyAgreement.*x25519, modp14/],
    [{ masks: 'yes' }, /masks.*on or off/],
    [{ partition: 'dirichlet' }, /partition.*dirichlet:ALPHA/],
    [{ rsaBits: 1024 }, /rsaBits.*2048, 3072/],
    [{ colour: 1 }, /the setting.*colour/],
  ];
  for (const [given, message] of refused)
    it(`refuses ${JSON.stringify(given)}, naming field, value and range`, () => {
      assert.throws(() => checkSettings(given), { code: 'invalid-setting', message });
    });

  it('gives the reference experiment without any setting', () => {
    const { clients, rounds, model, learningRate, masks } = checkSettings({});
    assert.deepEqual([clients, rounds, model, learningRate, masks], [20, 5, 'cnn', 0.001, true]);
  });
});

describe('readSettings()', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'masquerade-settings-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('lets the command line win over the file, the file over the defaults', async () => {
    const config = join(folder, 'settings.json');
    await writeFile(config, JSON.stringify({ clients: 7, rounds: 3 }));
    const settings = await readSettings({ config, clients: '9', masks: 'off' });
    assert.deepEqual([settings.clients, settings.rounds, settings.masks], [9, 3, false]);
  });

  it('names a file that is missing or is not JSON', async () => {
    const broken = join(folder, 'broken.json');
    await writeFile(broken, '{');
    await assert.rejects(readSettings({ config: broken }), { code: 'file-unreadable' });
    await assert.rejects(readSettings({ config: join(folder, 'none.json') }), { code: 'file-not-found' });
  });
});

describe('allowedValues()', () => {
  it('says ranges in words', () => {
    assert.equal(allowedValues('momentum'), 'a number from 0 and below 1');
    assert.equal(allowedValues('fraction'), 'a number above 0 to 1');
  });
});
