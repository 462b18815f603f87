/**
 * The engine 'wasm': tf.js layers on its WebAssembly backend. Slower than the compiled engine by a factor of ten, but
 * it trains every model whose layers are in the catalogue.
 */
import * as tf from '@tensorflow/tfjs-core';
import { FederationError } from '../../errors/federation-error.ts';
import { shuffle, streamFromState, type RandomStream } from '../../random/generator.ts';
import type { LabelledImages } from '../../datasets/dataset.ts';
import { readArchitecture, sizeOf } from '../architecture.ts';
import type {
  ClientOptimiser,
  Engine,
  EvaluationTask,
  EvaluationResult,
  Images,
  InputGradientResult,
  InputGradientTask,
  OnBatch,
  TrainableModel,
  TrainingResult,
  TrainingTask,
} from '../engine.ts';
import { modelDoesNotFit } from '../refusals.ts';
import { softCrossEntropy } from '../soft-cross-entropy.ts';
import {
  checkEvaluationTask,
  checkInputGradientTask,
  checkPrediction,
  checkTrainingTask,
  requireFinite,
  requireWeights,
} from '../task-checks.ts';
import { useWasmBackend } from './backend.ts';
import { buildNetwork, type Network } from './network.ts';

/** Images in one forward pass of an evaluation: some tens of MB of activations for the mission's CNN. */
const evaluationBatch = 100;

export function createWasmEngine(): Engine {
  return {
    name: 'wasm',
    variant: `tf.js ${tf.version_core}, SIMD`,
    refusal(topology) {
      try {
        readArchitecture(topology);
        return undefined;
      } catch (error) {
        if (error instanceof FederationError) return error.message;
        throw error;
      }
    },
    async plan(topology, data) {
      await useWasmBackend();
      const network = await buildNetwork(topology);
      return bind(network, data);
    },
  };
}

function bind(
  network: Network,
  data: { readonly train: LabelledImages; readonly test: LabelledImages },
): TrainableModel {
  requireFit(network, data.train);
  requireFit(network, data.test);
  return {
    engine: 'wasm',
    parameterCount: network.parameterCount,
    async train(task, onBatch) {
      checkTrainingTask(task, network.parameterCount, data.train.count);
      await useWasmBackend();
      return train(network, data.train, task, onBatch);
    },
    async evaluate(task) {
      checkEvaluationTask(task, network.parameterCount, data.test.count);
      await useWasmBackend();
      return evaluate(network, data.test, task);
    },
    async predict(weights, images) {
      checkPrediction(weights, network.parameterCount, images, sizeOf(network.architecture.input));
      await useWasmBackend();
      return predict(network, weights, images);
    },
    async inputGradient(task) {
      const { input, classes } = network.architecture;
      requireWeights(task.weights, network.parameterCount);
      checkInputGradientTask(task, sizeOf(input), classes);
      await useWasmBackend();
      return inputGradient(network, task);
    },
    dispose: () => {
      network.dispose();
    },
  };
}

/** Throws FederationError 'model-does-not-fit' when the images or their labels are not what the model takes. */
function requireFit({ architecture }: Network, images: LabelledImages): void {
  const { input, layers, classes } = architecture;
  const shape = [images.height, images.width, images.channels];
  if (sizeOf(input) !== sizeOf(shape))
    throw modelDoesNotFit(layers[0]!.label, 'input', shape.join(' x '), input.join(' x '));
  const found = images.labels.reduce((most, label) => Math.max(most, label + 1), 0);
  if (found > classes)
    throw modelDoesNotFit(layers.at(-1)!.label, 'number of classes', `${found} or more`, String(classes));
}

function train(
  network: Network,
  images: LabelledImages,
  task: TrainingTask,
  onBatch: OnBatch | undefined,
): TrainingResult {
  network.setWeights(task.weights);
  // Fresh for every task: a client's optimiser keeps nothing from one round to the next.
  const optimiser = createOptimiser(task.optimiser);
  const start = task.proximalMu === 0 ? [] : network.variables.map((variable) => tf.clone(variable));
  try {
    return runEpochs(network, images, task, optimiser, start, onBatch);
  } finally {
    optimiser.dispose();
    // tf.js's momentum leaves out the tensor of the learning rate, which plain SGD, its base class, made.
    if (task.optimiser.kind === 'sgd' && task.optimiser.momentum !== 0)
      tf.SGDOptimizer.prototype.dispose.call(optimiser);
    tf.dispose(start);
  }
}

function runEpochs(
  network: Network,
  images: LabelledImages,
  task: TrainingTask,
  optimiser: tf.Optimizer,
  /** The weights at the start, for the FedProx term. */
  start: readonly tf.Tensor[],
  onBatch: OnBatch | undefined,
): TrainingResult {
  const order = task.indices.slice();
  const orderStream = streamFromState(task.shuffleState);
  const dropout = streamFromState(task.dropoutState);
  const examplesTotal = order.length * task.epochs;
  const epochWeights: Float32Array[] = [];
  let steps = 0;
  let examplesDone = 0;
  let seen = { lossSum: 0, correct: 0 };
  for (let epoch = 0; epoch < task.epochs; epoch += 1) {
    shuffle(order, orderStream);
    seen = { lossSum: 0, correct: 0 };
    for (let first = 0; first < order.length; first += task.batchSize) {
      const rows = order.subarray(first, first + task.batchSize);
      const logits = tf.tidy(() => {
        const { gradients, logits } = lossGradients(network, images, rows, dropout);
        addProximalTerm(gradients, network.variables, start, task.proximalMu);
        optimiser.applyGradients(gradients);
        return logits;
      });
      score(logits, images, rows, network.architecture.classes, (loss, _row, correct) => {
        seen.lossSum += loss;
        seen.correct += correct ? 1 : 0;
      });
      steps += 1;
      requireFinite([seen.lossSum], steps, seen.lossSum);
      examplesDone += rows.length;
      onBatch?.({ examplesDone, examplesTotal });
    }
    if (task.everyEpoch === true) epochWeights.push(network.getWeights());
  }
  const weights = network.getWeights();
  const loss = seen.lossSum / order.length;
  requireFinite(weights, steps, loss);
  const accuracy = seen.correct / order.length;
  return { weights, loss, accuracy, steps, examples: order.length, epochWeights };
}

/**
 * Gradients of the mean cross-entropy over the given rows, by variable name, and the logits [batch x classes]. Dropout
 * is on when it has a stream to draw from. Call within tf.tidy.
 */
export function lossGradients(
  network: Network,
  images: LabelledImages,
  rows: Uint32Array,
  dropout: RandomStream | undefined,
): { gradients: tf.NamedTensorMap; logits: Float32Array } {
  const batch = batchOf(network, images, rows);
  const labels = tf.oneHot(
    tf.tensor1d(
      Int32Array.from(rows, (row) => images.labels[row]!),
      'int32',
    ),
    network.architecture.classes,
  );
  let logits: Float32Array = new Float32Array();
  const { grads: gradients } = tf.variableGrads(() => {
    const outputs = network.logits(batch, dropout);
    logits = outputs.dataSync<'float32'>();
    return tf.losses.softmaxCrossEntropy(labels, outputs);
  }, [...network.variables]);
  return { gradients, logits };
}

/** Adds mu (w - w_start), the gradient of the FedProx term. */
function addProximalTerm(
  gradients: tf.NamedTensorMap,
  variables: readonly tf.Variable[],
  start: readonly tf.Tensor[],
  mu: number,
): void {
  if (mu === 0) return;
  for (const [index, variable] of variables.entries()) {
    const gradient = gradients[variable.name]!;
    gradients[variable.name] = tf.add(gradient, tf.mul(mu, tf.sub(variable, start[index]!)));
  }
}

function createOptimiser(optimiser: ClientOptimiser): tf.Optimizer {
  switch (optimiser.kind) {
    case 'adam':
      return tf.train.adam(optimiser.learningRate, 0.9, 0.999, 1e-7);
    case 'sgd':
      return optimiser.momentum === 0
        ? tf.train.sgd(optimiser.learningRate)
        : tf.train.momentum(optimiser.learningRate, optimiser.momentum);
  }
}

function evaluate(network: Network, images: LabelledImages, task: EvaluationTask): EvaluationResult {
  const { classes } = network.architecture;
  const confusion = new Uint32Array(classes * classes);
  let lossSum = 0;
  network.setWeights(task.weights);
  for (let first = task.start; first < task.end; first += evaluationBatch) {
    const count = Math.min(evaluationBatch, task.end - first);
    const rows = Uint32Array.from({ length: count }, (_, index) => first + index);
    const logits = tf.tidy(() =>
      network.logits(batchOf(network, images, rows), undefined).dataSync<'float32'>(),
    );
    score(logits, images, rows, classes, (loss, row, _correct, predicted) => {
      lossSum += loss;
      const cell = images.labels[row]! * classes + predicted;
      confusion[cell] = confusion[cell]! + 1;
    });
  }
  return { lossSum, confusion, count: task.end - task.start };
}

function predict(network: Network, weights: Float32Array, images: Images): Float32Array {
  const { classes } = network.architecture;
  const probabilities = new Float32Array(images.count * classes);
  network.setWeights(weights);
  for (let first = 0; first < images.count; first += evaluationBatch) {
    const count = Math.min(evaluationBatch, images.count - first);
    const rows = Uint32Array.from({ length: count }, (_, index) => first + index);
    const batch = tf.tidy(() =>
      tf.softmax(network.logits(batchOf(network, images, rows), undefined)).dataSync<'float32'>(),
    );
    probabilities.set(batch, first * classes);
  }
  return probabilities;
}

function inputGradient(network: Network, task: InputGradientTask): InputGradientResult {
  const { input, classes } = network.architecture;
  const { count } = task;
  const pixels = sizeOf(input);
  const gradient = new Float32Array(task.images.length);
  const losses = new Float32Array(count);
  const probabilities = new Float32Array(count * classes);
  network.setWeights(task.weights);
  for (let first = 0; first < count; first += evaluationBatch) {
    const end = Math.min(first + evaluationBatch, count);
    tf.tidy(() => {
      const images = tf.tensor(task.images.slice(first * pixels, end * pixels), [end - first, ...input]);
      const targets = task.targets.subarray(first * classes, end * classes);
      const atInput = tf.grad((values) => {
        // The loss is worked out from the logits here, and its gradient handed to tf.js: only the network is tf.js's.
        const loss = tf.customGrad((logits) => {
          const found = softCrossEntropy((logits as tf.Tensor).dataSync<'float32'>(), targets, classes);
          losses.set(found.losses, first);
          probabilities.set(found.probabilities, first * classes);
          return {
            value: tf.scalar(0),
            gradFunc: () => tf.tensor(found.gradient, [end - first, classes]),
          };
        });
        return loss(network.logits(values, undefined));
      })(images);
      gradient.set(atInput.dataSync<'float32'>(), first * pixels);
    });
  }
  return { gradient, losses, probabilities };
}

/** Images of those rows as float32 in 0 .. 1, [batch, ...input]. */
function batchOf({ architecture }: Network, images: Images, rows: Uint32Array): tf.Tensor {
  const pixels = images.height * images.width * images.channels;
  const values = new Float32Array(rows.length * pixels);
  for (const [index, row] of rows.entries())
    for (let pixel = 0; pixel < pixels; pixel += 1)
      values[index * pixels + pixel] = images.images[row * pixels + pixel]! / 255;
  return tf.tensor(values, [rows.length, ...architecture.input]);
}

/** Cross-entropy in float64 and the predicted class (the first of the largest) of every row's logits. */
function score(
  logits: Float32Array,
  images: LabelledImages,
  rows: Uint32Array,
  classes: number,
  each: (loss: number, row: number, correct: boolean, predicted: number) => void,
): void {
  for (const [index, row] of rows.entries()) {
    const values = logits.subarray(index * classes, (index + 1) * classes);
    const label = images.labels[row]!;
    let predicted = 0;
    for (let other = 1; other < classes; other += 1)
      if (values[other]! > values[predicted]!) predicted = other;
    const largest = values[predicted]!;
    let sum = 0;
    for (const value of values) sum += Math.exp(value - largest);
    each(largest + Math.log(sum) - values[label]!, row, predicted === label, predicted);
  }
}
