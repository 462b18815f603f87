/** Small networks that attacks are shown on, as tf.js layers topologies; and where the first dense layer lies in a network's weights. */
import { readArchitecture, sizeOf } from '../model/architecture.ts';
import type { ModelTopology } from '../model/engine.ts';
import type { ModelData } from '../model/topology.ts';

/**
 * image -> flatten -> dense(units, ReLU) ... -> dense(classes, softmax). Kernels start uniform by Glorot, Bengio 2010,
 * biases at zero, as in the preset 'mlp' (core/model/presets.ts), of which this is the form for any number of units.
 */
export function denseTopology(data: ModelData, hidden: readonly number[]): ModelTopology {
  const initialisers = {
    kernel_initializer: { class_name: 'GlorotUniform', config: {} },
    bias_initializer: { class_name: 'Zeros', config: {} },
  };
  const dense = (name: string, units: number, activation: string): object => ({
    class_name: 'Dense',
    config: { name, units, activation, use_bias: true, ...initialisers },
  });
  const batchInputShape = [null, data.height, data.width, data.channels];
  const layers = [
    { class_name: 'Flatten', config: { name: 'flatten', batch_input_shape: batchInputShape } },
    ...hidden.map((units, index) => dense(`dense_${index + 1}`, units, 'relu')),
    dense('output', data.classes, 'softmax'),
  ];
  return { class_name: 'Sequential', config: { name: 'dense', layers } };
}

/** A dense layer with a bias within the flat weights: kernel [inputs, units] from kernelAt, bias [units] from biasAt. */
export interface DensePlace {
  readonly layer: string;
  readonly kernelAt: number;
  readonly biasAt: number;
  readonly inputs: number;
  readonly units: number;
}

/** Every dense layer that has a bias, in the order of the weights. */
export function densePlaces(topology: ModelTopology): readonly DensePlace[] {
  const places: DensePlace[] = [];
  let at = 0;
  for (const { className, name, weights } of readArchitecture(topology).layers) {
    const [kernel, bias] = weights;
    const [inputs = 0, units = 0] = kernel?.shape ?? [];
    if (className === 'Dense' && kernel !== undefined && bias !== undefined)
      places.push({ layer: name, kernelAt: at, biasAt: at + sizeOf(kernel.shape), inputs, units });
    at += weights.reduce((total, { shape }) => total + sizeOf(shape), 0);
  }
  return places;
}
