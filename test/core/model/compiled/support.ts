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
import { fuseLayers } from '../../../../core/model/compiled/fused-layers.ts';
import { readTopology } from '../../../../core/model/compiled/topology.ts';
import { TrainingStep } from '../../../../core/model/compiled/training-step.ts';
import type { ModelTopology } from '../../../../core/model/engine.ts';
import type { RandomStream } from '../../../../core/random/generator.ts';

await buildTrainingStep();
await tf.setBackend('cpu');

const moduleBytes = (name: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    readFileSync(join(import.meta.dirname, '../../../../build/out/training-step', `${name}.wasm`)),
  );
export const modules = { relaxed: moduleBytes('relaxed'), plain: moduleBytes('plain') };
/** The same engine where relaxed SIMD is missing. */
export const modulesWithoutRelaxed = { relaxed: new Uint8Array(0), plain: modules.plain };
export const variants = ['relaxed', 'plain'] as const;

export type LayerSpec = readonly [className: string, config?: Readonly<Record<string, unknown>>];

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
  return {
    class_name: 'Sequential',
    config: {
      name: 'model',
      layers: specs.map(([className, config], index) => ({
        class_name: className,
        config: {
          name: `${className.toLowerCase()}_${index}`,
          ...(index === 0 ? { batch_input_shape: [null, ...input] } : {}),
          ...config,
        },
      })),
    },
  };
}

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
  const fused = fuseLayers(readTopology(topologyOf(model)));
  const module = await WebAssembly.compile(modules[variant]);
  return TrainingStep.create(module, fused, { batchSize, purpose: 'training' });
}

/**
 * The masks of dropout as drawn, one per dropout layer in order: [batch x values], 0 or 1 / (1 - rate). A value that
 * ReLU made zero reads as dropped, which changes nothing.
 */
export function drawnMasks(step: TrainingStep, images: number): Float32Array[] {
  const memory = new Uint8Array(step.memory.buffer);
  return step.layout.geometry.flatMap(({ layer, positions, channels }, index) => {
    if (layer.dropoutRate === 0) return [];
    const { windowCodes } = step.layout.layers[index]!;
    const used = layer.output.channels;
    return Float32Array.from({ length: images * positions * used }, (_, value) => {
      const code = memory[windowCodes + Math.floor(value / used) * channels + (value % used)]!;
      return code < 4 ? 1 / (1 - layer.dropoutRate) : 0;
    });
  });
}

/** A tf.js layers model without its last softmax, and the mean cross-entropy over a batch with its gradient. */
export class Reference {
  readonly #model: layers.LayersModel;
  readonly #classes: number;

  private constructor(model: layers.LayersModel) {
    this.#model = model;
    this.#classes = model.outputs[0]!.shape[1]!;
  }

  static async create({ input, layers: specs }: Model): Promise<Reference> {
    const logits = specs.map(([className, config]): LayerSpec =>
      config?.['activation'] === 'softmax'
        ? [className, { ...config, activation: 'linear' }]
        : [className, config ?? {}],
    );
    const topology = topologyOf({ input, layers: logits.filter(([className]) => className !== 'Softmax') });
    return new Reference(await layers.models.modelFromJSON(topology as never));
  }

  get shapes(): readonly (readonly number[])[] {
    return this.#model.getWeights().map(({ shape }) => shape);
  }

  setWeights(flat: Float32Array): void {
    tf.tidy(() => {
      let at = 0;
      this.#model.setWeights(
        this.shapes.map((shape) => {
          const size = shape.reduce((product, length) => product * length, 1);
          at += size;
          return tf.tensor(flat.slice(at - size, at), [...shape]);
        }),
      );
    });
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
    let values = images;
    let mask = 0;
    for (const layer of this.#model.layers)
      if (layer.getClassName() === 'Dropout' && masks.length > 0)
        values = tf.mul(values, tf.tensor(masks[mask++]!, values.shape));
      else values = layer.apply(values) as tf.Tensor;
    return values as tf.Tensor2D;
  }

  /** Of -sum of target x log probability: for each image its loss, its probabilities and the gradient at its pixels. */
  inputGradient(pixels: Float32Array, targets: Float32Array) {
    return tf.tidy(() => {
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
    return tf.tidy(() => {
      const labels = tf.oneHot(
        tf.tensor1d(
          Array.from(rows, (row) => data.labels[row]!),
          'int32',
        ),
        this.#classes,
      );
      const variables = this.#model.trainableWeights.map((weight) => {
        const variable = weight.read();
        if (!(variable instanceof tf.Variable)) throw new Error('a weight that is no variable');
        return variable;
      });
      const { value, grads } = tf.variableGrads(
        () => tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>(labels, this.logits(data, rows, masks)),
        variables,
      );
      return {
        loss: value.dataSync()[0]!,
        gradient: variables.map(({ name }) => grads[name]!.dataSync() as Float32Array),
      };
    });
  }
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
