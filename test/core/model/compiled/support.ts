/**
 * What the tests of the compiled engine share: models as short lists, and tf.js's plain JavaScript backend as the
 * reference for every gradient.
 */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildTrainingStep } from '../../../../build/training-step/build.ts';
import type { LabelledImages } from '../../../../core/datasets/dataset.ts';
import { readArchitecture } from '../../../../core/model/architecture.ts';
import { readGraph } from '../../../../core/model/compiled/read-graph.ts';
import { TrainingStep } from '../../../../core/model/compiled/training-step.ts';
import type { ModelTopology } from '../../../../core/model/engine.ts';
import type { RandomStream } from '../../../../core/random/generator.ts';
import { correctAveragePooling } from '../average-pooling.ts';
import { quickenFilterGradient } from '../filter-gradient.ts';

await buildTrainingStep();
await tf.setBackend('cpu');
correctAveragePooling();
quickenFilterGradient();

const moduleBytes = (name: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    readFileSync(join(import.meta.dirname, '../../../../build/out/training-step', `${name}.wasm`)),
  );
export const modules = { relaxed: moduleBytes('relaxed'), plain: moduleBytes('plain') };
export const compiledModules = {
  relaxed: await WebAssembly.compile(modules.relaxed),
  plain: await WebAssembly.compile(modules.plain),
};
/** The same engine where relaxed SIMD is missing. */
export const modulesWithoutRelaxed = { relaxed: new Uint8Array(0), plain: modules.plain };
export const variants = ['relaxed', 'plain'] as const;

/** inputs: which layers feed it, by position; -1 is the image. Left out: the layer before. */
export type LayerSpec = readonly [
  className: string,
  config?: Readonly<Record<string, unknown>> | undefined,
  inputs?: readonly number[] | undefined,
];

export const conv = (filters: number, kernelSize: number | readonly number[], rest = {}): LayerSpec => [
  'Conv2D',
  {
    filters,
    kernel_size: Array.isArray(kernelSize) ? kernelSize : [kernelSize, kernelSize],
    activation: 'relu',
    ...rest,
  },
];
export const dense = (units: number, activation = 'linear', rest = {}): LayerSpec => [
  'Dense',
  { units, activation, ...rest },
];
export const pool: LayerSpec = ['MaxPooling2D', { pool_size: [2, 2], strides: [2, 2] }];
export const flatten: LayerSpec = ['Flatten'];
export const relu: LayerSpec = ['ReLU'];
export const dropout = (rate: number): LayerSpec => ['Dropout', { rate }];
/** Ends a classifier. */
export const classify = (classes: number, rest = {}): LayerSpec => dense(classes, 'softmax', rest);

export interface Model {
  readonly input: readonly number[];
  readonly layers: readonly LayerSpec[];
}

export function topologyOf({ input, layers: specs }: Model): ModelTopology {
  const listed = specs.map(([className, config], index) => ({
    class_name: className,
    config: { name: nameOf(className, index), ...config },
  }));
  const batchInputShape = [null, ...input];
  if (specs.every(([, , inputs]) => inputs === undefined)) {
    const withInput = listed.map(({ class_name, config }, index) => ({
      class_name,
      config: index === 0 ? { batch_input_shape: batchInputShape, ...config } : config,
    }));
    return { class_name: 'Sequential', config: { name: 'model', layers: withInput } };
  }
  const fed = listed.map((layer, index) => ({
    ...layer,
    name: layer.config.name,
    inbound_nodes: [
      inputsOf(specs, index).map((feeder) => [
        feeder === -1 ? 'input' : listed[feeder]!.config.name,
        0,
        0,
        {},
      ]),
    ],
  }));
  const inputLayer = {
    class_name: 'InputLayer',
    name: 'input',
    config: { name: 'input', batch_input_shape: batchInputShape, dtype: 'float32', sparse: false },
    inbound_nodes: [],
  };
  return {
    class_name: 'Functional',
    config: {
      name: 'model',
      layers: [inputLayer, ...fed],
      input_layers: [['input', 0, 0]],
      output_layers: [[fed.at(-1)!.name, 0, 0]],
    },
  };
}

const nameOf = (className: string, index: number): string => `${className.toLowerCase()}_${index}`;
const inputsOf = (specs: readonly LayerSpec[], index: number): readonly number[] =>
  specs[index]![2] ?? [index - 1];

/** Random bytes as images; `values` of them, so that 2 gives ties in every pool. */
export function randomImages(
  input: readonly number[],
  count: number,
  classes: number,
  stream: RandomStream,
  values = 256,
): LabelledImages {
  const [height, width, channels] =
    input.length === 1 ? [1, 1, input[0]!] : (input as [number, number, number]);
  const byte = (): number => Math.floor((stream.nextBelow(values) * 255) / (values - 1));
  return {
    images: Uint8Array.from({ length: count * height * width * channels }, () =>
      stream.nextFloat() < 0.3 ? 0 : byte(),
    ),
    labels: Uint8Array.from({ length: count }, () => stream.nextBelow(classes)),
    count,
    height,
    width,
    channels,
  };
}

export async function createStep(
  model: Model,
  variant: 'relaxed' | 'plain',
  batchSize: number,
): Promise<TrainingStep> {
  const graph = readGraph(readArchitecture(topologyOf(model)));
  return TrainingStep.create(compiledModules[variant], graph, { batchSize, purpose: 'training' });
}

/**
 * The masks of dropout as drawn, one per dropout layer in order: [batch x values], 0 or 1 / (1 - rate). A value that
 * ReLU made zero reads as dropped, which changes nothing.
 */
export function drawnMasks(step: TrainingStep, images: number): Float32Array[] {
  const memory = new Uint8Array(step.memory.buffer);
  return step.layout.nodes.flatMap(({ node, record }) => {
    const [rate, codes] =
      node.kind === 'affine'
        ? [node.dropoutRate, record['windowCodes']!]
        : node.kind === 'dropout'
          ? [node.rate, record['codes']!]
          : [0, 0];
    if (rate === 0) return [];
    const { height, width, channels } = step.layout.graph.values[node.output]!;
    const stored = 8 * Math.ceil(channels / 8);
    return Float32Array.from({ length: images * height * width * channels }, (_, value) =>
      memory[codes + Math.floor(value / channels) * stored + (value % channels)]! < 4 ? 1 / (1 - rate) : 0,
    );
  });
}

/** A tf.js layers model without its last softmax, and the mean cross-entropy over a batch with its gradient. */
export class Reference {
  readonly #model: layers.LayersModel;
  readonly #layers: readonly LayerSpec[];
  readonly #classes: number;

  private constructor(model: layers.LayersModel, specs: readonly LayerSpec[]) {
    this.#model = model;
    this.#layers = specs;
    this.#classes = model.outputs[0]!.shape[1]!;
  }

  static async create({ input, layers: specs }: Model): Promise<Reference> {
    const logits = specs.map(([className, config, inputs], index): LayerSpec => {
      const isLast = index === specs.length - 1;
      if (isLast && className === 'Softmax') return ['Activation', { activation: 'linear' }, inputs];
      return [className, isLast ? { ...config, activation: 'linear' } : config, inputs];
    });
    const model = await layers.models.modelFromJSON(topologyOf({ input, layers: logits }) as never);
    return new Reference(model, logits);
  }

  /** In the order of the flat weights, layer by layer: tf.js orders the layers of a graph by their depth. */
  get #variables(): readonly tf.Variable[] {
    return this.#layers.flatMap(([className], index) => {
      const weights = this.#model.getLayer(nameOf(className, index)).getWeights();
      return weights.filter((weight): weight is tf.Variable => weight instanceof tf.Variable);
    });
  }

  get shapes(): readonly (readonly number[])[] {
    return this.#variables.map(({ shape }) => shape);
  }

  setWeights(flat: Float32Array): void {
    let at = 0;
    for (const variable of this.#variables) {
      const values = tf.tensor(flat.slice(at, at + variable.size), variable.shape);
      variable.assign(values);
      values.dispose();
      at += variable.size;
    }
  }

  logits(data: LabelledImages, rows: Uint32Array, masks: readonly Float32Array[] = []): tf.Tensor2D {
    const size = data.height * data.width * data.channels;
    const pixels = Float32Array.from(
      { length: rows.length * size },
      (_, at) => data.images[rows[Math.floor(at / size)]! * size + (at % size)]! / 255,
    );
    return this.#apply(this.#batch(pixels), masks);
  }

  #batch(pixels: Float32Array): tf.Tensor {
    const input = this.#model.inputs[0]!.shape.slice(1).map(Number);
    return tf.tensor(pixels, [pixels.length / input.reduce((left, right) => left * right), ...input]);
  }

  #apply(images: tf.Tensor, masks: readonly Float32Array[]): tf.Tensor2D {
    const values: tf.Tensor[] = [];
    let mask = 0;
    for (const [index, [className]] of this.#layers.entries()) {
      const inputs = inputsOf(this.#layers, index).map((feeder) => values[feeder] ?? images);
      const layer = this.#model.getLayer(nameOf(className, index));
      if (className === 'Dropout' && masks.length > 0)
        values.push(tf.mul(inputs[0]!, tf.tensor(masks[mask++]!, inputs[0]!.shape)));
      else values.push(layer.apply(inputs.length === 1 ? inputs[0]! : inputs) as tf.Tensor);
    }
    return values.at(-1) as tf.Tensor2D;
  }

  /** Of -sum of target x log probability: for each image its loss, its probabilities and the gradient at its pixels. */
  inputGradient(pixels: Float32Array, targets: Float32Array) {
    return tidied(() => {
      const wanted = tf.tensor2d(targets, [targets.length / this.#classes, this.#classes]);
      const images = this.#batch(pixels);
      const lossesOf = (values: tf.Tensor): tf.Tensor =>
        tf.neg(tf.sum(tf.mul(wanted, tf.logSoftmax(this.#apply(values, []))), 1));
      return {
        losses: lossesOf(images).dataSync<'float32'>(),
        probabilities: tf.softmax(this.#apply(images, [])).dataSync<'float32'>(),
        gradient: tf
          .grad((values) => tf.sum(lossesOf(values)))(images)
          .dataSync<'float32'>(),
      };
    });
  }

  /** The mean cross-entropy of the rows and its gradient, flat tensor by tensor. */
  gradient(
    data: LabelledImages,
    rows: Uint32Array,
    masks: readonly Float32Array[] = [],
  ): { loss: number; gradient: Float32Array[] } {
    return tidied(() => {
      const labels = tf.oneHot(
        tf.tensor1d(
          Array.from(rows, (row) => data.labels[row]!),
          'int32',
        ),
        this.#classes,
      );
      const variables = this.#variables;
      const { value, grads } = tf.variableGrads(
        () => tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>(labels, this.logits(data, rows, masks)),
        [...variables],
      );
      return {
        loss: value.dataSync()[0]!,
        gradient: variables.map(({ name }) => grads[name]!.dataSync() as Float32Array),
      };
    });
  }
}

/** What tf.tidy() is given to return it searches for tensors, number by number. */
function tidied<Numbers>(compute: () => Numbers): Numbers {
  const kept: Numbers[] = [];
  tf.tidy(() => {
    kept.push(compute());
  });
  return kept[0]!;
}

/** Cuts flat weights into tensors of the given shapes. */
export function cut(flat: Float32Array, shapes: readonly (readonly number[])[]): Float32Array[] {
  let at = 0;
  return shapes.map((shape) => {
    const size = shape.reduce((product, length) => product * length, 1);
    at += size;
    return flat.subarray(at - size, at);
  });
}

/** The largest difference in a tensor, relative to its largest entry; over all tensors the worst. */
export function worstError(found: readonly Float32Array[], expected: readonly Float32Array[]): number {
  return Math.max(
    ...expected.map((tensor, index) => {
      const largest = tensor.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const difference = tensor.reduce(
        (most, value, at) => Math.max(most, Math.abs(value - found[index]![at]!)),
        0,
      );
      if (Number.isNaN(difference)) return Infinity;
      return difference === 0 ? 0 : difference / largest;
    }),
  );
}

/** Weights of about the size that training gives, biases included. */
export function randomWeights(shapes: readonly (readonly number[])[], stream: RandomStream): Float32Array {
  return Float32Array.from(
    shapes.flatMap((shape) => {
      const size = shape.reduce((product, length) => product * length, 1);
      const inputs = size / shape.at(-1)!;
      const scale = shape.length === 1 ? 0.2 : Math.sqrt(6 / inputs);
      return Array.from({ length: size }, () => (stream.nextFloat() * 2 - 1) * scale);
    }),
  );
}

export const states = { shuffle: Int32Array.of(11, 22, 33, 44), dropout: Int32Array.of(55, 66, 77, 88) };
