/**
 * An engine on a tf.js backend: tf.js layers run the model, this project says what a task is. It trains every model
 * whose layers are in the catalogue, whatever the backend; backends differ in their kernels and in what they do faster.
 */
import { FederationError } from '../../errors/federation-error.ts';
import type { LabelledImages } from '../../datasets/dataset.ts';
import { readArchitecture, sizeOf } from '../architecture.ts';
import type { Engine, EngineName, TrainableModel } from '../engine.ts';
import { checkLoss } from '../losses.ts';
import { modelDoesNotFit } from '../refusals.ts';
import {
  checkEvaluationTask,
  checkInputGradientTask,
  checkPrediction,
  checkTrainingTask,
  requireWeights,
} from '../task-checks.ts';
import { evaluate, inputGradient, predict } from './inference.ts';
import { buildNetwork, type Network, type QuickenLayers } from './network.ts';
import { tfjsOptimiser, type CreateOptimiser } from './optimisers.ts';
import { train } from './training.ts';

export interface TfjsBackend {
  readonly name: EngineName;
  /** Which kernels, for reports. */
  readonly variant: string;
  /** Makes it the backend that tf.js uses, which has one at a time for the whole process: called before every task. */
  use(): Promise<void>;
  /** What this backend does faster than by tf.js's own layers. */
  readonly quicken?: QuickenLayers;
  /** Instead of tf.js's optimisers, which call some ten kernels for each weight. */
  readonly createOptimiser?: CreateOptimiser;
}

export function createTfjsEngine(backend: TfjsBackend): Engine {
  return {
    name: backend.name,
    variant: backend.variant,
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
      await backend.use();
      return bind(backend, await buildNetwork(topology, backend.quicken), data);
    },
  };
}

function bind(
  backend: TfjsBackend,
  network: Network,
  data: { readonly train: LabelledImages; readonly test: LabelledImages },
): TrainableModel {
  requireFit(network, data.train);
  requireFit(network, data.test);
  const { createOptimiser = tfjsOptimiser } = backend;
  return {
    engine: backend.name,
    parameterCount: network.parameterCount,
    async train(task, onBatch) {
      checkTrainingTask(task, network.parameterCount, data.train.count);
      checkLoss(task, network.architecture.classes);
      await backend.use();
      return train(network, createOptimiser, data.train, task, onBatch);
    },
    async evaluate(task) {
      checkEvaluationTask(task, network.parameterCount, data.test.count);
      await backend.use();
      return evaluate(network, data.test, task);
    },
    async predict(weights, images) {
      checkPrediction(weights, network.parameterCount, images, sizeOf(network.architecture.input));
      await backend.use();
      return predict(network, weights, images);
    },
    async inputGradient(task) {
      const { input, classes } = network.architecture;
      requireWeights(task.weights, network.parameterCount);
      checkInputGradientTask(task, sizeOf(input), classes);
      await backend.use();
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
