/**
 * TensorFlow's own optimiser steps: one call for each weight, where tf.js's optimisers make some ten and go over the
 * weights as often. Weights and what the optimiser remembers of them lie in TensorFlow's variables, updated in place.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { ClientOptimiser } from '../engine.ts';
import { adamConstants, type CreateOptimiser, type Optimiser } from '../tfjs/optimisers.ts';
import { NativeOperation, type NativeBackend } from './native.ts';

/** TensorFlow's resource.h: a name that makes every variable one of its own. */
const anonymous = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';

/** One weight: tf.js's variable, TensorFlow's, and as many more of its shape as the optimiser remembers. */
interface NativeWeight {
  readonly variable: tf.Variable;
  readonly weight: tf.Tensor;
  readonly memory: readonly tf.Tensor[];
}

/** What one step does with each weight, given the gradient and scalars that are made once a step. */
interface Rule {
  /** Tensors of the weight's shape, zero at first. */
  readonly remembered: number;
  readonly operation: NativeOperation;
  /** The scalars of the step, counted from 1. */
  scalars(step: number): readonly number[];
  /** The operation's inputs behind the variables, in its order. */
  inputs(scalars: readonly tf.Tensor[], gradient: tf.Tensor): readonly tf.Tensor[];
}

export function nativeOptimisers(backend: NativeBackend): CreateOptimiser {
  const float = { type: 'float32' } as const;
  const read = new NativeOperation(backend, 'ReadVariableOp', { dtype: float });
  const assign = new NativeOperation(backend, 'AssignVariableOp', { dtype: float });
  const destroy = new NativeOperation(backend, 'DestroyResourceOp', { ignore_lookup_error: { flag: true } });

  function place(values: tf.Tensor): tf.Tensor {
    const handle = new NativeOperation(backend, 'VarHandleOp', {
      dtype: float,
      shape: { shape: values.shape },
      shared_name: { text: anonymous },
    }).run();
    assign.perform(handle, values);
    return handle;
  }

  return (kind, variables): Optimiser => {
    const rule = ruleOf(backend, kind);
    const weights = variables.map((variable): NativeWeight => {
      const placed = tf.tidy(() => {
        const zeros = Array.from({ length: rule.remembered }, () => tf.zeros(variable.shape));
        return [variable, ...zeros].map(place);
      });
      return { variable, weight: placed[0]!, memory: placed.slice(1) };
    });
    let step = 0;
    return {
      apply(gradients) {
        step += 1;
        const scalars = rule.scalars(step).map((value) => tf.scalar(value));
        for (const { variable, weight, memory } of weights) {
          const gradient = gradients[variable.name]!;
          rule.operation.perform(weight, ...memory, ...rule.inputs(scalars, gradient));
          const updated = read.run(weight);
          variable.assign(updated);
          updated.dispose();
        }
      },
      dispose() {
        for (const handle of weights.flatMap(({ weight, memory }) => [weight, ...memory])) {
          destroy.perform(handle);
          handle.dispose();
        }
      },
    };
  };
}

function ruleOf(backend: NativeBackend, kind: ClientOptimiser): Rule {
  const settings = { T: { type: 'float32' }, use_locking: { flag: false } } as const;
  if (kind.kind === 'adam') {
    const { beta1, beta2, epsilon } = adamConstants;
    return {
      remembered: 2,
      operation: new NativeOperation(backend, 'ResourceApplyAdam', {
        ...settings,
        use_nesterov: { flag: false },
      }),
      // TensorFlow adds epsilon before it corrects the second moment's bias, Adam's paper and tf.js after.
      scalars: (step) => [
        beta1 ** step,
        beta2 ** step,
        kind.learningRate,
        beta1,
        beta2,
        epsilon * Math.sqrt(1 - beta2 ** step),
      ],
      inputs: (scalars, gradient) => [...scalars, gradient],
    };
  }
  const { learningRate, momentum } = kind;
  if (momentum === 0)
    return {
      remembered: 0,
      operation: new NativeOperation(backend, 'ResourceApplyGradientDescent', settings),
      scalars: () => [learningRate],
      inputs: (scalars, gradient) => [...scalars, gradient],
    };
  return {
    remembered: 1,
    operation: new NativeOperation(backend, 'ResourceApplyMomentum', {
      ...settings,
      use_nesterov: { flag: false },
    }),
    scalars: () => [learningRate, momentum],
    inputs: ([rate, share], gradient) => [rate!, gradient, share!],
  };
}
