/** What the wasm engine alone has; its tasks are those of every engine (test/core/model/engines). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { trainableLayers } from '../../../../core/model/layers/catalogue.ts';
import { presetTopology } from '../../../../core/model/presets.ts';
import { dropoutMask } from '../../../../core/model/tfjs/network.ts';
import { createWasmEngine } from '../../../../core/model/wasm/engine.ts';
import { randomStream } from '../../../../core/random/stream.ts';
import { randomImages } from '../reference.ts';

const shape = { height: 28, width: 28, channels: 1 };

describe('the wasm engine', () => {
  it('refuses every layer of tf.js that it does not offer, by name, before any training', async () => {
    const engine = createWasmEngine();
    const images = randomImages(shape, 10, 4, 1);
    const model = presetTopology('cnn-small', { ...shape, classes: 10 });
    // Every class that tf.js can read from a file, layers and others (initialisers, activations) alike.
    const classes = Object.keys(tf.serialization.SerializationMap.getMap().classNameMap);
    const others = classes.filter((name) => !trainableLayers.includes(name) && name !== 'InputLayer');
    assert.ok(others.includes('LSTM') && others.includes('GaussianNoise') && others.length > 30);
    for (const className of others) {
      const [first, ...rest] = (model['config'] as { readonly layers: readonly object[] }).layers;
      const stranger = { class_name: className, config: { name: 'stranger' } };
      const topology = {
        class_name: 'Sequential',
        config: { name: 'model', layers: [first, stranger, ...rest] },
      };
      const refusal = engine.refusal(topology);
      assert.match(refusal ?? 'accepted', new RegExp(`layer "stranger" \\(${className}\\)`));
      await assert.rejects(engine.plan(topology, { train: images, test: images }, { batchSize: 8 }), {
        code: 'model-refused',
      });
    }
  });
});

describe('dropoutMask()', () => {
  it('drops the rate and scales what it keeps, the mean staying 1', () => {
    const mask = dropoutMask(100_000, 0.3, randomStream(1, 'dropout', 1, 1));
    const kept = mask.filter((value) => value !== 0);
    assert.ok(kept.every((value) => value === Math.fround(1 / 0.7)));
    // The standard deviation of the share is 0.00145: out of these bounds with a chance below 10^-10.
    assert.ok(Math.abs(kept.length / mask.length - 0.7) < 0.01);
  });
});
