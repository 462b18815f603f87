/**
 * One planned step in one WebAssembly module: the module's memory as the planner laid it out, and each phase of a step
 * as one call. Holds no training loop (compiled-model.ts).
 */
import type { LabelledImages } from '../../datasets/dataset.ts';
import type { ClientOptimiser } from '../engine.ts';
import { soundVariances } from '../moving-statistics.ts';
import { modelRefused } from '../refusals.ts';
import { elements, type Graph } from './graph.ts';
import { planMemory, type MemoryLayout, type Purpose } from './memory-layout.ts';
import { writeRecord } from './node-record.ts';
import { loadWeights, storeWeights, weightPlaces } from './parameters.ts';

/** What the module exports; its source is build/training-step. */
interface TrainingStepExports {
  firstFreeAddress(): number;
  seedDropout(lane0: number, lane1: number, lane2: number, lane3: number): void;
  bytesToFloats(
    bytes: number,
    images: number,
    rows: number,
    rowBytes: number,
    target: number,
    imageStride: number,
    rowStride: number,
  ): void;
  forward(nodes: number, count: number, images: number, train: number): void;
  backward(nodes: number, count: number, images: number, train: number, learn: number): void;
  softmaxCrossEntropy(
    logits: number,
    gradient: number,
    stride: number,
    classes: number,
    labels: number,
    predictions: number,
    images: number,
    statistics: number,
  ): void;
  packWeights(nodes: number, count: number): void;
  adam(
    weights: number,
    gradient: number,
    firstMoment: number,
    secondMoment: number,
    parameters: number,
    firstCorrection: number,
    secondCorrection: number,
    beta1: number,
    beta2: number,
    newShare1: number,
    newShare2: number,
    epsilon: number,
  ): void;
  momentum(
    weights: number,
    gradient: number,
    velocity: number,
    parameters: number,
    learningRate: number,
    decay: number,
  ): void;
  addProximalGradient(
    weights: number,
    anchor: number,
    gradient: number,
    parameters: number,
    mu: number,
  ): void;
}

export interface StepOptions {
  readonly batchSize: number;
  /** All but 'training' take a fraction of the memory. */
  readonly purpose: Purpose;
}

/** tf.train.adam's defaults. */
const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-7;

const pageBytes = 65_536;

export class TrainingStep {
  readonly layout: MemoryLayout;
  readonly memory: WebAssembly.Memory;
  readonly #exports: TrainingStepExports;
  readonly #places: Uint32Array;
  readonly #imageElements: number;
  readonly #bytes: Uint8Array;
  readonly #statistics: Float64Array;
  readonly #labels: Int32Array;
  #images = 0;
  /** tf.js keeps beta1^t and beta2^t in float32; so does this, or the first steps would differ in the fifth digit. */
  #beta1Power = Math.fround(beta1);
  #beta2Power = Math.fround(beta2);

  private constructor(layout: MemoryLayout, memory: WebAssembly.Memory, exports: TrainingStepExports) {
    this.layout = layout;
    this.memory = memory;
    this.#exports = exports;
    this.#places = weightPlaces(layout.blocks);
    this.#imageElements = elements(layout.image);
    this.#bytes = new Uint8Array(memory.buffer, layout.bytes, layout.batchSize * this.#imageElements);
    this.#statistics = new Float64Array(memory.buffer, layout.statistics, 2);
    this.#labels = new Int32Array(memory.buffer, layout.labels, layout.batchSize);
    for (const { address, content } of layout.tables) new Int32Array(memory.buffer, address).set(content());
    const view = new DataView(memory.buffer);
    for (const { node, address, record } of layout.nodes) writeRecord(view, address, node.kind, record);
  }

  /** Throws FederationError 'model-refused' when model and batch need more memory than there is. */
  static async create(module: WebAssembly.Module, graph: Graph, options: StepOptions): Promise<TrainingStep> {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const instance = await WebAssembly.instantiate(module, { env: { memory } });
    const exports = instance.exports as unknown as TrainingStepExports;
    const layout = planMemory(graph, { ...options, firstFreeAddress: exports.firstFreeAddress() });
    try {
      memory.grow(Math.ceil(layout.end / pageBytes));
    } catch {
      throw modelRefused(
        'the model',
        `needs ${Math.ceil(layout.end / 1e6)} MB of memory in batches of ${options.batchSize}, which this machine does not give`,
      );
    }
    return new TrainingStep(layout, memory, exports);
  }

  get parameterCount(): number {
    return this.#places.length;
  }

  /**
   * Starts a task: flat weights in, gradient and optimiser cleared, dropout seeded. After it nothing is left of what ran
   * before.
   */
  start(weights: Float32Array, dropoutState: Int32Array): void {
    const { gradient, firstMoment, secondMoment, anchor } = this.layout;
    this.setWeights(weights);
    for (const range of [gradient, firstMoment, secondMoment]) this.#range(range).fill(0);
    this.#range(anchor).set(this.#range(this.layout.weights));
    this.#beta1Power = Math.fround(beta1);
    this.#beta2Power = Math.fround(beta2);
    const [lane0 = 0, lane1 = 0, lane2 = 0, lane3 = 0] = dropoutState;
    this.#exports.seedDropout(lane0, lane1, lane2, lane3);
    this.clearStatistics();
  }

  setWeights(flat: Float32Array): void {
    const { graph, weights, storedWeights } = this.layout;
    const sound = soundVariances(flat, graph.statistics);
    storeWeights(sound, this.#places, this.#range(weights, storedWeights));
    this.#packWeights();
  }

  getWeights(): Float32Array {
    const { weights, storedWeights } = this.layout;
    return loadWeights(this.#places, this.#range(weights, storedWeights));
  }

  /** Flat, as getWeights(): the gradient since the last optimiser step. */
  getGradient(): Float32Array {
    return loadWeights(this.#places, this.#range(this.layout.gradient));
  }

  /**
   * Takes a batch: rows of the images, at most batchSize. Only these bytes are copied (3 of the 5,000 microseconds of a
   * step), so the memory does not grow with the data set.
   */
  takeBatch(data: LabelledImages, rows: Uint32Array): void {
    const { bytes, image } = this.layout;
    const size = this.#imageElements;
    for (const [index, row] of rows.entries()) {
      this.#bytes.set(data.images.subarray(row * size, (row + 1) * size), index * size);
      this.#labels[index] = data.labels[row]!;
    }
    this.#images = rows.length;
    this.#exports.bytesToFloats(
      bytes,
      rows.length,
      image.height,
      image.width * image.channels,
      image.address + image.inside,
      image.imageStride,
      image.rowStride,
    );
  }

  /** Takes a batch of numbers as they are: [count, ...input], at most batchSize images. */
  takePixels(pixels: Float32Array): void {
    this.#images = pixels.length / this.#imageElements;
    let at = 0;
    for (const row of this.#imageRows(this.layout.image.address)) {
      row.set(pixels.subarray(at, at + row.length));
      at += row.length;
    }
  }

  /** train: with dropout. Of all nodes, or of `count` from one on: all have their turn, in order, before the loss. */
  forward(train: boolean, first = 0, count = this.layout.nodes.length): void {
    this.#exports.forward(this.layout.nodeTable + 4 * first, count, this.#images, Number(train));
  }

  /** Loss and its gradient at the logits; adds to the statistics. */
  loss(): void {
    const { graph, logits, labels, predictions, statistics } = this.layout;
    this.#exports.softmaxCrossEntropy(
      logits.address,
      logits.gradient,
      logits.imageStride,
      graph.classes,
      labels,
      predictions,
      this.#images,
      statistics,
    );
  }

  /** Of another loss, after loss(): [images * classes]. */
  setLogitsGradient(gradient: Float32Array): void {
    const { graph, logits } = this.layout;
    const { classes } = graph;
    for (let image = 0; image < this.#images; image += 1)
      new Float32Array(this.memory.buffer, logits.gradient + image * logits.imageStride, classes).set(
        gradient.subarray(image * classes, (image + 1) * classes),
      );
  }

  /**
   * Adds the batch's gradient to the gradient, which the optimiser clears. train: as forward() had it. Of all nodes, or of
   * `count` from one on: all have their turn, last things first, before the optimiser.
   */
  backward(train: boolean, first = 0, count = this.layout.nodes.length): void {
    this.#exports.backward(this.layout.nodeTable + 4 * first, count, this.#images, Number(train), 1);
  }

  /**
   * In a step for input gradients, instead of loss() and backward(): gradients at the logits [images * classes] in,
   * gradients at the images [images, ...input] out.
   */
  backwardToInput(logitsGradient: Float32Array, gradient: Float32Array): void {
    const { nodeTable, nodes, image } = this.layout;
    this.setLogitsGradient(logitsGradient);
    this.#exports.backward(nodeTable, nodes.length, this.#images, 0, 0);
    let at = 0;
    for (const row of this.#imageRows(image.gradient)) {
      gradient.set(row, at);
      at += row.length;
    }
  }

  optimise(optimiser: ClientOptimiser, proximalMu: number): void {
    const { weights, gradient, firstMoment, secondMoment, anchor, storedParameters } = this.layout;
    if (proximalMu > 0)
      this.#exports.addProximalGradient(weights, anchor, gradient, storedParameters, proximalMu);
    if (optimiser.kind === 'adam') {
      const firstCorrection = optimiser.learningRate / Math.fround(1 - this.#beta1Power);
      const secondCorrection = 1 / Math.fround(1 - this.#beta2Power);
      this.#exports.adam(
        weights,
        gradient,
        firstMoment,
        secondMoment,
        storedParameters,
        firstCorrection,
        secondCorrection,
        beta1,
        beta2,
        1 - beta1,
        1 - beta2,
        epsilon,
      );
      this.#beta1Power = Math.fround(this.#beta1Power * Math.fround(beta1));
      this.#beta2Power = Math.fround(this.#beta2Power * Math.fround(beta2));
    } else {
      this.#exports.momentum(
        weights,
        gradient,
        firstMoment,
        storedParameters,
        optimiser.learningRate,
        optimiser.momentum,
      );
    }
    this.#packWeights();
  }

  /** [images * classes] of the last batch, before the softmax: a copy. */
  getLogits(): Float32Array {
    const { graph, logits } = this.layout;
    const { classes } = graph;
    const values = new Float32Array(this.#images * classes);
    for (let image = 0; image < this.#images; image += 1)
      values.set(
        new Float32Array(this.memory.buffer, logits.address + image * logits.imageStride, classes),
        image * classes,
      );
    return values;
  }

  clearStatistics(): void {
    this.#statistics.fill(0);
  }

  /** Sums since clearStatistics(). */
  get statistics(): { readonly lossSum: number; readonly correct: number } {
    return { lossSum: this.#statistics[0]!, correct: this.#statistics[1]! };
  }

  /** Predicted classes of the last batch: a view, valid until the next batch. */
  get predictions(): Int32Array {
    return new Int32Array(this.memory.buffer, this.layout.predictions, this.#images);
  }

  /** The batch's images at that address, in runs that lie together: rows, or whole images where there is no border. */
  *#imageRows(images: number): Generator<Float32Array> {
    const { height, width, channels, rowStride, imageStride, inside } = this.layout.image;
    const whole = rowStride === 4 * width * channels;
    const runs = whole ? 1 : height;
    const floats = whole ? height * width * channels : width * channels;
    for (let image = 0; image < this.#images; image += 1)
      for (let row = 0; row < runs; row += 1)
        yield new Float32Array(
          this.memory.buffer,
          images + inside + image * imageStride + row * rowStride,
          floats,
        );
  }

  /** floats: of all that is trained, unless it says so. */
  #range(address: number, floats = this.layout.storedParameters): Float32Array {
    return new Float32Array(this.memory.buffer, address, floats);
  }

  #packWeights(): void {
    this.#exports.packWeights(this.layout.nodeTable, this.layout.nodes.length);
  }
}
