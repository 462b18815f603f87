/**
 * Convolutions, dense layers and relu by TensorFlow's own operations, gradients too. tf.js spells the gradient of relu
 * out in six kernels and that of a bias in a general sum; TensorFlow has one operation for each.
 *
 * They are kernels of tf.js, so that gradients are worked out only for what they are asked of.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Architecture, ArchitectureLayer } from '../architecture.ts';
import { backendName, NativeOperation, type NativeBackend, type Setting } from './native.ts';

const float = { T: { type: 'float32' } } as const;

interface Attributes extends tf.NamedAttrMap {
  readonly activation: string;
}
type ConvolutionAttributes = Attributes & {
  readonly strides: number[];
  readonly padding: string;
};

/** Makes the kernels known to tf.js. Call once. */
export function registerQuickKernels(backend: NativeBackend): void {
  const addBias = new NativeOperation(backend, 'BiasAdd');
  const sumToBias = new NativeOperation(backend, 'BiasAddGrad');
  const relu = new NativeOperation(backend, 'Relu');
  const reluGradient = new NativeOperation(backend, 'ReluGrad');
  const multiply = matrixProduct(backend, false, false);
  const multiplyTransposed = matrixProduct(backend, false, true);
  const transposedMultiply = matrixProduct(backend, true, false);
  const convolutions = convolutionOperations(backend);

  const finish = (sums: tf.Tensor, bias: tf.TensorInfo | undefined, activation: string): tf.Tensor => {
    const biased = bias === undefined ? sums : addBias.run(sums, bias);
    return activation === 'relu' ? relu.run(biased) : biased;
  };
  const beforeRelu = (dy: tf.Tensor, y: tf.Tensor, activation: string): tf.Tensor =>
    activation === 'relu' ? reluGradient.run(dy, y) : dy;

  register(
    'QuickRelu',
    ({ x }) => relu.run(x!),
    ([y], dy) => ({ x: () => reluGradient.run(dy, y!) }),
    [],
  );
  register<Attributes>(
    'QuickDense',
    ({ x, kernel, bias }, { activation }) => finish(multiply.run(x!, kernel!), bias, activation),
    ([x, kernel, y], dy, { activation }) => {
      const flowing = beforeRelu(dy, y!, activation);
      return {
        x: () => multiplyTransposed.run(flowing, kernel!),
        kernel: () => transposedMultiply.run(x!, flowing),
        bias: () => sumToBias.run(flowing),
      };
    },
    ['x', 'kernel'],
  );
  register<ConvolutionAttributes>(
    'QuickConvolution',
    ({ x, kernel, bias }, attributes) =>
      finish(convolutions(attributes).forward.run(x!, kernel!), bias, attributes.activation),
    ([x, kernel, y], dy, attributes) => {
      const flowing = beforeRelu(dy, y!, attributes.activation);
      const { towardsInput, towardsKernel } = convolutions(attributes);
      return {
        x: () => towardsInput.run(tf.tensor1d(x!.shape, 'int32'), kernel!, flowing),
        kernel: () => towardsKernel.run(x!, tf.tensor1d(kernel!.shape, 'int32'), flowing),
        bias: () => sumToBias.run(flowing),
      };
    },
    ['x', 'kernel'],
  );
  replaceOwnKernels();
}

type Inputs = Readonly<Record<string, tf.TensorInfo | undefined>>;

/** forward: the one output. backward: from the saved inputs, then the output, and what flows back into it. */
function register<Attrs extends tf.NamedAttrMap>(
  kernelName: string,
  forward: (inputs: Inputs, attributes: Attrs) => tf.Tensor,
  backward: (
    saved: readonly tf.Tensor[],
    dy: tf.Tensor,
    attributes: Attrs,
  ) => Record<string, () => tf.Tensor>,
  inputsToSave: string[],
): void {
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: ({ inputs, attrs }) => tf.tidy(() => forward(inputs, attrs as Attrs)),
  });
  tf.registerGradient({
    kernelName,
    inputsToSave,
    outputsToSave: [true],
    gradFunc: (dy, saved, attributes) => backward(saved, dy as tf.Tensor, attributes as Attrs),
  });
}

function matrixProduct(backend: NativeBackend, first: boolean, second: boolean): NativeOperation {
  return new NativeOperation(backend, 'MatMul', {
    ...float,
    transpose_a: { flag: first },
    transpose_b: { flag: second },
  });
}

interface Convolutions {
  readonly forward: NativeOperation;
  readonly towardsInput: NativeOperation;
  readonly towardsKernel: NativeOperation;
}

/** The three operations of a convolution, one set for each stride and padding. */
function convolutionOperations(backend: NativeBackend): (attributes: ConvolutionAttributes) => Convolutions {
  const known = new Map<string, Convolutions>();
  return ({ strides, padding }) => {
    const name = `${strides.join()} ${padding}`;
    let found = known.get(name);
    if (found === undefined) {
      const settings: Record<string, Setting> = {
        ...float,
        strides: { integers: [1, ...strides, 1] },
        padding: { text: padding.toUpperCase() },
        data_format: { text: 'NHWC' },
        dilations: { integers: [1, 1, 1, 1] },
      };
      found = {
        forward: new NativeOperation(backend, 'Conv2D', settings),
        towardsInput: new NativeOperation(backend, 'Conv2DBackpropInput', settings),
        towardsKernel: new NativeOperation(backend, 'Conv2DBackpropFilter', settings),
      };
      known.set(name, found);
    }
    return found;
  };
}

/**
 * tfjs-node's step(x), which every rectifier's gradient calls, composes six operations where two do; its prelu(x) calls
 * methods of tensors that tf.js has only where all of it was loaded.
 */
function replaceOwnKernels(): void {
  const { kernelFunc: step } = tf.getKernel('Step', backendName);
  replace('Step', (call) => {
    if (call.attrs?.['alpha'] !== 0) return step(call);
    return tf.tidy(() => tf.cast(tf.greater(call.inputs['x'] as tf.Tensor, 0), 'float32'));
  });
  replace('Prelu', ({ inputs }) =>
    tf.tidy(() => {
      const x = inputs['x'] as tf.Tensor;
      return tf.sub(tf.relu(x), tf.mul(inputs['alpha'] as tf.Tensor, tf.relu(tf.neg(x))));
    }),
  );
}

function replace(kernelName: string, kernelFunc: tf.KernelFunc): void {
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ kernelName, backendName, kernelFunc });
}

/** Has the layers of a model call the kernels above, where these cover what the layer does. */
export function quickenLayers(model: LayersModel, architecture: Architecture): void {
  for (const layer of architecture.layers) {
    const quick = quickCall(model, layer, inputRank(architecture, layer));
    if (quick !== undefined)
      model.getLayer(layer.name).call = (inputs) => quick(Array.isArray(inputs) ? inputs[0]! : inputs);
  }
}

function inputRank({ layers, input }: Architecture, { inbound: [feeder = -1] }: ArchitectureLayer): number {
  return (layers[feeder]?.output ?? input).length;
}

function quickCall(
  model: LayersModel,
  { className, name, activation, config }: ArchitectureLayer,
  rank: number,
): ((x: tf.Tensor) => tf.Tensor) | undefined {
  if (activation !== 'relu' && activation !== 'linear') return undefined;
  const weights = (): { kernel: tf.Tensor; bias?: tf.Tensor } => {
    const [kernel, bias] = model.getLayer(name).getWeights();
    return { kernel: kernel!, ...(bias === undefined ? {} : { bias }) };
  };
  const run = (kernel: string, inputs: tf.NamedTensorMap, attributes: Attributes): tf.Tensor =>
    tf.engine().runKernel(kernel, inputs, attributes);
  switch (className) {
    case 'Dense': {
      if (rank !== 1) return undefined;
      const own = weights();
      return (x) => run('QuickDense', { x, ...own }, { activation });
    }
    case 'Conv2D': {
      const own = weights();
      const attributes = {
        activation,
        strides: config['strides'] as number[],
        padding: config['padding'] as string,
      };
      return (x) => run('QuickConvolution', { x, ...own }, attributes);
    }
    case 'Activation':
    case 'ReLU':
      return activation === 'relu' ? (x) => run('QuickRelu', { x }, { activation }) : undefined;
    default:
      return undefined;
  }
}
