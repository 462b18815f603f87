/** How gradients change weights on a tf.js backend, by tf.js's own optimisers. */
import * as tf from '@tensorflow/tfjs-core';
import type { ClientOptimiser } from '../engine.ts';

export interface Optimiser {
  /** One step: changes the variables by their gradients, by variable name. Call within tf.tidy. */
  apply(gradients: tf.NamedTensorMap): void;
  dispose(): void;
}

/** A fresh optimiser of those variables. */
export type CreateOptimiser = (kind: ClientOptimiser, variables: readonly tf.Variable[]) => Optimiser;

/** Adam's constants (Kingma, Ba 2015), epsilon as Keras has it. */
export const adamConstants = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

export const tfjsOptimiser: CreateOptimiser = (kind) => {
  const optimiser = create(kind);
  return {
    apply(gradients) {
      optimiser.applyGradients(gradients);
    },
    dispose() {
      optimiser.dispose();
      // tf.js's momentum leaves out the tensor of the learning rate, which plain SGD, its base class, made.
      if (kind.kind === 'sgd' && kind.momentum !== 0) tf.SGDOptimizer.prototype.dispose.call(optimiser);
    },
  };
};

function create(kind: ClientOptimiser): tf.Optimizer {
  switch (kind.kind) {
    case 'adam': {
      const { beta1, beta2, epsilon } = adamConstants;
      return tf.train.adam(kind.learningRate, beta1, beta2, epsilon);
    }
    case 'sgd':
      return kind.momentum === 0
        ? tf.train.sgd(kind.learningRate)
        : tf.train.momentum(kind.learningRate, kind.momentum);
  }
}
