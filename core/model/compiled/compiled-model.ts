/** A model planned for the compiled engine and bound to its images: the loops of training and evaluation. */
import { FederationError, invalidSetting } from '../../errors/federation-error.ts';
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
import { softCrossEntropy } from '../soft-cross-entropy.ts';
import { checkInputGradientTask } from '../task-checks.ts';
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
    requireCount('epochs', epochs);
    requireCount('batch', batchSize);
    requireCount('examples', indices.length);
    this.#requireWeights(task.weights);
    const data = this.#data.train;
    if (indices.some((index) => index >= data.count)) throw internal('an index beyond the training images');

    const step = await this.#trainerFor(batchSize);
    step.start(task.weights, task.dropoutState);
    const stream = streamFromState(task.shuffleState);
    const order = indices.slice();
    const examplesTotal = epochs * order.length;
    const epochWeights: Float32Array[] = [];
    let steps = 0;
    let examplesDone = 0;
    for (let epoch = 0; epoch < epochs; epoch += 1) {
      shuffle(order, stream);
      step.clearStatistics();
      for (let start = 0; start < order.length; start += batchSize) {
        const batch = order.subarray(start, start + batchSize);
        step.takeBatch(data, batch);
        step.forward(true);
        step.loss();
        step.backward(true);
        step.optimise(optimiser, proximalMu);
        steps += 1;
        examplesDone += batch.length;
        if (!Number.isFinite(step.statistics.lossSum)) throw diverged(steps, step.statistics.lossSum);
        onBatch?.({ examplesDone, examplesTotal });
      }
      // ReLU hides what is not a number from the loss: only the weights tell.
      if (task.everyEpoch || epoch === epochs - 1) epochWeights.push(step.getWeights());
    }
    const weights = epochWeights.at(-1)!;
    const { lossSum, correct } = step.statistics;
    const loss = lossSum / order.length;
    if (!areFinite(weights)) throw diverged(steps, loss);
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
    this.#requireWeights(task.weights);
    if (!(start >= 0 && start <= end && end <= data.count)) throw internal('rows beyond the test images');
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
    const inputElements = this.#imageElements;
    this.#requireWeights(weights);
    if (images.images.length !== images.count * inputElements) throw internal('images of another shape');
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
      for (let image = 0; image < count; image += 1)
        softmax(
          logits.subarray(image * classes, (image + 1) * classes),
          probabilities.subarray((from + image) * classes),
        );
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
    if (!areEqual(weights, held)) {
      this.#requireWeights(weights);
      step.setWeights(weights);
      this.#inverter.weights = weights.slice();
    }
    return step;
  }

  get #batchWithoutTraining(): number {
    const bytesOfImage = 4 * this.#graph.values.reduce((total, value) => total + elements(value), 0);
    return Math.max(1, Math.min(evaluationBatch, Math.floor(evaluationBytes / bytesOfImage)));
  }

  #requireWeights(weights: Float32Array): void {
    if (weights.length !== this.parameterCount)
      throw internal(`${weights.length} weights for a model of ${this.parameterCount} parameters`);
    if (!areFinite(weights)) throw internal('weights that are not finite');
  }
}

function softmax(logits: Float32Array, probabilities: Float32Array): void {
  const largest = Math.max(...logits);
  const powers = Float64Array.from(logits, (logit) => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  probabilities.set(powers.map((power) => power / sum));
}

function areEqual(left: Float32Array, right: Float32Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}

/** Zero times infinity, or times what is not a number, is not a number. */
function areFinite(weights: Float32Array): boolean {
  let sum = 0;
  // eslint-disable-next-line @typescript-eslint/prefer-for-of -- for-of and every() take 2 ms for 241,546 weights, this 0.2
  for (let index = 0; index < weights.length; index += 1) sum += 0 * weights[index]!;
  return sum === 0;
}

function requireCount(field: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw invalidSetting(field, value, 'a whole number of 1 or more');
}

function internal(what: string): FederationError<'internal'> {
  return new FederationError('internal', `Cannot run the compiled engine, as it was given ${what}.`, {
    details: { what },
    blame: 'bug',
    action: 'report',
  });
}

function diverged(step: number, loss: number): FederationError<'training-diverged'> {
  return new FederationError(
    'training-diverged',
    `Cannot go on training, as loss and weights must stay finite, and at step ${step} they do not (loss ${loss}): lower the learning rate.`,
    { details: { step, loss }, blame: 'user', action: 'correct' },
  );
}
