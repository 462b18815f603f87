/**
 * The models that go by name, as tf.js layers topologies. Parameters for 28 x 28 grey images and 10 classes: cnn
 * 241,546; cnn-two 225,034; cnn-light 34,826; cnn-small 5,258; mlp 203,530; linear 7,850. The small ones bear
 * the noise of differential privacy best (build/bench/privacy.ts).
 *
 * Kernels start as Keras draws them, uniform by Glorot, Bengio 2010; biases at zero.
 */
import type { ModelTopology } from './engine.ts';
import type { JsonObject } from './layers/json.ts';
import type { ModelData } from './topology.ts';

export const presetNames = ['cnn', 'cnn-two', 'cnn-light', 'cnn-small', 'mlp', 'linear'] as const;
export type PresetName = (typeof presetNames)[number];

export function isPresetName(name: string): name is PresetName {
  return presetNames.some((preset) => preset === name);
}

interface Layer {
  readonly class_name: string;
  readonly config: JsonObject;
}

const initialisers = {
  kernel_initializer: { class_name: 'GlorotUniform', config: {} },
  bias_initializer: { class_name: 'Zeros', config: {} },
};

const convolution = (name: string, filters: number): Layer => ({
  class_name: 'Conv2D',
  config: {
    name,
    filters,
    kernel_size: [3, 3],
    strides: [1, 1],
    padding: 'valid',
    activation: 'relu',
    use_bias: true,
    ...initialisers,
  },
});
const pooling = (name: string): Layer => ({
  class_name: 'MaxPooling2D',
  config: { name, pool_size: [2, 2], strides: [2, 2], padding: 'valid' },
});
const flatten: Layer = { class_name: 'Flatten', config: { name: 'flatten' } };
const dropout: Layer = { class_name: 'Dropout', config: { name: 'dropout', rate: 0.5 } };
const dense = (name: string, units: number, activation: string): Layer => ({
  class_name: 'Dense',
  config: { name, units, activation, use_bias: true, ...initialisers },
});

function layersOf(name: PresetName, classes: number): Layer[] {
  const twoConvolutions = [
    convolution('conv2d_1', 32),
    pooling('max_pooling2d_1'),
    convolution('conv2d_2', 64),
    pooling('max_pooling2d_2'),
  ];
  const output = dense('output', classes, 'softmax');
  switch (name) {
    case 'cnn': {
      const third = convolution('conv2d_3', 128);
      return [...twoConvolutions, third, flatten, dropout, dense('dense', 128, 'relu'), output];
    }
    case 'cnn-two':
      return [...twoConvolutions, flatten, dropout, dense('dense', 128, 'relu'), output];
    case 'cnn-light':
      return [...twoConvolutions, flatten, dropout, output];
    case 'cnn-small':
      return [
        convolution('conv2d_1', 8),
        pooling('max_pooling2d_1'),
        convolution('conv2d_2', 16),
        pooling('max_pooling2d_2'),
        flatten,
        output,
      ];
    case 'mlp':
      return [flatten, dense('dense', 256, 'relu'), output];
    case 'linear':
      return [flatten, output];
  }
}

/** The preset for images of that shape and so many classes. Images too small for its windows are refused by name when it is read. */
export function presetTopology(name: PresetName, data: ModelData): ModelTopology {
  const [first, ...others] = layersOf(name, data.classes);
  const batchInputShape = [null, data.height, data.width, data.channels];
  const withInput = { ...first!, config: { ...first!.config, batch_input_shape: batchInputShape } };
  return { class_name: 'Sequential', config: { name, layers: [withInput, ...others] } };
}
