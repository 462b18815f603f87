import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ModelTopology } from '../../../core/model/engine.ts';
import { presetNames, presetTopology } from '../../../core/model/presets.ts';
import { chooseEngine } from '../../../main/compute/engines.ts';

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
const strided = withFirst('Conv2D', { filters: 4, kernel_size: 3, strides: 2, activation: 'tanh' });

describe('chooseEngine()', () => {
  for (const name of presetNames)
    it(`takes the compiled engine for ${name}`, async () => {
      const { engine, reason, note } = await chooseEngine(presetTopology(name, mnist));
      assert.equal(engine.name, 'compiled');
      assert.deepEqual(reason, { kind: 'fastest' });
      assert.match(note, /^compiled \((relaxed )?SIMD\)$/);
    });

  it('takes wasm for what only wasm trains, and says that it is slower and why', async () => {
    const { engine, reason, note } = await chooseEngine(strided);
    assert.equal(engine.name, 'wasm');
    assert.match(reason.kind === 'only' ? reason.refusal : '', /first.*\(Conv2D\).*[^.]$/);
    assert.match(note, /slower than compiled, which cannot train this model: .*first.*\(Conv2D\)/);
  });

  it('takes wasm when asked', async () => {
    const { engine, reason } = await chooseEngine(presetTopology('cnn', mnist), 'wasm');
    assert.deepEqual([engine.name, reason.kind], ['wasm', 'asked']);
  });

  it('refuses the compiled engine for a model that only wasm trains', async () => {
    await assert.rejects(chooseEngine(strided, 'compiled'), {
      code: 'invalid-setting',
      message: /wasm for this model.*first/s,
    });
  });

  for (const requested of [undefined, 'compiled', 'wasm'] as const)
    it(`refuses what no engine trains, naming the layer, whatever is asked for (${requested ?? 'nothing'})`, async () => {
      await assert.rejects(chooseEngine(withFirst('LSTM', { units: 3 }), requested), {
        code: 'model-refused',
        message: /layer "first" \(LSTM\)/,
      });
    });
});
