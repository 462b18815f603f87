/** What the settings are told of the engines of this machine, with a real measurement. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { presetTopology } from '../../../core/model/presets.ts';
import { EngineSpeeds } from '../../../main/compute/engine-speeds.ts';
import { installedEngines } from '../../../main/compute/engines.ts';
import { Interface, openHost, type OpenedHost } from './open-host.ts';

describe("the engines' methods of a host", () => {
  let opened: OpenedHost;
  let screen: Interface;
  before(async () => {
    opened = await openHost();
    screen = new Interface(opened.host);
  });
  after(() => opened.host.close());

  it('tell which engines are here, and what would train the reference model, before anything was measured', async () => {
    const { engines, measured, reference } = await screen.ask('engines', {});
    const here = (await installedEngines()).map(({ name }) => name);
    assert.deepEqual(
      engines.filter(({ variant }) => variant !== null).map(({ engine }) => engine),
      here,
    );
    assert.deepEqual([measured, reference?.name, reference?.speeds], [[], 'compiled', []]);
    assert.ok(reference!.plan!.processes >= 1);
  });

  it('name no speed of engines that are not here any more', async () => {
    const speeds = new EngineSpeeds({
      folder: opened.folder.data,
      version: '1.2.3',
      measure: () =>
        Promise.resolve({
          speeds: [{ engine: 'tensorflow', variant: '', imagesPerSecond: 9_999 }],
          complete: true,
        }),
    });
    const topology = presetTopology('cnn', { height: 28, width: 28, channels: 1, classes: 10 });
    const engines = (await installedEngines()).map((engine) => ({ ...engine, variant: 'another' }));
    await speeds.of({ name: 'cnn', topology, batch: 32 })(engines);
    const { measured, reference } = await screen.ask('engines', {});
    assert.deepEqual([measured.length, reference?.speeds], [1, []]);
  });

  it('measure them, and remember it', async () => {
    const { measured, reference } = await screen.ask('measureEngines', {});
    const [first] = measured;
    assert.deepEqual(
      [measured.length, first?.model, first?.batch, first?.parameters],
      [1, 'cnn', 32, 241_546],
    );
    assert.deepEqual(reference?.speeds, first?.speeds);
    const speed = (name: string): number =>
      first!.speeds.find(({ engine }) => engine === name)?.imagesPerSecond ?? Number.NaN;
    assert.ok(speed('compiled') > 0 && speed('wasm') > 0);
    assert.equal(reference?.name, 'compiled');
    assert.deepEqual((await screen.ask('engines', {})).measured, measured);
  });

  it('go by what a person chose', async () => {
    await screen.ask('savePreferences', { engine: 'wasm', processes: 3 });
    const { reference } = await screen.ask('engines', {});
    assert.deepEqual(
      [reference?.name, reference?.reason, reference?.plan?.processes, reference?.plan?.reason],
      ['wasm', { kind: 'asked' }, 3, 'asked'],
    );
    await screen.ask('savePreferences', { engine: 'tensorflow' });
    const missing = (await screen.ask('engines', {})).reference;
    const isHere = (await installedEngines()).some(({ name }) => name === 'tensorflow');
    assert.equal(missing?.name, isHere ? 'tensorflow' : undefined);
    await screen.ask('savePreferences', { engine: 'auto', processes: null });
  });
});
