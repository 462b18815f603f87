/** A model planned for the compiled engine and bound to its images: the loops of training and evaluation. */
import type { LabelledImages } from '../../datasets/dataset.ts';
import { shuffle, streamFromState } from '../../random/generator.ts';
import type {
  EvaluationResult,
  EvaluationTask,
  Images,
  InputGradientResult,
  InputGradientTask,
  OnBatch,
  TrainableModel,
  TrainingResult,
  TrainingTask,
} from '../engine.ts';
import { logOfSum } from '../log-of-sum.ts';
import { batchLoss, checkLoss, hasOwnLoss, type BatchLoss } from '../losses.ts';
import { softCrossEntropy } from '../soft-cross-entropy.ts';
import {
  checkEvaluationTask,
  checkInputGradientTask,
  checkPrediction,
  checkTrainingTask,
  requireFiniteLoss,
  requireFiniteWeights,
  requireWeights,
} from '../task-checks.ts';
import { elements, type Graph } from './graph.ts';
import { TrainingStep } from './training-step.ts';

/** Images at a time in evaluation: the panels of a dense layer are read once per batch. More gains nothing. */
const evaluationBatch = 100;
/** For models of large images, fewer, so that their activations take no more than this. */
const evaluationBytes = 2 ** 26;

export class CompiledModel implements TrainableModel {
  readonly engine = 'compiled';
  readonly parameterCount: number;
  readonly #module: WebAssembly.Module;
  readonly #graph: Graph;
  /** Numbers of an image. */
  readonly #imageElements: number;
  readonly #data: { readonly train: LabelledImages; readonly test: LabelledImages };
  /** Planned when first needed: a process that only evaluates holds no gradients, one that only trains no second plan. */
  #trainer: TrainingStep | undefined;
  #evaluator: TrainingStep | undefined;
  /** With the weights that it holds: an attack asks thousands of times under the same ones. */
  #inverter: { readonly step: TrainingStep; weights: Float32Array } | undefined;

  constructor(
    module: WebAssembly.Module,
    graph: Graph,
    data: { readonly train: LabelledImages; readonly test: LabelledImages },
  ) {
    this.#module = module;
    this.#graph = graph;
    this.#imageElements = elements(graph.values[0]!);
    this.#data = data;
    this.parameterCount = graph.parameterCount;
  }

  /**
   * Throws FederationError: 'invalid-setting' for an impossible task, 'training-diverged' when loss or weights stop being
   * finite. Loss and accuracy are those seen while training, dropout and all.
   */
  async train(task: TrainingTask, onBatch?: OnBatch): Promise<TrainingResult> {
    const { indices, epochs, batchSize, optimiser, proximalMu } = task;
    const data = this.#data.train;
    checkTrainingTask(task, this.parameterCount, data.count);
    checkLoss(task, this.#graph.classes);
    const ownLoss = hasOwnLoss(task);

    const step = await this.#trainerFor(batchSize);
    step.start(task.weights, task.dropoutState);
    const stream = streamFromState(task.shuffleState);
    /** Places among the task's examples. */
    const order = Uint32Array.from(indices.keys());
    const examplesTotal = epochs * order.length;
    const epochWeights: Float32Array[] = [];
    let steps = 0;
    let examplesDone = 0;
    let ownLossSum = 0;
    for (let epoch = 0; epoch < epochs; epoch += 1) {
      shuffle(order, stream);
      step.clearStatistics();
      ownLossSum = 0;
      for (let start = 0; start < order.length; start += batchSize) {
        const places = order.subarray(start, start + batchSize);
        step.takeBatch(
          data,
          places.map((place) => indices[place]!),
        );
        step.forward(true);
        step.loss();
        if (ownLoss) ownLossSum += replaceLoss(step, batchLoss(task, data.labels, places, step.getLogits()));
        step.backward(true);
        step.optimise(optimiser, proximalMu);
        steps += 1;
        examplesDone += places.length;
        const { lossSum } = step.statistics;
        requireFiniteLoss(lossSum, steps);
        onBatch?.({ examplesDone, examplesTotal });
      }
      // ReLU hides what is not a number from the loss: only the weights tell.
      if (task.everyEpoch || epoch === epochs - 1) epochWeights.push(step.getWeights());
    }
    const weights = epochWeights.at(-1)!;
    const { lossSum, correct } = step.statistics;
    const loss = (ownLoss ? ownLossSum : lossSum) / order.length;
    requireFiniteWeights(weights, steps, loss);
    return {
      weights,
      loss,
      accuracy: correct / order.length,
      steps,
      examples: order.length,
      epochWeights: task.everyEpoch ? epochWeights : [],
    };
  }

  async evaluate(task: EvaluationTask): Promise<EvaluationResult> {
    const { start, end } = task;
    const data = this.#data.test;
    const { classes } = this.#graph;
    checkEvaluationTask(task, this.parameterCount, data.count);
    const step = await this.#evaluatorOnce();
    const { batchSize } = step.layout;
    step.setWeights(task.weights);
    step.clearStatistics();
    const confusion = new Uint32Array(classes * classes);
    for (let from = start; from < end; from += batchSize) {
      const count = Math.min(batchSize, end - from);
      step.takeBatch(
        data,
        Uint32Array.from({ length: count }, (_, index) => from + index),
      );
      step.forward(false);
      step.loss();
      for (const [index, predicted] of step.predictions.entries()) {
        const cell = data.labels[from + index]! * classes + predicted;
        confusion[cell] = confusion[cell]! + 1;
      }
    }
    return { lossSum: step.statistics.lossSum, confusion, count: end - start };
  }

  async predict(weights: Float32Array, images: Images): Promise<Float32Array> {
    const { classes } = this.#graph;
    checkPrediction(weights, this.parameterCount, images, this.#imageElements);
    const step = await this.#evaluatorOnce();
    const { batchSize } = step.layout;
    step.setWeights(weights);
    const labelled = { ...images, labels: new Uint8Array(images.count) };
    const probabilities = new Float32Array(images.count * classes);
    for (let from = 0; from < images.count; from += batchSize) {
      const count = Math.min(batchSize, images.count - from);
      step.takeBatch(
        labelled,
        Uint32Array.from({ length: count }, (_, index) => from + index),
      );
      step.forward(false);
      const logits = step.getLogits();
      for (let start = 0; start < count * classes; start += classes) {
        const log = logOfSum(logits, start, start + classes);
        for (let at = start; at < start + classes; at += 1)
          probabilities[from * classes + at] = Math.exp(logits[at]! - log);
      }
    }
    return probabilities;
  }

  async inputGradient(task: InputGradientTask): Promise<InputGradientResult> {
    const { classes } = this.#graph;
    const inputElements = this.#imageElements;
    const { count, images, targets } = task;
    checkInputGradientTask(task, inputElements, classes);
    const step = await this.#inverterWith(task.weights);
    const { batchSize } = step.layout;
    const gradient = new Float32Array(images.length);
    const losses = new Float32Array(count);
    const probabilities = new Float32Array(count * classes);
    for (let from = 0; from < count; from += batchSize) {
      const end = Math.min(from + batchSize, count);
      step.takePixels(images.subarray(from * inputElements, end * inputElements));
      step.forward(false);
      const found = softCrossEntropy(
        step.getLogits(),
        targets.subarray(from * classes, end * classes),
        classes,
      );
      losses.set(found.losses, from);
      probabilities.set(found.probabilities, from * classes);
      step.backwardToInput(found.gradient, gradient.subarray(from * inputElements, end * inputElements));
    }
    return { gradient, losses, probabilities };
  }

  dispose(): void {
    this.#inverter = undefined;
    this.#trainer = undefined;
    this.#evaluator = undefined;
  }

  /**
   * Planned for exactly this batch size, so that the order of every sum, and with it every bit of the result, depends on
   * the task alone and not on what ran before.
   */
  async #trainerFor(batchSize: number): Promise<TrainingStep> {
    if (this.#trainer?.layout.batchSize !== batchSize) {
      this.#trainer = undefined;
      this.#trainer = await TrainingStep.create(this.#module, this.#graph, {
        batchSize,
        purpose: 'training',
      });
    }
    return this.#trainer;
  }

  async #evaluatorOnce(): Promise<TrainingStep> {
    return (this.#evaluator ??= await TrainingStep.create(this.#module, this.#graph, {
      batchSize: this.#batchWithoutTraining,
      purpose: 'forward',
    }));
  }

  async #inverterWith(weights: Float32Array): Promise<TrainingStep> {
    if (!this.#inverter) {
      const options = { batchSize: this.#batchWithoutTraining, purpose: 'input-gradient' } as const;
      const step = await TrainingStep.create(this.#module, this.#graph, options);
      this.#inverter = { step, weights: new Float32Array() };
    }
    const { step, weights: held } = this.#inverter;
    if (!areSame(weights, held)) {
      requireWeights(weights, this.parameterCount);
      step.setWeights(weights);
      this.#inverter.weights = weights.slice();
    }
    return step;
  }

  get #batchWithoutTraining(): number {
    const bytesOfImage = 4 * this.#graph.values.reduce((total, value) => total + elements(value), 0);
    return Math.max(1, Math.min(evaluationBatch, Math.floor(evaluationBytes / bytesOfImage)));
  }
}

/** Puts the gradient of another loss in the place of the cross-entropy's; gives the sum of that loss. */
function replaceLoss(step: TrainingStep, { losses, gradient }: BatchLoss): number {
  step.setLogitsGradient(gradient);
  return losses.reduce((sum, loss) => sum + loss, 0);
}

/** Bit for bit, by what differs anywhere: a branch for each number takes longer. */
function areSame(left: Float32Array, right: Float32Array): boolean {
  const { length } = left;
  if (length !== right.length) return false;
  const [bits, otherBits] = [asIntegers(left), asIntegers(right)];
  let different = 0;
  for (let index = 0; index < length; index += 1) different |= bits[index]! ^ otherBits[index]!;
  return different === 0;
}

function asIntegers({ buffer, byteOffset, length }: Float32Array): Int32Array {
  return new Int32Array(buffer, byteOffset, length);
}
