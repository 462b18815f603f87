/**
 * The engine 'tensorflow': tf.js layers on TensorFlow itself, by tfjs-node. It is not part of the installation: whoever
 * wants it sets it up by one command, and hands in how it is loaded.
 *
 * TensorFlow runs on one thread: processes share the cores, and the same seed gives the same model on any number of
 * them. Its kernels are chosen for the processor, so that another kind of processor may give another model.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Engine } from '../engine.ts';
import { createTfjsEngine } from '../tfjs/engine.ts';
import type { CreateOptimiser } from '../tfjs/optimisers.ts';
import { backendName, type NativeBackend } from './native.ts';
import { nativeOptimisers } from './optimisers.ts';
import { quickenLayers, registerQuickKernels } from './quick-layers.ts';

/** tfjs-node's backend, of which there is one for the whole process, its kernels registered with this tf.js. */
export type TensorflowBackend = NativeBackend & tf.KernelBackend;

/**
 * version: TensorFlow's. load: called when the first model is planned, as the library takes some hundred megabytes of
 * memory that telling its name does not; what it throws, plan() throws.
 */
export function createTensorflowEngine(version: string, load: () => TensorflowBackend): Engine {
  let optimisers: CreateOptimiser | undefined;
  function start(): CreateOptimiser {
    if (optimisers !== undefined) return optimisers;
    const backend = load();
    tf.registerBackend(backendName, () => backend);
    registerQuickKernels(backend);
    optimisers = nativeOptimisers(backend);
    return optimisers;
  }
  return createTfjsEngine({
    name: 'tensorflow',
    variant: `TensorFlow ${version}, 1 thread`,
    async use() {
      start();
      if (tf.getBackend() === backendName) return;
      if (!(await tf.setBackend(backendName))) throw new Error('tf.js cannot start its TensorFlow backend');
    },
    quicken: quickenLayers,
    createOptimiser: (kind, variables) => start()(kind, variables),
  });
}
