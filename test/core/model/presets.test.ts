import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { models } from '@tensorflow/tfjs-layers';
import { parameterCount, parameterShapes } from '../../../core/model/architecture.ts';
import { isPresetName, presetNames, presetTopology } from '../../../core/model/presets.ts';

const mnist = { height: 28, width: 28, channels: 1, classes: 10 };

describe('presetTopology()', () => {
  const counts = {
    cnn: 241_546,
    'cnn-two': 225_034,
    'cnn-light': 34_826,
    'cnn-small': 5_258,
    mlp: 203_530,
    linear: 7_850,
  };
  for (const name of presetNames)
    it(`gives ${name} ${counts[name]} parameters, with tf.js's shapes in tf.js's order`, async () => {
      const topology = presetTopology(name, mnist);
      assert.equal(parameterCount(topology), counts[name]);
      tf.env().set('PROD', true);
      await tf.setBackend('cpu');
      const model = await models.modelFromJSON({ modelTopology: topology } as never);
      assert.equal(model.countParams(), counts[name]);
      assert.deepEqual(
        parameterShapes(topology).map(({ shape }) => shape),
        model.getWeights().map(({ shape }) => shape),
      );
      model.dispose();
    });

  it('fits other images and classes', () => {
    const topology = presetTopology('cnn-light', { height: 32, width: 32, channels: 3, classes: 7 });
    assert.deepEqual(parameterShapes(topology).at(0)?.shape, [3, 3, 3, 32]);
    assert.deepEqual(parameterShapes(topology).at(-1)?.shape, [7]);
  });

  it('is refused by layer when the images are too small for its windows', () => {
    const topology = presetTopology('cnn', { ...mnist, height: 12, width: 12 });
    assert.throws(() => parameterCount(topology), /layer "conv2d_3" \(Conv2D\) has a window of 3/);
  });

  it('knows its names', () => {
    assert.ok(isPresetName('cnn-two'));
    assert.ok(!isPresetName('resnet'));
  });
});
