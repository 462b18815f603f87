/** What the compiled engine takes and what it refuses, by name. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createCompiledEngine } from '../../../../core/model/compiled/engine.ts';
import type { ModelTopology } from '../../../../core/model/engine.ts';
import { streamFromState } from '../../../../core/random/generator.ts';
import {
  classify,
  conv,
  dense,
  dropout,
  flatten,
  modules,
  modulesWithoutRelaxed,
  pool,
  randomImages,
  topologyOf,
  type LayerSpec,
} from './support.ts';

const engine = createCompiledEngine(modules);
const input = [8, 8, 1];
const refusalOf = (layers: readonly LayerSpec[], shape: readonly number[] = input): string | undefined =>
  engine.refusal(topologyOf({ input: shape, layers }));

describe('refusal()', () => {
  const refused: readonly (readonly [string, readonly LayerSpec[], RegExp])[] = [
    [
      'stride',
      [conv(4, 3, { strides: [2, 2] }), flatten, classify(2)],
      /^Layer "conv2d_0" \(Conv2D\) has strides \[2,2\]/,
    ],
    ['dilation', [conv(4, 3, { dilation_rate: 2 }), flatten, classify(2)], /"conv2d_0" .* dilation_rate 2/],
    [
      'channels first',
      [conv(4, 3, { data_format: 'channels_first' }), flatten, classify(2)],
      /"conv2d_0" .* data_format/,
    ],
    ['groups', [conv(4, 3, { groups: 2 }), flatten, classify(2)], /"conv2d_0" .* groups 2/],
    ['padding', [conv(4, 3, { padding: 'causal' }), flatten, classify(2)], /"conv2d_0" .* padding "causal"/],
    [
      'activation',
      [conv(4, 3, { activation: 'tanh' }), flatten, classify(2)],
      /"conv2d_0" .* activation "tanh"/,
    ],
    [
      'penalty',
      [conv(4, 3, { kernel_regularizer: { class_name: 'L2' } }), flatten, classify(2)],
      /"conv2d_0" .* kernel_regularizer/,
    ],
    ['frozen', [flatten, dense(4, 'relu', { trainable: false }), classify(2)], /"dense_1" .* not trainable/],
    ['kernel size', [conv(4, [0, 3]), flatten, classify(2)], /"conv2d_0" .* kernel size \[0,3\]/],
    [
      'kernel larger than the map',
      [conv(4, 3), pool, conv(4, 4), flatten, classify(2)],
      /"conv2d_2" .* 4 x 4, larger than its input of 3 x 3/,
    ],
    [
      'pool of another size',
      [conv(4, 3), ['MaxPooling2D', { pool_size: [3, 3] }], flatten, classify(2)],
      /"maxpooling2d_1" .* pool_size \[3,3\]/,
    ],
    [
      'pool with another stride',
      [conv(4, 3), ['MaxPooling2D', { strides: [1, 1] }], flatten, classify(2)],
      /"maxpooling2d_1" .* strides \[1,1\]/,
    ],
    [
      'padded pool',
      [conv(4, 3), ['MaxPooling2D', { padding: 'same' }], flatten, classify(2)],
      /"maxpooling2d_1" .* padding "same"/,
    ],
    ['pool first', [pool, conv(4, 3), flatten, classify(2)], /"maxpooling2d_0" .* before the first/],
    [
      'pool after pool',
      [conv(4, 3), pool, pool, flatten, classify(2)],
      /"maxpooling2d_2" .* another pooling/,
    ],
    [
      'pool after dropout',
      [conv(4, 3), dropout(0.5), pool, flatten, classify(2)],
      /"maxpooling2d_2" .* follows a dropout/,
    ],
    ['pool of one pixel', [conv(4, 8), pool, flatten, classify(2)], /"maxpooling2d_1" .* map of 1 x 1/],
    ['dropout first', [dropout(0.5), flatten, classify(2)], /"dropout_0" .* before the first/],
    [
      'two dropouts',
      [flatten, dense(4), dropout(0.5), dropout(0.5), classify(2)],
      /"dropout_3" .* another dropout/,
    ],
    ['dropout of everything', [flatten, dense(4), dropout(1), classify(2)], /"dropout_2" .* rate 1/],
    ['dense on a map', [conv(4, 3), dense(4), flatten, classify(2)], /"dense_1" .* Flatten/],
    ['convolution after flatten', [flatten, conv(4, 3), classify(2)], /"conv2d_1" .* flat input/],
    ['pool after flatten', [flatten, dense(4), pool, classify(2)], /"maxpooling2d_2" .* flat input/],
    ['softmax inside', [flatten, classify(4), classify(2)], /"dense_2" .* follows the softmax/],
    ['softmax of a map', [conv(4, 8, { activation: 'softmax' }), flatten], /"conv2d_0" .* softmax to a map/],
    ['softmax of a flattened map', [conv(4, 3), flatten, ['Softmax']], /"conv2d_0" .* gives a map/],
    ['no softmax', [flatten, dense(2)], /^The model does not end in a softmax/],
    [
      'unknown layer',
      [conv(4, 3), ['BatchNormalization'], flatten, classify(2)],
      /"batchnormalization_1" \(BatchNormalization\) .* does not know/,
    ],
    [
      'bounded ReLU',
      [conv(4, 3), ['ReLU', { max_value: 6 }], flatten, classify(2)],
      /"relu_1" .* max_value 6/,
    ],
    ['no layers', [], /^The model has no layers/],
  ];
  for (const [name, layers, message] of refused)
    it(`names the layer and the reason: ${name}`, () => {
      assert.match(refusalOf(layers) ?? 'taken', message);
    });

  it('names the largest layer of a model that does not fit the memory', () => {
    assert.match(refusalOf([flatten, dense(10_000_000), classify(2)]) ?? 'taken', /"dense_1" .* MB/);
    assert.match(
      refusalOf([conv(512, 3, { padding: 'same' }), flatten, classify(2)], [2000, 2000, 3]) ?? 'taken',
      /MB/,
    );
  });

  it('names an input shape that is open or has another rank', () => {
    assert.match(refusalOf([flatten, classify(2)], [8, 8]) ?? 'taken', /"flatten_0" .* shape \[8,8\]/);
    const open = { ...topologyOf({ input: [], layers: [flatten, classify(2)] }) };
    assert.match(engine.refusal(open) ?? 'taken', /shape \[\]/);
  });

  it('never throws, whatever the topology holds', () => {
    const odd: readonly unknown[] = [
      {},
      { class_name: 'Functional', config: {} },
      { class_name: 'Sequential' },
      { class_name: 'Sequential', config: { layers: [null] } },
      { class_name: 'Sequential', config: { layers: [{ class_name: 'Dense' }] } },
      {
        class_name: 'Sequential',
        config: [{ class_name: 'Dense', config: { units: 1e400, batch_input_shape: [null, 4] } }],
      },
    ];
    for (const topology of odd) assert.equal(typeof engine.refusal(topology as ModelTopology), 'string');
  });

  it('takes Keras files, wrapped models, InputLayer and camelCase', () => {
    const layers = [
      { class_name: 'InputLayer', config: { batch_shape: [null, 8, 8, 1], name: 'input' } },
      { class_name: 'Conv2D', config: { filters: 4, kernel_size: [3, 3], activation: 'relu', name: 'conv' } },
      {
        class_name: 'MaxPooling2D',
        config: { pool_size: [2, 2], strides: [2, 2], padding: 'valid', name: 'pool' },
      },
      { class_name: 'Flatten', config: { name: 'flatten', data_format: 'channels_last' } },
      { class_name: 'Dense', config: { units: 3, activation: 'softmax', name: 'dense' } },
    ];
    assert.equal(
      engine.refusal({ modelTopology: { model_config: { class_name: 'Sequential', config: { layers } } } }),
      undefined,
    );
    assert.equal(engine.refusal({ class_name: 'Sequential', config: layers }), undefined);
    const camelCase = [
      {
        className: 'Conv2D',
        config: { filters: 4, kernelSize: 3, batchInputShape: [null, 8, 8, 1], useBias: false },
      },
      { className: 'Flatten', config: {} },
      { className: 'Dense', config: { units: 3, activation: 'softmax' } },
    ];
    assert.equal(engine.refusal({ className: 'Sequential', config: { layers: camelCase } }), undefined);
  });
});

describe('plan()', () => {
  const stream = streamFromState(Int32Array.of(1, 2, 3, 4));
  const images = randomImages(input, 40, 3, stream);
  const data = { train: images, test: images };

  it('says which instructions it uses', () => {
    assert.equal(engine.variant, 'relaxed SIMD');
    assert.equal(createCompiledEngine(modulesWithoutRelaxed).variant, 'SIMD');
  });

  it('takes images as one row of features, too', async () => {
    const topology = topologyOf({ input: [64], layers: [classify(3)] });
    assert.equal((await engine.plan(topology, data, { batchSize: 4 })).parameterCount, 64 * 3 + 3);
  });

  it('counts the parameters of the CNN for MNIST', async () => {
    const layers = [
      conv(32, 3),
      pool,
      conv(64, 3),
      pool,
      conv(128, 3),
      flatten,
      dropout(0.5),
      dense(128, 'relu'),
      classify(10),
    ];
    const mnist = randomImages([28, 28, 1], 2, 10, stream);
    const model = await engine.plan(
      topologyOf({ input: [28, 28, 1], layers }),
      { train: mnist, test: mnist },
      { batchSize: 32 },
    );
    assert.equal(model.parameterCount, 241_546);
    model.dispose();
  });

  it('throws model-does-not-fit for other images or more classes, model-refused for what it refuses', async () => {
    const fits = (shape: readonly number[], classes: number) =>
      engine.plan(topologyOf({ input: shape, layers: [flatten, classify(classes)] }), data, { batchSize: 4 });
    await assert.rejects(fits([8, 9, 1], 3), { code: 'model-does-not-fit' });
    await assert.rejects(fits(input, 2), { code: 'model-does-not-fit' });
    await assert.rejects(
      engine.plan(topologyOf({ input, layers: [flatten, dense(3)] }), data, { batchSize: 4 }),
      { code: 'model-refused' },
    );
  });
});
