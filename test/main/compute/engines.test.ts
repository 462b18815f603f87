import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EngineSpeed } from '../../../core/contract/engines.ts';
import type { EngineName, ModelTopology } from '../../../core/model/engine.ts';
import { presetNames, presetTopology } from '../../../core/model/presets.ts';
import { tensorflowSetUp } from '../../../main/compute/tensorflow-facts.ts';
import { chooseEngine, engineStates, installedEngines } from '../../../main/compute/engines.ts';

const mnist = { height: 28, width: 28, channels: 1, classes: 10 };

/** A dense model on flattened images with one layer in front. */
function withFirst(class_name: string, config: object): ModelTopology {
  const layers = [
    { class_name, config: { name: 'first', batch_input_shape: [null, 28, 28, 1], ...config } },
    { class_name: 'Flatten', config: { name: 'flatten' } },
    { class_name: 'Dense', config: { name: 'output', units: 10, activation: 'softmax' } },
  ];
  return { class_name: 'Sequential', config: { name: 'model', layers } };
}
/** Trained by tf.js alone. */
const enlarged = withFirst('Conv2DTranspose', { filters: 2, kernel_size: 3 });
const cnn = presetTopology('cnn', mnist);

const speeds = (figures: Partial<Record<EngineName, number>>): readonly EngineSpeed[] =>
  Object.entries(figures).map(([engine, imagesPerSecond]) => ({
    engine: engine as EngineName,
    variant: '',
    imagesPerSecond,
  }));
const measured = (figures: Partial<Record<EngineName, number>>) => ({
  measure: () => Promise.resolve(speeds(figures)),
});

describe('chooseEngine()', () => {
  for (const name of presetNames)
    it(`takes the compiled engine for ${name} where nothing was measured`, async () => {
      const { engine, reason, note, speeds: known } = await chooseEngine(presetTopology(name, mnist));
      assert.equal(engine.name, 'compiled');
      assert.deepEqual([reason, known], [{ kind: 'fastest' }, []]);
      assert.match(note, /^compiled \((relaxed )?SIMD\)$/);
    });

  it('takes the engine that was measured as the fastest, and keeps the figures', async () => {
    const figures = { compiled: 400, wasm: 900 };
    const { engine, reason, speeds: known } = await chooseEngine(cnn, measured(figures));
    assert.deepEqual([engine.name, reason.kind, known], ['wasm', 'fastest', speeds(figures)]);
    assert.equal((await chooseEngine(cnn, measured({ compiled: 5000, wasm: 400 }))).engine.name, 'compiled');
  });

  it('keeps to the usual one where another is hardly faster, so that two days give one model', async () => {
    assert.equal((await chooseEngine(cnn, measured({ compiled: 1000, wasm: 1080 }))).engine.name, 'compiled');
    assert.equal((await chooseEngine(cnn, measured({ compiled: 1000, wasm: 1120 }))).engine.name, 'wasm');
  });

  it('takes what could be measured rather than what could not', async () => {
    assert.equal((await chooseEngine(cnn, measured({ wasm: 10 }))).engine.name, 'wasm');
    assert.equal((await chooseEngine(cnn, measured({}))).engine.name, 'compiled');
  });

  it('asks for the speed of those that can train the model, and of no other', async () => {
    const asked: string[][] = [];
    const measure = (engines: readonly { readonly name: string }[]) => {
      asked.push(engines.map(({ name }) => name));
      return Promise.resolve([]);
    };
    const present = (await installedEngines()).map(({ name }) => name);
    await chooseEngine(cnn, { measure });
    await chooseEngine(cnn, { measure, asked: 'compiled' });
    assert.deepEqual(asked, [present]);
  });

  it('measures nothing where one engine alone can train the model, and says why', async () => {
    const alone = (await installedEngines()).length === 2;
    const { engine, reason, note } = await chooseEngine(enlarged, {
      measure: () => (alone ? Promise.reject(new Error('measured')) : Promise.resolve([])),
    });
    assert.notEqual(engine.name, 'compiled');
    assert.match(reason.kind === 'only' ? reason.refusal : '', /first.*\(Conv2DTranspose\).*[^.]$/);
    assert.match(note, /slower than compiled, which cannot train this model: .*first.*\(Conv2DTranspose\)/);
  });

  for (const name of ['compiled', 'wasm'] as const)
    it(`takes ${name} when asked`, async () => {
      const { engine, reason, note } = await chooseEngine(cnn, {
        asked: name,
        ...measured({ compiled: 1, wasm: 1000 }),
      });
      assert.deepEqual([engine.name, reason.kind], [name, 'asked']);
      assert.match(note, /as asked$/);
    });

  it('refuses the compiled engine for a model that only others train', async () => {
    await assert.rejects(chooseEngine(enlarged, { asked: 'compiled' }), {
      code: 'invalid-setting',
      message: /wasm for this model.*first/s,
    });
  });

  for (const asked of [undefined, 'auto', 'compiled', 'wasm'] as const)
    it(`refuses what no engine trains, naming the layer, whatever is asked for (${asked ?? 'nothing'})`, async () => {
      await assert.rejects(chooseEngine(withFirst('LSTM', { units: 3 }), { asked }), {
        code: 'model-refused',
        message: /layer "first" \(LSTM\)/,
      });
    });
});

describe('engineStates()', () => {
  it('names every engine, its variant where it is here, and of what is set up, by what', async () => {
    const present = await installedEngines();
    const states = await engineStates();
    assert.deepEqual(
      states.map(({ engine }) => engine),
      ['compiled', 'tensorflow', 'wasm'],
    );
    for (const { engine, variant, setUp } of states) {
      const found = present.find(({ name }) => name === engine);
      assert.equal(variant, found?.variant ?? null);
      if (engine === 'tensorflow') assert.deepEqual(setUp, await tensorflowSetUp());
      else assert.equal(setUp, null);
    }
    assert.match(present[0].variant, /SIMD/);
  });
});
