/** What is remembered of engines' speeds; and a real measurement, in a process. */
import assert from 'node:assert/strict';
import promises, { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it, type TestContext } from 'node:test';
import type { EngineSpeed } from '../../../core/contract/engines.ts';
import type { Engine } from '../../../core/model/engine.ts';
import { presetTopology } from '../../../core/model/presets.ts';
import { EngineSpeeds, type EngineSpeedsOptions } from '../../../main/compute/engine-speeds.ts';
import { chooseEngine, loadEngine } from '../../../main/compute/engines.ts';
import { smallData } from './small-data.ts';

const images = { height: 28, width: 28, channels: 1, classes: 10 };
const mlp = { name: 'mlp', topology: presetTopology('mlp', images), batch: 32 };
/** A busy machine is no fault. */
const patienceMs = 120_000;
const figures: readonly EngineSpeed[] = [
  { engine: 'compiled', variant: 'SIMD', imagesPerSecond: 5_000 },
  { engine: 'wasm', variant: 'SIMD', imagesPerSecond: 400 },
];

/** No byte more can be written to a file that is opened, until what is returned is called, or the test ends. */
function fillDisk(t: TestContext): () => void {
  const { open } = promises;
  const full = t.mock.method(promises, 'open', async (...args: Parameters<typeof open>) => {
    const file = await open(...args);
    const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    file.writeFile = () => Promise.reject(error);
    return file;
  });
  syncBuiltinESMExports();
  const makeRoom = (): void => {
    full.mock.restore();
    syncBuiltinESMExports();
  };
  t.after(makeRoom);
  return makeRoom;
}

describe('EngineSpeeds', () => {
  let folder = '';
  let engines: Engine[] = [];
  let measurements = 0;
  before(async () => {
    engines = await Promise.all([loadEngine('compiled'), loadEngine('wasm')]);
  });
  beforeEach(async () => {
    await rm(folder, { recursive: true, force: true });
    folder = await mkdtemp(join(tmpdir(), 'masquerade-speeds-'));
    measurements = 0;
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const open = (changes: Partial<EngineSpeedsOptions> = {}): EngineSpeeds =>
    new EngineSpeeds({
      folder,
      version: '1.0.0',
      measure: () => {
        measurements += 1;
        return Promise.resolve({ speeds: figures, complete: true });
      },
      now: () => new Date('2026-11-26T10:00:00Z'),
      ...changes,
    });
  const file = (): string => join(folder, 'engine-speeds.json');

  it('measures once, and remembers for other processes', async () => {
    const speeds = open();
    // asked for twice at the same moment
    const both = await Promise.all([speeds.of(mlp)(engines), speeds.of(mlp)(engines)]);
    assert.deepEqual(both, [figures, figures]);
    assert.deepEqual(await open().of(mlp)(engines), figures);
    assert.equal(measurements, 1);
    assert.deepEqual(await open().measurements(), [
      {
        model: 'mlp',
        parameters: 203_530,
        batch: 32,
        measuredAt: '2026-11-26T10:00:00.000Z',
        speeds: figures,
      },
    ]);
    assert.equal((await stat(file())).mode & 0o077, 0);
  });

  it('measures another model, batch size, version of the program or of an engine by itself', async () => {
    await open().of(mlp)(engines);
    await open().of({ ...mlp, batch: 64 })(engines);
    await open().of({ ...mlp, topology: presetTopology('cnn', images) })(engines);
    await open({ version: '1.0.1' }).of(mlp)(engines);
    await open().of(mlp)(engines.map((engine) => ({ ...engine, variant: 'another' })));
    await open().of(mlp)(engines.slice(1));
    assert.equal(measurements, 6);
    assert.equal((await open().measurements()).length, 6);
    // the name is only for people
    await open().of({ ...mlp, name: 'model' })(engines);
    assert.equal(measurements, 6);
  });

  it('measures again where its file is damaged, or another version wrote it', async () => {
    await open().of(mlp)(engines);
    const whole = await readFile(file(), 'utf8');
    const damaged = [whole.slice(0, -20), '', 'null', whole.replace('"format": 1', '"format": 2')];
    for (const [index, text] of [...damaged, whole.replace('5000', '-5000')].entries()) {
      assert.notEqual(text, whole);
      await writeFile(file(), text);
      assert.deepEqual(await open().measurements(), []);
      assert.deepEqual(await open().of(mlp)(engines), figures);
      assert.equal(measurements, index + 2);
    }
    assert.equal((await open().measurements()).length, 1);
  });

  it('uses what was measured in part, for this process alone', async () => {
    const part = figures.slice(0, 1);
    const speeds = open({
      measure: () => {
        measurements += 1;
        return Promise.resolve({ speeds: part, complete: false });
      },
    });
    assert.deepEqual(await speeds.of(mlp)(engines), part);
    assert.deepEqual(await speeds.of(mlp)(engines), part);
    assert.equal(measurements, 1);
    assert.deepEqual(await speeds.measurements(), []);
    assert.deepEqual(await open().of(mlp)(engines), figures);
  });

  it('forgets everything when told to', async () => {
    const speeds = open();
    await speeds.of(mlp)(engines);
    await speeds.forget();
    assert.deepEqual(await speeds.measurements(), []);
    await speeds.of(mlp)(engines);
    assert.equal(measurements, 2);
  });

  it('keeps the latest, up to a number', async () => {
    const speeds = open();
    for (let batch = 1; batch <= 43; batch += 1) await speeds.of({ ...mlp, batch })(engines);
    const kept = await speeds.measurements();
    assert.deepEqual([kept.length, kept[0]?.batch, kept.at(-1)?.batch], [40, 43, 4]);
  });

  const unwritable: Readonly<Record<string, (t: TestContext) => Promise<string>>> = {
    'in a folder that cannot be made': async () => {
      await writeFile(join(folder, 'file'), '');
      return join(folder, 'file', 'data');
    },
    'on a full disk': async (t) => {
      await open().of({ ...mlp, batch: 8 })(engines);
      measurements = 0;
      fillDisk(t);
      return folder;
    },
  };
  for (const [where, prepare] of Object.entries(unwritable))
    it(`${where}, engines are chosen, shown and measured again all the same, and nothing half-written is left`, async (t) => {
      const speeds = open({ folder: await prepare(t) });
      const before = await readdir(folder);
      const choose = async () => (await chooseEngine(mlp.topology, { measure: speeds.of(mlp) })).engine.name;
      assert.deepEqual([await choose(), await choose(), measurements], ['compiled', 'compiled', 1]);
      assert.equal((await speeds.measurements())[0]?.batch, 32);
      await speeds.forget();
      assert.deepEqual(await speeds.measurements(), []);
      assert.deepEqual([await choose(), measurements], ['compiled', 2]);
      assert.deepEqual(await readdir(folder), before);
    });

  it('keeps what it measured on a full disk as soon as there is room', async (t) => {
    const speeds = open();
    const makeRoom = fillDisk(t);
    await speeds.of(mlp)(engines);
    makeRoom();
    await speeds.of({ ...mlp, batch: 64 })(engines);
    assert.deepEqual(
      (await open().measurements()).map(({ batch }) => batch),
      [64, 32],
    );
  });

  it('measures in a process of its own, which is gone afterwards', async () => {
    const small = { name: 'cnn-light', topology: presetTopology('cnn-light', smallData), batch: 16 };
    const speeds = new EngineSpeeds({ folder, version: '1.0.0', patienceMs });
    const { engine, speeds: known } = await chooseEngine(small.topology, { measure: speeds.of(small) });
    assert.equal(engine.name, 'compiled');
    const names = known.map((speed) => speed.engine);
    assert.ok(names.includes('compiled') && names.includes('wasm'), names.join());
    for (const { imagesPerSecond } of known)
      assert.ok(imagesPerSecond > 0 && Number.isFinite(imagesPerSecond));
    const [kept] = await speeds.measurements();
    assert.deepEqual([kept?.model, kept?.batch, kept?.speeds], ['cnn-light', 16, known]);
    assert.ok(!process.getActiveResourcesInfo().includes('ProcessWrap'));
  });

  it('gives up a measurement that takes too long, ends its process, and trains with the usual engine', async () => {
    const speeds = new EngineSpeeds({ folder, version: '1.0.0', patienceMs: 1 });
    const { engine, speeds: known } = await chooseEngine(mlp.topology, { measure: speeds.of(mlp) });
    assert.deepEqual([engine.name, known], ['compiled', []]);
    assert.deepEqual(await speeds.measurements(), []);
    assert.ok(!process.getActiveResourcesInfo().includes('ProcessWrap'));
  });

  it('leaves out an engine that cannot train the model, and measures the others', async () => {
    const enlarging = {
      class_name: 'Sequential',
      config: {
        name: 'enlarging',
        layers: [
          {
            class_name: 'Conv2DTranspose',
            config: { name: 'enlarge', batch_input_shape: [null, 4, 4, 1], filters: 2, kernel_size: 3 },
          },
          { class_name: 'Flatten', config: { name: 'flatten' } },
          { class_name: 'Dense', config: { name: 'output', units: 3, activation: 'softmax' } },
        ],
      },
    };
    const speeds = new EngineSpeeds({ folder, version: '1.0.0', patienceMs });
    const known = await speeds.of({ name: 'enlarging', topology: enlarging, batch: 4 })(engines);
    assert.deepEqual(
      known.map(({ engine }) => engine),
      ['wasm'],
    );
  });
});
