/** Models from files: what Keras 2, Keras 3 and tf.js write is read; what cannot be trained is refused by name. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { FederationError } from '../../../core/errors/federation-error.ts';
import { parameterCount, readArchitecture } from '../../../core/model/architecture.ts';
import { isObject } from '../../../core/model/layers/json.ts';
import { architectureSha256 } from '../../../core/model/model-hash.ts';
import { movingStatistics } from '../../../core/model/moving-statistics.ts';
import { presetTopology } from '../../../core/model/presets.ts';
import { parseTopology } from '../../../core/model/topology.ts';

const mnist = { height: 28, width: 28, channels: 1, classes: 10 };

type Json = Record<string, unknown>;

const layer = (class_name: string, config: Json): Json => ({ class_name, config });
const model = (...list: Json[]): Json => ({
  class_name: 'Sequential',
  config: { name: 'model', layers: list },
});
const input = { batch_input_shape: [null, 28, 28, 1] };
const output = layer('Dense', { name: 'output', units: 10, activation: 'softmax' });

const parse = (written: unknown) => parseTopology(JSON.stringify(written), 'model.json', mnist);

function refusal(written: unknown): FederationError {
  try {
    parse(written);
  } catch (error) {
    assert.ok(error instanceof FederationError, String(error));
    return error as FederationError;
  }
  return assert.fail('the model was accepted');
}

/** Keras 3's way of writing one layer of a functional model. */
function keras3(class_name: string, name: string, config: Json, ...feeders: string[]): Json {
  const tensors = feeders.map((feeder) => ({
    class_name: '__keras_tensor__',
    config: { shape: [null, 28, 28, 4], dtype: 'float32', keras_history: [feeder, 0, 0] },
  }));
  return {
    module: 'keras.layers',
    class_name,
    config: {
      name,
      trainable: true,
      dtype: { module: 'keras', class_name: 'DTypePolicy', config: { name: 'float32' } },
      ...config,
    },
    registered_name: null,
    build_config: { input_shape: [null, 28, 28, 1] },
    name,
    inbound_nodes:
      feeders.length === 0 ? [] : [{ args: feeders.length === 1 ? tensors : [tensors], kwargs: {} }],
  };
}

const keras3Convolution = {
  filters: 4,
  kernel_size: [3, 3],
  strides: [1, 1],
  padding: 'same',
  data_format: 'channels_last',
  dilation_rate: [1, 1],
  groups: 1,
  activation: 'linear',
  use_bias: true,
  kernel_initializer: {
    module: 'keras.initializers',
    class_name: 'GlorotUniform',
    config: { seed: null },
    registered_name: null,
  },
  bias_initializer: { module: 'keras.initializers', class_name: 'Zeros', config: {}, registered_name: null },
  kernel_regularizer: null,
  bias_regularizer: null,
  activity_regularizer: null,
  kernel_constraint: null,
  bias_constraint: null,
};

describe('parseTopology()', () => {
  it('reads a model.json of tf.js, its topology alone, and that as text', () => {
    tf.env().set('PROD', true);
    const written = sequential({
      layers: [
        layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] }),
        layers.maxPooling2d({}),
        layers.flatten(),
        layers.dropout({ rate: 0.25 }),
        layers.dense({ units: 10, activation: 'softmax' }),
      ],
    });
    const topology = written.toJSON(undefined, false) as Json;
    const hash = architectureSha256(parse(topology));
    assert.equal(
      architectureSha256(parse({ format: 'layers-model', modelTopology: topology, weightsManifest: [] })),
      hash,
    );
    assert.equal(
      architectureSha256(parse({ modelTopology: { keras_version: 'x', model_config: topology } })),
      hash,
    );
    assert.equal(architectureSha256(parse(written.toJSON(undefined, true))), hash);
    assert.equal(parameterCount(parse(topology)), written.countParams());
    written.dispose();
  });

  it('reads its own output, and the presets, unchanged', () => {
    const cnn = presetTopology('cnn', mnist);
    assert.equal(architectureSha256(parse(parse(cnn))), architectureSha256(cnn));
    assert.deepEqual(parse(parse(cnn)), parse(cnn));
  });

  it('reads a Sequential model of Keras 2 with its list of layers alone', () => {
    const list = [layer('Flatten', { name: 'flatten', ...input }), output];
    assert.equal(parameterCount(parse({ model_config: { class_name: 'Sequential', config: list } })), 7850);
  });

  it('reads a Sequential model of Keras 3', () => {
    const written = model(
      keras3('InputLayer', 'input_layer', { batch_shape: [null, 28, 28, 1], sparse: false, ragged: false }),
      keras3('Conv2D', 'conv2d', { ...keras3Convolution, activation: 'silu' }),
      keras3('MaxPooling2D', 'pool', {
        pool_size: [2, 2],
        padding: 'valid',
        strides: [2, 2],
        data_format: 'channels_last',
      }),
      keras3('LeakyReLU', 'leaky', { negative_slope: 0.2 }),
      keras3('Flatten', 'flatten', { data_format: 'channels_last' }),
      keras3('Dropout', 'dropout', { rate: 0.5, seed: 3, noise_shape: null }),
      keras3('Dense', 'dense', { units: 10, activation: 'softmax' }),
    );
    const { layers: read } = readArchitecture(parse(written));
    assert.deepEqual(
      read.map(({ className }) => className),
      ['Conv2D', 'MaxPooling2D', 'LeakyReLU', 'Flatten', 'Dropout', 'Dense'],
    );
    assert.equal(read[0]?.activation, 'swish');
    assert.deepEqual(read[2]?.config, { alpha: 0.2 });
  });

  it("reads Keras's normalisations, old and new, each with its weights", () => {
    const common = { axis: [3], epsilon: 0.001, center: true, scale: true, beta_constraint: null };
    const written = model(
      layer('Conv2D', { name: 'conv', ...input, filters: 6, kernel_size: 3 }),
      layer('BatchNormalization', { name: 'old', ...common, momentum: 0.9, gamma_regularizer: null }),
      keras3('BatchNormalization', 'batch', { ...common, axis: -1, momentum: 0.99, synchronized: false }),
      keras3('GroupNormalization', 'group', { ...common, groups: 2 }),
      keras3('GroupNormalization', 'instance', { groups: -1 }),
      layer('Flatten', { name: 'flat' }),
      output,
    );
    const topology = parse(written);
    const [, ...read] = readArchitecture(topology).layers;
    assert.deepEqual(
      read.slice(0, 4).map(({ config, weights }) => [config, weights.map(({ name }) => name).join()]),
      [
        [{ axis: -1, momentum: 0.9, epsilon: 0.001 }, 'gamma,beta,moving_mean,moving_variance'],
        [{ axis: -1, momentum: 0.99, epsilon: 0.001 }, 'gamma,beta,moving_mean,moving_variance'],
        [{ axis: -1, groups: 2, epsilon: 0.001 }, 'gamma,beta'],
        [{ axis: -1, groups: 6, epsilon: 0.001 }, 'gamma,beta'],
      ],
    );
    assert.equal(architectureSha256(parse(topology)), architectureSha256(topology));
    const kernel = 9 * 6 + 6;
    assert.deepEqual(movingStatistics(topology), [
      { start: kernel + 12, end: kernel + 18, statistic: 'mean' },
      { start: kernel + 18, end: kernel + 24, statistic: 'variance' },
      { start: kernel + 36, end: kernel + 42, statistic: 'mean' },
      { start: kernel + 42, end: kernel + 48, statistic: 'variance' },
    ]);
  });

  it('reads a Functional model of Keras 3 with a branch', () => {
    const written = {
      class_name: 'Functional',
      config: {
        name: 'residual',
        layers: [
          keras3('InputLayer', 'in', { batch_shape: [null, 28, 28, 1] }),
          keras3('Conv2D', 'left', keras3Convolution, 'in'),
          keras3('Conv2D', 'right', keras3Convolution, 'left'),
          keras3('Add', 'add', {}, 'left', 'right'),
          keras3('GlobalAveragePooling2D', 'mean', { data_format: 'channels_last', keepdims: false }, 'add'),
          keras3('Dense', 'out', { units: 10, activation: 'softmax' }, 'mean'),
        ],
        input_layers: ['in', 0, 0],
        output_layers: ['out', 0, 0],
      },
    };
    const topology = parse(written);
    assert.equal(topology['class_name'], 'Functional');
    assert.deepEqual(
      readArchitecture(topology).layers.map(({ inbound }) => inbound),
      [[-1], [0], [0, 1], [2], [3]],
    );
    assert.equal(architectureSha256(parse(topology)), architectureSha256(topology));
  });

  it('turns a Functional model without branches into a Sequential one', () => {
    const written = {
      class_name: 'Functional',
      config: {
        layers: [
          { class_name: 'InputLayer', name: 'in', config: { name: 'in', ...input }, inbound_nodes: [] },
          { ...output, name: 'output', inbound_nodes: [[['flat', 0, 0, {}]]] },
          { ...layer('Flatten', { name: 'flat' }), name: 'flat', inbound_nodes: [[['in', 0, 0, {}]]] },
        ],
        input_layers: [['in', 0, 0]],
        output_layers: [['output', 0, 0]],
      },
    };
    const plain = model(layer('Flatten', { name: 'flat', ...input }), output);
    assert.equal(parse(written)['class_name'], 'Sequential');
    assert.equal(architectureSha256(parse(written)), architectureSha256(plain));
  });

  it('puts a Flatten before a model that takes the image as one row, and a channel axis on one that takes it grey', () => {
    const flat = model(layer('Flatten', { name: 'flat', ...input }), output);
    const row = model(layer('Dense', { ...(output['config'] as Json), batch_input_shape: [null, 784] }));
    const grey = model(layer('Flatten', { name: 'flat', batch_input_shape: [null, 28, 28] }), output);
    assert.equal(architectureSha256(parse(row)), architectureSha256(flat));
    assert.equal(architectureSha256(parse(grey)), architectureSha256(flat));
  });

  const flatten = layer('Flatten', { name: 'flat', ...input });
  const dense = (config: Json) =>
    model(flatten, layer('Dense', { name: 'middle', units: 4, ...config }), output);
  const first = (class_name: string, config: Json) =>
    model(
      layer(class_name, { name: 'first', ...input, ...config }),
      layer('Flatten', { name: 'flat' }),
      output,
    );
  const functional = (list: Json[], outputs: unknown[] = [['output', 0, 0]]): Json => ({
    class_name: 'Model',
    config: {
      layers: [
        { class_name: 'InputLayer', name: 'in', config: { name: 'in', ...input }, inbound_nodes: [] },
        ...list,
      ],
      input_layers: [['in', 0, 0]],
      output_layers: outputs,
    },
  });
  const node = (written: Json, ...feeders: string[]): Json => ({
    ...written,
    inbound_nodes: [feeders.map((feeder) => [feeder, 0, 0, {}])],
  });

  const refused: [string, unknown, string, RegExp][] = [
    [
      'a graph model',
      { format: 'graph-model', modelTopology: { node: [] } },
      'model-unreadable',
      /graph model/,
    ],
    ['an object without a model', { weights: [] }, 'model-unreadable', /holds none/],
    ['a list', [], 'model-unreadable', /holds none/],
    ['a number', 7, 'model-unreadable', /holds none/],
    ['another class of model', { class_name: 'MyModel', config: {} }, 'model-refused', /is "MyModel"/],
    ['no layers', model(), 'model-refused', /list its layers/],
    ['a layer without a class', model({ config: {} }), 'model-refused', /class_name/],
    [
      'no input shape',
      model(layer('Flatten', { name: 'flat' }), output),
      'model-refused',
      /layer "flat" \(Flatten\) must give the shape/,
    ],
    [
      'an input of unknown size',
      first('Conv2D', { batch_input_shape: [null, null, null, 1], filters: 2, kernel_size: 3 }),
      'model-refused',
      /shape of the images/,
    ],
    ['a recurrent layer', first('LSTM', { units: 4 }), 'model-refused', /layer "first" \(LSTM\)/],
    [
      'batch normalization without a factor',
      first('BatchNormalization', { scale: false }),
      'model-refused',
      /"first" \(BatchNormalization\) has the setting scale, which must be true/,
    ],
    [
      'batch normalization of rows',
      first('BatchNormalization', { axis: 1 }),
      'model-refused',
      /must normalise the last axis, and its axis is \[1\]/,
    ],
    [
      'a moving variance that starts below zero',
      first('BatchNormalization', {
        moving_variance_initializer: { class_name: 'Constant', config: { value: -1 } },
      }),
      'model-refused',
      /moving_variance at a number of 0 or more/,
    ],
    [
      'a momentum of one',
      first('BatchNormalization', { momentum: 1 }),
      'model-refused',
      /the setting momentum/,
    ],
    [
      'groups that do not divide the channels',
      first('GroupNormalization', {}),
      'model-refused',
      /"first" \(GroupNormalization\) has the setting groups, which must divide its 1 channels, and is 32/,
    ],
    ['noise', first('GaussianNoise', { stddev: 1 }), 'model-refused', /draws noise/],
    ['a nested model', first('Sequential', { layers: [] }), 'model-refused', /"first" \(Sequential\)/],
    [
      'dilation',
      first('Conv2D', { filters: 2, kernel_size: 3, dilation_rate: 2 }),
      'model-refused',
      /is dilated/,
    ],
    [
      'groups',
      first('Conv2D', { filters: 2, kernel_size: 3, groups: 2 }),
      'model-refused',
      /groups, which must be 1/,
    ],
    [
      'channels first',
      first('Conv2D', { filters: 2, kernel_size: 3, data_format: 'channels_first' }),
      'model-refused',
      /data_format/,
    ],
    [
      'a kernel too large',
      first('Conv2D', { filters: 2, kernel_size: 29 }),
      'model-refused',
      /window of 29, which does not fit into an input of 28/,
    ],
    [
      'no filters',
      first('Conv2D', { filters: 0, kernel_size: 3 }),
      'model-refused',
      /filters, which must be a whole number of at least 1, and is 0/,
    ],
    [
      'strides that tf.js computes wrongly',
      first('Conv2D', { filters: 2, kernel_size: [2, 1], strides: [1, 4], padding: 'same' }),
      'model-refused',
      /strides larger/,
    ],
    [
      'a frozen layer',
      dense({ trainable: false }),
      'model-refused',
      /layer "middle" \(Dense\) has the setting trainable/,
    ],
    [
      'a regulariser',
      dense({ kernel_regularizer: { class_name: 'L2', config: { l2: 0.1 } } }),
      'model-refused',
      /kernel regularizer/,
    ],
    [
      'a constraint',
      dense({ kernel_constraint: { class_name: 'MaxNorm', config: {} } }),
      'model-refused',
      /kernel constraint/,
    ],
    ['half precision', dense({ dtype: 'float16' }), 'model-refused', /dtype, which must be float32/],
    ['an unknown activation', dense({ activation: 'hard_sigmoid' }), 'model-refused', /activation/],
    [
      'an unknown setting',
      dense({ lora_rank: 4 }),
      'model-refused',
      /lora_rank \(4\), which is not supported/,
    ],
    ['a rate of dropout of 1', first('Dropout', { rate: 1 }), 'model-refused', /rate/],
    ['a noise shape', first('Dropout', { rate: 0.5, noise_shape: [1] }), 'model-refused', /noise_shape/],
    [
      'a reshape that loses values',
      first('Reshape', { target_shape: [28, 27] }),
      'model-refused',
      /must keep 784 values/,
    ],
    [
      'an order that is none',
      first('Permute', { dims: [1, 1, 2] }),
      'model-refused',
      /order the dimensions 1 to 3/,
    ],
    ['too many parameters', dense({ units: 10_000_000 }), 'model-refused', /too large/],
    ['too large a map', first('UpSampling2D', { size: [1000, 1000] }), 'model-refused', /too large/],
    [
      'no softmax',
      model(flatten, layer('Dense', { name: 'logits', units: 10 })),
      'model-refused',
      /"logits" \(Dense\) must end in softmax, and ends in linear/,
    ],
    [
      'a map of classes',
      model(layer('Conv2D', { name: 'c', filters: 10, kernel_size: 1, activation: 'softmax', ...input })),
      'model-refused',
      /one probability per class/,
    ],
    [
      'two layers of one name',
      model(flatten, layer('Dense', { name: 'flat', units: 3 }), output),
      'model-refused',
      /name of its own/,
    ],
    [
      'a merge of different shapes',
      functional([
        node(layer('Conv2D', { name: 'a', filters: 2, kernel_size: 3 }), 'in'),
        node(layer('Conv2D', { name: 'b', filters: 3, kernel_size: 3 }), 'in'),
        node(layer('Add', { name: 'sum' }), 'a', 'b'),
        node(output, 'sum'),
      ]),
      'model-refused',
      /"sum" \(Add\) must have inputs of one shape/,
    ],
    [
      'a circle',
      functional([
        node(layer('Add', { name: 'a' }), 'in', 'b'),
        node(layer('Flatten', { name: 'b' }), 'a'),
        node(output, 'b'),
      ]),
      'model-refused',
      /fed by layers/,
    ],
    [
      'a layer that leads nowhere',
      functional([
        node(layer('Flatten', { name: 'idle' }), 'in'),
        node(layer('Flatten', { name: 'flat' }), 'in'),
        node(output, 'flat'),
      ]),
      'model-refused',
      /"idle" \(Flatten\) must lead to the output/,
    ],
    [
      'two outputs',
      functional(
        [node(layer('Flatten', { name: 'flat' }), 'in'), node(output, 'flat')],
        [
          ['output', 0, 0],
          ['flat', 0, 0],
        ],
      ),
      'model-refused',
      /one output, and has 2/,
    ],
    [
      'a layer used twice',
      functional([
        { ...layer('Flatten', { name: 'flat' }), inbound_nodes: [[['in', 0, 0, {}]], [['in', 0, 0, {}]]] },
        node(output, 'flat'),
      ]),
      'model-refused',
      /"flat" \(Flatten\) is used more than once/,
    ],
    [
      'other images',
      first('ELU', { batch_input_shape: [null, 32, 32, 3] }),
      'model-does-not-fit',
      /input of layer "first" \(ELU\) must be \[28,28,1\], and is \[32,32,3\]/,
    ],
    [
      'other classes',
      model(flatten, layer('Dense', { name: 'out', units: 12, activation: 'softmax' })),
      'model-does-not-fit',
      /number of classes of layer "out" \(Dense\) must be 10, and is 12/,
    ],
  ];
  for (const [what, written, code, message] of refused)
    it(`refuses ${what}`, () => {
      const error = refusal(written);
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
      assert.equal(error.blame, 'user');
    });

  it('refuses what is not JSON, naming the file', () => {
    assert.throws(
      () => parseTopology('{"class_name": ', 'my.json', mnist),
      /Cannot read the model my\.json, as it must be JSON/,
    );
  });

  it('gives a FederationError, and nothing else, for whatever a file holds', () => {
    const text = JSON.stringify(parse(presetTopology('cnn-two', mnist)));
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.nat(30), fc.string({ maxLength: 12 }), (at, cut, put) => {
        try {
          parseTopology(text.slice(0, at) + put + text.slice(at + cut), 'model.json', mnist);
        } catch (error) {
          assert.ok(error instanceof FederationError, String(error));
        }
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4 }),
        fc.constantFrom('Dense', 'Conv2D', 'Reshape', 'Add', 'PReLU'),
        (value, className) => {
          const config = isObject(value) ? value : { units: value, kernel_size: value };
          const written = [
            value,
            model(layer(className, { ...input, ...config }), output),
            { class_name: 'Model', config: value },
          ];
          for (const each of written)
            try {
              parse(each);
            } catch (error) {
              assert.ok(error instanceof FederationError, String(error));
            }
        },
      ),
      { numRuns: 300 },
    );
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    assert.throws(
      () =>
        parseTopology(
          `{"class_name":"Model","config":{"layers":[{"class_name":"A","config":{},"inbound_nodes":[${deep}]}]}}`,
          'deep.json',
          mnist,
        ),
      FederationError,
    );
  });
});
