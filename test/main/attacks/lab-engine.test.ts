/** Which engine trains what an attack trains: by what is remembered, never by a measurement of its own. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { LabelledImages } from '../../../core/datasets/dataset.ts';
import { presetTopology } from '../../../core/model/presets.ts';
import { openLabEngine } from '../../../main/attacks/lab-engine.ts';
import { EngineSpeeds } from '../../../main/compute/engine-speeds.ts';
import { installedEngines } from '../../../main/compute/engines.ts';

const shape = { height: 28, width: 28, channels: 1 };
const mlp = presetTopology('mlp', { ...shape, classes: 10 });
const none: LabelledImages = { ...shape, images: new Uint8Array(0), labels: new Uint8Array(0), count: 0 };
const version = '1.0.0';

describe('openLabEngine()', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'masquerade-lab-engine-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const remember = (compiled: number, wasm: number) =>
    new EngineSpeeds({
      folder,
      version,
      measure: () =>
        Promise.resolve({
          complete: true,
          speeds: [
            { engine: 'compiled', variant: '', imagesPerSecond: compiled },
            { engine: 'wasm', variant: '', imagesPerSecond: wasm },
          ],
        }),
    });
  const trainer = async (batchSize: number, requested?: 'compiled') => {
    const lab = await openLabEngine(requested, { folder, version });
    const model = await lab.engine.plan(mlp, { train: none, test: none }, { batchSize });
    model.dispose();
    assert.match(lab.used(), new RegExp(`^${model.engine} \\(`));
    return model.engine;
  };

  it('takes the usual engine where nothing is remembered, and measures nothing', async () => {
    assert.equal(await trainer(32), 'compiled');
    assert.deepEqual(await new EngineSpeeds({ folder, version }).measurements(), []);
  });

  it('takes the engine that is remembered as fastest with the model, by the nearest batch size', async () => {
    const engines = await installedEngines();
    for (const [batch, wasm] of [
      [8, 100],
      [64, 9_000],
    ] as const)
      await remember(5_000, wasm).of({ name: 'mlp', topology: mlp, batch })(engines);
    assert.equal(await trainer(64), 'wasm');
    assert.equal(await trainer(32), 'wasm');
    assert.equal(await trainer(8), 'compiled');
    assert.equal(await trainer(1), 'compiled');
    assert.equal(await trainer(64, 'compiled'), 'compiled');
  });
});
