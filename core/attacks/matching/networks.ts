/**
 * Victims' networks for gradient matching, as tf.js layers topologies. Zhu, Liu, Han 2019 (section 4.1) take sigmoids in
 * the place of rectifiers, and their program strides in the place of pooling, as the search needs a network that can be
 * differentiated twice; here the small convolutional one has LeNet's own tanh, and one with rectifiers and pooling stands
 * beside it, where the search gets stuck.
 */
import type { ModelTopology } from '../../model/engine.ts';
import type { JsonObject } from '../../model/layers/json.ts';
import type { ModelData } from '../../model/topology.ts';

type MatchingNetwork = 'mlp-sigmoid' | 'cnn-small' | 'cnn-relu';

/** Glorot, Bengio 2010, as the presets start. */
const initialisers = {
  kernel_initializer: { class_name: 'GlorotUniform', config: {} },
  bias_initializer: { class_name: 'Zeros', config: {} },
};

interface Layer {
  readonly class_name: string;
  readonly config: JsonObject;
}

const convolution = (name: string, filters: number, stride: number, activation: string): Layer => ({
  class_name: 'Conv2D',
  config: {
    name,
    filters,
    kernel_size: [3, 3],
    strides: [stride, stride],
    padding: 'same',
    activation,
    ...initialisers,
  },
});
const pooling: Layer = { class_name: 'MaxPooling2D', config: { name: 'pooling', pool_size: [2, 2] } };
const flatten: Layer = { class_name: 'Flatten', config: { name: 'flatten' } };
const dense = (name: string, units: number, activation: string): Layer => ({
  class_name: 'Dense',
  config: { name, units, activation, ...initialisers },
});

function layersOf(network: MatchingNetwork, classes: number): readonly Layer[] {
  const output = dense('output', classes, 'softmax');
  switch (network) {
    case 'mlp-sigmoid':
      return [flatten, dense('hidden', 64, 'sigmoid'), output];
    case 'cnn-small':
      return [
        convolution('convolution_1', 8, 1, 'tanh'),
        convolution('convolution_2', 16, 2, 'tanh'),
        flatten,
        output,
      ];
    case 'cnn-relu':
      return [
        convolution('convolution_1', 8, 1, 'relu'),
        convolution('convolution_2', 16, 1, 'relu'),
        pooling,
        flatten,
        output,
      ];
  }
}

/** For 28 x 28 grey images and 10 classes: 50,890, 32,618 and 32,618 parameters. */
export function matchingTopology(network: MatchingNetwork, data: ModelData): ModelTopology {
  const [first, ...others] = layersOf(network, data.classes);
  const input = { batch_input_shape: [null, data.height, data.width, data.channels] };
  const layers = [{ ...first!, config: { ...first!.config, ...input } }, ...others];
  return { class_name: 'Sequential', config: { name: network, layers } };
}
