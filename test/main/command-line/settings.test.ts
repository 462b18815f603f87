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
    [{ colour: 1 }, /colour, as no setting is called so: one of clients, rounds/],
    [{ 'learning-rate': 1 }, /learning-rate, as no setting is called so: it is called learningRate\./],
    [{ optimizer: 'adam', momentum: 0.9 }, /momentum 0\.9 while optimizer is adam, as only sgd takes it/],
    [{ loss: 'hinge' }, /loss, as it must be one of cross-entropy, squared-error, focal, and is hinge\./],
    [{ labelSmoothing: 1 }, /labelSmoothing.*from 0 and below 1/],
    [{ loss: 'focal', focalGamma: -1 }, /focalGamma.*from 0 to 10/],
    [
      { loss: 'focal', labelSmoothing: 0.1 },
      /labelSmoothing 0\.1 while loss is focal, as only cross-entropy takes it: choose cross-entropy, or leave it out/,
    ],
    [{ focalGamma: 1 }, /focalGamma 1 while loss is cross-entropy, as only focal takes it/],
    [{ dropAt: 'unmask' }, /dropAt unmask without drop, as nobody vanishes/],
    [{ clippingNorm: 2 }, /clippingNorm without noiseMultiplier, as there is no differential privacy/],
    [{ privacyBudget: 5 }, /privacyBudget without noiseMultiplier/],
    [{ noiseMultiplier: 1, weights: 'exact' }, /weights exact with noiseMultiplier, as noise does not hide/],
    [{ noiseMultiplier: 1, clippingQuantile: 0.8 }, /clippingQuantile without adaptiveClipping/],
    [{ noiseMultiplier: -1 }, /noiseMultiplier.*from 0 to 1000/],
    [{ noiseMultiplier: 1, delta: 1 }, /delta.*above 0 and below 1/],
    [{ clients: 6, drop: 0.1 }, /drop 0\.1 with 6 clients, as less than one.*at least 0\.167/],
  ];
  for (const [given, message] of refused)
    it(`refuses ${JSON.stringify(given)}, naming field, value and range`, () => {
      assert.throws(() => checkSettings(given), { code: 'invalid-setting', message });
    });

  it('takes what looks alike and has an effect', () => {
    assert.equal(checkSettings({ optimizer: 'sgd', momentum: 0.9 }).momentum, 0.9);
    assert.equal(checkSettings({ loss: 'focal', focalGamma: 0.5 }).focalGamma, 0.5);
    assert.equal(checkSettings({ loss: 'cross-entropy', labelSmoothing: 0.1 }).labelSmoothing, 0.1);
    assert.equal(checkSettings({ clients: 6, drop: 0.167 }).drop, 0.167);
    assert.equal(checkSettings({ drop: 0.05, dropAt: 'any' }).dropAt, 'any');
    assert.equal(checkSettings({ noiseMultiplier: 1, clippingNorm: 2, privacyBudget: 5 }).privacyBudget, 5);
    const adaptive = { noiseMultiplier: 1, adaptiveClipping: true, clippingQuantile: 0.8 };
    assert.equal(checkSettings({ ...adaptive, weights: 'uniform' }).clippingQuantile, 0.8);
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
    await writeFile(broken, '[1]');
    await assert.rejects(readSettings({ config: broken }), {
      message: /broken\.json, as it must be a JSON object/,
    });
  });

  it('takes on and off, a byte-order mark, and null for a setting that is left out', async () => {
    const config = join(folder, 'hand-written.json');
    await writeFile(
      config,
      '\uFEFF{ "masks": "off", "signatures": "on", "quantisation": false, "threshold": null }',
    );
    const { masks, signatures, quantisation, threshold } = await readSettings({ config });
    assert.deepEqual([masks, signatures, quantisation, threshold], [false, true, false, undefined]);
  });

  it("takes a finished run's JSON for its settings", async () => {
    const config = join(folder, 'report.json');
    const simulation = { kind: 'simulation', seconds: 1, settings: { clients: 8 }, rounds: [] };
    await writeFile(config, JSON.stringify(simulation));
    assert.equal((await readSettings({ config })).clients, 8);
    await writeFile(config, JSON.stringify({ format: 'x', kind: 'comparison', rows: [], simulation }));
    assert.equal((await readSettings({ config, rounds: '2' })).clients, 8);
  });

  it('names a wrong setting as it is spelt where it was given', async () => {
    const config = join(folder, 'wrong.json');
    await writeFile(config, JSON.stringify({ examplesPerClient: 0, drop: 0.5 }));
    await assert.rejects(readSettings({ config }), {
      message: `Cannot use examplesPerClient in ${config}, as it must be a whole number from 1 to 1000000, and is 0.`,
    });
    await assert.rejects(readSettings({ config, examplesPerClient: 'few' }), {
      message: /^Cannot use --examples-per-client, as .* and is few\.$/,
    });
    await assert.rejects(readSettings({ config, drop: '0', dropAt: 'any', examplesPerClient: '5' }), {
      message: /^Cannot use --drop-at any without --drop,/,
    });
  });

  it("takes a relative path from the caller's folder", async () => {
    await writeFile(join(folder, 'relative.json'), '{ "clients": 5 }');
    process.env['MASQUERADE_CWD'] = folder;
    try {
      assert.equal((await readSettings({ config: 'relative.json' })).clients, 5);
    } finally {
      delete process.env['MASQUERADE_CWD'];
    }
  });
});

describe('allowedValues()', () => {
  it('says ranges in words', () => {
    assert.equal(allowedValues('momentum'), 'a number from 0 and below 1');
    assert.equal(allowedValues('fraction'), 'a number above 0 to 1');
  });
});
